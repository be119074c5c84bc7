"""Reading a data folder as it was at one moment, also while a command changes it.

Commands write through `geo.storage.atomic`: the new files lie in `READY`, inside the folder, from
the moment in which all of them count until each has taken its place. So a file counts
as it lies in `READY`, else as it lies in the folder; and what was read is of one moment if
`state` was the same before and after.
"""

import os
import stat
import time
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from geo.base.errors import DataError, Problem

READY = ".quartieri-ready"
# Sixty times the largest file of a city of 120,000; in memory it may take fifty times as much.
MAX_BYTES = 32_000_000
_TRIES, _PAUSE_S = 100, 0.02
_MISSING = "the file is missing"

State = tuple[tuple[int, ...] | None, ...]
Content = bytes | Problem


def state(folder: Path, names: Iterable[str]) -> State:
    """Return inodes, sizes and times of files in `folder`: they differ after a change. Cheap."""
    return tuple(_stamp(path) for name in names for path in (folder / READY / name, folder / name))


def read_files(folder: Path, names: Iterable[str]) -> dict[str, Content]:
    """Return the files' bytes, all of the same moment; a Problem for one that can't be read.

    DataError when the folder never holds still.
    """
    names = list(names)
    for _ in range(_TRIES):
        before = state(folder, names)
        contents = {name: _content(folder, name) for name in names}
        if state(folder, names) == before:
            return contents
        time.sleep(_PAUSE_S)
    raise DataError([Problem(folder.name, "", "its files change all the time", "Try again later")])


def read_file(path: Path, limit: int = MAX_BYTES) -> bytes:
    """Return the bytes of a regular file; OSError if it's none, or larger than `limit` bytes."""
    with open_file(path) as file:
        # One byte more: some files are longer than their size.
        content = file.read(limit + 1)
    if len(content) > limit:
        raise OSError(0, f"it is larger than {limit // 1_000_000} MB")
    return content


def open_file(path: Path) -> BinaryIO:
    """Open a regular file; OSError for a folder, a pipe or a device (they may never end)."""
    # Without NONBLOCK, opening a pipe waits for somebody to write into it.
    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError(0, "it isn't a file")
    return os.fdopen(number, "rb")


def text_of(file: str, content: Content) -> str:
    """Return the text of a UTF-8 file; DataError if it's another encoding, or couldn't be read."""
    if isinstance(content, Problem):
        raise DataError([content])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = Problem(file, f"line {line}", "the text isn't UTF-8", "Save the file as UTF-8")
        raise DataError([problem]) from None


def is_missing(content: Content) -> bool:
    """Tell whether the file isn't there at all."""
    return isinstance(content, Problem) and content.what == _MISSING


def unreadable(name: str, error: OSError) -> Problem:
    """Return the problem that the file `name` can't be read."""
    if isinstance(error, FileNotFoundError):
        return Problem(name, "", _MISSING, f"Put {name} into the data folder")
    return Problem(name, "", f"can't be read ({error.strerror})", "Put a readable file there")


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        known = path.stat()
    except (OSError, ValueError):
        return None
    return known.st_dev, known.st_ino, known.st_size, known.st_mtime_ns, known.st_ctime_ns


def _content(folder: Path, name: str) -> Content:
    try:
        try:
            return read_file(folder / READY / name)
        except (FileNotFoundError, NotADirectoryError):
            return read_file(folder / name)
    except OSError as error:
        return unreadable(name, error)

"""Changing several files of a folder at once: all or none, also when the process is killed.

New files are written and synced in a folder `.quartieri-new-…` inside the one they are for
(which may be a mount, and may hold other things). One rename, to `READY`, makes them count;
then each moves to its place. Who reads through `geo.storage.snapshot` sees all the old files before
that rename and all the new ones after it. What a killed process leaves, the next command
that writes, or `settle`, finishes (after that rename) or removes (before it).
"""

import errno
import fcntl
import filecmp
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from geo.base.errors import DataError, Problem
from geo.storage.snapshot import READY

_NEW = ".quartieri-new-"
_WAIT_S, _PAUSE_S = 30.0, 0.05
_WORDS = {
    errno.ENOSPC: ("the disk is full", "Free some space, then run the command again"),
    errno.EDQUOT: ("your share of the disk is full", "Free some space, then run it again"),
    errno.EFBIG: ("a file grows larger than is allowed here", "Raise the limit, then run it again"),
    errno.EROFS: ("the file system is read-only", "Choose a folder that can be written"),
    errno.EACCES: ("you may not write there", "Ask for the right to write, or choose another"),
    errno.EPERM: ("you may not write there", "Ask for the right to write, or choose another"),
    errno.ENOENT: ("the folder is missing", "Make it first"),
}


@contextmanager
def together(folder: Path) -> Iterator[Path]:
    """Yield an empty folder: the files put into it take their places in `folder` at the end.

    If the block raises, or the process ends, nothing changes. Files that are the same as
    those in place are left alone. One writer at a time; DataError when `folder` can't be written.
    """
    with _in_words(folder), _locked(folder):
        _settle(folder)
        fresh = Path(tempfile.mkdtemp(prefix=_NEW, dir=folder))
        try:
            yield fresh
            _commit(folder, fresh)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)  # it's gone if all went well


def settle(folder: Path) -> None:
    """Finish or remove what a killed process left in `folder`, if it can be written.

    If not, readers still see the whole old or the whole new files.
    """
    if _left(folder):
        with suppress(DataError), _in_words(folder), _locked(folder):
            _settle(folder)


def write_file(path: Path, content: bytes) -> None:
    """Write a file and wait until the disk holds it."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _left(folder: Path) -> list[Path]:
    with suppress(OSError):
        return [path for path in folder.iterdir() if path.name.startswith((READY, _NEW))]
    return []


def _settle(folder: Path) -> None:
    if (folder / READY).is_dir():
        _finish(folder)
    for path in folder.glob(f"{_NEW}*"):
        shutil.rmtree(path)


def _commit(folder: Path, fresh: Path) -> None:
    changed = {path.name for path in fresh.iterdir() if not _unchanged(path, folder / path.name)}
    if not changed:
        return
    # Whoever may read the folder may read what counts in it.
    fresh.chmod(folder.stat().st_mode & 0o777)
    _sync(fresh)
    ready = fresh.rename(folder / READY)
    try:
        _sync(folder)
        _finish(folder)
    except OSError as error:
        if ready.is_dir() and {path.name for path in ready.iterdir()} == changed:
            ready.rename(fresh)  # nothing has moved: as if it had never been
            raise
        what = f"the change counts, but a file can't take its place ({error.strerror})"
        fix = "Remove the cause: the next command, or `check`, moves it"
        raise DataError([Problem(folder.name, "", what, fix)]) from None


def _unchanged(new: Path, old: Path) -> bool:
    """Drop a new file that is as the old one; else give it the old one's permissions."""
    if old.is_dir():
        raise IsADirectoryError(errno.EISDIR, f"{old.name} is a folder")
    if not old.is_file():
        return False
    if filecmp.cmp(new, old, shallow=False):
        new.unlink()
        return True
    shutil.copymode(old, new)
    return False


def _finish(folder: Path) -> None:
    """Move what is ready to its place. Done twice, or half and then again, it's the same."""
    ready = folder / READY
    for path in sorted(ready.iterdir()):
        path.replace(folder / path.name)
    _sync(ready)
    _sync(folder)
    ready.rmdir()
    _sync(folder)


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of `folder`, which ends with the process and leaves no file behind."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _lock(number, folder)
        yield
    finally:
        os.close(number)


def _lock(number: int, folder: Path) -> None:
    until = time.monotonic() + _WAIT_S
    while True:
        try:
            return fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                what = "another command is writing into it"
                raise DataError([Problem(folder.name, "", what, "Wait for its end")]) from None
            time.sleep(_PAUSE_S)


@contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        unknown = (str(error.strerror), "Remove the cause, then run it again")
        what, fix = _WORDS.get(error.errno or 0, unknown)
        raise DataError([Problem(folder.name or str(folder), "", what, fix)]) from None

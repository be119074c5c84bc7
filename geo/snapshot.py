"""A data folder as it is at one moment: seen to change, and read whole or not at all."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from geo.dataset import CHANGES, FILES, Dataset
from geo.errors import DataError, Problem

_READ = (*FILES, CHANGES)
# How often a folder is read again that changed while it was read.
_TRIES = 3

# Of each file: device, inode, size, and when it and its entry changed; None if it's missing.
Look = tuple[tuple[int, ...] | None, ...]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A dataset, and a hash of the files that it was read from (of those about it, too)."""

    dataset: Dataset
    fingerprint: str


def look(folder: Path) -> Look:
    """Return what becomes another when a file changes: cheap, and no file is opened."""
    return tuple(_look(folder / name) for name in _READ)


def fingerprint(folder: Path) -> str:
    """Return a hash of the names and bytes of all the files that are read in `folder`."""
    digest = hashlib.sha256()
    for name in _READ:
        try:
            content = (folder / name).read_bytes()
        except FileNotFoundError:
            digest.update(f"{name}:-:".encode())
        else:
            digest.update(f"{name}:{len(content)}:".encode())
            digest.update(content)
    return digest.hexdigest()


def read_snapshot(folder: Path) -> Snapshot:
    """Read and check a folder as it is at one moment; DataError if it's broken or won't rest.

    The content is compared before and after: nothing is made of two states of the folder.
    """
    for _ in range(_TRIES):
        before = fingerprint(folder)
        try:
            dataset = Dataset.read(folder)
        except (DataError, OSError):
            if fingerprint(folder) == before:
                raise
        else:
            if fingerprint(folder) == before:
                return Snapshot(dataset, before)
    fix = "Wait until everything is written; put a folder in place with one rename"
    raise DataError([Problem(folder.name, "", "it changes while it is read", fix)])


def _look(path: Path) -> tuple[int, ...] | None:
    try:
        told = path.stat()
    except OSError:
        return None
    return told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns

"""The newest data, from the process that read them to the others of the same server.

What one process serves the others can serve, too, even if the folder has been broken since.
"""

import fcntl
import os
import pickle
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import cast

from geo.model.dataset import Dataset

_NAME = 64  # hexadecimal digits of a fingerprint


class Handover:
    """A file without a name, which only the maker and the processes forked from it have."""

    def __init__(self) -> None:
        with tempfile.TemporaryFile() as file:
            self._file = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._file)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until no other process has its turn, and have it."""
        # A lock of the process: one that is killed loses it.
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)

    def newer(self, than: str) -> Dataset | None:
        """Return what was put last, None if it is the one with the fingerprint `than` or nothing.

        In one's turn only, as `put`.
        """
        name = os.pread(self._file, _NAME, 0).strip(b"\0")
        if name in (b"", than.encode()):
            return None
        length = os.fstat(self._file).st_size - _NAME
        # Nobody but this server writes to the file: it has no name.
        return cast("Dataset", pickle.loads(os.pread(self._file, length, _NAME)))  # noqa: S301

    def put(self, dataset: Dataset) -> None:
        """Hand over what was read; without room for it, the others read for themselves."""
        content = dataset.fingerprint.encode() + pickle.dumps(dataset, pickle.HIGHEST_PROTOCOL)
        os.ftruncate(self._file, 0)
        with suppress(OSError):
            # Its name last: until then there is nothing.
            if os.pwrite(self._file, content[_NAME:], _NAME) == len(content) - _NAME:
                os.pwrite(self._file, content[:_NAME], 0)
                return
        os.ftruncate(self._file, 0)

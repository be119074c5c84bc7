"""Where a dataset comes from: a data folder today, a database another day."""

from collections.abc import Hashable
from pathlib import Path
from typing import Protocol

from geo.model.dataset import Dataset
from geo.model.tables import all_files
from geo.storage.snapshot import state


class DataSource(Protocol):
    """A place where a city's data are, which may become others while the app runs."""

    def version(self) -> Hashable:
        """Return a value that changes whenever the data may have changed: cheap to ask.

        It may change without the data: `Dataset.fingerprint` tells whether they have.
        """

    def load(self) -> Dataset:
        """Return the data, checked as a whole; DataError lists every problem."""


class FolderSource:
    """A data folder, as the commands write it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def version(self) -> Hashable:
        """Return sizes and times of the files, none of which is read."""
        return state(self._folder, all_files())

    def load(self) -> Dataset:
        """Read and check the folder as of one moment; DataError lists every problem."""
        return Dataset.read(self._folder)

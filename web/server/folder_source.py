"""The data folder as a source of datasets."""

from collections.abc import Hashable
from pathlib import Path

from geo.model.dataset import READ, Dataset
from geo.storage.snapshot import state


class FolderSource:
    """A data folder; see `web.server.reload.DataSource`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def version(self) -> Hashable:
        """Return what changes when one of the files does: cheap to ask."""
        return state(self._folder, READ)

    def load(self) -> Dataset:
        """Read and check the folder; DataError when it can't be used."""
        return Dataset.read(self._folder)

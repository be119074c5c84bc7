import pytest

from geo.model.dataset import Dataset
from tests.helpers.cities import town as made_up_town


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The town in which every figure can be computed by hand."""
    return Dataset.read(made_up_town.write(tmp_path_factory.mktemp("town")))

import os
from pathlib import Path

import pytest
import small_city
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from app import create_app
from geo.dataset import Dataset

# Reproducible in CI; a developer's run explores anew each time.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("dev", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

ROOT = Path(__file__).parent.parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small city's data folder, to break."""
    return small_city.write(tmp_path / "data")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The small city's dataset."""
    return Dataset.read(small_city.write(tmp_path_factory.mktemp("small")))


@pytest.fixture(scope="session")
def bergamo() -> Dataset:
    """The real dataset that is committed in data/."""
    return Dataset.read(ROOT / "data")


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The app on the small city, without background tiles."""
    folder = small_city.write(tmp_path_factory.mktemp("app"))
    return create_app({"QUARTIERI_DATA": str(folder), "TILE_UPSTREAM": ""})


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()

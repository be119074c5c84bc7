import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import Phase, settings
from playwright.sync_api import Browser, sync_playwright

from app import create_app
from geo.model.dataset import Dataset
from tests.helpers.cities import small_city
from tests.helpers.cities import town as made_up_town
from tests.helpers.effort import short_or_long
from tests.helpers.pages.browser import CHROMIUM_ARGUMENTS, DESKTOP, Open, Watched, chromium
from tests.helpers.paths import ROOT
from tests.helpers.servers.app_server import serving

# Reproducible in CI; a developer's run explores anew each time.
EXAMPLES = short_or_long(40, 200)
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=EXAMPLES)
settings.register_profile("dev", deadline=None, max_examples=EXAMPLES)
# Few and always the same, and no time spent on making a failing one smaller: `make mutants`.
settings.register_profile(
    "mutants",
    derandomize=True,
    deadline=None,
    max_examples=8,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark property tests as `long` and those of the real city as `real_city`.

    First of all hooks, since `-m` selects by these marks. In `make test-long` property tests try
    more examples; `make mutants` leaves out the real city.
    """
    for item in items:
        # Hypothesis gives its tests this attribute, and a marker of its own only later.
        if hasattr(getattr(item, "obj", None), "hypothesis"):
            item.add_marker("long")
        if "bergamo" in getattr(item, "fixturenames", ()):
            item.add_marker("real_city")


@pytest.fixture(autouse=True)
def without_memo(request: pytest.FixtureRequest) -> None:
    """Let each test compute all that it uses, where mutants of it are tested."""
    if "MUTANTS" in os.environ:
        for name in {"small", "town"} & set(request.fixturenames):
            request.getfixturevalue(name).memo.clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small city's data folder, to break."""
    return small_city.write(tmp_path / "data")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The small city's dataset."""
    return Dataset.read(small_city.write(tmp_path_factory.mktemp("small")))


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The town in which every figure can be computed by hand."""
    return Dataset.read(made_up_town.write(tmp_path_factory.mktemp("town")))


@pytest.fixture(scope="session")
def bergamo() -> Dataset:
    """The real dataset that is committed in data/."""
    return Dataset.read(ROOT / "data")


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The app on the small city, without background tiles."""
    folder = small_city.write(tmp_path_factory.mktemp("app"))
    return create_app({"QUARTIERI_DATA": str(folder), "TILE_UPSTREAM": ""})


@pytest.fixture(scope="session")
def bergamo_app() -> Flask:
    """The app on the real city, without background tiles."""
    return create_app({"TILE_UPSTREAM": ""})


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real city."""
    log = tmp_path_factory.mktemp("city") / "log"
    with serving(ROOT / "data", log) as address:
        yield address


@pytest.fixture
def visit(chrome: Browser) -> Iterator[Open]:
    """Open windows of the browser on a served app."""
    contexts = []

    def open_window(base: str, size: tuple[int, int] = DESKTOP, **options) -> Watched:
        viewport = {"width": size[0], "height": size[1]}
        context = chrome.new_context(viewport=viewport, **options)
        contexts.append(context)
        return Watched(context.new_page(), base)

    yield open_window
    for context in contexts:
        context.close()

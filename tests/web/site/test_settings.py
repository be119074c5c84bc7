"""What the environment may set; a wrong value is explained, and no secret is shown."""

import pytest

from app import create_app
from tests.helpers.paths import ROOT
from web.site.settings import SettingError, Settings, read_settings

SECRET = {
    "RATE_LIMIT_STORAGE": "redis://:hunter2@redis.example",
    "RATE_LIMIT_SECRET": "hunter2" * 3,
}


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(ROOT)


def test_nothing_needs_to_be_set() -> None:
    settings = read_settings()
    assert (settings.HOST, settings.PORT, settings.WORKERS) == ("127.0.0.1", 5000, 2)
    assert (settings.QUARTIERI_DATA, settings.RELOAD_SECONDS) == ("data", 60)


def test_the_environment_sets_them_and_the_caller_overrides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOST", "0.0.0.0")  # noqa: S104
    monkeypatch.setenv("PORT", "8000")
    monkeypatch.setenv("port", "9000")
    settings = read_settings({"WORKERS": "4", "PORT": "8080"})
    assert (settings.HOST, settings.PORT, settings.WORKERS) == ("0.0.0.0", 8080, 4)  # noqa: S104
    assert read_settings().PORT == 8000


def test_what_is_empty_counts_as_not_set_for_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "PORT", "WORKERS"):
        monkeypatch.setenv(name, "")
    settings = read_settings({"TILE_UPSTREAM": ""})
    assert (settings.HOST, settings.PORT, settings.WORKERS) == ("127.0.0.1", 5000, 2)
    assert settings.TILE_UPSTREAM == ""


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "http", "PORT: 'http' is not a whole number from 0 to 65535"),
        ("PORT", "70000", "PORT: '70000' is not a whole number from 0 to 65535"),
        ("PORT", "9" * 5000, "is not a whole number from 0 to 65535"),
        ("WORKERS", "0", "WORKERS: '0' is not a whole number from 1 to 64"),
        ("WORKERS", "2.0", "WORKERS: '2.0' is not a whole number from 1 to 64"),
        ("RELOAD_SECONDS", "", "RELOAD_SECONDS: '' is not a whole number from 0 to 86400"),
        ("RELOAD_SECONDS", "+1", "RELOAD_SECONDS: '+1' is not a whole number from 0 to 86400"),
        ("TRUSTED_PROXIES", "²", "TRUSTED_PROXIES: '²' is not a whole number from 0 to 9"),
        ("RATE_LIMITS", "ON", "RATE_LIMITS: 'ON' is neither on nor off"),
        ("PORTS", "1", "PORTS: "),
    ],
)
def test_a_wrong_value_is_explained(name: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingError) as refused:
        read_settings({name: value})
    assert sentence in str(refused.value)


def test_all_wrong_values_are_explained_at_once() -> None:
    with pytest.raises(SettingError) as refused:
        read_settings({"PORT": "x", "RATE_LIMITS": "y", "CONTACT_EMAIL": "z"})
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == [
        "PORT",
        "RATE_LIMITS",
        "CONTACT_EMAIL",
    ]


def test_no_secret_is_shown_where_settings_are_printed() -> None:
    settings = read_settings(SECRET)
    app = create_app({**SECRET, "TILE_UPSTREAM": ""})
    for text in (repr(settings), str(settings), repr(app.config), repr(settings.model_dump())):
        assert "RATE_LIMIT_SECRET" in text
        assert "hunter2" not in text


@pytest.mark.parametrize(
    "wrong",
    [{"RATE_LIMIT_STORAGE": "hunter2"}, {"RATE_LIMIT_SECRET": "hunter2"}, {"PORT": "x"}],
)
def test_no_secret_is_shown_where_settings_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(SettingError) as refused:
        read_settings(SECRET | wrong)
    error = refused.value
    assert "hunter2" not in f"{error!r} {error.__cause__!r} {error.__context__!r}"

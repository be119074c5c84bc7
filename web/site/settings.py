"""The settings of the app: one table of names, defaults and help, read from the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Setting:
    """A setting: the environment variable that gives it, its default, what it is for."""

    name: str
    default: str
    help: str


SETTINGS = (
    Setting("QUARTIERI_DATA", "data", "The data folder"),
    Setting(
        "RELOAD_SECONDS",
        "60",
        "How often to look for new data in the folder (seconds); 0 for only when told to",
    ),
    Setting(
        "TILE_UPSTREAM",
        "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        "Where background tiles come from; empty for a plain background",
    ),
    Setting(
        "TILE_ATTRIBUTION",
        '© <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a>',
        "The credit that the tiles' makers ask for (HTML)",
    ),
    Setting("TILE_CACHE", "instance/tiles", "The folder in which fetched tiles are kept"),
    Setting("SHEETS", "instance/sheets", "The folder of the printed sheets (`make sheets`)"),
    Setting(
        "PUBLIC_URL",
        "",
        "The address under which people reach the app; empty for that of each request",
    ),
    Setting(
        "TRUSTED_HOSTS",
        "",
        "The names that the app answers to, with commas between; empty for any",
    ),
    Setting("TRUSTED_PROXIES", "0", "How many proxies stand in front and say who asks"),
    Setting("RATE_LIMITS", "on", "Whether requests are counted and limited: on or off"),
    Setting(
        "RATE_LIMIT_STORAGE",
        "",
        "The Redis in which several machines count together; empty for each process alone",
    ),
    Setting(
        "RATE_LIMIT_SECRET",
        "",
        "What visitors' addresses are hashed with for that Redis, the same on all machines",
    ),
    Setting("PUBLISHER_NAME", "", "Who publishes the open data; empty for the site itself"),
    Setting("PUBLISHER_CODE", "", "Their code (IPA, or VAT number); empty for the site's"),
    Setting("CONTACT_EMAIL", "", "Where corrections and complaints go; empty for nowhere"),
)
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?/?")
_HOST = re.compile(r"\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_SHORTEST_SECRET = 16
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_DAY = 86_400


class SettingError(ValueError):
    """A setting has a value that can't be used."""


def read_settings(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return every setting by name, from `environment` or by default; checked."""
    values = {setting.name: environment.get(setting.name, setting.default) for setting in SETTINGS}
    check_settings(values)
    return values


def check_settings(values: Mapping[str, str]) -> None:
    """Raise SettingError for a value that can't be used."""
    if not Path(values["QUARTIERI_DATA"]).is_dir():
        raise SettingError(
            f"QUARTIERI_DATA: there is no folder {values['QUARTIERI_DATA']!r}. "
            "Name the folder that holds quartieri.geojson"
        )
    seconds = values["RELOAD_SECONDS"]
    if not (seconds.isascii() and seconds.isdigit() and int(seconds) <= _DAY):
        raise SettingError(f"RELOAD_SECONDS: {seconds!r} is not a whole number from 0 to {_DAY}")
    _check_upstream(values["TILE_UPSTREAM"])
    _check_server(values)
    public, email = values["PUBLIC_URL"], values["CONTACT_EMAIL"]
    if public and not _ORIGIN.fullmatch(public):
        raise SettingError(
            f"PUBLIC_URL: {public!r} is not like https://quartieri.example.org (no path after it)"
        )
    if email and not _EMAIL.fullmatch(email):
        raise SettingError(f"CONTACT_EMAIL: {email!r} is no e-mail address")


def _check_upstream(upstream: str) -> None:
    if not upstream:
        return
    if not upstream.startswith(("http://", "https://")):
        raise SettingError(f"TILE_UPSTREAM: {upstream!r} is no http(s) address")
    if missing := [part for part in ("{z}", "{x}", "{y}") if part not in upstream]:
        raise SettingError(f"TILE_UPSTREAM: {upstream!r} lacks {' '.join(missing)}")


def _check_server(values: Mapping[str, str]) -> None:
    """Check what says who may ask, and how often."""
    for name in filter(None, map(str.strip, values["TRUSTED_HOSTS"].split(","))):
        if not _HOST.fullmatch(name):
            raise SettingError(
                f"TRUSTED_HOSTS: {name!r} is no name like quartieri.example.org (without a port), "
                "or .example.org for all below it"
            )
    proxies = values["TRUSTED_PROXIES"]
    if not (proxies.isascii() and proxies.isdigit() and len(proxies) == 1):
        raise SettingError(f"TRUSTED_PROXIES: {proxies!r} is not a whole number from 0 to 9")
    if values["RATE_LIMITS"] not in ("on", "off"):
        raise SettingError(f"RATE_LIMITS: {values['RATE_LIMITS']!r} is neither on nor off")
    storage, secret = values["RATE_LIMIT_STORAGE"], values["RATE_LIMIT_SECRET"]
    if storage and not storage.startswith(("redis://", "rediss://")):
        # The address may hold a password: it isn't repeated.
        raise SettingError("RATE_LIMIT_STORAGE is not like redis://127.0.0.1:6379/0")
    if storage and len(secret) < _SHORTEST_SECRET:
        raise SettingError(
            f"RATE_LIMIT_SECRET: give at least {_SHORTEST_SECRET} random characters, the same on "
            "all machines that share RATE_LIMIT_STORAGE"
        )

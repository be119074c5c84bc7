"""The settings of the app: environment variables, their defaults, and what they must look like."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    SecretStr,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?/?")
_HOST = re.compile(r"\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_SHORTEST_SECRET = 16


class SettingError(ValueError):
    """A setting has a value that can't be used."""


def _whole_number(low: int, high: int, default: int | None = None) -> BeforeValidator:
    """Take ASCII digits for a number in a range, and an empty text for the default if given."""

    def check(value: object, info: ValidationInfo) -> int:
        text = str(value)
        if not text and default is not None:
            return default
        digits = text.isascii() and text.isdigit() and len(text) < 10
        if not (digits and low <= int(text) <= high):
            raise ValueError(
                f"{info.field_name}: {text!r} is not a whole number from {low} to {high}"
            )
        return int(text)

    return BeforeValidator(check)


def _check_folder(value: str) -> str:
    if not Path(value).is_dir():
        raise ValueError(
            f"QUARTIERI_DATA: there is no folder {value!r}. "
            "Name the folder that holds quartieri.geojson"
        )
    return value


def _check_upstream(value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise ValueError(f"TILE_UPSTREAM: {value!r} is no http(s) address")
    missing = [part for part in ("{z}", "{x}", "{y}") if part not in value]
    if value and missing:
        raise ValueError(f"TILE_UPSTREAM: {value!r} lacks {' '.join(missing)}")
    return value


def _check_origin(value: str) -> str:
    if value and not _ORIGIN.fullmatch(value):
        raise ValueError(
            f"PUBLIC_URL: {value!r} is not like https://quartieri.example.org (no path after it)"
        )
    return value


def _check_hosts(value: str) -> str:
    for name in host_names(value):
        if not _HOST.fullmatch(name):
            raise ValueError(
                f"TRUSTED_HOSTS: {name!r} is no name like quartieri.example.org (without a port), "
                "or .example.org for all below it"
            )
    return value


def _check_switch(value: str) -> str:
    if value not in ("on", "off"):
        raise ValueError(f"RATE_LIMITS: {value!r} is neither on nor off")
    return value


def _check_storage(value: SecretStr) -> SecretStr:
    if value and not value.get_secret_value().startswith(("redis://", "rediss://")):
        # The address may hold a password: it isn't repeated.
        raise ValueError("RATE_LIMIT_STORAGE is not like redis://127.0.0.1:6379/0")
    return value


def _check_email(value: str) -> str:
    if value and not _EMAIL.fullmatch(value):
        raise ValueError(f"CONTACT_EMAIL: {value!r} is no e-mail address")
    return value


class Settings(BaseSettings):
    """Every setting, by the name of its environment variable; README.md explains them."""

    model_config = SettingsConfigDict(
        case_sensitive=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    HOST: Annotated[str, BeforeValidator(lambda value: value or "127.0.0.1")] = "127.0.0.1"
    PORT: Annotated[int, _whole_number(0, 65_535, default=5000)] = 5000
    WORKERS: Annotated[int, _whole_number(1, 64, default=2)] = 2
    QUARTIERI_DATA: Annotated[str, AfterValidator(_check_folder)] = "data"
    RELOAD_SECONDS: Annotated[int, _whole_number(0, 86_400)] = 60
    TILE_UPSTREAM: Annotated[str, AfterValidator(_check_upstream)] = (
        "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
    )
    TILE_ATTRIBUTION: str = '© <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a>'
    TILE_CACHE: str = "instance/tiles"
    SHEETS: str = "instance/sheets"
    PUBLIC_URL: Annotated[str, AfterValidator(_check_origin)] = ""
    TRUSTED_HOSTS: Annotated[str, AfterValidator(_check_hosts)] = ""
    TRUSTED_PROXIES: Annotated[int, _whole_number(0, 9)] = 0
    RATE_LIMITS: Annotated[str, AfterValidator(_check_switch)] = "on"
    # Secret: neither is shown in messages, or where the settings are printed.
    RATE_LIMIT_STORAGE: Annotated[SecretStr, AfterValidator(_check_storage)] = SecretStr("")
    RATE_LIMIT_SECRET: SecretStr = SecretStr("")
    PUBLISHER_NAME: str = ""
    PUBLISHER_CODE: str = ""
    CONTACT_EMAIL: Annotated[str, AfterValidator(_check_email)] = ""

    @model_validator(mode="after")
    def _check_secret(self) -> Self:
        if self.RATE_LIMIT_STORAGE and len(self.RATE_LIMIT_SECRET) < _SHORTEST_SECRET:
            raise ValueError(
                f"RATE_LIMIT_SECRET: give at least {_SHORTEST_SECRET} random characters, the same "
                "on all machines that share RATE_LIMIT_STORAGE"
            )
        return self


def read_settings(overrides: Mapping[str, str] | None = None) -> Settings:
    """Return the settings from the environment, some of them overridden.

    SettingError, with a sentence for each, when values can't be used.
    """
    try:
        return Settings(**(overrides or {}))  # type: ignore[arg-type] # texts, as in the environment
    except ValidationError as error:
        sentences = [
            str(each.get("ctx", {}).get("error") or f"{each['loc'][0]}: {each['msg']}")
            for each in error.errors(include_input=False)
        ]
    raise SettingError("\n".join(sentences))


def host_names(text: str) -> list[str]:
    """Return the names of a text with commas between them, such as TRUSTED_HOSTS."""
    return [name.strip().lower() for name in text.split(",") if name.strip()]

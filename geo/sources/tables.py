"""Opening the source files, with errors that say which file lacks what."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from geo.errors import DataError, Problem

_MONTHS = (
    *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno"),
    *("luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"),
)
_DATES_IN_URLS = (
    re.compile(r"[/_](?P<year>20\d\d)[/-](?P<month>\d\d)[/-](?P<day>\d\d)[/_]"),
    re.compile(rf"/(?P<short>\d\d)_(?P<name>{'|'.join(_MONTHS)})_(?P<day>\d\d)/"),
)


def read_csv(path: Path, needed: Iterable[str]) -> list[dict[str, str]]:
    """Return the rows of a CSV source, cells stripped; DataError if a needed column is missing."""
    reader = csv.DictReader(io.StringIO(_text(path)))
    missing = sorted(set(needed) - set(reader.fieldnames or ()))
    if missing:
        what = f"no column {', '.join(missing)}"
        raise DataError([Problem(path.name, "line 1", what, "Get the file again from its source")])
    return [{name: (row[name] or "").strip() for name in row if name} for row in reader]


def read_json(path: Path) -> Any:
    """Return the content of a JSON source; DataError if it isn't JSON."""
    try:
        return json.loads(_text(path))
    except json.JSONDecodeError as error:
        raise DataError(
            [
                Problem(
                    path.name, f"line {error.lineno}", f"broken JSON ({error.msg})", "Get it anew"
                )
            ]
        ) from None


def decimal(text: str) -> float | None:
    """Return a number written with a decimal comma or point, or None."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def url_date(url: str) -> str | None:
    """Return the date in a news address (ISO), or None when it carries none."""
    for pattern in _DATES_IN_URLS:
        match = pattern.search(url)
        if match:
            parts = match.groupdict()
            year = parts.get("year") or f"20{parts['short']}"
            month = parts.get("month") or f"{_MONTHS.index(parts['name']) + 1:02}"
            return f"{year}-{month}-{parts['day']}"
    return None


def told_date(url: str, text: str, known: Mapping[str, str]) -> str | None:
    """Return a page's date: as known for it, as its address says, or the year that `text` names."""
    years = re.findall(r"\b(20[0-2]\d)\b", text)
    return known.get(url) or url_date(url) or (years[-1] if years else None)


def iso_date(text: str) -> str | None:
    """Return the year, month or day that `text` states (ISO), or None ("undated", "after …")."""
    return text if re.fullmatch(r"\d{4}(-\d\d){0,2}", text) else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DataError(
            [Problem(path.name, "", "the source is missing", f"Put it into {path.parent.name}/")]
        ) from None
    except UnicodeDecodeError as error:
        raise DataError(
            [Problem(path.name, "", f"not UTF-8 ({error.reason})", "Save it as UTF-8")]
        ) from None

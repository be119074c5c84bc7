"""The catalogue of a city's sources: who publishes them, how old they are, under what licence."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.model.schema import SourceRow
from geo.sources.reading import each
from geo.storage.snapshot import read_file, text_of

MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class Catalogue:
    """The sources by id.

    `base` are those that a folder cites whether or not a place does, `outline` the one of
    the city's outline.
    """

    sources: Mapping[str, SourceRow]
    base: frozenset[str]
    outline: str


def read_catalogue(path: Path) -> Catalogue:
    """Return the catalogue in a TOML file; DataError names a source that can't be used."""
    document = tomllib.loads(text_of(path.name, read_file(path, MAX_BYTES)))
    rows = document["sources"]
    sources = each(path.name, rows, _source)
    return Catalogue(
        sources={source.id: source for source in sources},
        base=frozenset(row["id"] for row in rows if row.get("base")),
        outline=document["outline"],
    )


def _source(row: dict[str, Any]) -> SourceRow:
    optional: dict[str, Any] = {"url": None, "date": None}
    return SourceRow.model_validate(optional | {k: v for k, v in row.items() if k != "base"})

"""The tables of a data folder: the one list of their names, files, row models and indexes.

A new table is a row model in `geo.model.schema` and a line in `TABLES`: with that it is read,
checked row by row, part of the version, written with the others and handed out by
`Dataset.table`.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from geo.model.city import FILE as CITY_FILE
from geo.model.kinds import FILE as KINDS_FILE
from geo.model.schema import (
    ChangeRow,
    DemandRow,
    FormerIdRow,
    MembershipRow,
    NetworkRow,
    PlaceRow,
    QuartiereRow,
    Row,
    SourceRow,
    StreetRow,
)

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Table(Generic[R]):
    """A table: the file that holds it in a data folder, and what each of its rows is.

    `index`: the column that identifies a row (unique; the table is sorted by it), None for
    a table whose rows stay in their order. `optional`: the file may be missing.
    `in_version`: whether the content is part of the data's version.
    """

    name: str
    file: str
    row: type[R]
    index: str | None = None
    optional: bool = False
    in_version: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the rows, in the order of the file."""
        return tuple(self.row.model_fields)


@dataclass(frozen=True)
class Layer(Table[R]):
    """A table with a geometry: a GeoJSON file, or a CSV file with the columns lon and lat."""

    @property
    def is_geojson(self) -> bool:
        """Whether the file is GeoJSON."""
        return self.file.endswith(".geojson")


TABLES: tuple[Table[Any], ...] = (
    QUARTIERI := Layer("quartieri", "quartieri.geojson", QuartiereRow, index="slug"),
    PLACES := Layer("places", "places.geojson", PlaceRow, index="id"),
    NETWORKS := Table("networks", "networks.csv", NetworkRow, index="slug"),
    MEMBERSHIPS := Table("memberships", "memberships.csv", MembershipRow),
    STREETS := Layer("streets", "streets.csv", StreetRow),
    DEMAND := Layer("demand_points", "demand.csv", DemandRow),
    SOURCES := Table("sources", "sources.csv", SourceRow, index="id"),
    FORMER_IDS := Table(
        "former_ids", "former_ids.csv", FormerIdRow, index="former_id", optional=True
    ),
    # What was changed and when: it describes the data, and isn't part of them.
    CHANGES := Table("changes", "changes.csv", ChangeRow, optional=True, in_version=False),
)

# The files that every data folder has.
REQUIRED_FILES = (CITY_FILE, *(table.file for table in TABLES if not table.optional))


def files_in_version(tables: tuple[Table[Any], ...] = TABLES) -> tuple[str, ...]:
    """Return the names of the files whose content makes the version of the data."""
    return (CITY_FILE, *(table.file for table in tables if table.in_version), KINDS_FILE)


def all_files(tables: tuple[Table[Any], ...] = TABLES) -> tuple[str, ...]:
    """Return the names of all files that are read in a data folder."""
    return (CITY_FILE, KINDS_FILE, *(table.file for table in tables))

"""The content of the open data catalogue. `geo.publish.dcat_graph` writes it as DCAT-AP_IT."""

from collections.abc import Mapping
from dataclasses import dataclass

ODBL = "https://opendatacommons.org/licenses/odbl/1-0/"
# File type of the EU's list, media type.
FORMATS = {
    "geojson": ("GEOJSON", "application/geo+json"),
    "gpkg": ("GPKG", "application/geopackage+sqlite3"),
    "csv": ("CSV", "text/csv"),
    "parquet": ("PARQUET", "application/vnd.apache.parquet"),
}

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Agent:
    """Who publishes: a name, and a code (of the public bodies' index, or a VAT number)."""

    name: str
    code: str
    email: str = ""


@dataclass(frozen=True)
class Entry:
    """A dataset of the catalogue: what it's called (by language) and the files it's in.

    `files`: full address by format, a key of FORMATS.
    """

    slug: str
    titles: Texts
    descriptions: Texts
    files: Mapping[str, str]


@dataclass(frozen=True)
class Published:
    """A catalogue: `home` is its page's full address, `modified` an ISO date.

    `bounds`: west, south, east, north in degrees.
    """

    home: str
    titles: Texts
    descriptions: Texts
    publisher: Agent
    issued: str
    modified: str
    version: str
    bounds: tuple[float, float, float, float]
    entries: tuple[Entry, ...]

"""The region's coordinates of school buildings, in two lists; the second is the newer one."""

from dataclasses import dataclass
from pathlib import Path

from geo.sources.reading import decimal, each, read_csv

NEWER = "schools_regione_lombardia_anagrafe2.csv"
OLDER = "schools_regione_lombardia_coordinates.csv"


@dataclass(frozen=True)
class SchoolPoint:
    """A building that the region lists: code, address with number, WGS84 degrees."""

    code: str
    address: str
    lon: float
    lat: float
    list: str


def read_school_points(folder: Path) -> list[SchoolPoint]:
    """Return the buildings with coordinates, those of the newer list first."""
    newer = read_csv(folder / NEWER, ("Codice", "Indirizzo", "Civico", "coorX", "coorY"))
    older = read_csv(
        folder / OLDER, ("COD_MECCANOGRAFICO_SEDE", "INDIRIZZO_SEDE", "CIVICO_SEDE", "coorX")
    )
    points = [
        *each(NEWER, newer, lambda r: _point(r, "Codice", ("Indirizzo", "Civico"), "newer")),
        *each(
            OLDER,
            older,
            lambda r: _point(
                r, "COD_MECCANOGRAFICO_SEDE", ("INDIRIZZO_SEDE", "CIVICO_SEDE"), "older"
            ),
        ),
    ]
    return [point for point in points if point]


def _point(
    row: dict[str, str], code: str, address: tuple[str, str], which: str
) -> SchoolPoint | None:
    lon, lat = decimal(row["coorX"]), decimal(row["coorY"])
    if lon is None or lat is None:
        return None
    text = _mended(" ".join(row[part] for part in address).strip())
    return SchoolPoint(row[code].partition("-")[0], text, round(lon, 6), round(lat, 6), which)


def _mended(text: str) -> str:
    """Undo UTF-8 that was read as Latin-1 on the way ("sanitÃ " for sanità)."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text.replace("Ã\xa0", "à").replace("Ã ", "à ").replace("Ã", "à")

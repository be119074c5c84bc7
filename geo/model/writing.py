"""Writing a data folder: readable diffs, the same bytes for the same content."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from geo.base.errors import DataError, Problem, printable
from geo.model.dataset import Dataset
from geo.model.folder import version_of
from geo.model.schema import ChangeRow, Row
from geo.model.tables import CHANGES, REQUIRED_FILES, all_files
from geo.storage.atomic import together, write_file
from geo.storage.snapshot import Content, read_files

DECIMALS = 6


def features(rows: Iterable[tuple[Mapping[str, object], BaseGeometry | None]]) -> str:
    """Return rows with WGS84 geometries as GeoJSON: one feature to a line, six decimals."""
    lines = [_feature(properties, geometry) for properties, geometry in rows]
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def table(rows: Sequence[Row], columns: Iterable[str]) -> str:
    """Return rows as CSV, an empty cell for None, tuples separated by spaces."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(list(columns))
    for row in rows:
        writer.writerow([_cell(value) for value in row.model_dump().values()])
    return buffer.getvalue()


def replace_folder(
    folder: Path, texts: Mapping[str, str], change: str, since: str | None = None
) -> None:
    """Put the files into `folder`, all or none, after a check of the whole.

    Files that `texts` doesn't name stay as they are. `change`: what was changed, for changes.csv,
    which gets a line if the data differ from before. `since`: the version that the texts were
    made from. DataError when the whole isn't valid, or the data aren't those of `since` anymore.
    """
    with together(folder) as fresh:
        old = read_files(folder, all_files())
        for name, content in old.items():
            if isinstance(content, bytes):
                (fresh / name).write_bytes(content)
        before = _version(old)
        if since is not None and before != since:
            fix = "Run the command again"
            raise DataError([Problem(folder.name, "", "its data changed meanwhile", fix)])
        for name, text in texts.items():
            write_file(fresh / name, text.encode())
        data = Dataset.read(fresh)
        if before != data.version:
            write_file(fresh / CHANGES.file, _with_change(data, change).encode())


def _version(contents: Mapping[str, Content]) -> str | None:
    """Return the version of a data folder, None if a required file is missing."""
    whole = all(isinstance(contents[name], bytes) for name in REQUIRED_FILES)
    return version_of(contents) if whole else None


def _with_change(data: Dataset, change: str) -> str:
    day = datetime.now(ZoneInfo(data.city.time_zone)).date().isoformat()
    earlier = [ChangeRow.model_validate(row) for row in data.changes.to_dict("records")]
    # The name of a file may be in it.
    new = ChangeRow(date=day, version=data.version, text=printable(change))
    return table([*earlier, new], ChangeRow.model_fields)


def _feature(properties: Mapping[str, object], geometry: BaseGeometry | None) -> str:
    shape = "null" if geometry is None else orjson.dumps(_geometry(geometry)).decode()
    values = orjson.dumps(properties).decode()
    return f'{{"type":"Feature","properties":{values},"geometry":{shape}}}'


def _geometry(geometry: BaseGeometry) -> dict[str, object]:
    written: dict[str, object] = orjson.loads(shapely.to_geojson(geometry))
    return {"type": written["type"], "coordinates": _rounded(written["coordinates"])}


def _rounded(value: object) -> object:
    if isinstance(value, list):
        return [_rounded(part) for part in value]
    return round(value, DECIMALS) if isinstance(value, float) else value


def _cell(value: object) -> object:
    if value is None:
        return ""
    return " ".join(map(str, value)) if isinstance(value, tuple) else value

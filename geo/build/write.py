"""Writing a data folder: readable diffs, the same bytes for the same content."""

import csv
import io
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.dataset import CHANGES, FILES, Dataset, content_version
from geo.plain import seen
from geo.rows import ChangeRow, Row

DECIMALS = 6
_CHANGE = list(ChangeRow.model_fields)


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


def replace_folder(folder: Path, texts: Mapping[str, str], change: str) -> None:
    """Put the files into `folder`, all or none: checked in a folder beside it first.

    Files that `texts` doesn't name stay as they are. `change`: what is done, for changes.csv,
    which gets a line where the data become others. DataError when the whole isn't valid.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as beside:
        fresh = Path(beside) / "new"
        if folder.is_dir():
            shutil.copytree(folder, fresh)
        else:
            fresh.mkdir()
        for name, text in texts.items():
            (fresh / name).write_text(text, encoding="utf-8", newline="\n")
        data = Dataset.read(fresh)
        if not _is_version(folder, data.version):
            _note_change(fresh / CHANGES, data, change)
        _swap(folder, fresh, Path(beside) / "old")


def _is_version(folder: Path, version: str) -> bool:
    return all((folder / name).is_file() for name in FILES) and content_version(folder) == version


def _note_change(path: Path, data: Dataset, change: str) -> None:
    day = datetime.now(ZoneInfo(data.city.time_zone)).date().isoformat()
    told = pd.concat(
        [data.changes, pd.DataFrame([[day, data.version, seen(change)]], columns=_CHANGE)]
    )
    path.write_text(told.to_csv(index=False, lineterminator="\n"), encoding="utf-8")


def _swap(folder: Path, fresh: Path, old: Path) -> None:
    if folder.is_dir():
        folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        if old.is_dir():
            old.rename(folder)
        raise


def _feature(properties: Mapping[str, object], geometry: BaseGeometry | None) -> str:
    shape = "null" if geometry is None else orjson.dumps(_geometry(geometry)).decode()
    told = orjson.dumps(properties).decode()
    return f'{{"type":"Feature","properties":{told},"geometry":{shape}}}'


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

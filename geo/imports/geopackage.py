"""Which table of a GeoPackage to read: a plain one, as its contents say."""

import sqlite3
from contextlib import closing
from pathlib import Path

from geo.base.errors import DataError, Problem, short

_LAYERS = """
    SELECT contents.table_name, master.type, master.sql LIKE '%virtual table%'
    FROM gpkg_contents AS contents LEFT JOIN sqlite_master AS master
        ON lower(master.name) = lower(contents.table_name)
    WHERE contents.data_type = 'features' LIMIT 1
"""
_COMPUTED = "SELECT count(*) FROM pragma_table_xinfo(?) WHERE hidden > 0"


def feature_table(path: Path, name: str) -> str:
    """Return the name of the first layer with features; DataError if there's none to be trusted.

    A view or a computed column runs what its author wrote: it may never end.
    """
    try:
        # immutable: no journal beside the file is read, none is made.
        with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as database:
            found = database.execute(_LAYERS).fetchone()
            if found is None:
                raise _error(name, "it holds no layer with features")
            layer, kind, virtual = found
            if kind != "table" or virtual or database.execute(_COMPUTED, (layer,)).fetchone()[0]:
                raise _error(name, f"its layer {short(layer)} isn't a plain table")
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        raise _error(name, f"can't be read ({short(str(error))})") from None
    return str(layer)


def systems(path: Path, name: str) -> str:
    """Return the definitions of all the coordinate systems of a GeoPackage, as one text."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as database:
            rows = database.execute("SELECT * FROM gpkg_spatial_ref_sys").fetchall()
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        raise _error(name, f"can't be read ({short(str(error))})") from None
    return "\n".join(str(cell) for row in rows for cell in row)


def _error(name: str, what: str) -> DataError:
    return DataError([Problem(name, "", what, "Export the layer again, as a GeoPackage")])

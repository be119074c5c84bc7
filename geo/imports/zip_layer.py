"""The one layer of a ZIP file, unpacked within a limit of bytes."""

import io
import lzma
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from geo.base.errors import DataError, Problem, short

LAYERS = (".geojson", ".json", ".gpkg", ".fgb", ".shp")
# What makes a shapefile, beside the .shp itself.
COMPANIONS = (".shx", ".dbf", ".prj", ".cpg")
_MAX_MEMBERS = 1_000
# What the modules raise on broken or encrypted archives.
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError, LookupError),
)


def unpack(content: bytes, name: str, copy: Path, limit: int) -> str:
    """Write the archive's one layer, with its companions, to `copy` plus each one's suffix.

    Returns the layer's suffix. DataError when there isn't exactly one, or when all of it
    takes more than `limit` bytes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = _members(archive, name)
            left = limit
            for suffix, member in members.items():
                with archive.open(member) as packed:
                    plain = packed.read(left + 1)  # what the archive says may be a lie
                left -= len(plain)
                if left < 0:
                    what = f"unpacked it is larger than {limit // 1_000_000} MB"
                    raise _error(name, what, "Export only the city")
                copy.with_suffix(suffix).write_bytes(plain)
            return next(iter(members))
    except DataError:
        raise
    except _BROKEN as error:
        what = f"can't be read ({short(str(error))})"
        raise _error(name, what, "Pack it again, without a password") from None


def _members(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """Return the layer (first) and its companions by suffix."""
    listed = archive.infolist()
    if len(listed) > _MAX_MEMBERS:
        raise _error(name, f"it holds {len(listed):,} files", "Pack only the layer")
    files = {
        PurePosixPath(each.filename): each
        for each in listed
        if not each.is_dir() and not each.filename.startswith("__MACOSX/")
    }
    layers = [path for path in files if path.suffix.lower() in LAYERS]
    if len(layers) != 1:
        what = f"it holds {len(layers)} layers ({', '.join(LAYERS)})"
        raise _error(name, what, "Pack one layer, with its companions")
    layer = layers[0]
    found = {layer.suffix.lower(): files[layer]}
    for path, each in files.items():
        if path.with_suffix("") == layer.with_suffix("") and path.suffix.lower() in COMPANIONS:
            found[path.suffix.lower()] = each
    return found


def _error(name: str, what: str, fix: str) -> DataError:
    return DataError([Problem(name, "", what, fix)])

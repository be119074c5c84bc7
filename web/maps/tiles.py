"""Background tiles under our own address, so that a visitor's goes to nobody else.

Only tiles that touch the city are fetched, from the one configured upstream, and cached
on disk. When the upstream fails, visitors get an empty tile: the map stays usable on
a plain background.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any, cast

import mercantile
import requests
from flask import Blueprint, Flask, Response, abort, current_app
from requests_cache import CachedSession
from requests_cache.backends.base import BaseCache
from requests_cache.backends.sqlite import SQLiteDict

from geo.maps.folium_map import Bounds
from geo.maps.views import city_view
from geo.model.cache import memoized
from geo.model.dataset import Dataset
from web.maps.bounded_http import BoundedAdapter
from web.site.app_state import dataset

MIN_ZOOM, MAX_ZOOM = 11, 18
# Around the city, so that the edges of a wide screen have a background too; degrees.
MARGIN = 0.1
KEEP = timedelta(days=7)
LARGEST_TILE = 300_000
# How long another process may be writing to the cache (milliseconds).
BUSY_MS = 500
USER_AGENT = "Quartieri/0.1 (map of a city's neighbourhoods; tiles cached for 7 days)"
# A transparent PNG of one pixel.
EMPTY = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b494441"
    "5478da6360600000000300012b094d840000000049454e44ae426082"
)
_PNG_START = b"\x89PNG\r\n\x1a\n"

blueprint = Blueprint("tiles", __name__)


class TileSource:
    """The upstream and the disk cache before it; one per process."""

    def __init__(self, upstream: str, folder: Path) -> None:
        self._upstream = upstream
        self._folder = folder
        self._adapter = BoundedAdapter(LARGEST_TILE)
        self._lock = threading.Lock()
        self._session: CachedSession | None = None

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        """Return a tile's PNG from the cache or the upstream, or None when there's none."""
        address = self._upstream.format(z=zoom, x=column, y=row)
        paused = self._adapter.paused
        try:
            response = self._open_session().get(
                address,
                # While the upstream is paused, an old tile is better than none.
                only_if_cached=paused,
                # The upstream doesn't choose to which other servers this machine sends requests.
                allow_redirects=False,
            )
            response.raise_for_status()
        except requests.RequestException as error:
            if not paused and self._adapter.paused:
                # Its message would name the tile, and so what part of the map someone sees.
                current_app.logger.warning("Tile upstream failed: %s", type(error).__name__)
            return None
        return response.content if _is_tile(response) else None

    def _open_session(self) -> CachedSession:
        # Opened at the first request: SQLite's files must not be carried into a fork.
        with self._lock:
            if self._session is None:
                self._session = _session(self._folder)
                self._session.mount("http://", self._adapter)
                self._session.mount("https://", self._adapter)
            return self._session


def _session(folder: Path) -> CachedSession:
    """Return a session that caches tiles in `folder`, or none where that isn't possible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        cache = TileCache(folder / "tiles.sqlite")
    except (OSError, sqlite3.Error) as error:
        current_app.logger.warning("Tiles can't be cached in TILE_CACHE: %s", error)
        session = CachedSession(backend="memory")
        session.settings.disabled = True
    else:
        session = CachedSession(
            backend=cache, expire_after=KEEP, stale_if_error=True, filter_fn=_is_tile
        )
    session.headers["User-Agent"] = USER_AGENT
    # No cookies: nothing lets the upstream tell one request from another.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session


class _Table(SQLiteDict):
    """A table whose writes wait for a lock only briefly: the library's own wait for ever."""

    @contextmanager
    def _acquire_sqlite_lock(self) -> Iterator[None]:
        with self._lock:
            connection = cast("sqlite3.Connection", self._connection)
            connection.execute("BEGIN IMMEDIATE")
            self._active_transaction = True
            try:
                yield
                connection.commit()
            except BaseException:
                connection.rollback()
                raise
            finally:
                self._active_transaction = False


class TileCache(BaseCache):
    """Tiles on disk: one that can't be read or written there is fetched and shown all the same."""

    def __init__(self, path: Path) -> None:
        super().__init__(cache_name=str(path))
        self.responses = _Table(path, table_name="responses", busy_timeout=BUSY_MS)

    def get_response(self, key: str, default: Any = None) -> Any:
        """Return the cached response, or `default`."""
        with _disk_may_fail():
            return super().get_response(key, default)
        return default

    def save_response(self, *args: Any, **kwargs: Any) -> None:
        """Cache a tile, if there is room."""
        with _disk_may_fail():
            super().save_response(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> None:
        """Remove a response that is no tile."""
        with _disk_may_fail():
            super().delete(*args, **kwargs)


@contextmanager
def _disk_may_fail() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        current_app.logger.info("The tile cache failed: %s", error)


@blueprint.get("/tessere/<int:zoom>/<int:column>/<int:row>.png")
def tile(zoom: int, column: int, row: int) -> Response:
    """A background tile of the city, or an empty one when the upstream has failed."""
    source: TileSource = current_app.extensions["quartieri_tiles"]
    if not _touches(_bounds(dataset()), zoom, column, row):
        abort(404)
    content = source.tile(zoom, column, row)
    response = Response(EMPTY if content is None else content, mimetype="image/png")
    response.headers["Cache-Control"] = (
        "no-store" if content is None else f"public, max-age={int(KEEP.total_seconds())}"
    )
    return response


def init_app(app: Flask) -> None:
    """Serve tiles if an upstream is set; without one, there is no such address."""
    upstream = app.config["TILE_UPSTREAM"]
    if upstream:
        app.extensions["quartieri_tiles"] = TileSource(upstream, Path(app.config["TILE_CACHE"]))
        app.register_blueprint(blueprint)


@memoized()
def _bounds(data: Dataset) -> Bounds:
    return city_view(data).bounds


def _touches(city: Bounds, zoom: int, column: int, row: int) -> bool:
    """Return whether a tile touches the city, at a zoom that our maps have."""
    if not (MIN_ZOOM <= zoom <= MAX_ZOOM):
        return False
    (south, west), (north, east) = city
    first = mercantile.tile(west - MARGIN, north + MARGIN, zoom)
    last = mercantile.tile(east + MARGIN, south - MARGIN, zoom)
    return bool(first.x <= column <= last.x and first.y <= row <= last.y)


def _is_tile(response: requests.Response) -> bool:
    """Return whether a response is a tile, and so may be cached and shown."""
    content = response.content or b""  # None where only the cache was read and has nothing
    mimetype = response.headers.get("Content-Type", "image/png").partition(";")[0].strip()
    return (
        response.status_code == 200
        and mimetype == "image/png"
        and content.startswith(_PNG_START)
        and len(content) <= LARGEST_TILE
    )

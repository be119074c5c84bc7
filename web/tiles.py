"""Background tiles under our own address, so that a visitor's goes to nobody else.

Only tiles that touch the city are fetched, from the one configured upstream, and kept
on disk. When the upstream fails, visitors get an empty tile: the map stays usable on
a plain background.
"""

import time
from datetime import timedelta
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path

import mercantile
import requests
import requests_cache
from flask import Blueprint, Flask, Response, abort, current_app

from geo.maps import Bounds

MIN_ZOOM, MAX_ZOOM = 11, 18
# Around the city, so that the edges of a wide screen have a background too; degrees.
MARGIN = 0.1
KEEP = timedelta(days=7)
TIMEOUT = (2, 5)
LARGEST_TILE = 300_000
# After a failure, the upstream is left alone for so long (seconds).
PAUSE = 60
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

    def __init__(self, upstream: str, folder: Path, bounds: Bounds) -> None:
        self._upstream = upstream
        self._bounds = bounds
        self._paused_until = 0.0
        self._session = requests_cache.CachedSession(
            folder / "tiles.sqlite",
            expire_after=KEEP,
            stale_if_error=True,
            filter_fn=_is_tile,
        )
        self._session.headers["User-Agent"] = USER_AGENT
        # Nothing that would tell one request from another goes back.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def covers(self, zoom: int, column: int, row: int) -> bool:
        """Return whether a tile touches the city, at a zoom that our maps have."""
        if not (MIN_ZOOM <= zoom <= MAX_ZOOM):
            return False
        (south, west), (north, east) = self._bounds
        first = mercantile.tile(west - MARGIN, north + MARGIN, zoom)
        last = mercantile.tile(east + MARGIN, south - MARGIN, zoom)
        return bool(first.x <= column <= last.x and first.y <= row <= last.y)

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        """Return a tile's PNG from the cache or the upstream, or None when there's none."""
        address = self._upstream.format(z=zoom, x=column, y=row)
        resting = time.monotonic() < self._paused_until
        try:
            response = self._session.get(
                address,
                timeout=TIMEOUT,
                only_if_cached=resting,
                # Whoever answers for the upstream doesn't choose whom else this machine asks.
                allow_redirects=False,
            )
            response.raise_for_status()
        except requests.RequestException as error:
            if not resting:
                self._paused_until = time.monotonic() + PAUSE
                current_app.logger.warning("Tile upstream failed: %s", error)
            return None
        return response.content if _is_tile(response) else None


@blueprint.get("/tessere/<int:zoom>/<int:column>/<int:row>.png")
def tile(zoom: int, column: int, row: int) -> Response:
    """A background tile of the city, or an empty one when the upstream has failed."""
    source: TileSource = current_app.extensions["quartieri_tiles"]
    if not source.covers(zoom, column, row):
        abort(404)
    content = source.tile(zoom, column, row)
    response = Response(EMPTY if content is None else content, mimetype="image/png")
    response.headers["Cache-Control"] = (
        "no-store" if content is None else f"public, max-age={int(KEEP.total_seconds())}"
    )
    return response


def init_app(app: Flask, bounds: Bounds) -> None:
    """Serve tiles if an upstream is set; without one, there is no such address."""
    upstream = app.config["TILE_UPSTREAM"]
    if upstream:
        folder = Path(app.config["TILE_CACHE"])
        folder.mkdir(parents=True, exist_ok=True)
        app.extensions["quartieri_tiles"] = TileSource(upstream, folder, bounds)
        app.register_blueprint(blueprint)


def _is_tile(response: requests.Response) -> bool:
    """Return whether an answer is a tile, and so may be kept and shown."""
    content = response.content or b""  # None where the cache was asked and has nothing
    told = response.headers.get("Content-Type", "image/png").partition(";")[0].strip()
    return (
        response.status_code == 200
        and told == "image/png"
        and content.startswith(_PNG_START)
        and len(content) <= LARGEST_TILE
    )

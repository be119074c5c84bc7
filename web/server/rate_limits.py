"""Limits on how often one visitor may request what takes work to answer.

Only what Flask answers counts. Answers from the page cache (`web.server.page_cache`) cost next to
nothing: they are sent before anything is counted. A count is held for a minute in the memory of
each process, or in one Redis for all, under a code made from the visitor's address, from which
the address can't be recovered.
"""

import hmac
import secrets
import time
from collections.abc import Callable
from hashlib import sha256
from ipaddress import ip_address
from typing import Any, NamedTuple

from flask import Flask, Response, request
from flask_limiter import ApplicationLimit, Limiter, RateLimitExceeded
from werkzeug.exceptions import TooManyRequests

from web.site.labels import PICTURE_FORMATS


class Work(NamedTuple):
    """Requests that take about the same work: how many a visitor may make in a minute."""

    per_minute: int
    what: str


# Many people may come from one address, such as those of a town hall: several dozen can work
# at once within these.
WORKS = {
    "search": Work(600, "searches and suggestions"),
    "near": Work(300, "what is near a point"),
    "coverage": Work(300, "coverage, and what if"),
    "file": Work(120, "files to take away"),
    "picture": Work(60, "maps as pictures"),
    "tile": Work(3000, "background tiles"),
    "api": Work(600, "the API"),
    "page": Work(1200, "every other page that wasn't ready"),
}
WINDOW_S = 60
_OF_BLUEPRINT = {
    "search": "search",
    "near": "near",
    "coverage": "coverage",
    "coverage_map": "coverage",
    "tiles": "tile",
    "api": "api",
}
# Monitoring must always get an answer; assets are sent from the page cache.
_FREE = {"health.health", "static"}
# The number of codes: it bounds the memory for counts, and thousands of addresses share each code.
# That a visitor shares the code of someone who is over a limit is very unlikely.
_CODES = 1 << 16
# How long a Redis may take (seconds) before the process counts alone.
_PATIENCE = {"socket_connect_timeout": 1, "socket_timeout": 1}


def work_of_request() -> str | None:
    """Return the key in WORKS of the current request, None if it isn't limited."""
    if request.endpoint is None or request.endpoint in _FREE:
        return None
    arguments = request.view_args or {}
    extension = arguments.get("extension") or arguments.get("form")
    if extension:
        return "picture" if extension in PICTURE_FORMATS else "file"
    blueprint = (request.blueprint or "").rpartition(".")[2]
    return _OF_BLUEPRINT.get(blueprint, "page")


def init_app(app: Flask) -> None:
    """Count requests, and refuse those over a limit; 429 says when to try again."""
    if app.config["RATE_LIMITS"] == "off":
        return
    storage = app.config["RATE_LIMIT_STORAGE"].get_secret_value()
    visitor = _visitor_code(app.config["RATE_LIMIT_SECRET"].get_secret_value())
    trusted = app.config["TRUSTED_PROXIES"] > 0
    limiter = Limiter(
        visitor,
        application_limits=[_limit(name, work, trusted=trusted) for name, work in WORKS.items()],
        storage_uri=storage or "memory://",
        storage_options=dict(_PATIENCE) if storage else {},
        key_prefix="quartieri",
        # Without its Redis each process counts alone; without any count people are served.
        in_memory_fallback_enabled=bool(storage),
        swallow_errors=True,
    )
    limiter.init_app(app)

    @app.errorhandler(RateLimitExceeded)
    def refuse(_error: RateLimitExceeded) -> Any:
        window = limiter.current_limit
        wait = window.reset_at - time.time() if window else WINDOW_S
        refusal = TooManyRequests(retry_after=min(WINDOW_S, max(1, round(wait))))
        return app.ensure_sync(app.handle_http_exception)(refusal)

    @app.after_request
    def store_no_refusal(response: Response) -> Response:
        if response.status_code == TooManyRequests.code:
            response.headers["Cache-Control"] = "no-store"
        return response


def _limit(name: str, work: Work, *, trusted: bool) -> ApplicationLimit:
    def is_free() -> bool:
        return work_of_request() != name or (not trusted and _is_this_machine())

    return ApplicationLimit(f"{work.per_minute} per minute", scope=name, exempt_when=is_free)


def _visitor_code(secret: str) -> Callable[[], str]:
    """Return a function that hashes the visitor's address; an empty secret is replaced."""
    key = secret.encode() or secrets.token_bytes(32)

    def code() -> str:
        digest = hmac.digest(key, _network(request.remote_addr or "").encode(), sha256)
        return f"{int.from_bytes(digest[:8], 'big') % _CODES:x}"

    return code


def _network(address: str) -> str:
    """Return the address, or its /64 in IPv6, all of which one household has."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return found.packed[:8].hex()


def _is_this_machine() -> bool:
    """Tell whether the request comes from this machine: an undeclared proxy, or a developer."""
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return True

"""By which names people may reach the app, and which proxies' word it takes for who asks.

The name that a request gives (Host) stands in links where PUBLIC_URL isn't set. So it is
checked before anything is answered, from memory too: what is no name, or none of ours,
gets a page that says so. What a proxy adds (X-Forwarded-…) anyone could add: it counts
only from as many proxies as TRUSTED_PROXIES says stand in front.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from typing import cast
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, abort, request
from flask_babel import gettext as _
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

from web.server.page_cache import KeptPages

# In the environment of a request whose name was refused.
_REFUSED = "quartieri.refused_host"


class CheckedHost:
    """The WSGI app before all others: only requests with a name of ours reach `pages`.

    `pages` may answer from memory; `app` makes the page of the refusal, under a name that
    is fine. `names`: those of ours, empty for any that is well written.
    """

    def __init__(self, pages: KeptPages, app: WSGIApplication, names: Sequence[str]) -> None:
        self.pages = pages
        self._app = app
        # Visitors ask under few names, again and again.
        self._is_ours = lru_cache(256)(lambda name: host_is_trusted(name.lower(), names))

    def __call__(self, asked: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if self._takes(asked):
            return self.pages(asked, start)
        return self._app({**asked, "HTTP_HOST": "localhost", _REFUSED: True}, start)

    def at_once(self, asked: WSGIEnvironment, start: StartResponse) -> Iterable[bytes] | None:
        """Answer a GET or HEAD from memory; None, and nothing started, if it must be made."""
        return self.pages.at_once(asked, start) if self._takes(asked) else None

    def _takes(self, asked: WSGIEnvironment) -> bool:
        name = asked.get("HTTP_HOST")
        # HTTP/1.0 has no Host: then the name is the socket's own.
        return name is None or self._is_ours(name)


class Proxied:
    """The WSGI app behind so many proxies, whose word counts."""

    def __init__(self, app: CheckedHost, proxies: int) -> None:
        # Proxies pass the Host on. X-Forwarded-Host many don't set, so don't overwrite either.
        fixed = partial(ProxyFix, x_for=proxies, x_proto=proxies, x_host=0)
        self._app = fixed(app)
        # It returns whatever it gets, None as well.
        self.at_once = fixed(cast("WSGIApplication", app.at_once))

    def __call__(self, asked: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        return self._app(asked, start)


def init_app(app: Flask) -> None:
    """Refuse what was asked under another name, and let redirects name no host at all."""
    # Flask has a setting of this name, too; it looks when an error page can't be made any more.
    app.config["TRUSTED_HOSTS"] = None

    @app.before_request
    def refuse() -> None:
        if _REFUSED in request.environ:
            abort(400, _("Questo sito non risponde a quel nome. Controlla l’indirizzo."))

    @app.after_request
    def lead_within(response: Response) -> Response:
        location = response.headers.get("Location", "")
        if location.startswith(request.host_url):
            path = location.removeprefix(request.host_url)
            response.headers["Location"] = "/" + path.lstrip("/")
        return response


def checked(app: Flask, pages: KeptPages, settings: dict[str, str]) -> CheckedHost | Proxied:
    """Return the whole WSGI app: proxies' headers, then the name, then `pages`."""
    checked_host = CheckedHost(pages, app.wsgi_app, _names(settings))
    proxies = int(settings["TRUSTED_PROXIES"])
    return Proxied(checked_host, proxies) if proxies else checked_host


def _names(settings: dict[str, str]) -> list[str]:
    """Return the names that the settings give, that of PUBLIC_URL among them; none for any."""
    names = [name.strip().lower() for name in settings["TRUSTED_HOSTS"].split(",") if name.strip()]
    public = urlsplit(settings["PUBLIC_URL"]).hostname
    return [*names, public] if names and public else names

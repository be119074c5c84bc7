"""Under which names the app answers, and which proxies it believes.

The name that a request gives (Host) stands in links where PUBLIC_URL isn't set, so each request's
is checked. The page cache needs no check of its own: it keeps pages by name, and only answers 200.
What a proxy adds (X-Forwarded-…) anyone could add: it counts only from as many proxies as
TRUSTED_PROXIES says stand in front.
"""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from flask_babel import gettext as _
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

from web.site.settings import host_names


def init_app(app: Flask) -> None:
    """Refuse requests under other names than ours, and let redirects name no host at all."""
    names = host_names(app.config["TRUSTED_HOSTS"])
    public = urlsplit(app.config["PUBLIC_URL"]).hostname
    trusted = [*names, public] if names and public else names
    # Checked here: Flask's own check comes so early that no page can be made of its refusal.
    app.config["TRUSTED_HOSTS"] = None

    @app.before_request
    def refuse_other_names() -> None:
        # Empty: there is none, or it is no name at all.
        if not host_is_trusted(request.host.lower(), trusted):
            abort(400, _("Questo sito non risponde a quel nome. Controlla l’indirizzo."))

    @app.after_request
    def redirect_within(response: Response) -> Response:
        location = response.headers.get("Location", "")
        if location.startswith(request.host_url):
            path = location.removeprefix(request.host_url)
            response.headers["Location"] = "/" + path.lstrip("/")
        return response


def believe_proxies(app: Flask) -> None:
    """Take who asks, and whether by https, from the proxies in front: before all other parts."""
    if proxies := app.config["TRUSTED_PROXIES"]:
        # They pass the Host on; X-Forwarded-Host many don't set, so don't overwrite either.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)  # type: ignore[method-assign]

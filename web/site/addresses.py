"""The full addresses of pages: canonical, in each language, on paper, and for crawlers."""

from flask import Blueprint, Flask, Response, current_app, jsonify, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from web.site.app_state import asset, dataset
from web.site.hashed_content import CHECK_EACH_TIME
from web.site.i18n import (
    DEFAULT_LANGUAGE,
    LANGUAGES,
    current_language,
    page_endpoint,
    register_in_each_language,
    this_page,
    url,
)
from web.site.sitemap import sitemap

files = Blueprint("sharing", __name__)
manifests = Blueprint("manifest", __name__)

# What in an address makes another page of it; the rest is one reader's view of the same page.
MAKES_A_PAGE = {"places.places": ("tipo", "quartiere", "pagina")}
# A longer address makes a code with squares too small for a telephone to read from a wall.
LONGEST_ON_PAPER = 300
# Addresses without an end for a crawler that follows every link: what-ifs, points, searches.
_ENDLESS = ("copertura/*?", "vicino?", "cerca?", "cerca.json?")
ICONS = {"icon-192.png": "192x192", "icon-512.png": "512x512", "favicon.svg": "any"}
COLOUR = "#0066cc"


def absolute(path: str) -> str:
    """Return the full address of a path of ours."""
    origin = current_app.config["PUBLIC_URL"] or request.host_url
    return str(origin).rstrip("/") + path


def canonical(language: str | None = None) -> str | None:
    """Return the one full address of this page in a language, or None where it is no page."""
    names = MAKES_A_PAGE.get(page_endpoint(request.endpoint) or "", ())
    query = {name: request.args[name] for name in names if name in request.args}
    if query.get("pagina") == "1":
        del query["pagina"]
    path = this_page(language or current_language(), MultiDict(query))
    return path and absolute(path)


def on_paper() -> str | None:
    """Return the full address that leads back to this page just as it is shown."""
    path = this_page(current_language(), request.args)
    if path is None:
        return None
    shown = absolute(path)
    return shown if len(shown) <= LONGEST_ON_PAPER else canonical()


@files.get("/robots.txt")
def robots() -> Response:
    """Let crawlers read the pages, but no tiles and no endless queries."""
    homes = [url("home.home", language) for language in LANGUAGES]
    endless = [home + path for home in homes for path in _ENDLESS]
    paths = "".join(f"Disallow: {path}\n" for path in ("/tessere/", *endless))
    text = f"User-agent: *\n{paths}\nSitemap: {absolute('/sitemap.xml')}\n"
    return _text(text, "text/plain")


@files.get("/sitemap.xml")
def sitemap_file() -> Response:
    """Every page, in each language."""
    return sitemap(dataset(), absolute("")).response()


@manifests.get("/manifest.webmanifest")
def manifest() -> Response:
    """Return the manifest that lets a phone install the site as an app, in the page's language."""
    city = dataset().city.names.in_language(current_language())
    icons = [
        {"src": asset(name), "sizes": sizes, "type": _mimetype(name)}
        for name, sizes in ICONS.items()
    ]
    maskable = {"src": asset("icon-maskable.png"), "sizes": "512x512", "purpose": "maskable"}
    response = jsonify(
        name=f"Quartieri – {city}",
        short_name="Quartieri",
        description=_(
            "I quartieri di %(city)s: reti, scuole, parrocchie e beni comuni.", city=city
        ),
        lang=current_language(),
        id=url("home.home"),
        start_url=url("home.home"),
        scope=url("home.home", DEFAULT_LANGUAGE),
        display="minimal-ui",
        theme_color=COLOUR,
        background_color="#ffffff",
        icons=[*icons, {**maskable, "type": "image/png"}],
    )
    response.mimetype = "application/manifest+json"
    response.headers["Cache-Control"] = CHECK_EACH_TIME
    return response


def init_app(app: Flask) -> None:
    """Serve the files, and give every page its addresses."""
    app.register_blueprint(files)
    register_in_each_language(app, manifests)

    @app.context_processor
    def addresses() -> dict[str, object]:
        return {
            "canonical": canonical(),
            "alternates": {code: canonical(code) for code in LANGUAGES},
            "default_language": DEFAULT_LANGUAGE,
            "address_on_paper": on_paper(),
            "manifest_address": url_for(f"{current_language()}.manifest.manifest"),
            "absolute": absolute,
            "contact_email": app.config["CONTACT_EMAIL"],
        }


def _mimetype(name: str) -> str:
    return "image/svg+xml" if name.endswith(".svg") else "image/png"


def _text(text: str, mimetype: str) -> Response:
    response = Response(text, mimetype=mimetype)
    response.headers["Cache-Control"] = CHECK_EACH_TIME
    return response

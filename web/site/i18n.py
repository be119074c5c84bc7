"""Languages: the one that a request uses, and the addresses of pages in each of them."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, Flask, current_app, request, url_for
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict

DEFAULT_LANGUAGE = "it"
LANGUAGES = {"it": "Italiano", "en": "English", "fr": "Français"}
# The key of the names of the blueprints of pages among the app's extensions.
_PAGES = "quartieri_pages"


class LanguageLink(NamedTuple):
    """A link to the same page in a language."""

    code: str
    name: str
    url: str
    current: bool


def current_language() -> str:
    """Return the language of the request's address, also where there is no page."""
    first = request.path.split("/", 2)[1]
    return first if first in LANGUAGES else DEFAULT_LANGUAGE


def in_each_language(text: object) -> dict[str, str]:
    """Return a lazily translated text in each language, by its code."""
    texts = {}
    for code in LANGUAGES:
        with force_locale(code):
            texts[code] = str(text)
    return texts


def register_in_each_language(app: Flask, *blueprints: Blueprint) -> None:
    """Serve blueprints at the root in the default language, and under /xx/ in each other.

    The endpoint blueprint.view becomes language.blueprint.view.
    """
    for blueprint in blueprints:
        for language in LANGUAGES:
            prefix = "" if language == DEFAULT_LANGUAGE else f"/{language}"
            app.register_blueprint(
                blueprint,
                name=f"{language}.{blueprint.name}",
                url_prefix=prefix + (blueprint.url_prefix or "") or None,
            )


def register_pages(app: Flask, *blueprints: Blueprint) -> None:
    """Serve blueprints in each language, and let their pages link the other languages."""
    register_in_each_language(app, *blueprints)
    names = app.extensions.setdefault(_PAGES, set())
    names.update(blueprint.name for blueprint in blueprints)


def page_endpoint(endpoint: str | None) -> str | None:
    """Return an endpoint of Flask's as `url` takes it, or None if it isn't one of a page."""
    language, _, local = (endpoint or "").partition(".")
    blueprint, _, view = local.partition(".")
    is_page = language in LANGUAGES and blueprint in current_app.extensions[_PAGES] and view
    return local if is_page else None


def url(endpoint: str, language: str | None = None, **values: Any) -> str:
    """Return the address of an endpoint (blueprint.view) in a language, by default this page's."""
    return url_for(f"{language or current_language()}.{endpoint}", **values)


def language_links() -> list[LanguageLink]:
    """Return links to this page in each language, with its query; to the home page on errors."""
    return [
        LanguageLink(
            code,
            label,
            this_page(code, request.args) or url("home.home", code),
            code == current_language(),
        )
        for code, label in LANGUAGES.items()
    ]


def this_page(language: str, query: MultiDict[str, str]) -> str | None:
    """Return this page's address in a language with a query, or None where it is no page.

    The query doesn't go through `url_for`, which names such as _scheme would control.
    """
    endpoint = page_endpoint(request.endpoint)
    if endpoint is None:
        return None
    address = url(endpoint, language, **(request.view_args or {}))
    text = urlencode([(key, value) for key, value in query.items(multi=True) if value])
    return f"{address}?{text}" if text else address

"""The search box: its page of results, and its suggestions while someone types."""

from itertools import groupby
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request
from flask_babel import gettext as _

from geo.model.kinds import names_of
from geo.search.search import TYPES, Hit, Type, closest, search, streets
from geo.text.safe_text import line
from web.site import labels
from web.site.app_state import dataset
from web.site.hashed_content import OWN_CHECK_EACH_TIME
from web.site.i18n import current_language, url

blueprint = Blueprint("search", __name__)

MAX_LENGTH = 100
SUGGESTIONS = 8
# More results than anyone reads; the page says that there may be others.
MOST = 60
# More streets than this fit a text that says next to nothing: nobody means one of them.
_STREETS_TO_ASK = 12
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"


@blueprint.after_request
def keep_the_words_here(response: Response) -> Response:
    """Let nobody keep what someone typed but their own browser."""
    response.headers.setdefault("Cache-Control", OWN_CHECK_EACH_TIME)
    return response


@blueprint.get("/cerca", strict_slashes=False)
def results() -> str:
    """What a text may mean, by type; which street, where several fit; else names like it."""
    text = _text()
    data = dataset()
    hits = search(data, text, limit=MOST)
    alike = streets(data, text)
    return render_template(
        "find/search.html",
        searched=text,
        groups=_by_type(hits),
        total=len(hits),
        cut=len(hits) == MOST,
        which=alike if _is_question(hits, alike) else [],
        closest=closest(data, text) if not hits else [],
        quartieri=data.quartieri,
        statuses=data.places["status"],
        kind_name=_kind_name,
        hit_url=hit_url,
        shown_name=shown_name,
    )


@blueprint.get("/cerca.json")
def suggestions() -> Response:
    """The best hits for a text that is being typed."""
    hits = search(dataset(), _text(), limit=SUGGESTIONS)
    return jsonify(
        [
            {"type": hit.type, "name": shown_name(hit), "detail": _detail(hit), "url": hit_url(hit)}
            for hit in hits
        ]
    )


def hit_url(hit: Hit) -> str:
    """Return the address of the page that tells more about a hit."""
    if hit.type == "place":
        return url("place", ident=hit.key)
    if hit.type == "street":
        return _street_url(hit)
    return url(hit.type, slug=hit.key)


def shown_name(hit: Hit) -> str:
    """Return a hit's name, with the house number that was asked for."""
    return f"{hit.name} {hit.detail}" if hit.type == "street" and hit.detail else hit.name


def _street_url(hit: Hit) -> str:
    """Return where a street leads: what is near it, if the app has that page."""
    if f"{current_language()}.near.near" in current_app.view_functions:
        place = {"lon": f"{hit.lon:.5f}", "lat": f"{hit.lat:.5f}"}
        return url("near.near", **place, nome=shown_name(hit))
    return url("quartiere", slug=hit.quartiere) if hit.quartiere else url("quartieri")


def _text() -> str:
    """Return the text that is asked for, tidied; 400 if it can't be meant."""
    text = request.args.get("q", "")
    if len(text) > MAX_LENGTH:
        abort(
            400,
            _(
                "Il testo da cercare è troppo lungo: al massimo %(most)s caratteri.",
                most=MAX_LENGTH,
            ),
        )
    text = " ".join(text.split())
    if not _is_readable(text):
        abort(400, _("Il testo contiene caratteri che non si possono leggere."))
    return text


def _is_readable(text: str) -> bool:
    """Tell whether a name of the data might hold this text."""
    try:
        line(text)
    except ValueError:
        return False
    return _UNREADABLE not in text and _is_utf_8(request.query_string)


def _is_utf_8(query: bytes) -> bool:
    """Tell whether a query is readable; Werkzeug hands the bytes that aren't on as "%FF"."""
    try:
        unquote_to_bytes(query).decode()
    except UnicodeDecodeError:
        return False
    return True


def _by_type(hits: list[Hit]) -> list[tuple[Type, list[Hit]]]:
    """Return the hits of each type, the type with the best hit first."""
    best = {kind: max((h.score for h in hits if h.type == kind), default=0.0) for kind in TYPES}
    ordered = sorted(hits, key=lambda hit: (-best[hit.type], TYPES.index(hit.type)))
    return [(kind, list(some)) for kind, some in groupby(ordered, key=lambda hit: hit.type)]


def _is_question(hits: list[Hit], alike: list[Hit]) -> bool:
    """Tell whether a street was meant, and it isn't clear which."""
    if not 1 < len(alike) <= _STREETS_TO_ASK:
        return False
    return hits[0].type == "street"


def _kind_name(slug: str) -> str:
    return names_of(slug).in_language(current_language())


def _detail(hit: Hit) -> str:
    """Return what a hit is and where, for a line below its name."""
    what = _kind_name(hit.detail) if hit.type == "place" and hit.detail else labels.FOUND[hit.type]
    told: list[Any] = [what]
    if hit.quartiere and hit.type != "quartiere":
        told.append(dataset().quartieri["name"].loc[hit.quartiere])
    return ", ".join(str(each) for each in told)

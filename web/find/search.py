"""The search box: its page of results, and its suggestions while someone types."""

from itertools import groupby

from flask import Blueprint, Response, jsonify, render_template
from flask_babel import gettext as _

from geo.search.search import TYPES, Hit, Type, closest, search, streets
from web.find.address_lookup import name_with_number
from web.site import labels, parameters
from web.site.app_state import dataset
from web.site.hashed_content import OWN_CHECK_EACH_TIME
from web.site.i18n import url
from web.site.kind_labels import kind_name

blueprint = Blueprint("search", __name__)

LONGEST = 100
SUGGESTIONS = 8
# More results than anyone reads; the page says that there may be others.
MOST = 60
# Nobody means one of more streets: such a text says next to nothing.
_MOST_STREETS = 12


@blueprint.after_request
def cache_in_own_browser_only(response: Response) -> Response:
    """Let only the reader's own browser cache what they typed."""
    response.headers.setdefault("Cache-Control", OWN_CHECK_EACH_TIME)
    return response


@blueprint.get("/cerca", strict_slashes=False)
def results() -> str:
    """What a text may mean, by type; which street, where several match; else similar names."""
    text = _text()
    data = dataset()
    hits = search(data, text, limit=MOST)
    similar_streets = streets(data, text)
    return render_template(
        "find/search.html",
        searched=text,
        groups=_by_type(hits),
        total=len(hits),
        cut=len(hits) == MOST,
        which=similar_streets if _is_ambiguous(hits, similar_streets) else [],
        closest=closest(data, text) if not hits else [],
        quartieri=data.quartieri,
        statuses=data.places["status"],
        kind_name=kind_name,
        hit_url=hit_url,
        name_with_number=name_with_number,
    )


@blueprint.get("/cerca.json")
def suggestions() -> Response:
    """The best results for a text that is being typed."""
    hits = search(dataset(), _text(), limit=SUGGESTIONS)
    return jsonify(
        [
            {
                "type": hit.type,
                "name": name_with_number(hit),
                "detail": _detail(hit),
                "url": hit_url(hit),
            }
            for hit in hits
        ]
    )


def hit_url(hit: Hit) -> str:
    """Return the address of the page about a result."""
    if hit.type == "place":
        return url("places.place", ident=hit.key)
    if hit.type == "quartiere":
        return url("quartieri.quartiere", slug=hit.key)
    if hit.type == "network":
        return url("networks.network", slug=hit.key)
    point = {"lon": f"{hit.lon:.5f}", "lat": f"{hit.lat:.5f}"}
    return url("near.near", **point, nome=name_with_number(hit))


def _text() -> str:
    too_long = _("Il testo da cercare è troppo lungo: al massimo %(most)s caratteri.", most=LONGEST)
    return parameters.text("q", LONGEST, too_long)


def _by_type(hits: list[Hit]) -> list[tuple[Type, list[Hit]]]:
    """Return the results of each type, the type with the best result first."""
    best = {kind: max((h.score for h in hits if h.type == kind), default=0.0) for kind in TYPES}
    ordered = sorted(hits, key=lambda hit: (-best[hit.type], TYPES.index(hit.type)))
    return [(kind, list(some)) for kind, some in groupby(ordered, key=lambda hit: hit.type)]


def _is_ambiguous(hits: list[Hit], similar_streets: list[Hit]) -> bool:
    """Return whether a street was meant, and it isn't clear which."""
    return 1 < len(similar_streets) <= _MOST_STREETS and hits[0].type == "street"


def _detail(hit: Hit) -> str:
    """Return what a result is and where, for a line below its name."""
    if hit.type == "place" and hit.detail:
        what = kind_name(hit.detail)
    else:
        what = str(labels.SEARCH_TYPE[hit.type])
    if not hit.quartiere or hit.type == "quartiere":
        return what
    return f"{what}, {dataset().quartieri['name'].loc[hit.quartiere]}"

"""The pages of the places: their list, a part of it at a time, and one page for each."""

from flask import Blueprint, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from geo.model import queries
from web.find.nearby_places import neighbours
from web.maps import map_parts
from web.maps.map_query import option_counts, read_filter
from web.pages.place_links import correction_address, directions_to
from web.pages.schema_org import linked_place
from web.site import parameters
from web.site.addresses import canonical
from web.site.app_state import dataset
from web.site.i18n import url
from web.site.kind_labels import kind_words

blueprint = Blueprint("places", __name__, url_prefix="/luoghi")

PAGE_SIZE = 100


@blueprint.get("/")
def places() -> str:
    """The list of all places, by kind and quartiere, a page at a time."""
    data = dataset()
    chosen = read_filter()
    kind, slug = chosen.kind, chosen.quartiere
    selected = queries.select_places(data, kind, slug)
    pages = max(1, -(-len(selected) // PAGE_SIZE))
    page = parameters.whole("pagina", 1, 1, pages, _("La pagina “%(name)s” non esiste."))
    return render_template(
        "pages/places.html",
        kind=kind,
        slug=slug,
        total=len(selected),
        places=selected.iloc[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        page=page,
        pages=pages,
        quartieri=data.quartieri,
        option_counts=option_counts(
            queries.select_places(data, quartiere=slug), queries.select_places(data, kind)
        ),
        **kind_words(),
    )


@blueprint.get("/<path:ident>/")
def place(ident: str) -> str | Response:
    """One place: all that is known of it, and how well; a former id leads to today's."""
    data = dataset()
    current = queries.current_id(data, ident)
    if current != ident:
        return redirect(url("places.place", ident=current), 308)
    parameters.check_exists(data.places, ident)
    row = queries.record(data.places, ident)
    quartiere = row["quartiere"] and str(data.quartieri["name"].loc[row["quartiere"]])
    holders = queries.ties(data, common_good=ident)
    return render_template(
        "pages/place.html",
        ident=ident,
        place=row,
        quartieri=data.quartieri,
        sources=data.sources,
        ties=queries.ties(data, place=ident),
        holders=[tie for ties in holders.values() for tie in ties],
        neighbours=neighbours(ident, row),
        directions=directions_to(row),
        linked=linked_place(row, canonical() or "", data.city, quartiere),
        correction=correction_address(row["name"], ident),
        map=map_parts.map_for_page(map_parts.PLACE, ident) if row["position"] != "none" else None,
        **kind_words(),
    )

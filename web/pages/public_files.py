"""The tables and maps of the home page, quartieri, places and networks, as files."""

import geopandas as gpd
import pandas as pd
from flask import Blueprint, Response
from flask_babel import gettext as _

from geo.analysis import counts, themes
from geo.maps.views import network_view, quartiere_view
from geo.model import queries
from geo.model.kinds import GROUPS
from geo.model.schema import SourceRef
from web.downloads import formats
from web.downloads.pictures import PictureTexts, area_picture, places_picture
from web.maps.map_query import read_coloured_by, read_filter
from web.site import labels
from web.site.addresses import absolute
from web.site.app_state import dataset
from web.site.i18n import url
from web.site.kind_labels import kind_name, nowhere_words
from web.site.parameters import check_exists

blueprint = Blueprint("public_files", __name__)


@blueprint.get(f"/quartieri/tabella.<{formats.LAYER}:extension>")
def quartieri(extension: str) -> Response:
    """The quartieri: residents, networks, places by group, and those of the chosen kind."""
    kind, _measure = read_coloured_by()
    about = formats.about_counts(
        _("Che cosa c’è in ogni quartiere: %(what)s", what=kind_name(kind))
    )
    return formats.layer_file(
        quartieri_layer(kind), about, extension, _("quartieri"), kind_name(kind)
    )


@blueprint.get(f"/quartieri/mappa.<{formats.PICTURE}:extension>")
def quartieri_map(extension: formats.PictureForm) -> Response:
    """The map of the home page, coloured by the chosen kind and measure, as a picture."""
    kind, measure = read_coloured_by()
    values = counts.counts_by_quartiere(dataset(), kind)[measure.column]
    body = area_picture(
        measure,
        values,
        measure.classify(values),
        texts=PictureTexts(kind_name(kind), str(measure.label)),
        form=extension,
    )
    return formats.attached(body, extension, _("quartieri"), kind_name(kind), measure.slug)


@blueprint.get(f"/quartieri/<slug>/tabella.<{formats.TABLE}:extension>")
def quartiere(slug: str, extension: str) -> Response:
    """What one quartiere has of each kind, beside the city."""
    data = dataset()
    check_exists(data.quartieri, slug)
    profile = counts.profile(data, slug)
    table = pd.DataFrame(
        {
            _("codice"): profile.index,
            _("Tipo di luogo"): [kind_name(kind) for kind in profile.index],
            _("Numero di luoghi"): profile["count"],
            _("ogni 1.000 residenti"): profile["per_1000"],
            _("da 1 a 4 luoghi"): profile["small"],
            _("Città: numero"): profile["city_count"],
            _("Città: ogni 1.000 residenti"): profile["city_per_1000"],
            _("registro completo"): [counts.is_complete(data, kind) for kind in profile.index],
        }
    )
    about = formats.about_counts(data.quartieri["name"].loc[slug])
    return formats.table_file(table, about, extension, _("quartiere"), slug)


@blueprint.get(f"/quartieri/<slug>/mappa.<{formats.PICTURE}:extension>")
def quartiere_map(slug: str, extension: formats.PictureForm) -> Response:
    """One quartiere and its places as a picture."""
    data = dataset()
    check_exists(data.quartieri, slug)
    title = data.quartieri["name"].loc[slug]
    return places_picture(quartiere_view(data, slug), title, extension, _("quartiere"), slug)


@blueprint.get(f"/luoghi/elenco.<{formats.LAYER}:extension>")
def places(extension: str) -> Response:
    """The places of a kind and of a quartiere, or all, each with its source and licence."""
    data, chosen = dataset(), read_filter()
    found = queries.select_places(data, chosen.kind, chosen.quartiere)
    what = kind_name(chosen.kind) if chosen.kind else _("tutti i tipi")
    about = formats.about_counts(_("Luoghi: %(what)s", what=what))
    name = (_("luoghi"), what, chosen.quartiere or "")
    return formats.layer_file(places_layer(found), about, extension, *name)


@blueprint.get(f"/reti/elenco.<{formats.TABLE}:extension>")
def networks(extension: str) -> Response:
    """The networks, with their quartieri and how many are known to be in them."""
    data = dataset()
    members = themes.network_summary(data).loc[data.networks.index]
    names = data.quartieri["name"]
    table = pd.DataFrame(
        {
            _("codice"): data.networks.index,
            _("Rete"): data.networks["name"],
            _("Quartieri"): [", ".join(names[list(each)]) for each in data.networks["quartieri"]],
            _("non più attiva"): data.networks["status"] == "former",
            str(labels.EVIDENCE["member"]): members["member"],
            str(labels.EVIDENCE["takes part"]): members["takes_part"],
            str(labels.EVIDENCE["agreement"]): members["agreement"],
            _("Membri dichiarati"): data.networks["members_claimed"],
            _("Fonte"): data.networks["source_url"],
            _("data della fonte"): data.networks["source_date"],
        }
    )
    return formats.table_file(
        table, formats.about_counts(_("Le Reti di Quartiere")), extension, _("reti")
    )


@blueprint.get(f"/reti/<slug>/legami.<{formats.TABLE}:extension>")
def network(slug: str, extension: str) -> Response:
    """Who is in a network, who takes part, who has an agreement, each with its source."""
    data = dataset()
    check_exists(data.networks, slug)
    ties = [tie for some in queries.ties(data, network=slug).values() for tie in some]
    table = pd.DataFrame(
        [
            {
                _("codice"): tie.place,
                _("Nome"): tie.place_name,
                _("Tipo di luogo"): kind_name(tie.kind),
                _("Legame"): str(labels.EVIDENCE[tie.evidence]),
                _("bene comune"): tie.common_good_name,
                _("Fonte"): tie.source_url,
                _("data della fonte"): tie.source_date,
            }
            for tie in ties
        ]
    )
    about = formats.about_counts(data.networks["name"].loc[slug])
    return formats.table_file(table, about, extension, _("rete"), slug)


@blueprint.get(f"/reti/<slug>/mappa.<{formats.PICTURE}:extension>")
def network_map(slug: str, extension: formats.PictureForm) -> Response:
    """One network's quartieri and the places tied to it as a picture."""
    data = dataset()
    check_exists(data.networks, slug)
    title = data.networks["name"].loc[slug]
    return places_picture(network_view(data, slug), title, extension, _("rete"), slug)


def quartieri_layer(kind: str) -> gpd.GeoDataFrame:
    """Return the quartieri (WGS84) with residents, networks, counts by group and of a kind.

    Two rows without an area follow: what lies outside, and what no source puts anywhere.
    """
    data = dataset()
    table, number_of = counts.counts_by_quartiere(data, kind), counts.counts(data)
    nowhere = nowhere_words()
    rows = [*data.quartieri.index, *nowhere]
    networks_of = {
        slug: ", ".join(queries.networks_of(data, slug)["name"]) for slug in data.quartieri.index
    }
    columns = {
        _("codice"): [slug if slug not in nowhere else "" for slug in rows],
        _("Quartiere"): [*table["name"], *nowhere.values()],
        _("Residenti"): table["residents"].reindex(rows),
        _("anno dei residenti"): table["residents_year"].reindex(rows),
        _("residenti stimati"): table["residents_estimated"].reindex(rows),
        kind_name(kind): number_of[kind],
        _("%(what)s ogni 1.000 residenti", what=kind_name(kind)): table["per_1000"].reindex(rows),
        _("da 1 a 4 luoghi"): table["small"].reindex(rows),
    }
    of_groups = {kind_name(group): number_of[group] for group in GROUPS if group != kind}
    last = {_("Reti"): pd.Series(networks_of).reindex(rows)}
    geometry = data.quartieri.geometry.reindex(rows)
    return gpd.GeoDataFrame(columns | of_groups | last, index=rows, geometry=geometry)


def places_layer(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return places (WGS84; no point where none is known) with their columns in words."""
    data = dataset()
    names = data.quartieri["name"]
    columns = {
        _("codice"): places.index,
        _("Nome"): places["name"],
        _("Tipo di luogo"): places["kind"].map(kind_name),
        _("strato"): places["kind"].map(lambda kind: kind_name(data.kinds.group_of(kind))),
        _("Indirizzo"): places["address"],
        _("Quartiere"): places["quartiere"].map(names),
        _("Posizione"): places["position"].map(lambda name: str(labels.POSITION_SHORT[name])),
        _("Stato"): places["status"].map(lambda name: str(labels.STATUS[name])),
        "lon": places.geometry.x,
        "lat": places.geometry.y,
        _("Superficie (m²)"): places["area_m2"],
        _("Sito"): places["website"],
        _("Pagina"): [absolute(url("places.place", ident=ident)) for ident in places.index],
        _("Fonti"): places["sources"].map(_citations),
        _("verificato il"): places["checked_on"],
    }
    return gpd.GeoDataFrame(columns, geometry=places.geometry)


def _citations(refs: tuple[SourceRef, ...]) -> str:
    """Return the title, date, licence and page of each source of a place."""
    sources = dataset().sources
    citations = []
    for ref in refs:
        row = sources.loc[ref.source]
        parts = (row["title"], ref.date or row["date"], row["licence"], ref.url or row["url"])
        citations.append(", ".join(part for part in parts if part))
    return "; ".join(citations)

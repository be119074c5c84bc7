"""The tables and maps that everyone reads, as files to take away."""

import geopandas as gpd
import pandas as pd
from flask import Blueprint, Response, abort
from flask_babel import gettext as _

from geo import answers, commons, counts, resources
from geo.classes import classify
from geo.export import About
from geo.indicators import DEFINITIONS, indicators
from geo.kinds import GROUPS, KINDS, names_of
from geo.rows import SourceRef
from geo.views import commons_view, network_view, quartiere_view
from web import files, words
from web.filters import COUNT, read_choice, read_filter, read_stage
from web.picture_files import Told, area_picture, places_picture
from web.sharing import absolute
from web.site import current_language, dataset, number, url

blueprint = Blueprint("lists", __name__)


@blueprint.get(f"/quartieri/tabella.<{files.LAYER}:extension>")
def quartieri(extension: str) -> Response:
    """The quartieri: residents, networks, places by group, and those of the chosen kind."""
    kind, _measure = read_choice()
    about = _about(_("Che cosa c’è in ogni quartiere: %(what)s", what=_name(kind)))
    return files.layer_file(quartieri_layer(kind), about, extension, _("quartieri"), _name(kind))


@blueprint.get(f"/quartieri/mappa.<{files.PICTURE}:extension>")
def quartieri_map(extension: files.PictureForm) -> Response:
    """The map of the home page, coloured by the chosen kind and measure, as a picture."""
    kind, measure = read_choice()
    digits = 0 if measure == COUNT else 2
    values = counts.coverage(dataset(), kind)["count" if measure == COUNT else "per_1000"]
    body = area_picture(
        classify(values),
        {str(slug): number(value, digits) for slug, value in values.items()},
        digits=digits,
        told=Told(_name(kind), str(words.MEASURE[measure])),
        form=extension,
    )
    return files.attached(body, extension, _("quartieri"), _name(kind), measure)


@blueprint.get(f"/quartieri/<slug>/tabella.<{files.TABLE}:extension>")
def quartiere(slug: str, extension: str) -> Response:
    """What one quartiere has of each kind, beside the city."""
    data = dataset()
    if slug not in data.quartieri.index:
        abort(404)
    profile = counts.profile(data, slug)
    table = pd.DataFrame(
        {
            _("codice"): profile.index,
            _("Tipo di luogo"): [_name(kind) for kind in profile.index],
            _("Numero di luoghi"): profile["count"],
            _("ogni 1.000 residenti"): profile["per_1000"],
            _("da 1 a 4 luoghi"): profile["small"],
            _("Città: numero"): profile["city_count"],
            _("Città: ogni 1.000 residenti"): profile["city_per_1000"],
            _("registro completo"): [counts.is_complete(data, kind) for kind in profile.index],
        }
    )
    about = _about(data.quartieri["name"].loc[slug])
    return files.table_file(table, about, extension, _("quartiere"), slug)


@blueprint.get(f"/quartieri/<slug>/mappa.<{files.PICTURE}:extension>")
def quartiere_map(slug: str, extension: files.PictureForm) -> Response:
    """One quartiere and its places as a picture."""
    data = dataset()
    if slug not in data.quartieri.index:
        abort(404)
    title = data.quartieri["name"].loc[slug]
    body = places_picture(quartiere_view(data, slug), title=title, form=extension)
    return files.attached(body, extension, _("quartiere"), slug)


@blueprint.get(f"/beni-comuni/tabella.<{files.LAYER}:extension>")
def commons_table(extension: str) -> Response:
    """The common goods of each quartiere: how many, green, rooms, stages."""
    return files.layer_file(commons_layer(), _about(_("Beni comuni")), extension, _("beni comuni"))


@blueprint.get(f"/beni-comuni/mappa.<{files.PICTURE}:extension>")
def commons_map(extension: files.PictureForm) -> Response:
    """The map of the common goods, of a stage or all, as a picture."""
    stage = read_stage()
    title = str(words.STAGE[stage]) if stage else _("Beni comuni")
    body = places_picture(commons_view(dataset(), stage), title=title, form=extension)
    return files.attached(body, extension, _("beni comuni"), title if stage else "")


@blueprint.get(f"/quartieri/indicatori.<{files.LAYER}:extension>")
def indicators_table(extension: str) -> Response:
    """Every indicator of every quartiere, with the city's values."""
    about = _about(_("Indicatori dei quartieri"))
    return files.layer_file(indicators_layer(), about, extension, _("indicatori"))


@blueprint.get(f"/risorse/temi.<{files.TABLE}:extension>")
def themes_table(extension: str) -> Response:
    """How many places each quartiere has of each theme of action."""
    data = dataset()
    found = resources.themes(data).table
    table = found.rename(columns={slug: str(name) for slug, name in words.THEME.items()})
    table.insert(0, _("Quartiere"), [*data.quartieri["name"], *_nowhere().values()])
    return files.table_file(table, _about(_("Temi di azione")), extension, _("temi"))


@blueprint.get(f"/luoghi/elenco.<{files.LAYER}:extension>")
def places(extension: str) -> Response:
    """The places of a kind and of a quartiere, or all, each with its source and licence."""
    data, asked = dataset(), read_filter()
    found = answers.select_places(data, asked.kind, asked.quartiere)
    what = _name(asked.kind) if asked.kind else _("tutti i tipi")
    about = _about(_("Luoghi: %(what)s", what=what))
    name = (_("luoghi"), what, asked.quartiere or "")
    return files.layer_file(places_layer(found), about, extension, *name)


@blueprint.get(f"/reti/elenco.<{files.TABLE}:extension>")
def networks(extension: str) -> Response:
    """The networks, with their quartieri and how many are known to be in them."""
    data = dataset()
    ties = data.memberships[data.memberships["network"].notna()]
    number_of = pd.crosstab(ties["network"], ties["evidence"]).reindex(
        index=data.networks.index, columns=list(words.EVIDENCE), fill_value=0
    )
    names = data.quartieri["name"]
    table = pd.DataFrame(
        {
            _("codice"): data.networks.index,
            _("Rete"): data.networks["name"],
            _("Quartieri"): [", ".join(names[list(each)]) for each in data.networks["quartieri"]],
            _("non più attiva"): data.networks["status"] == "former",
            **{str(text): number_of[name] for name, text in words.EVIDENCE.items()},
            _("Membri dichiarati"): data.networks["members_claimed"],
            _("Fonte"): data.networks["source_url"],
            _("data della fonte"): data.networks["source_date"],
        }
    )
    return files.table_file(table, _about(_("Le Reti di Quartiere")), extension, _("reti"))


@blueprint.get(f"/reti/<slug>/legami.<{files.TABLE}:extension>")
def network(slug: str, extension: str) -> Response:
    """Who is in a network, who takes part, who has an agreement, each with its source."""
    data = dataset()
    if slug not in data.networks.index:
        abort(404)
    ties = [tie for some in answers.ties(data, network=slug).values() for tie in some]
    table = pd.DataFrame(
        [
            {
                _("codice"): tie.place,
                _("Nome"): tie.place_name,
                _("Tipo di luogo"): _name(tie.kind),
                _("Legame"): str(words.EVIDENCE[tie.evidence]),
                _("bene comune"): tie.common_good_name,
                _("Fonte"): tie.source_url,
                _("data della fonte"): tie.source_date,
            }
            for tie in ties
        ]
    )
    about = _about(data.networks["name"].loc[slug])
    return files.table_file(table, about, extension, _("rete"), slug)


@blueprint.get(f"/reti/<slug>/mappa.<{files.PICTURE}:extension>")
def network_map(slug: str, extension: files.PictureForm) -> Response:
    """One network's quartieri and the places tied to it as a picture."""
    data = dataset()
    if slug not in data.networks.index:
        abort(404)
    title = data.networks["name"].loc[slug]
    body = places_picture(network_view(data, slug), title=title, form=extension)
    return files.attached(body, extension, _("rete"), slug)


def quartieri_layer(kind: str) -> gpd.GeoDataFrame:
    """Return the quartieri (WGS84) with residents, networks, counts by group and of a kind.

    Two rows without an area follow: what lies outside, and what no source puts anywhere.
    """
    data = dataset()
    table, number_of = counts.coverage(data, kind), counts.counts(data)
    nowhere = _nowhere()
    rows = [*data.quartieri.index, *nowhere]
    networks_of = {
        slug: ", ".join(answers.networks_of(data, slug)["name"]) for slug in data.quartieri.index
    }
    columns = {
        _("codice"): [slug if slug not in nowhere else "" for slug in rows],
        _("Quartiere"): [*table["name"], *nowhere.values()],
        _("Residenti"): table["residents"].reindex(rows),
        _("anno dei residenti"): table["residents_year"].reindex(rows),
        _("residenti stimati"): table["residents_estimated"].reindex(rows),
        _name(kind): number_of[kind],
        _("%(what)s ogni 1.000 residenti", what=_name(kind)): table["per_1000"].reindex(rows),
        _("da 1 a 4 luoghi"): table["small"].reindex(rows),
    }
    of_groups = {_name(group): number_of[group] for group in GROUPS if group != kind}
    last = {_("Reti"): pd.Series(networks_of).reindex(rows)}
    geometry = data.quartieri.geometry.reindex(rows)
    return gpd.GeoDataFrame(columns | of_groups | last, index=rows, geometry=geometry)


def places_layer(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return places (WGS84; no point where none is known) with their columns in words."""
    names = dataset().quartieri["name"]
    columns = {
        _("codice"): places.index,
        _("Nome"): places["name"],
        _("Tipo di luogo"): places["kind"].map(_name),
        _("strato"): places["kind"].map(lambda kind: _name(KINDS[kind].group)),
        _("Indirizzo"): places["address"],
        _("Quartiere"): places["quartiere"].map(names),
        _("Posizione"): places["position"].map(lambda name: str(words.POSITION_SHORT[name])),
        _("Stato"): places["status"].map(lambda name: str(words.STATUS[name])),
        "lon": places.geometry.x,
        "lat": places.geometry.y,
        _("Superficie (m²)"): places["area_m2"],
        _("Sito"): places["website"],
        _("Pagina"): [absolute(url("place", ident=ident)) for ident in places.index],
        _("Fonti"): places["sources"].map(_cited),
        _("verificato il"): places["checked_on"],
    }
    return gpd.GeoDataFrame(columns, geometry=places.geometry)


def commons_layer() -> gpd.GeoDataFrame:
    """Return the quartieri (WGS84) with their common goods, and what lies in none of them."""
    data = dataset()
    table = commons.commons(data).table
    nowhere = _nowhere()
    columns = {
        _("codice"): [slug if slug not in nowhere else "" for slug in table.index],
        _("Quartiere"): [*data.quartieri["name"], *nowhere.values()],
        _("Beni comuni"): table["commons"],
        _("Parchi e giardini"): table["parks"],
        _("Verde noto (m²)"): table["green_m2"],
        _("di superficie non nota"): table["unmeasured"],
        _("Verde per residente (m²)"): table["green_each"],
        _("residenti stimati"): table["residents_estimated"],
        _("Spazi da usare"): table["rooms"],
        **{str(text): table[name] for name, text in words.STAGE.items()},
    }
    geometry = data.quartieri.geometry.reindex(table.index)
    return gpd.GeoDataFrame(columns, index=table.index, geometry=geometry)


def indicators_layer() -> gpd.GeoDataFrame:
    """Return the quartieri (WGS84) with their indicators; the last row is the whole city."""
    data, found = dataset(), indicators(dataset())
    columns = {
        _("codice"): [*data.quartieri.index, ""],
        _("Quartiere"): [*data.quartieri["name"], _("Tutta la città")],
        _("residenti stimati"): [*data.quartieri["residents_estimated"], False],
    }
    measured = {
        f"{words.INDICATOR[slug]} ({words.UNIT[each.unit]})": [
            *found.table[slug],
            found.city[slug],
        ]
        for slug, each in DEFINITIONS.items()
    }
    geometry = gpd.GeoSeries([*data.quartieri.geometry, None], crs=data.quartieri.crs)
    return gpd.GeoDataFrame(columns | measured, geometry=geometry)


def _nowhere() -> dict[str, str]:
    """Return the rows beside the quartieri, in words."""
    return {
        counts.OUTSIDE: _("Fuori dai quartieri"),
        counts.UNPLACED: _("Senza quartiere noto"),
    }


def _about(title: str) -> About:
    method = _(
        "Ogni luogo conta in un solo quartiere: quello del suo punto o, se non ha un punto, "
        "quello che la fonte dichiara. I luoghi chiusi o solo previsti non contano. Dove manca "
        "un registro completo, zero vuol dire che le fonti non ne nominano."
    )
    return files.about_file(title, method)


def _cited(refs: tuple[SourceRef, ...]) -> str:
    """Return where a place is from: for each source its title, date, licence and page."""
    sources = dataset().sources
    told = []
    for ref in refs:
        row = sources.loc[ref.source]
        parts = (row["title"], ref.date or row["date"], row["licence"], ref.url or row["url"])
        told.append(", ".join(part for part in parts if part))
    return "; ".join(told)


def _name(slug: str) -> str:
    return names_of(slug).in_language(current_language())

"""The open data: every layer in four formats, dictionary, catalogue, and feed of changes."""

from dataclasses import replace
from typing import cast
from xml.etree import ElementTree

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask_babel import force_locale

from geo.base.optional import extra, has
from geo.model.cache import memoized
from geo.model.dataset import Dataset
from geo.publish import dcat
from geo.publish.open_layers import OpenLayer, open_layers
from geo.publish.table_files import About, to_csv, to_geojson, to_gpkg, to_parquet
from web.downloads.formats import LICENCE, LICENCE_URL, attached, offered
from web.open_data import dictionary
from web.open_data.publisher import publisher
from web.server.security import OPEN_HEADERS
from web.site.addresses import absolute
from web.site.app_state import dataset, today
from web.site.hashed_content import Rendered
from web.site.i18n import DEFAULT_LANGUAGE, in_each_language, url

pages = Blueprint("open_data", __name__)
blueprint = Blueprint("open_files", __name__, url_prefix="/dati")

FORMATS = {"geojson": "GeoJSON", "gpkg": "GeoPackage", "csv": "CSV", "parquet": "GeoParquet"}
# What has no geometry can't be in a format of maps.
TABLE_FORMATS = {"csv": "CSV", "parquet": "Parquet"}
_ATOM = "http://www.w3.org/2005/Atom"


@blueprint.after_request
def for_everyone(response: Response) -> Response:
    """Let other people's pages read the files."""
    response.headers.update(OPEN_HEADERS)
    return response


@pages.get("/dati/")
def page() -> str:
    """The layers with their files and dictionary, the catalogue, the changes."""
    data = dataset()
    return render_template(
        "open_data/page.html",
        layers=open_layers(data),
        formats_of=lambda layer: offered(formats_of(layer)),
        has_catalogue=has("rdflib"),
        has_api=has("pygeoapi"),
        dictionary=dictionary,
        licence_url=LICENCE_URL,
        changes=data.changes[::-1].to_dict("records"),
        sources=data.sources,
    )


@blueprint.get("/<name>.<any('geojson', 'gpkg', 'csv', 'parquet'):form>")
def file(name: str, form: str) -> Response:
    """A layer as a file, in the same words for everyone: columns have names for machines."""
    layer = open_layers(dataset()).get(name)
    if layer is None or form not in formats_of(layer):
        abort(404)
    response = attached(_file(dataset(), name, form), form, name)
    response.set_etag(f"{dataset().version}-{name}-{form}")
    return cast("Response", response.make_conditional(request))


@blueprint.get("/catalogo.<any('ttl', 'jsonld'):form>")
def catalogue(form: str) -> Response:
    """The catalogue in the Italian profile of DCAT, for dati.gov.it to harvest."""
    with extra("api"):
        from geo.publish import dcat_graph  # noqa: PLC0415
    published = _published()
    named = {"ttl": ("turtle", "text/turtle"), "jsonld": ("json-ld", "application/ld+json")}
    syntax, mimetype = named[form]
    body = dcat_graph.catalogue(published).serialize(format=syntax)
    return Rendered(body.encode(), mimetype).response()


@blueprint.get("/aggiornamenti.atom")
def feed() -> Response:
    """The changes of the data as an Atom feed, the newest first."""
    data = dataset()
    home = absolute(url("open_data.page", DEFAULT_LANGUAGE))
    city = data.city.names.in_language(DEFAULT_LANGUAGE)
    root = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": DEFAULT_LANGUAGE})
    _child(root, "id", home)
    _child(root, "title", f"Quartieri – {city}: aggiornamenti dei dati")
    _child(root, "updated", _moment(_modified(data)))
    _child(root, "link", href=absolute("/dati/aggiornamenti.atom"), rel="self")
    _child(root, "link", href=home)
    _child(_child(root, "author"), "name", publisher().name)
    for number, change in reversed(list(enumerate(data.changes.to_dict("records"), start=1))):
        entry = _child(root, "entry")
        _child(entry, "id", f"{home}#{number}")
        _child(entry, "title", change["text"])
        _child(entry, "updated", _moment(change["date"]))
        _child(entry, "link", href=home)
        version = change["version"]
        _child(entry, "summary", f"{change['text']}{f' (versione {version})' if version else ''}")
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Rendered(body, "application/atom+xml").response()


def formats_of(layer: OpenLayer) -> dict[str, str]:
    """Return the formats that a layer is published in, by their endings."""
    return FORMATS if layer.mapped else TABLE_FORMATS


@memoized(64)
def _file(data: Dataset, name: str, form: str) -> bytes:
    """Write a layer's file, once for each dataset."""
    layer = open_layers(data)[name]
    about = _about(data, name)
    if form == "geojson":
        return to_geojson(layer.frame, about)
    if form == "gpkg":
        return to_gpkg(layer.frame, about, name)
    if form == "parquet":
        return to_parquet(layer.frame, about, mapped=layer.mapped)
    table = layer.frame.drop(columns="geometry")
    if layer.mapped and (layer.frame.geom_type.dropna() == "Point").all():
        table = table.assign(lon=layer.frame.geometry.x, lat=layer.frame.geometry.y)
    # A row has no room for all metadata of a layer: the page has the rest.
    brief = {name: about.facts[name] for name in ("licenza", "versione_dati", "data_dati")}
    return to_csv(table, replace(about, facts=brief))


def _about(data: Dataset, name: str) -> About:
    with force_locale(DEFAULT_LANGUAGE):
        title = str(dictionary.LAYER[name][0])
        facts = {
            "licenza": LICENCE,
            "versione_dati": data.version,
            "data_dati": _modified(data),
            "attribuzione": "; ".join(data.sources["attribution"].drop_duplicates()),
            # Not the address of the request: the file is cached for everyone.
            "metodo": current_app.config["PUBLIC_URL"].rstrip("/")
            + url("about.method", DEFAULT_LANGUAGE),
        }
    return About(title, _modified(data), facts)


def _modified(data: Dataset) -> str:
    """Return the day of the last change, or today where there is none."""
    return str(data.changes["date"].max()) if len(data.changes) else today().isoformat()


def _published() -> dcat.Published:
    data = dataset()
    west, south, east, north = (round(float(edge), 5) for edge in data.quartieri.total_bounds)
    dates = data.changes["date"]
    return dcat.Published(
        home=absolute(url("open_data.page", DEFAULT_LANGUAGE)),
        titles={
            code: f"{title} – {data.city.names.in_language(code)}"
            for code, title in in_each_language(dictionary.CATALOGUE[0]).items()
        },
        descriptions=in_each_language(dictionary.CATALOGUE[1]),
        publisher=publisher(),
        issued=str(dates.min()) if len(dates) else _modified(data),
        modified=_modified(data),
        version=data.version,
        bounds=(west, south, east, north),
        entries=tuple(_entry(layer) for layer in open_layers(data).values()),
    )


def _entry(layer: OpenLayer) -> dcat.Entry:
    title, description = dictionary.LAYER[layer.slug]
    return dcat.Entry(
        slug=layer.slug,
        titles=in_each_language(title),
        descriptions=in_each_language(description),
        files={form: absolute(f"/dati/{layer.slug}.{form}") for form in offered(formats_of(layer))},
    )


def _child(
    parent: ElementTree.Element, name: str, text: str = "", **attributes: str
) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name, attributes)
    child.text = text or None
    return child


def _moment(day: str) -> str:
    return f"{day}T00:00:00Z"

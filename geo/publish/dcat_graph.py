"""The catalogue of the open data as a graph, in the Italian profile of DCAT (DCAT-AP_IT 1.1)."""

from rdflib import RDF, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, OWL

from geo.publish.dcat import FORMATS, ODBL, Entry, Published, Texts

DCATAPIT = Namespace("http://dati.gov.it/onto/dcatapit#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_EU = "http://publications.europa.eu/resource/authority/"
_MEDIA = "https://www.iana.org/assignments/media-types/"
_LICENCE = URIRef(ODBL)
# What these data are about: population and society, regions and cities.
_THEMES = ("SOCI", "REGI")


def catalogue(published: Published) -> Graph:
    """Return the catalogue as a graph: every mandatory property of DCAT-AP_IT, and some more."""
    graph = Graph()
    graph.bind("dcatapit", DCATAPIT)
    agent = _agent(graph, published)
    _licence(graph)
    home = URIRef(published.home)
    catalog = URIRef(f"{published.home}#catalogo")
    _type(graph, catalog, DCATAPIT.Catalog, DCAT.Catalog)
    _texts(graph, catalog, published.titles, published.descriptions)
    graph.add((catalog, DCTERMS.publisher, agent))
    graph.add((catalog, DCTERMS.issued, _date(published.issued)))
    graph.add((catalog, DCTERMS.modified, _date(published.modified)))
    graph.add((catalog, DCTERMS.language, URIRef(f"{_EU}language/ITA")))
    graph.add((catalog, DCAT.themeTaxonomy, URIRef(f"{_EU}data-theme")))
    graph.add((catalog, FOAF.homepage, home))
    for entry in published.entries:
        dataset = _dataset(graph, entry, published, agent)
        graph.add((catalog, DCAT.dataset, dataset))
    return graph


def _dataset(graph: Graph, entry: Entry, published: Published, agent: URIRef) -> URIRef:
    dataset = URIRef(f"{published.home}#{entry.slug}")
    _type(graph, dataset, DCATAPIT.Dataset, DCAT.Dataset)
    _texts(graph, dataset, entry.titles, entry.descriptions)
    graph.add((dataset, DCTERMS.identifier, Literal(f"{published.publisher.code}:{entry.slug}")))
    graph.add((dataset, DCTERMS.modified, _date(published.modified)))
    graph.add((dataset, DCTERMS.accrualPeriodicity, URIRef(f"{_EU}frequency/IRREG")))
    graph.add((dataset, DCTERMS.language, URIRef(f"{_EU}language/ITA")))
    graph.add((dataset, DCTERMS.rightsHolder, agent))
    graph.add((dataset, DCTERMS.publisher, agent))
    graph.add((dataset, OWL.versionInfo, Literal(published.version)))
    graph.add((dataset, DCAT.landingPage, URIRef(published.home)))
    graph.add((dataset, DCTERMS.spatial, _box(graph, published.bounds)))
    for theme in _THEMES:
        graph.add((dataset, DCAT.theme, URIRef(f"{_EU}data-theme/{theme}")))
    if published.publisher.email:
        graph.add((dataset, DCAT.contactPoint, _contact(graph, published)))
    for form, address in entry.files.items():
        graph.add((dataset, DCAT.distribution, _distribution(graph, entry, form, address)))
    return dataset


def _distribution(graph: Graph, entry: Entry, form: str, address: str) -> URIRef:
    file_type, media_type = FORMATS[form]
    distribution = URIRef(f"{address}#file")
    _type(graph, distribution, DCATAPIT.Distribution, DCAT.Distribution)
    titles = {language: f"{title} ({file_type})" for language, title in entry.titles.items()}
    _texts(graph, distribution, titles, {})
    graph.add((distribution, DCTERMS["format"], URIRef(f"{_EU}file-type/{file_type}")))
    graph.add((distribution, DCAT.mediaType, URIRef(_MEDIA + media_type)))
    graph.add((distribution, DCAT.accessURL, URIRef(address)))
    graph.add((distribution, DCAT.downloadURL, URIRef(address)))
    graph.add((distribution, DCTERMS.license, _LICENCE))
    return distribution


def _agent(graph: Graph, published: Published) -> URIRef:
    agent = URIRef(f"{published.home}#editore")
    _type(graph, agent, DCATAPIT.Agent, FOAF.Agent)
    graph.add((agent, FOAF.name, Literal(published.publisher.name, lang="it")))
    graph.add((agent, DCTERMS.identifier, Literal(published.publisher.code)))
    return agent


def _licence(graph: Graph) -> None:
    _type(graph, _LICENCE, DCATAPIT.LicenseDocument, DCTERMS.LicenseDocument)
    share_alike = URIRef("http://purl.org/adms/licencetype/ViralEffect-ShareAlike")
    graph.add((_LICENCE, DCTERMS.type, share_alike))
    graph.add((_LICENCE, FOAF.name, Literal("Open Data Commons Open Database License (ODbL)")))
    graph.add((_LICENCE, OWL.versionInfo, Literal("1.0")))


def _contact(graph: Graph, published: Published) -> URIRef:
    contact = URIRef(f"{published.home}#contatto")
    _type(graph, contact, DCATAPIT.Organization, VCARD.Organization, VCARD.Kind)
    graph.add((contact, VCARD.fn, Literal(published.publisher.name)))
    graph.add((contact, VCARD.hasEmail, URIRef(f"mailto:{published.publisher.email}")))
    return contact


def _box(graph: Graph, bounds: tuple[float, float, float, float]) -> BNode:
    west, south, east, north = bounds
    place = BNode("area")
    graph.add((place, RDF.type, DCTERMS.Location))
    ring = f"{west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}"
    wkt = URIRef("http://www.opengis.net/ont/geosparql#wktLiteral")
    graph.add((place, DCAT.bbox, Literal(f"POLYGON(({ring}))", datatype=wkt)))
    return place


def _type(graph: Graph, subject: URIRef, *types: URIRef) -> None:
    for each in types:
        graph.add((subject, RDF.type, each))


def _texts(graph: Graph, subject: URIRef, titles: Texts, descriptions: Texts) -> None:
    for language, text in titles.items():
        graph.add((subject, DCTERMS.title, Literal(text, lang=language)))
    for language, text in descriptions.items():
        graph.add((subject, DCTERMS.description, Literal(text, lang=language)))


def _date(text: str) -> Literal:
    return Literal(text, datatype=XSD.date)

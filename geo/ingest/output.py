"""What goes into each file of a data folder."""

from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from geo.ingest.build import BuildResult
from geo.ingest.place_ids import id_files
from geo.model.schema import (
    DemandRow,
    MembershipRow,
    NetworkRow,
    PlaceRow,
    QuartiereRow,
    SourceRow,
    StreetRow,
)
from geo.model.tables import DEMAND, MEMBERSHIPS, NETWORKS, PLACES, QUARTIERI, SOURCES, STREETS
from geo.model.writing import features, table
from geo.sources.catalogue import Catalogue
from geo.sources.record import Area, Network

COMUNE = "comune.geojson"
SOURCES_TEXT = "SOURCES.md"


def texts(result: BuildResult, rows: Sequence[PlaceRow]) -> dict[str, str]:
    """Return every file of the data folder by name."""
    base_map = result.base_map
    cited = _cited(rows, result.catalogue)
    comune = {
        "slug": base_map.city.slug,
        "name": base_map.city.names.it,
        "source": result.catalogue.outline,
    }
    return {
        QUARTIERI.file: features(
            (_quartiere(area).model_dump(), area.shape) for area in base_map.areas
        ),
        COMUNE: features([(comune, base_map.comune)]),
        PLACES.file: features(
            (row.model_dump(), _point(place.lon, place.lat))
            for row, place in zip(rows, result.places, strict=True)
        ),
        NETWORKS.file: table([_network(n) for n in result.networks], NetworkRow.model_fields),
        MEMBERSHIPS.file: table(result.memberships, MembershipRow.model_fields),
        STREETS.file: table(
            [
                StreetRow(street=p.street, lon=p.lon, lat=p.lat, osm_id=p.osm_id)
                for p in base_map.street_points
            ],
            StreetRow.model_fields,
        ),
        **id_files(result.ids),
        DEMAND.file: table(result.demand, DemandRow.model_fields),
        SOURCES.file: table(cited, SourceRow.model_fields),
        SOURCES_TEXT: sources_text(cited),
    }


def sources_text(sources: Sequence[SourceRow]) -> str:
    """Return SOURCES.md: the sources, their licences and attributions, and what is uncertain."""
    lines = [
        "# Sources of the data",
        "",
        "Made from `sources.csv` by `python -m geo build`; don't edit.",
        "",
        "The data folder is a database derived from OpenStreetMap: it's available under the",
        "[Open Database License (ODbL) 1.0](https://opendatacommons.org/licenses/odbl/1-0/),",
        "© OpenStreetMap contributors and the sources below.",
        "",
        "Areas whose `boundary_status` is `indicative` aren't the official perimeters: they are",
        "good at the heart of a quartiere and a guess at many edges. Where",
        "`residents_estimated` is true, no published figure was found: the number is an estimate.",
        "",
        "| Source | Publisher | Date | Licence | Attribution |",
        "| --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*lines, *(_source_line(source) for source in sources), ""])


def _source_line(source: SourceRow) -> str:
    title = f"[{source.title}]({source.url})" if source.url else source.title
    cells = (title, source.publisher, source.date or "–", source.licence, source.attribution)
    return f"| {' | '.join(cells)} |"


def _cited(rows: Sequence[PlaceRow], catalogue: Catalogue) -> list[SourceRow]:
    cited = {reference.source for row in rows for reference in row.sources}
    return [catalogue.sources[id_] for id_ in sorted(cited | catalogue.base)]


def _quartiere(area: Area) -> QuartiereRow:
    return QuartiereRow(
        slug=area.slug,
        name=area.name,
        residents=area.residents,
        residents_year=area.residents_year,
        residents_estimated=area.residents_estimated,
        residents_source=area.residents_source,
        boundary_status="indicative",
        boundary_source=area.boundary_source,
    )


def _network(network: Network) -> NetworkRow:
    return NetworkRow(
        slug=network.slug,
        name=network.name,
        quartieri=network.quartieri,
        named=network.named,  # type: ignore[arg-type]  # pydantic checks it
        status=network.status,  # type: ignore[arg-type]
        members_claimed=network.members,
        members_claimed_year=network.members_year,
        source_url=network.url,
        source_date=network.date,
    )


def _point(lon: float | None, lat: float | None) -> BaseGeometry | None:
    return None if lon is None or lat is None else shapely.Point(lon, lat)

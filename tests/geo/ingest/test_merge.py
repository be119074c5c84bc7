"""What is one place, what is not, and what is only listed as doubtful."""

import numpy as np
import pytest

from geo.ingest.compose import compose, place_row
from geo.ingest.italy.parishes import parish_links, without_former
from geo.ingest.italy.parks import inside_parks
from geo.ingest.match import family, same_address
from geo.ingest.merge import HEADING_DOUBT, HEADING_MERGED, Link, merge
from geo.model.kinds import STANDARD
from geo.sources.record import BuildLog, Record, Reference
from tests.helpers.cities.build_context import FACTS, RULES, address_book, build_context


def record(
    ident: str,
    name: str,
    kind: str,
    at: float | None = None,
    source: str = "osm-2014",
    **values: object,
) -> Record:
    """A record at so many metres east of the origin (a thousandth of a degree is 100 m)."""
    lon, lat = (9.0 + at / 100_000, 45.0) if at is not None else (None, None)
    position = str(values.pop("position", "none" if at is None else "exact"))
    made = Record(ident, name, kind, Reference(source, ident), lon=lon, lat=lat, position=position)
    return Record(**{**made.__dict__, **values})


def groups(*records: Record, links: tuple[Link, ...] = ()) -> tuple[list[list[str]], BuildLog]:
    log = BuildLog()
    nan = float("nan")
    points = [(nan if r.lon is None else r.lon, nan if r.lat is None else r.lat) for r in records]
    merged = merge(records, np.array(points) * 100_000, links, RULES, log)
    return sorted(sorted(r.id for r in group) for group in merged), log


def test_one_name_nearby_in_two_sources_is_one_place() -> None:
    found, log = groups(
        record("osm:way/1", "Chiesa di Sant'Ugo", "luogo-di-culto", 0),
        record("wikidata:Q1", "chiesa di S. Ugo Vescovo", "luogo-di-culto", 100, "wikidata"),
    )
    assert found == [["osm:way/1", "wikidata:Q1"]]
    assert "100 m, score 100" in log.sections[HEADING_MERGED][0]


def test_one_name_a_little_too_far_is_doubtful_and_farther_is_another_place() -> None:
    first = record("osm:way/1", "Chiesa di San Rocco", "luogo-di-culto", 0)
    limit = RULES["worship"].metres
    near, log = groups(
        first, record("wikidata:Q1", "San Rocco", "luogo-di-culto", limit + 5, "wikidata")
    )
    assert (len(near), len(log.sections[HEADING_DOUBT])) == (2, 1)
    far, log = groups(first, record("wikidata:Q1", "San Rocco", "luogo-di-culto", 2000, "wikidata"))
    assert (len(far), log.sections) == (2, {})


def test_two_things_of_one_register_are_never_joined_by_a_third() -> None:
    found, log = groups(
        record("osm:way/1", "Chiesa di San Rocco", "luogo-di-culto", 0),
        record("osm:way/2", "Chiesa di San Rocco", "luogo-di-culto", 90),
        record("wikidata:Q1", "San Rocco", "luogo-di-culto", 40, "wikidata"),
    )
    assert found == [["osm:way/1", "wikidata:Q1"], ["osm:way/2"]]
    assert "one source lists both" in log.sections[HEADING_DOUBT][0]


def test_a_register_that_lists_a_thing_twice_has_it_once() -> None:
    found, _ = groups(
        record("iccu:1", "Biblioteca comunale decentrata Rossi", "biblioteca", 0, "iccu"),
        record("iccu:2", "BIBLIOTECA ROSSI", "biblioteca", 20, "iccu"),
    )
    assert found == [["iccu:1", "iccu:2"]]


def test_points_at_one_spot_are_one_church_whatever_it_is_called() -> None:
    found, _ = groups(
        record("osm:way/1", "Chiesa del Carmine", "luogo-di-culto", 0),
        record("wikidata:Q1", "Chiesa di San Rocco", "luogo-di-culto", 4, "wikidata"),
    )
    assert len(found) == 1


def test_a_thing_without_a_name_joins_its_neighbour_only_if_that_is_very_near() -> None:
    unnamed = record("osm:way/1", "Chiesa in via Rossi", "luogo-di-culto", 0, generic=True)
    for metres, count in ((40, 1), (60, 2)):
        other = record("wikidata:Q1", "San Rocco", "luogo-di-culto", metres, "wikidata")
        assert len(groups(unnamed, other)[0]) == count


def test_different_families_stay_apart_unless_their_full_names_are_one() -> None:
    park = record("osm:way/1", "Spazio Alfa", "parco", 0)
    youth = record("spazio:alfa", "Spazio Alfa", "spazio-giovanile", None, "stampa")
    library = record("iccu:1", "Biblioteca Alfa", "biblioteca", 0, "iccu")
    assert groups(park, youth, library)[0] == [["iccu:1"], ["osm:way/1", "spazio:alfa"]]


def test_organisations_are_one_by_name_without_their_legal_form() -> None:
    found, _ = groups(
        *(
            record(f"org:{n}", name, "promozione-sociale", None, "stampa", quartiere=quartiere)
            for n, (name, quartiere) in enumerate(
                [
                    ("Alfa APS", "nord"),
                    ("Associazione Alfa", "sud"),
                    ("Alfa Associazione di promozione sociale", None),
                    ("Alfa Due APS", "nord"),
                ]
            )
        )
    )
    assert found == [["org:0", "org:1", "org:2"], ["org:3"]]


def test_a_service_in_several_quartieri_is_one_in_each() -> None:
    found, _ = groups(
        record("org:1", "Custodia sociale", "servizio-anziani", None, "stampa", quartiere="nord"),
        record("org:2", "Custodia sociale", "servizio-anziani", None, "stampa", quartiere="sud"),
    )
    assert len(found) == 2


def test_gardens_at_one_address_are_one() -> None:
    found, _ = groups(
        record("spazio:1", "Orti sociali", "orto", None, "stampa", address="Via Rossi / Via Neri"),
        record("spazio:2", "Orti di Beta", "orto", None, "stampa", address="via Rossi"),
        record("spazio:3", "Orti di Gamma", "orto", None, "stampa", address="Via Neri"),
    )
    assert found == [["spazio:1", "spazio:2"], ["spazio:3"]]


def test_known_identities_join_what_no_rule_would() -> None:
    found, log = groups(
        record("osm:way/1", "Parco Vecchio", "parco", 0),
        record("spazio:nuovo", "Parco Nuovo", "parco", None, "stampa"),
        links=(Link("osm:way/1", "spazio:nuovo", "renamed"),),
    )
    assert len(found) == 1
    assert "known: renamed" in log.sections[HEADING_MERGED][0]


@pytest.mark.parametrize("kind", sorted(STANDARD.slugs))
def test_every_kind_has_a_rule(kind: str) -> None:
    assert family(kind) in RULES


def test_house_numbers_tell_addresses_apart() -> None:
    one, same, other = (
        record("a:1", "A", "bene-comune", address=address)
        for address in ("Via Rossi 12/B", "via rossi", "Via Rossi 12")
    )
    assert same_address(one, same)
    assert not same_address(one, other)


def test_a_place_keeps_all_references_the_best_position_and_the_latest_stage() -> None:
    made = compose(
        [
            record(
                "spazio:a",
                "Ex forno",
                "bene-comune",
                0,
                "stampa",
                position="street",
                stage="offered",
                stage_year=2016,
            ),
            record(
                "spazio:b",
                "Ex forno (Alfa)",
                "bene-comune",
                None,
                "stampa",
                stage="agreement",
                stage_year=2017,
                holder="Alfa",
                status="closed",
            ),
        ],
        FACTS,
    )
    assert (made.position, made.stage, made.stage_year, made.holder) == (
        "street",
        "agreement",
        2017,
        "Alfa",
    )
    assert made.status == "closed"
    assert len(made.references) == 2
    assert place_row(made).id == "spazio:a"


def test_a_quartiere_on_which_sources_disagree_is_not_stated() -> None:
    two = [
        record(f"org:{at}", "Alfa", "comitato", None, "stampa", quartiere=at)
        for at in ("nord", "sud")
    ]
    assert compose(two, FACTS).quartiere is None
    assert compose(two[:1], FACTS).quartiere == "nord"


def test_the_id_comes_from_the_most_authoritative_register() -> None:
    made = compose(
        [
            record("osm:way/1", "Biblioteca", "biblioteca", 0, generic=True),
            record("iccu:1", "Biblioteca Rossi", "biblioteca", 30, "iccu"),
        ],
        FACTS,
    )
    assert (made.id, made.name) == ("iccu:1", "Biblioteca Rossi")


def test_a_parish_stands_where_the_church_of_its_name_stands() -> None:
    parish = record("parrocchia:ugo", "Parrocchia di Sant'Ugo", "parrocchia", address="Via Rossi 1")
    near = record("osm:way/1", "Chiesa di Sant'Ugo", "luogo-di-culto", 150)
    other = record("osm:way/2", "Chiesa di San Rocco", "luogo-di-culto", 20)
    links = parish_links([parish], [other, near], build_context(BuildLog()))
    assert [(one, church) for one, church, _ in links] == [("parrocchia:ugo", "osm:way/1")]


def test_a_parish_without_a_church_is_reported() -> None:
    parish = record("parrocchia:ugo", "Parrocchia di Sant'Ugo", "parrocchia", address="Via Rossi 1")
    log = BuildLog()
    far = record("osm:way/2", "Chiesa di San Rocco", "luogo-di-culto", 20)
    assert parish_links([parish], [far], build_context(log)) == []
    assert log.sections


def test_an_unnamed_church_where_a_former_one_stands_is_left_out() -> None:
    unnamed = record("osm:way/1", "Chiesa in via Rossi", "luogo-di-culto", 0, generic=True)
    named = record("osm:way/2", "Chiesa di San Rocco", "luogo-di-culto", 5)
    former = record("wikidata:Q1", "Ex chiesa", "luogo-di-culto", 4, "wikidata")
    assert without_former([unnamed, named], [former], address_book(), BuildLog()) == [named]


def test_a_thing_whose_address_is_a_park_takes_the_parks_place() -> None:
    park = record("osm:way/1", "Parco Baden Powell", "parco", 50)
    dogs = record(
        "spazio:1", "Area cani", "area-cani", None, "stampa", address="Parco Baden-Powell"
    )
    lost = record("spazio:2", "Area cani", "area-cani", None, "stampa", address="Parco Mai Visto")
    _, placed, unplaced = inside_parks([park, dogs, lost], RULES["park"], BuildLog())
    assert (placed.lon, placed.position) == (park.lon, "street")
    assert unplaced.position == "none"

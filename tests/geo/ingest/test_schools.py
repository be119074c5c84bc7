"""One institution, one level, one address is one place."""

from dataclasses import replace

import pytest

from geo.ingest.italy.common_words import school_words
from geo.ingest.italy.school_names import school_name
from geo.ingest.italy.school_positions import by_code, confirm_schools
from geo.ingest.italy.schools import school_records
from geo.ingest.italy.statements import find_parish, find_school
from geo.sources.italy.school_points import SchoolPoint
from geo.sources.italy.schools import School
from geo.sources.record import BuildLog, Record, Reference, Statement
from tests.helpers.cities.build_context import FACTS, RULES, build_context

WORDS = school_words(FACTS)
CITY = "Bergamo"


def school(
    code: str, kind: str, address: str | None, institute: str | None = "XXIC1", **more: object
) -> School:
    made = School(
        code=code,
        name=code,
        type="",
        kind=kind,
        address=address,
        institute=institute,
        evening=False,
        state=institute is not None,
        website=None,
        email=None,
        reference=Reference("mim-statali" if institute else "mim-paritarie", code),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def codes(*schools: School) -> list[tuple[str, ...]]:
    return sorted(record.school_codes for record in school_records(schools, CITY, FACTS))


def test_courses_of_one_institute_at_one_address_are_one_place() -> None:
    found = codes(
        school("XXIS1", "scuola-secondaria-2", "VIALE EUROPA 15", "XXIS1"),
        school("XXTF1", "scuola-secondaria-2", "VIA EUROPA 15", "XXIS1"),
        school("XXPS1", "scuola-secondaria-2", "VIA EUROPA 17", "XXIS1"),
    )
    assert found == [("XXIS1", "XXTF1"), ("XXPS1",)]


def test_levels_at_one_address_are_several_places() -> None:
    found = codes(
        school("XXAA1", "scuola-infanzia", "VIA ROSSI 1"),
        school("XXEE1", "scuola-primaria", "VIA ROSSI 1"),
    )
    assert found == [("XXAA1",), ("XXEE1",)]


def test_a_head_office_belongs_to_its_own_school_in_the_same_building() -> None:
    found = codes(
        school("XXIC1", "istituto-comprensivo", "VIA ROSSI25"),
        school("XXEE1", "scuola-primaria", "VIA ROSSI 3"),
        school("XXMM1", "scuola-secondaria-1", "VIA ROSSI 25"),
    )
    assert found == [("XXEE1",), ("XXIC1", "XXMM1")]


def test_a_head_office_elsewhere_is_a_place_of_its_own() -> None:
    records = school_records(
        [
            school("XXIC1", "istituto-comprensivo", "VIA NERI 9"),
            school("XXEE1", "scuola-primaria", "VIA ROSSI 3"),
        ],
        CITY,
        FACTS,
    )
    assert [record.kind for record in records] == ["scuola-primaria", "istituto-comprensivo"]


def test_evening_courses_belong_to_the_school_by_day() -> None:
    found = codes(
        school("XXTF1", "scuola-secondaria-2", "VIA M. ROSSI 29", "XXTF1"),
        school("XXTF5", "scuola-secondaria-2", "VIA ROSSI 31", "XXTF1", evening=True),
    )
    assert found == [("XXTF1", "XXTF5")]


def test_non_state_schools_are_one_by_level_and_address() -> None:
    found = codes(
        school("XXPS1", "scuola-secondaria-2", "VIA VERDI N. 57/A", None),
        school("XXPL1", "scuola-secondaria-2", "VIA VERDI N. 57", None),
        school("XX1M1", "scuola-secondaria-1", "VIA VERDI N. 57", None),
    )
    assert found == [("XX1M1",), ("XXPL1", "XXPS1")]


@pytest.mark.parametrize(
    ("written", "kind", "type_", "name"),
    [
        ('BERGAMO "DE AMICIS" - SAVIO', "scuola-primaria", "", "Scuola primaria Savio"),
        ('BERGAMO "DE AMICIS"', "scuola-primaria", "", "Scuola primaria De Amicis"),
        ("PRIMARIA SCURI - IC I MILLE", "scuola-primaria", "", "Scuola primaria Scuri"),
        (
            "BERGAMO DONADONI - VIA PRADELLO",
            "scuola-infanzia",
            "",
            "Scuola dell'infanzia di via Pradello",
        ),
        (
            'S.M.S. "DONADONI" BERGAMO',
            "scuola-secondaria-1",
            "",
            "Scuola secondaria di I grado Donadoni",
        ),
        ('"PAOLO SARPI"', "scuola-secondaria-2", "LICEO CLASSICO", "Liceo classico Paolo Sarpi"),
    ],
)
def test_state_schools_are_called_as_people_call_them(
    written: str, kind: str, type_: str, name: str
) -> None:
    assert (
        school_name([school("XX1", kind, "VIA ROSSI 1", name=written, type=type_)], CITY, FACTS)
        == name
    )


def test_non_state_schools_are_called_by_what_stands_in_quotes_once() -> None:
    group = [
        school(
            "XX1", "scuola-secondaria-2", "VIA ROSSI 1", None, name='LICEO LINGUISTICO "SANT\'UGO"'
        ),
        school("XX2", "scuola-secondaria-2", "VIA ROSSI 1", None, name='LICEO CLASSICO "S. UGO"'),
    ]
    assert school_name(group, CITY, FACTS).startswith("Scuola secondaria di II grado Sant'Ugo")
    assert school_name(group, CITY, FACTS).count("Ugo") == 1


def place(ident: str, name: str, kind: str, **values: object) -> Record:
    made = Record(
        f"mim:{ident}", name, kind, Reference("mim-statali", ident), school_codes=(ident,)
    )
    return replace(made, **values)  # type: ignore[arg-type]


def test_the_map_confirms_a_school_of_its_level_name_and_street() -> None:
    register = place("XXEE1", "Scuola primaria Locatelli", "scuola-primaria", address="Via Rossi 1")
    mapped = Record(
        "osm:way/1",
        "Scuola Primaria Locatelli",
        "scuola-primaria",
        Reference("osm-2014", "way/1"),
        lon=9.001,
        lat=45.0,
    )
    nursery = replace(mapped, id="osm:way/2", kind="scuola-infanzia")
    log = BuildLog()
    (confirmed,) = confirm_schools([register], [mapped, nursery], WORDS, build_context(log))
    assert (confirmed.lon, confirmed.position) == (9.001, "exact")
    assert confirmed.references[-1].ref == "way/1"
    assert "osm:way/2" in next(iter(log.sections.values()))[0]


def test_the_regions_point_of_a_code_is_approximate_and_only_for_the_same_street() -> None:
    register = place("XXEE1", "Alfa", "scuola-primaria", address="Via Rossi 1")
    same = SchoolPoint("XXEE1", "VIA ROSSI 9", 9.002, 45.0, "newer")
    moved = replace(same, address="VIA NERI 1")
    assert by_code(register, [moved, same]).position == "street"
    assert by_code(register, [moved]).position == "none"


def statement(
    name: str, kind: str | None = None, state: bool | None = None, address: str | None = None
) -> Statement:
    return Statement(
        name, kind, state, address, None, (Reference("stampa", None, "https://a.example/"),)
    )


def test_a_page_means_the_school_of_that_name_level_and_street() -> None:
    primary = place("XXEE1", "Scuola primaria Rosmini", "scuola-primaria", address="Via Rossi 1")
    infant = place(
        "XXAA1", "Scuola dell'infanzia Rosmini", "scuola-infanzia", address="Via Rossi 1"
    )
    schools = [primary, infant]
    assert find_school(statement("Scuola Antonio Rosmini"), schools, WORDS) == primary
    assert (
        find_school(statement("Scuola dell'infanzia Rosmini", "scuola-infanzia"), schools, WORDS)
        == infant
    )
    assert find_school(statement("Scuola Rosmini", None, None, "Via Neri"), schools, WORDS) is None
    assert find_school(statement("Scuola Manzoni"), schools, WORDS) is None


def test_an_institute_is_the_place_that_holds_its_code() -> None:
    primary = place("XXEE1", "Scuola primaria Camozzi", "scuola-primaria")
    office = place(
        "XXMM1",
        "Scuola secondaria di I grado Camozzi",
        "scuola-secondaria-1",
        school_codes=("XXIC1", "XXMM1"),
    )
    assert (
        find_school(statement("Istituto Comprensivo Camozzi"), [primary, office], WORDS) == office
    )


def test_a_page_means_a_parish_only_if_one_fits() -> None:
    ugo, rocco = (
        Record(
            f"parrocchia:{n}", f"Parrocchia di San {n}", "parrocchia", Reference("parrocchie", n)
        )
        for n in ("Ugo", "Rocco")
    )
    assert find_parish(statement("Parrocchia San Rocco"), [ugo, rocco], RULES, {}) == rocco
    assert find_parish(statement("Parrocchia San Leo"), [ugo, rocco], RULES, {}) is None

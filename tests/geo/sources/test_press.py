"""The readers of what the press says: networks, organisations, spaces, agreements."""

from pathlib import Path

import pytest

from geo.recipes import bergamo
from geo.sources.bergamo.networks import read_networks
from geo.sources.bergamo.organisations import read_mentions
from geo.sources.bergamo.spaces import read_spaces
from geo.sources.record import BuildLog
from geo.text.area_names import AreaNames
from tests.helpers.cities.source_files import write

NAMES = AreaNames(
    {
        "centro-antico": "Centro Antico",
        "san-rocco": "San Rocco de' Monti",
        "borgo-alto": "Borgo Alto - San Lupo",
        "borgo-basso": "Borgo Basso - Sant'Ugo",
    }
)


def press(
    folder: Path, members: str = "", spaces: str = "", commons: str = "", reti: str = ""
) -> None:
    write(
        folder, "facts_members.csv", f"name,type,rete/quartiere,address,relation,source\n{members}"
    )
    write(folder, "facts_spaces.csv", f"name,kind,address,quartiere,source\n{spaces}")
    header = (
        "layer,rete_or_quartiere,name,place_or_address_as_written,source_url,source_date,note\n"
    )
    write(folder, "facts_reti_and_commons_2.csv", header + commons)
    write(folder, "facts_reti.csv", f"rete,quartiere,source,note\n{reti}")


@pytest.mark.parametrize(
    ("relation", "evidence"),
    [
        ("adesione open day della rete 2023", "takes part"),
        ("partner del progetto A (2015)", "takes part"),
        ("membro della rete (2019)", "member"),
        ("soggetto della rete (2022)", "member"),
        ("sottoscrittore convenzione Casa Alfa", "agreement"),
        ("patto di collaborazione o proposta", "agreement"),
        ("realtà del quartiere", None),
        ("servizio attivo nel quartiere (2021)", None),
    ],
)
def test_relations_are_read_for_what_they_say(
    tmp_path: Path, relation: str, evidence: str | None
) -> None:
    press(tmp_path, members=f"Alfa,associazione,Centro Antico,,{relation},https://a.example/\n")
    (mention,) = read_mentions(tmp_path, NAMES, BuildLog())
    assert (mention.evidence, mention.record.quartiere) == (evidence, "centro-antico")


@pytest.mark.parametrize(
    ("name", "type_", "kind"),
    [
        ("Alfa", "società sportiva", "associazione-sportiva"),
        ("Comitato Genitori Beta", "comitato genitori", "genitori"),
        ("Politiche giovanili", "servizio comunale", "servizio-giovani"),
        ("Ascolto", "parrocchia / Caritas", "servizio-sociale"),
        ("Associazione Gamma", "associazione / ente", "promozione-sociale"),
        ("Opera Delta", "associazione / ente", "ente"),
        ("CTE Epsilon APS", "CTE", "centro-anziani"),
        ("Zeta", "associazione", "promozione-sociale"),
    ],
)
def test_organisations_get_their_kind(tmp_path: Path, name: str, type_: str, kind: str) -> None:
    press(tmp_path, members=f"{name},{type_},Centro Antico,,membro,https://a.example/\n")
    assert read_mentions(tmp_path, NAMES, BuildLog())[0].record.kind == kind


def test_a_dissolved_organisation_is_closed_and_the_whole_city_is_no_quartiere(
    tmp_path: Path,
) -> None:
    press(tmp_path, members="Alfa,associazione (poi sciolta),(città),,membro,https://a.example/\n")
    (mention,) = read_mentions(tmp_path, NAMES, BuildLog())
    assert (mention.record.status, mention.record.quartiere) == ("closed", None)


@pytest.mark.parametrize(
    ("row", "kind", "stage", "status"),
    [
        ("Orti Via Rossi,orto collettivo,Via Rossi,,", "orto", None, "unknown"),
        (
            "Ex forno,bene comune 2016 (offerto ad associazioni),,,",
            "bene-comune",
            "offered",
            "unknown",
        ),
        (
            "Orti A (Alfa),patto di collaborazione (2 maggio 2017),,,",
            "orto",
            "agreement",
            "unknown",
        ),
        ("Area cani Parco A,area cani (bene comune 2016),,,", "area-cani", "offered", "unknown"),
        ("Spazio B,spazio giovanile (chiuso da maggio),,,", "spazio-giovanile", None, "closed"),
        ('"Orti C (in realizzazione nel 2025)",orto collettivo,,,', "orto", None, "planned"),
        ("Polo Civico,polo civico / seggio,,,", "spazio-di-quartiere", None, "unknown"),
    ],
)
def test_spaces_get_kind_stage_and_status(
    tmp_path: Path, row: str, kind: str, stage: str | None, status: str
) -> None:
    press(tmp_path, spaces=f"{row}https://a.example/\n")
    (space,) = read_spaces(tmp_path, NAMES, bergamo.facts(), BuildLog())
    assert (space.kind, space.stage, space.status) == (kind, stage, status)


def test_an_agreement_names_its_year_and_holder(tmp_path: Path) -> None:
    row = "Orti A (Alfa),patto di collaborazione (21 dicembre 2017),Via Rossi,Borgo,"
    press(tmp_path, spaces=f"{row}https://a.example/ ; https://b.example/\n")
    log = BuildLog()
    (space,) = read_spaces(tmp_path, NAMES, bergamo.facts(), log)
    assert (space.name, space.stage_year, space.holder) == ("Orti A", 2017, "Alfa")
    assert [reference.url for reference in space.references] == [
        "https://a.example/",
        "https://b.example/",
    ]
    assert space.quartiere is None
    assert log.sections


def test_a_network_over_two_quartieri_stands_once(tmp_path: Path) -> None:
    rows = (
        'Rete Alfa,Centro Antico,https://a.example/,"una rete, 25 realtà (2016)"\n'
        'Rete Alfa,San Rocco,https://a.example/,"una rete, 25 realtà (2016)"\n'
        ",Borgo Alto - San Lupo,,nessuna\n"
        "Rete Beta,Borgo Basso - Sant'Ugo,https://b.example/,dedotta: 144 realtà in 7 quartieri\n"
    )
    press(tmp_path, reti=rows)
    log = BuildLog()
    alfa, beta = read_networks(tmp_path, NAMES, log)
    assert (alfa.quartieri, alfa.members, alfa.members_year, alfa.named) == (
        ("centro-antico", "san-rocco"),
        25,
        2016,
        "stated",
    )
    assert (beta.named, beta.members) == ("inferred", None)
    assert len(log.sections) == 1

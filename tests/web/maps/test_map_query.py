"""The layers and filters of the maps, with the numbers beside them, asked over HTTP."""

import re
from collections import Counter

import pytest
from flask.testing import FlaskClient

from geo.model.dataset import Dataset
from geo.model.kinds import GROUPS
from geo.model.queries import counts_by_kind, counts_by_quartiere, select_places
from tests.helpers.pages.page import Page, get_page, text_of

LAYER_PAGES = ["/", "/quartieri/nord/", "/reti/rete-nord-sud/", "/embed/", "/embed/quartieri/est/"]


def number_in(text: str) -> int:
    """The number in brackets at the end of a text."""
    found = re.search(r"\((\d+)\)$", text)
    assert found is not None, text
    return int(found[1])


def layers(page: Page) -> dict[str, tuple[bool, int]]:
    """Whether each layer is on, and the number beside it."""
    return {
        box.get("value"): ("checked" in box.attrib, number_in(text_of(box.getparent())))
        for box in page.all("input[type=checkbox]")
    }


def options(page: Page, field: str) -> dict[str, int]:
    """The number beside each option of a field."""
    return {
        option.get("value"): number_in(text_of(option)) for option in page.all(f"#{field} option")
    }


def test_counts_of_kinds_add_up_to_groups_and_all(bergamo: Dataset) -> None:
    number = counts_by_kind(bergamo.places, bergamo.kinds)
    assert sum(number[group] for group in GROUPS) == len(bergamo.places)
    for group in GROUPS:
        assert number[group] == sum(number[kind] for kind in bergamo.kinds.expand(group))


def test_counts_of_quartieri_are_those_of_the_lists(bergamo: Dataset) -> None:
    number = counts_by_quartiere(bergamo, select_places(bergamo, "scuole"))
    assert list(number) == list(bergamo.quartieri.index)
    for slug, count in number.items():
        assert count == len(select_places(bergamo, "scuole", slug))


@pytest.mark.parametrize(
    ("page", "script"),
    [
        ("/", "/mappa/citta"),
        ("/quartieri/sud/", "/mappa/quartieri/sud"),
        ("/embed/", "/mappa/citta"),
    ],
)
def test_each_layer_says_how_many_places_the_map_draws(
    client: FlaskClient, page: str, script: str
) -> None:
    drawn = client.get(f"{script}/luoghi.json").json
    number = Counter(
        drawn["groups"][drawn["kinds"][kind]["group"]]["slug"] for kind in drawn["kind"]
    )
    assert layers(get_page(client, page)) == {slug: (True, number[slug]) for slug in GROUPS}


@pytest.mark.parametrize("page", LAYER_PAGES)
def test_the_address_says_which_layers_are_on(client: FlaskClient, page: str) -> None:
    def on(strati: str) -> set[str]:
        found = layers(get_page(client, f"{page}?strati={strati}"))
        return {slug for slug, (is_on, _) in found.items() if is_on}

    assert on("") == set(GROUPS)
    assert on("scuole,parrocchie") == {"scuole", "parrocchie"}
    assert on("nessuno") == set()


@pytest.mark.parametrize(
    "query",
    [
        "strati=discoteche",
        "strati=scuole,",
        "strati=scuole,nessuno",
        "strati=%FF",
        "strati=" + "x" * 9000,
        "strati=<script>",
    ],
)
@pytest.mark.parametrize("page", LAYER_PAGES)
def test_an_unknown_layer_is_refused_in_words(client: FlaskClient, page: str, query: str) -> None:
    answer = client.get(f"{page}?{query}")
    assert answer.status_code == 400
    assert "Lo strato “" in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize("query", ["solo=discoteca", "quartiere=ovest"])
@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
def test_an_unknown_filter_is_refused(client: FlaskClient, prefix: str, query: str) -> None:
    assert client.get(f"{prefix}/?{query}").status_code == 400


def test_the_form_and_the_languages_keep_what_is_shown(client: FlaskClient) -> None:
    page = get_page(client, "/?strati=scuole&solo=parco&quartiere=sud&tipo=biblioteca")
    for name, value in (("strati", "scuole"), ("solo", "parco"), ("quartiere", "sud")):
        field = page.one(f"input[type=hidden][name={name}][data-address-state]:not([disabled])")
        assert field.get("value") == value
    switch = page.one("a[hreflang=en]").get("href")
    assert "strati=scuole&solo=parco&quartiere=sud" in switch
    hidden = "input[type=hidden][name=strati][data-address-state][disabled]"
    plain = get_page(client, "/").one(hidden)
    assert plain.get("value") == ""


def test_the_map_leads_to_the_list_with_the_same_filter(client: FlaskClient) -> None:
    page = get_page(client, "/?solo=parco&quartiere=sud")
    assert page.one("form[data-map-filter]").get("action") == "/luoghi/"
    chosen = page.values("form[data-map-filter] option[selected]", "value")
    assert chosen == ["parco", "sud"]
    listed = get_page(client, "/luoghi/?tipo=parco&quartiere=sud")
    assert "parco" in listed.values("option[selected]", "value")


def test_the_map_counts_what_it_draws(client: FlaskClient) -> None:
    page = get_page(client, "/")
    drawn = client.get("/mappa/citta/luoghi.json").json
    kinds = options(page, "solo")
    assert kinds[""] == len(drawn["id"])
    assert kinds["parco"] == kinds["beni-comuni"] - kinds["biblioteca"] == 3
    assert options(page, "quartiere") == {"": len(drawn["id"]), "est": 2, "nord": 1, "sud": 2}


def test_each_option_of_the_list_says_how_many_it_gives(client: FlaskClient) -> None:
    page = get_page(client, "/luoghi/?tipo=beni-comuni&quartiere=nord")
    for kind, number in options(page, "tipo").items():
        assert _listed(client, f"/luoghi/?quartiere=nord&tipo={kind}") == number
    for slug, number in options(page, "quartiere").items():
        assert _listed(client, f"/luoghi/?tipo=beni-comuni&quartiere={slug}") == number


def _listed(client: FlaskClient, page: str) -> int:
    return int(get_page(client, page).texts("p[role=status]")[0].split()[0])


@pytest.mark.parametrize(
    ("page", "script"),
    [
        ("/quartieri/est/", "/mappa/quartieri/est"),
        ("/reti/rete-nord-sud/", "/mappa/reti/rete-nord-sud"),
    ],
)
def test_the_map_of_one_thing_can_be_filtered_by_kind(
    client: FlaskClient, page: str, script: str
) -> None:
    drawn = client.get(f"{script}/luoghi.json").json
    number = Counter(drawn["kinds"][kind]["slug"] for kind in drawn["kind"])
    shown = options(get_page(client, page), "solo")
    assert {slug: shown[slug] for slug in number} == dict(number)
    assert shown[""] == len(drawn["kind"])
    assert shown["oratorio"] == 0
    chosen = get_page(client, f"{page}?solo=parco")
    assert chosen.values("#solo option[selected]", "value") == ["parco"]
    assert client.get(f"{page}?solo=disco").status_code == 400


def test_a_map_to_embed_is_filtered_by_its_address(client: FlaskClient) -> None:
    page = get_page(client, "/embed/quartieri/est/?solo=parco")
    assert page.one('input[type=hidden][data-state="solo"]').get("value") == "parco"
    assert client.get("/embed/?solo=disco").status_code == 400

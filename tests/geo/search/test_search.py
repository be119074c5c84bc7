"""What people type finds what they mean, and nothing that they type breaks anything."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from geo.model.dataset import Dataset
from geo.search.name_index import key
from geo.search.search import TYPES, Hit, closest, search, streets
from geo.text.italian import fold
from geo.text.italian_addresses import spelt_out


def first(dataset: Dataset, text: str) -> tuple[str, str]:
    hit = search(dataset, text)[0]
    return hit.type, hit.name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("p.za vecchia", ("street", "Piazza Vecchia")),
        ("P.ZZA VECCHIA", ("street", "Piazza Vecchia")),
        ("piazzavecchia", ("street", "Piazza Vecchia")),
        ("via broseta 5", ("street", "Via Broseta")),
        ("via broseta, 5/b", ("street", "Via Broseta")),
        ("Via Broseta n. 5, 24128 Bergamo", ("street", "Via Broseta")),
        ("brosseta", ("street", "Via Broseta")),
        ("piazza brosseta", ("street", "Via Broseta")),
        ("via b. colleoni", ("street", "Via Bartolomeo Colleoni")),
        ("via b.colleoni", ("street", "Via Bartolomeo Colleoni")),
        ("via colleoni", ("street", "Via Bartolomeo Colleoni")),
        ("via carlo grismondi", ("street", "Via C. Grismondi")),
        ("piazza V. Veneto", ("street", "Piazza Vittorio Veneto")),
        ("v.le giulio cesare", ("street", "Viale Giulio Cesare")),
        ("l.go adua", ("street", "Largo Adua")),
        ("F.lli Calvi", ("street", "Via Fratelli Calvi")),
        ("via XXIV maggio", ("street", "Via 24 Maggio")),
        ("via papa giovanni 23", ("street", "Viale Papa Giovanni XXIII")),
        ("via dazeglio", ("street", "Via Massimo D'Azeglio")),
        ("bibl. tiraboschi", ("place", "Biblioteca comunale centrale Antonio Tiraboschi")),
        ("bibl tira", ("place", "Biblioteca comunale centrale Antonio Tiraboschi")),
        ("tiraboshi biblioteca", ("place", "Biblioteca comunale centrale Antonio Tiraboschi")),
        ("scuola rosa", ("place", "Scuola primaria Rosa")),
        ("school rosa", ("place", "Scuola primaria Rosa")),
        ("library loreto", ("place", "Biblioteca Gian Pietro Galizzi")),
        ("bocaleone", ("quartiere", "Boccaleone")),
        ("bocca leone", ("quartiere", "Boccaleone")),
        ("citta alta", ("quartiere", "Città Alta")),
        ("CITTA’ ALTA", ("quartiere", "Città Alta")),
        ("s. tomaso", ("quartiere", "San Tomaso de' Calvi")),
        ("san tommaso", ("quartiere", "San Tomaso de' Calvi")),
        ("santalessandro", ("quartiere", "Centro Sant'Alessandro")),
        ("rete malpensata", ("network", "Rete sociale della Malpensata")),
    ],
)
def test_what_people_type_finds_what_they_mean(
    bergamo: Dataset, text: str, found: tuple[str, str]
) -> None:
    assert first(bergamo, text) == found


def test_a_hit_says_what_and_where_it_is(bergamo: Dataset) -> None:
    library = search(bergamo, "biblioteca tiraboschi")[0]
    place = bergamo.places.loc["iccu:IT-BG0290"]
    assert (library.key, library.detail) == ("iccu:IT-BG0290", "biblioteca")
    assert (library.lon, library.lat) == (place.geometry.x, place.geometry.y)
    assert library.quartiere == place["quartiere"]
    network = search(bergamo, "rete malpensata campagnola", types={"network"})[0]
    assert (network.lon, network.lat, network.quartiere) == (None, None, None)


def test_a_house_number_is_shown_in_the_detail(bergamo: Dataset) -> None:
    assert search(bergamo, "via broseta 5/b")[0].detail == "5b"
    assert search(bergamo, "via broseta")[0].detail is None
    assert search(bergamo, "via 24 maggio")[0].detail is None
    assert search(bergamo, "via 24 maggio 3")[0].detail == "3"


def test_a_street_is_at_one_of_its_own_points_in_the_middle(bergamo: Dataset) -> None:
    hit = search(bergamo, "via broseta")[0]
    points = bergamo.streets[bergamo.streets["street"] == "Via Broseta"].geometry
    assert (hit.lon, hit.lat) in set(zip(points.x, points.y, strict=True))
    metres = np.array(
        Transformer.from_crs(4326, 32632, always_xy=True).transform(points.x, points.y)
    ).T
    off = np.hypot(*(metres - np.median(metres, axis=0)).T)
    chosen = metres[np.argmin(off)]
    at = Transformer.from_crs(4326, 32632, always_xy=True).transform(hit.lon, hit.lat)
    assert np.allclose(at, chosen)


def test_a_quartiere_is_at_a_point_inside_it(bergamo: Dataset) -> None:
    areas = bergamo.quartieri
    for slug, name in areas["name"].items():
        hit = search(bergamo, name, types={"quartiere"})[0]
        assert hit.key == slug
        assert areas.cx[hit.lon : hit.lon, hit.lat : hit.lat].index.tolist() == [slug]


def test_streets_that_fit_alike_are_all_named(bergamo: Dataset) -> None:
    def names(text: str) -> list[str]:
        return [hit.name for hit in streets(bergamo, text)]

    assert names("via rossi 3") == ["Via Ernesto Rossi", "Via Fratelli Rossi"]
    assert names("via broseta 5") == ["Via Broseta"]
    assert names("sant'alessandro")[:3] == [
        "Scalinata Sant'Alessandro", "Via Sant'Alessandro", "Vicolo Sant'Alessandro"
    ]  # fmt: skip
    assert names("piazza sant'alessandro")[:3] == names("sant'alessandro")[:3]
    assert names("Via Sant'Alessandro") == ["Via Sant'Alessandro"]
    assert names("via che non c'è") == names("") == names("???") == []


def test_what_fits_nothing_gets_names_that_are_like_it(bergamo: Dataset) -> None:
    text = "via gerolammo tiribaschi"
    assert search(bergamo, text, types={"quartiere"}) == []
    assert closest(bergamo, text, types={"street"})[0].name == "Via Gerolamo Tiraboschi"
    assert len(closest(bergamo, text, 3)) == 3
    assert closest(bergamo, "qwrtz xyxyx") == []
    assert closest(bergamo, "???") == []


def test_types_and_limit_are_respected(bergamo: Dataset) -> None:
    assert {hit.type for hit in search(bergamo, "loreto", types={"place", "street"})} == {
        "place", "street"
    }  # fmt: skip
    assert len(search(bergamo, "via", limit=3)) == 3
    assert search(bergamo, "via", limit=0) == search(bergamo, "via", types=set()) == []
    with pytest.raises(ValueError, match=r"'city'.*quartiere, network, street, place"):
        search(bergamo, "via", types={"city"})  # type: ignore[arg-type]


def test_best_comes_first_and_scores_are_percentages(bergamo: Dataset) -> None:
    scores = [hit.score for hit in search(bergamo, "via san", limit=500)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 100 for score in scores)


@given(text=st.text(max_size=120) | st.text("abcdeiorstv .'-/5", max_size=60))
def test_no_text_breaks_anything(small: Dataset, bergamo: Dataset, text: str) -> None:
    for dataset in (small, bergamo):
        assert all(isinstance(hit, Hit) and hit.type in TYPES for hit in search(dataset, text))
        assert len(closest(dataset, text)) <= 5
        assert all(hit.type == "street" for hit in streets(dataset, text))


def test_a_very_long_text_is_no_trouble(bergamo: Dataset) -> None:
    assert search(bergamo, "via broseta " * 10_000)
    assert search(bergamo, "x" * 100_000) == []


def every_name(dataset: Dataset) -> list[str]:
    named = (dataset.places, dataset.quartieri, dataset.networks)
    return sorted({name for table in named for name in table["name"]} | {*dataset.streets.street})


@given(data=st.data())
def test_a_name_typed_in_full_comes_first(bergamo: Dataset, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(every_name(bergamo)))
    assert fold(search(bergamo, name)[0].name) == fold(name)
    assert search(bergamo, name)[0].score == 100


@given(data=st.data())
def test_accents_case_and_punctuation_change_nothing(bergamo: Dataset, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(every_name(bergamo)))
    plain = search(bergamo, fold(name), limit=20)
    assert plain == search(bergamo, name, limit=20) == search(bergamo, name.upper(), limit=20)
    bare = " ".join("".join(c if c.isalnum() else " " for c in spelt_out(name)).split())
    assert key(search(bergamo, bare)[0].name) == key(name)


@given(data=st.data())
def test_one_slip_in_a_long_word_still_finds_it(bergamo: Dataset, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(bergamo.quartieri["name"])))
    long = max(fold(name).replace("'", " ").split(), key=len)
    at = data.draw(st.integers(1, len(long) - 2))
    slip = data.draw(st.sampled_from(["drop", "double", "swap", "replace"]))
    wrong = {
        "drop": long[:at] + long[at + 1 :],
        "double": long[:at] + long[at] + long[at:],
        "swap": long[:at] + long[at + 1] + long[at] + long[at + 2 :],
        "replace": long[:at] + "x" + long[at + 1 :],
    }[slip]
    typed = fold(name).replace("'", " ").replace(long, wrong)
    assert name in [hit.name for hit in search(bergamo, typed, types={"quartiere"})]


@given(seed=st.integers(0, 2**32 - 1), text=st.sampled_from(["via", "parco", "nord", "s", "roma"]))
def test_the_order_of_rows_changes_nothing(small: Dataset, seed: int, text: str) -> None:
    def shuffled(table):
        return table.sample(frac=1, random_state=seed)

    other = small.with_frames(
        quartieri=shuffled(small.quartieri),
        places=shuffled(small.places),
        networks=shuffled(small.networks),
        streets=shuffled(small.streets).reset_index(drop=True),
    )
    assert search(other, text, limit=50) == search(small, text, limit=50)
    assert closest(other, text) == closest(small, text)

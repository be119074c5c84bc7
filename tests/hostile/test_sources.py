"""Whatever stands in a source, a build ends with a valid folder or says which row to mend."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.base.errors import DataError
from geo.model.dataset import Dataset
from geo.recipes.run import build
from tests.helpers.cities import hostile_values, source_folder
from tests.helpers.effort import short_or_long

ODD = {
    ".geojson": hostile_values.odd_json,
    ".json": hostile_values.odd_json,
    ".csv": hostile_values.odd_csv,
}
NAMES = (*source_folder.TABLES, "quartieri_indicative.geojson", "comune_bergamo.geojson")
NAMES += ("monuments_wikidata.json", "osm_2014/streets_segments_bergamo.geojson")
NAMES += ("osm_2014/generic.geojson", "osm_2014/park.geojson")
POINT = '{"type": "Point", "coordinates": [%s]}'
SEGMENT = '{"features": [{"properties": {"name": %s, "osm_id": %s}, "geometry": %s}]}'


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources, and a folder to build."""
    work = tmp_path_factory.mktemp("work")
    source_folder.write(work / "sources")
    (work / "out").mkdir()
    (work / "out" / "city.toml").write_text(source_folder.CITY, encoding="utf-8")
    return work


def built(work: Path, name: str, content: bytes) -> str | None:
    """Build with another content of one source; return the words of a refusal, if it is."""
    path, out = work / "sources" / name, work / "out"
    source = path.read_bytes()
    before = {each.name: each.read_bytes() for each in out.iterdir()}
    path.write_bytes(content)
    try:
        build(work / "sources", out, lambda step: None, "bergamo")
    except DataError as error:
        after = {each.name: each.read_bytes() for each in out.iterdir()}
        return str(error) if after == before else "it changed the folder"
    finally:
        path.write_bytes(source)
    Dataset.read(out)
    return None


@settings(max_examples=short_or_long(30, 500), suppress_health_check=list(HealthCheck))
@given(st.data())
def test_an_odd_or_damaged_source_is_built_or_refused(work: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    content = (work / "sources" / name).read_bytes()
    odd = ODD[Path(name).suffix](content)
    words = built(work, name, data.draw(st.one_of(odd, odd, hostile_values.damaged(content))))
    assert words is None or "problem" in words


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("osm_2014/park.geojson", "[" * 100_000, "park.geojson, line 1: broken JSON"),
        ("osm_2014/park.geojson", "{}", "park.geojson: not a GeoJSON FeatureCollection"),
        ("osm_2014/park.geojson", '{"features": [1]}', "park.geojson, row 1: not as its source"),
        ("osm_2014/park.geojson", '{"features": 1, "features": []}', "key 'features' twice"),
        (
            "osm_2014/streets_segments_bergamo.geojson",
            SEGMENT % ('"Via A"', 1, POINT % "545000, 5060000"),
            "row 1: not as its source writes it (ValueError: its coordinates aren't degrees)",
        ),
        (
            "osm_2014/streets_segments_bergamo.geojson",
            SEGMENT % (7, 1, POINT % "9.6, 45.7"),
            "row 1: not as its source writes it (TypeError: the name isn't text",
        ),
        ("quartieri_indicative.geojson", '{"features": []}', "it holds no area"),
        ("comune_bergamo.geojson", '{"features": []}', "it holds no outline"),
        ("monuments_wikidata.json", "{}", "monuments_wikidata.json: it isn't a list"),
        ("monuments_wikidata.json", "[1]", "monuments_wikidata.json, row 1: not as its source"),
        (
            "facts_population.csv",
            "quartiere,year,residents,note,source\nProvola Nord,2020,many,,x\n",
            "facts_population.csv, row 1: not as its source writes it (ValueError: invalid literal",
        ),
        ("parishes.csv", 'Chiesa,Frazione,Indirizzo\n"S. Ugo', "parishes.csv, line 1: broken CSV"),
        ("parishes.csv", "Chiesa,Frazione,Indirizzo\n,,\n", "parishes.csv, row 1: not as its"),
        (
            "facts_members.csv",
            "name,type,rete/quartiere,address,relation,source\nA,,,,,no address\n",
            "facts_members.csv, row 1: not as its source writes it (ValueError: no address of a",
        ),
        (
            "facts_reti.csv",
            f"rete,quartiere,source,note\n{'R' * 600},Provola Nord,https://a.example/,\n",
            "networks.csv: name: String should have at most 500 characters",
        ),
    ],
)
def test_a_hostile_source_is_refused_by_its_row(
    work: Path, name: str, content: str, words: str
) -> None:
    said = built(work, name, content.encode())
    assert said is not None
    assert words in said

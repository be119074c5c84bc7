import json
import re
from dataclasses import replace

import folium
import pytest

from geo.maps.folium_map import LABELS, MapSpec, build, render, to_script

PLAIN = {label: f"the words for {label}" for label in LABELS}
SPEC = MapSpec(
    name="home",
    bounds=((45.66, 9.60), (45.73, 9.72)),
    labels=PLAIN,
    areas_url="/mappa/aree.json?v=1",
    places_url="/mappa/luoghi.json?v=1&tipo=scuole",
    tiles_url="/tiles/{z}/{x}/{y}.png",
    tiles_attribution='© <a href="/informazioni/">those who made them</a>',
)
HOSTILE = (
    "{{ 7 * 7 }}",
    "{{{ 7 * 7 }}}",
    "{% raw %}",
    "{%x",
    "{# gone #}",
    "{",
    "{{",
    "}}{{",
    "{\\{ 7 }}",
    "${alert(1)}",
    "`",
    "</script><script>alert(1)</script>",
    "<!--",
    "]]>",
    'it\'s "quoted" \\ and',
    "line\nbreak\r",
    "a \u2028 b \u2029 c",
    "è 😀 \x00",
)


def test_the_body_is_one_element_without_style_or_script():
    assert render(SPEC).body == '<div class="folium-map" id="map_home" ></div>\n'


def test_the_script_builds_the_map_and_names_its_layers():
    script = render(SPEC).script
    assert 'var map_home = L.map(\n"map_home"' in script
    assert "map_home.fitBounds(\n[[45.66, 9.6], [45.73, 9.72]]" in script
    assert 'L.tileLayer(\n"/tiles/{z}/{x}/{y}.png"' in script
    assert "tile_layer_home.addTo(map_home);" in script
    assert 'Quartieri.areas(map_home, {"url": "/mappa/aree.json?v=1", "ground": false});' in script
    assert "Quartieri.places(map_home, " in script


def test_the_frame_comes_before_the_layers_that_use_its_labels():
    script = render(SPEC).script
    assert script.index("Quartieri.frame(") < script.index("Quartieri.areas(")
    assert script.index("Quartieri.areas(") < script.index("Quartieri.places(")


def test_a_map_without_tiles_or_layers_asks_for_none():
    script = render(MapSpec("bare", SPEC.bounds, PLAIN)).script
    assert "tileLayer" not in script
    assert "Quartieri.areas" not in script
    assert "Quartieri.places" not in script
    assert "Quartieri.frame(map_bare, " in script


def test_a_map_of_what_is_near_carries_no_point_and_no_place():
    script = render(replace(SPEC, places_url=None, near=True)).script
    assert "Quartieri.near(map_home, {});" in script
    assert '"ground": true' in script
    assert "Quartieri.near" not in render(SPEC).script


def test_the_same_spec_gives_the_same_bytes():
    reversed_labels = dict(reversed(PLAIN.items()))
    assert render(SPEC) == render(replace(SPEC)) == render(replace(SPEC, labels=reversed_labels))


def test_two_maps_share_no_name():
    names = re.compile(r"\b\w+_(?:home|other)\b")
    here = set(names.findall(render(SPEC).script))
    there = set(names.findall(render(replace(SPEC, name="other")).script))
    assert here
    assert not here & there


def test_no_address_of_a_third_party_is_left():
    page = build(SPEC).get_root().render()
    rendered = render(SPEC)
    for text in (page, rendered.body, rendered.script):
        assert "http://" not in text
        assert "https://" not in text
    assert "src=" not in page


def test_other_folium_maps_keep_their_own_assets():
    build(SPEC)
    assert folium.Map.default_js


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_label_arrives_as_the_text_it_is(text):
    script = render(replace(SPEC, labels=PLAIN | {"title": text})).script
    assert f'"title": {to_script(text)}' in script


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_attribution_arrives_as_the_text_it_is(text):
    script = render(replace(SPEC, tiles_attribution=text)).script
    assert f'"attribution": {to_script(text)}' in script


@pytest.mark.parametrize("text", HOSTILE)
def test_an_encoded_text_holds_nothing_that_means_something_elsewhere(text):
    encoded = to_script({text: [text]})
    assert not re.search(r"[^ -~]|[<>&'`]|\{[{%#]", encoded)
    assert json.loads(encoded) == {text: [text]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "a b"}, "map name"),
        ({"name": "x;alert(1)"}, "map name"),
        ({"name": ""}, "map name"),
        ({"bounds": ((45.73, 9.60), (45.66, 9.72))}, "bounds"),
        ({"bounds": ((9.60, 45.66), (9.60, 45.73))}, "bounds"),
        ({"bounds": ((float("nan"), 9.6), (45.7, 9.7))}, "bounds"),
        ({"areas_url": "https://example.org/a.json"}, "address"),
        ({"areas_url": "//example.org/a.json"}, "address"),
        ({"areas_url": "/\\example.org"}, "address"),
        ({"places_url": "a.json"}, "address"),
        ({"places_url": "/{{ 7 * 7 }}"}, "address"),
        ({"places_url": '/"+alert(1)+"'}, "address"),
        ({"tiles_url": "/{#z#}/{x}/{y}"}, "address"),
        ({"tiles_attribution": ""}, "tiles_attribution"),
        ({"labels": {}}, "labels lack title"),
        ({"labels": PLAIN | {"close": ""}}, "labels lack close"),
    ],
)
def test_what_cannot_be_used_is_refused(change, said):
    with pytest.raises(ValueError, match=said):
        replace(SPEC, **change)

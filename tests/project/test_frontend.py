"""What templates and scripts agree on: the data-* attributes and the labels of maps."""

import re

import pytest

from geo.maps.folium_map import LABELS
from tests.helpers.paths import ROOT

LIST = "frontend/shared/data_attributes.js"
# Without those that names of other things contain (`user-data-dir`).
ATTRIBUTE = re.compile(r"(?<![\w-])data-[a-z]+(?:-[a-z]+)*")
CONSTANT = re.compile(r"export const ([A-Z_]+) = '(data-[a-z-]+)';")


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def constants(section: str = "") -> dict[str, str]:
    """Return the listed attributes by constant; those of one section, if it's named."""
    text = read(LIST)
    if section:
        _, found, text = text.partition(f"// {section}")
        assert found, section
        text = text.partition("\n// ")[0]
    return dict(CONSTANT.findall(text))


def in_templates() -> set[str]:
    return {
        name
        for path in ROOT.glob("templates/**/*.html")
        for name in ATTRIBUTE.findall(path.read_text(encoding="utf-8"))
    }


def scripts() -> str:
    folders = ("map", "shared", "site")
    paths = [path for name in folders for path in ROOT.glob(f"frontend/{name}/**/*.js")]
    return "\n".join(path.read_text("utf-8") for path in paths if path != ROOT / LIST)


def test_each_data_attribute_of_a_template_is_listed() -> None:
    assert in_templates() <= set(constants().values())


def test_each_listed_attribute_stands_in_a_template() -> None:
    written_by_scripts = set(constants("Written by the scripts").values())
    assert len(written_by_scripts) == 4
    assert set(constants().values()) - written_by_scripts == in_templates() - written_by_scripts


def test_no_attribute_is_listed_twice() -> None:
    names = CONSTANT.findall(read(LIST))
    assert len({attribute for _, attribute in names}) == len(names) > 50


@pytest.mark.parametrize("name", sorted(constants().keys() - constants("Read by neither").keys()))
def test_each_listed_attribute_is_used_by_a_script(name: str) -> None:
    assert re.search(rf"\b{name}\b", scripts())


def test_scripts_know_the_labels_that_maps_get() -> None:
    declared = read("frontend/map/parts/labels.js").partition("Record<")[2].partition(", string")[0]
    assert re.findall(r"'(\w+)'", declared) == list(LABELS)

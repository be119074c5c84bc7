"""Templates, styles and scripts: what they agree on, and that no third party has a part in them."""

import re

import pytest

from geo.maps.folium_map import LABELS
from tests.helpers.paths import ROOT
from tests.helpers.project_files import tracked_files

LIST = "frontend/shared/data_attributes.js"
# Without those that names of other things contain (`user-data-dir`).
ATTRIBUTE = re.compile(r"(?<![\w-])data-[a-z]+(?:-[a-z]+)*")
CONSTANT = re.compile(r"export const ([A-Z_]+) = '(data-[a-z-]+)';")
THIRD_PARTY_ASSET = re.compile(
    r"""
      <(?:script|img|iframe|source|video|audio)\b[^>]*\bsrc\s*=\s*["']?(?:https?:)?//
    | <link\b(?![^>]*\brel\s*=\s*["']?(?:canonical|alternate|license))[^>]*
      \bhref\s*=\s*["']?(?:https?:)?//
    | \burl\(\s*["']?(?:https?:)?//
    | \bimport\b[^;\n]*["']https?://
    | \b(?:cdn\.jsdelivr\.net|cdnjs\.cloudflare\.com|unpkg\.com|code\.jquery\.com
      |(?:fonts|ajax)\.googleapis\.com|fonts\.gstatic\.com|netdna\.bootstrapcdn\.com)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


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


@pytest.mark.parametrize(
    "text",
    [
        '<script defer src="https://example.org/a.js"></script>',
        "<img alt='' src=//example.org/a.png>",
        '<link rel="stylesheet" href="https://example.org/a.css">',
        "@import url(https://example.org/a.css);",
        'import L from "https://example.org/leaflet.js";',
        "https://cdn.jsdelivr.net/npm/leaflet",
    ],
)
def test_third_party_asset_is_recognised(text: str) -> None:
    assert THIRD_PARTY_ASSET.search(text)


@pytest.mark.parametrize(
    "text",
    [
        '<script src="/static/dist/app.js"></script>',
        '<a href="https://example.org/">a link is no asset</a>',
        '<link rel="canonical" href="https://example.org/">',
        'import L from "leaflet";',
        "background: url(img/marker.png)",
    ],
)
def test_own_asset_and_plain_link_are_not_third_party_assets(text: str) -> None:
    assert not THIRD_PARTY_ASSET.search(text)


def test_no_page_style_or_script_loads_anything_from_a_third_party() -> None:
    files = tracked_files(".html", ".j2", ".js", ".mjs", ".ts", ".css", ".scss", ".svg")
    found = {
        (path.relative_to(ROOT).as_posix(), match.group())
        for path in files
        for match in [THIRD_PARTY_ASSET.search(path.read_text(encoding="utf-8"))]
        if match
    }
    assert not found

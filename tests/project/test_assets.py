"""Pages, styles and scripts load nothing from a third party."""

import re

import pytest

from tests.helpers.paths import ROOT
from tests.helpers.project_files import tracked_files

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

"""A made-up city whose every text means harm, and its twin in which each is a harmless word.

The same three quartieri, places and networks stand in both, on the squares of `small_city`; only
the words differ. So whatever a page of one has that its twin's page hasn't came out of the data.
"""

import csv
import io
import json
from pathlib import Path
from typing import Any

from tests.helpers.cities.small_city import place, quartiere, square

# Nobody writes this number by chance: where it stands, something was evaluated.
FACTORS = (73_211, 95_479)
SUM = f"{FACTORS[0]}*{FACTORS[1]}"
PRODUCT = str(FACTORS[0] * FACTORS[1])
# What a payload does when it runs, and what it asks the server for.
RAN = "window.__ran=1"
CANARY = "/canarino"
# Where a spreadsheet might begin to compute.
FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1+1)", "＝1+1", '=HYPERLINK("https://example.org")',
    "x;=1+1;y", "x; +1+1", "=cmd|'/C calc'!A0", "' =1+1",
)  # fmt: skip
PAYLOADS = (
    f"<script>{RAN}</script>",
    f"</script><script>{RAN}</script>",
    f"<img src={CANARY} onerror={RAN}>",
    f"<svg/onload={RAN}>",
    f'<iframe srcdoc="<script>parent.__ran=1</script>" src={CANARY}>',
    f'" onmouseover="{RAN}" onfocus="{RAN}" autofocus x="',
    f"' onmouseover='{RAN}' x='",
    f"</textarea></title></style></option></select><img src={CANARY}>",
    "<!-- <b>",
    "--> ]]> <![CDATA[ ?>",
    "&lt;b&gt; &amp; &#60;i&#62; &quot;",
    f"${{{SUM}}}",
    f"`${{{SUM}}}` `;{RAN};`",
    f"';{RAN};//",
    f"\\';{RAN};// \\",
    f"{{{{{SUM}}}}}",
    f"{{% set x = {SUM} %}}{{{{ x }}}}",
    "{% raw %}",
    "{% endblock %}",
    "{# gone #}",
    "{{ config.items() }} {{ ''.__class__.__mro__ }}",
    f"#{{{SUM}}} <%= {SUM} %> *{{{SUM}}}",
    "%s %d %n %(name)s % {0} {name} {0.__class__}",
    "'; DROP TABLE luoghi; --",
    '" OR 1=1 --',
    "../../../etc/passwd",
    "..\\..\\win.ini",
    f"javascript:{RAN}",
    f"data:text/html,<script>{RAN}</script>",
    f"[x](javascript:{RAN}) **x** <{CANARY}>",
    "%0d%0aSet-Cookie: a=b",
    r"\r\nSet-Cookie: a=b \u2028 \x1b[31m",
    '"}, {"@id": "x"}] """ . <a> <b> <c> .',
    "$\\frac{1}{0}$ _x^y $",
    "_hidden _x0041_",
    "حي السلام (12)",
    "שלום \u200f! \u200eabc",
    "Nоrd",  # its second letter is Cyrillic
    "No\u200brd\ufeff A\u0300\u0301\u0302\u0303 👩\u200d👩\u200d👧",
    "W" * 400,
    *FORMULAS,
)
LINKS = (
    f'https://example.org/"><script>{RAN}</script>',
    f"https://example.org/'onmouseover='{RAN}",
    f"https://example.org/{{{{{SUM}}}}}${{{SUM}}}`",
    "https://example.org/{%raw%}{#x#}</script><!--",
    f"https://example.org/%0d%0aSet-Cookie:a=b?x=javascript:{RAN}",
    "https://example.org/../../%2e%2e/x;=1+1;y",
    "https://xn--80ak6aa92e.com/",
)
_LONGEST = 490
# Kinds for places with a point, then for organisations without one.
_KINDS = (
    "parco", "biblioteca", "scuola-primaria", "spazio-di-quartiere", "orto", "parrocchia",
    "bene-comune", "area-gioco",
)  # fmt: skip
_BODIES = ("associazione-culturale", "volontariato", "comitato", "sindacato")
PLACES = 25
_LANGUAGES = ("it", "en", "fr")
_STAGES = ("offered", "proposal", "agreement", "ended")


class Words:
    """Texts for the fields of a city: each ends with a mark of its own, kz001z and so on.

    `of` tells by its mark which text was planted, and `field` where.
    """

    def __init__(self, *, harmless: bool) -> None:
        self._harmless = harmless
        self.of: dict[str, str] = {}
        self.field: dict[str, str] = {}

    def text(self, field: str, at: int, several: int = 2) -> str:
        """Return the `at`-th text of a field: some payloads, others for each field."""
        first = at * several + 7 * sum(map(ord, field))
        some = [PAYLOADS[(first + i) % len(PAYLOADS)] for i in range(several)]
        return self._marked(field, " ".join(some)[:_LONGEST], " ")

    def link(self, field: str, at: int) -> str:
        """Return the `at`-th address of a field."""
        return self._marked(field, LINKS[(at + len(field)) % len(LINKS)], "#")

    def _marked(self, field: str, payload: str, between: str) -> str:
        mark = f"kz{len(self.of) + 1:03d}z"
        if self._harmless:
            payload = "https://example.org/x" if between == "#" else _word(len(self.of))
        # A text that ends with its mark is whole where the mark is.
        self.of[mark] = f"{payload}{between}{mark}"
        self.field[mark] = field
        return self.of[mark]


def _word(number: int) -> str:
    """Return a word that is like no other number's."""
    letters = "bcdfglmnprstvaeiou"
    spread = [(number * step + step) % len(letters) for step in (1, 5, 7, 11, 13)]
    return "".join(letters[each] for each in spread).capitalize()


def write(folder: Path, *, harmless: bool = False) -> Words:
    """Write the city's data folder, and return what was planted in it."""
    folder.mkdir(parents=True, exist_ok=True)
    words = Words(harmless=harmless)
    layers = {"quartieri.geojson": _quartieri(words), "places.geojson": _places(words)}
    for file, features in layers.items():
        document = {"type": "FeatureCollection", "features": features}
        (folder / file).write_text(json.dumps(document), encoding="utf-8")
    for file, rows in _tables(words).items():
        (folder / file).write_text(_csv(rows), encoding="utf-8")
    (folder / "city.toml").write_text(_city(words), encoding="utf-8")
    return words


def _quartieri(words: Words) -> list[dict[str, Any]]:
    shapes = {
        "nord": (9.60, 45.70, 9.61, 45.71),
        "sud": (9.60, 45.69, 9.61, 45.70),
        "est": (9.61, 45.69, 9.62, 45.71),
    }
    told = [
        quartiere(slug, words.text("quartieri name", at, 5), 1000 * (at + 1), square(*box))
        for at, (slug, box) in enumerate(shapes.items())
    ]
    for at, feature in enumerate(told):
        is_link = at == 2
        source = words.link if is_link else words.text
        feature["properties"] |= {
            "residents_source": source("quartieri residents_source", at),
            "boundary_source": words.text("quartieri boundary_source", at, 5),
            "boundary_status": "indicative" if at == 1 else "official",
        }
    return told


def _places(words: Words) -> list[dict[str, Any]]:
    return [_place(words, at) for at in range(PLACES)]


def _place(words: Words, at: int) -> dict[str, Any]:
    placed = at < PLACES - len(_BODIES)
    kind = _KINDS[at % len(_KINDS)] if placed else _BODIES[at % len(_BODIES)]
    # 280 m apart, none on a border.
    point = (9.6013 + 0.0036 * (at % 5), 45.6913 + 0.0036 * (at // 5)) if placed else None
    values = {
        field: words.text(f"places {field}", at)
        for field in ("name", "address", "phone", "email", "opening_hours", "holder")
    }
    source = {
        "source": "walk" if at % 2 else "talk",
        "ref": words.text("places ref", at),
        "url": words.link("places url", at),
        "date": "2014-05",
    }
    return place(
        f"osm:node/{at}",
        kind,
        point,
        **values,
        website=words.link("places website", at),
        school_codes=[words.text("places school_codes", at)],
        sources=[source],
        stage=_STAGES[at % 4] if placed else None,
        stage_year=2020 if placed else None,
        area_m2=1000 + at if placed else None,
        quartiere=None if placed else ("nord", "sud", "est", "nord")[at % 4],
    )


def _tables(words: Words) -> dict[str, list[list[object]]]:
    networks = [
        [f"rete-{at}", words.text("networks name", at, 5), ("nord sud", "est")[at], "stated",
         ("active", "former")[at], 12, 2022, words.link("networks source_url", at), "2022"]
        for at in range(2)
    ]  # fmt: skip
    ties = [
        [f"osm:node/{at}", f"rete-{at % 2}", ("member", "takes part")[at % 2], "",
         words.link("memberships source_url", at), "2022"]
        for at in range(12, PLACES)
    ]  # fmt: skip
    agreement = ["osm:node/23", "", "agreement", "osm:node/0"]
    ties.append([*agreement, words.link("memberships source_url", 0), ""])
    streets = [
        [words.text("streets street", at), round(9.602 + 0.003 * (at % 6), 4),
         round(45.692 + 0.003 * (at // 6), 4), at]
        for at in range(25)
    ]  # fmt: skip
    demand = [
        [round(9.601 + 0.003 * (at % 6), 4), round(45.691 + 0.003 * (at // 6), 4),
         1, "", "", "", "walk"]
        for at in range(36)
    ]  # fmt: skip
    sources = [
        [ident, words.text("sources title", at), words.text("sources publisher", at),
         words.link("sources url", at), "2014-05", words.text("sources licence", at),
         words.text("sources attribution", at)]
        for at, ident in enumerate(("walk", "talk"))
    ]  # fmt: skip
    changes = [
        ["2024-01-31", words.text("changes version", at, 1), words.text("changes text", at)]
        for at in range(25)
    ]
    return {
        "networks.csv": [
            "slug name quartieri named status members_claimed members_claimed_year source_url"
            " source_date".split(),
            *networks,
        ],
        "memberships.csv": [
            "place network evidence common_good source_url source_date".split(), *ties
        ],
        "streets.csv": ["street lon lat osm_id".split(), *streets],
        "demand.csv": ["lon lat weight residents aged_65 aged_0_14 source".split(), *demand],
        "sources.csv": ["id title publisher url date licence attribution".split(), *sources],
        "changes.csv": ["date version text".split(), *changes],
    }  # fmt: skip


def _city(words: Words) -> str:
    names = "\n".join(
        f"{code} = {json.dumps(words.text(f'city names.{code}', at, 5), ensure_ascii=False)}"
        for at, code in enumerate(("it", "en", "fr"))
    )
    return f"""
slug = "malvagia"
metric_crs = "EPSG:32632"
time_zone = "Europe/Rome"
registered_kinds = ["scuola-primaria"]
[names]
{names}
[residents]
count = 6000
year = 2024
source = {json.dumps(words.link("city residents.source", 0))}
[green]
area_m2 = 1000
per_resident = 2
year = 2024
source = {json.dumps(words.link("city green.source", 1))}
"""


def _csv(rows: list[list[object]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()

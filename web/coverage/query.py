"""What the address of a page of coverage asks: kinds, distance, for whom, what if."""

import re
from dataclasses import dataclass
from typing import Any

from flask import abort, request
from flask_babel import gettext as _

from geo.analysis.coverage import CoverageQuery, Scenario
from geo.analysis.coverage_details import MOST_SITES
from geo.analysis.population import populations
from web.site import labels
from web.site.app_state import dataset
from web.site.kind_labels import check_kind
from web.site.parameters import DECIMALS, is_near_city

DEFAULT_KINDS = ("spazio-di-quartiere",)
DISTANCES = (300, 500, 1000)
DEFAULT_METRES = 500
NEAREST, FARTHEST = 50, 5000
DEFAULT_MEASURE = "quota"
DEFAULT_SITES = 3
# What the comparison puts beside the first question where the address names no other.
SECOND_METRES = 1000
# What in an address is the question itself; the rest is how its answer is shown.
OF_THE_QUESTION = ("tipo", "come", "entro", "chi", "aggiungi", "chiudi")
_MOST_KINDS = 12
_MOST_CHANGES = 10
_POINT = re.compile(r"([+-]?\d{1,3}(?:\.\d{1,20})?),([+-]?\d{1,3}(?:\.\d{1,20})?)")


@dataclass(frozen=True)
class AskedCoverage:
    """A question, and how its answer is to be shown.

    `measure`: a key of `words.GAP_MEASURE`; `sort`: a column of the table, `down` its
    direction; `sites`: how many to suggest.
    """

    question: CoverageQuery
    measure: str
    sort: str
    down: bool
    sites: int

    @property
    def column(self) -> str:
        """Return the column of the answer's table that the measure is."""
        return labels.GAP_COLUMNS[self.measure]

    def state(self, **changed: Any) -> dict[str, Any]:
        """Return the address's values, without those that are as at first."""
        question = self.question
        values = {
            "tipo": list(question.kinds),
            "come": "tutti" if question.how == "each" else None,
            "entro": question.metres,
            "chi": None if question.population == "residents" else _who_word(question.population),
            "misura": self.measure,
            "ordina": None if self.sort == "scoperti" else self.sort,
            "verso": None if self.down else "su",
            "siti": None if self.sites == DEFAULT_SITES else self.sites,
        }
        return values | _scenario_state(question.scenario) | changed


@dataclass(frozen=True)
class AskedComparison:
    """Two questions for the same people and what-if, and the measure to compare them in."""

    questions: tuple[CoverageQuery, CoverageQuery]
    measure: str

    def state(self) -> dict[str, Any]:
        """Return the address's values."""
        both = [
            {
                f"tipo{end}": list(question.kinds),
                f"come{end}": "tutti" if question.how == "each" else None,
                f"entro{end}": question.metres,
            }
            for end, question in zip(("", "2"), self.questions, strict=True)
        ]
        who = self.questions[0].population
        shared = {"chi": None if who == "residents" else _who_word(who), "misura": self.measure}
        return both[0] | both[1] | shared | _scenario_state(self.questions[0].scenario)


def read_question(prefix: str = "", metres: int = DEFAULT_METRES) -> CoverageQuery:
    """Return the question that the address asks; 400 in words for what can't be meant.

    `prefix` ends the names of a second question's fields on the same page; `metres` is the
    distance where the address has none.
    """
    who = request.args.get("chi") or "residenti"
    if labels.POPULATION_SLUGS.get(who) not in populations(dataset()):
        abort(400, _("Di “%(name)s” i dati non dicono dove abitano.", name=who[:40]))
    how = request.args.get(f"come{prefix}") or "uno"
    if how not in labels.HOW:
        abort(400, _("“%(name)s” non si può scegliere: uno o tutti.", name=how[:40]))
    return CoverageQuery(
        kinds=_kinds(f"tipo{prefix}"),
        metres=_metres(f"entro{prefix}", metres),
        how="each" if how == "tutti" else "any",
        population=labels.POPULATION_SLUGS[who],
        scenario=Scenario(added=_added(), closed=_closed()),
    )


def read_coverage() -> AskedCoverage:
    """Return all that the address of /copertura asks; 400 in words for what can't be meant."""
    sort = request.args.get("ordina") or "scoperti"
    return AskedCoverage(
        question=read_question(),
        measure=_measure(request.args.get("misura") or DEFAULT_MEASURE),
        sort=sort if sort == "nome" else _measure(sort),
        down=request.args.get("verso") != "su",
        sites=_whole(request.args.get("siti") or str(DEFAULT_SITES), 0, MOST_SITES),
    )


def read_comparison() -> AskedComparison:
    """Return what the address of the comparison asks; 400 in words for what can't be meant."""
    measure = _measure(request.args.get("misura") or DEFAULT_MEASURE)
    second = read_question("2", SECOND_METRES)
    return AskedComparison((read_question(), second), measure)


def _measure(name: str) -> str:
    if name not in labels.GAP_MEASURE:
        abort(400, _("La misura “%(name)s” non esiste.", name=name[:40]))
    return name


def _scenario_state(scenario: Scenario) -> dict[str, Any]:
    return {
        "aggiungi": [f"{lon:.5f},{lat:.5f}" for lon, lat in scenario.added],
        "chiudi": list(scenario.closed),
    }


def _who_word(population: str) -> str:
    return next(word for word, who in labels.POPULATION_SLUGS.items() if who == population)


def _kinds(field: str) -> tuple[str, ...]:
    asked = sorted({slug for slug in request.args.getlist(field) if slug})
    if len(asked) > _MOST_KINDS:
        abort(400, _("Troppi tipi di luogo in una volta sola."))
    for slug in asked:
        check_kind(slug)
    return tuple(asked) or DEFAULT_KINDS


def _metres(field: str, otherwise: int) -> int:
    text = request.args.get(field) or str(otherwise)
    return _whole(text, NEAREST, FARTHEST)


def _whole(text: str, low: int, high: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7 and low <= int(text) <= high):
        message = _(
            "“%(text)s” non va bene: serve un numero intero da %(low)s a %(high)s.",
            text=text[:40],
            low=low,
            high=high,
        )
        abort(400, message)
    return int(text)


def _added() -> tuple[tuple[float, float], ...]:
    points = [_point(text) for text in _changes("aggiungi")]
    return tuple(dict.fromkeys(points))


def _point(text: str) -> tuple[float, float]:
    found = _POINT.fullmatch(text)
    lon, lat = (round(float(each), DECIMALS) for each in found.groups()) if found else (0.0, 0.0)
    if not found or not is_near_city(lon, lat):
        abort(
            400, _("Il punto “%(text)s” non è in città: servono lon,lat in gradi.", text=text[:40])
        )
    return lon, lat


def _closed() -> tuple[str, ...]:
    asked = sorted(set(_changes("chiudi")))
    for ident in asked:
        if ident not in dataset().places.index:
            abort(400, _("Il luogo “%(name)s” non esiste.", name=ident[:80]))
    return tuple(asked)


def _changes(field: str) -> list[str]:
    asked = [text for text in request.args.getlist(field) if text]
    if len(asked) > _MOST_CHANGES:
        abort(400, _("Troppe ipotesi in una volta: al massimo %(most)s.", most=_MOST_CHANGES))
    return asked

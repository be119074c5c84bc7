"""The report of a build: counts, rules, and every decision that a person should check."""

from collections import Counter
from collections.abc import Sequence

from geo.ingest.build import BuildResult
from geo.ingest.match import DOUBT_METRES, DOUBT_SCORE, RULES, TWICE_METRES, TWICE_SCORE
from geo.ingest.place_ids import PLACE_IDS
from geo.model.kinds import STANDARD
from geo.model.schema import PlaceRow
from geo.sources.record import BuildLog

HEADING_LOST = "Ids without a place (they are given to no other one)"
HEADING_QUARTIERE = "Stated and computed quartiere differ"


def build_report(result: BuildResult, rows: Sequence[PlaceRow], log: BuildLog) -> str:
    """Return the report as Markdown, the same for the same data."""
    _log_disagreements(result, log)
    _log_lost_ids(result, log)
    parts = [
        "# Report of the build",
        "",
        *_counts(rows, result),
        "",
        *_rules(),
        *(line for heading in sorted(log.sections) for line in _section(heading, log)),
        "",
    ]
    return "\n".join(parts)


def new_ids_report(result: BuildResult) -> str:
    """Return the ids that this build gave first, beside those that lost their place."""
    given = result.ids
    if not given.before.traces or not given.new:
        return ""
    names = {place.id: place.name for place in result.places}
    lost = given.lost[0] if len(given.lost) == 1 else "<id>"
    keys = {id_: min(trace.key for trace in given.known.traces[id_]) for id_ in given.new}
    lines = [
        f"## New ids ({len(given.new)})",
        "",
        f"Ids without a place: {', '.join(given.lost) or 'none'}. If a new id is of one of these",
        f"places, add the line to {PLACE_IDS.file} and build again.",
        "",
        *(f"- {id_}: {names[id_]}. Line: `{lost},{keys[id_]},`" for id_ in sorted(given.new)),
        "",
    ]
    return "\n".join(["", *lines])


def _counts(rows: Sequence[PlaceRow], result: BuildResult) -> list[str]:
    counted = Counter((row.kind, row.position) for row in rows)
    base_map = result.base_map
    total = (
        f"{len(rows)} places, {len(result.networks)} networks, {len(result.memberships)} ties, "
        f"{len(base_map.areas)} quartieri, {len(base_map.street_points)} street points."
    )
    lines = [
        total,
        "",
        "| kind | places | exact | street | none |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for kind in STANDARD.slugs:
        numbers = [counted[kind, position] for position in ("exact", "street", "none")]
        if sum(numbers):
            lines.append(f"| {kind} | {sum(numbers)} | {' | '.join(map(str, numbers))} |")
    return lines


def _rules() -> list[str]:
    lines = [
        "## The rules of merging",
        "",
        "Two records are one place if their names are at least *score* alike (0–100, without",
        "the words that only say the kind) and their points at most *metres* apart (*street*:",
        f"if one is only a point of its street). Up to {DOUBT_SCORE:.0f} below the score, or up to",
        f"{DOUBT_METRES:.0f} times as far: doubtful, left apart and listed. Twice in one source:",
        f"{TWICE_METRES:.0f} m and {TWICE_SCORE:.0f}. A score above 100 means: never by name.",
        "",
        "| family | metres | street | score | nested names | unnamed | same spot | address |",
        "| --- | ---: | ---: | ---: | --- | ---: | ---: | --- |",
    ]
    for name, rule in RULES.items():
        flags = ("yes" if rule.nested else "no", "yes" if rule.by_address else "no")
        lines.append(
            f"| {name} | {rule.metres:.0f} | {rule.metres_street:.0f} | {rule.score:.0f} | "
            f"{flags[0]} | {rule.unnamed_metres:.0f} | {rule.spot_metres:.0f} | {flags[1]} |"
        )
    return lines


def _section(heading: str, log: BuildLog) -> list[str]:
    lines = sorted(log.sections[heading])
    return ["", f"## {heading} ({len(lines)})", "", *(f"- {line}" for line in lines)]


def _log_disagreements(result: BuildResult, log: BuildLog) -> None:
    for place in result.places:
        if place.quartiere is None or place.lon is None or place.lat is None:
            continue
        located = result.base_map.quartiere((place.lon, place.lat))
        if located != place.quartiere:
            where = f"stated {place.quartiere}, computed {located} ({place.position})"
            log.add(HEADING_QUARTIERE, f"{place.name} ({place.id}): {where}")


def _log_lost_ids(result: BuildResult, log: BuildLog) -> None:
    for id_ in result.ids.lost:
        keys = sorted({trace.key for trace in result.ids.known.traces.get(id_, ())})
        log.add(HEADING_LOST, f"{id_}: none of its records is in the sources ({', '.join(keys)})")

"""From an address to a point: the building's own coordinates, a point of its street, or none.

Every answer is a point of some source.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz

from geo.sources.osm.streets import StreetPoint
from geo.text.italian_addresses import PLACE_WORDS, Address, parse, streets_in

Point = tuple[float, float]

# A street's middle is a position only if none of its points is farther away.
STREET_REACH_M = 500.0
# Coordinates of an address that lie farther from every point of its street are a mistake.
IMPLAUSIBLE_M = 400.0
# How many house numbers away a known building may be to give a position.
BESIDE = 6
# How alike (0–100) two spellings of a street must be, and how much more than the next street.
STREET_ALIKE = 90.0
STREET_MARGIN = 4.0


@dataclass(frozen=True)
class FoundPosition:
    """A position: WGS84 degrees, `exact` or `street`."""

    lon: float
    lat: float
    position: str


class Streets:
    """The street points, looked up by address. `project` turns lon/lat into metres."""

    def __init__(
        self, points: Iterable[StreetPoint], project: Callable[[np.ndarray], np.ndarray]
    ) -> None:
        """Index the points by street."""
        self._project = project
        self._points: dict[tuple[str, tuple[str, ...]], list[Point]] = defaultdict(list)
        for point in points:
            address = parse(point.street)
            if address and address.type:
                self._points[address.street].append((point.lon, point.lat))
        self._first_names = self._names_that_open_several()

    def match(self, address: Address) -> tuple[str, tuple[str, ...]] | None:
        """Return the one street that `address` can mean: type and name both fitting, or None."""
        if not address.type:
            typed = [street for street in self._points if street[1] == address.name]
            return typed[0] if len(typed) == 1 else None
        if address.street in self._points and not address.initials:
            return address.street
        for fits in (self._ends_alike, self._holds):
            streets = [s for s in self._points if s[0] == address.type and fits(address, s[1])]
            if len(streets) == 1:
                return streets[0]
            if streets:
                return self._by_initial(address, streets)
        return self._spelt_alike(address)

    def points(self, address: Address) -> list[Point]:
        """Return the points of the street that `address` names, or none."""
        street = self.match(address)
        return self._points[street] if street else []

    def distance(self, address: Address, point: Point) -> float | None:
        """Return the metres from `point` to the nearest point of the street; None if unknown."""
        points = self.points(address)
        if not points:
            return None
        metres = self._project(np.array([*points, point]))
        return float(np.hypot(*(metres[:-1] - metres[-1]).T).min())

    def metres(self, one: Point, other: Point) -> float:
        """Return the metres between two points."""
        metric = self._project(np.array([one, other]))
        return float(np.hypot(*(metric[0] - metric[1])))

    def middle(self, points: Sequence[Point]) -> tuple[Point, float]:
        """Return the point nearest to the points' median, and the metres to the farthest one."""
        metres = self._project(np.array(points))
        offsets = np.hypot(*(metres - np.median(metres, axis=0)).T)
        chosen = int(np.argmin(offsets.round(3)))
        return points[chosen], float(np.hypot(*(metres - metres[chosen]).T).max())

    def crossing(self, one: Sequence[Point], other: Sequence[Point]) -> Point:
        """Return the point of `one` that is nearest to any of `other`."""
        a, b = self._project(np.array(one)), self._project(np.array(other))
        gaps = np.hypot(*np.moveaxis(a[:, None, :] - b[None, :, :], 2, 0)).min(axis=1)
        return one[int(np.argmin(gaps.round(3)))]

    def _names_that_open_several(self) -> set[str]:
        opening: dict[str, int] = defaultdict(int)
        for _, name in self._points:
            if len(name) > 1:
                opening[name[0]] += 1
        return {word for word, count in opening.items() if count > 1}

    def _ends_alike(self, address: Address, name: tuple[str, ...]) -> bool:
        """Return whether only first names are missing: "Via Balzer" is Via Otto Balzer."""
        size = len(address.name)
        missing = name[: len(name) - size]
        return name[-size:] == address.name and not PLACE_WORDS & set(missing)

    def _holds(self, address: Address, name: tuple[str, ...]) -> bool:
        """Return whether the name holds all words: "Via Ruggeri" is Via Pietro Ruggeri da Stabello.

        Saints' names are never cut short.
        """
        wanted = set(address.name)
        significant = [w for w in wanted - self._first_names if len(w) > 3]
        return wanted <= set(name) and bool(significant) and "s" not in wanted | {name[0]}

    def _by_initial(
        self, address: Address, streets: list[tuple[str, tuple[str, ...]]]
    ) -> tuple[str, tuple[str, ...]] | None:
        fitting = [s for s in streets if address.initials & {word[0] for word in s[1][:-1]}]
        exact = [s for s in streets if s[1] == address.name]
        chosen = exact or fitting
        return chosen[0] if len(chosen) == 1 else None

    def _spelt_alike(self, address: Address) -> tuple[str, tuple[str, ...]] | None:
        wanted = "".join(address.name)  # "Gian Battista" is Gianbattista
        scores = sorted(
            (max(fuzz.ratio(wanted, "".join(s[1])), _surname_alike(address.name, s[1])), s)
            for s in self._points
            if s[0] == address.type
        )
        if not scores or scores[-1][0] < STREET_ALIKE:
            return None
        clear = len(scores) == 1 or scores[-1][0] - scores[-2][0] >= STREET_MARGIN
        return scores[-1][1] if clear else None


def _surname_alike(wanted: tuple[str, ...], name: tuple[str, ...]) -> float:
    """A name without first names, spelt a little differently ("Röntgen" for Roentgen)."""
    missing, tail = name[: -len(wanted)], "".join(name[-len(wanted) :])
    if not missing or PLACE_WORDS & {*missing, *wanted} or len(tail) < 5:
        return 0.0
    return fuzz.ratio("".join(wanted), tail)


class AddressBook:
    """Finds positions for addresses, from known buildings first, then from streets."""

    def __init__(self, streets: Streets, inside: Callable[[Point, str], bool]) -> None:
        """`inside(point, slug)` returns whether a point lies in a quartiere."""
        self._streets = streets
        self._inside = inside
        self._buildings: dict[tuple[str, tuple[str, ...]], dict[str, Point]] = defaultdict(dict)

    def learn(self, address: str, point: Point) -> None:
        """Remember a building's own coordinates; later ones of the same address are ignored."""
        parsed = parse(address)
        if parsed and parsed.number:
            self._buildings[self._street(parsed)].setdefault(parsed.number, point)

    def implausible(self, address: str, point: Point) -> float | None:
        """Return the metres to the address's street when they are too many, else None."""
        parsed = parse(address)
        metres = self._streets.distance(parsed, point) if parsed else None
        return metres if metres is not None and metres > IMPLAUSIBLE_M else None

    def near(self, address: str, point: Point, metres: float) -> bool:
        """Return whether `point` lies within `metres` of a point of the address's street."""
        parsed = parse(address)
        found = self._streets.distance(parsed, point) if parsed else None
        return found is not None and found <= metres

    def metres(self, one: Point, other: Point) -> float:
        """Return the metres between two points."""
        return self._streets.metres(one, other)

    def find(self, address: str, quartiere: str | None = None) -> tuple[FoundPosition | None, str]:
        """Return the position of an address, or None; and why there is none."""
        parsed = parse(address)
        if parsed is None:
            return None, "no street in the address"
        numbers = self._buildings.get(self._street(parsed), {})
        if parsed.number and parsed.number in numbers:
            return FoundPosition(*numbers[parsed.number], "exact"), ""
        beside = _nearest_number(numbers, parsed)
        if beside:
            return FoundPosition(*numbers[beside], "street"), ""
        return self._on_street(address, parsed, quartiere)

    def _on_street(
        self, text: str, parsed: Address, quartiere: str | None
    ) -> tuple[FoundPosition | None, str]:
        named = streets_in(text) or [parsed]
        sets = [points for points in (self._streets.points(a) for a in named) if points]
        if not sets:
            return None, "its street isn't among the street points"
        if len(sets) > 1:
            return FoundPosition(*self._streets.crossing(sets[0], sets[1]), "street"), ""
        points = sets[0]
        within = [p for p in points if quartiere and self._inside(p, quartiere)]
        middle, reach = self._streets.middle(within or points)
        if reach > STREET_REACH_M:
            return None, f"its street is too long for a position ({reach:,.0f} m from the middle)"
        return FoundPosition(*middle, "street"), ""

    def _street(self, parsed: Address) -> tuple[str, tuple[str, ...]]:
        return self._streets.match(parsed) or parsed.street


def _nearest_number(numbers: dict[str, Point], address: Address) -> str | None:
    """Return the known house number next to the address's, within a few doors, or None."""
    if address.digits is None:
        return None
    wanted = int(address.digits)
    gaps = sorted((abs(int(_digits(number)) - wanted), number) for number in numbers)
    return gaps[0][1] if gaps and gaps[0][0] <= BESIDE else None


def _digits(number: str) -> str:
    return "".join(c for c in number if c.isdigit())

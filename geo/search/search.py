"""Search for places, streets, quartieri and networks by name: the offline geocoder."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.model.cache import memoized
from geo.model.dataset import Dataset
from geo.model.queries import records
from geo.search.name_index import AS_COMPARED, Bools, Floats, NameEntry, NameIndex, tokens
from geo.spatial.point_in_area import locate
from geo.text.italian import fold
from geo.text.italian_addresses import parse

Type = Literal["quartiere", "network", "street", "place"]
# Of hits that fit alike, one of a type further ahead comes first.
TYPES: tuple[Type, ...] = get_args(Type)
_TYPE_WEIGHT: dict[Type, float] = {
    "quartiere": 1.0,
    "network": 0.985,
    "street": 0.975,
    "place": 0.965,
}
# The weight of a word in a place's kind, address or quartiere instead of its name.
# A quartiere alone falls below NOISE: its own page lists what is there.
_KIND, _ADDRESS, _AREA = 0.95, 0.9, 0.75
# Names less similar (0–100) are no help to someone whose text matches nothing.
_CLOSE = 50.0
# Streets match equally if all words are whole in all of them, or all are prefixes.
_WHOLE_WORDS, _BEGINNINGS, _MARGIN = 99.0, 85.0, 3.0


@dataclass(frozen=True)
class Hit:
    """One result of a search.

    `key`: a place's id, a street's name as written, the slug of a quartiere or network.
    `detail`: the kind of a place; the house number in the query for a street (the point
    is still the street's); None else. `quartiere`: where it is, None if in
    none or several. `lon`, `lat`: WGS84 degrees, None where there is no point. `score`:
    0–100, how well it matches.
    """

    type: Type
    key: str
    name: str
    detail: str | None
    quartiere: str | None
    lon: float | None
    lat: float | None
    score: float


def search(
    dataset: Dataset, text: str, *, limit: int = 8, types: Collection[Type] | None = None
) -> list[Hit]:
    """Return what `text` may mean, best first, at most `limit` hits of the given types.

    Accents, case, punctuation, abbreviations and slips are forgiven, every word may be a
    prefix, and a house number at the end is ignored. A name that is typed in full
    comes first, with a score of 100 (99 if spelt otherwise); nothing scores less than
    `geo.search.name_index.THRESHOLD` (60) before it is weighted by its type. Texts without a
    letter or digit match nothing. ValueError for an unknown type.
    """
    index = _index(dataset)
    score = _match(index, text, types)[1]
    # Rounded: what differs by a rounding error only stays in the order of names.
    order = np.argsort(-score.round(2), kind="stable")[: max(limit, 0)]
    return [_hit(index, at, score, text) for at in order if score[at] > 0]


def streets(dataset: Dataset, text: str) -> list[Hit]:
    """Return the street that `text` names, or all that it may equally mean, best first.

    More than one: the text is ambiguous ("Europa" with a Via and a Viale Europa, "Via
    Rossi" with two first names), so ask which one. A name typed in full, type included, means
    the streets of that name only. None: there is no such street; see `closest`.
    """
    index = _index(dataset)
    fit, score = _match(index, text, {"street"})
    if not (score > 0).any():
        return []
    chosen = score >= AS_COMPARED
    if not chosen.any():
        best = fit.max()
        floors = (_WHOLE_WORDS, _BEGINNINGS, best - _MARGIN)
        chosen = fit >= next(floor for floor in floors if best >= floor)
    order = np.argsort(-score.round(2), kind="stable")
    return [_hit(index, at, score, text) for at in order if chosen[at] and score[at] > 0]


def closest(
    dataset: Dataset, text: str, n: int = 5, types: Collection[Type] | None = None
) -> list[Hit]:
    """Return up to `n` hits of the distinct names most similar to `text`, if nothing matches.

    Their scores are similarities. Empty when none is similar enough.
    ValueError for an unknown type.
    """
    index = _index(dataset)
    likeness = np.where(_among(index, types), index.names.alike(text, index.idle), 0).round(2)
    order = np.argsort(-likeness, kind="stable")[: 10 * max(n, 0)]
    hits: dict[str, Hit] = {}
    for at in order[likeness[order] >= _CLOSE]:
        hits.setdefault(index.hits[at].name, replace(index.hits[at], score=float(likeness[at])))
    return list(hits.values())[: max(n, 0)]


@dataclass(frozen=True, eq=False)
class _Index:
    """Everything that can be searched, ordered by type and name, with the weight of its type."""

    hits: tuple[Hit, ...]
    names: NameIndex
    types: NDArray[np.str_]
    type_weight: Floats
    idle: frozenset[str]


@memoized()
def _index(dataset: Dataset) -> _Index:
    """Index once for each dataset: it never changes."""
    pairs = [*_quartieri(dataset), *_networks(dataset), *_streets(dataset), *_places(dataset)]
    pairs.sort(key=lambda pair: _order(pair[0]))
    hits = tuple(hit for hit, _ in pairs)
    city = dataset.city.names
    return _Index(
        hits=hits,
        names=NameIndex(entry for _, entry in pairs),
        types=np.array([hit.type for hit in hits]),
        type_weight=np.array([_TYPE_WEIGHT[hit.type] for hit in hits]),
        idle=frozenset(tokens(f"{city.it} {city.en} {city.fr}")),
    )


def _order(hit: Hit) -> tuple[int, str, str, str]:
    return TYPES.index(hit.type), fold(hit.name), hit.name, hit.key


def _among(index: _Index, types: Collection[Type] | None) -> Bools:
    if unknown := set(types or ()) - set(TYPES):
        raise ValueError(f"types: {sorted(unknown)} unknown; there are {', '.join(TYPES)}")
    return np.isin(index.types, list(TYPES if types is None else types))


def _match(index: _Index, text: str, types: Collection[Type] | None) -> tuple[Floats, Floats]:
    """Return the fit of each entry, and its score weighted by type: both 0–100."""
    match = index.names.match(text, _among(index, types), index.idle)
    exact = match.score >= AS_COMPARED
    return match.fit, np.where(exact, match.score, match.score * index.type_weight)


def _hit(index: _Index, at: int, score: Floats, text: str) -> Hit:
    hit = replace(index.hits[at], score=round(float(score[at]), 2))
    if hit.type != "street":
        return hit
    address, own = parse(text), parse(hit.name)
    number = address.number if address and own and address.number != own.number else None
    return replace(hit, detail=number)


Entries = Iterator[tuple[Hit, NameEntry]]


def _quartieri(dataset: Dataset) -> Entries:
    areas = dataset.quartieri
    points = areas.geometry.representative_point()
    for (slug, row), lon, lat in zip(records(areas), points.x, points.y, strict=True):
        hit = Hit("quartiere", slug, row["name"], None, slug, lon, lat, 0.0)
        yield hit, NameEntry(row["name"])


def _networks(dataset: Dataset) -> Entries:
    areas = dataset.quartieri["name"]
    for slug, row in records(dataset.networks):
        covered = row["quartieri"]
        only = covered[0] if len(covered) == 1 else None
        beside = tuple((areas[each], _AREA) for each in covered)
        yield (
            Hit("network", slug, row["name"], None, only, None, None, 0.0),
            NameEntry(row["name"], beside),
        )


def _streets(dataset: Dataset) -> Entries:
    table = _street_points(dataset)
    columns = (table["street"], table["quartiere"], table.geometry.x, table.geometry.y)
    for name, area, lon, lat in zip(*columns, strict=True):
        yield Hit("street", name, name, None, area, lon, lat, 0.0), NameEntry(name)


def _street_points(dataset: Dataset) -> gpd.GeoDataFrame:
    """Return one point for each street, WGS84: of its own, the nearest to their median.

    Columns street, geometry, quartiere (None outside of all).
    """
    points = dataset.streets
    metric = points.geometry.to_crs(dataset.city.metric_crs)
    metres = pd.DataFrame({"street": points["street"], "x": metric.x, "y": metric.y})
    middle = metres.groupby("street")[["x", "y"]].transform("median")
    off = np.hypot(metres["x"] - middle["x"], metres["y"] - middle["y"]).round(3)
    order = np.lexsort((points.geometry.y, points.geometry.x, off))
    chosen = points.iloc[order].drop_duplicates("street")
    return chosen.assign(quartiere=locate(chosen.geometry, dataset.quartieri.geometry))


def _places(dataset: Dataset) -> Entries:
    areas = dataset.quartieri["name"].to_dict()
    for ident, row in records(dataset.places):
        point, area = row["geometry"], row["quartiere"]
        kind = dataset.kinds.names(row["kind"])
        beside = [(f"{kind.it} {kind.en} {kind.fr}", _KIND), (row["address"] or "", _ADDRESS)]
        beside.append((areas.get(area, ""), _AREA))
        lon, lat = (point.x, point.y) if point is not None else (None, None)
        hit = Hit("place", ident, row["name"], row["kind"], area, lon, lat, 0.0)
        yield hit, NameEntry(row["name"], tuple(beside))

"""Coverage by distance: who has no place near, and what a change of places would bring.

A query names kinds of place, a distance and a population; the result has the measures of each
quartiere and of the city. The methods are in `geo.spatial.access`; here they are applied to a
dataset.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.analysis.counts import SMALL_COUNT
from geo.analysis.population import demand
from geo.model.cache import memoized
from geo.model.dataset import WGS84, Dataset
from geo.spatial import access, rates
from geo.spatial.point_in_area import locate

How = Literal["any", "each"]
# The measures per head: their inequality over quartieri is a Gini coefficient.
_PER_HEAD = ("share", "per_1000", "catchment", "area_per_resident")


@dataclass(frozen=True)
class Scenario:
    """A change of places to examine.

    Attributes
    ----------
    added : tuple of (float, float)
        Points (lon, lat; WGS84) of new places; each is of every kind of the query.
    closed : tuple of str
        Ids of existing places that are left out.
    """

    added: tuple[tuple[float, float], ...] = ()
    closed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.closed)


@dataclass(frozen=True)
class CoverageQuery:
    """The kinds of place, the distance and the people of a coverage.

    Attributes
    ----------
    kinds : tuple of str
        Slugs of kinds or groups.
    metres : int
        The straight-line distance within which people are covered.
    how : {"any", "each"}
        Whether one of the kinds within `metres` is enough, or each is needed; then the distance
        is that to the farthest of them.
    population : str
        The people to count: one of `geo.analysis.population.POPULATIONS`.
    scenario : Scenario
        Places to add and to close.
    """

    kinds: tuple[str, ...]
    metres: int
    how: How = "any"
    population: str = "residents"
    scenario: Scenario = field(default_factory=Scenario)

    @property
    def without_scenario(self) -> "CoverageQuery":
        """Return the same query without its scenario."""
        return replace(self, scenario=Scenario())


@dataclass(frozen=True, eq=False)
class CoverageResult:
    """The coverage for a query.

    Attributes
    ----------
    query : CoverageQuery
    demand : GeoDataFrame
        The demand points (metric CRS) with distance_m and covered.
    table : DataFrame
        Index: slugs of the quartieri. Columns: name, population, estimated (whether residents
        are), share (0 to 1), uncovered (people), distance_m (mean, metres), count (places),
        per_1000 (places per 1,000 people), area_per_resident (m²), unplaced (places without a
        point: they cover nobody, so that `share` is a lower bound), small (a rate based on 1 to
        4 places), rank (1: most people uncovered; missing where that is unknown), catchment
        (places within reach per 1,000 people).
    city : Series
        The same measures for the whole city.
    gini : dict of str to float
        The Gini coefficient of each measure per head, weighted by the population.
    places : GeoDataFrame
        The places of the query that have a point (WGS84).
    without_point : int
        The number of other places of the query: they cover nobody.
    without_area : int or None
        The number of places without a known area; None where no place has one.
    sources : frozenset of str
        Ids of the sources of the places and of the demand points.
    """

    query: CoverageQuery
    demand: gpd.GeoDataFrame
    table: pd.DataFrame
    city: pd.Series
    gini: dict[str, float]
    places: gpd.GeoDataFrame
    without_point: int
    without_area: int | None
    sources: frozenset[str]


@memoized(64)
def compute_coverage(dataset: Dataset, query: CoverageQuery) -> CoverageResult:
    """Return the coverage for a query, computed once for each dataset.

    Raises
    ------
    KeyError
        For an unknown kind, place or population.
    """
    return _compute(dataset, query)


def _compute(dataset: Dataset, query: CoverageQuery) -> CoverageResult:
    places = counted_places(dataset, query)
    points = _with_point(dataset, places)
    people = demand(dataset)
    people = people.assign(distance_m=_distance(people, points, dataset, query))
    people["covered"] = access.within(people["distance_m"], query.metres)
    table = _table(dataset, query, places, people)
    table["catchment"] = _catchment(people, points, dataset, query)
    return CoverageResult(
        query=query,
        demand=people,
        table=table,
        city=_city(table, people, query.population),
        gini={name: rates.gini(table[name], table["population"]) for name in _PER_HEAD},
        places=places[places.geometry.notna()],
        without_point=int(places.geometry.isna().sum()),
        without_area=None
        if places["area_m2"].isna().all()
        else int(places["area_m2"].isna().sum()),
        sources=frozenset(dataset.demand_points["source"])
        | {ref.source for refs in places["sources"] for ref in refs},
    )


def compare(first: CoverageResult, second: CoverageResult, column: str) -> pd.DataFrame:
    """Compare a measure of two results by quartiere.

    Parameters
    ----------
    first, second : CoverageResult
        Of the same dataset.
    column : str
        A column of `CoverageResult.table`.

    Returns
    -------
    DataFrame
        Index: slugs of the quartieri. Columns: name, population and estimated of the first
        result; first, second, and difference (second − first), in the unit of the measure.
    """
    table = first.table[["name", "population", "estimated"]].assign(
        first=first.table[column], second=second.table[column]
    )
    return table.assign(difference=table["second"] - table["first"])


def compare_city(first: CoverageResult, second: CoverageResult, column: str) -> pd.Series:
    """Compare a measure of two results for the whole city, as `compare` does by quartiere.

    Returns
    -------
    Series
        first, second, and difference (second − first), in the unit of the measure.
    """
    one, other = float(first.city[column]), float(second.city[column])
    return pd.Series({"first": one, "second": other, "difference": other - one})


@dataclass(frozen=True)
class Spread:
    """How the known values of a measure differ between quartieri.

    `least` and `most`: the lowest and the highest value, with the slugs of the quartieri that
    have it; `median`: the one in the middle.
    """

    least: float
    least_in: list[str]
    median: float
    most: float
    most_in: list[str]


def spread(values: pd.Series) -> Spread | None:
    """Return the spread of a measure's values by quartiere, None if none is known."""
    known = values[values.notna()].sort_values(kind="stable")
    if known.empty:
        return None
    least, most = known.iloc[0], known.iloc[-1]
    return Spread(
        least=least,
        least_in=list(known.index[known == least]),
        median=known.median(),
        most=most,
        most_in=list(known.index[known == most]),
    )


def counted_places(dataset: Dataset, query: CoverageQuery) -> gpd.GeoDataFrame:
    """Return the existing places of a query's kinds, without those that its scenario closes.

    Returns
    -------
    GeoDataFrame
        Rows of `Dataset.places` (WGS84), also those without a point.

    Raises
    ------
    KeyError
        For an unknown kind, or an unknown place to close.
    """
    kinds = {kind for slug in query.kinds for kind in dataset.kinds.expand(slug)}
    places = dataset.places
    unknown = sorted(set(query.scenario.closed) - set(places.index))
    if unknown:
        raise KeyError(unknown[0])
    places = places[access.existing(places) & places["kind"].isin(kinds)]
    return places.drop(index=list(query.scenario.closed), errors="ignore")


def added_points(dataset: Dataset, scenario: Scenario) -> gpd.GeoDataFrame:
    """Return the points of a scenario's new places.

    Returns
    -------
    GeoDataFrame
        Points in the city's metric CRS, with quartiere (its slug; None outside all).
    """
    lon, lat = np.array(scenario.added, dtype=float).reshape(-1, 2).T
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=WGS84)
    quartiere = locate(points, dataset.quartieri.geometry)
    metric = points.to_crs(dataset.city.metric_crs)
    return gpd.GeoDataFrame({"quartiere": quartiere}, geometry=metric)


def _with_point(dataset: Dataset, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return places[places.geometry.notna()].to_crs(dataset.city.metric_crs)


def _distance(
    people: gpd.GeoDataFrame, points: gpd.GeoDataFrame, dataset: Dataset, query: CoverageQuery
) -> pd.Series:
    """Return the distance from each demand point to the places of the query, metres."""
    kinds = {slug: dataset.kinds.expand(slug) for slug in query.kinds}
    table = access.distances(people, points, kinds)
    if query.scenario.added:
        added = access.nearest_distance(people, added_points(dataset, query.scenario))
        table = table.clip(upper=added, axis=0)
    return access.combine(table, query.how)


def _table(
    dataset: Dataset, query: CoverageQuery, places: gpd.GeoDataFrame, people: gpd.GeoDataFrame
) -> pd.DataFrame:
    who = query.population
    population = people.groupby("quartiere")[who].sum(min_count=1).reindex(dataset.quartieri.index)
    count = _count(dataset, query, places)
    share = access.share_within(people, people["covered"], who)
    uncovered = access.uncovered(people, people["covered"], who)
    # Places of unknown area add nothing: `without_area` counts them.
    area = pd.to_numeric(places["area_m2"]).groupby(places["quartiere"]).sum()
    table = pd.DataFrame(
        {
            "name": dataset.quartieri["name"],
            "population": population,
            "estimated": dataset.quartieri["residents_estimated"].astype(bool),
            "share": share,
            "uncovered": uncovered,
            "distance_m": access.mean_distance(people, people["distance_m"], who),
            "count": count,
            "per_1000": rates.per_1000(count, population),
            "area_per_resident": rates.area_per_resident(
                area.reindex(population.index, fill_value=0.0), population
            ),
            "unplaced": rates.count_in(
                places.loc[places.geometry.isna(), "quartiere"], dataset.quartieri.index
            ),
            "small": count.between(1, SMALL_COUNT - 1),
        },
        index=dataset.quartieri.index,
    )
    return table.assign(rank=table["uncovered"].rank(ascending=False, method="min"))


def _count(dataset: Dataset, query: CoverageQuery, places: gpd.GeoDataFrame) -> pd.Series:
    index = dataset.quartieri.index
    count = rates.count_in(places["quartiere"], index)
    if query.scenario.added:
        added = added_points(dataset, query.scenario)
        count = count + rates.count_in(added["quartiere"], index)
    return count


def _catchment(
    people: gpd.GeoDataFrame, points: gpd.GeoDataFrame, dataset: Dataset, query: CoverageQuery
) -> pd.Series:
    """Return places within reach per 1,000 people, by quartiere (2SFCA, no decay)."""
    added = added_points(dataset, query.scenario)
    supply = np.concatenate([_xy(points), _xy(added)])
    known = people[people[query.population].notna() & people["quartiere"].notna()]
    cost = np.hypot(
        known.geometry.x.to_numpy()[:, None] - supply[None, :, 0],
        known.geometry.y.to_numpy()[:, None] - supply[None, :, 1],
    )
    number = pd.Series(1.0, index=range(len(supply)))
    reach = access.floating_catchment(
        known[query.population], number, cost, query.metres, np.ones_like
    )
    weighted = (reach * known[query.population]).groupby(known["quartiere"]).sum()
    total = known.groupby("quartiere")[query.population].sum()
    return 1000 * weighted / total.where(total > 0)


def _xy(points: gpd.GeoDataFrame) -> access.Floats:
    xy: access.Floats = shapely.get_coordinates(points.geometry.to_numpy())
    return xy


def _city(table: pd.DataFrame, people: gpd.GeoDataFrame, who: str) -> pd.Series:
    """Return the measures of the whole city, over the quartieri whose population is known."""
    known = people[people[who].notna() & people["quartiere"].notna()]
    number = known[who].sum()
    counted = table[table["population"].notna()]
    mean = _weighted_mean(counted)
    return pd.Series(
        {
            "population": number,
            "share": known.loc[known["covered"], who].sum() / number if number else np.nan,
            "uncovered": known.loc[~known["covered"], who].sum(),
            "distance_m": mean("distance_m"),
            "count": table["count"].sum(),
            "per_1000": 1000 * counted["count"].sum() / number if number else np.nan,
            "catchment": mean("catchment"),
            "area_per_resident": mean("area_per_resident"),
        }
    )


def _weighted_mean(table: pd.DataFrame) -> Callable[[str], float]:
    def mean(name: str) -> float:
        values = table[name][table[name].notna()]
        weights = table["population"].reindex(values.index)
        return float((values * weights).sum() / weights.sum()) if weights.sum() else np.nan

    return mean

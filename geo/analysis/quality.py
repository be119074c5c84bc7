"""The quality of the data: old, unplaced, contradictory or doubtful rows, as a work list."""

import re
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process, utils

from geo.model.dataset import Dataset
from geo.model.queries import records
from geo.spatial.access import existing

# Slugs of the problems, the most misleading first.
PROBLEMS = (
    "disagreement",
    "duplicate",
    "no_position",
    "street_position",
    "old",
    "only_events",
    "no_members",
    "no_network",
)
# From this age in years on a place should be checked again.
OLD_YEARS = 5
# Similarity of names (0–100) and distance (metres) of two places of a kind that may be the same.
ALIKE, NEAR_M = 88.0, 150.0
# Two places with the same name farther apart than this (metres) are rather named after a street.
SAME_NAME_M = 15.0


def sources_by_age(dataset: Dataset, today: date) -> pd.DataFrame:
    """Return each source with its age and the number of its places, the oldest first.

    Returns
    -------
    DataFrame
        Index: ids of the sources. Columns: title, date, years (whole years since then; missing
        where the source has no date), places (the number of places that cite it).
    """
    cited = pd.Series(
        [source for refs in dataset.places["sources"] for source in {ref.source for ref in refs}],
        dtype=object,
    ).value_counts()
    table = dataset.sources[["title", "date"]].assign(
        years=_years_since(dataset.sources["date"], today),
        places=cited.reindex(dataset.sources.index, fill_value=0),
    )
    return table.sort_values(["years", "title"], ascending=[False, True], na_position="last")


def newest_source(places: pd.DataFrame) -> pd.Series:
    """Return for each place the newest date of its sources and its check, or None (ISO text)."""
    dates = [
        max((text for text in (checked, *(ref.date for ref in refs)) if text), default=None)
        for refs, checked in zip(places["sources"], places["checked_on"], strict=True)
    ]
    return pd.Series(dates, index=places.index, dtype=object)


def disagreements(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the places whose point isn't in the quartiere that their source states."""
    stated, located = places["quartiere_stated"], places["quartiere_located"]
    return places[places.geometry.notna() & stated.notna() & (stated != located)]


def probable_duplicates(dataset: Dataset) -> pd.DataFrame:
    """Return pairs of existing places of one kind that may be the same.

    The names have a similarity of at least ALIKE (rapidfuzz's token_sort_ratio) and the same
    numbers in them; the points are at most NEAR_M apart, or SAME_NAME_M where the names are
    equal. Where one has no point, both must be in the same quartiere.

    Returns
    -------
    DataFrame
        Columns: one and other (ids), metres (the distance; missing where one has no point).
    """
    places = dataset.places
    places = places[existing(places)].sort_index()
    metric = places.geometry.to_crs(dataset.city.metric_crs)
    x, y = metric.x.to_numpy(), metric.y.to_numpy()
    pairs = [
        pair
        for _, at in pd.Series(range(len(places))).groupby(places["kind"].to_numpy())
        for pair in _alike(places["name"].to_numpy(dtype=object), at.to_numpy())
    ]
    one, other = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    metres = np.hypot(x[one] - x[other], y[one] - y[other])
    where = places["quartiere"].to_numpy(dtype=object)
    same_area = np.isnan(metres) & (where[one] == where[other]) & pd.notna(where[one])
    names = places["name"].to_numpy(dtype=object)
    keep = (metres <= np.where(names[one] == names[other], SAME_NAME_M, NEAR_M)) | same_area
    ids = places.index.to_numpy()
    return pd.DataFrame({"one": ids[one[keep]], "other": ids[other[keep]], "metres": metres[keep]})


def work_list(dataset: Dataset, today: date) -> pd.DataFrame:
    """Return the problems of the data, by quartiere and then by problem.

    Parameters
    ----------
    dataset : Dataset
    today : date
        The day on which the age of sources is computed.

    Returns
    -------
    DataFrame
        A row for each problem. Columns: quartiere (slug or None), problem (of PROBLEMS), id (of
        a place, network or quartiere), name, kind and address (None but for places), detail (of
        a duplicate the other place's id, of a disagreement the stated quartiere, of an old
        place its newest date; else None).
    """
    places = dataset.places
    there = places[existing(places)]
    newest = newest_source(there)
    old = _years_since(newest, today) >= OLD_YEARS
    pairs = probable_duplicates(dataset)
    differing = disagreements(places)
    found = [
        _rows("disagreement", differing, differing["quartiere_stated"]),
        _rows("duplicate", places.loc[pairs["one"]], pairs["other"]),
        _rows("no_position", there[there["position"] == "none"]),
        _rows("street_position", there[there["position"] == "street"]),
        _rows("old", there[old], newest[old]),
        _rows("only_events", places.loc[seen_only_at_events(dataset)]),
        _networks_without_members(dataset),
        _quartieri_without_network(dataset),
    ]
    table = pd.concat([rows for rows in found if len(rows)], ignore_index=True)
    order = table["problem"].map(PROBLEMS.index)
    table = table.assign(order=order).sort_values(["quartiere", "order", "name"], kind="stable")
    return table.drop(columns="order").reset_index(drop=True)


def seen_only_at_events(dataset: Dataset) -> list[str]:
    """Return the ids of the places whose only evidence of ties is that they took part."""
    ties = dataset.memberships
    more = set(ties.loc[ties["evidence"] != "takes part", "place"])
    return sorted(set(ties["place"]) - more)


def _networks_without_members(dataset: Dataset) -> pd.DataFrame:
    ties = dataset.memberships
    with_members = set(ties.loc[ties["evidence"] == "member", "network"])
    return _named(
        "no_members",
        [
            (network["quartieri"][0], slug, network["name"])
            for slug, network in records(dataset.networks)
            if slug not in with_members and network["status"] == "active"
        ],
    )


def _quartieri_without_network(dataset: Dataset) -> pd.DataFrame:
    covered = {slug for slugs in dataset.networks["quartieri"] for slug in slugs}
    names = dataset.quartieri["name"]
    alone = [(str(slug), str(slug), name) for slug, name in names.items() if slug not in covered]
    return _named("no_network", alone)


def _named(problem: str, rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["quartiere", "id", "name"])
    return table.assign(problem=problem, kind=None, address=None, detail=None)


def _rows(problem: str, places: pd.DataFrame, detail: pd.Series | None = None) -> pd.DataFrame:
    table = places[["quartiere", "name", "kind", "address"]].assign(
        problem=problem,
        id=places.index,
        detail=None if detail is None else detail.to_numpy(dtype=object),
    )
    return table.astype(object).reset_index(drop=True)


def _alike(names: np.ndarray, at: np.ndarray) -> list[tuple[int, int]]:
    """Return the pairs of positions in `at` whose names are similar."""
    words = [utils.default_process(str(names[each])) for each in at]
    scores = process.cdist(words, words, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
    one, other = np.nonzero(np.triu(scores, 1))
    numbers = [sorted(re.findall(r"\d+", name)) for name in words]
    return [(at[i], at[j]) for i, j in zip(one, other, strict=True) if numbers[i] == numbers[j]]


def _years_since(dates: pd.Series, today: date) -> pd.Series:
    """Return the whole years since partial dates such as "2014-07"; missing where there is none.

    A date without a month is taken as the end of its year: the age is a lower bound.
    """
    text = dates.astype("string")
    year = pd.to_numeric(text.str[:4])
    month = pd.to_numeric(text.str[5:7]).fillna(12)
    return today.year - year - (month > today.month).astype(int)

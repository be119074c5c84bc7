"""The indicators by which quartieri are compared: one list for pages and files."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from geo.analysis import commons
from geo.analysis.counts import SMALL_COUNT, city_counts, counts_by_quartiere
from geo.analysis.coverage import CoverageQuery, compute_coverage
from geo.model.cache import memoized
from geo.model.dataset import Dataset
from geo.model.kinds import COMMONS, ORGANISATIONS, PARISHES, SCHOOLS
from geo.spatial.rates import gini

Unit = Literal["people", "people/km²", "places/1000", "m²/person", "%", "bodies"]


@dataclass(frozen=True)
class Definition:
    """The definition of an indicator.

    Attributes
    ----------
    slug : str
    unit : Unit
    digits : int
        The number of decimals to show.
    method : str
        The section of the page on method that explains it.
    kind : str, optional
        The kind or group of places that it counts.
    metres : int, optional
        The distance within which a place covers people.
    """

    slug: str
    unit: Unit
    digits: int
    method: str
    kind: str | None = None
    metres: int | None = None


DEFINITIONS: dict[str, Definition] = {
    each.slug: each
    for each in (
        Definition("residenti", "people", 0, "residenti-e-punti"),
        Definition("densita", "people/km²", 0, "densita"),
        Definition("organizzazioni-per-1000", "places/1000", 2, "per-1000", ORGANISATIONS),
        Definition("scuole-per-1000", "places/1000", 2, "per-1000", SCHOOLS),
        Definition("parrocchie-per-1000", "places/1000", 2, "per-1000", PARISHES),
        Definition("beni-comuni-per-1000", "places/1000", 2, "per-1000", COMMONS),
        Definition("membri", "bodies", 0, "membri"),
        Definition("verde", "m²/person", 1, "verde"),
        Definition("parco-entro-300", "%", 1, "quota", "parco", 300),
        Definition("spazio-di-quartiere-entro-500", "%", 1, "quota", "spazio-di-quartiere", 500),
        Definition("biblioteca-entro-500", "%", 1, "quota", "biblioteca", 500),
        Definition("scuola-primaria-entro-500", "%", 1, "quota", "scuola-primaria", 500),
    )
}


@dataclass(frozen=True, eq=False)
class Indicators:
    """The indicators of a dataset.

    Attributes
    ----------
    table : DataFrame of float
        Index: slugs of the quartieri; columns: slugs of DEFINITIONS; missing where unknown.
    ranks : DataFrame of float
        Like `table`: 1 for the highest value; equal values share a rank; missing where the
        value is, and where no member is known, which is no last place.
    small : DataFrame of bool
        Like `table`: whether a rate is based on 1 to 4 places.
    city : Series of float
        The values of the whole city, by slug.
    gini : Series of float
        The Gini coefficient of each rate and share, weighted by residents, by slug.
    """

    table: pd.DataFrame
    ranks: pd.DataFrame
    small: pd.DataFrame
    city: pd.Series
    gini: pd.Series


@memoized()
def indicators(dataset: Dataset) -> Indicators:
    """Return all indicators, computed once for each dataset."""
    return _indicators(dataset)


def _indicators(dataset: Dataset) -> Indicators:
    of_each = {slug: _VALUES[each.unit](dataset, each) for slug, each in DEFINITIONS.items()}
    values = pd.DataFrame({slug: value for slug, (value, _city) in of_each.items()})
    values = values.reindex(dataset.quartieri.index).astype(float)
    small = {
        slug: counts_by_quartiere(dataset, each.kind)["count"].between(1, SMALL_COUNT - 1)
        if each.unit == "places/1000" and each.kind
        else pd.Series(data=False, index=values.index)
        for slug, each in DEFINITIONS.items()
    }
    residents = dataset.quartieri["residents"].astype(float)
    per_head = [
        slug for slug, each in DEFINITIONS.items() if each.unit in {"places/1000", "m²/person", "%"}
    ]
    return Indicators(
        table=values,
        ranks=_ranks(values),
        small=pd.DataFrame(small),
        city=pd.Series({slug: city for slug, (_value, city) in of_each.items()}, dtype=float),
        gini=pd.Series({slug: gini(values[slug], residents) for slug in per_head}),
    )


def _ranks(values: pd.DataFrame) -> pd.DataFrame:
    ranks = values.rank(ascending=False, method="min")
    bodies = [slug for slug, each in DEFINITIONS.items() if each.unit == "bodies"]
    ranks[bodies] = ranks[bodies].where(values[bodies] > 0)
    return ranks


def members(dataset: Dataset) -> pd.Series:
    """Return the number of bodies in each quartiere that are known members of a network.

    Returns
    -------
    Series of int
        By slug of the quartiere. Only evidence `member` counts; a body in two networks once.
    """
    tied = dataset.memberships.query("evidence == 'member' and network.notna()")["place"].unique()
    where = dataset.places["quartiere"].loc[tied]
    return where.value_counts().reindex(dataset.quartieri.index, fill_value=0)


Values = tuple[pd.Series, float]


def _people(dataset: Dataset, _definition: Definition) -> Values:
    return dataset.quartieri["residents"].astype(float), float(dataset.city.residents.count)


def _density(dataset: Dataset, _definition: Definition) -> Values:
    km2 = dataset.quartieri.geometry.to_crs(dataset.city.metric_crs).area / 1e6
    residents = dataset.quartieri["residents"].astype(float)
    return residents / km2, dataset.city.residents.count / float(km2.sum())


def _places(dataset: Dataset, definition: Definition) -> Values:
    group = str(definition.kind)
    return counts_by_quartiere(dataset, group)["per_1000"], city_counts(dataset, group).per_1000


def _members(dataset: Dataset, _definition: Definition) -> Values:
    found = members(dataset)
    return found, float(found.sum())


def _green(dataset: Dataset, _definition: Definition) -> Values:
    found = commons.commons(dataset)
    return found.table["green_each"], found.green_each


def _within(dataset: Dataset, definition: Definition) -> Values:
    found = compute_coverage(
        dataset, CoverageQuery((str(definition.kind),), int(definition.metres or 0))
    )
    return 100 * found.table["share"], 100 * float(found.city["share"])


_VALUES: dict[Unit, Callable[[Dataset, Definition], Values]] = {
    "people": _people,
    "people/km²": _density,
    "places/1000": _places,
    "bodies": _members,
    "m²/person": _green,
    "%": _within,
}

"""The themes in which a city's bodies and services act, and the bodies tied to networks."""

from dataclasses import dataclass

import pandas as pd

from geo.analysis.counts import OUTSIDE, UNPLACED, counts
from geo.model.dataset import Dataset
from geo.model.queries import sort_by_name
from geo.spatial.access import existing
from geo.spatial.rates import gini, per_1000


@dataclass(frozen=True, eq=False)
class Themes:
    """The existing places of each theme.

    Attributes
    ----------
    table : DataFrame of int
        Index: slugs of the quartieri, then OUTSIDE and UNPLACED; columns: themes.
    summary : DataFrame
        Index: themes. Columns: total (places), per_1000 (places inside the quartieri per 1,000
        residents of the city), quartieri_with (the number of quartieri that have one), gini
        (of the places per 1,000 residents over the quartieri).
    """

    table: pd.DataFrame
    summary: pd.DataFrame


def themes(dataset: Dataset) -> Themes:
    """Count the existing places of each theme, by quartiere."""
    number_of = counts(dataset)
    kinds = dataset.kinds
    table = pd.DataFrame(
        {theme: number_of[list(kinds.of_theme(theme))].sum(axis=1) for theme in kinds.themes}
    )
    inside = table.drop([OUTSIDE, UNPLACED])
    residents = dataset.quartieri["residents"].astype(float)
    summary = pd.DataFrame(
        {
            "total": table.sum(),
            "per_1000": 1000 * inside.sum() / dataset.city.residents.count,
            "quartieri_with": (inside > 0).sum(),
            "gini": [gini(per_1000(inside[theme], residents), residents) for theme in table],
        }
    )
    return Themes(table, summary)


def network_summary(dataset: Dataset) -> pd.DataFrame:
    """Return the residents and the tied bodies of each network, by name.

    Returns
    -------
    DataFrame
        Index: slugs of the networks. Columns: name, status, residents (of its quartieri;
        missing where those of one are unknown), member, takes_part, agreement (number of
        bodies tied to it by that evidence), members_per_1000 (members per 1,000 residents;
        missing where no member is known), themes (tuple: the themes of its existing members).
    """
    ties = dataset.memberships[dataset.memberships["network"].notna()]
    each = pd.crosstab(ties["network"], ties["evidence"]).reindex(
        index=dataset.networks.index, columns=["member", "takes part", "agreement"], fill_value=0
    )
    people = dataset.quartieri["residents"].astype(float)
    residents = pd.Series(
        {
            slug: people[list(covered)].sum(skipna=False)
            for slug, covered in dataset.networks["quartieri"].items()
        },
        dtype=float,
    )
    table = dataset.networks[["name", "status"]].assign(
        residents=residents,
        member=each["member"],
        takes_part=each["takes part"],
        agreement=each["agreement"],
        # No known member isn't a rate of zero.
        members_per_1000=per_1000(each["member"], residents).where(each["member"] > 0),
        themes=_themes_of_members(dataset),
    )
    return sort_by_name(table)


def _themes_of_members(dataset: Dataset) -> pd.Series:
    tied = dataset.memberships.query("evidence == 'member' and network.notna()")
    places = dataset.places[existing(dataset.places)]
    theme_of = {kind.slug: kind.theme for kind in dataset.kinds}
    theme = tied["place"].map(places["kind"]).map(theme_of).dropna()
    themes_of: dict[str, set[str]] = {slug: set() for slug in dataset.networks.index}
    for network, name in zip(tied["network"].loc[theme.index], theme, strict=True):
        themes_of[network].add(name)
    return pd.Series(
        {slug: tuple(sorted(names)) for slug, names in themes_of.items()}, dtype=object
    )

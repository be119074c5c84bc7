"""Who is where in a city: bodies and services by kind, by theme of action, network by network."""

from dataclasses import dataclass

import pandas as pd

from geo.analysis.counts import OUTSIDE, UNPLACED, counts
from geo.model.dataset import Dataset
from geo.model.queries import sort_by_name
from geo.spatial.access import existing
from geo.spatial.rates import gini, per_1000

# The themes in which networks act, and the kinds of place that say by themselves that they
# act in one. Of other bodies (a social promotion association, a committee) no source that we
# have tells the theme: they have none.
THEMES: dict[str, tuple[str, ...]] = {
    "salute": ("servizio-salute", "servizio-disabilita"),
    "famiglia": ("genitori", "servizio-sociale"),
    "infanzia": ("nido", "servizio-infanzia", "scuola-infanzia", "area-gioco"),
    "giovani": ("servizio-giovani", "spazio-giovanile", "scout", "oratorio"),
    "anziani": ("servizio-anziani", "centro-anziani"),
    "educazione-adulti": ("istruzione-adulti",),
    "integrazione": (),
    "spazio-urbano": ("bene-comune", "orto", "associazione-ambientale", "spazio-di-quartiere"),
    "cultura": ("associazione-culturale", "servizio-cultura", "biblioteca"),
    "sport": ("associazione-sportiva", "impianto-sportivo"),
}


@dataclass(frozen=True, eq=False)
class Themes:
    """How much there is for each theme.

    `table`: by quartiere, then OUTSIDE and UNPLACED: existing places of each theme.
    `summary`: by theme: total, per_1000 (places inside per 1,000 residents of the city),
    quartieri_with (how many quartieri have one), gini (of the places per 1,000 residents).
    """

    table: pd.DataFrame
    summary: pd.DataFrame


def themes(dataset: Dataset) -> Themes:
    """Count the existing places of each theme, by quartiere."""
    number_of = counts(dataset)
    table = pd.DataFrame(
        {theme: number_of[list(kinds)].sum(axis=1) for theme, kinds in THEMES.items()}
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


def theme_of(kind: str) -> str | None:
    """Return the theme that a kind says by itself, or None."""
    return next((theme for theme, kinds in THEMES.items() if kind in kinds), None)


def network_summary(dataset: Dataset) -> pd.DataFrame:
    """Return the residents and tied bodies of each network, by name.

    Columns: name, status, residents (of its quartieri; missing where one's are unknown),
    member, takes_part, agreement (bodies tied to it by that evidence), members_per_1000
    (known members per 1,000 residents; missing where none is known), themes (slugs of
    its members' themes).
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
        # Nobody known is no rate of zero.
        members_per_1000=per_1000(each["member"], residents).where(each["member"] > 0),
        themes=_themes_of_members(dataset),
    )
    return sort_by_name(table)


def _themes_of_members(dataset: Dataset) -> pd.Series:
    tied = dataset.memberships.query("evidence == 'member' and network.notna()")
    places = dataset.places[existing(dataset.places)]
    theme = tied["place"].map(places["kind"]).map(theme_of, na_action="ignore").dropna()
    found: dict[str, set[str]] = {slug: set() for slug in dataset.networks.index}
    for network, name in zip(tied["network"].loc[theme.index], theme, strict=True):
        found[network].add(name)
    return pd.Series({slug: tuple(sorted(some)) for slug, some in found.items()}, dtype=object)

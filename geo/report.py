"""What a data folder holds, in words: the report of the `check` command."""

import geopandas as gpd
import pandas as pd

from geo.dataset import Dataset
from geo.kinds import KINDS

_COLUMNS = ("kind", "places", "exact", "street", "none", "differ", "newest", "sources")


def check_report(data: Dataset) -> str:
    """Return the report: places by kind, disagreements about the quartiere, residents."""
    differing = disagreements(data.places)
    total = (
        f"{data.city.names.it}, version {data.version}: {len(data.places)} places, "
        f"{len(data.networks)} networks, {len(data.memberships)} ties, "
        f"{len(data.quartieri)} quartieri, {len(data.streets)} street points"
    )
    parts = [
        total,
        "",
        kinds_table(data.places).to_string(index=False),
        "",
        "differ: places whose stated quartiere isn't the one in which their point lies",
        *(_difference(id_, row) for id_, row in differing.iterrows()),
        "",
        *_residents(data.quartieri),
    ]
    return "\n".join(parts)


def kinds_table(places: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return for each kind that has places: their number, by position, their sources and dates."""
    differing = disagreements(places)
    rows = []
    for kind in KINDS:
        group = places[places["kind"] == kind]
        if group.empty:
            continue
        positions = group["position"].value_counts()
        references = [reference for told in group["sources"] for reference in told]
        rows.append(
            (
                kind,
                len(group),
                *(int(positions.get(name, 0)) for name in ("exact", "street", "none")),
                int((differing["kind"] == kind).sum()),
                max((ref.date for ref in references if ref.date), default="–"),
                " ".join(sorted({ref.source for ref in references})),
            )
        )
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def disagreements(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the places whose point lies in another quartiere than their source states."""
    stated, located = places["quartiere_stated"], places["quartiere_located"]
    return places[places.geometry.notna() & stated.notna() & (stated != located)]


def _difference(id_: object, row: pd.Series) -> str:
    return (
        f"  {row['name']} ({id_}, {row['position']}): stated {row['quartiere_stated']}, "
        f"lies in {'none' if pd.isna(row['quartiere_located']) else row['quartiere_located']}"
    )


def _residents(quartieri: gpd.GeoDataFrame) -> list[str]:
    known = quartieri["residents"].notna()
    estimated = quartieri["residents_estimated"].astype(bool)
    heading = (
        f"Residents: {int((known & ~estimated).sum())} published, "
        f"{int((known & estimated).sum())} estimated, {int((~known).sum())} unknown; "
        f"boundaries: {', '.join(sorted(set(quartieri['boundary_status'])))}"
    )
    return [heading, *(_resident_line(row) for _, row in quartieri.iterrows())]


def _resident_line(row: pd.Series) -> str:
    if pd.isna(row["residents"]):
        return f"  {row['name']}: not known"
    kind = "estimated" if row["residents_estimated"] else "published"
    return f"  {row['name']}: {row['residents']} ({row['residents_year']}, {kind})"

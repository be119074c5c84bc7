"""The reports of the commands `check` and `coverage`."""

import geopandas as gpd
import pandas as pd

from geo.analysis.coverage import CoverageQuery, compute_coverage
from geo.analysis.population import populations
from geo.analysis.quality import disagreements
from geo.base.errors import DataError, Problem
from geo.model.dataset import Dataset
from geo.model.kinds import Kinds

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
        kinds_table(data.places, data.kinds).to_string(index=False)
        if len(data.places)
        else "No places yet",
        "",
        "differ: places whose stated quartiere isn't the one in which their point lies",
        *(_difference(id_, row) for id_, row in differing.iterrows()),
        "",
        *_residents(data.quartieri),
    ]
    return "\n".join(parts)


def kinds_table(places: gpd.GeoDataFrame, kinds: Kinds) -> pd.DataFrame:
    """Return for each kind that has places: their number, by position, their sources and dates."""
    differing = disagreements(places)
    rows = []
    for kind in kinds.slugs:
        group = places[places["kind"] == kind]
        if group.empty:
            continue
        positions = group["position"].value_counts()
        references = [reference for row in group["sources"] for reference in row]
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


def coverage_report(data: Dataset, query: CoverageQuery, form: str) -> str:
    """Return the result of a coverage query as text, CSV or JSON; DataError for unknown kinds.

    Columns: as in `geo.analysis.coverage.CoverageResult.table`; the last row, "(city)", is the
    whole city.
    """
    unknown = [slug for slug in query.kinds if slug not in data.kinds.choices]
    if unknown:
        fix = f"Choose among {', '.join(data.kinds.choices)}"
        raise DataError([Problem("--kind", "", f"no kind {unknown[0]!r}", fix)])
    if query.population not in populations(data):
        what = f"the data don't say where {query.population!r} live"
        raise DataError(
            [Problem("--population", "", what, f"Choose among {', '.join(populations(data))}")]
        )
    result = compute_coverage(data, query)
    table = result.table.sort_values("uncovered", ascending=False, kind="stable")
    table = pd.concat([table, result.city.rename("(city)").to_frame().T])
    if form == "csv":
        return table.to_csv(index_label="quartiere")
    if form == "json":
        return str(table.to_json(orient="index", double_precision=6, indent=1))
    about = f"{' + '.join(query.kinds)} within {query.metres} m; data {data.version}"
    shown = table[["population", "share", "uncovered", "distance_m", "count"]].astype(float)
    text = shown.to_string(na_rep="n/a", formatters={"share": "{:.1%}".format}, float_format="%.0f")
    return f"{about}\n{text}"

"""Coverage of all rows at once, in this process: the reference for the cluster's result."""

from collections.abc import Callable

import geopandas as gpd
import pandas as pd

from geo.analysis.coverage import CoverageQuery
from geo.large import area_table, sums
from geo.large.parquet import Tables, people_of, places_of, read_areas


def coverage(
    tables: Tables, query: CoverageQuery, progress: Callable[[str], None] = lambda _: None
) -> gpd.GeoDataFrame:
    """Return the table of `geo.large.area_table`; `progress` hears of each step."""
    progress("reading")
    areas = read_areas(tables.areas)
    places, people = (
        pd.concat([convert(rows, table, query) for rows in table.parts()], ignore_index=True)
        for table, convert in ((tables.places, places_of), (tables.demand, people_of))
    )
    progress("counting")
    counted = sums.count_places(places, areas.geometry, query)
    parted = sums.count_people(people, places, areas.geometry, query)
    return area_table.table(areas, sums.add_counts([counted]), sums.add_people([parted]), query)

"""The measures of coverage, of the table of a `CoverageResult`."""

from web.maps.measures import COUNT, PER_1000, Measure, by_slug
from web.site import labels

SHARE = Measure("quota", labels.SHARE, "share", digits=1, scale=100)
UNCOVERED = Measure("scoperti", labels.UNCOVERED, "uncovered")
DISTANCE = Measure("distanza", labels.DISTANCE, "distance_m")
CATCHMENT = Measure("accessibilita", labels.CATCHMENT, "catchment", digits=2)
AREA = Measure("verde", labels.AREA, "area_per_resident", digits=1, needs_area=True)
# In the order of the table's columns.
MEASURES = by_slug(SHARE, UNCOVERED, DISTANCE, COUNT, PER_1000, CATCHMENT, AREA)

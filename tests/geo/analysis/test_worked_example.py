"""The example of the page on methods is a quartiere of counted residents, step by step."""

from pathlib import Path

import pytest

from geo.analysis.coverage import compute_coverage
from geo.analysis.worked_example import QUERY, worked_example
from geo.model.dataset import Dataset
from tests.helpers.cities import small_city, town


def test_counted_residents_come_before_estimated_ones(town: Dataset) -> None:
    found = worked_example(town)
    assert found is not None
    # Est has more residents, but estimated; nord has no park.
    assert found.slug == "sud"
    assert (found.covered, found.area_m2) == (500, 1200)
    result = compute_coverage(town, QUERY)
    assert found.row == result.table.loc["sud"].to_dict()
    assert found.city.equals(result.city)
    assert found.gini == pytest.approx(6 / 7)


def test_of_two_the_one_with_more_residents(tmp_path: Path) -> None:
    park = small_city.place("osm:node/10", "parco", (9.602, 45.702), area_m2=100)
    found = worked_example(Dataset.read(town.write(tmp_path, park)))
    assert found is not None
    assert (found.slug, found.covered, found.area_m2) == ("nord", 250, 100)


def test_estimated_residents_are_better_than_none(small: Dataset) -> None:
    found = worked_example(small)
    assert found is not None
    assert found.slug == "est"


def test_without_a_place_there_is_no_example(tmp_path: Path) -> None:
    places = [each for each in small_city.PLACES if each["properties"]["kind"] != "parco"]
    folder = small_city.write(tmp_path, places=places)
    lines = (folder / "memberships.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "memberships.csv").write_text("".join(lines[:-1]), encoding="utf-8")
    assert worked_example(Dataset.read(folder)) is None

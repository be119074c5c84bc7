"""Former ids lead to a place: not to nowhere, not to each other, and no place has one."""

from pathlib import Path

import pytest

from geo.base.errors import DataError
from geo.model.dataset import Dataset
from geo.model.queries import current_id
from tests.helpers.cities import small_city


def city(folder: Path, *lines: str) -> Path:
    small_city.write(folder)
    text = "\n".join(["former_id,id", *lines, ""])
    (folder / "former_ids.csv").write_text(text, encoding="utf-8")
    return folder


def test_a_former_id_leads_to_the_id_of_today(tmp_path: Path) -> None:
    data = Dataset.read(city(tmp_path, "org:friends,org:amici", "org:old,org:amici"))
    assert current_id(data, "org:friends") == current_id(data, "org:old") == "org:amici"
    assert current_id(data, "org:amici") == "org:amici"
    assert current_id(data, "org:nobody") == "org:nobody"


def test_a_city_without_former_ids_has_none(small: Dataset) -> None:
    assert small.former_ids.empty
    assert current_id(small, "org:amici") == "org:amici"


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["org:old,org:nobody"], "line 2: 'org:old' leads to 'org:nobody', which is no place"),
        (["org:amici,org:ovunque"], "line 2: former id 'org:amici' is the id of a place"),
        (["org:old,org:old"], "line 2: 'org:old' leads to 'org:old', a former id too"),
        (
            ["org:old,org:older", "org:older,org:old"],
            "line 3: 'org:older' leads to 'org:old', a former id too",
        ),
        (
            ["org:old,org:older", "org:older,org:amici"],
            "line 2: 'org:old' leads to 'org:older', a former id too",
        ),
        (["org:old,org:amici", "org:old,org:ovunque"], "line 3: former_id 'org:old' stands"),
    ],
)
def test_a_former_id_that_leads_nowhere_or_in_a_circle_is_refused(
    tmp_path: Path, lines: list[str], problem: str
) -> None:
    with pytest.raises(DataError) as refused:
        Dataset.read(city(tmp_path, *lines))
    assert f"former_ids.csv, {problem}" in str(refused.value)

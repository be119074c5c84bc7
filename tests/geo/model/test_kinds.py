"""A slug of a kind or a group stands for kinds; everything has a name in three languages."""

import pytest

from geo.model.kinds import COMMONS, GROUPS, KINDS, PARISHES, SCHOOLS, kinds_of, names_of


def test_a_kind_stands_for_itself_and_a_group_for_its_kinds() -> None:
    assert kinds_of("parco") == ("parco",)
    assert kinds_of(PARISHES) == ("parrocchia", "oratorio", "luogo-di-culto")
    assert "biblioteca" in kinds_of(COMMONS)
    with pytest.raises(KeyError, match="discoteca"):
        kinds_of("discoteca")


def test_each_kind_is_in_one_group() -> None:
    assert sorted(kind for group in GROUPS for kind in kinds_of(group)) == sorted(KINDS)
    assert not set(KINDS) & set(GROUPS)


def test_names_are_in_three_languages() -> None:
    assert names_of("biblioteca").in_language("it") == "Biblioteca"
    assert names_of("biblioteca").in_language("en") == "Library"
    assert names_of("biblioteca").in_language("fr") == "Bibliothèque"
    assert names_of(SCHOOLS).in_language("en") == "Schools"
    with pytest.raises(KeyError):
        names_of("discoteca")

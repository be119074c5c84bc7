"""What one value of a row may be: ids that are safe addresses, links that can be followed."""

import pytest
from pydantic import TypeAdapter, ValidationError

from geo.model.schema import PlaceId, WordsOrUrl

IDS = TypeAdapter(PlaceId)


@pytest.mark.parametrize("ident", ["osm:way/4711", "iccu:IT-BG0026", "org:a:b", "mim:B,1_2.x-y"])
def test_an_id_is_a_source_and_its_key(ident: str) -> None:
    assert IDS.validate_python(ident) == ident


@pytest.mark.parametrize("ident", ["org:a/../b", "org:a//b", "org:.", "org:a:b/..", "org:/a"])
def test_an_id_has_no_part_that_a_browser_resolves(ident: str) -> None:
    with pytest.raises(ValidationError, match=r"a part between slashes is empty, '\.' or '\.\.'"):
        IDS.validate_python(ident)


@pytest.mark.parametrize(
    "ident", ["osm", "OSM:1", "osm:", "osm:a b", "osm:a?b", f"osm:{117 * 'a'}"]
)
def test_an_id_that_no_address_can_hold_is_refused(ident: str) -> None:
    with pytest.raises(ValidationError):
        IDS.validate_python(ident)


@pytest.mark.parametrize(
    "text", ["the minutes of 3 May", "https://a.example/x", "HTTP://a.example"]
)
def test_a_publication_is_words_or_an_address(text: str) -> None:
    assert TypeAdapter(WordsOrUrl).validate_python(text)


@pytest.mark.parametrize("text", ["https://", "http://a b", "HTTPS://user@a.example/", "http:x"])
def test_what_begins_as_an_address_must_be_one(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(WordsOrUrl).validate_python(text)

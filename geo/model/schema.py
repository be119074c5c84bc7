"""The row models of the tables of a data folder, checked by pydantic."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from geo.base.errors import short
from geo.text.safe_text import line, link

# Addresses of pages that stand beside those of the quartieri: none may be called like them.
RESERVED_SLUGS = {"confronto", "schede"}


def _on_calendar(text: str) -> str:
    date.fromisoformat(text + "-01-01"[: 10 - len(text)])
    return text


def _not_reserved(slug: str) -> str:
    if slug in RESERVED_SLUGS:
        raise ValueError(f"{slug!r} is the address of another page: add a word to it")
    return slug


def _without_dots(ident: str) -> str:
    """Refuse parts that a browser resolves: the place's page would lead to another address."""
    if {"", ".", ".."} & set(ident.split(":", 1)[1].split("/")):
        raise ValueError("a part between slashes is empty, '.' or '..'")
    return ident


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
QuartiereSlug = Annotated[Slug, AfterValidator(_not_reserved)]
PlaceId = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]+:[A-Za-z0-9:/._,-]+$", max_length=120),
    AfterValidator(_without_dots),
]
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
    AfterValidator(line),
]
Date = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"),
    AfterValidator(_on_calendar),
]
Year = Annotated[int, Field(ge=1800, le=2200)]
# No city has more, and sums of them stay exact.
MOST_PEOPLE = 100_000_000
People = Annotated[int, Field(ge=0, le=MOST_PEOPLE)]

Position = Literal["exact", "street", "none"]
Status = Literal["open", "closed", "planned", "unknown"]
Stage = Literal["offered", "proposal", "agreement", "ended"]
Evidence = Literal["member", "takes part", "agreement"]
EVIDENCE: tuple[Evidence, ...] = get_args(Evidence)
STAGES: tuple[Stage, ...] = get_args(Stage)


def _link_or_words(text: str) -> str:
    """Return the place of a publication: words, or an address that can be a link."""
    return link(text) if text.lower().startswith(("http:", "https:")) else text


def _none_if_empty(value: object) -> object:
    """CSV has no null: an empty cell is one."""
    return None if value == "" else value


def _split(value: object) -> object:
    return tuple(value.split()) if isinstance(value, str) else value


Url = Annotated[str, AfterValidator(link)]
WordsOrUrl = Annotated[Text, AfterValidator(_link_or_words)]


class Row(BaseModel):
    """A row of any file: nothing but the fields it names."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def faults(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a row, field by field, and its fix: for a `Problem`."""
    for fault in error.errors(include_url=False):
        field = ".".join(str(part) for part in fault["loc"]) or "row"
        is_ours = fault["type"] == "value_error"
        message = str(fault["ctx"]["error"]) if is_ours else fault["msg"]
        fix = f"Correct {field} (it says {short(fault['input'])})"
        yield f"{field}: {message[0].lower()}{message[1:]}", fix


class QuartiereRow(Row):
    """A feature of quartieri.geojson."""

    slug: QuartiereSlug
    name: Text
    residents: Annotated[int, Field(gt=0, le=MOST_PEOPLE)] | None
    residents_year: Year | None
    residents_estimated: bool
    residents_source: WordsOrUrl | None
    boundary_status: Literal["indicative", "official"]
    boundary_source: Text


class SourceRef(Row):
    """One source of a place: which one, under what id or address, and how old."""

    source: Slug
    ref: Text | None
    url: Url | None
    date: Date | None


class PlaceRow(Row):
    """A feature of places.geojson."""

    id: PlaceId
    name: Text
    kind: Slug
    address: Text | None
    position: Position
    quartiere: Slug | None
    area_m2: Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False)] | None
    website: Url | None
    phone: Text | None
    email: Text | None
    opening_hours: Text | None
    status: Status
    school_codes: tuple[Text, ...] | None
    state_school: bool | None
    stage: Stage | None
    stage_year: Year | None
    holder: Text | None
    sources: Annotated[tuple[SourceRef, ...], Field(min_length=1)]
    checked_on: Date | None


_empty = BeforeValidator(_none_if_empty)
_Counted = Annotated[People | None, _empty]


class NetworkRow(Row):
    """A line of networks.csv."""

    slug: Slug
    name: Text
    quartieri: Annotated[tuple[Slug, ...], BeforeValidator(_split), Field(min_length=1)]
    named: Literal["stated", "inferred"]
    status: Literal["active", "former"]
    members_claimed: _Counted
    members_claimed_year: Annotated[Year | None, _empty]
    source_url: Url
    source_date: Annotated[Date | None, _empty]


class MembershipRow(Row):
    """A line of memberships.csv: an organisation's tie with a network or a common good."""

    place: PlaceId
    network: Annotated[Slug | None, _empty]
    evidence: Evidence
    common_good: Annotated[PlaceId | None, _empty]
    source_url: Url
    source_date: Annotated[Date | None, _empty]


class StreetRow(Row):
    """A line of streets.csv: one point of a street."""

    street: Text
    lon: Annotated[float, Field(allow_inf_nan=False)]
    lat: Annotated[float, Field(allow_inf_nan=False)]
    osm_id: Annotated[Annotated[int, Field(ge=-(2**63), lt=2**63)] | None, _empty]


class DemandRow(Row):
    """A line of demand.csv: a point where people live.

    Either only the weight is known, by which the residents of its quartiere are spread,
    or how many residents were counted there, and perhaps how old they are.
    """

    lon: Annotated[float, Field(allow_inf_nan=False)]
    lat: Annotated[float, Field(allow_inf_nan=False)]
    weight: Annotated[int, Field(gt=0, le=MOST_PEOPLE)]
    residents: _Counted
    aged_65: _Counted
    aged_0_14: _Counted
    source: Slug


class SourceRow(Row):
    """A line of sources.csv."""

    id: Slug
    title: Text
    publisher: Text
    url: Annotated[Url | None, _empty]
    date: Annotated[Date | None, _empty]
    licence: Text
    attribution: Text


class ChangeRow(Row):
    """A line of changes.csv: what was changed in the data, on which day, and what came of it."""

    date: Annotated[Date, Field(min_length=10)]
    version: Annotated[Text | None, _empty]
    text: Text


class FormerIdRow(Row):
    """A line of former_ids.csv: an id that a place had once, and the place's id of today."""

    former_id: PlaceId
    id: PlaceId

"""Facts about a city that no rule can find: a table of rows, each with its reason."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from geo.base.errors import DataError, Problem
from geo.storage.snapshot import read_file, text_of

MAX_BYTES = 1_000_000
HEADING = "Facts about the city that refer to nothing in the sources"

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=500)]


@dataclass(frozen=True)
class Mentioned:
    """What the sources of a build name: a fact about anything else refers to nothing.

    `ids` are the ids of records, `names` the names as the sources write them, `words` the
    words of these, `sources` the ids of sources, `areas` the slugs of the quartieri.
    """

    ids: frozenset[str]
    names: frozenset[str]
    words: frozenset[str]
    addresses: frozenset[str]
    streets: frozenset[str]
    sources: frozenset[str]
    areas: frozenset[str]


class Fact(BaseModel):
    """One row of a table of facts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Reason

    def unknown(self, mentioned: Mentioned) -> list[str]:
        """Return what the row refers to and no source names."""
        raise NotImplementedError


class Pair(Fact):
    """Two ids of records that are one place, or may be."""

    one: Words
    other: Words

    def unknown(self, mentioned: Mentioned) -> list[str]:
        """Return the ids that no record has."""
        return [id_ for id_ in (self.one, self.other) if id_ not in mentioned.ids]


class IdFact(Fact):
    """A value for the record of an id: a name, or who holds its agreement."""

    id: Words
    value: Words

    def unknown(self, mentioned: Mentioned) -> list[str]:
        """Return the id, if no record has it."""
        return [] if self.id in mentioned.ids else [self.id]


class Parish(Fact):
    """A name by which texts mean a parish; `id` is the parish's record."""

    name: Words
    id: Words

    def unknown(self, mentioned: Mentioned) -> list[str]:
        """Return the name and the id, as far as no source has them."""
        name = [] if self.name in mentioned.names else [self.name]
        return name + ([] if self.id in mentioned.ids else [self.id])


class Address(Fact):
    """An address as a source writes it."""

    address: Words

    def unknown(self, mentioned: Mentioned) -> list[str]:
        """Return the address, if no record has it."""
        return [] if self.address in mentioned.addresses else [self.address]


class Source(Fact):
    """A source, in the order of authority: the first one's id and name win."""

    source: Words

    def unknown(self, mentioned: Mentioned) -> list[str]:
        """Return the source, if no record comes from it."""
        return [] if self.source in mentioned.sources else [self.source]


class CommonWords(Fact):
    """Words that many names of a family of kinds share in this city: they don't distinguish any.

    `family` is a family of `geo.ingest.match`, or `school`.
    """

    family: Words
    words: Annotated[tuple[Words, ...], Field(min_length=1)]

    def unknown(self, mentioned: Mentioned) -> list[str]:
        """Return the words that no name holds."""
        return [word for word in self.words if word not in mentioned.words]


class SchoolName(Fact):
    """A school's name as a register cuts it off, and the whole name, in capitals."""

    written: Words
    whole: Words

    def unknown(self, mentioned: Mentioned) -> list[str]:
        """Return the name, if no name holds it."""
        return [] if any(self.written in name for name in mentioned.names) else [self.written]


class Institute(Fact):
    """The name of an institute (in capitals) that registers put before its schools' names."""

    name: Words

    def unknown(self, mentioned: Mentioned) -> list[str]:
        """Return the name, if no name holds it."""
        return [] if any(self.name in name for name in mentioned.names) else [self.name]


class Street(Fact):
    """The beginning of the names of streets along which nobody lives."""

    street: Words

    def unknown(self, mentioned: Mentioned) -> list[str]:
        """Return the beginning, if no street's name begins so."""
        known = any(name.startswith(self.street) for name in mentioned.streets)
        return [] if known else [self.street]


class Estimate(Fact):
    """How a quartiere's residents were estimated: the text that pages show."""

    quartiere: Words
    text: Words

    def unknown(self, mentioned: Mentioned) -> list[str]:
        """Return the quartiere, if there is none."""
        return [] if self.quartiere in mentioned.areas else [self.quartiere]


class Year(Fact):
    """A year that sources leave out."""

    year: Annotated[int, Field(ge=1800, le=2200)]

    def unknown(self, mentioned: Mentioned) -> list[str]:  # noqa: ARG002 - it refers to nothing
        """Return nothing."""
        return []


class Years(BaseModel):
    """The years that the build of a city needs.

    `offers` and `proposals` are of common goods whose source has no year; `residents`
    is the first year whose figures are by today's perimeters.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    offers: Year
    proposals: Year
    residents: Year


class Facts(BaseModel):
    """All facts about a city, immutable; each table is in the order of its file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    authorities: tuple[Source, ...]
    years: Years
    identities: tuple[Pair, ...] = ()
    suspected: tuple[Pair, ...] = ()
    names: tuple[IdFact, ...] = ()
    other_names: tuple[IdFact, ...] = ()
    holders: tuple[IdFact, ...] = ()
    parishes: tuple[Parish, ...] = ()
    unsure_addresses: tuple[Address, ...] = ()
    wrong_coordinates: tuple[Address, ...] = ()
    common_words: tuple[CommonWords, ...] = ()
    school_names: tuple[SchoolName, ...] = ()
    institutes: tuple[Institute, ...] = ()
    streets_without_homes: tuple[Street, ...] = ()
    estimates: tuple[Estimate, ...] = ()

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """Return the place of each source in the order of authority, from 0."""
        return {row.source: rank for rank, row in enumerate(self.authorities)}

    @cached_property
    def name_of(self) -> Mapping[str, str]:
        """Return the names that only a fact has, by id of the record."""
        return {row.id: row.value for row in self.names}

    @cached_property
    def holder_of(self) -> Mapping[str, str]:
        """Return who holds an agreement, by id of the record."""
        return {row.id: row.value for row in self.holders}

    @cached_property
    def parish_of(self) -> Mapping[str, str]:
        """Return the ids of parishes by names that only a fact connects with them."""
        return {row.name: row.id for row in self.parishes}

    @cached_property
    def why_unsure(self) -> Mapping[str, str]:
        """Return the addresses of which no position is made, with the reason."""
        return {row.address: row.reason for row in self.unsure_addresses}

    @cached_property
    def why_wrong(self) -> Mapping[str, str]:
        """Return the addresses whose coordinates are wrong though plausible, with the reason."""
        return {row.address: row.reason for row in self.wrong_coordinates}

    @cached_property
    def whole_name_of(self) -> Mapping[str, str]:
        """Return the whole names of schools, by the names that registers cut off."""
        return {row.written: row.whole for row in self.school_names}

    @cached_property
    def estimate_of(self) -> Mapping[str, str]:
        """Return how the residents of a quartiere were estimated, by its slug."""
        return {row.quartiere: row.text for row in self.estimates}

    def words(self, family: str) -> frozenset[str]:
        """Return the words of a family that don't distinguish two of its names."""
        rows = (row for row in self.common_words if row.family == family)
        return frozenset(word for row in rows for word in row.words)

    def rows(self) -> Iterable[tuple[str, Fact]]:
        """Return every row with the name of its table."""
        for table in type(self).model_fields:
            rows = getattr(self, table)
            if isinstance(rows, Years):
                rows = [getattr(rows, name) for name in Years.model_fields]
            yield from ((table, row) for row in rows)

    def unknown(self, mentioned: Mentioned) -> list[str]:
        """Return a line for each row that refers to what no source names."""
        return [
            f"{table}: {', '.join(missing)} ({row.reason})"
            for table, row in self.rows()
            if (missing := row.unknown(mentioned))
        ]


def read_facts(path: Path) -> Facts:
    """Return the facts in a TOML file; DataError names each row that can't be used."""
    try:
        return Facts.model_validate(tomllib.loads(text_of(path.name, read_file(path, MAX_BYTES))))
    except tomllib.TOMLDecodeError as error:
        what = f"broken TOML ({error})"
        raise DataError([Problem(path.name, "", what, "Correct the syntax")]) from None
    except ValidationError as error:
        raise DataError([_problem(path.name, dict(fault)) for fault in error.errors()]) from None


def _problem(file: str, fault: Mapping[str, object]) -> Problem:
    place = fault["loc"]
    parts = [str(part + 1) if isinstance(part, int) else str(part) for part in place]  # type: ignore[attr-defined]
    return Problem(file, " ".join(parts), str(fault["msg"]), "Correct or remove the row")

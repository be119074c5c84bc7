"""The kinds of place, read from `kinds.toml` beside this module and in a city's data folder.

Four groups (the layers of the map), each with its kinds. Code asks for what a kind is (its
theme, what it counts as) instead of naming slugs.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, StringConstraints, ValidationError

from geo.base.errors import DataError, Problem, Problems, short
from geo.model.schema import Row, Slug, Text, faults
from geo.storage.snapshot import Content, is_missing, text_of

FILE = "kinds.toml"
ORGANISATIONS = "organizzazioni"
SCHOOLS = "scuole"
PARISHES = "parrocchie"
COMMONS = "beni-comuni"

CountsAs = Literal["green", "park", "room", "meeting_place"]
_SchemaOrg = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z]{1,60}$")]
_MAX_KINDS = 1_000

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Names:
    """A name in the three languages of the site."""

    it: str
    en: str
    fr: str

    def in_language(self, language: str) -> str:
        """Return the name in `language` (it, en or fr)."""
        return str(getattr(self, language))


@dataclass(frozen=True)
class Group:
    """A layer of the map: its names, colour and the shape of its marker."""

    slug: str
    names: Names
    colour: str
    shape: str


@dataclass(frozen=True)
class Kind:
    """A kind of place, in its group; the columns are explained in `kinds.toml`."""

    slug: str
    group: str
    names: Names
    schema_org: str
    match: str
    theme: str | None
    counts_as: frozenset[CountsAs]


class _Named(Row):
    slug: Slug
    it: Text
    en: Text
    fr: Text

    @property
    def names(self) -> Names:
        return Names(self.it, self.en, self.fr)


class _GroupRow(_Named):
    colour: str
    shape: str
    schema_org: _SchemaOrg
    match: Slug


class _KindRow(_Named):
    group: Slug
    schema_org: _SchemaOrg | None = None
    match: Slug | None = None
    theme: Slug | None = None
    counts_as: Annotated[tuple[CountsAs, ...], Field(max_length=4)] = ()


class Kinds:
    """The kinds of place of a city, by slug, in the order of their groups. Immutable."""

    def __init__(
        self, kinds: Iterable[Kind], groups: Mapping[str, Group], themes: tuple[str, ...]
    ) -> None:
        self.groups = groups
        self.themes = themes
        order = list(groups)
        # The sort is stable: within a group kinds stay in the order of their file.
        self._kinds = {
            kind.slug: kind for kind in sorted(kinds, key=lambda kind: order.index(kind.group))
        }
        self._kinds_of = {
            group: tuple(kind.slug for kind in self if kind.group == group) for group in groups
        }

    def __iter__(self) -> Iterator[Kind]:
        """Iterate over the kinds."""
        return iter(self._kinds.values())

    def __len__(self) -> int:
        """Return the number of kinds."""
        return len(self._kinds)

    def __getitem__(self, slug: str) -> Kind:
        """Return a kind; KeyError for an unknown one."""
        return self._kinds[slug]

    def __contains__(self, slug: object) -> bool:
        """Tell whether there is a kind of this slug."""
        return slug in self._kinds

    @property
    def slugs(self) -> tuple[str, ...]:
        """The slugs of the kinds."""
        return tuple(self._kinds)

    @property
    def choices(self) -> tuple[str, ...]:
        """The slugs of the groups and of the kinds: what a filter can choose."""
        return (*self.groups, *self._kinds)

    def expand(self, slug: str) -> tuple[str, ...]:
        """Return the kinds that a kind or a group stands for; KeyError for an unknown slug."""
        return (slug,) if slug in self._kinds else self._kinds_of[slug]

    def names(self, slug: str) -> Names:
        """Return the names of a kind or a group; KeyError for an unknown slug."""
        return self._kinds[slug].names if slug in self._kinds else self.groups[slug].names

    def group_of(self, slug: str) -> str:
        """Return the slug of a kind's group; KeyError for an unknown kind."""
        return self._kinds[slug].group

    def counting_as(self, what: CountsAs) -> tuple[str, ...]:
        """Return the slugs of the kinds whose places count as `what`."""
        return tuple(kind.slug for kind in self if what in kind.counts_as)

    def of_theme(self, theme: str) -> tuple[str, ...]:
        """Return the slugs of the kinds that imply a theme."""
        return tuple(kind.slug for kind in self if kind.theme == theme)

    def with_added(self, content: Content) -> "Kinds":
        """Return these kinds with those that a city adds in its own `kinds.toml`.

        `content`: that of the file, which may be missing. DataError lists each row that can't
        be used: kinds can be added, not redefined, and groups can't be added.
        """
        if is_missing(content):
            return self
        document = _document(text_of(FILE, content))
        problems = Problems()
        for key in document.keys() - {"kind"}:
            fix = "Only [[kind]] is read: groups and themes are the same for every city"
            problems.add(FILE, "", f"unknown table or setting {short(key)}", fix)
        rows = _rows(document.get("kind", []), _KindRow, "kind", problems)
        for label, row in rows:
            _check(label, row, self, problems)
        _check_unique(rows, problems)
        problems.raise_if_any()
        defaults = _group_rows()
        added = [_kind(row, defaults[row.group]) for _, row in rows]
        return Kinds([*self, *added], self.groups, self.themes)


def _document(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, or a number of thousands of digits
        what = f"not valid TOML ({short(str(error))})"
        raise DataError([Problem(FILE, "", what, "Correct the line that it names")]) from None
    except RecursionError:
        what = "not valid TOML (nested too deep)"
        raise DataError([Problem(FILE, "", what, "Write one [[kind]] for each kind")]) from None


def _rows(raw: object, model: type[R], name: str, problems: Problems) -> list[tuple[str, R]]:
    """Return the valid rows of an array of tables, each with its label for people."""
    if not isinstance(raw, list) or len(raw) > _MAX_KINDS:
        fix = f"Write one [[{name}]] for each, at most {_MAX_KINDS}"
        problems.add(FILE, "", f"{name} isn't a list of tables, or too long a one", fix)
        return []
    rows = []
    for number, values in enumerate(raw, start=1):
        slug = values.get("slug") if isinstance(values, dict) else None
        label = f"{name} {number} ({str(slug or 'no slug')[:80]})"
        try:
            rows.append((label, model.model_validate(values)))
        except ValidationError as error:
            for what, fix in faults(error):
                problems.add(FILE, label, what, fix)
    return rows


def _check(label: str, row: _KindRow, known: Kinds, problems: Problems) -> None:
    """Check what an added kind names: slug, group, theme, family."""
    if row.slug in known or row.slug in known.groups:
        what = f"{row.slug!r} exists already"
        problems.add(FILE, label, what, "Choose another slug: kinds can't be redefined")
    families = {kind.match for kind in known}
    for column, value, values in (
        ("group", row.group, set(known.groups)),
        ("theme", row.theme, set(known.themes)),
        ("match", row.match, families),
    ):
        if value is not None and value not in values:
            fix = f"Choose among {', '.join(sorted(values))}"
            problems.add(FILE, label, f"unknown {column} {value!r}", fix)


def _check_unique(rows: list[tuple[str, _KindRow]], problems: Problems) -> None:
    first: dict[str, str] = {}
    for label, row in rows:
        if row.slug in first:
            what = f"slug {row.slug!r} stands at {first[row.slug]} too"
            problems.add(FILE, label, what, "Keep one")
        first.setdefault(row.slug, label)


def _kind(row: _KindRow, group: _GroupRow) -> Kind:
    return Kind(
        slug=row.slug,
        group=row.group,
        names=row.names,
        schema_org=row.schema_org or group.schema_org,
        match=row.match or group.match,
        theme=row.theme,
        counts_as=frozenset(row.counts_as),
    )


_STANDARD_DOCUMENT = _document(Path(__file__).with_name(FILE).read_text(encoding="utf-8"))


def _group_rows() -> dict[str, _GroupRow]:
    rows = (_GroupRow.model_validate(values) for values in _STANDARD_DOCUMENT["group"])
    return {row.slug: row for row in rows}


def _standard() -> Kinds:
    defaults = _group_rows()
    groups = {
        row.slug: Group(row.slug, row.names, row.colour, row.shape) for row in defaults.values()
    }
    rows = [_KindRow.model_validate(values) for values in _STANDARD_DOCUMENT["kind"]]
    kinds = [_kind(row, defaults[row.group]) for row in rows]
    return Kinds(kinds, groups, tuple(_STANDARD_DOCUMENT["themes"]))


# The kinds of every city. What shows or counts places takes `Dataset.kinds`, which may have more.
STANDARD = _standard()
GROUPS: Mapping[str, Group] = STANDARD.groups

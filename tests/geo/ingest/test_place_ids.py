"""An id is given once, and stays with its place: whatever is corrected, in whatever order."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.ingest.place_ids import GivenIds, KnownIds, Trace, give_ids
from geo.sources.record import Record, Reference
from geo.text.italian import slug

Group = list[Record]
# A row of a source without ids, as a test writes it: its name, and all else that it says.
Row = tuple[str, str]


def record(name: str, rest: str, quartiere: str | None = None) -> Record:
    return Record(
        f"org:{slug(name)}", name, "comitato", Reference("stampa"), quartiere=quartiere, row=rest
    )


def code(ident: str, *more: str) -> Record:
    """A record of a register that has ids of its own."""
    codes = (ident.partition(":")[2], *more) if more else ()
    return Record(ident, "A", "biblioteca", Reference("iccu"), school_codes=codes)


def build(known: KnownIds, *groups: Group) -> GivenIds:
    """Give ids to groups of records; each group's first record is the one it's called after."""
    return give_ids(groups, [group[0] for group in groups], known)


def ids(made: GivenIds, *groups: Group) -> dict[str, str]:
    """Return the ids by the rest of the first row of each group."""
    return {group[0].row: id_ for group, id_ in zip(groups, made.ids, strict=True)}


NOBODY = KnownIds()


def test_a_new_place_is_called_after_its_record() -> None:
    made = build(NOBODY, [record("Delta APS", "x")], [code("iccu:IT-1")])
    assert made.ids == ("org:delta-aps", "iccu:IT-1")
    assert set(made.new) == set(made.ids)


def test_places_of_one_name_are_told_apart_by_quartiere_or_number() -> None:
    groups = [
        [record("Custodia", rest, area)]
        for rest, area in (("x", "nord"), ("y", "sud"), ("z", None))
    ]
    assert build(NOBODY, *groups).ids == (
        "org:custodia-nord",
        "org:custodia-sud",
        "org:custodia",
    )
    two = build(NOBODY, [record("Alfa", "x")], [record("Alfa", "y")])
    assert sorted(two.ids) == ["org:alfa", "org:alfa-2"]


def test_a_corrected_name_keeps_the_id() -> None:
    known = build(NOBODY, [record("Delta APS", "x")], [record("Gamma", "y")]).known
    made = build(known, [record("Epsilon", "x")], [record("Gamma", "y")])
    assert made.ids == ("org:delta-aps", "org:gamma")
    assert made.new == made.lost == ()
    again = build(made.known, [record("Zeta", "x")], [record("Gamma", "y")])
    assert again.ids == made.ids


def test_a_corrected_address_keeps_the_id() -> None:
    known = build(NOBODY, [record("Delta APS", "x")]).known
    assert build(known, [record("Delta APS", "other")]).ids == ("org:delta-aps",)


def test_a_corrected_address_keeps_the_id_of_one_of_several_places_of_a_name() -> None:
    def groups(*rests: str) -> list[Group]:
        pairs = zip(rests, ("nord", "sud", "est"), strict=True)
        return [[record("Custodia", rest, area)] for rest, area in pairs]

    known = build(NOBODY, *groups("x", "y", "z"))
    assert build(known.known, *groups("x", "other", "z")).ids == known.ids
    assert build(known.known, *groups("new", "other", "z")).ids == known.ids


def test_a_place_of_a_known_name_in_another_quartiere_is_a_new_one() -> None:
    def groups(*areas: str) -> list[Group]:
        return [[record("Custodia", f"row {area}", area)] for area in areas]

    known = build(NOBODY, *groups("nord", "sud")).known
    made = build(known, *groups("sud", "est"))
    assert made.ids == ("org:custodia-sud", "org:custodia-est")
    assert made.lost == ("org:custodia-nord",)


def test_two_swapped_names_do_not_swap_the_ids() -> None:
    known = build(NOBODY, [record("Alfa", "x")], [record("Beta", "y")]).known
    made = build(known, [record("Beta", "x")], [record("Alfa", "y")])
    assert made.ids == ("org:alfa", "org:beta")
    back = build(made.known, [record("Alfa", "x")], [record("Beta", "y")])
    assert back.ids == ("org:alfa", "org:beta")


def test_swapped_names_do_not_swap_the_ids_where_other_rows_say_the_same() -> None:
    others = [[record("Gamma", "x")], [record("Delta", "y")]]
    known = build(NOBODY, [record("Alfa", "x")], [record("Beta", "y")], *others).known
    made = build(known, [record("Beta", "x")], [record("Alfa", "y")], *others)
    assert made.ids[:2] == ("org:alfa", "org:beta")


def test_a_name_that_moves_into_another_row_leads_to_the_place_of_the_row() -> None:
    """Alfa's row now says Beta, and Beta's own row is gone."""
    known = build(NOBODY, [record("Alfa", "x")], [record("Beta", "y")]).known
    made = build(known, [record("Beta", "x")])
    assert made.ids == ("org:alfa",)
    assert made.known.former == {"org:beta": "org:alfa"}


def test_rows_that_differ_in_nothing_but_the_name_are_told_apart_by_similar_names() -> None:
    names = ("Circolo Narratori", "Banca del tempo", "Gruppo Alpini")
    known = build(NOBODY, *([record(name, "x")] for name in names)).known
    made = build(
        known,
        [record("Circolo dei narratori", "x")],
        [record("Banca del tempo", "x")],
        [record("Polisportiva", "x")],
    )
    assert made.ids == ("org:circolo-narratori", "org:banca-del-tempo", "org:polisportiva")
    assert (made.new, made.lost) == (("org:polisportiva",), ("org:gruppo-alpini",))


def test_a_row_in_which_two_names_stand_now_gives_its_id_to_neither() -> None:
    known = build(NOBODY, [record("Alfa", "x")]).known
    made = build(known, [record("Quite other", "x")], [record("Something", "x")])
    assert made.ids == ("org:quite-other", "org:something")
    assert made.lost == ("org:alfa",)


def test_the_greater_part_of_a_place_that_was_split_keeps_the_id() -> None:
    first, second, third = (record("Alfa", rest) for rest in "xyz")
    known = build(NOBODY, [first, second, third]).known
    assert build(known, [first], [second, third]).ids == ("org:alfa-2", "org:alfa")


def test_the_order_of_places_of_one_name_changes_no_id() -> None:
    one, two = [record("Alfa", "x")], [record("Alfa", "y")]
    assert build(NOBODY, one, two).ids == build(NOBODY, two, one).ids[::-1]


def test_an_id_is_never_given_to_another_place() -> None:
    known = build(NOBODY, [record("Alfa", "x")]).known
    renamed = build(known, [record("Beta", "x")]).known
    made = build(renamed, [record("Beta", "x")], [record("Alfa", "y")])
    assert made.ids == ("org:alfa", "org:alfa-2")
    without = build(known, [record("Gamma", "z")])
    assert without.lost == ("org:alfa",)
    assert build(without.known, [record("Alfa", "other")]).ids == ("org:alfa",)


def test_codes_keep_the_id_whatever_stands_beside_them() -> None:
    known = build(NOBODY, [code("osm:way/1")], [code("mim:A", "B")]).known
    assert build(known, [code("iccu:IT-1"), code("osm:way/1")]).ids == ("osm:way/1",)
    assert build(known, [code("mim:B", "C")]).ids == ("mim:A",)


def test_a_place_that_became_part_of_another_leads_to_it() -> None:
    one, two, three = record("Alfa", "x"), record("Beta", "y"), record("Gamma", "z")
    known = build(NOBODY, [one], [two], [three]).known
    pair = build(known, [one, two], [three])
    assert pair.known.former == {"org:beta": "org:alfa"}
    assert build(pair.known, [one, two], [three]).known == pair.known
    every = build(pair.known, [three, one, two])
    assert len(every.ids) == 1
    assert set(every.known.former) == {"org:alfa", "org:beta", "org:gamma"} - set(every.ids)
    assert set(every.known.former.values()) == set(every.ids)


def test_a_place_that_parts_again_does_not_take_the_id_that_leads_to_the_other() -> None:
    one, two = record("Alfa", "x"), record("Beta", "y")
    known = build(build(NOBODY, [one], [two]).known, [one, two]).known
    apart = build(known, [one], [two])
    assert apart.ids == ("org:alfa", "org:beta-2")
    assert apart.known.former == {"org:beta": "org:alfa"}


def test_a_former_id_is_a_weaker_claim_than_the_own_one() -> None:
    one, two = record("Alfa", "x"), record("Zeta", "y")
    traces = {
        f"org:{name}": frozenset({Trace(f"org:{name}", row)})
        for name, row in (("alfa", "x"), ("zeta", "y"))
    }
    made = build(KnownIds(traces, {"org:alfa": "org:zeta"}), [one], [two])
    assert made.ids == ("org:alfa-2", "org:zeta")


def test_former_ids_lead_on_when_their_place_becomes_part_of_another() -> None:
    one, two = record("Alfa", "x"), record("Beta", "y")
    three = [record("Gamma", rest) for rest in "pqr"]
    known = build(build(NOBODY, [one], [two], three).known, [one, two], three).known
    assert known.former == {"org:beta": "org:alfa"}
    made = build(known, [one, two, *three])
    assert made.ids == ("org:gamma",)
    assert made.known.former == {"org:alfa": "org:gamma", "org:beta": "org:gamma"}


def test_former_ids_of_a_place_that_is_gone_lead_nowhere_and_stay_reserved() -> None:
    one, two = record("Alfa", "x"), record("Beta", "y")
    known = build(build(NOBODY, [one], [two]).known, [one, two]).known
    made = build(known, [record("Gamma", "z")])
    assert made.known.former == {}
    assert made.lost == ("org:alfa",)
    assert {"org:alfa", "org:beta"} <= set(made.known.traces)


def test_a_line_that_a_person_adds_finds_a_lost_id_again() -> None:
    known = build(NOBODY, [record("Alfa", "x")]).known
    changed = build(known, [record("Quite another", "y")])
    assert (changed.new, changed.lost) == (("org:quite-another",), ("org:alfa",))
    line = {Trace("org:quite-another", "")}
    traces = {**changed.known.traces, "org:alfa": changed.known.traces["org:alfa"] | line}
    made = build(KnownIds(traces, {}), [record("Quite another", "y")])
    assert made.ids == ("org:alfa",)
    assert made.known.former == {"org:quite-another": "org:alfa"}


rows = st.lists(
    st.tuples(st.sampled_from("abcdefghi"), st.integers(0, 9)).map(
        lambda pair: (f"Nome {pair[0] * 5}", f"row {pair[1]}")
    ),
    min_size=1,
    max_size=8,
    unique=True,
)


def groups_of(rows: list[Row]) -> list[Group]:
    """Rows of one name are one place."""
    names = dict.fromkeys(name for name, _ in rows)
    return [[record(*row) for row in rows if row[0] == name] for name in names]


def by_row(made: GivenIds, groups: list[Group]) -> dict[tuple[str, str], str]:
    return {(r.name, r.row): i for g, i in zip(groups, made.ids, strict=True) for r in g}


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_id(rows: list[Row], rng: random.Random) -> None:
    first = build(NOBODY, *groups_of(rows))
    shuffled = rng.sample(rows, len(rows))
    other = build(NOBODY, *groups_of(shuffled))
    assert by_row(other, groups_of(shuffled)) == by_row(first, groups_of(rows))
    again = build(first.known, *groups_of(shuffled))
    assert by_row(again, groups_of(shuffled)) == by_row(first, groups_of(rows))
    assert again.known == first.known
    assert again.new == again.lost == ()


@given(rows, rows)
def test_ids_are_unique_and_former_ones_lead_to_a_place(old: list[Row], new: list[Row]) -> None:
    first = build(NOBODY, *groups_of(old))
    made = build(first.known, *groups_of(new))
    assert len(set(made.ids)) == len(made.ids)
    assert set(made.known.former.values()) <= set(made.ids)
    assert not set(made.known.former) & set(made.ids)
    assert set(first.ids) <= {*made.ids, *made.lost, *made.known.former}
    again = build(made.known, *groups_of(new))
    assert (again.ids, again.known) == (made.ids, made.known)


distinct_rows = st.lists(st.sampled_from("abcdefghi"), min_size=2, max_size=8, unique=True).map(
    lambda letters: [(f"Nome {letter * 5}", f"row {letter}") for letter in letters]
)


@given(distinct_rows, st.text("lmnopq", min_size=1, max_size=8))
def test_any_corrected_name_keeps_the_id(rows: list[Row], name: str) -> None:
    known = build(NOBODY, *groups_of(rows))
    corrected = [(name, rows[0][1]), *rows[1:]]
    assert build(known.known, *groups_of(corrected)).ids == known.ids


@given(distinct_rows, st.randoms(use_true_random=False))
def test_names_in_any_other_order_swap_no_ids(rows: list[Row], rng: random.Random) -> None:
    """Each row has another row's name: its id stays the row's."""
    known = build(NOBODY, *groups_of(rows))
    names = rng.sample([name for name, _ in rows], len(rows))
    swapped = [(name, rest) for name, (_, rest) in zip(names, rows, strict=True)]
    made = build(known.known, *groups_of(swapped))
    assert ids(made, *groups_of(swapped)) == ids(known, *groups_of(rows))


@pytest.mark.parametrize("quartiere", [None, "nord"])
def test_a_free_id_is_none_that_is_known(quartiere: str | None) -> None:
    known = KnownIds({"org:alfa": frozenset({Trace("org:alfa", "gone")})}, {"org:alfa-2": "org:x"})
    group = [replace(record("Alfa", "x", quartiere), id="org:alfa")]
    other = [record("Alfa", "y", quartiere)]
    made = build(known, group, other)
    assert set(made.ids) & {"org:alfa-2"} == set()
    assert len(set(made.ids)) == 2

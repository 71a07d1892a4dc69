"""A chain in which anything was changed, removed, inserted or moved does not hold."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW
from workstation.domain.chain import (
    START,
    Checkpoint,
    Entry,
    Fault,
    Head,
    Link,
    Wrong,
    canonical,
    faults,
    forged,
    head_faults,
    linked,
    moment,
    signed_part,
    starting_point,
)

WRITER = "desk-1a2b3c4d"
LOOK = Entry(
    writer=WRITER,
    number=0,
    prev="",
    hash="",
    at=NOW,
    operator="anna",
    citizen="c1",
    kommune="0510",
    what="card",
    alarm=None,
    why="",
)


def chain(length: int, start: Link = START) -> list[Entry]:
    found: list[Entry] = []
    for number in range(length):
        look = replace(LOOK, at=NOW + timedelta(seconds=number), citizen=f"c{number}")
        found.append(linked(look, found[-1].link if found else start))
    return found


def wrong(entries: list[Entry], start: Link | None = START) -> list[tuple[int, Wrong]]:
    where = {entry.hash: entry.number for entry in entries}
    return [(fault.number, fault.what) for fault in faults(entries, start, where)]


def numbered(entries: list[Entry]) -> list[Entry]:
    return [replace(entry, number=number) for number, entry in enumerate(entries, 1)]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
times = st.datetimes(timezones=st.just(NOW.tzinfo))
looks = st.builds(
    Entry,
    writer=texts,
    number=st.just(0),
    prev=st.just(""),
    hash=st.just(""),
    at=times,
    operator=texts,
    citizen=texts,
    kommune=st.none() | texts,
    what=texts,
    alarm=st.none() | texts,
    why=texts,
)
chains = st.lists(looks, min_size=1, max_size=8).map(
    lambda found: [
        entry
        for entry, _tail in _linked_all([replace(look, writer=found[0].writer) for look in found])
    ]
)


def _linked_all(given_looks: list[Entry]) -> list[tuple[Entry, Link]]:
    made: list[tuple[Entry, Link]] = []
    for look in given_looks:
        entry = linked(look, made[-1][1] if made else START)
        made.append((entry, entry.link))
    return made


def test_what_is_hashed_never_changes() -> None:
    """Chains of years ago must still hold: a failing test here is a wrong program."""
    entry = linked(replace(LOOK, why="112 ø", alarm="a1"), START)
    assert canonical(entry).decode() == (
        '{"alarm":"a1","at":"2026-03-14T18:00:00.000000Z","citizen":"c1","kommune":"0510",'
        f'"number":1,"operator":"anna","prev":"{"0" * 64}","what":"card","why":"112 ø",'
        '"writer":"desk-1a2b3c4d"}'
    )
    assert entry.hash == "2fc2655998d2e505ae5fdf0d604389ddab761f864955ed21e1c2e6ed229ae76e"


def test_none_is_not_the_empty_text() -> None:
    assert canonical(LOOK) != canonical(replace(LOOK, alarm=""))
    assert b"alarm" not in canonical(LOOK)


def test_times_are_told_in_utc_to_the_microsecond() -> None:
    assert moment(NOW + timedelta(microseconds=1)) == "2026-03-14T18:00:00.000001Z"


@given(chains)
def test_an_untouched_chain_holds(entries: list[Entry]) -> None:
    assert list(faults(entries, START)) == []
    assert list(faults(entries[1:], entries[0].link)) == []


@given(chains, st.data())
def test_a_change_of_any_one_column_is_found(entries: list[Entry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    column = data.draw(st.sampled_from([field.name for field in fields(Entry)]))
    old = getattr(entries[place], column)
    others: dict[str, st.SearchStrategy[Any]] = {"number": st.integers(1, 20), "at": times}
    new = data.draw(others.get(column, st.none() | texts).filter(lambda value: value != old))
    entries[place] = replace(entries[place], **{column: new})
    entries.sort(key=lambda entry: entry.number)
    assert list(faults(entries, START)) != []


@given(chains, st.data())
def test_any_one_removal_before_the_end_is_found(entries: list[Entry], data: st.DataObject) -> None:
    removed = entries.pop(data.draw(st.integers(0, len(entries) - 1)))
    if removed.number <= len(entries):
        assert wrong(entries) == [(removed.number, Wrong.REMOVED)]


@given(chains, st.data())
def test_renumbering_hides_no_removal(entries: list[Entry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    del entries[place]
    if place < len(entries):
        assert wrong(numbered(entries))[0] == (place + 1, Wrong.REMOVED)


@given(chains, looks, st.data())
def test_an_inserted_entry_is_found(entries: list[Entry], look: Entry, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    tail = entries[place - 1].link if place else START
    entries.insert(place, linked(replace(look, writer=entries[0].writer), tail))
    assert wrong(numbered(entries))[0] == (place + 1, Wrong.INSERTED)


@given(chains.filter(lambda found: len(found) > 1), st.data())
def test_two_that_changed_places_are_found(entries: list[Entry], data: st.DataObject) -> None:
    one, other = sorted(
        data.draw(
            st.lists(st.integers(0, len(entries) - 1), min_size=2, max_size=2, unique=True),
        )
    )
    entries[one], entries[other] = entries[other], entries[one]
    found = wrong(numbered(entries))
    assert (one + 1, Wrong.REORDERED) in found
    assert (other + 1, Wrong.REORDERED) in found


def test_an_exchanged_entry_with_a_hash_of_its_own() -> None:
    entries = chain(5)
    entries[2] = linked(replace(entries[2], why="nothing"), entries[1].link)
    assert wrong(entries) == [(3, Wrong.CHANGED)]


def test_every_gap_is_told() -> None:
    entries = chain(9)
    del entries[6:8], entries[1:3]
    assert list(faults(entries, START)) == [
        Fault(writer=WRITER, number=2, what=Wrong.REMOVED, until=3),
        Fault(writer=WRITER, number=7, what=Wrong.REMOVED, until=8),
    ]


def test_text_that_cannot_be_hashed_does_not_hold() -> None:
    assert wrong([replace(chain(1)[0], why="\ud83d")]) == [(1, Wrong.CHANGED)]


# --- Heads ----------------------------------------------------------------------------------------


def head(entry: Entry) -> Head:
    return Head(writer=entry.writer, number=entry.number, hash=entry.hash, at=NOW)


def by_head(entries: list[Entry], one: Head, purged: Link | None = None) -> list[Fault]:
    last = entries[-1].link if entries else purged or START
    kept = {entry.number: entry.hash for entry in entries}.get(one.number)
    return list(head_faults(one, last=last, kept=kept, purged=purged))


@given(chains, st.data())
def test_a_removal_at_the_end_is_found_by_a_head(entries: list[Entry], data: st.DataObject) -> None:
    left = entries[: data.draw(st.integers(0, len(entries) - 1))]
    [fault] = by_head(left, head(entries[-1]))
    assert (fault.what, fault.number) == (Wrong.REMOVED_AT_END, len(left) + 1)
    assert fault.until == len(entries)


def test_a_chain_that_was_made_anew_is_found_by_a_head() -> None:
    old = chain(4)
    anew = [old[0], linked(replace(old[1], why="x"), old[0].link)]
    anew += [linked(replace(one, at=NOW), anew[1].link) for one in old[2:3]]
    assert list(faults(anew, START)) == []
    [fault] = by_head(anew, head(old[2]))
    assert (fault.what, fault.number) == (Wrong.HEAD_DIFFERS, 3)


def test_a_chain_that_went_on_holds_by_its_earlier_heads() -> None:
    entries = chain(4)
    assert all(by_head(entries, head(entry)) == [] for entry in entries)


# --- Purges ---------------------------------------------------------------------------------------


def checkpoint(entry: Entry, signature: str = "good") -> Checkpoint:
    return Checkpoint(
        writer=WRITER,
        number=entry.number,
        hash=entry.hash,
        count=entry.number,
        earliest=NOW,
        latest=entry.at,
        at=NOW,
        signature=signature,
    )


def test_after_a_purge_the_chain_goes_on_from_its_checkpoint() -> None:
    entries = chain(6)
    signed = [checkpoint(entries[1]), checkpoint(entries[3])]
    start = starting_point(5, signed)
    assert start == entries[3].link
    assert wrong(entries[4:], start) == []
    assert starting_point(None, signed) == entries[3].link
    assert starting_point(None, []) == START


def test_a_purge_that_was_cut_short() -> None:
    entries = chain(6)
    start = starting_point(3, [checkpoint(entries[3])])
    assert start is None
    assert wrong(entries[2:], start) == []
    assert starting_point(1, [checkpoint(entries[3])]) == START


@pytest.mark.parametrize("signed", [[], [1]])
def test_a_purge_nobody_signed_for(signed: list[int]) -> None:
    entries = chain(6)
    start = starting_point(5, [checkpoint(entries[number]) for number in signed])
    assert wrong(entries[4:], start) == [(signed[0] + 2 if signed else 1, Wrong.REMOVED)]


def test_a_head_below_a_checkpoint_cannot_be_compared_but_the_one_at_it_can() -> None:
    entries = chain(6)
    purged = entries[3].link
    assert by_head(entries[4:], head(entries[1]), purged) == []
    assert by_head(entries[4:], head(entries[3]), purged) == []
    other = replace(head(entries[3]), hash="0")
    assert [one.what for one in by_head(entries[4:], other, purged)] == [Wrong.HEAD_DIFFERS]
    assert by_head([], head(entries[5]), purged)[0].number == 5


def test_a_forged_checkpoint_is_told() -> None:
    entries = chain(2)
    both = [checkpoint(entries[0]), checkpoint(entries[1], "bad")]
    [fault] = forged(both, lambda one: one.signature == "good")
    assert (fault.number, fault.what) == (2, Wrong.CHECKPOINT_FORGED)


@given(st.sampled_from([field.name for field in fields(Checkpoint)]))
def test_every_field_but_the_signature_is_signed(column: str) -> None:
    one = checkpoint(chain(1)[0])
    other: Any = {"number": 9, "count": 9}.get(column, "x")
    if column in {"earliest", "latest", "at"}:
        other = NOW + timedelta(microseconds=1)
    same = signed_part(replace(one, **{column: other})) == signed_part(one)
    assert same == (column == "signature")

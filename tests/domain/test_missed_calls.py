"""Whom to call back, of many rows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.call import CITIZEN, CallRecord
from workstation.domain.missed_calls import Talked, is_withheld, to_call_back
from workstation.domain.names import SYSTEM, AlarmId, CallId, CitizenId

START = datetime(2026, 3, 14, 18, 0, tzinfo=UTC)
HIDDEN = "sip:anonymous@anonymous.invalid"


def in_vain(call: str, target: str = "+4500000001", at: float = 0, dialog: str = "") -> CallRecord:
    return CallRecord(
        id=CallId(call), operator=SYSTEM, target=target, dialog=dialog,
        started_at=START + timedelta(seconds=at), incoming=True,
    )  # fmt: skip


def talked(at: float, target: str = "+4500000001", dialog: str = "") -> Talked:
    when = START + timedelta(seconds=at)
    return Talked(target=target, citizen=None, whom="Mette", at=when, dialog=dialog)


@pytest.mark.parametrize(
    ("target", "withheld"),
    [
        (HIDDEN, True),
        ("sips:Anonymous@10.0.0.7:5061", True),
        ("sip:unknown@anonymous.invalid:5060", True),
        ("anonymous", True),
        ("sip:anonymous1@10.0.0.7", False),
        ("+4500000001", False),
        ("", False),
    ],
)
def test_who_withholds_the_number(target: str, *, withheld: bool) -> None:
    assert is_withheld(target) is withheld


def test_a_caller_is_one_entry_with_a_count_and_the_first_call_s_wait() -> None:
    rows = [in_vain("b", at=60), in_vain("a"), in_vain("c", "+4500000002", at=30)]
    first, second = to_call_back(rows, [])
    assert (first.call.id, first.calls, first.since) == ("b", 2, START)
    assert (second.call.id, second.calls) == ("c", 1)


def test_a_talk_between_two_calls_leaves_the_later_one() -> None:
    (left,) = to_call_back([in_vain("a"), in_vain("b", at=60)], [talked(30)])
    assert (left.call.id, left.calls) == ("b", 1)
    assert to_call_back([in_vain("a"), in_vain("b", at=60)], [talked(60)]) == []


def test_the_key_stays_when_they_call_once_more() -> None:
    (one,) = to_call_back([in_vain("a")], [])
    (two,) = to_call_back([in_vain("a"), in_vain("b", at=60)], [])
    assert one.key == two.key


def test_a_withheld_number_is_on_the_list_until_its_alarm_is_closed() -> None:
    rows = [
        replace(in_vain(one, HIDDEN, place, dialog=one), alarm=AlarmId(f"alarm-{one}"))
        for place, one in enumerate("ab")
    ]
    found = to_call_back(rows, [talked(99, HIDDEN)])
    assert [(one.call.id, one.withheld) for one in found] == [("a", True), ("b", True)]
    assert len({one.key for one in found}) == 2
    assert [one.call.id for one in to_call_back(rows, [], {AlarmId("alarm-a")})] == ["b"]
    known = replace(in_vain("c"), alarm=AlarmId("alarm-a"))
    assert len(to_call_back([known], [], {AlarmId("alarm-a")})) == 1, "somebody can call them"


def test_the_citizen_at_another_number_but_not_one_of_their_people() -> None:
    row = replace(in_vain("a"), citizen=CitizenId("c1"), whom=CITIZEN)
    other = replace(talked(5, "+4500000009"), citizen=CitizenId("c1"))
    assert to_call_back([row], [other]) != []
    assert to_call_back([row], [replace(other, whom=CITIZEN)]) == []


NUMBERS = st.sampled_from(["+451", "+452", HIDDEN])
TIMES = st.integers(0, 9)


@given(
    rows=st.lists(st.tuples(NUMBERS, TIMES, st.sampled_from(["", "d1", "d2"]))),
    talks=st.lists(st.tuples(NUMBERS, TIMES)),
)
def test_nobody_is_lost_and_nobody_is_there_twice(
    rows: list[tuple[str, int, str]], talks: list[tuple[str, int]]
) -> None:
    calls = [in_vain(f"m{place}", *row) for place, row in enumerate(rows)]
    found = to_call_back(calls, [talked(at, target) for target, at in talks])
    assert len({one.key for one in found}) == len(found)
    last = {target: max(at for to, at in talks if to == target) for target, _at in talks}
    wanted = {
        number for number, at, _dialog in rows if number == HIDDEN or last.get(number, -1) < at
    }
    assert {one.call.target for one in found} == wanted
    assert [one.since for one in found] == sorted(one.since for one in found)

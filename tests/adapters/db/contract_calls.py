"""What any CallLog does."""

from dataclasses import replace
from typing import Protocol

import pytest

from tests.adapters.db.making import ANNA, at, run
from workstation.application.call_backs import MissedCalls
from workstation.application.errors import RowRefused
from workstation.application.ports import CallLog
from workstation.domain.call import (
    CallRecord,
    CallResult,
    Quality,
    Transferred,
    TransferState,
)
from workstation.domain.names import SYSTEM, AlarmId, CallId, CitizenId

CALL = CallRecord(
    id=CallId("k1"),
    operator=ANNA,
    target="+4500000001",
    started_at=at(0),
    alarm=AlarmId("a1"),
    citizen=CitizenId("c1"),
    whom="citizen",
)
ANSWERED = replace(CALL, answered_at=at(4), sip_code=200, sip_reason="OK")
ENDED = replace(
    ANSWERED,
    ended_at=at(90),
    result=CallResult.ANSWERED,
    quality=Quality(mos=4.1, loss_percent=0.5, jitter_ms=3.0, round_trip_ms=21.5),
    transfers=(
        Transferred(target="+4500000009", at=at(80), state=TransferState.DONE, sip_code=200),
    ),
)
MISSED = CallRecord(
    id=CallId("m1"),
    operator=SYSTEM,
    target="+4500000001",
    started_at=at(100),
    ended_at=at(110),
    citizen=CitizenId("c1"),
    whom="citizen",
    result=CallResult.ABANDONED,
    incoming=True,
)


class Log(CallLog, MissedCalls, Protocol):
    """The call log with both of its sides."""


def listed(calls: MissedCalls, since: float = 0) -> list[tuple[str, int]]:
    """Return the last call of each whom to call back, and how many they were."""
    return [(one.call.id, one.calls) for one in run(calls.missed(since=at(since)))]


class CallsContract:
    """A subclass has the fixture `calls`."""

    def test_a_call_is_written_when_it_starts(self, calls: CallLog) -> None:
        run(calls.begin(CALL))
        assert run(calls.listed()) == [CALL]
        assert run(calls.unfinished()) == [CALL]

    def test_and_completed_when_it_is_answered_and_when_it_ends(self, calls: CallLog) -> None:
        run(calls.begin(CALL))
        run(calls.complete(ANSWERED))
        assert run(calls.unfinished()) == [ANSWERED]
        run(calls.complete(ENDED))
        assert run(calls.listed()) == [ENDED]
        assert run(calls.unfinished()) == []

    def test_a_call_whose_start_could_not_be_written(self, calls: CallLog) -> None:
        run(calls.complete(ENDED))
        assert run(calls.listed()) == [ENDED]

    def test_an_ended_call_stands(self, calls: CallLog) -> None:
        run(calls.begin(CALL))
        run(calls.complete(ENDED))
        run(calls.complete(replace(ENDED, ended_at=at(99), result=CallResult.LINE_LOST)))
        assert run(calls.listed()) == [ENDED]

    def test_completing_does_not_say_anew_who_called_whom(self, calls: CallLog) -> None:
        run(calls.begin(CALL))
        run(calls.complete(replace(ENDED, target="+4500000009", whom="")))
        assert run(calls.listed()) == [ENDED]

    def test_the_same_call_is_not_begun_twice(self, calls: CallLog) -> None:
        run(calls.begin(CALL))
        with pytest.raises(RowRefused):
            run(calls.begin(CALL))

    def test_the_list_is_oldest_first(self, calls: CallLog) -> None:
        later = replace(CALL, id=CallId("k0"), started_at=at(10), alarm=None)
        for call in (later, CALL):
            run(calls.begin(call))
        assert run(calls.listed()) == [CALL, later]
        assert run(calls.listed(since=at(10))) == [later]
        assert run(calls.listed(alarm=AlarmId("a1"))) == [CALL]
        assert run(calls.listed(since=at(10), alarm=AlarmId("a1"))) == []

    def test_a_call_that_came_in(self, calls: CallLog) -> None:
        incoming = replace(
            CALL, id=CallId("in"), incoming=True, name="Karen", called="hub", alarm=None
        )
        run(calls.begin(incoming))
        assert run(calls.listed()) == [incoming]

    def test_who_called_in_vain_is_there_once_until_called_back(self, calls: Log) -> None:
        other_desk = replace(MISSED, id=CallId("m2"), started_at=at(101))
        someone = replace(
            MISSED, id=CallId("m3"), target="sip:9@x", citizen=None, whom="9", started_at=at(99)
        )
        run(calls.complete(ENDED))  # before they called
        for one in (MISSED, other_desk, someone):
            run(calls.complete(one))
        assert listed(calls) == [("m3", 1), ("m2", 2)]
        assert listed(calls, since=100) == [("m2", 2)]
        other_number = replace(CALL, id=CallId("k9"), target="+4500000002", started_at=at(120))
        run(calls.begin(other_number))
        assert listed(calls) == [("m3", 1)]
        run(calls.complete(replace(other_number, ended_at=at(140), result=CallResult.NO_ANSWER)))
        assert listed(calls) == [("m3", 1), ("m2", 2)], "nobody has talked with them"
        run(calls.complete(replace(other_number, id=CallId("k10"), answered_at=at(150))))
        assert listed(calls) == [("m3", 1)]

    def test_a_call_that_rang_at_several_desks_is_one(self, calls: Log) -> None:
        forked = replace(MISSED, dialog="d1@x")
        again = replace(MISSED, id=CallId("m3"), started_at=at(130), dialog="d2@x")
        for one in (forked, replace(forked, id=CallId("m2"), started_at=at(101)), again):
            run(calls.complete(one))
        (missed,) = run(calls.missed(since=at(0)))
        assert (missed.call, missed.calls, missed.since) == (again, 2, MISSED.started_at)

    def test_withheld_numbers_are_each_their_own(self, calls: Log) -> None:
        hidden = replace(
            MISSED, target="sip:anonymous@anonymous.invalid", citizen=None, whom="", dialog="d1"
        )
        other = replace(hidden, id=CallId("m2"), started_at=at(105), dialog="d2")
        answered = replace(
            hidden, id=CallId("m3"), started_at=at(120), answered_at=at(125), dialog="d3"
        )
        for one in (hidden, other, answered):
            run(calls.complete(one))
        assert listed(calls) == [("m1", 1), ("m2", 1)]
        run(calls.complete(replace(answered, id=CallId("m4"), dialog="d2")))
        assert listed(calls) == [("m1", 1)], "another desk had answered it"

    def test_who_was_answered_at_another_desk_is_not_missed(self, calls: Log) -> None:
        declined = replace(MISSED, result=CallResult.DECLINED)
        taken = replace(
            MISSED, id=CallId("m2"), operator=ANNA, started_at=at(99), answered_at=at(105)
        )
        run(calls.complete(declined))
        assert listed(calls) == [("m1", 1)]
        run(calls.complete(taken))
        assert run(calls.missed(since=at(0))) == []

    def test_a_relative_who_is_called_is_not_the_citizen(self, calls: Log) -> None:
        relative = replace(CALL, id=CallId("k9"), target="+45003", whom="Mette", started_at=at(120))
        run(calls.complete(MISSED))
        run(calls.begin(relative))
        assert listed(calls) == [("m1", 1)]

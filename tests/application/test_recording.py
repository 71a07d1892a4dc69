"""Which calls are recorded, what the operator sees and does, and what is kept of them."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest

from tests.application.test_desk_phone import KAREN, METTE, Phone
from tests.fakes_recording import FakeFiles, FakeRecordings, FakeTape
from tests.waiting import at_once
from workstation.application.errors import RecordingFailed, RowRefused, StoreUnavailable
from workstation.application.phone_view import Tape
from workstation.application.recording import CallRecorder
from workstation.domain.call import CallState
from workstation.domain.names import AlarmId, CallId, CitizenId, Kommune
from workstation.domain.recording import (
    Recorded,
    RecordingId,
    RecordingRule,
    TapeEvent,
    TapeState,
)

MINE, OTHER = Kommune("0510"), Kommune("0860")
ALARM = AlarmId("a1")


async def finished(work: Coroutine[Any, Any, object]) -> None:
    await work


class Desk:
    """A telephone whose calls are recorded; `whose` is what is known of alarm and citizen."""

    def __init__(self, calls: Recorded = Recorded.ALL) -> None:
        self.phone = Phone()
        self.tape, self.files, self.rows = FakeTape(), FakeFiles(), FakeRecordings()
        self.begun: list[Coroutine[Any, Any, None]] = []
        self.kommune: Kommune | None = MINE
        self.recorder = CallRecorder(
            phone=self.phone.desk,
            tape=self.tape,
            files=self.files,
            rows=self.rows,
            rule=RecordingRule(calls=calls, kommuner=frozenset({MINE})),
            clock=self.phone.clock,
            whose=lambda _alarm, _citizen: self.kommune,
            run=self.begun.append,
        )

    def settle(self) -> None:
        for begun in (self.begun, self.phone.begun):
            while begun:
                asyncio.run(finished(begun.pop(0)))

    def call(self, number: int = 1, *, alarm: AlarmId | None = ALARM) -> CallId:
        act = self.phone.desk.call(KAREN, whom="citizen", citizen=CitizenId("c1"), alarm=alarm)
        at_once(act)
        self.phone.hears(number, CallState.IN_CALL)
        self.settle()
        return CallId(f"call-{number}")

    def told(self, state: TapeState, recording: str = "r1", **more: Any) -> None:
        event = TapeEvent(
            call=CallId("call-1"),
            recording=RecordingId(recording),
            state=state,
            at=self.phone.clock.now(),
            **more,
        )
        self.recorder.told(event)
        self.settle()

    @property
    def tape_shown(self) -> Tape | None:
        return self.phone.desk.view.tape


def test_an_answered_call_is_recorded_and_shown_once_the_line_says_so() -> None:
    desk = Desk()
    call = desk.call()
    [(recorded, order)] = desk.tape.begun
    assert (recorded, order.recording) == (call, "r1")
    assert desk.tape_shown is None
    desk.told(TapeState.ON)
    assert desk.tape_shown == Tape(state=TapeState.ON)
    kept = desk.rows.rows[RecordingId("r1")]
    assert (kept.call, kept.kommune, kept.alarm, kept.citizen, kept.key, kept.ended_at) == (
        call, MINE, ALARM, "c1", "a key", None,
    )  # fmt: skip


def test_a_call_is_recorded_once_whatever_happens_in_it() -> None:
    desk = Desk()
    desk.call()
    for state in (CallState.HELD, CallState.IN_CALL, CallState.HELD, CallState.IN_CALL):
        desk.phone.hears(1, state)
    desk.settle()
    assert len(desk.tape.begun) == 1


def test_each_of_two_calls_is_recorded() -> None:
    desk = Desk()
    desk.call()
    at_once(desk.phone.desk.consult(METTE, whom="Mette", citizen=None, alarm=ALARM))
    desk.phone.hears(1, CallState.HELD)
    desk.phone.hears(2, CallState.IN_CALL)
    desk.settle()
    assert [call for call, _order in desk.tape.begun] == ["call-1", "call-2"]


@pytest.mark.parametrize(
    ("calls", "alarm", "kommune", "is_recorded"),
    [
        (Recorded.ALL, None, MINE, True),
        (Recorded.ALL, None, OTHER, False),
        (Recorded.ALL, None, None, False),
        (Recorded.ALARM_CALLS, ALARM, MINE, True),
        (Recorded.ALARM_CALLS, None, MINE, False),
        (Recorded.NONE, ALARM, MINE, False),
    ],
)
def test_only_what_may_be_is_recorded(
    calls: Recorded, alarm: AlarmId | None, kommune: Kommune | None, is_recorded: bool
) -> None:
    desk = Desk(calls)
    desk.kommune = kommune
    desk.call(alarm=alarm)
    assert bool(desk.tape.begun) is is_recorded
    assert desk.tape_shown is None


def test_an_unanswered_call_is_not_recorded() -> None:
    desk = Desk()
    at_once(desk.phone.desk.call(KAREN, whom="citizen", citizen=None, alarm=None))
    desk.phone.hears(1, CallState.RINGING)
    desk.phone.hears(1, CallState.ENDED)
    desk.settle()
    assert not desk.tape.begun


def test_pause_and_stop_ask_the_line() -> None:
    desk = Desk()
    desk.recorder.pause()
    desk.call()
    desk.recorder.stop()
    assert desk.tape.wishes == []
    desk.told(TapeState.ON)
    desk.recorder.pause()
    desk.told(TapeState.PAUSED)
    desk.recorder.pause()
    desk.told(TapeState.ON)
    desk.recorder.stop()
    desk.told(TapeState.ENDED)
    desk.recorder.stop()
    assert desk.tape.wishes == [("call-1", "pause"), ("call-1", "resume"), ("call-1", "stop")]


def test_its_end_completes_the_row_also_behind_the_call() -> None:
    desk = Desk()
    desk.call()
    desk.told(TapeState.ON)
    desk.phone.hears(1, CallState.ENDED)
    desk.phone.clock.advance(60)
    length = timedelta(seconds=58)
    desk.told(TapeState.ENDED, length=length, size=1_900_000, sha256="ab")
    kept = desk.rows.rows[RecordingId("r1")]
    assert (kept.ended_at, kept.length, kept.size, kept.sha256, kept.reason) == (
        desk.phone.clock.now(), length, 1_900_000, "ab", "",
    )  # fmt: skip
    desk.told(TapeState.ENDED, sha256="cd")
    assert desk.rows.rows[RecordingId("r1")].sha256 == "ab"


def test_a_failure_is_shown_and_harms_no_call() -> None:
    desk = Desk()
    desk.call()
    desk.told(TapeState.FAILED, reason="disk_full", length=timedelta(seconds=3))
    assert desk.tape_shown == Tape(state=TapeState.FAILED, reason="disk_full")
    assert desk.phone.desk.view.state is CallState.IN_CALL
    assert desk.rows.rows[RecordingId("r1")].reason == "disk_full"


def test_without_a_key_nothing_is_recorded_and_that_is_shown() -> None:
    desk = Desk()
    desk.files.fault = RecordingFailed("no_public_key")
    desk.call()
    assert desk.tape_shown == Tape(state=TapeState.FAILED, reason="no_public_key")
    assert (desk.tape.begun, desk.rows.rows) == ([], {})
    assert desk.phone.desk.view.state is CallState.IN_CALL


def test_a_row_waits_for_a_busy_database() -> None:
    desk = Desk()
    desk.rows.fault = StoreUnavailable("locked")
    desk.call()
    desk.told(TapeState.ON)
    assert (len(desk.tape.begun), desk.rows.rows) == (1, {})
    desk.rows.fault = None
    asyncio.run(desk.recorder.catch_up())
    assert list(desk.rows.rows) == ["r1"]


def test_a_row_that_is_refused_keeps_no_other_from_the_database() -> None:
    desk = Desk()
    desk.rows.fault = RowRefused("not_served")
    desk.call()
    desk.rows.fault = None
    asyncio.run(desk.recorder.catch_up())
    assert desk.rows.rows == {}

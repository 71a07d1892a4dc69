"""The list of whom to call back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import HADERSLEV, HJORRING
from tests.fakes import FakeClock
from tests.fakes_store import FakeCallLog
from tests.waiting import at_once
from workstation.application.call_backs import KEPT_FOR, CallBacks
from workstation.application.phone_view import CITIZEN, PhoneView
from workstation.domain.call import CallRecord, CallResult, CallState
from workstation.domain.names import SYSTEM, CallId, CitizenId, Kommune


class Desk:
    """A desk that sees one kommune."""

    def __init__(self) -> None:
        self.clock, self.log = FakeClock(), FakeCallLog()
        self.list = CallBacks(log=self.log, clock=self.clock, sees=self.sees)
        self.told = 0
        self.list.watch(self._tell)

    def _tell(self) -> None:
        self.told += 1

    @staticmethod
    def sees(kommune: Kommune | None) -> bool:
        return kommune in (None, HADERSLEV)

    def missed(self, call: str, target: str, **more: object) -> CallRecord:
        now = self.clock.now()
        record = CallRecord(
            id=CallId(call), operator=SYSTEM, target=target, started_at=now,
            ended_at=now + timedelta(seconds=9), result=CallResult.ABANDONED, incoming=True,
            kommune=HADERSLEV,
        )  # fmt: skip
        record = replace(record, **more)
        self.log.records[call] = record
        return record

    def targets(self) -> list[str]:
        at_once(self.list.refresh())
        return [one.call.target for one in self.list.waiting()]

    def calls(self, target: str, *, citizen: CitizenId | None = None, whom: str = "") -> None:
        self.list.talking(
            PhoneView(
                call=CallId("out"), state=CallState.DIALLING, target=target, citizen=citizen,
                whom=whom, started_at=self.clock.now(),
            )
        )  # fmt: skip


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_who_waited_longest_is_first_and_a_day_is_enough(desk: Desk) -> None:
    desk.missed("m1", "+4500000001")
    desk.clock.advance(60)
    desk.missed("m2", "+4500000002")
    assert desk.targets() == ["+4500000001", "+4500000002"]
    desk.clock.advance(KEPT_FOR.total_seconds() - 30)
    assert desk.targets() == ["+4500000002"]


def test_who_is_called_here_is_off_the_list_before_the_log_knows(desk: Desk) -> None:
    desk.missed("m1", "+4500000001")
    assert desk.targets() == ["+4500000001"]
    told = desk.told
    desk.calls("+4500000001")
    assert desk.told == told + 1
    assert desk.targets() == []
    desk.clock.advance(60)
    desk.missed("m2", "+4500000001")
    assert desk.targets() == ["+4500000001"], "they called once more, later"


def test_who_is_tried_and_does_not_answer_is_on_the_list_again(desk: Desk) -> None:
    desk.missed("m1", "+4500000001")
    desk.calls("+4500000001")
    assert desk.targets() == []
    now = desk.clock.now()
    tried = desk.missed(
        "out", "+4500000001", incoming=False, started_at=now, result=CallResult.NO_ANSWER
    )
    desk.list.talking(PhoneView())
    assert [one.call.id for one in desk.list.waiting()] == [], "until the log has been asked"
    assert desk.targets() == ["+4500000001"]
    desk.log.records["out"] = replace(tried, answered_at=now)
    assert desk.targets() == []


def test_who_waits_on_hold_is_talked_with(desk: Desk) -> None:
    desk.missed("m1", "+4500000001")
    desk.calls("+4500000001")
    held = PhoneView(
        call=CallId("out"), state=CallState.HELD, target="+4500000001",
        started_at=desk.clock.now(),
    )  # fmt: skip
    desk.list.talking(PhoneView(others=(held,)))
    assert desk.targets() == []
    assert desk.targets() == [], "they are still on the line"


def test_a_withheld_number_is_listed_and_nobody_s_call_clears_it(desk: Desk) -> None:
    hidden = "sip:anonymous@anonymous.invalid"
    desk.missed("m1", hidden)
    desk.missed("m2", hidden)
    desk.calls(hidden)
    assert desk.targets() == [hidden, hidden]


def test_a_citizen_is_called_back_at_any_of_their_numbers(desk: Desk) -> None:
    desk.missed("m1", "sip:pendant-1@unit", citizen=CitizenId("c1"), whom=CITIZEN)
    desk.calls("+4500000009", citizen=CitizenId("c1"), whom="Mette")
    assert desk.targets() == ["sip:pendant-1@unit"], "that was a relative"
    desk.list.talking(
        PhoneView(
            call=CallId("k2"), state=CallState.DIALLING, target="+4500000001",
            citizen=CitizenId("c1"), whom=CITIZEN, started_at=desk.clock.now(),
        )
    )  # fmt: skip
    assert desk.targets() == []


def test_one_sees_those_of_the_kommuner_one_serves(desk: Desk) -> None:
    desk.missed("m1", "+4500000001", kommune=HJORRING)
    assert desk.targets() == []

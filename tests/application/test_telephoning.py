"""A call about an alarm is work on it: the alarm stays its owner's however long they talk."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from tests.application.test_presence import Hub
from tests.builders import ANNA, BO, NOW, a_hub, an_alarm
from tests.fakes_store import FakeAlarmStore
from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.phone_view import PhoneView
from workstation.application.supervision import DueSteps
from workstation.application.telephoning import Telephoning
from workstation.domain.alarm import Alarm, State
from workstation.domain.call import CallState
from workstation.domain.kind import Outcome
from workstation.domain.names import AlarmId, CallId
from workstation.domain.steps import Taken

A1 = AlarmId("a1")


class Desk(Hub):
    """Anna's desk with an emergency of hers, and another desk's due steps on the same database."""

    def __init__(self) -> None:
        super().__init__()
        alarm = an_alarm().after(Taken(at=NOW, by=ANNA))
        self.alarms = FakeAlarmStore(alarm)
        self.board = Board(self.hub_clock, a_hub())
        self.board.load([alarm])
        self.tasks: list[asyncio.Task[None]] = []
        self.desk = AlarmDesk(
            session=self.session,
            board=self.board,
            store=self.alarms,
            clock=self.hub_clock,
            taken=lambda _alarm: None,
            run=self.run,
        )
        self.due = DueSteps(
            board=self.board,
            desk=self.desk,
            hub=a_hub(),
            clock=self.hub_clock,
            attendance=self.roll_call.attendance,
        )
        self.telephoning = Telephoning(
            roll_call=self.roll_call,
            desk=self.desk,
            session=self.session,
            clock=self.hub_clock,
            run=self.run,
        )

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.create_task(work))

    async def show(self, state: CallState, call: str = "k1", alarm: AlarmId | None = A1) -> None:
        view = PhoneView(call=CallId(call), state=state, whom="citizen", alarm=alarm)
        self.telephoning.changed(view)
        await asyncio.gather(*self.tasks)

    @property
    def alarm(self) -> Alarm:
        return self.alarms.every()[0]

    @property
    def steps(self) -> list[str]:
        return [type(one.step).__name__ for one in self.alarms.history][1:]

    async def lasts(self, minutes: int) -> None:
        for _ in range(minutes):
            self.pass_by(60)
            await self.due.look()


def with_desk(act: Callable[[Desk], Coroutine[Any, Any, None]]) -> None:
    async def acted() -> None:
        await act(Desk())

    asyncio.run(acted())


def test_an_emergency_stays_its_owners_through_a_long_call_and_ten_minutes_behind_it() -> None:
    async def act(desk: Desk) -> None:
        await desk.show(CallState.DIALLING)
        assert desk.roll_call.me().calling == A1
        await desk.lasts(25)
        await desk.show(CallState.IN_CALL)
        await desk.lasts(5)
        assert desk.steps == []
        await desk.show(CallState.ENDED)
        assert desk.steps == ["HungUp"]
        assert desk.roll_call.me().calling is None
        assert desk.alarm.touched_at == desk.clock.now()
        await desk.lasts(9)
        assert desk.alarm.state is State.TAKEN
        await desk.lasts(1)
        assert desk.steps == ["HungUp", "Reraised"]

    with_desk(act)


def test_a_short_call_leaves_no_second_line_in_the_history() -> None:
    async def act(desk: Desk) -> None:
        await desk.show(CallState.DIALLING)
        desk.pass_by(59)
        await desk.show(CallState.ENDED)
        assert (desk.steps, desk.roll_call.me().calling) == ([], None)

    with_desk(act)


def test_an_alarm_that_was_closed_or_given_away_meanwhile_is_left_alone() -> None:
    async def act(desk: Desk) -> None:
        await desk.show(CallState.DIALLING)
        desk.pass_by(120)
        await desk.desk.resolve(A1, Outcome.TEST)
        await desk.show(CallState.ENDED)
        assert desk.steps == ["Resolved"]

    with_desk(act)


def test_only_its_owners_call_counts() -> None:
    async def act(desk: Desk) -> None:
        desk.session._unnamed = BO
        await desk.show(CallState.DIALLING)
        await desk.lasts(10)
        assert desk.steps == ["Reraised"]
        await desk.show(CallState.ENDED)
        assert desk.steps == ["Reraised"]

    with_desk(act)


def test_the_next_call_follows_the_last_without_a_gap() -> None:
    async def act(desk: Desk) -> None:
        await desk.show(CallState.DIALLING, "k1")
        desk.pass_by(120)
        await desk.show(CallState.ENDED, "k1")
        await desk.show(CallState.DIALLING, "k2")
        assert desk.roll_call.me().calling == A1
        await desk.show(CallState.ENDED, "k2")
        await desk.show(CallState.DIALLING, "k3", alarm=None)
        assert desk.roll_call.me().calling is None
        assert desk.steps == ["HungUp"]

    with_desk(act)

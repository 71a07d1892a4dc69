"""Watching the watchers: when nobody could answer, everybody else raises it, and ingest calls for help."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.application.test_presence import THERE, Hub, told
from tests.builders import BO, HADERSLEV, HJORRING, a_hub
from tests.domain.test_presence import a_desk
from workstation.application.directory import Directory
from workstation.application.errors import CommandFailed, StoreUnavailable
from workstation.application.help_call import AGAIN_S, COMMAND_FAILED, HelpCall
from workstation.application.ids import new_id
from workstation.application.ports import FeedState, Report
from workstation.application.supervision import OwnReports
from workstation.application.watching import NOBODY_WATCHES, Unwatched, Watching
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId, Kommune
from workstation.domain.presence import DeskKind, Lack, Presence

BOTH = frozenset({HADERSLEV, HJORRING})


class Watched(Hub):
    """An ingest, or a desk, that watches over Haderslev and Hjørring; Bo's desk is the other one."""

    def __init__(self, *, kind: DeskKind = DeskKind.INGEST, **wanted: Any) -> None:
        super().__init__(kind=kind, **wanted)
        self.filed: list[Report] = []
        self.told: list[list[Unwatched]] = []
        self.reports = OwnReports(
            directory=lambda: Directory.of([], []),
            clock=self.hub_clock,
            new_id=lambda now: AlarmId(new_id(now)),
        )
        self.watching = Watching(
            roll_call=self.roll_call,
            hub=a_hub(),
            clock=self.hub_clock,
            reports=self.reports,
            file=self.filed.append,
        )
        self.watching.tell(self.told.append)
        self.works()

    async def lasts(self, seconds: int, other: Presence | None = None) -> None:
        """Let time pass with `other` there (or nobody), looking every second."""
        for second in range(seconds):
            if other is not None:
                self.store.put(replace(other, seen_at=self.store.clock.now()))
            if second % 5 == 0:
                await self.roll_call.call()
            await self.watching.look()
            self.pass_by(1)

    @property
    def said(self) -> list[tuple[str, bool]]:
        return [(one.alarm.kommune, one.active) for one in self.filed]

    def forget(self) -> None:
        self.filed.clear()


def bo(**fields: object) -> Presence:
    fields = {"operator": BO, "kommuner": BOTH, "started_at": a_desk().started_at, **fields}
    return a_desk(THERE, **fields)


def with_hub(act: Callable[[Watched], Coroutine[Any, Any, None]], **wanted: Any) -> None:
    async def acted() -> None:
        await act(Watched(**wanted))

    asyncio.run(acted())


ENDED = [(HADERSLEV, False), (HJORRING, False)]
RAISED = [(HADERSLEV, True), (HJORRING, True)]


def test_as_long_as_somebody_watches_there_is_no_alarm() -> None:
    async def act(hub: Watched) -> None:
        await hub.lasts(300, bo())
        assert hub.said == ENDED, "what an earlier run may have left standing is ended, once"

    with_hub(act)


def test_a_kommune_without_anybody_is_an_emergency_once_and_ends() -> None:
    async def act(hub: Watched) -> None:
        await hub.lasts(60)
        assert hub.said == []
        began = hub.clock.now() - timedelta(seconds=60)
        await hub.lasts(240)
        assert hub.said == RAISED
        report = hub.filed[0]
        alarm = report.alarm
        assert (alarm.kind, alarm.code, alarm.source) == (
            Kind.EMERGENCY,
            NOBODY_WATCHES,
            Source.WATCH,
        )
        assert alarm.text == f"no_desk {began.isoformat(timespec='seconds')}"
        assert (alarm.device, alarm.citizen) == ("hub", None)
        assert report.level == "watch/0510/hub/nobody_watches"
        hub.forget()
        await hub.lasts(100, bo())
        assert hub.said == ENDED
        hub.forget()
        await hub.lasts(100)
        assert hub.said == RAISED, "it can come again"

    with_hub(act)


@pytest.mark.parametrize(
    ("desk", "why"),
    [
        (bo(operator=None), Lack.NOBODY),
        (bo(alarms=False), Lack.NO_BROKER),
        (bo(database=False), Lack.NO_DATABASE),
        (bo(sound=False), Lack.NO_SOUND),
    ],
)
def test_a_desk_that_cannot_answer_is_none(desk: Presence, why: Lack) -> None:
    async def act(hub: Watched) -> None:
        hub.pass_by(120)
        await hub.lasts(62, desk)
        assert hub.said == RAISED
        assert hub.filed[0].alarm.text.startswith(f"{why} ")

    with_hub(act)


def test_only_the_kommune_that_nobody_serves_is_told() -> None:
    async def act(hub: Watched) -> None:
        await hub.lasts(70, bo(kommuner=frozenset({HJORRING})))
        assert [one for one in hub.said if one[1]] == [(HADERSLEV, True)]

    with_hub(act)


def test_a_desk_that_is_being_started_puts_it_off_but_not_for_ever() -> None:
    async def act(hub: Watched) -> None:
        await hub.lasts(50)
        starting = bo(operator=None, started_at=hub.clock.now())
        await hub.lasts(30, starting)
        assert hub.said == []
        again = bo(operator=None, started_at=hub.clock.now())
        await hub.lasts(39, again)
        assert hub.said == []
        await hub.lasts(5, again)
        assert hub.said == RAISED

    with_hub(act)


def test_a_process_that_has_just_started_waits_its_time() -> None:
    async def act(hub: Watched) -> None:
        hub.store.put(bo(ended_at=hub.clock.now()))
        hub.pass_by(3600)
        await hub.lasts(60)
        assert hub.said == []

    with_hub(act)


def test_another_desk_raises_it_too_when_nobody_is_signed_in_there() -> None:
    async def act(hub: Watched) -> None:
        # It has itself just been started.
        await hub.lasts(122)
        assert hub.said == RAISED

    with_hub(act, kind=DeskKind.DESK, guarded=True)


def test_who_sits_at_the_desk_that_fails_has_its_lamp() -> None:
    async def act(hub: Watched) -> None:
        hub.health.sound(works=False, at=hub.clock.now())
        await hub.lasts(300)
        assert hub.said == []

    with_hub(act, kind=DeskKind.DESK)


def test_with_the_database_away_the_broker_says_who_watches() -> None:
    async def act(hub: Watched) -> None:
        await hub.lasts(10, bo())
        hub.forget()
        hub.store.fault = StoreUnavailable("unreachable")
        for _ in range(20):
            told(hub, kommuner=BOTH)
            await hub.lasts(15)
        assert not any(active for _kommune, active in hub.said)
        await hub.lasts(130)
        assert [one for one in hub.said if one[1]] == RAISED

    with_hub(act)


def test_who_sees_nobody_at_all_says_so() -> None:
    async def act(hub: Watched) -> None:
        hub.store.fault = StoreUnavailable("unreachable")
        hub.health.feed("alarms", FeedState(connected=False, at=hub.clock.now()))
        await hub.lasts(62)
        assert hub.filed[0].alarm.text.startswith("blind ")

    with_hub(act)


def test_all_that_lasts_is_told_at_each_look() -> None:
    async def act(hub: Watched) -> None:
        await hub.lasts(62)
        assert [one.kommuner for one in hub.told[-1]] == [(HADERSLEV,), (HJORRING,)]
        await hub.lasts(1, bo())
        await hub.lasts(5, bo())
        assert hub.told[-1] == []

    with_hub(act)


# --- Calling for help -----------------------------------------------------------------------------


class FakeCommand:
    def __init__(self) -> None:
        self.told: list[Unwatched] = []
        self.fault: CommandFailed | None = None

    async def run(self, told: Unwatched) -> None:
        self.told.append(told)
        if self.fault is not None:
            raise self.fault


class Called(Watched):
    """An ingest with a command."""

    def __init__(self) -> None:
        super().__init__()
        self.command = FakeCommand()
        self.tasks: list[asyncio.Task[None]] = []
        self.help = HelpCall(
            command=self.command,
            home=HADERSLEV,
            clock=self.hub_clock,
            reports=self.reports,
            file=self.filed.append,
            run=lambda work: self.tasks.append(asyncio.create_task(work)),
        )

    async def look(self, *kommuner: Kommune) -> None:
        since = a_desk().seen_at
        self.help.look(
            [Unwatched(kommuner=(one,), since=since, why=Lack.NO_DESK) for one in kommuner]
        )
        await asyncio.gather(*self.tasks)


def with_command(act: Callable[[Called], Coroutine[Any, Any, None]]) -> None:
    async def acted() -> None:
        await act(Called())

    asyncio.run(acted())


def test_it_is_called_once_for_all_kommuner_and_once_more_for_another() -> None:
    async def act(hub: Called) -> None:
        await hub.look(HADERSLEV)
        await hub.look(HADERSLEV)
        await hub.look(HADERSLEV, HJORRING)
        assert [one.kommuner for one in hub.command.told] == [(HADERSLEV,), (HJORRING,)]
        await hub.look()
        await hub.look(HADERSLEV, HJORRING)
        assert hub.command.told[-1].kommuner == (HADERSLEV, HJORRING)
        assert hub.filed == []

    with_command(act)


def test_a_command_that_fails_is_an_alarm_and_is_run_again_until_it_works() -> None:
    async def act(hub: Called) -> None:
        hub.command.fault = CommandFailed("exit", detail="3")
        await hub.look(HADERSLEV)
        await hub.look(HADERSLEV)
        assert len(hub.command.told) == 1
        (report,) = hub.filed
        assert (report.alarm.kind, report.alarm.code) == (Kind.TECHNICAL, COMMAND_FAILED)
        assert (report.alarm.text, report.active) == ("exit 3", True)
        hub.pass_by(AGAIN_S)
        await hub.look(HADERSLEV)
        assert (len(hub.command.told), len(hub.filed)) == (2, 1)
        hub.command.fault = None
        hub.pass_by(AGAIN_S)
        await hub.look(HADERSLEV)
        await hub.look(HADERSLEV)
        assert len(hub.command.told) == 3
        assert [one.active for one in hub.filed] == [True, False]

    with_command(act)

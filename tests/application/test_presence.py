"""The roll call: what this process says of itself, and whom it believes to be there."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import ANNA, BO, HADERSLEV, HJORRING, a_hub
from tests.domain.test_presence import a_desk
from tests.fakes import FakeClock
from tests.fakes_presence import FakePresenceStore
from workstation.application.errors import StoreUnavailable
from workstation.application.facts import StoreState
from workstation.application.health import DATABASE, DeskHealth, Works
from workstation.application.hub_clock import HubClock
from workstation.application.others import Announced
from workstation.application.ports import FeedState
from workstation.application.presence import RollCall, Seat
from workstation.application.session import Session, SignedIn
from workstation.domain.names import AlarmId, Kommune
from workstation.domain.presence import DeskKind, DeskName, Presence
from workstation.domain.rights import Role

HERE, THERE = DeskName("desk-1"), DeskName("desk-2")
Act = Callable[[], Coroutine[Any, Any, None]]


class Hub:
    """One process with a stand-in for its database; both clocks run together."""

    def __init__(self, *, kind: DeskKind = DeskKind.DESK, guarded: bool = False) -> None:
        self.clock = FakeClock()
        self.store = FakePresenceStore(FakeClock())
        self.hub_clock = HubClock(self.clock)
        self.health = DeskHealth(("alarms",))
        self.session = Session((HADERSLEV, HJORRING), desk=HERE, operator=ANNA, guarded=guarded)
        self.roll_call = RollCall(
            seat=Seat(desk=HERE, kind=kind, machine="VAGT-17", version="0.1.0"),
            session=self.session,
            store=self.store,
            clock=self.hub_clock,
            health=self.health,
            hub=a_hub(),
        )
        self.announced: list[Presence] = []
        self.roll_call.announce_by(self.announced.append)

    def works(self) -> None:
        at = self.clock.now()
        self.health.feed("alarms", FeedState(connected=True, at=at))
        self.health.store(StoreState(ok=True, at=at, path="alarms"))
        self.health.sound(works=True, at=at)

    async def beats(self, count: int, seconds: float = 5) -> None:
        """Beat, wait, and beat again."""
        for _ in range(count):
            await self.roll_call.call()
            self.pass_by(seconds)

    def pass_by(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.store.clock.advance(seconds)

    def other(self, **fields: object) -> Presence:
        """Bo's desk, seen now."""
        fields = {"operator": BO, "seen_at": self.store.clock.now(), **fields}
        return a_desk(THERE, **fields)

    def sees(self) -> list[str]:
        return [one.desk for one in self.roll_call.living()]


def run(act: Act) -> None:
    asyncio.run(act())


def with_hub(act: Callable[[Hub], Coroutine[Any, Any, None]], **wanted: Any) -> None:
    async def acted() -> None:
        await act(Hub(**wanted))

    asyncio.run(acted())


# --- What is told ---------------------------------------------------------------------------------


def test_a_desk_without_sign_in_is_its_operators_and_says_what_works() -> None:
    async def act(hub: Hub) -> None:
        starting = hub.roll_call.me()
        assert (starting.sound, starting.alarms, starting.database) == (False, False, True)
        hub.works()
        assert hub.roll_call.me() == Presence(
            desk=HERE,
            kind=DeskKind.DESK,
            machine="VAGT-17",
            started_at=hub.clock.now(),
            seen_at=hub.clock.now(),
            operator=ANNA,
            kommuner=frozenset({HADERSLEV, HJORRING}),
            sound=True,
            alarms=True,
            database=True,
            version="0.1.0",
        )

    with_hub(act)


def test_who_signs_in_and_out_is_told(clock: FakeClock) -> None:
    async def act(hub: Hub) -> None:
        assert hub.roll_call.me().operator is None
        person = SignedIn(
            operator=BO,
            name="Bo Lund",
            role=Role.NIGHT,
            kommuner=frozenset({HJORRING, Kommune("0101")}),
            at=clock.now(),
        )
        hub.session.begin(person)
        me = hub.roll_call.me()
        assert (me.operator, me.name, me.role) == (BO, "Bo Lund", Role.NIGHT)
        assert me.kommuner == {HJORRING}
        assert me.signed_in_since == clock.now()
        hub.session.lock()
        assert hub.roll_call.me().operator == BO, "a locked desk is still that person's"
        hub.session.end()
        assert hub.roll_call.me().operator is None

    with_hub(act, guarded=True)


def test_at_an_ingest_sits_nobody() -> None:
    async def act(hub: Hub) -> None:
        assert hub.roll_call.me().operator is None

    with_hub(act, kind=DeskKind.INGEST)


def test_a_change_is_told_at_once_and_several_together() -> None:
    async def act(hub: Hub) -> None:
        keeping = asyncio.create_task(hub.roll_call.keep())
        await fact(lambda: hub.store.calls == 1)
        hub.works()
        hub.roll_call.call_about(AlarmId("a1"))
        await fact(lambda: hub.store.rows[HERE, ANNA].calling == "a1")
        assert hub.store.rows[HERE, ANNA].sound
        assert hub.store.calls == 2
        hub.health.sound(works=True, at=hub.clock.now())
        await end(keeping)
        assert hub.store.calls == 2, "what did not change is not told"

    with_hub(act)


def test_the_broker_hears_of_changes_and_of_every_third_heartbeat() -> None:
    async def act(hub: Hub) -> None:
        await hub.beats(6)
        assert len(hub.announced) == 2
        hub.roll_call.call_about(AlarmId("a1"))
        await hub.beats(1)
        assert [one.calling for one in hub.announced] == [None, None, "a1"]

    with_hub(act)


@pytest.mark.parametrize("turns", range(4))
def test_an_end_in_the_moment_of_a_change_is_an_end(turns: int) -> None:
    """Whatever the turn of the loop: a heartbeat that missed it would go on for ever."""

    async def act(hub: Hub) -> None:
        keeping = asyncio.create_task(hub.roll_call.keep())
        await fact(lambda: hub.roll_call.has_database)
        for _ in range(10):
            await asyncio.sleep(0)
        hub.works()
        for _ in range(turns):
            await asyncio.sleep(0)
        keeping.cancel()
        await asyncio.wait({keeping}, timeout=5)
        assert keeping.cancelled()

    with_hub(act)


def test_an_end_in_order_is_told() -> None:
    async def act(hub: Hub) -> None:
        await hub.beats(1)
        await hub.roll_call.leave()
        assert hub.store.rows[HERE, ANNA].ended_at == hub.store.clock.now()
        hub.store.fault = StoreUnavailable("unreachable")
        await hub.roll_call.leave()

    with_hub(act)


# --- The database's time --------------------------------------------------------------------------


def test_a_clock_that_is_off_is_put_right_and_told() -> None:
    async def act(hub: Hub) -> None:
        hub.works()
        hub.clock.set(hub.clock.now() + timedelta(seconds=60))
        await hub.roll_call.call()
        assert hub.hub_clock.now() == hub.store.clock.now()
        part = hub.health.part(DATABASE)
        assert (part.state, part.reason, part.facts) == (
            Works.WARN,
            "clock_off",
            {"seconds": "60"},
        )
        assert part.since is not None
        hub.clock.set(hub.store.clock.now())
        await hub.roll_call.call()
        assert hub.health.part(DATABASE).state is Works.OK

    with_hub(act)


def test_a_database_that_does_not_answer_has_its_lamp() -> None:
    async def act(hub: Hub) -> None:
        hub.works()
        hub.store.fault = StoreUnavailable("unreachable", url="x")
        assert not await hub.roll_call.call()
        part = hub.health.part(DATABASE)
        assert (part.state, part.reason) == (Works.DOWN, "unreachable")
        hub.store.fault = None
        assert await hub.roll_call.call()
        assert hub.health.part(DATABASE).state is Works.OK

    with_hub(act)


def test_a_question_that_hangs_is_told_and_not_asked_twice() -> None:
    async def act(hub: Hub) -> None:
        answer = asyncio.Event()
        told = hub.store.call

        async def hangs(me: Presence) -> Any:
            await answer.wait()
            return await told(me)

        hub.store.call = hangs  # type: ignore[method-assign]  # a database that hangs
        hub.roll_call._beat = 0.01
        assert not await hub.roll_call.call()
        assert not await hub.roll_call.call()
        assert hub.health.part(DATABASE).reason == "stuck"
        answer.set()
        assert await hub.roll_call.call()
        assert hub.store.calls == 1

    with_hub(act)


# --- Who is there ---------------------------------------------------------------------------------


def test_others_live_for_a_lease_and_this_process_as_long_as_it_runs() -> None:
    async def act(hub: Hub) -> None:
        hub.store.put(hub.other())
        await hub.beats(6)
        assert hub.sees() == [HERE], "30 s have passed"
        hub.store.put(hub.other())
        await hub.roll_call.call()
        assert hub.sees() == [HERE, THERE]
        assert [one.desk for one in hub.roll_call.listed()] == [HERE, THERE]

    with_hub(act)


def test_owners_are_judged_only_a_lease_behind_the_first_of_unbroken_answers() -> None:
    async def act(hub: Hub) -> None:
        hub.store.put(hub.other())
        seen = hub.store.clock.now()
        await hub.beats(6)
        assert hub.roll_call.attendance().seen == {}
        await hub.beats(1, 0)
        assert hub.roll_call.attendance().seen[BO] == seen

        hub.store.fault = StoreUnavailable("unreachable")
        await hub.beats(1)
        assert hub.roll_call.attendance().seen == {}
        hub.store.fault = None
        await hub.beats(1, 0)
        assert hub.roll_call.attendance().seen != {}, "one missed heartbeat is nothing"

        hub.store.fault = StoreUnavailable("unreachable")
        await hub.beats(3)
        hub.store.fault = None
        await hub.beats(6)
        assert hub.roll_call.attendance().seen == {}, "nobody's heartbeat could be stored"
        await hub.beats(1, 0)
        assert hub.roll_call.attendance().seen[BO] == seen

    with_hub(act)


def test_a_process_that_slept_judges_nobody_for_a_lease() -> None:
    async def act(hub: Hub) -> None:
        await hub.beats(8)
        assert hub.roll_call.attendance().seen != {}
        # Asleep, the counter that never jumps stands still.
        hub.store.clock.set(hub.store.clock.now() + timedelta(hours=8))
        await hub.beats(1)
        assert hub.roll_call.attendance().seen == {}
        await hub.beats(6)
        assert hub.roll_call.attendance().seen != {}

    with_hub(act)


def test_a_call_is_known_at_once() -> None:
    async def act(hub: Hub) -> None:
        hub.roll_call.call_about(AlarmId("a1"))
        assert hub.roll_call.attendance().calling == {"a1": ANNA}
        hub.store.put(hub.other(calling=AlarmId("a2")))
        await hub.beats(1, 1)
        assert hub.roll_call.attendance().calling == {"a1": ANNA, "a2": BO}
        hub.roll_call.call_about(None)
        assert hub.roll_call.attendance().calling == {"a2": BO}

    with_hub(act)


# --- The broker -----------------------------------------------------------------------------------


def told(hub: Hub, *, retained: bool = False, **fields: object) -> None:
    presence = replace(hub.other(**fields), database=False)
    hub.roll_call.heard(Announced(desk=THERE, presence=presence, retained=retained))


def test_without_the_database_the_broker_says_who_is_there() -> None:
    async def act(hub: Hub) -> None:
        hub.works()
        assert hub.sees() == [HERE]
        told(hub, retained=True)
        assert hub.sees() == [HERE, THERE]
        assert not hub.roll_call.is_blind
        hub.pass_by(29)
        assert hub.sees() == [HERE, THERE]
        hub.pass_by(2)
        assert hub.sees() == [HERE], "it says so every third heartbeat"
        hub.health.feed("alarms", FeedState(connected=False, at=hub.clock.now()))
        assert hub.roll_call.is_blind

    with_hub(act)


def test_a_desk_that_has_lost_the_database_only_keeps_its_operators_alarms() -> None:
    async def act(hub: Hub) -> None:
        hub.store.put(hub.other())
        for _ in range(9):
            await hub.beats(1)
            told(hub)
        await hub.beats(1, 0)
        assert hub.sees() == [HERE, THERE]
        assert hub.roll_call.attendance().seen[BO] == hub.clock.now()

    with_hub(act)


def test_what_the_broker_kept_says_nothing_where_the_database_answers() -> None:
    async def act(hub: Hub) -> None:
        await hub.beats(1, 1)
        told(hub, retained=True)
        assert hub.sees() == [HERE]

    with_hub(act)


def test_a_last_will_is_known_at_once() -> None:
    async def act(hub: Hub) -> None:
        hub.store.put(hub.other())
        await hub.beats(1, 1)
        changes = []
        hub.roll_call.watch(lambda: changes.append(1))
        hub.roll_call.heard(Announced(desk=THERE, presence=None))
        (_here, there) = hub.roll_call.living()
        assert not there.alarms
        assert changes == [1]

    with_hub(act)


async def fact(true: Callable[[], object]) -> None:
    """Wait until something is true."""
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - a fact has no event
            await asyncio.sleep(0)


async def end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

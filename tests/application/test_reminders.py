"""Whom to call again: kept in the database, heard where somebody sees to it."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import HADERSLEV, HJORRING
from tests.fakes import FakeClock, FakeSession
from tests.fakes_calls import FakeReminders
from workstation.application.errors import RowRefused, StoreUnavailable
from workstation.application.phone_view import NoNumber, PhoneView
from workstation.application.reminders import AGAIN_IN, ALONE_FOR, KEPT_FOR, Reminders
from workstation.domain.names import CitizenId

KAREN = PhoneView(last_target="+4500000001", whom="citizen", citizen=CitizenId("c1"))


class Desk:
    """One desk of a hub; what its reminders do beside the loop is done by `settle`."""

    def __init__(self, clock: FakeClock, store: FakeReminders, who: str = "anna") -> None:
        self.clock, self.session = clock, FakeSession()
        self.session.sit(who, kommuner=[HADERSLEV])
        self.begun: list[Coroutine[Any, Any, None]] = []
        self.told = 0
        self.list = Reminders(
            clock=clock, store=store, session=self.session,
            kommune_of=lambda _view: HADERSLEV, run=self.begun.append,
        )  # fmt: skip
        self.list.watch(self._tell)

    def _tell(self) -> None:
        self.told += 1

    def settle(self) -> None:
        begun, self.begun[:] = list(self.begun), []
        for one in begun:
            asyncio.run(one)

    def targets(self) -> list[str]:
        self.settle()
        asyncio.run(self.list.refresh())
        return [one.target for one in self.list.due()]


@pytest.fixture
def store() -> FakeReminders:
    return FakeReminders()


@pytest.fixture
def desk(clock: FakeClock, store: FakeReminders) -> Desk:
    return Desk(clock, store)


def test_a_desk_that_is_started_again_rings_for_what_is_overdue_at_once(
    desk: Desk, clock: FakeClock, store: FakeReminders
) -> None:
    desk.list.add(KAREN)
    desk.settle()
    again = Desk(clock, store)
    assert again.targets() == []
    clock.advance(AGAIN_IN[0].total_seconds())
    assert [one.target for one in again.list.due()] == [KAREN.last_target]
    clock.advance(3600)
    assert Desk(clock, store).targets() == [KAREN.last_target]


def test_it_is_its_operator_s_alone_at_first_and_then_everybody_s(
    desk: Desk, clock: FakeClock, store: FakeReminders
) -> None:
    made = desk.list.add(KAREN)
    desk.settle()
    colleague, own_elsewhere = Desk(clock, store, "bo"), Desk(clock, store)
    clock.advance(AGAIN_IN[0].total_seconds())
    assert own_elsewhere.targets() == [KAREN.last_target], "at whatever desk they sit now"
    assert colleague.targets() == []
    clock.advance(ALONE_FOR.total_seconds())
    assert colleague.targets() == [KAREN.last_target]
    assert not colleague.list.is_mine(made)
    assert colleague.list.done(made.key) == made
    colleague.settle()
    assert desk.targets() == own_elsewhere.targets() == []


def test_one_hears_those_of_the_kommuner_one_serves(
    desk: Desk, clock: FakeClock, store: FakeReminders
) -> None:
    made = desk.list.add(KAREN)
    desk.settle()
    store.rows[made.key] = replace(made, kommune=HJORRING)
    clock.advance(3600)
    assert desk.targets() == []


def test_without_the_database_they_live_here_and_are_stored_when_it_is_back(
    desk: Desk, clock: FakeClock, store: FakeReminders
) -> None:
    store.fault = StoreUnavailable("unreachable")
    made = desk.list.add(KAREN)
    desk.settle()
    clock.advance(AGAIN_IN[0].total_seconds())
    assert [one.target for one in desk.list.due()] == [KAREN.last_target]
    store.fault = None
    assert desk.targets() == [KAREN.last_target]
    assert list(store.rows.values()) == [made]
    store.fault = StoreUnavailable("unreachable")
    desk.list.done(made.key)
    desk.settle()
    assert desk.list.due() == ()
    store.fault = None
    assert desk.targets() == []
    assert store.rows == {}


def test_what_the_database_will_not_have_is_kept_here(
    desk: Desk, clock: FakeClock, store: FakeReminders
) -> None:
    store.fault = RowRefused("constraint")
    made = desk.list.add(KAREN)
    desk.settle()
    store.fault = None
    clock.advance(AGAIN_IN[0].total_seconds())
    assert desk.targets() == [KAREN.last_target]
    assert store.rows == {}
    desk.list.done(made.key)
    assert desk.targets() == []


def test_what_is_done_while_it_is_read_anew_does_not_ring_again(
    desk: Desk, clock: FakeClock, store: FakeReminders
) -> None:
    made = desk.list.add(KAREN)
    assert desk.targets() == []
    clock.advance(AGAIN_IN[0].total_seconds())
    listed = store.listed

    async def done_meanwhile() -> list[Any]:
        rows = await listed()
        desk.list.done(made.key)
        return rows

    store.listed = done_meanwhile  # type: ignore[method-assign]  # something happens meanwhile
    asyncio.run(desk.list.refresh())
    assert desk.list.due() == ()
    store.listed = listed  # type: ignore[method-assign]  # as it was
    assert desk.targets() == []


def test_asked_once_more_it_is_later_and_another_operator_s_is_another(
    desk: Desk, clock: FakeClock, store: FakeReminders
) -> None:
    waits = [desk.list.add(KAREN).after for _press in range(len(AGAIN_IN) + 1)]
    assert waits == [*AGAIN_IN, AGAIN_IN[0]]
    desk.settle()
    colleague = Desk(clock, store, "bo")
    colleague.targets()
    assert colleague.list.add(KAREN).after == AGAIN_IN[0]
    colleague.settle()
    assert len(store.rows) == 2


def test_nobody_hears_of_it_a_day_later(desk: Desk, clock: FakeClock, store: FakeReminders) -> None:
    made = desk.list.add(KAREN, timedelta(minutes=30))
    clock.advance(1800 + KEPT_FOR.total_seconds())
    assert desk.targets() == [made.target]
    clock.advance(1)
    assert desk.targets() == []
    assert desk.targets() == []
    assert store.rows == {}


def test_nobody_was_on_the_line(desk: Desk) -> None:
    with pytest.raises(NoNumber):
        desk.list.add(PhoneView())


def test_only_a_change_is_told(desk: Desk) -> None:
    desk.list.add(KAREN)
    desk.targets()
    told = desk.told
    assert desk.targets() == []
    assert desk.told == told

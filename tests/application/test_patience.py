"""A busy database is asked again: a step is provisional only where the database is away."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.application.test_claims import ALARM, TAKEN, Desk
from tests.application.test_standing import a_claim
from tests.builders import ANNA, BO, NOW, a_report, an_alarm
from tests.fakes import FakeClock
from tests.fakes_store import FakeAlarmStore
from workstation.application import patience
from workstation.application.alarm_steps import AlarmSteps
from workstation.application.errors import StoreUnavailable
from workstation.application.facts import Arrived, Stored
from workstation.application.ports import Filed
from workstation.domain.alarm import Alarm, State
from workstation.domain.claim import Said
from workstation.domain.steps import AnyStep, Noted


class Busy(FakeAlarmStore):
    """Has no turn for us so many times."""

    def __init__(self, *alarms: Alarm) -> None:
        super().__init__(*alarms)
        self.busy = 0
        self.reason = "locked"

    async def save(self, alarm: Alarm, step: AnyStep, *, expected_version: int) -> None:
        if self.busy:
            self.busy -= 1
            raise StoreUnavailable(self.reason)
        await super().save(alarm, step, expected_version=expected_version)


@pytest.fixture
def store() -> Busy:
    return Busy(ALARM)


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Desk:
    one = Desk(tmp_path, clock)
    one.claims.is_away = lambda: False
    return one


@pytest.fixture
def steps(desk: Desk, store: Busy) -> AlarmSteps:
    one = AlarmSteps(board=desk.board, store=store, run=desk._run)
    one.claim_by(desk.claims)
    desk.board.load([ALARM])
    return one


def test_a_step_waits_for_its_turn(steps: AlarmSteps, store: Busy) -> None:
    store.busy = 3
    taken = asyncio.run(steps.act(ALARM.id, TAKEN))
    assert (taken.taken_by, taken.provisional) == (ANNA, None)
    assert store.every() == [taken]


@pytest.mark.parametrize("reason", ["locked", "unreachable"])
def test_a_step_is_provisional_where_no_turn_comes(
    steps: AlarmSteps, store: Busy, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    monkeypatch.setattr(patience, "BUSY_S", 0.2)
    store.busy, store.reason = 99, reason
    taken = asyncio.run(steps.act(ALARM.id, TAKEN))
    assert taken.provisional is not None
    assert store.busy == 98 or reason == "locked"


def test_a_rule_of_the_hub_tries_again_by_itself(steps: AlarmSteps, store: Busy) -> None:
    store.busy = 1
    with pytest.raises(StoreUnavailable):
        asyncio.run(steps.act_as(ALARM.id, lambda _seen: TAKEN))


def test_a_step_waits_for_an_alarm_that_is_being_stored(
    steps: AlarmSteps, store: Busy, desk: Desk
) -> None:
    report = a_report(an_alarm("new", device="d2"))
    desk.board.arrived(Arrived(reports=(report,)))

    async def act() -> Alarm:
        taking = asyncio.create_task(steps.act(report.alarm.id, TAKEN))
        await asyncio.sleep(0)
        store.put(report.alarm)
        desk.board.stored(Stored(filed=(Filed(report=report, alarm=report.alarm),)))
        return await taking

    taken = asyncio.run(act())
    assert (taken.id, taken.taken_by, taken.provisional) == ("new", ANNA, None)
    assert desk.records() == []


def test_what_another_desk_says_is_never_stored_with_a_step_of_ours(
    steps: AlarmSteps, store: Busy, desk: Desk
) -> None:
    """Its outcome may turn out not to fit: then the row would be closed, and no step would say so."""
    taken = asyncio.run(steps.act(ALARM.id, replace(TAKEN, by=BO)))
    desk.claims.hear(a_claim(Said.RESOLVED, BO, "b", at=1))
    assert desk.board.get(ALARM.id) is None
    asyncio.run(steps.act(ALARM.id, Noted(at=NOW + timedelta(seconds=2), by=ANNA, text="n")))
    (stored,) = store.every()
    assert (stored.state, stored.version) == (State.TAKEN, taken.version + 1)
    assert stored.provisional is None

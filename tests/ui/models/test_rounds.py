from datetime import timedelta

import pytest

from tests.ui.visits import ME, visit_row
from ui.models import rounds
from ui.models.rounds import CITIZEN, STATE, TIME
from workstation.domain.names import Operator
from workstation.domain.round import Look, Reason, VisitKind, VisitState


def cells(clock, **more):
    table = rounds.table(clock.now())
    table.update([visit_row("v", clock.now() + timedelta(minutes=5), **more)])
    return [table.cell(0, column) for column in (TIME, CITIZEN, STATE)]


def test_a_visit_says_when_who_what_and_how_long(clock):
    time, citizen, state = cells(clock)
    assert time.text == "19:05"
    assert (citizen.text, citizen.below) == ("Erik Lund", "Screen visit · 15 min")
    assert state.text == "○ planned"
    assert citizen.spoken == "19:05, Erik Lund, Screen visit · 15 min, planned"


@pytest.mark.parametrize("state", list(VisitState))
def test_each_state_has_a_sign_of_its_own_and_a_word(clock, state):
    signs = {cells(clock, state=one)[STATE].text.split()[0] for one in VisitState}
    assert len(signs) == len(VisitState)
    assert cells(clock, state=state)[STATE].text.split(" ", 1)[1]


def test_a_reason_and_a_look_stand_below_the_state(clock):
    cancelled = cells(clock, state=VisitState.CANCELLED, reason=Reason.HOSPITALISED)[STATE]
    assert (cancelled.text, cancelled.below) == ("– cancelled", "in hospital")
    looked = cells(clock, state=VisitState.DONE, kind=VisitKind.NIGHT_CHECK, look=Look.ASLEEP)[
        STATE
    ]
    assert looked.below == "asleep"


@pytest.mark.parametrize(("who", "said"), [(None, ""), (ME, "you"), (Operator("Bo"), "Bo")])
def test_who_takes_it(clock, who, said):
    assert cells(clock, assignee=who)[STATE].below == said


def test_a_planned_visit_whose_time_is_over_is_not_started(clock):
    table = rounds.table(clock.now())
    table.update([visit_row("v", clock.now())])
    assert table.cell(0, STATE).text == "○ planned"
    table.tick(clock.advance(15 * 60 + 1))
    assert table.cell(0, STATE).text == "◷ not started"
    assert table.cell(0, STATE).tone == "missed"


def test_what_is_over_steps_back(clock):
    assert cells(clock, state=VisitState.DONE)[CITIZEN].tone == "soft"
    assert cells(clock, state=VisitState.NOT_DONE)[CITIZEN].strong


def test_the_order_is_that_of_the_day(clock, qtmodeltester):
    table = rounds.table(clock.now())
    table.update([visit_row(str(hour), clock.now() + timedelta(hours=hour)) for hour in (3, 1, 2)])
    assert [table.key_at(row) for row in range(3)] == ["1", "2", "3"]
    qtmodeltester.check(table)

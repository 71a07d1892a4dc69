from datetime import timedelta
from typing import get_args

import pytest

from tests.builders import ANNA, BO, NOW, an_alarm
from ui.models.past import past, past_rows, said, similar
from workstation.application.ports import StoredStep
from workstation.domain.alarm import State
from workstation.domain.kind import Outcome
from workstation.domain.names import AlarmId, CallId, CitizenId
from workstation.domain.rights import GLASS
from workstation.domain.steps import (
    AnyStep,
    Arrived,
    Called,
    Corrected,
    Escalated,
    Given,
    HandedOver,
    HungUp,
    Noted,
    Raised,
    Released,
    Repeated,
    Reraised,
    ReraisedBecause,
    Resolved,
    ResponderCalled,
    Restored,
    Shelved,
    Taken,
)

LATER = NOW + timedelta(minutes=30)
STEPS = (
    (Raised(at=NOW, text="not_json"), "alarm came"),
    (Raised(at=NOW), "alarm came"),
    (Repeated(at=NOW), "came again"),
    (Restored(at=NOW), "the device says it is over"),
    (Taken(at=NOW, by=ANNA), "taken"),
    (Released(at=NOW, by=ANNA), "given back to the queue"),
    (HandedOver(at=NOW, by=ANNA, to=BO), "handed over to Bo"),
    (Shelved(at=NOW, by=ANNA, until=LATER, reason="battery"), "shelved until 19:30: battery"),
    (
        Reraised(at=NOW, because=ReraisedBecause.NOT_ARRIVED),
        "raised again: arrival was not confirmed",
    ),
    (Escalated(at=NOW), "escalated: nobody had taken it"),
    (
        ResponderCalled(at=NOW, by=ANNA, responder="Vagt Syd", until=LATER),
        "Vagt Syd is on the way, there by 19:30",
    ),
    (Arrived(at=NOW, by=ANNA, responder="Vagt Syd"), "Vagt Syd has arrived"),
    (Noted(at=NOW, by=ANNA, text="hun sover"), "“hun sover”"),
    (Noted(at=NOW, by=ANNA, text=GLASS), "done at a locked desk"),
    (Called(at=NOW, by=ANNA, call=CallId("1"), whom="citizen"), "called: the citizen"),
    (HungUp(at=NOW, by=ANNA, call=CallId("1"), whom="citizen"), "call ended"),
    (Given(at=NOW, by=ANNA, citizen=CitizenId("c1")), "given to the citizen"),
    (Resolved(at=NOW, by=ANNA, outcome=Outcome.TEST), "closed as “Test”"),
    (
        Corrected(at=NOW, by=ANNA, outcome=Outcome.FALSE_ALARM, text="cat"),
        "corrected to “False alarm”: cat",
    ),
)


@pytest.mark.parametrize(("step", "words"), STEPS)
def test_every_step_has_words(step, words):
    assert said(step, NOW) == words


def test_no_kind_of_step_is_forgotten():
    assert {type(step) for step, _words in STEPS} == set(get_args(AnyStep))


def test_the_latest_stands_first(qtmodeltester):
    table = past(NOW)
    steps = [
        StoredStep(seq=seq, alarm=AlarmId("a"), step=step)
        for seq, step in enumerate((Raised(at=NOW), Taken(at=NOW, by=ANNA)))
    ]
    table.update(past_rows(steps))
    qtmodeltester.check(table, force_py=True)
    assert [table.cell(row, 2).text for row in (0, 1)] == ["taken", "alarm came"]
    assert [table.cell(row, 1).text for row in (0, 1)] == ["Anna", "the hub"]


def test_similar_alarms_show_how_they_ended(qtmodeltester):
    table = similar(NOW)
    table.update(
        [
            an_alarm("old", received_at=NOW - timedelta(days=2), state=State.RESOLVED,
                     outcome=Outcome.TEST),
            an_alarm("new"),
        ]
    )  # fmt: skip
    qtmodeltester.check(table, force_py=True)
    outcome = table.column("outcome")
    assert [table.cell(row, outcome).text for row in (0, 1)] == ["open", "Test"]

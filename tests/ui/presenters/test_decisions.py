from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from tests.builders import BO, an_alarm
from tests.ui.whole import ANNA, KAREN, SVEND
from ui.views.outcome_bar import ORDER
from workstation.application.errors import StoreUnavailable
from workstation.domain.alarm import State
from workstation.domain.kind import ARRIVAL_NEEDED, Kind, Outcome
from workstation.domain.steps import Noted, Resolved


@pytest.fixture
def taken(whole):
    """Karen's emergency, taken and in front."""
    whole.raise_alarms(an_alarm("a1", citizen=KAREN.id))
    whole.front.take("a1")
    return whole


def settled(qtbot, whole):
    qtbot.waitUntil(lambda: not whole.front._again._timer.isActive())


def steps(whole, kind):
    return [one.step for one in whole.store.history if isinstance(one.step, kind)]


def button(whole, outcome):
    return whole.panel.outcomes._buttons[outcome]


@pytest.mark.parametrize("outcome", [one for one in Outcome if one not in ARRIVAL_NEEDED])
def test_an_outcome_closes(taken, outcome):
    button(taken, outcome).click()
    assert taken.board.last_resolved.outcome is outcome


def test_the_buttons_stand_as_their_keys():
    assert list(ORDER)[:3] == [
        Outcome.SOLVED_BY_PHONE,
        Outcome.RESPONDER_SENT,
        Outcome.FALSE_ALARM,
    ]
    assert set(ORDER) == set(Outcome)


@pytest.mark.parametrize("outcome", sorted(ARRIVAL_NEEDED))
def test_what_needs_an_arrival_asks_who_drives_out_and_whether_they_came(taken, qtbot, outcome):
    button(taken, outcome).click()
    assert taken.panel.is_in_flow
    flow = taken.panel.responder
    assert flow._who.currentText().endswith("Vagt Syd")  # the responder before the relative
    flow._send.click()
    settled(qtbot, taken)
    alarm = taken.board.get("a1")
    assert (alarm.state, alarm.responder) == (State.AWAITING, "Vagt Syd")
    assert alarm.awaiting_until == taken.clock.now() + timedelta(minutes=30)
    assert "Vagt Syd" in taken.panel.line._awaited.text()
    button(taken, outcome).click()
    taken.panel.arrival._arrived.click()
    assert taken.board.last_resolved.outcome is outcome


def test_somebody_who_is_in_no_list_can_be_sent(taken, qtbot):
    taken.panel.outcomes._responder.click()
    taken.panel.responder._who.setEditText("Nabo Hans")
    taken.panel.responder._minutes._group.button(15).click()
    taken.panel.responder._send.click()
    assert taken.board.get("a1").responder == "Nabo Hans"
    assert taken.board.get("a1").awaiting_until == taken.clock.now() + timedelta(minutes=15)


def test_a_confirmed_arrival_alone_closes_nothing(taken, qtbot):
    taken.panel.outcomes._responder.click()
    taken.panel.responder._send.click()
    settled(qtbot, taken)
    taken.panel.line._awaited.click()
    taken.panel.arrival._arrived.click()
    assert taken.board.get("a1").state is State.TAKEN
    assert taken.board.get("a1").arrived_at is not None


def test_escape_leaves_the_questions(taken, qtbot):
    button(taken, Outcome.NO_CONTACT).click()
    qtbot.keyClick(taken.panel.responder, Qt.Key.Key_Escape)
    assert not taken.panel.is_in_flow
    assert taken.board.get("a1").state is State.TAKEN


def test_nothing_can_be_closed_that_is_not_ones_own(whole):
    now = whole.clock.now()
    whole.raise_alarms(an_alarm("a1", state=State.TAKEN, taken_by=BO, taken_at=now))
    whole.front.choose("a1")
    assert not any(button(whole, outcome).isEnabled() for outcome in Outcome)
    assert whole.panel.outcomes._reason.text() == "Bo has it."
    whole.decisions.close_as(Outcome.TEST)  # by its key
    whole.decisions.release()
    assert whole.board.get("a1").taken_by == BO


def test_an_untaken_one_says_to_take_it_first(whole):
    whole.raise_alarms(an_alarm("a1"))
    whole.front.choose("a1")
    assert whole.panel.outcomes._reason.text() == "Take the alarm first."


def test_giving_back(taken, qtbot):
    taken.panel.outcomes._release.click()
    assert taken.board.get("a1").taken_by is None


def test_an_emergency_is_not_shelved(taken):
    assert taken.panel.outcomes._shelve.isHidden()
    taken.decisions.begin_shelve()
    assert not taken.panel.is_in_flow


def test_shelving_needs_a_reason(whole, qtbot):
    whole.raise_alarms(an_alarm("a1", kind=Kind.SUPERVISION))
    whole.front.take("a1")
    whole.decisions.begin_shelve()
    flow = whole.panel.shelve
    assert not flow._shelve.isEnabled()
    qtbot.keyClicks(flow._reason, "daughter is there")
    flow._minutes._group.button(60).click()
    flow._shelve.click()
    alarm = whole.board.get("a1")
    assert (alarm.state, alarm.shelf_reason) == (State.SHELVED, "daughter is there")
    assert alarm.shelved_until == whole.clock.now() + timedelta(hours=1)


def test_a_note_is_written_by_enter_and_the_field_is_empty_again(taken, qtbot):
    qtbot.keyClicks(taken.panel._note, "she is well")
    qtbot.keyClick(taken.panel._note, Qt.Key.Key_Return)
    assert [step.text for step in steps(taken, Noted)] == ["she is well"]
    assert taken.panel._note.text() == ""


def test_a_half_written_note_waits_while_another_alarm_is_in_front(taken, qtbot):
    qtbot.keyClicks(taken.panel._note, "she")
    taken.front.choose_citizen(SVEND.id)
    assert taken.panel._note.text() == ""
    taken.front.choose("a1")
    assert taken.panel._note.text() == "she"


def test_what_was_typed_is_written_down_before_the_alarm_is_closed(taken, qtbot):
    qtbot.keyClicks(taken.panel._note, "cat sat on it")
    button(taken, Outcome.FALSE_ALARM).click()
    assert [step.text for step in steps(taken, Noted)] == ["cat sat on it"]
    assert len(steps(taken, Resolved)) == 1


def test_a_note_that_cannot_be_stored_stays_and_nothing_is_closed(taken, qtbot):
    qtbot.keyClicks(taken.panel._note, "cat")
    taken.store.fault = StoreUnavailable("full")
    button(taken, Outcome.FALSE_ALARM).click()
    assert taken.panel._note.text() == "cat"
    assert taken.board.get("a1").is_open
    assert len(taken.notices.sentences) == 1


def test_an_unknown_device_is_given_to_a_citizen(whole, qtbot):
    whole.raise_alarms(an_alarm("a1"))
    whole.front.choose("a1")
    assert not whole.panel.outcomes._give.isHidden()
    whole.panel.outcomes._give.click()
    qtbot.keyClicks(whole.panel.picker._search, "svend")
    qtbot.keyClick(whole.panel.picker._search, Qt.Key.Key_Return)
    assert whole.board.get("a1").citizen == SVEND.id


def test_a_wrong_outcome_is_corrected_by_adding(taken, qtbot):
    button(taken, Outcome.TEST).click()
    settled(qtbot, taken)
    taken.panel.line._correct.click()
    flow = taken.panel.correct
    offered = {flow._right.itemData(place) for place in range(flow._right.count())}
    assert offered == set(Outcome) - ARRIVAL_NEEDED - {Outcome.TEST}
    flow._right.setCurrentIndex(flow._right.findData(Outcome.FALSE_ALARM))
    qtbot.keyClicks(flow._text, "it was the cat")
    flow._save.click()
    stored = taken.store._alarms["a1"]
    assert stored.outcome is Outcome.FALSE_ALARM
    assert stored.resolved_by == ANNA
    assert len(steps(taken, Resolved)) == 1
    assert "False alarm" in taken.panel.line._closed.text()
    newest = taken.details._past.at(0)
    assert newest.step.text == "it was the cat"


def test_a_note_can_be_added_to_a_closed_alarm(taken, qtbot):
    button(taken, Outcome.TEST).click()
    settled(qtbot, taken)
    qtbot.keyClicks(taken.panel._note, "she called again")
    qtbot.keyClick(taken.panel._note, Qt.Key.Key_Return)
    assert taken.details._past.at(0).step.text == "she called again"

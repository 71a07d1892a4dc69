from dataclasses import replace

from tests.builders import BO, an_alarm
from tests.ui.whole import ANNA, KAREN, SVEND
from workstation.application.errors import AlreadyTaken
from workstation.domain.access import Looked
from workstation.domain.alarm import State
from workstation.domain.kind import Outcome
from workstation.domain.names import DeviceName


def settled(qtbot, whole):
    qtbot.waitUntil(lambda: not whole.front._again._timer.isActive())


def test_choosing_opens_the_card_once_and_logs_the_look(whole):
    whole.raise_alarms(an_alarm("a1", citizen=KAREN.id))
    whole.front.choose("a1")
    whole.front.choose("a1")
    assert whole.front.now.card == KAREN
    assert [(look.what, look.citizen, look.alarm) for look in whole.register.log_entries] == [
        (Looked.CARD, KAREN.id, "a1")
    ]


def test_take_next_takes_the_first_and_brings_it(whole):
    now = whole.clock.now()
    whole.raise_alarms(
        an_alarm("taken", state=State.TAKEN, taken_by=BO, taken_at=now),
        an_alarm("waits", device=DeviceName("d2"), citizen=SVEND.id),
    )
    whole.front.take_next()
    assert whole.front.now.alarm_id == "waits"
    assert whole.board.get("waits").taken_by == ANNA


def test_take_next_with_nobody_waiting_changes_nothing(whole):
    whole.front.take_next()
    assert whole.front.now.alarm is None
    assert whole.tasks.failures == []


def test_taking_what_another_has_says_who(whole):
    now = whole.clock.now()
    whole.raise_alarms(an_alarm("a1", state=State.TAKEN, taken_by=BO, taken_at=now))
    whole.front.take("a1")
    assert isinstance(whole.tasks.failures[0], AlreadyTaken)
    assert "Bo" in whole.notices.sentences[0]
    assert whole.front.now.alarm is None


def test_taking_ones_own_only_brings_it(whole):
    now = whole.clock.now()
    whole.raise_alarms(an_alarm("a1", state=State.TAKEN, taken_by=ANNA, taken_at=now))
    whole.front.take("a1")
    assert whole.front.now.alarm_id == "a1"
    assert whole.tasks.failures == []


def test_the_one_in_front_is_followed(whole, qtbot):
    whole.raise_alarms(an_alarm("a1", citizen=KAREN.id))
    whole.front.choose("a1")
    settled(qtbot, whole)
    whole.tasks.start(whole.desk.note("a1", "hello"))
    settled(qtbot, whole)
    assert whole.front.now.alarm.version == 1
    assert len(whole.register.log_entries) == 1


def test_an_alarm_that_is_given_a_citizen_gets_their_card(whole, qtbot):
    whole.raise_alarms(an_alarm("a1"))
    whole.front.choose("a1")
    whole.tasks.start(whole.desk.give("a1", SVEND.id))
    settled(qtbot, whole)
    assert whole.front.now.card == SVEND


def test_a_closed_alarm_stays_in_front_as_it_ended(whole, qtbot):
    whole.raise_alarms(an_alarm("a1", citizen=KAREN.id))
    whole.front.take("a1")
    whole.decisions.close_as(Outcome.FALSE_ALARM)
    settled(qtbot, whole)
    assert whole.front.now.alarm.outcome is Outcome.FALSE_ALARM
    assert whole.front.now.card == KAREN


def test_a_row_that_was_folded_into_another_leaves_nobody(whole, qtbot):
    whole.raise_alarms(an_alarm("a1"))
    whole.front.choose("a1")
    whole.board._drop("a1")
    settled(qtbot, whole)
    assert whole.front.now.alarm is None


def test_a_late_card_of_somebody_else_is_thrown_away(whole):
    whole.raise_alarms(
        an_alarm("a1", citizen=KAREN.id),
        an_alarm("a2", citizen=SVEND.id, device=DeviceName("d2")),
    )
    late = []
    started, whole.tasks.start = whole.tasks.start, lambda task, **_more: late.append(task)
    whole.front.choose("a1")
    whole.tasks.start = started
    whole.front.choose("a2")
    for task in late:
        whole.tasks.start(task)
    assert whole.front.now.card == SVEND


def test_an_edited_card_is_read_again(whole):
    whole.front.choose_citizen(KAREN.id)
    whole.register._citizens[KAREN.id] = replace(KAREN, notes="new")
    whole.front.reload()
    assert whole.front.now.card.notes == "new"

from dataclasses import replace
from datetime import timedelta

from tests.builders import BO, an_alarm
from tests.ui.whole import ANNA, KAREN, people_alarms
from workstation.domain.alarm import State
from workstation.domain.kind import Kind, Outcome
from workstation.domain.names import DeviceName


def names(whole):
    table = whole.queue.rows.model()
    return [table.key_at(row) for row in range(table.rowCount())]


def settled(qtbot, presenter):
    """Wait until everything that was gathered is painted."""
    qtbot.waitUntil(lambda: not presenter._gather._timer.isActive())


def test_the_first_alarm_stands_there_at_once(whole):
    whole.raise_alarms(an_alarm("a1", citizen=KAREN.id))
    assert names(whole) == ["a1"]
    assert whole.next._name.text() == "Karen Margrethe Holm"
    assert whole.next._head.text() == "Emergency · not taken"


def test_a_burst_is_painted_together(whole, qtbot):
    whole.raise_alarms(*people_alarms(whole.clock, 200))
    assert len(names(whole)) == 1
    settled(qtbot, whole.queue_presenter)
    assert len(names(whole)) == 200
    assert whole.next._head.text() == "Emergency · not taken · 199 more wait"


def test_people_and_machines_stand_apart(whole, qtbot):
    whole.raise_alarms(
        an_alarm("a1"),
        an_alarm("t1", kind=Kind.TECHNICAL, device=DeviceName("d2")),
    )
    settled(qtbot, whole.queue_presenter)
    assert names(whole) == ["a1"]
    assert whole.lane.rows.model().key_at(0) == "t1"
    assert "1 open" in whole.lane._counts.text()


def test_the_next_one_is_the_first_that_nobody_has(whole, qtbot):
    now = whole.clock.now()
    whole.raise_alarms(
        an_alarm("taken", state=State.TAKEN, taken_by=BO, taken_at=now),
        an_alarm(
            "waits",
            device=DeviceName("d2"),
            received_at=now - timedelta(seconds=17),
            citizen=KAREN.id,
        ),
    )
    settled(qtbot, whole.queue_presenter)
    assert whole.next._name.text() == "Karen Margrethe Holm"
    assert whole.next._wait.text() == "0:17"
    whole.clock.advance(1)
    whole.tick()
    assert whole.next._wait.text() == "0:18"


def test_nobody_waits_says_how_the_last_one_ended(whole, qtbot):
    now = whole.clock.now()
    whole.raise_alarms(an_alarm("a1", state=State.TAKEN, taken_by=ANNA, taken_at=now))
    whole.front.choose("a1")
    whole.decisions.close_as(Outcome.SOLVED_BY_PHONE)
    settled(qtbot, whole.queue_presenter)
    assert names(whole) == []
    assert whole.next._name.text() == "Nobody waits"
    assert whole.next._text.text() == "Latest alarm 19:00, solved by phone."


def test_shelved_alarms_wait_out_of_sight_until_asked_for(whole, qtbot):
    shelved = an_alarm(
        "s1",
        kind=Kind.SUPERVISION,
        state=State.SHELVED,
        shelved_until=whole.clock.now() + timedelta(hours=1),
        shelf_reason="daughter is there",
    )
    whole.raise_alarms(shelved)
    assert names(whole) == []
    assert whole.queue._shelved.text().startswith("1 shelved")
    whole.queue._shelved.click()
    settled(qtbot, whole.queue_presenter)
    assert names(whole) == ["s1"]
    whole.queue._shelved.click()
    settled(qtbot, whole.queue_presenter)
    assert names(whole) == []


def test_a_new_name_reaches_the_rows(whole, qtbot):
    whole.raise_alarms(an_alarm("a1", citizen=KAREN.id))
    whole.register._citizens[KAREN.id] = replace(KAREN, name="Karen Holm Jensen")
    whole.tasks.start(whole.citizens.load())
    settled(qtbot, whole.queue_presenter)
    assert whole.queue.rows.model().cell(0, 1).text == "Karen Holm Jensen"


def test_not_saved_is_said_in_the_row(whole):
    whole.raise_alarms(an_alarm("a1", saved=False))
    assert whole.queue.rows.model().cell(0, 0).below == "not saved"


def test_one_alarm_is_chosen_in_both_lists_together(whole, qtbot):
    whole.raise_alarms(
        an_alarm("a1"),
        an_alarm("t1", kind=Kind.TECHNICAL, device=DeviceName("d2")),
    )
    settled(qtbot, whole.queue_presenter)
    whole.queue.rows.chosen.emit("a1")
    whole.lane.rows.chosen.emit("t1")
    assert whole.front.now.alarm_id == "t1"
    assert not whole.queue.rows.currentIndex().isValid()


def test_enter_on_a_row_takes_it(whole, qtbot):
    whole.raise_alarms(an_alarm("a1"))
    whole.queue.rows.entered.emit("a1")
    assert whole.board.get("a1").taken_by == ANNA

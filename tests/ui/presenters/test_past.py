from datetime import timedelta

from tests.builders import an_alarm
from tests.ui.whole import KAREN
from workstation.application.errors import StoreUnavailable
from workstation.domain.alarm import State
from workstation.domain.kind import Outcome
from workstation.domain.names import DeviceName
from workstation.domain.steps import Repeated


def settled(qtbot, whole):
    qtbot.waitUntil(lambda: not whole.front._again._timer.isActive())


def an_old_one(whole, place):
    at = whole.clock.now() - timedelta(days=place + 1)
    return an_alarm(
        f"old{place}", citizen=KAREN.id, received_at=at, state=State.RESOLVED,
        outcome=Outcome.TEST, resolved_at=at,
    )  # fmt: skip


def test_how_often_it_happened_lately(whole):
    for place in range(11):
        whole.store.put(an_old_one(whole, place))
    whole.raise_alarms(an_alarm("a1", citizen=KAREN.id))
    whole.front.choose("a1")
    assert whole.panel._similar.text() == "Emergency no. 12 in 30 days"
    assert whole.details._similar.rowCount() == 11
    assert whole.details._tabs.tabText(3) == "Similar (11)"


def test_the_first_of_its_kind_says_so(whole):
    whole.raise_alarms(an_alarm("a1", citizen=KAREN.id))
    whole.front.choose("a1")
    assert whole.panel._similar.isHidden()
    assert whole.details._similar_said.text() == "The first of its kind in 30 days."


def test_the_time_line_in_one_line_and_in_full(whole, qtbot):
    whole.raise_alarms(an_alarm("a1", citizen=KAREN.id, text="pressed"))
    whole.clock.advance(6)
    step = Repeated(at=whole.clock.now())
    whole.store.put(whole.board.get("a1").after(step), step)
    whole.board.put(whole.store._alarms["a1"])
    whole.clock.advance(10)
    whole.front.take("a1")
    settled(qtbot, whole)
    assert whole.panel._history.text() == (
        "19:00:00 alarm came · 19:00:06 came again · 19:00:16 taken (Anna L.)"
    )
    table = whole.details._past
    assert table.cell(0, 2).text == "taken"


def test_the_time_line_follows(whole, qtbot):
    whole.raise_alarms(an_alarm("a1", citizen=KAREN.id))
    whole.front.take("a1")
    settled(qtbot, whole)
    whole.tasks.start(whole.desk.note("a1", "she is well"))
    settled(qtbot, whole)
    assert whole.details._past.cell(0, 2).text == "“she is well”"


def test_the_past_of_one_is_not_left_over_another(whole):
    whole.raise_alarms(
        an_alarm("a1", citizen=KAREN.id, raw=b"first"),
        an_alarm("a2", device=DeviceName("d2"), raw=b"second"),
    )
    whole.front.choose("a1")
    whole.front.choose("a2")
    assert whole.details._past.rowCount() == 1
    assert whole.details._raw.toPlainText() == "second"
    whole.front.clear()
    assert whole.details._past.rowCount() == 0
    assert whole.details._raw.toPlainText() == ""


def test_the_raw_message_is_shown_as_it_came(whole):
    whole.raise_alarms(an_alarm("a1", raw=b'{"id": \xff<b>x</b>}' + b"x" * 100_000))
    whole.front.choose("a1")
    text = whole.details._raw.toPlainText()
    assert text.startswith('{"id": \\xff<b>x</b>}')
    assert len(text) < 20_000
    assert "pendant-1" in whole.details._raw_said.text()


def test_an_alarm_that_is_not_stored_yet_has_no_time_line_to_fetch(whole):
    whole.board.put(an_alarm("a1", saved=False))
    whole.front.choose("a1")
    assert whole.details._past.rowCount() == 0
    assert whole.tasks.failures == []


def test_a_database_that_is_away_is_said_where_the_past_would_stand(whole):
    async def away(*_args):
        raise StoreUnavailable("unreachable")

    there = whole.store.steps, whole.store.similar
    whole.store.steps = whole.store.similar = away
    whole.raise_alarms(an_alarm("a1"))
    whole.front.choose("a1")
    assert whole.notices.sentences == []
    said = "Time line and similar alarms are shown when the database is back."
    assert whole.panel._history.text() == whole.details._similar_said.text() == said
    assert whole.panel.line._word.text() == "Emergency"
    whole.store.steps, whole.store.similar = there
    whole.past.look_again()
    assert said not in (whole.panel._history.text(), whole.details._similar_said.text())


def test_more_is_one_click_away(whole):
    whole.store.put(an_old_one(whole, 1))
    whole.raise_alarms(an_alarm("a1", citizen=KAREN.id))
    whole.front.choose("a1")
    whole.panel._similar.click()
    assert whole.details.opened == "similar"

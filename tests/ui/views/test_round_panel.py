from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from tests.ui.visits import visit_row
from ui.models import rounds
from ui.models.rounds import CITIZEN
from ui.theme import light
from ui.views.round_panel import RoundPanel
from workstation.domain.round import RoundCount


def day(clock, *, before=30, after=30):
    """Return a visit every ten minutes around now."""
    return [
        visit_row(f"{place:+}", clock.now() + timedelta(minutes=10 * place))
        for place in (*range(-before, 0), *range(1, after + 1))
    ]


@pytest.fixture
def panel(qtbot, clock):
    made = RoundPanel(rounds.table(clock.now()), light)
    qtbot.addWidget(made)
    made.resize(400, 700)
    made.tick(clock.now())
    made.apply(day(clock), [], next_visit="+1", now=clock.now())
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: made.list._followed)
    return made


def now_line(panel):
    """Return where the line of now stands in the list, in pixels from its top."""
    row = panel.list._visits.now_row
    return panel.list.visualRect(panel.list.model().index(row, CITIZEN)).top()


def in_sight(panel):
    return 0 <= now_line(panel) <= panel.list.viewport().height()


def wheel(widget, *, up):
    place = QPointF(widget.rect().center())
    turned = QPoint(0, 120 if up else -120)
    event = QWheelEvent(
        place,
        QPointF(widget.mapToGlobal(place.toPoint())),
        QPoint(),
        turned,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_it_opens_with_the_line_of_now_in_sight(panel):
    assert in_sight(panel)
    assert panel.list._visits.now_text == "19:00"
    assert panel.list.model().key_at(panel.list._visits.now_row) == "+1"


def test_it_follows_the_line_while_nobody_is_at_work(panel, clock):
    panel.tick(clock.advance(100 * 60))
    assert panel.list.model().key_at(panel.list._visits.now_row) == "+11"
    assert in_sight(panel)


def test_it_stays_where_the_operator_scrolled_and_follows_after_a_minute(panel, clock):
    for _turn in range(40):
        wheel(panel.list.viewport(), up=True)
    left = panel.list.verticalScrollBar().value()
    assert not in_sight(panel)
    panel.tick(clock.advance(30))
    panel.apply(
        [visit_row("new", clock.now() + timedelta(hours=4))], [], next_visit="+1", now=clock.now()
    )
    assert panel.list.verticalScrollBar().value() == left
    panel.tick(clock.advance(10 * 60 + 1))
    assert in_sight(panel)


def test_the_line_moving_past_a_visit_does_not_take_the_operator_along(panel, clock):
    soon = visit_row("soon", clock.now() + timedelta(seconds=20))
    panel.apply([soon], [], next_visit="+1", now=clock.now())
    for _turn in range(40):
        wheel(panel.list.viewport(), up=True)
    left = panel.list.verticalScrollBar().value()
    panel.tick(clock.advance(30))
    assert panel.list.model().key_at(panel.list._visits.now_row) == "+1"
    assert panel.list.verticalScrollBar().value() == left
    panel.tick(clock.advance(31))
    assert in_sight(panel)


def test_a_choice_is_kept_when_visits_come_and_go(panel, clock):
    panel.list.choose("+3")
    panel.apply(
        [visit_row("early", clock.now() - timedelta(days=1))],
        ["-30"],
        next_visit="+1",
        now=clock.now(),
    )
    assert panel.list.key == "+3"
    assert panel.list.model().key_at(panel.list.currentIndex().row()) == "+3"


def test_a_chosen_visit_that_leaves_does_not_make_its_neighbour_the_chosen_one(panel, clock):
    panel.list.choose("+3")
    panel.apply([], ["+3"], next_visit="+1", now=clock.now())
    assert not panel.list.currentIndex().isValid()
    assert panel.bar.isHidden()


def test_the_start_button_stands_on_the_next_visit(qtbot, panel):
    start = panel.list._start
    row = panel.list.visualRect(panel.list.model().index(panel.list.model().row_of("+1"), CITIZEN))
    assert start.isVisible()
    assert row.contains(start.geometry().center())
    with qtbot.waitSignal(panel.start_next_wanted):
        qtbot.mouseClick(start, Qt.MouseButton.LeftButton)


def test_without_a_next_visit_there_is_no_button(qtbot, panel, clock):
    panel.apply([], [], next_visit="", now=clock.now())
    qtbot.waitUntil(lambda: not panel.list._start.isVisible())


def test_the_button_scrolls_with_its_row(panel):
    before = panel.list._start.y() - now_line(panel)
    wheel(panel.list.viewport(), up=True)
    assert panel.list._start.y() - now_line(panel) == before


def test_when_all_is_past_the_line_stands_at_the_end(panel, clock):
    panel.tick(clock.advance(24 * 3600))
    assert panel.list._visits.now_row == panel.list.model().rowCount()
    last = panel.list.model().rowCount() - 1
    assert panel.list._visits._extra(last) == (0, panel.list._visits.now_height)


def test_choosing_a_visit_shows_its_bar_and_keeps_it_in_sight(qtbot, panel):
    model = panel.list.model()
    index = model.index(panel.list._visits.now_row + 6, CITIZEN)
    qtbot.mouseClick(
        panel.list.viewport(), Qt.MouseButton.LeftButton, pos=panel.list.visualRect(index).center()
    )
    assert panel.bar.isVisible()
    assert panel.bar.visit.id == model.key_at(index.row())
    qtbot.waitUntil(
        lambda: panel.list.visualRect(index).bottom() <= panel.list.viewport().height() + 1
    )


def test_enter_shows_the_citizen_and_goes_to_the_buttons(qtbot, panel):
    panel.list.setFocus()
    assert panel.list.key == "", "taking the focus chooses nobody"
    panel.list.choose("+1")
    panel.tick(panel._now)
    with qtbot.waitSignal(panel.citizen_wanted) as told:
        qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert told.args == ["+1"]
    assert panel.bar.isAncestorOf(QApplication.focusWidget())


def test_arrows_choose(qtbot, panel):
    panel.list.choose("+1")
    with qtbot.waitSignal(panel.list.chosen) as told:
        qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    assert told.args == ["+2"]
    assert panel.bar.visit.id == "+2"


def test_how_far_the_day_has_come(panel, clock):
    panel.show_count(RoundCount(planned=11, done=31, not_done=2), 2, clock.now())
    assert panel._counts.text() == "Sat Mar 14 · 31 of 44 done, 2 missed"
    assert (panel._progress.value(), panel._progress.maximum()) == (31, 44)


def test_the_filter_is_told(qtbot, panel):
    with qtbot.waitSignal(panel.only_mine_wanted) as told:
        qtbot.mouseClick(panel._whose.button(0), Qt.MouseButton.LeftButton)
    assert told.args == [True]
    with qtbot.waitSignal(panel.only_mine_wanted) as told:
        qtbot.mouseClick(panel._whose.button(1), Qt.MouseButton.LeftButton)
    assert told.args == [False]


def test_an_empty_day_says_so(panel):
    panel.show_empty("No visits are planned today.")
    assert not panel.list.isVisible()
    assert panel._empty.text() == "No visits are planned today."

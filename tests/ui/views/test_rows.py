from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from tests.builders import NOW, an_alarm
from tests.ui.signals import heard
from tests.ui.whole import people_alarms
from ui.models import alarms
from ui.models.alarms import AlarmRow
from ui.theme import light
from ui.views.queue import QueueView


def rows_of(found):
    return [AlarmRow(alarm=alarm, name=f"Citizen {alarm.id}") for alarm in found]


@pytest.fixture
def queue(qtbot, clock):
    queue = QueueView(alarms.queue(clock.now()), light)
    qtbot.addWidget(queue)
    queue.resize(600, 500)
    queue.rows.apply(rows_of(people_alarms(clock, 100)))
    with qtbot.waitExposed(queue):
        queue.show()
    return queue


@pytest.fixture
def view(queue):
    return queue.rows


def newcomers(count):
    """Return alarms that stand before, between and after those of the view."""
    return rows_of(
        an_alarm(
            f"x{place:05}",
            received_at=NOW + timedelta(seconds=place % 300 - 200, milliseconds=place),
        )
        for place in range(count)
    )


def first_in_sight(view):
    return view.model().key_at(view.rowAt(1))


def bring_a_thousand(view):
    """Let them come as the screen's pace has them."""
    chosen = heard(view.chosen)
    for start in range(0, 1000, 33):
        view.apply(newcomers(1000)[start : start + 33])
    assert view.model().rowCount() == 1100
    assert chosen == []


def test_a_thousand_arrivals_do_not_move_the_chosen_row(view):
    view.verticalScrollBar().setValue(1500)
    view.choose("n00040")
    place = view.visualRect(view.currentIndex()).top()
    bring_a_thousand(view)
    assert view.model().key_at(view.currentIndex().row()) == "n00040"
    assert view.visualRect(view.currentIndex()).top() == place


def test_a_thousand_arrivals_do_not_move_what_is_in_sight(view):
    view.verticalScrollBar().setValue(1500)
    view.choose("n00002")
    sight, top = first_in_sight(view), view.rowViewportPosition(view.rowAt(1))
    bring_a_thousand(view)
    assert first_in_sight(view) == sight
    assert view.rowViewportPosition(view.rowAt(1)) == top
    assert view.model().key_at(view.currentIndex().row()) == "n00002"


def test_at_the_top_the_most_urgent_stay_in_sight(view):
    first = rows_of([an_alarm("first", received_at=NOW - timedelta(hours=1))])
    view.apply(first)
    assert view.verticalScrollBar().value() == 0
    assert first_in_sight(view) == "first"


def test_what_is_looked_at_stays_when_the_row_on_top_goes(view):
    view.verticalScrollBar().setValue(1500)
    top = view.rowAt(1)
    leaving, following = view.model().key_at(top), view.model().key_at(top + 1)
    place = view.rowViewportPosition(top + 1)
    view.apply([], [leaving])
    assert view.rowViewportPosition(view.model().row_of(following)) == place


def test_the_neighbour_of_a_row_that_goes_is_not_chosen(view):
    view.choose("n00003")
    chosen = heard(view.chosen)
    view.apply([], ["n00003"])
    assert chosen == []
    assert not view.currentIndex().isValid()
    assert not view.selectionModel().hasSelection()


def test_a_chosen_row_that_comes_back_is_chosen_again(view):
    view.choose("n00003")
    row = view.model().at(view.model().row_of("n00003"))
    view.apply([], ["n00003"])
    view.apply([row])
    assert view.model().key_at(view.currentIndex().row()) == "n00003"


def test_a_row_that_moves_stays_chosen(view):
    view.choose("n00099")
    alarm = view.model().at(view.model().row_of("n00099")).alarm
    view.apply(rows_of([an_alarm("n00099", received_at=alarm.received_at, escalated_at=NOW)]))
    assert view.model().row_of("n00099") == 0
    assert view.currentIndex().row() == 0


def test_arrows_choose_and_enter_acts(view, qtbot):
    chosen, entered = heard(view.chosen), heard(view.entered)
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert chosen == ["n00000", "n00001", "n00000"]
    assert entered == ["n00000"]


def test_arrows_scroll_to_what_they_choose(view, qtbot):
    view.choose("n00005")
    for _press in range(30):
        qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()))


def test_coming_by_tab_chooses_nobody(view, qtbot):
    chosen = heard(view.chosen)
    view.clearFocus()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert chosen == []
    assert not view.selectionModel().hasSelection()


def test_a_click_chooses(view, qtbot):
    with qtbot.waitSignal(view.chosen) as heard:
        qtbot.mouseClick(
            view.viewport(),
            Qt.MouseButton.LeftButton,
            pos=view.visualRect(view.model().index(2, 0)).center(),
        )
    assert heard.args == ["n00002"]


def test_the_columns_fill_the_width_at_every_size(queue, view):
    for width in (420, 560, 700, 1200):
        queue.resize(width, 500)
        shown = [
            view.columnWidth(column)
            for column in range(view.model().columnCount())
            if not view.isColumnHidden(column)
        ]
        assert sum(shown) == view.viewport().width()
        assert min(shown) > 0


def test_names_keep_their_room_where_there_is_little(queue, view):
    name = view.model().column("citizen")
    for width in (1200, 560, 420):
        queue.resize(width, 500)
        assert view.columnWidth(name) >= 120
    assert view.isColumnHidden(view.model().column("who"))
    assert not view.isColumnHidden(view.model().column("waited_who"))


def test_rows_are_large_enough_to_hit(view):
    assert view.rowHeight(0) >= 38

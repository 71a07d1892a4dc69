import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QTabBar

from tests.builders import an_alarm
from tests.ui.signals import heard
from tests.ui.whole import KAREN, people_alarms
from ui.main_window import MainWindow
from ui.theme import apply, dark, light, themed
from ui.views.parts import Elided
from ui.views.skeleton import cards
from workstation.domain.call import CallState
from workstation.domain.kind import Kind
from workstation.domain.names import DeviceName
from workstation.paths import resources

SIZES = ((1920, 1080), (1280, 800))


def busy_evening(whole):
    """Somebody in front, somebody waiting, a call going on."""
    whole.raise_alarms(
        an_alarm("a1", citizen=KAREN.id),
        an_alarm("a2", device=DeviceName("d2")),
        an_alarm("t1", kind=Kind.TECHNICAL, device=DeviceName("d3")),
    )
    whole.front.take("a1")
    whole.phone_presenter.call()
    whole.call_is(CallState.IN_CALL)
    whole.strip.show_hub("E-team Aften", ["Haderslev", "Hjørring"], ["EMBEDDED", "SIMULATED"])
    whole.strip.show_operator("Anna L.")
    whole.tick()


def in_sight(window):
    """Return what the operator can see and press or read."""
    return [
        one
        for one in [*window.findChildren(QAbstractButton), *window.findChildren(QLabel)]
        if one.isVisible() and not one.visibleRegion().isEmpty()
    ]


def test_closing_is_asked_for_and_not_done(shown, qtbot):
    with qtbot.waitSignal(shown.window.close_requested):
        shown.window.close()
    assert shown.window.isVisible()


@pytest.mark.parametrize("size", SIZES)
def test_no_word_is_cut_and_every_target_is_large(shown, qtbot, size):
    shown.window.resize(*size)
    busy_evening(shown)
    qtbot.wait_until(lambda: not shown.queue_presenter._gather._timer.isActive())
    for one in in_sight(shown.window):
        if isinstance(one, Elided) or (isinstance(one, QLabel) and one.wordWrap()):
            continue
        hint = one.minimumSizeHint()
        assert one.width() >= hint.width(), one.text()
        if isinstance(one, QAbstractButton):
            assert one.height() >= 38, one.text()


@pytest.mark.parametrize("size", SIZES)
def test_nothing_hangs_over_the_edge(shown, size):
    shown.window.resize(*size)
    busy_evening(shown)
    for one in in_sight(shown.window):
        right = one.mapTo(shown.window, QPoint(one.width(), 0)).x()
        assert right <= size[0], one.text()


def test_the_person_in_front_needs_no_scrolling_on_a_small_screen(shown):
    busy_evening(shown)
    above = shown.window.columns._parts.person._above
    assert not above.verticalScrollBar().isVisible()
    assert not above.horizontalScrollBar().isVisible()


def test_a_scroll_bar_goes_when_there_is_room_again(shown, qtbot):
    busy_evening(shown)
    above = shown.window.columns._parts.person._above
    shown.window.resize(1280, 640)
    qtbot.waitUntil(above.verticalScrollBar().isVisible)
    shown.window.resize(1280, 1000)
    qtbot.waitUntil(lambda: not above.verticalScrollBar().isVisible())
    panel = above.widget()
    assert panel.height() == above.viewport().height()
    assert panel.height() >= panel.minimumSizeHint().height()


@pytest.mark.parametrize("scale", [1.5, 2.0])
def test_large_text_keeps_its_words(shown, qapp, qtbot, scale):
    shown.theme = themed("light", scale)
    apply(qapp, shown.theme, resources())
    shown.window.resize(1920, 1080)
    busy_evening(shown)

    def cut():
        return [
            one.text()
            for one in in_sight(shown.window)
            # A hint is rounded up where the style's own lengths are rounded to the next.
            if isinstance(one, QAbstractButton) and one.width() + 2 < one.minimumSizeHint().width()
        ]

    qtbot.waitUntil(lambda: not cut())


def test_the_round_is_a_column_where_there_is_room_and_a_drawer_where_not(shown, qtbot):
    window, plan = shown.window, shown.window.columns._parts.plan
    window.resize(1920, 1080)
    qtbot.waitUntil(plan.isVisible)
    assert not window.columns._drawer_button.isVisible()
    window.resize(1280, 800)
    qtbot.waitUntil(plan.isHidden)
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert plan.isVisible()
    assert plan.geometry().right() < 1280
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert plan.isHidden()
    window.columns._drawer_button.click()
    assert plan.isVisible()
    window.resize(1920, 1080)
    qtbot.waitUntil(lambda: window.columns._columns.indexOf(plan) == 2)
    assert plan.isVisible()


def test_the_keyboard_begins_in_the_queue(shown):
    assert shown.window.focusWidget() is shown.queue.rows


def test_keys_act_wherever_the_keyboard_is(shown, qtbot):
    pressed = []
    shown.window.on("take_next", lambda: pressed.append("F1"))
    shown.front.choose_citizen(KAREN.id)
    shown.details.open("register")
    shown.editor._form._name.setFocus()
    qtbot.keyClick(shown.editor._form._name, Qt.Key.Key_F1)
    assert pressed == ["F1"]


def test_a_question_mark_in_a_text_is_a_question_mark(shown, qtbot):
    shown.raise_alarms(an_alarm("a1", citizen=KAREN.id))
    shown.front.take("a1")
    shown.panel.go_to_note()
    qtbot.keyClicks(shown.panel._note, "awake?")
    assert shown.panel._note.text() == "awake?"
    assert shown.window.overlay.isHidden()


def test_the_strips_buttons_do_what_the_keys_do(shown):
    switched = []
    shown.window.on("theme", lambda: switched.append(True))
    shown.strip.theme_requested.emit()
    shown.strip.keys_requested.emit()
    assert switched == [True]
    assert shown.window.overlay.isVisible()


def test_escape_leaves_the_questions_before_it_silences(shown, qtbot):
    silenced = []
    shown.window.on("silence", lambda: silenced.append(True))
    shown.raise_alarms(an_alarm("a1", citizen=KAREN.id, kind=Kind.SUPERVISION))
    shown.front.take("a1")
    shown.decisions.begin_shelve()
    field = shown.panel.shelve._reason
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not shown.panel.is_in_flow
    assert silenced == []
    qtbot.keyClick(shown.queue.rows, Qt.Key.Key_Escape)
    assert silenced == [True]


def test_everything_that_can_be_used_has_a_name_and_takes_the_keyboard(shown):
    busy_evening(shown)
    kinds = (QAbstractButton, QLineEdit, QTabBar)
    used = [one for kind in kinds for one in shown.window.findChildren(kind)]
    for one in (one for one in used if one.isVisible() and one.isEnabled()):
        assert one.accessibleName(), one
        assert one.focusPolicy() & Qt.FocusPolicy.TabFocus, one


def test_tab_reaches_every_button(shown, qtbot):
    busy_evening(shown)
    shown.queue.rows.setFocus()
    reached, one = set(), shown.queue.rows.nextInFocusChain()
    while one is not shown.queue.rows:
        reached.add(one)
        one = one.nextInFocusChain()
    for made in shown.window.findChildren(QAbstractButton):
        if made.isVisible() and made.isEnabled():
            assert made in reached, made.text()


def test_the_theme_reaches_what_paints_itself(shown, qapp):
    busy_evening(shown)
    before = shown.queue.rows.grab().toImage().pixelColor(100, 100)
    shown.theme = dark()
    apply(qapp, shown.theme, resources())
    after = shown.queue.rows.grab().toImage().pixelColor(100, 100)
    assert before.lightness() > 200
    assert after.lightness() < 60


def test_a_storm_leaves_the_chosen_one_alone(shown, qtbot):
    busy_evening(shown)
    chosen = heard(shown.queue_presenter.chosen)
    shown.raise_alarms(*people_alarms(shown.clock, 1000))
    qtbot.waitUntil(lambda: shown.queue.rows.model().rowCount() == 1002)
    assert shown.front.now.alarm_id == "a1"
    assert shown.queue.rows.key == "a1"
    assert chosen == []


def test_shapes_stand_there_before_anything_is_loaded(qtbot, dressed):
    window = MainWindow()
    qtbot.addWidget(window)
    for size in SIZES:
        window.resize(*size)
        with qtbot.waitExposed(window):
            window.show()
        picture = window.grab().toImage()
        for card in cards(window.width(), window.height()):
            middle = card.center().toPoint()
            assert picture.pixelColor(middle).name() == light().panel.lower()
            assert window.rect().contains(card.toRect())
        gap = cards(window.width(), window.height())[0].left() / 2
        assert picture.pixelColor(int(gap), size[1] // 2).name() == light().bg.lower()


def test_the_shapes_stand_where_the_parts_will(shown):
    parts = shown.window.columns._parts
    first = cards(1280, 800)[0]
    assert abs(parts.next_alarm.mapTo(shown.window, QPoint(0, 0)).x() - first.left()) <= 2
    assert abs(parts.next_alarm.width() - first.width()) <= 8

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from tests.ui.visits import ME, visit_row
from ui.views.visit_bar import REASONS, Act, VisitBar, Wanted
from workstation.domain.round import Look, Reason, VisitKind, VisitState


@pytest.fixture
def bar(qtbot):
    made = VisitBar(start_key="Ctrl+Enter")
    qtbot.addWidget(made)
    made.resize(380, 300)
    return made


def show(bar, clock, *, is_next=False, **more):
    bar.show_visit(visit_row("v", clock.now(), **more), clock.now(), is_next=is_next)
    return bar


def buttons(bar):
    return [one for one in bar.findChildren(QPushButton) if not one.isHidden()]


def press(qtbot, bar, text):
    one = next(one for one in buttons(bar) if one.text().split("   ")[0] == text)
    qtbot.mouseClick(one, Qt.MouseButton.LeftButton)


def wish(qtbot, bar, *texts):
    with qtbot.waitSignal(bar.wanted) as told:
        for text in texts:
            press(qtbot, bar, text)
    return told.args[0]


def test_nothing_chosen_shows_nothing(bar, clock):
    bar.show_visit(None, clock.now())
    assert bar.isHidden()


def test_the_next_visit_has_its_key_on_the_button(bar, clock):
    show(bar, clock, is_next=True)
    assert buttons(bar)[0].text() == "Start   Ctrl+Enter"
    show(bar, clock, is_next=False)
    assert buttons(bar)[0].text() == "Start"


@pytest.mark.parametrize(
    ("more", "press_these", "act"),
    [
        ({}, ["Start"], Act.START),
        ({}, ["I take it"], Act.TAKE),
        ({"assignee": ME}, ["Give up"], Act.GIVE_UP),
        ({"state": VisitState.ACTIVE}, ["Done"], Act.FINISH),
        ({"state": VisitState.ACTIVE}, ["Not started after all"], Act.BACK),
        ({"state": VisitState.NOT_DONE}, ["Start"], Act.START),
        ({"state": VisitState.CANCELLED}, ["Plan it again"], Act.BACK),
    ],
)
def test_what_may_be_done_is_one_press(qtbot, bar, clock, more, press_these, act):
    show(bar, clock, **more)
    assert wish(qtbot, bar, *press_these) == Wanted(visit="v", act=act)


@pytest.mark.parametrize(
    ("first", "act"), [("Not done …", Act.NOT_DONE), ("Cancel visit …", Act.CANCEL)]
)
@pytest.mark.parametrize("state", [VisitState.PLANNED, VisitState.ACTIVE])
def test_a_reason_is_chosen_from_the_list_in_place(qtbot, bar, clock, first, act, state):
    show(bar, clock, state=state)
    press(qtbot, bar, first)
    bar._note.setText("  spoke with her son ")
    told = wish(qtbot, bar, "In hospital")
    assert told == Wanted(visit="v", act=act, reason=Reason.HOSPITALISED, note="spoke with her son")


def test_every_reason_can_be_given_for_what_was_not_done():
    assert set(REASONS[Act.NOT_DONE]) == set(Reason)


@pytest.mark.parametrize(
    ("text", "look"), [("Asleep", Look.ASLEEP), ("Needs help", Look.NEEDS_HELP)]
)
def test_a_night_check_ends_with_what_was_seen(qtbot, bar, clock, text, look):
    show(bar, clock, kind=VisitKind.NIGHT_CHECK, state=VisitState.ACTIVE)
    assert not any(one.text() == "Done" for one in buttons(bar))
    assert wish(qtbot, bar, text).look is look


def test_a_finished_visit_offers_nothing_more(bar, clock):
    show(bar, clock, state=VisitState.DONE, note="all well")
    assert buttons(bar) == []
    assert "all well" in bar._state.text()


def test_that_nobody_takes_it_is_said_of_what_can_still_be_taken(bar, clock):
    def told() -> str:
        return " ".join(one.text() for one in bar.findChildren(QLabel))

    show(bar, clock)
    assert "nobody takes it yet" in told()
    show(bar, clock, state=VisitState.DONE)
    assert "nobody takes it yet" not in told()


def test_the_clock_does_not_disturb_who_is_writing(qtbot, bar, clock):
    show(bar, clock, state=VisitState.ACTIVE, started_at=clock.now())
    press(qtbot, bar, "Not done …")
    bar._note.setText("half a")
    asked = buttons(bar)
    show(bar, clock, state=VisitState.ACTIVE, started_at=clock.now() - timedelta(seconds=9))
    assert bar._note.text() == "half a"
    assert buttons(bar) == asked
    assert "0:09" in bar._state.text()


def test_a_note_does_not_go_to_another_citizen(bar, clock):
    show(bar, clock, state=VisitState.ACTIVE)
    bar._note.setText("private")
    bar.show_visit(visit_row("other", clock.now(), state=VisitState.ACTIVE), clock.now())
    assert bar._note.text() == ""


def test_escape_leaves_the_reasons_only(qtbot, bar, clock):
    show(bar, clock)
    press(qtbot, bar, "Cancel visit …")
    qtbot.keyClick(bar, Qt.Key.Key_Escape)
    assert buttons(bar)[0].text() == "Start"


def test_by_keyboard_alone(qtbot, bar, clock):
    show(bar, clock)
    with qtbot.waitExposed(bar):
        bar.show()
    press(qtbot, bar, "Not done …")
    assert buttons(bar)[0].hasFocus()
    with qtbot.waitSignal(bar.wanted) as told:
        qtbot.keyClick(buttons(bar)[0], Qt.Key.Key_Space)
    assert told.args[0].reason is Reason.NO_ANSWER


def test_a_wish_without_what_it_needs_is_our_own_fault():
    with pytest.raises(LookupError):
        _ = Wanted(visit="v", act=Act.CANCEL).why
    with pytest.raises(LookupError):
        _ = Wanted(visit="v", act=Act.LOOK).seen

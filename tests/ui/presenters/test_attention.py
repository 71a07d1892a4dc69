from datetime import timedelta

import pytest

from tests.builders import an_alarm
from tests.ui.whole import people_alarms
from ui.presenters.attention import AttentionPresenter, toast_shown
from workstation.domain.kind import Kind
from workstation.domain.names import DeviceName, Kommune, Operator


class Beside:
    """What is seen beside the window."""

    def __init__(self):
        self.count, self.lines, self.hub = None, (), ""
        self.flashes, self.toasts = 0, []

    def show_state(self, emergencies, lines, hub):
        self.count, self.lines, self.hub = emergencies, lines, hub

    def flash(self):
        self.flashes += 1

    def toast(self, title, text):
        self.toasts.append((title, text))


class Desk:
    def __init__(self, whole, *open_alarms):
        self.whole, self.minimised, self.beside = whole, False, Beside()
        whole.raise_alarms(*open_alarms)
        self.presenter = AttentionPresenter(
            board=whole.board,
            health=whole.health,
            now=whole.clock.now,
            hub="E-team",
            minimised=lambda: self.minimised,
        )
        self.presenter.attach(self.beside)
        self.wanted: list[str] = []
        self.presenter.wanted.connect(self.wanted.append)


@pytest.fixture
def desk(whole, qtbot):
    made = []

    def begin(*open_alarms):
        made.append(Desk(whole, *open_alarms))
        return made[-1]

    yield begin
    for one in made:
        one.presenter.stop()
        one.presenter._gather._timer.stop()


def test_what_is_open_at_the_start_is_counted_and_no_news(desk):
    one = desk(an_alarm("a1"), an_alarm("a2", kind=Kind.SUPERVISION, device=DeviceName("d2")))
    assert one.beside.count == 1
    assert one.beside.lines[:2] == ("1 open emergency", "2 alarms wait")
    assert one.beside.hub == "E-team"
    assert (one.beside.flashes, one.beside.toasts) == (0, [])


def test_a_new_emergency_flashes_and_counts_and_a_toast_is_for_who_does_not_see_it(desk, qtbot):
    one = desk()
    one.whole.raise_alarms(an_alarm("a1"))
    qtbot.waitUntil(lambda: one.beside.count == 1)
    assert (one.beside.flashes, one.beside.toasts) == (1, [])
    one.minimised = True
    one.whole.raise_alarms(an_alarm("a2", device=DeviceName("d2")))
    qtbot.waitUntil(lambda: one.beside.count == 2)
    assert one.beside.flashes == 2
    assert one.beside.toasts == [("Emergency", "Haderslev. Click to see it.")]


def test_what_comes_while_the_desk_ends_calls_nobody(desk, qtbot):
    one = desk(an_alarm("a1"))
    one.minimised = True
    one.presenter.stop()
    one.whole.raise_alarms(an_alarm("a2", device=DeviceName("d2")))
    one.whole.board._drop("a1")
    qtbot.waitUntil(lambda: not one.presenter._gather._timer.isActive())
    assert (one.beside.count, one.beside.flashes, one.beside.toasts) == (1, 0, [])


def test_other_kinds_do_not_flash_and_a_technical_one_says_nothing(desk, qtbot):
    one = desk()
    one.minimised = True
    one.whole.raise_alarms(
        an_alarm("t1", kind=Kind.TECHNICAL),
        an_alarm("s1", kind=Kind.SUPERVISION, device=DeviceName("d2")),
    )
    qtbot.waitUntil(lambda: one.beside.lines[1] == "1 alarm waits")
    assert (one.beside.count, one.beside.flashes) == (0, 0)
    assert [title for title, _text in one.beside.toasts] == ["Supervision"]


def test_taken_stays_open_and_closed_is_counted_no_more(desk, qtbot):
    one = desk(an_alarm("a1"), an_alarm("a2", device=DeviceName("d2")))
    one.whole.front.take("a1")
    qtbot.waitUntil(lambda: one.beside.lines[1] == "1 alarm waits")
    assert one.beside.count == 2
    one.whole.board._drop("a1")
    qtbot.waitUntil(lambda: one.beside.count == 1)


def test_what_is_pressed_again_or_raised_again_calls_again(desk, qtbot):
    one = desk()
    first = an_alarm("a1")
    one.whole.raise_alarms(first)
    assert one.beside.flashes == 1
    again = first.received_at + timedelta(seconds=9)
    one.whole.board.put(an_alarm("a1", version=first.version + 1, repeats=1, repeated_at=again))
    assert one.beside.flashes == 2
    taken = an_alarm(
        "a1", version=first.version + 2, repeats=1, repeated_at=again, taken_by=Operator("bo"),
        state="taken",
    )  # fmt: skip
    one.whole.board.put(taken)
    assert one.beside.flashes == 2
    one.whole.board.put(
        an_alarm("a1", version=first.version + 3, repeats=1, repeated_at=again, reraised_at=again)
    )
    assert one.beside.flashes == 3


def test_a_flood_is_told_together(desk, qtbot):
    one = desk()
    one.minimised = True
    one.whole.raise_alarms(*people_alarms(one.whole.clock, 50))
    assert len(one.beside.toasts) == 1
    one.presenter._pause.setInterval(0)
    one.presenter._pause.start()
    qtbot.waitUntil(lambda: len(one.beside.toasts) == 2)
    assert one.beside.toasts[1] == ("49 new alarms", "Emergency · Haderslev")


def test_what_was_taken_meanwhile_is_not_told(desk, qtbot):
    one = desk()
    one.minimised = True
    one.whole.raise_alarms(an_alarm("a1"), an_alarm("a2", device=DeviceName("d2")))
    one.whole.front.take("a2")
    one.presenter._pause.setInterval(0)
    one.presenter._pause.start()
    qtbot.waitUntil(lambda: not one.presenter._pause.isActive())
    assert len(one.beside.toasts) == 1


def test_a_click_wants_the_alarm_while_it_is_open(desk):
    one = desk()
    one.presenter.clicked()
    one.minimised = True
    one.whole.raise_alarms(an_alarm("a1"))
    one.presenter.clicked()
    assert one.wanted == ["a1"]
    one.whole.board._drop("a1")
    one.presenter.clicked()
    assert one.wanted == ["a1"]


def test_whether_alarms_can_be_heard_stands_in_the_menu(desk, qtbot, clock):
    one = desk()
    assert one.beside.lines[2] == "Sound: starting"
    one.whole.health.sound(works=True, at=clock.now(), device="Speaker")
    qtbot.waitUntil(lambda: one.beside.lines[2] == "Sound: in order")


def test_a_toast_names_nobody():
    """Systems keep toasts, and show them on a locked screen."""
    alarms = [
        an_alarm("a1", text="Karen Margrethe Holm 010203-1234", location="Karens stue"),
        an_alarm("a2", kind=Kind.MEDICATION, kommune=Kommune("0860"), text="Karen"),
    ]
    assert toast_shown(alarms[:1]) == ("Emergency", "Haderslev. Click to see it.")
    assert toast_shown(alarms) == ("2 new alarms", "Emergency, Medication · Haderslev, Hjørring")

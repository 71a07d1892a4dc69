"""Screens come and go under a window that stands there."""

import pytest
from PySide6.QtCore import QObject, QRect, Signal

from tests.ui.test_places import LEFT, RIGHT, place
from ui.main_window import MainWindow
from ui.places import Places, set_of
from ui.standing import Standing


class App(QObject):
    """An application whose screens come and go when it says so."""

    screenAdded = Signal(object)  # noqa: N815 - Qt's name
    screenRemoved = Signal(object)  # noqa: N815 - as above
    primaryScreenChanged = Signal(object)  # noqa: N815 - as above

    def screens(self):
        return []


class Desk:
    def __init__(self, qtbot, monkeypatch, file, *screens):
        self.screens = list(screens)
        self.app = App()
        self.window = MainWindow()
        qtbot.addWidget(self.window)
        self.places = Places(file)
        monkeypatch.setattr(Standing, "_now", lambda _standing: self.screens)
        self.standing = Standing(self.app, self.window, self.places)
        self.standing.begin()
        self.window.show()

    def have(self, *screens):
        self.screens = list(screens)
        self.app.screenRemoved.emit(None)

    def settled(self):
        return not self.standing._settled.isActive()


@pytest.fixture
def desk(qtbot, monkeypatch, tmp_path):
    file = tmp_path / "places.json"
    Places(file).keep(set_of([LEFT, RIGHT]), place(2000, 200))
    made = Desk(qtbot, monkeypatch, file, LEFT, RIGHT)
    yield made
    made.standing.end()


def test_it_begins_where_it_stood(desk):
    assert desk.window.geometry() == QRect(2000, 200, 1280, 800)


def test_what_rests_is_noted(desk, qtbot):
    desk.standing._rests.setInterval(0)
    desk.window.setGeometry(2100, 300, 1300, 700)
    both = set_of([LEFT, RIGHT])
    qtbot.waitUntil(lambda: desk.places.of(both) == place(2100, 300, 1300, 700))


def test_the_screen_under_it_goes_and_it_is_seen_again_and_goes_back(desk, qtbot):
    desk.have(LEFT)
    # So does a system that pushes windows about before it says that a screen is gone.
    desk.window.setGeometry(5, 5, 1024, 640)
    desk.window.setGeometry(2600, 200, 1280, 800)
    qtbot.waitUntil(desk.settled)
    assert LEFT.free.contains(desk.window.geometry())
    desk.have(LEFT, RIGHT)
    qtbot.waitUntil(desk.settled)
    assert desk.window.geometry() == QRect(2000, 200, 1280, 800)


def test_where_it_is_pushed_to_is_not_what_is_remembered(desk):
    desk.screens = [LEFT]
    desk.window.setGeometry(5, 5, 1024, 640)
    desk.standing.note()
    assert desk.places.of(set_of([LEFT])) is None
    assert desk.places.of(set_of([LEFT, RIGHT])) == place(2000, 200)


def test_a_minimised_window_is_where_it_was(desk):
    desk.window.showMinimized()
    desk.standing.note()
    assert desk.places.of(set_of([LEFT, RIGHT])) == place(2000, 200)


def test_no_screen_at_all_is_waited_for(desk, qtbot):
    desk.have()
    qtbot.waitUntil(desk.settled)
    desk.have(LEFT)
    qtbot.waitUntil(desk.settled)
    assert LEFT.free.contains(desk.window.geometry())

import pytest
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from ui.main_window import MainWindow
from ui.theme import light
from ui.views.tray import Tray, numbered


@pytest.fixture
def badges(monkeypatch):
    shown: list[int] = []
    monkeypatch.setattr(QApplication, "setBadgeNumber", lambda _app, number: shown.append(number))
    monkeypatch.setattr(QApplication, "desktopFileName", lambda _app: "eteam")
    return shown


@pytest.fixture
def plain(qapp):
    picture = QPixmap(64, 64)
    picture.fill("white")
    return QIcon(picture)


@pytest.fixture
def tray(qapp, qtbot, plain, badges):
    window = MainWindow()
    qtbot.addWidget(window)
    return Tray(qapp, window, plain)


def red(icon, size):
    picture = icon.pixmap(size, size).toImage()
    wanted = QColor(light().emergency)
    return sum(
        picture.pixelColor(x, y) == wanted
        for x in range(picture.width())
        for y in range(picture.height())
    )


def test_the_menu_says_what_it_is_told(tray):
    tray.show_state(2, ("2 open", "1 waits", "Sound: in order"), "E-team")
    assert tray.lines == ["2 open", "1 waits", "Sound: in order"]
    assert tray._icon.toolTip() == "E-team\n2 open\n1 waits\nSound: in order"


def test_the_number_is_on_icon_and_taskbar_and_goes_again(tray, badges):
    tray.show_state(3, ("", "", ""), "E-team")
    assert red(tray._icon.icon(), 32) > 100
    tray.show_state(3, ("", "", "x"), "E-team")
    tray.show_state(0, ("", "", ""), "E-team")
    assert red(tray._icon.icon(), 32) == 0
    assert badges == [3, 0]
    tray.show_state(1, ("", "", ""), "E-team")
    tray.remove()
    assert badges == [3, 0, 1, 0]


@pytest.mark.parametrize("size", [16, 32, 48])
@pytest.mark.parametrize("number", [1, 12, 400])
def test_the_number_has_room_on_every_size(plain, size, number):
    icon = numbered(plain, number)
    assert red(icon, size) > size * size * 0.07
    assert icon.pixmap(size, size).toImage().pixelColor(0, 0) == QColor("white")


def test_menu_and_icon_want_the_window_or_its_end(tray, qtbot):
    opened, closed = [], []
    tray.open_requested.connect(lambda: opened.append(1))
    tray.close_requested.connect(lambda: closed.append(1))
    actions = [one for one in tray._menu.actions() if one.text() and one.isEnabled()]
    actions[0].trigger()
    tray._icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    tray._icon.activated.emit(QSystemTrayIcon.ActivationReason.Context)
    assert (len(opened), len(closed)) == (2, 0)
    actions[-1].trigger()
    assert (len(opened), len(closed)) == (2, 1)


def test_a_click_on_a_toast_is_told(tray, qtbot, monkeypatch):
    told = []
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _icon, *said: told.append(said[:2]))
    tray.toast("Emergency", "Haderslev")
    with qtbot.waitSignal(tray.toast_clicked):
        tray._icon.messageClicked.emit()
    assert told == [("Emergency", "Haderslev")]


def test_the_taskbar_is_asked_to_flash(tray, monkeypatch):
    asked: list[object] = []
    monkeypatch.setattr(QApplication, "alert", asked.append)
    tray.flash()
    assert asked == [tray._window]

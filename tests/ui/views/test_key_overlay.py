import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from tests.ui.signals import heard
from ui.keys import KEYS, bindings, shown
from ui.views.key_overlay import KeyOverlay


@pytest.fixture
def page(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    field = QLineEdit()
    lines = QVBoxLayout(made)
    lines.addWidget(field)
    made.resize(1200, 700)
    with qtbot.waitExposed(made):
        made.show()
    field.setFocus()
    return made


def test_every_key_stands_there_with_its_word(page):
    keys = bindings({"take_next": "F12"})
    overlay = KeyOverlay(keys, page)
    texts = {one.text() for one in overlay.findChildren(QLabel)}
    assert {shown(sequence) for sequence in keys.values()} <= texts
    assert {key.title for key in KEYS} <= texts


def test_any_key_closes_it_and_does_nothing_else(page, qtbot):
    before = page.focusWidget()
    overlay = KeyOverlay(bindings({}), page)
    pressed = heard(QShortcut(Qt.Key.Key_F1, page).activated)
    overlay.open()
    assert overlay.geometry() == page.rect()
    qtbot.keyClick(overlay, Qt.Key.Key_F1)
    assert overlay.isHidden()
    assert pressed == []
    assert isinstance(before, QLineEdit)
    assert page.focusWidget() is before


def test_a_click_closes_it(page, qtbot):
    overlay = KeyOverlay(bindings({}), page)
    overlay.open()
    qtbot.mouseClick(overlay, Qt.MouseButton.LeftButton)
    assert overlay.isHidden()


def test_it_covers_the_window_at_every_size(page):
    overlay = KeyOverlay(bindings({}), page)
    overlay.open()
    page.resize(900, 600)
    assert overlay.size() == page.size()
    overlay.open()
    assert overlay.isHidden()

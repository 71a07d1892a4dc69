from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPalette

from ui import first_paint, theme
from ui.appearance import Appearance
from ui.views.skeleton import Skeleton

NOON, MIDNIGHT = datetime(2026, 3, 14, 11, tzinfo=UTC), datetime(2026, 3, 14, 23, tzinfo=UTC)


@pytest.fixture
def own_palette(qapp):
    """The application begins undressed, as a program does, and is afterwards what it was."""
    before, sheet = qapp.palette(), qapp.styleSheet()
    qapp.setStyleSheet("")
    yield
    qapp.setPalette(before)
    qapp.setStyleSheet(sheet)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_shapes_stand_there_in_the_colours_of_what_comes(qtbot, qapp, own_palette, name):
    frame = first_paint.standing(qapp, name, "Hub")
    qtbot.addWidget(frame)
    qtbot.waitExposed(frame)
    assert isinstance(frame.centralWidget(), Skeleton)
    assert frame.windowTitle() == "Hub"
    ground = frame.palette().color(QPalette.ColorRole.Window)
    assert ground.name().upper() == theme.themed(name).bg


def test_by_the_clock_it_is_dark_at_night(qapp):
    assert first_paint.wanted_theme(qapp, Appearance.CLOCK, NOON) == "light"
    assert first_paint.wanted_theme(qapp, Appearance.CLOCK, MIDNIGHT) == "dark"


def test_one_waits_for_the_painting_and_not_for_a_window_that_nobody_sees(qtbot, qapp, own_palette):
    painted = []

    class Seen(Skeleton):
        def paintEvent(self, event):
            super().paintEvent(event)
            painted.append(event)

    seen = first_paint.standing(qapp, "light", "seen")
    hidden = first_paint.standing(qapp, "light", "hidden")
    seen.setCentralWidget(Seen())
    hidden.hide()
    for frame in (seen, hidden):
        qtbot.addWidget(frame)
    first_paint.painted(seen)
    assert painted
    first_paint.painted(hidden)


def test_who_leaves_before_anything_is_there_is_not_forgotten(qtbot, qapp, own_palette):
    frame = first_paint.standing(qapp, "light", "seen")
    qtbot.addWidget(frame)
    QTimer.singleShot(0, frame, frame.close)
    assert first_paint.FirstPicture(qapp, frame).left
    stays = first_paint.standing(qapp, "light", "stays")
    qtbot.addWidget(stays)
    assert not first_paint.FirstPicture(qapp, stays).left

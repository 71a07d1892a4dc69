"""The window is put together, also where something of its looks is missing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from ui import compose, first_paint
from ui.fonts import FontMissing
from workstation import paths, settings


def test_a_font_that_cannot_be_used_is_no_reason_to_have_no_window(
    qtbot, qapp, clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def missing(folder: Path) -> None:
        raise FontMissing(folder / "fonts" / "Inter-Bold.ttf")

    monkeypatch.setattr(compose, "load_fonts", missing)
    before, sheet = qapp.palette(), qapp.styleSheet()
    frame = first_paint.standing(qapp, "light", "hub")
    qtbot.addWidget(frame)
    found = settings.load(None, {}, defaults=paths.default_config())
    made = compose.Window(qapp, found, ["no-player"], clock, frame)
    try:
        assert "Inter-Bold.ttf cannot be used" in caplog.text
        assert made.frame.windowTitle() == "E-team"
    finally:
        qapp.setPalette(before)
        qapp.setStyleSheet(sheet)


@pytest.fixture
def made(qtbot, qapp, clock):
    """The window before its desk is open."""
    before, sheet = qapp.palette(), qapp.styleSheet()
    frame = first_paint.standing(qapp, "light", "hub")
    qtbot.addWidget(frame)
    found = settings.load(None, {}, defaults=paths.default_config())
    yield compose.Window(qapp, found, ["no-player"], clock, frame)
    qapp.setPalette(before)
    qapp.setStyleSheet(sheet)


def test_a_window_in_the_place_of_one_that_died_says_so_until_it_is_closed(qtbot, made):
    made.say_died(datetime(2026, 3, 14, 18, 3, tzinfo=UTC))
    [said] = made._screens.notices.sentences
    assert "at 19:03" in said
    with qtbot.waitActive(made.frame):
        made.frame.activateWindow()
    qtbot.keyClick(made.frame, Qt.Key.Key_F11)
    assert made._screens.notices.sentences == []

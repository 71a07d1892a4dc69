import subprocess
import sys
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from ui.plots.plan import SPANS, USUAL, Curve
from ui.theme import light
from ui.views.device_list import DeviceRow
from ui.views.telemetry_panel import TelemetryPanel
from workstation.domain.names import DeviceName, Kommune
from workstation.domain.telemetry import channel

KEYS = ("pulse", "spo2", "activity", "temperature", "in_bed")
CURVES = [
    Curve(
        kommune=Kommune("0510"),
        device=DeviceName("w"),
        channel=channel(key),
        title=key.title(),
        patience=timedelta(hours=1),
    )
    for key in KEYS
]


@pytest.fixture
def panel(qtbot, clock):
    made = TelemetryPanel(light, clock.now)
    qtbot.addWidget(made)
    made.resize(830, 640)
    with qtbot.waitSignal(made.ready):
        made.show()
    return made


def chosen(panel):
    return [key.rsplit("/", 1)[-1] for key in panel.plots.chosen]


def click(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_numpy_and_the_plots_are_not_loaded_with_the_panel():
    code = (
        "import sys, ui.views.telemetry_panel, ui.presenters.telemetry;"
        "sys.exit(any(name in sys.modules for name in ('numpy', 'pyqtgraph')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_before_the_first_paint_there_are_no_plots(qtbot, clock):
    made = TelemetryPanel(light, clock.now)
    qtbot.addWidget(made)
    made.show_curves(CURVES)
    assert made.plots is None


def test_curves_that_came_before_the_plots_are_shown_by_them(qtbot, clock):
    made = TelemetryPanel(light, clock.now)
    qtbot.addWidget(made)
    made.resize(830, 640)
    made.show_curves(CURVES[:2])
    with qtbot.waitSignal(made.ready):
        made.show()
    assert chosen(made) == ["pulse", "spo2"]


def test_empty_states_say_what_to_do(panel):
    assert "Choose an alarm" in panel._empty.text()
    panel.show_loading()
    assert "Fetching" in panel._empty.text()
    panel.show_curves([])
    assert "no readings" in panel._empty.text()
    panel.show_curves(CURVES)
    assert not panel._empty.isVisible()


def test_as_many_plots_as_there_is_height_for(qtbot, panel):
    panel.show_curves(CURVES)
    qtbot.waitUntil(lambda: chosen(panel) == ["pulse", "spo2", "activity"])
    assert panel.tools.which.text().startswith("3 of 5")
    panel.resize(500, 250)
    qtbot.waitUntil(lambda: chosen(panel) == ["pulse"])
    assert panel.tools.which.text().startswith("Pulse")


def test_the_devices_take_their_height_from_the_number_of_plots(qtbot, panel, clock):
    panel.show_curves(CURVES)
    panel.resize(500, 380)
    qtbot.waitUntil(lambda: len(chosen(panel)) == 2)
    rows = [DeviceRow(key=str(n), title=f"Device {n}", kind="Pendant") for n in range(6)]
    panel.show_devices(rows, clock.now())
    qtbot.waitUntil(lambda: chosen(panel) == ["pulse"])
    assert panel.plots.minimumSizeHint().height() <= panel._pictured.height()


def test_another_reading_is_chosen_and_the_oldest_choice_gives_way(qtbot, panel):
    panel.show_curves(CURVES)
    qtbot.waitUntil(lambda: len(chosen(panel)) == 3)
    panel.tools.curves.actions()[4].trigger()
    assert "in_bed" in chosen(panel)
    assert len(chosen(panel)) == 3
    panel.tools.curves.actions()[3].trigger()
    assert {"in_bed", "temperature"} <= set(chosen(panel))
    marked = [action.text() for action in panel.tools.curves.actions() if action.isChecked()]
    assert marked == [key.title() for key in chosen(panel)]


def test_a_reading_that_is_put_away_makes_room_for_another(qtbot, panel):
    panel.show_curves(CURVES)
    qtbot.waitUntil(lambda: len(chosen(panel)) == 3)
    panel.tools.curves.actions()[0].trigger()
    assert "pulse" not in chosen(panel)
    assert len(chosen(panel)) == 3


def test_a_span_is_one_press_and_told(qtbot, panel):
    assert panel.span is USUAL
    panel.show_curves(CURVES)
    with qtbot.waitSignal(panel.span_chosen) as told:
        click(qtbot, panel.tools.spans[0])
    assert told.args == [SPANS[0]]
    assert panel.span is SPANS[0]
    assert panel.plots.span is SPANS[0]


def test_narrow_the_spans_are_one_button(qtbot, panel):
    panel.resize(500, 400)
    assert panel.tools.span_menu.isVisible()
    assert not panel.tools.spans[0].isVisible()
    with qtbot.waitSignal(panel.span_chosen):
        panel.tools.span_menu.menu().actions()[3].trigger()
    assert panel.tools.span_menu.text() == "30 days"


def test_pause_is_said_in_words(qtbot, panel):
    panel.show_curves(CURVES)
    click(qtbot, panel.tools.pause)
    assert panel._paused.text().startswith("PAUSED at 19:00:00")
    assert panel._paused.isVisible()
    assert panel.tools.pause.text() == "Resume"
    click(qtbot, panel.tools.pause)
    assert not panel._paused.isVisible()


def test_another_citizens_readings_do_not_stand_still(qtbot, panel):
    panel.show_curves(CURVES)
    click(qtbot, panel.tools.pause)
    assert panel.plots.paused_at is not None
    panel.show_curves(CURVES[:2])
    assert panel.plots.paused_at is None
    assert not panel._paused.isVisible()


def test_without_curves_there_is_nothing_to_pause_or_save(panel):
    assert not panel.tools.pause.isEnabled()
    assert not panel.tools.save.isEnabled()


def test_saving_asks_without_holding_up_the_window_and_names_nobody(qtbot, panel):
    panel.show_curves(CURVES)
    panel.tools.save.menu().actions()[1].trigger()
    dialog = panel.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.selectedFiles()[0].endswith("readings-2026-03-14-190000.csv")
    with qtbot.waitSignal(panel.table_wanted) as told:
        dialog.fileSelected.emit("/somewhere/readings.csv")
    assert told.args == ["/somewhere/readings.csv"]
    dialog.close()


def test_the_picture_is_of_the_plots(panel):
    panel.show_curves(CURVES)
    assert panel.picture().width() >= 700


def test_what_became_of_an_export_is_said(panel):
    panel.tell("Saved as readings.csv")
    assert panel._told.isVisible()
    panel.tell("")
    assert not panel._told.isVisible()

"""The plots together: what they show, when they draw, and what a change of theme does."""

from datetime import timedelta

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ui.plots.plan import MINUTE, SPANS, Curve, Mark
from ui.plots.stack import PlotStack
from ui.theme import dark, light
from workstation.domain.kind import Kind
from workstation.domain.names import DeviceName, Kommune
from workstation.domain.telemetry import Bucket, channel

TEN_MINUTES, HOUR, DAY, MONTH = SPANS


def curve(key):
    return Curve(
        kommune=Kommune("0510"),
        device=DeviceName("watch-1"),
        channel=channel(key),
        title=key,
        patience=timedelta(hours=1),
    )


PULSE, SPO2, BED = curve("pulse"), curve("spo2"), curve("in_bed")


class Looks:
    def __init__(self):
        self.theme = light()

    def __call__(self):
        return self.theme


@pytest.fixture
def looks():
    return Looks()


@pytest.fixture
def stack(qtbot, clock, looks):
    made = PlotStack(looks, clock.now)
    qtbot.addWidget(made)
    made.resize(800, 480)
    made.set_curves([PULSE, SPO2, BED])
    made.set_span(TEN_MINUTES)
    return made


def shown(qtbot, stack):
    with qtbot.waitSignal(stack.drawn):
        stack.show()
    return stack


def line(stack, place=0):
    return stack._plots[place]._trace._curve.getData()


def minutes(clock, *ages):
    return [(clock.now() - timedelta(minutes=age), 60.0 + age) for age in ages]


def test_values_are_drawn_at_the_screens_pace_not_at_theirs(qtbot, stack, clock):
    stack.choose([PULSE.key])
    shown(qtbot, stack)
    drawings = []
    stack.drawn.connect(lambda: drawings.append(1))
    with qtbot.waitSignal(stack.drawn):
        for second in range(500):
            stack.add(PULSE.key, clock.now() - timedelta(seconds=500 - second), 70.0)
    assert len(drawings) == 1
    assert len(line(stack)[0]) >= 500


def test_nothing_is_drawn_while_nobody_can_see_it(stack, clock):
    stack.choose([PULSE.key])
    stack.add(PULSE.key, clock.now(), 70.0)
    assert not stack._pace.isActive()
    assert not stack._scroll.isActive()


def test_hidden_again_it_keeps_what_comes_and_stops_drawing(qtbot, stack, clock):
    stack.choose([PULSE.key])
    shown(qtbot, stack).hide()
    stack.add(PULSE.key, clock.now(), 71.0)
    assert not stack._pace.isActive()
    shown(qtbot, stack)
    assert line(stack)[1][-1] == 71.0


def test_a_gap_is_a_gap(qtbot, stack, clock):
    stack.choose([PULSE.key])
    stack.load(PULSE.key, minutes(clock, 9, 8.5, 8, 2, 1.5, 1))
    stack.draw()
    x, y = line(stack)
    assert np.isnan(y).sum() == 1
    assert x[np.isnan(y)][0] == (clock.now() - timedelta(minutes=8)).timestamp()


def test_paused_the_view_stands_still_and_values_are_kept(stack, clock):
    stack.choose([PULSE.key])
    stack.load(PULSE.key, minutes(clock, 5))
    stack.pause(True)
    stack.draw()
    before = stack._plots[0]._view
    clock.advance(120)
    stack.add(PULSE.key, clock.now(), 99.0)
    stack.draw()
    assert stack._plots[0]._view == before
    assert stack.paused_at is not None
    stack.pause(False)
    stack.draw()
    start, end = stack._plots[0]._view
    ahead = end - clock.now().timestamp()
    # Up to the next whole pixel, so that the axes stand still meanwhile.
    assert 0 <= ahead < (end - start) / stack._plots[0]._pixels
    assert line(stack)[1][-1] == 99.0


def test_the_view_moves_on_when_time_does_and_not_before_a_pixel(qtbot, stack, clock):
    stack.choose([PULSE.key])
    shown(qtbot, stack)
    clock.advance(0.1)
    stack._move_on()
    assert not stack._pace.isActive()
    clock.advance(1)
    with qtbot.waitSignal(stack.drawn):
        stack._move_on()


def test_a_month_is_a_band_with_its_mean(stack, clock):
    stack.set_span(MONTH)
    stack.choose([PULSE.key])
    hours = [
        Bucket(at=clock.now() - timedelta(hours=hour), low=50.0, high=110.0, mean=70.0, count=60)
        for hour in range(100, 1, -1)
    ]
    stack.load_buckets(PULSE.key, hours, timedelta(hours=1))
    stack.draw()
    assert set(line(stack)[1].tolist()) == {70.0}
    box = stack._plots[0]._trace._band.path().boundingRect()
    assert (box.top(), box.bottom()) == (50.0, 110.0)
    stack.set_span(HOUR)
    stack.draw()
    assert stack._plots[0]._trace._band.path().isEmpty()


def test_a_state_holds_until_now_and_no_longer_than_the_device_may_be_silent(stack, clock):
    stack.choose([BED.key])
    stack.load(BED.key, [(clock.now() - timedelta(minutes=5), 1.0)])
    stack.draw()
    assert line(stack)[0][-1] == clock.now().timestamp()
    clock.advance(2 * 3600)
    stack.set_span(DAY)
    stack.draw()
    assert line(stack)[0][-1] < clock.now().timestamp() - 3600


@pytest.mark.parametrize("key", [Qt.Key.Key_Left, Qt.Key.Key_Right])
def test_the_cursor_goes_by_key_through_all_plots_at_once(qtbot, stack, clock, key):
    stack.choose([PULSE.key, SPO2.key])
    stack.load(PULSE.key, minutes(clock, 1, 0.9, 0.8, 0.001))
    shown(qtbot, stack)
    QTest.keyClick(stack._plots[0]._canvas, key)
    first, second = (plot._readout.text() for plot in stack._plots)
    assert first.startswith(("18:59:", "19:00:"))
    assert "60/min" in first or "61/min" in first
    assert "no value" in second
    assert all(plot._cursor.isVisible() for plot in stack._plots)


def test_the_cursor_tells_nothing_in_a_gap(stack, clock):
    stack.choose([PULSE.key])
    stack.load(PULSE.key, minutes(clock, 9, 8.9, 8.8, 8.7, 1))
    stack.draw()
    stack._point_at((clock.now() - timedelta(minutes=5)).timestamp())
    assert "no value" in stack._plots[0]._readout.text()
    stack._point_at((clock.now() - timedelta(minutes=1)).timestamp())
    assert "61/min" in stack._plots[0]._readout.text()
    stack._point_at(None)
    assert stack._plots[0]._readout.text() == ""


def test_the_heading_says_the_value_of_now_and_the_limit_it_is_beyond(stack, clock):
    stack.choose([PULSE.key])
    stack.draw()
    assert stack._plots[0]._value.text() == "–"
    stack.add(PULSE.key, clock.now(), 131.0)
    stack.draw()
    assert stack._plots[0]._value.text() == "131/min"
    assert stack._plots[0]._warning.text() == "▲ above 120"


def test_limits_stand_there_with_their_values(stack):
    stack.choose([PULSE.key])
    limits = stack._plots[0]._limits
    assert [item.value() for item in limits._lines] == [45, 120]
    assert [text for _value, text in limits._axis._tickLevels[0]] == ["45", "120"]


def test_an_empty_plot_says_so(stack, clock):
    stack.choose([PULSE.key])
    stack.draw()
    assert stack._plots[0]._empty.isVisible()
    stack.add(PULSE.key, clock.now(), 70.0)
    stack.draw()
    assert not stack._plots[0]._empty.isVisible()


def test_alarms_stand_on_the_time_axis_those_in_one_place_once(stack, clock):
    stack.choose([PULSE.key])
    stack.mark(
        [
            Mark(
                at=clock.now() - timedelta(minutes=5), kind=Kind.EMERGENCY, text="Emergency: Fall"
            ),
            Mark(
                at=clock.now() - timedelta(minutes=5, seconds=1), kind=Kind.EMERGENCY, text="again"
            ),
            Mark(at=clock.now() - timedelta(minutes=2), kind=Kind.TECHNICAL, text="Battery"),
            Mark(at=clock.now() - timedelta(minutes=20), kind=Kind.TECHNICAL, text="before"),
        ]
    )
    stack.draw()
    marks = stack._plots[0]._marks
    assert len(marks._shapes[Kind.EMERGENCY].data) == 1
    assert len(marks._shapes[Kind.TECHNICAL].data) == 1
    symbols = {str(item.opts["symbol"]) for item in marks._shapes.values()}
    assert len(symbols) == len(Kind), "each kind has a shape of its own"


def test_another_theme_recolours_what_is_there(stack, looks):
    stack.choose([PULSE.key])
    stack.recolour()
    day = stack._plots[0]._canvas.backgroundBrush().color()
    looks.theme = dark()
    stack.recolour()
    assert stack._plots[0]._canvas.backgroundBrush().color() != day
    assert stack._plots[0]._canvas.backgroundBrush().color() == dark().token("panel")


def test_what_is_exported_is_what_is_shown(stack, clock):
    stack.choose([PULSE.key])
    stack.load(PULSE.key, minutes(clock, 11, 5, 1))
    stack.load(SPO2.key, minutes(clock, 3))
    lines = stack.exported().splitlines()
    assert len(lines) == 3
    assert all("pulse" in text for text in lines[1:])


def test_roll_ups_are_continued_by_what_comes(stack, clock):
    stack.set_span(DAY)
    stack.choose([PULSE.key])
    start = clock.now() - timedelta(minutes=3)
    minute = [Bucket(at=start, low=60.0, high=80.0, mean=70.0, count=6)]
    stack.load_buckets(PULSE.key, minute, MINUTE)
    stack.add(PULSE.key, clock.now(), 90.0)
    stack.draw()
    _x, y = line(stack)
    assert (y.min(), y.max()) == (60.0, 90.0)

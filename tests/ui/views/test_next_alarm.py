from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW
from tests.ui.signals import heard
from ui.theme import dark, light
from ui.views.next_alarm import NextAlarm, NextAlarmBar
from workstation.domain.kind import Kind

NEXT = NextAlarm(
    key="a1", kind=Kind.EMERGENCY, head="Emergency · not taken", name="Svend Aage Bruun",
    text="Pull cord · bedroom", since=NOW - timedelta(seconds=17),
)  # fmt: skip


@pytest.fixture(params=[light, dark])
def bar(request, qtbot):
    theme = request.param()
    made = NextAlarmBar(lambda: theme)
    qtbot.addWidget(made)
    made.resize(600, 100)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made._pulse.stop()


def middle(bar):
    """Return the colour of the surface, where nothing is written."""
    return bar.grab().toImage().pixelColor(bar.width() // 2, 6)


def test_it_says_who_waits_for_how_long_and_takes_them(bar):
    bar.show_next(NEXT, "")
    bar.tick(NOW)
    assert (bar._name.text(), bar._wait.text()) == ("Svend Aage Bruun", "0:17")
    taken = heard(bar.take_requested)
    bar._take.click()
    assert taken == ["a1"]


def test_an_emergency_breathes_and_nothing_else_does(bar):
    bar.show_next(NEXT, "")
    assert bar._pulse.isActive()
    first = middle(bar)
    for _step in range(12):
        bar._breathe()
    assert middle(bar) != first
    bar.show_next(replace(NEXT, kind=Kind.SUPERVISION), "")
    assert not bar._pulse.isActive()


def test_red_is_for_emergencies_alone(bar):
    bar.show_next(NEXT, "")
    red = middle(bar)
    assert bar._take.property("role") == "danger"
    for kind in Kind:
        if kind is not Kind.EMERGENCY:
            bar.show_next(replace(NEXT, kind=kind), "")
            assert middle(bar) != red
            assert bar._take.property("role") == "primary"


def test_nobody_waits_is_calm_and_useful(bar):
    bar.show_next(NEXT, "")
    bar.show_next(None, "Latest alarm 20:51, solved by phone.")
    assert bar._take.isHidden()
    assert not bar._pulse.isActive()
    assert bar._text.text() == "Latest alarm 20:51, solved by phone."


def test_a_screen_reader_hears_it(bar):
    bar.show_next(NEXT, "")
    assert "Svend Aage Bruun" in bar.accessibleDescription()

from datetime import timedelta

import pytest

from ui.theme import light
from ui.views.device_list import DeviceList, DeviceRow, said


def device(clock, **more):
    base = {
        "key": "0510/a",
        "title": "Smoke alarm",
        "kind": "Smoke detector",
        "heard_at": clock.now(),
    }
    return DeviceRow(**(base | more))


def words(row, now):
    return " · ".join(part for part, _wrong in said(row, now))


def test_a_device_that_is_well_says_battery_link_and_when_it_was_heard(clock):
    row = device(clock, battery=91.0, link=118.0)
    assert words(row, clock.now() + timedelta(seconds=20)) == (
        "Smoke detector · battery 91 % · link 118 · heard 20 s ago"
    )
    assert not row.needs_care


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"battery": 8.0, "battery_low": True}, "battery low 8 %"),
        ({"battery_low": True}, "battery low"),
        ({"silent": True}, "SILENT, last heard 0 s ago"),
        ({"offline": True}, "OFFLINE, last heard 0 s ago"),
    ],
)
def test_what_deviates_is_a_word_and_a_mark(qtbot, clock, more, told):
    row = device(clock, **more)
    assert (told, True) in said(row, clock.now())
    shown = DeviceList(light)
    qtbot.addWidget(shown)
    shown.show_rows([row], clock.now())
    assert "▲" in shown._labels[0].text()


def test_a_device_never_heard_says_so(clock):
    assert "never heard" in words(device(clock, heard_at=None), clock.now())


def test_those_that_need_care_come_first(qtbot, clock):
    shown = DeviceList(light)
    qtbot.addWidget(shown)
    well, ill = device(clock, title="A"), device(clock, key="b", title="Z", silent=True)
    shown.show_rows([well, ill], clock.now())
    assert [row.title for row in shown._rows] == ["Z", "A"]


def test_the_time_since_runs(qtbot, clock):
    shown = DeviceList(light)
    qtbot.addWidget(shown)
    shown.show_rows([device(clock)], clock.now())
    before = shown._labels[0].text()
    shown.tick(clock.advance(90))
    assert shown._labels[0].text() != before
    assert "1 min ago" in shown._labels[0].accessibleName()


def test_a_name_is_never_markup(qtbot, clock):
    shown = DeviceList(light)
    qtbot.addWidget(shown)
    shown.show_rows([device(clock, title="<img src=x>", kind="<b>")], clock.now())
    assert "<img" not in shown._labels[0].text()


def test_devices_come_and_go(qtbot, clock):
    shown = DeviceList(light)
    qtbot.addWidget(shown)
    shown.show_rows([device(clock, key=str(place)) for place in range(5)], clock.now())
    assert shown.layout_height(800) > 0
    shown.show_rows([device(clock)], clock.now())
    assert len(shown._labels) == 1
    shown.show_rows([], clock.now())
    assert shown.layout_height(800) == 0

import csv
import io
from datetime import timedelta

import pytest

from tests.ui.visits import AtOnce
from ui.plots.plan import HOUR, MINUTE, SPANS
from ui.presenters.telemetry import TelemetryPresenter
from ui.theme import light
from ui.views.telemetry_panel import TelemetryPanel
from workstation.application.errors import StoreUnavailable
from workstation.application.ports import DeviceHealth
from workstation.domain.access import Looked
from workstation.domain.alarm import Alarm
from workstation.domain.citizen import Device, DeviceClass
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId, CitizenId, DeviceName, Kommune
from workstation.domain.telemetry import Bucket, Sample

TEN_MINUTES, ONE_HOUR, DAY, MONTH = SPANS
KAREN, POUL, ERIK = CitizenId("karen"), CitizenId("poul"), CitizenId("erik")
HOME = Kommune("0510")


def device(name, device_class, **more):
    return Device(name=DeviceName(name), kommune=HOME, device_class=device_class, **more)


WATCH = device("watch-1", DeviceClass.PULSE_WATCH, citizen=KAREN, title="Watch")
BED = device("bed-1", DeviceClass.BED_SENSOR, citizen=KAREN, title="Bed", location="Bedroom")
ROOM = device("room-1", DeviceClass.CLIMATE_SENSOR, citizen=KAREN, title="Air", location="Kitchen")
PENDANT = device("pendant-1", DeviceClass.PENDANT, citizen=POUL, title="Pendant")
PULSE = device("watch-2", DeviceClass.PULSE_WATCH, citizen=ERIK, title="Watch")


class FakeFeed:
    """Readings that the test gives; remembers what was asked."""

    def __init__(self, clock):
        self._clock = clock
        self.known = {
            "watch-1": ["spo2", "pulse"],
            "bed-1": ["in_bed", "temperature"],
            "room-1": ["temperature"],
            "watch-2": ["pulse"],
        }
        self.watching = {}
        self.states = {}
        self.asked = []
        self.health_changed = []

    def watch(self, device, on_samples):
        self.watching.setdefault(device, []).append(on_samples)
        return lambda: self.watching[device].remove(on_samples)

    def watch_health(self, changed):
        self.health_changed.append(changed)

    def health_of(self, device):
        return self.states.get(device[1])

    async def channels(self, device):
        return self.known.get(device[1], [])

    async def history(self, device, channel, *, start, end):
        self.asked.append((channel, None))
        return [(end - timedelta(minutes=2), 0.5), (end - timedelta(minutes=1), 0.6)]

    async def buckets(self, device, channel, *, start, end, width):
        self.asked.append((channel, width))
        return [Bucket(at=end - 2 * width, low=0.5, high=0.7, mean=0.6, count=6)]

    def say(self, name, channel, value, at=None):
        sample = Sample(
            kommune=HOME,
            device=DeviceName(name),
            channel=channel,
            at=at or self._clock.now(),
            value=value,
        )
        for on_samples in list(self.watching.get((HOME, name), ())):
            on_samples([sample])


class FakeCitizens:
    def __init__(self):
        self.looks = []
        self.locked = False

    def devices_of(self, citizen):
        return {KAREN: [WATCH, BED, ROOM], POUL: [PENDANT], ERIK: [PULSE]}[citizen]

    async def looked(self, citizen, what, *, alarm=None, why=""):
        if self.locked:
            raise StoreUnavailable("locked")
        self.looks.append((citizen, what, alarm, why))


class Desk:
    def __init__(self, qtbot, clock):
        self.feed, self.citizens, self.tasks = FakeFeed(clock), FakeCitizens(), AtOnce()
        self.panel = TelemetryPanel(light, clock.now)
        qtbot.addWidget(self.panel)
        self.panel.resize(830, 900)
        self.presenter = TelemetryPresenter(
            feed=self.feed, citizens=self.citizens, clock=clock, panel=self.panel, tasks=self.tasks
        )

    def titles(self):
        return [curve.title for curve in self.panel._curves]

    def series(self, key):
        return self.panel.plots._series[f"0510/{key}"]


@pytest.fixture
def unpainted(qtbot, clock):
    return Desk(qtbot, clock)


@pytest.fixture
def desk(qtbot, unpainted):
    with qtbot.waitSignal(unpainted.panel.ready):
        unpainted.panel.show()
    return unpainted


def test_curves_stand_in_the_tables_order_and_no_two_have_one_name(desk):
    desk.presenter.show(KAREN)
    assert desk.titles() == [
        "Pulse",
        "Oxygen saturation",
        "Temperature · Bedroom",
        "Temperature · Kitchen",
        "In bed",
    ]
    assert desk.tasks.failures == []


def test_a_citizen_chosen_before_the_first_paint_is_shown_after_it(qtbot, unpainted):
    unpainted.presenter.show(KAREN)
    assert unpainted.panel.plots is None
    with qtbot.waitSignal(unpainted.panel.ready):
        unpainted.panel.show()
    assert len(unpainted.titles()) == 5
    assert unpainted.series("watch-1/pulse").latest is not None


def test_the_look_is_logged_once(desk):
    alarm = AlarmId("a1")
    desk.presenter.show(KAREN, alarm=alarm)
    desk.presenter.show(KAREN, alarm=alarm)
    assert desk.citizens.looks == [(KAREN, Looked.TELEMETRY, alarm, "")]


@pytest.mark.parametrize(
    ("span", "width", "bed"), [(TEN_MINUTES, None, None), (DAY, MINUTE, None), (MONTH, HOUR, HOUR)]
)
def test_each_span_is_read_from_its_own_store(qtbot, desk, span, width, bed):
    desk.presenter.show(KAREN)
    desk.feed.asked.clear()
    desk.panel.tools.spans[SPANS.index(span)].click()
    asked = dict(desk.feed.asked)
    assert asked["pulse"] == width
    assert asked["in_bed"] == bed, "a state of a day is drawn from its values"


def test_values_are_shown_in_the_channels_own_unit(desk, clock):
    desk.presenter.show(KAREN)
    assert desk.series("watch-1/spo2").latest[1] == pytest.approx(60.0)
    desk.feed.say("watch-1", "spo2", 0.97)
    assert desk.series("watch-1/spo2").latest == (clock.now().timestamp(), pytest.approx(97.0))


def test_a_channel_that_reports_for_the_first_time_gets_a_plot(desk):
    desk.presenter.show(KAREN)
    desk.feed.known["watch-1"].append("respiration")
    desk.feed.say("watch-1", "respiration", 14.0)
    assert "Respiration" in desk.titles()


def test_battery_and_link_get_no_plot(desk):
    desk.presenter.show(KAREN)
    before = desk.titles()
    desk.feed.say("watch-1", "battery", 14.0)
    assert desk.titles() == before


def test_another_citizen_ends_listening_to_the_first(desk):
    desk.presenter.show(KAREN)
    desk.presenter.show(POUL)
    assert {key[1] for key, who in desk.feed.watching.items() if who} == {"pendant-1"}
    assert desk.titles() == []
    assert "no readings" in desk.panel._empty.text()
    desk.presenter.show(None)
    assert not any(desk.feed.watching.values())
    assert "Choose an alarm" in desk.panel._empty.text()


def test_an_answer_that_comes_too_late_is_thrown_away(desk):
    late = []

    class Late(AtOnce):
        def start(self, coroutine, *, failed=None):
            late.append(coroutine)

    at_once, desk.presenter._tasks = desk.presenter._tasks, Late()
    desk.presenter.show(KAREN)
    desk.presenter._tasks = at_once
    desk.presenter.show(ERIK)
    for coroutine in late:
        at_once.start(coroutine)
    assert desk.titles() == ["Pulse"]
    assert {key[1]: len(who) for key, who in desk.feed.watching.items()} == {"watch-2": 1}


def test_the_devices_are_told_with_their_health(desk, clock):
    now = clock.now()
    desk.feed.states = {
        "watch-1": DeviceHealth(
            kommune=HOME, device=DeviceName("watch-1"), heard_at=now, battery=8.0
        ),
        "bed-1": DeviceHealth(
            kommune=HOME, device=DeviceName("bed-1"), heard_at=now - timedelta(hours=3), link=90.0
        ),
        "room-1": DeviceHealth(
            kommune=HOME, device=DeviceName("room-1"), heard_at=now, online=False
        ),
    }
    desk.presenter.show(KAREN)
    rows = {row.title: row for row in desk.panel.devices._rows}
    assert rows["Watch"].battery_low
    assert rows["Bed"].silent
    assert rows["Bed"].link == 90.0
    assert rows["Air"].offline
    assert not rows["Watch"].silent
    desk.presenter.tick(clock.advance(2 * 3600))
    rows = {row.title: row for row in desk.panel.devices._rows}
    assert rows["Watch"].silent, "its class allows an hour"


def test_roll_ups_are_read_again_because_the_newest_was_still_growing(desk, clock):
    desk.presenter.show(KAREN)
    desk.feed.asked.clear()
    desk.presenter.tick(clock.advance(60))
    assert desk.feed.asked == []
    desk.presenter.tick(clock.advance(300))
    assert ("pulse", MINUTE) in desk.feed.asked


def test_alarms_become_marks(desk, clock):
    desk.presenter.show(KAREN)
    alarm = Alarm(
        id=AlarmId("a"),
        kind=Kind.EMERGENCY,
        code="fall",
        text="",
        device=DeviceName("w"),
        kommune=HOME,
        source=Source.HUB,
        raised_at=clock.now(),
        received_at=clock.now(),
    )
    desk.presenter.mark([alarm])
    (mark,) = desk.panel.plots._marks
    assert (mark.at, mark.kind, mark.text) == (clock.now(), Kind.EMERGENCY, "Emergency: Fall")


def test_a_table_is_saved_and_the_export_is_logged_first(qtbot, desk, tmp_path):
    desk.presenter.show(KAREN, alarm=AlarmId("a1"))
    qtbot.waitUntil(lambda: len(desk.panel.plots.chosen) == 3)
    path = tmp_path / "readings.csv"
    desk.panel.table_wanted.emit(str(path))
    lines = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert {line["channel"] for line in lines} == {"pulse", "spo2", "temperature"}
    assert desk.citizens.looks[-1] == (KAREN, Looked.EXPORT, AlarmId("a1"), "24h csv")
    assert "Saved as" in desk.panel._told.text()


def test_a_picture_is_saved(desk, tmp_path):
    desk.presenter.show(KAREN)
    path = tmp_path / "readings.png"
    desk.panel.picture_wanted.emit(str(path))
    assert path.read_bytes().startswith(b"\x89PNG")
    assert desk.citizens.looks[-1][1] is Looked.EXPORT


def test_what_cannot_be_saved_is_one_sentence_with_a_next_step(desk, tmp_path):
    desk.presenter.show(KAREN)
    desk.panel.table_wanted.emit(str(tmp_path / "no such folder" / "readings.csv"))
    assert "readings.csv could not be saved" in desk.panel._told.text()
    assert "Choose another folder" in desk.panel._told.text()


def test_what_cannot_be_logged_is_not_taken_out(desk, tmp_path):
    desk.presenter.show(KAREN)
    desk.citizens.locked = True
    path = tmp_path / "readings.csv"
    desk.panel.table_wanted.emit(str(path))
    assert not path.exists()
    assert [type(error) for error in desk.tasks.failures] == [StoreUnavailable]

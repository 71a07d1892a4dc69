"""From a message to what must be filed: retained, old, repeated, unreadable."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import HADERSLEV, HJORRING, NOW, a_hub, a_message
from workstation.application.directory import Directory
from workstation.application.ids import new_id
from workstation.application.intake import Intake, Work
from workstation.domain.citizen import Citizen, Device
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId, CitizenId, DeviceName, Kommune
from workstation.domain.problem import Decoded, Problem
from workstation.domain.signal import Described, Level, Origin, Pressed, Reading, Signal, Status

ORIGIN = Origin(source=Source.HUB, device=DeviceName("pendant-1"), kommune=HADERSLEV)
ZIGBEE = Origin(source=Source.ZIGBEE2MQTT, device=DeviceName("pendant-1"))
KAREN = Citizen(id=CitizenId("c1"), kommune=HJORRING, name="Karen")
HERS = Device(
    name=DeviceName("pendant-1"), kommune=HJORRING, citizen=KAREN.id, location="badeværelse"
)


def pressed(**fields: object) -> Pressed:
    given = {"origin": ORIGIN, "kind": Kind.EMERGENCY, "code": "pendant", "at": NOW, "id": "7"}
    return Pressed(**(given | fields))


def taken(
    *signals: Signal,
    problems: tuple[Problem, ...] = (),
    directory: Directory | None = None,
    levels: tuple[str, ...] = (),
    **message: object,
) -> Work:
    return intake(*signals, problems=problems, directory=directory, levels=levels).take(
        a_message("{}", **message)
    )


def intake(
    *signals: Signal,
    problems: tuple[Problem, ...] = (),
    directory: Directory | None = None,
    levels: tuple[str, ...] = (),
) -> Intake:
    return Intake(
        decode=lambda _message: Decoded(signals=signals, problems=problems),
        directory=lambda: directory or Directory(),
        hub=a_hub(),
        new_id=lambda now: AlarmId(new_id(now)),
        active_levels=levels,
    )


def test_a_press_is_raised_as_it_came() -> None:
    (report,) = taken(pressed(text="tryk", priority=2, voice="sip:u@x", location="køkken")).reports
    alarm = report.alarm
    assert (alarm.kind, alarm.code, alarm.text, alarm.priority) == (
        Kind.EMERGENCY,
        "pendant",
        "tryk",
        2,
    )
    assert (alarm.raised_at, alarm.received_at, alarm.raw) == (NOW, NOW, b"{}")
    assert (alarm.location, alarm.voice, alarm.message_id) == ("køkken", "sip:u@x", "7")


def test_the_same_id_and_time_is_the_same_message_and_another_body_is_told_from_it() -> None:
    one, again = (taken(pressed()).reports[0] for _ in range(2))
    assert (one.key, one.body_hash) == (again.key, again.body_hash)
    other = intake(pressed()).take(a_message('{"other":1}')).reports[0]
    assert other.key == one.key
    assert other.body_hash != one.body_hash


@pytest.mark.parametrize("missing", ["id", "at"])
def test_without_id_or_time_there_is_no_key(missing: str) -> None:
    assert taken(pressed(**{missing: None})).reports[0].key is None


def test_an_unknown_device_of_a_kommune_served_here_is_put_there_else_under_the_first() -> None:
    def kommune(said: Kommune | None) -> Kommune:
        origin = Origin(source=Source.HUB, device=DeviceName("x"), kommune=said)
        return taken(pressed(origin=origin)).reports[0].alarm.kommune

    assert [kommune(HJORRING), kommune(Kommune("0101")), kommune(None)] == [
        HJORRING,
        HADERSLEV,
        HADERSLEV,
    ]


def test_the_register_says_whose_it_is() -> None:
    register = Directory.of([KAREN], [HERS])
    alarm = taken(pressed(origin=ZIGBEE), directory=register).reports[0].alarm
    assert (alarm.citizen, alarm.kommune, alarm.location) == (KAREN.id, HJORRING, "badeværelse")
    foreign = taken(pressed(), directory=register).reports[0].alarm
    assert foreign.citizen is None, "a device of that name in another kommune is another device"


@pytest.mark.parametrize(
    ("age", "kind", "code"),
    [
        (timedelta(minutes=29), Kind.EMERGENCY, "pendant"),
        (timedelta(minutes=30), Kind.TECHNICAL, "old_press"),
        (timedelta(days=7), Kind.TECHNICAL, "old_press"),
    ],
)
def test_a_retained_press_is_an_alarm_only_while_it_is_fresh(
    age: timedelta, kind: Kind, code: str
) -> None:
    alarm = taken(pressed(at=NOW - age), retained=True).reports[0].alarm
    assert (alarm.kind, alarm.code, alarm.retained) == (kind, code, True)


def test_a_retained_press_without_a_time_is_an_old_press() -> None:
    assert taken(pressed(at=None), retained=True).reports[0].alarm.code == "old_press"


def test_a_retained_level_is_an_alarm_marked_as_found_at_start() -> None:
    level = Level(origin=ZIGBEE, kind=Kind.EMERGENCY, code="sos", active=True)
    (report,) = taken(level, retained=True).reports
    assert (report.alarm.kind, report.alarm.retained, report.active) == (Kind.EMERGENCY, True, True)


def test_a_level_is_filed_when_it_changes_and_not_with_every_message() -> None:
    def level(*, active: bool) -> Level:
        return Level(origin=ZIGBEE, kind=Kind.EMERGENCY, code="sos", active=active)

    said: list[bool] = []
    signals: list[Level] = []
    one = intake()
    one._decode = lambda _message: Decoded(signals=tuple(signals))
    for active in (False, False, True, True, True, False, True):
        signals[:] = [level(active=active)]
        said += [report.active for report in one.take(a_message("{}")).reports]
    assert said == [False, True, False, True]


def test_a_level_that_held_before_this_run_is_not_told_again() -> None:
    level = Level(origin=ZIGBEE, kind=Kind.EMERGENCY, code="sos", active=True)
    held = ("zigbee2mqtt/0510/pendant-1/sos",)
    assert taken(level, levels=held).reports == ()


@pytest.mark.parametrize("off", [timedelta(days=31), timedelta(minutes=-3)])
def test_a_clock_that_is_wrong_is_told_and_not_believed(off: timedelta) -> None:
    alarm, remark = (report.alarm for report in taken(pressed(at=NOW - off)).reports)
    assert alarm.raised_at == NOW
    assert (remark.kind, remark.code) == (Kind.TECHNICAL, "clock_wrong")


def test_an_alarm_with_broken_fields_survives_and_the_fields_are_told() -> None:
    alarm, remark = (report.alarm for report in taken(pressed(flaws=("priority: 1–5",))).reports)
    assert alarm.kind is Kind.EMERGENCY
    assert (remark.kind, remark.code, remark.text) == (
        Kind.TECHNICAL,
        "flawed_message",
        "priority: 1–5",
    )


@pytest.mark.parametrize(("sounds", "kind"), [(True, Kind.EMERGENCY), (False, Kind.TECHNICAL)])
def test_what_cannot_be_read_becomes_an_event_with_the_raw_message(
    sounds: bool, kind: Kind
) -> None:
    problem = Problem(reason="not_json", sounds=sounds)
    (report,) = taken(problems=(problem,), topic="x/y").reports
    assert (report.alarm.kind, report.alarm.code, report.alarm.raw) == (kind, "unreadable", b"{}")
    assert report.alarm.device == "x/y"


def test_our_own_fault_sounds() -> None:
    work = intake().unexpected(a_message(b"\xff"), KeyError("x"))
    assert (work.reports[0].alarm.kind, work.reports[0].alarm.raw) == (Kind.EMERGENCY, b"\xff")


def test_a_kept_reading_without_a_time_is_of_an_unknown_past_and_no_sample() -> None:
    timed = Reading(origin=ORIGIN, channel="pulse", value=72, at=NOW - timedelta(hours=1))
    untimed = Reading(origin=ORIGIN, channel="pulse", value=150)
    work = taken(timed, untimed, retained=True)
    assert [(one.value, one.at) for one in work.samples] == [(72, NOW - timedelta(hours=1))]
    assert work.health == (), "what the broker kept is no sign of life"


def test_levels_that_are_read_late_never_replace_what_was_heard_since() -> None:
    level = Level(origin=ORIGIN, kind=Kind.EMERGENCY, code="smoke", active=False)
    one = intake(level)
    assert len(one.take(a_message("{}")).reports) == 1
    one.load(["hub/0510/pendant-1/smoke", "hub/0510/pendant-1/water"])
    assert one.take(a_message("{}")).reports == ()


def test_readings_are_samples_and_health() -> None:
    work = taken(
        Reading(origin=ORIGIN, channel="pulse", value=72, at=NOW - timedelta(seconds=5)),
        Reading(origin=ORIGIN, channel="battery", value=55),
        Reading(origin=ORIGIN, channel="linkquality", value=90),
    )
    pulse = work.samples[0]
    assert (pulse.channel, pulse.value, pulse.at) == ("pulse", 72, NOW - timedelta(seconds=5))
    (health,) = work.health
    assert (health.battery, health.link, health.heard_at) == (55, 90, NOW)


def test_what_the_broker_kept_is_no_sign_of_life() -> None:
    assert taken(Status(origin=ORIGIN, online=True), retained=True).health == ()


def test_a_last_will_is_an_alarm_and_no_sign_of_life() -> None:
    work = taken(Status(origin=ORIGIN, online=False))
    assert (work.reports[0].alarm.code, work.health[0].heard_at, work.health[0].online) == (
        "offline",
        None,
        False,
    )


def test_a_description_is_passed_on() -> None:
    described = Described(origin=ZIGBEE, title="x", topics=("a/b",))
    assert taken(described).described == (described,)


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)), st.booleans())  # noqa: DTZ001 - their zone is added
def test_any_time_gives_an_alarm(at: datetime, retained: bool) -> None:
    work = taken(pressed(at=at.replace(tzinfo=NOW.tzinfo)), retained=retained)
    assert any(report.alarm.code in ("pendant", "old_press") for report in work.reports)


def test_every_report_tells_by_which_delivery_it_came() -> None:
    level = Level(origin=ORIGIN, kind=Kind.EMERGENCY, code="smoke", active=True)
    status = Status(origin=ORIGIN, online=False)
    problem = Problem(reason="not_json")
    work = taken(pressed(flaws=("x: y",)), level, status, problems=(problem,), packet=7)
    assert [(report.packet, report.shared) for report in work.reports] == [(7, False)] * 5

"""Whether this desk works: four lamps, each with since when and why."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.builders import NOW
from workstation.application.facts import StoreState
from workstation.application.health import (
    ALARMS,
    CLOCK_OFF,
    DATABASE,
    HEADSET_GONE,
    HEADSET_REPLACED,
    MUTED,
    ON_FALLBACK,
    OTHER_DEVICE,
    QUIET,
    SOUND,
    TELEPHONE,
    DeskHealth,
    Volume,
    Works,
)
from workstation.application.ports import FeedState
from workstation.domain.call import LineEvent, LineState


class Lamps:
    """A DeskHealth of two sessions, and how often it told of a change."""

    def __init__(self) -> None:
        self.health = DeskHealth(("alarms", "readings"))
        self.told = 0
        self.health.watch(self._changed)

    def _changed(self) -> None:
        self.told += 1

    def feed(self, name: str, connected: bool, minute: int = 0, reason: str = "") -> None:
        state = FeedState(connected=connected, at=at(minute), reason=reason)
        self.health.feed(name, state)

    def store(self, path: str, ok: bool, minute: int = 0, reason: str = "") -> None:
        self.health.store(StoreState(ok=ok, at=at(minute), path=path, reason=reason))

    def lamp(self, name: str) -> tuple[Works, datetime | None, str]:
        part = self.health.part(name)
        return part.state, part.since, part.reason


def at(minute: int) -> datetime:
    return NOW + timedelta(minutes=minute)


@pytest.fixture
def lamps() -> Lamps:
    return Lamps()


def test_nothing_works_until_it_says_so(lamps: Lamps) -> None:
    assert [(part.name, part.state, part.reason) for part in lamps.health.parts()] == [
        (name, Works.WARN, "starting") for name in (ALARMS, DATABASE, TELEPHONE, SOUND)
    ]


def test_alarms_work_only_when_every_session_stands(lamps: Lamps) -> None:
    lamps.feed("readings", True)
    assert lamps.lamp(ALARMS)[0] is Works.WARN
    lamps.feed("alarms", True, 1)
    assert lamps.lamp(ALARMS) == (Works.OK, at(1), "")


def test_one_session_down_is_down_since_then_however_often_it_is_tried(lamps: Lamps) -> None:
    lamps.feed("alarms", True)
    lamps.feed("readings", True)
    for minute in (5, 6, 7):
        lamps.feed("alarms", False, minute, "unreachable")
    assert lamps.lamp(ALARMS) == (Works.DOWN, at(5), "unreachable")
    lamps.feed("readings", False, 8, "unreachable")
    lamps.feed("alarms", True, 9)
    assert lamps.lamp(ALARMS)[:2] == (Works.DOWN, at(5)), "it has been down all the time"
    lamps.feed("readings", True, 10)
    assert lamps.lamp(ALARMS) == (Works.OK, at(10), "")


def test_down_at_the_start_is_said_before_the_other_session_has_spoken(lamps: Lamps) -> None:
    lamps.feed("alarms", False, 0, "refused_password")
    assert lamps.lamp(ALARMS) == (Works.DOWN, at(0), "refused_password")


def test_another_reason_is_news_but_not_a_new_beginning(lamps: Lamps) -> None:
    lamps.feed("alarms", False, 0, "unreachable")
    lamps.feed("alarms", False, 5, "refused_password")
    assert lamps.lamp(ALARMS) == (Works.DOWN, at(0), "refused_password")


def test_the_database_works_when_every_way_into_it_does(lamps: Lamps) -> None:
    lamps.store("reads", True)
    lamps.store("alarms", False, 1, "full")
    lamps.store("readings", False, 2, "full")
    lamps.store("reads", True, 3)
    assert lamps.lamp(DATABASE) == (Works.DOWN, at(1), "full")
    lamps.store("alarms", True, 4)
    assert lamps.lamp(DATABASE)[:2] == (Works.DOWN, at(1))
    lamps.store("readings", True, 5)
    assert lamps.lamp(DATABASE) == (Works.OK, at(5), "")


def test_a_clock_that_is_off_is_told_beside_a_database_that_works(lamps: Lamps) -> None:
    lamps.health.clock(off=-61.4, at=at(0))
    lamps.store("reads", True)
    part = lamps.health.part(DATABASE)
    assert (part.state, part.reason, part.facts) == (Works.WARN, CLOCK_OFF, {"seconds": "61"})
    assert part.works
    lamps.store("reads", False, 1, "full")
    assert lamps.lamp(DATABASE) == (Works.DOWN, at(1), "full")
    assert not lamps.health.part(DATABASE).works
    lamps.store("reads", True, 2)
    assert lamps.lamp(DATABASE) == (Works.WARN, at(2), CLOCK_OFF)
    lamps.health.clock(off=0, at=at(3))
    assert lamps.lamp(DATABASE) == (Works.OK, at(3), "")


@pytest.mark.parametrize("state", LineState)
def test_the_telephones_lamp(lamps: Lamps, state: LineState) -> None:
    lamps.health.line(
        LineEvent(state=state, at=NOW, reason="r", sip_code=401, library="pjsua2 2.15")
    )
    works = {
        LineState.OFF: Works.OFF,
        LineState.STARTING: Works.WARN,
        LineState.READY: Works.OK,
    }.get(state, Works.DOWN)
    assert lamps.lamp(TELEPHONE) == (works, NOW, "r")
    assert lamps.health.part(TELEPHONE).facts == {"sip_code": 401, "library": "pjsua2 2.15"}


def test_a_headset_that_went_is_a_remark_while_something_else_is_heard(lamps: Lamps) -> None:
    ready = LineEvent(state=LineState.READY, at=NOW)
    lamps.health.line(replace(ready, sound="replaced"))
    assert lamps.lamp(TELEPHONE) == (Works.WARN, NOW, HEADSET_REPLACED)
    assert lamps.health.part(TELEPHONE).works
    lamps.health.line(replace(ready, sound="gone"))
    assert lamps.lamp(TELEPHONE) == (Works.DOWN, NOW, HEADSET_GONE)
    lamps.health.line(ready)
    assert lamps.lamp(TELEPHONE) == (Works.OK, NOW, "")


def test_calls_by_the_second_telephone_system_are_a_remark(lamps: Lamps) -> None:
    lamps.health.line(LineEvent(state=LineState.READY, at=NOW, sip_code=408, fallback=True))
    assert lamps.lamp(TELEPHONE) == (Works.WARN, NOW, ON_FALLBACK)
    assert lamps.health.part(TELEPHONE).works
    lamps.health.line(LineEvent(state=LineState.READY, at=NOW))
    assert lamps.lamp(TELEPHONE) == (Works.OK, NOW, "")


def test_a_telephone_that_is_started_again_in_vain_is_down_since_the_first_time(
    lamps: Lamps,
) -> None:
    for minute, state in enumerate(
        (
            LineState.READY,
            LineState.DOWN,
            LineState.STARTING,
            LineState.DOWN,
            LineState.UNREGISTERED,
        )
    ):
        lamps.health.line(LineEvent(state=state, at=at(minute), reason="crashed"))
    assert lamps.lamp(TELEPHONE) == (Works.DOWN, at(1), "crashed")
    lamps.health.line(LineEvent(state=LineState.READY, at=at(9)))
    assert lamps.lamp(TELEPHONE) == (Works.OK, at(9), "")


def test_the_sounds_lamp(lamps: Lamps) -> None:
    lamps.health.sound(works=False, at=at(0))
    assert lamps.lamp(SOUND) == (Works.DOWN, at(0), "no_sound_device")
    lamps.health.sound(works=True, at=at(1), device="Jabra")
    assert lamps.lamp(SOUND) == (Works.OK, at(1), "")
    assert lamps.health.part(SOUND).facts == {"device": "Jabra"}


def test_another_device_than_the_one_that_is_set_is_told(lamps: Lamps) -> None:
    lamps.health.sound(works=True, at=at(0), device="Jabra", wanted="Jabra")
    assert lamps.lamp(SOUND) == (Works.OK, at(0), "")
    lamps.health.sound(works=True, at=at(1), device="HDMI", wanted="Jabra")
    part = lamps.health.part(SOUND)
    assert (part.state, part.since, part.reason) == (Works.WARN, at(1), OTHER_DEVICE)
    assert part.facts == {"device": "HDMI", "wanted": "Jabra"}
    assert part.works
    lamps.health.sound(works=False, at=at(2), device="no_device", wanted="Jabra")
    assert lamps.lamp(SOUND) == (Works.DOWN, at(2), "no_device")


def test_nobody_is_told_of_what_did_not_change(lamps: Lamps) -> None:
    for minute in range(5):
        lamps.store("reads", True, minute)
    assert lamps.told == 1
    assert lamps.lamp(DATABASE)[1] == at(0)


def test_readings_that_cannot_be_stored_are_no_database_that_is_away() -> None:
    health = DeskHealth()
    health.store(StoreState(ok=False, at=NOW, path="readings", reason="full"))
    assert not health.is_without_database
    for path in ("alarms", "reads", "presence"):
        health.store(StoreState(ok=False, at=NOW, path=path, reason="unreachable"))
        assert health.is_without_database
        health.store(StoreState(ok=True, at=NOW, path=path))
        assert not health.is_without_database


def volume(percent: int = 80, *, muted: bool = False) -> Volume:
    return Volume(muted=muted, percent=percent)


@pytest.mark.parametrize(
    ("heard", "lamp"),
    [
        (None, (Works.OK, "")),
        (volume(), (Works.OK, "")),
        (volume(30), (Works.OK, "")),
        (volume(29), (Works.WARN, QUIET)),
        (volume(0), (Works.DOWN, MUTED)),
        (volume(100, muted=True), (Works.DOWN, MUTED)),
    ],
)
def test_a_machine_that_is_silent_or_nearly_so_is_told(
    lamps: Lamps, heard: Volume | None, lamp: tuple[Works, str]
) -> None:
    lamps.health.sound(works=True, at=at(0), device="Speaker")
    lamps.health.volume(heard, least_percent=30, at=at(1))
    part = lamps.health.part(SOUND)
    assert (part.state, part.reason) == lamp
    assert part.works is not (lamp[1] == MUTED)


def test_sound_that_is_turned_on_again_is_in_order_and_a_lost_device_goes_first(
    lamps: Lamps,
) -> None:
    lamps.health.volume(volume(muted=True), least_percent=30, at=at(0))
    assert lamps.lamp(SOUND)[2] == "starting"
    lamps.health.sound(works=True, at=at(1), device="Speaker", wanted="Headset")
    assert lamps.lamp(SOUND) == (Works.DOWN, at(1), MUTED)
    lamps.health.sound(works=False, at=at(2), device="no_device")
    assert lamps.lamp(SOUND)[2] == "no_device"
    lamps.health.sound(works=True, at=at(3), device="Speaker", wanted="Headset")
    lamps.health.volume(volume(), least_percent=30, at=at(4))
    assert lamps.lamp(SOUND) == (Works.WARN, at(4), OTHER_DEVICE)
    lamps.health.sound(works=True, at=at(5), device="Headset", wanted="Headset")
    assert lamps.lamp(SOUND) == (Works.OK, at(5), "")


def test_a_volume_that_is_being_turned_up_is_told_once(lamps: Lamps) -> None:
    lamps.health.sound(works=True, at=at(0), device="Speaker")
    before = lamps.told
    for percent in (5, 10, 20):
        lamps.health.volume(volume(percent), least_percent=30, at=at(percent))
    assert lamps.told == before + 1
    assert lamps.lamp(SOUND) == (Works.WARN, at(5), QUIET)

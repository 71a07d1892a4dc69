"""A headset and the telephone in step."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import pytest

from tests.fakes import FakeClock
from tests.waiting import at_once
from workstation.application.headset import HeadsetButtons
from workstation.application.phone_view import PhoneView
from workstation.domain.call import CallState
from workstation.domain.headset import HeadsetFound, Lights, Press
from workstation.domain.names import CallId

TALKING = PhoneView(call=CallId("1"), state=CallState.IN_CALL)
IDLE = PhoneView()


class FakePhone:
    """Notes what is asked; `ringing` is who calls in."""

    def __init__(self) -> None:
        self.view = IDLE
        self.asked: list[object] = []
        self.ringing: list[object] = []

    def watch(self, changed: object) -> None: ...

    def hang_up(self) -> None:
        self.asked.append("hang up")

    def mute(self, on: bool) -> None:
        self.asked.append(("mute", on))

    def hold(self, on: bool) -> None:
        self.asked.append(("hold", on))

    async def redial(self) -> None:
        self.asked.append("redial")

    def waiting(self) -> list[object]:
        return self.ringing

    def answer(self) -> None:
        self.asked.append("answer")


class FakeHeadset:
    """Keeps what it was to show."""

    def __init__(self) -> None:
        self.shown: list[Lights] = []

    def listen(self, on_press: Any, on_found: Any) -> None: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...

    def show(self, lights: Lights) -> None:
        self.shown.append(lights)


class Scene:
    def __init__(self) -> None:
        self.phone, self.headset, self.clock = FakePhone(), FakeHeadset(), FakeClock()
        self.buttons = HeadsetButtons(
            headset=self.headset,
            phone=self.phone,
            ringing=self.phone,
            clock=self.clock,
            run=self._run,
        )

    def stands(self, view: PhoneView) -> None:
        self.phone.view = view
        self.buttons.changed(view)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        at_once(work)


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.mark.parametrize(
    ("view", "lights"),
    [
        (TALKING, Lights(off_hook=True)),
        (replace(TALKING, muted=True), Lights(off_hook=True, muted=True)),
        (replace(TALKING, state=CallState.HELD, held=True), Lights(off_hook=True, held=True)),
        (replace(TALKING, state=CallState.DIALLING), Lights(off_hook=True)),
    ],
)
def test_the_lights_show_how_the_telephone_stands(
    scene: Scene, view: PhoneView, lights: Lights
) -> None:
    scene.stands(view)
    assert scene.headset.shown == [lights]
    scene.stands(replace(view, state=CallState.ENDED, held=False))
    assert scene.headset.shown[-1] == Lights()


def test_who_calls_in_lights_the_ring_and_a_button_answers(scene: Scene) -> None:
    scene.phone.ringing = [object()]
    scene.buttons.changed()
    assert scene.headset.shown == [Lights(ringing=True)]
    scene.buttons.pressed(Press.OFF_HOOK)
    assert scene.phone.asked == ["answer"]


@pytest.mark.parametrize(
    ("press", "view", "asked"),
    [
        (Press.OFF_HOOK, IDLE, []),
        (Press.OFF_HOOK, TALKING, []),
        (Press.ON_HOOK, TALKING, ["hang up"]),
        (Press.ON_HOOK, IDLE, []),
        (Press.HOOK, TALKING, ["hang up"]),
        (Press.MUTE, TALKING, [("mute", True)]),
        (Press.MUTE, replace(TALKING, muted=True), [("mute", False)]),
        (Press.MUTE, IDLE, []),
        (Press.MUTED, replace(TALKING, muted=True), []),
        (Press.UNMUTED, replace(TALKING, muted=True), [("mute", False)]),
        (Press.HOLD, TALKING, [("hold", True)]),
        (Press.HOLD, replace(TALKING, state=CallState.HELD, held=True), [("hold", False)]),
        (Press.REDIAL, IDLE, ["redial"]),
        (Press.REDIAL, TALKING, []),
    ],
)
def test_a_button_means_what_the_telephone_can_do_now(
    scene: Scene, press: Press, view: PhoneView, asked: list[object]
) -> None:
    scene.stands(view)
    scene.buttons.pressed(press)
    assert scene.phone.asked == asked


def test_a_hook_that_went_its_own_way_is_put_right(scene: Scene) -> None:
    scene.buttons.pressed(Press.OFF_HOOK)
    assert scene.headset.shown == [Lights()]


def test_the_echo_of_the_last_call_does_not_end_the_next(scene: Scene) -> None:
    scene.stands(TALKING)
    scene.stands(replace(TALKING, state=CallState.ENDED))
    scene.stands(replace(TALKING, call=CallId("2"), state=CallState.DIALLING))
    scene.buttons.pressed(Press.ON_HOOK)
    assert scene.phone.asked == []
    scene.clock.advance(2)
    scene.buttons.pressed(Press.ON_HOOK)
    assert scene.phone.asked == ["hang up"]


def test_a_headset_muted_before_the_call_mutes_it(scene: Scene) -> None:
    scene.buttons.pressed(Press.MUTED)
    assert scene.phone.asked == []
    scene.stands(TALKING)
    assert scene.phone.asked == [("mute", True)]
    scene.stands(replace(TALKING, muted=True))
    scene.buttons.pressed(Press.UNMUTED)
    assert scene.phone.asked[1:] == [("mute", False)]


def test_another_headset_is_not_muted(scene: Scene) -> None:
    scene.buttons.pressed(Press.MUTED)
    scene.buttons.found(HeadsetFound(name="another"))
    scene.stands(TALKING)
    assert scene.phone.asked == []
    assert scene.buttons.name == "another"

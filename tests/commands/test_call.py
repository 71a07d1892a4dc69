"""`main.py call`, against real far ends."""

import io
import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.hearing import seconds_of, tone_share
from tests.peers.simulated_phone import SimulatedPhone
from tests.peers.telephone import LINE_COMMAND
from workstation.adapters.sip.line import SupervisedLine
from workstation.adapters.sip.orders import Configure
from workstation.adapters.system.clock import SystemClock
from workstation.commands import call

pytestmark = pytest.mark.peer
CITIZEN = "+4500000017"


class Lines(io.StringIO):
    """What is printed; `on` is called with each line as it comes."""

    def __init__(self, on: Callable[[dict[str, Any]], None]) -> None:
        super().__init__()
        self._on = on

    def write(self, text: str) -> int:
        if text.startswith("{"):
            self._on(json.loads(text))
        return super().write(text)


class Desk:
    """Calls the simulated telephones as `main.py call` does."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.lines: list[dict[str, Any]] = []

    def call(self, target: str = CITIZEN, **wanted: Any) -> int:
        on = wanted.pop("on", lambda _: None)

        def printed(line: dict[str, Any]) -> None:
            self.lines.append(line)
            on(line)

        sound = wanted.pop("sound", "null")
        line = SupervisedLine(
            LINE_COMMAND,
            Configure(kind="direct", address=self._address, sound=sound),
            clock=SystemClock(),
            is_simulated_number=lambda _: False,
            ring_for_s=wanted.pop("ring_for_s", 35.0),
        )
        words: dict[str, Any] = {"seconds": 0.2, "record": None, "as_json": True} | wanted
        return call.run(line, target, clock=SystemClock(), out=Lines(printed), **words)

    @property
    def states(self) -> list[str]:
        return [line["state"] for line in self.lines]


@pytest.fixture
def desk() -> Iterator[Callable[..., Desk]]:
    with ExitStack() as stack:

        def start(**plan: Any) -> Desk:
            phone = SimulatedPhone({"default": {"after_s": 0} | plan})
            stack.callback(phone.stop)
            return Desk(phone.address)

        yield start


def test_an_answered_call_is_recorded_and_told(desk, tmp_path):
    it, file = desk(after_s=0.3), tmp_path / "heard.wav"
    assert it.call(seconds=1.5, record=file) == 0
    assert it.states == ["dialling", "ringing", "in_call", "ended"]
    last = it.lines[-1]
    assert (last["result"], last["sip_code"], last["sip_reason"]) == ("answered", 200, "OK")
    for line in it.lines:
        assert datetime.fromisoformat(line["at"]).utcoffset() is not None
    assert tone_share(file, 440) >= 0.9
    # The seconds count from the answer.
    answered, ended = (datetime.fromisoformat(line["at"]) for line in it.lines[-2:])
    assert (ended - answered).total_seconds() >= 1.5
    assert seconds_of(file) > 1.0


def test_a_busy_line(desk):
    it = desk(does="busy")
    assert it.call() == 1
    assert it.lines[-1]["result"] == "busy"
    assert (it.lines[-1]["sip_code"], it.lines[-1]["sip_reason"]) == (486, "Busy Here")


def test_nobody_answers(desk):
    it = desk(does="silent")
    assert it.call(ring_for_s=0.5) == 1
    assert it.lines[-1]["result"] == "no_answer"


def test_the_far_end_hangs_up_first(desk):
    it = desk(hangs_up_after_s=0.1)
    assert it.call(seconds=None) == 0
    assert it.lines[-1]["result"] == "answered"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_hangs_up_in_order(desk, number):
    before = signal.getsignal(number)

    def interrupt(line: dict[str, Any]) -> None:
        if line["state"] == "in_call":
            os.kill(os.getpid(), number)

    it = desk()
    assert it.call(seconds=None, on=interrupt) == 0
    assert it.lines[-1]["result"] == "answered"
    assert signal.getsignal(number) is before


def test_a_signal_while_it_rings_cancels(desk):
    def interrupt(line: dict[str, Any]) -> None:
        if line["state"] == "ringing":
            os.kill(os.getpid(), signal.SIGTERM)

    it = desk(does="silent")
    assert it.call(on=interrupt) == 1
    assert it.lines[-1]["result"] == "cancelled"


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ({"target": "Anna"}, "malformed_target"),
        ({"record": Path("/nowhere/heard.wav")}, "record_unwritable"),
        ({"sound": "default"}, "no_sound_device"),
    ],
)
def test_a_call_that_does_not_come_about_is_told_by_name(desk, no_sound, wanted, reason):
    it = desk()
    assert it.call(**wanted) == 1
    (only,) = it.lines
    assert (only["state"], only["result"], only["reason"]) == ("ended", "failed", reason)


def test_without_json_a_line_has_words(desk):
    out = io.StringIO()
    it = desk(does="busy")
    line = SupervisedLine(
        LINE_COMMAND,
        Configure(kind="direct", address=it._address),
        clock=SystemClock(),
        is_simulated_number=lambda _: False,
    )
    words = {"seconds": None, "record": None, "as_json": False}
    assert call.run(line, CITIZEN, clock=SystemClock(), out=out, **words) == 1
    assert out.getvalue().splitlines()[-1].split()[1:] == ["ended", "busy", "486", "Busy", "Here"]

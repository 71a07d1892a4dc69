"""`main.py simulate`: puts load on the broker as many transmitters would, and says what it sent."""

from __future__ import annotations

import json
import secrets
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TextIO

from workstation.application.ports import Clock
from workstation.domain.kind import Kind, Source
from workstation.domain.names import DeviceName, Kommune
from workstation.domain.signal import Origin, Pressed
from workstation.wire import hub_writer

_ALARMS: Final = (
    (Kind.EMERGENCY, "pendant"),
    (Kind.TECHNICAL, "battery_low"),
    (Kind.SUPERVISION, "door"),
    (Kind.EMERGENCY, "fall"),
    (Kind.MEDICATION, "not_taken"),
    (Kind.TECHNICAL, "link_lost"),
)


class Sender(Protocol):
    """A connection that can publish and wait until all of it has arrived."""

    def publish(self, topic: str, payload: bytes) -> None:
        """Send (QoS 1); raises BrokerFailed."""
        ...

    def flush(self) -> None:
        """Wait until the broker has confirmed everything; raises BrokerFailed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much to send: `rate` messages a second for `seconds`, from `devices` in turn."""

    kommune: Kommune
    devices: int
    rate: float
    seconds: float
    kind: Literal["alarm", "reading"] = "alarm"

    @property
    def count(self) -> int:
        """How many messages that is."""
        return max(1, round(self.rate * self.seconds))


def run(
    load: Load, sender: Sender, *, clock: Clock, wait: Callable[[float], bool], out: TextIO
) -> int:
    """Send, then print one JSON object: kind, devices, sent, seconds, rate, and this run's mark.

    `wait` sleeps for some seconds and returns True when the program should end early.
    Raises BrokerFailed.
    """
    started = clock.monotonic()
    mark = secrets.token_hex(4)
    sent = 0
    for number in range(load.count):
        pause = started + number / load.rate - clock.monotonic()
        if pause > 0 and wait(pause):
            break
        sender.publish(*message(load, number, mark, clock))
        sent += 1
    sender.flush()
    took = clock.monotonic() - started
    said = {
        "kind": load.kind,
        "devices": load.devices,
        "sent": sent,
        "seconds": round(took, 3),
        "rate": round(sent / took, 1) if took > 0 else None,
        "ids": f"sim-{mark}-",
    }
    print(json.dumps(said), file=out, flush=True)
    return 0


def message(load: Load, number: int, mark: str, clock: Clock) -> tuple[str, bytes]:
    """Return topic and payload of the message of that number."""
    device = DeviceName(f"sim-{number % load.devices + 1:04d}")
    if load.kind == "reading":
        values = {"pulse": 60.0 + number % 30, "spo2": 0.95}
        return hub_writer.reading(load.kommune, device, clock.now(), values)
    # Each device in turn goes on to its next kind of alarm, so that not all fold into one.
    kind, code = _ALARMS[(number // load.devices) % len(_ALARMS)]
    return hub_writer.alarm(
        Pressed(
            origin=Origin(source=Source.HUB, device=device, kommune=load.kommune),
            kind=kind,
            code=code,
            text=f"#{number + 1}",
            at=clock.now(),
            id=f"sim-{mark}-{number + 1}",
        )
    )


@contextmanager
def ended_by_signals(end: Callable[[], None]) -> Iterator[None]:
    """While inside, SIGTERM and Ctrl-C ask for an end in order."""
    before = {one: signal.signal(one, lambda *_: end()) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)

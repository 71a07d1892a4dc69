"""Shelly Gen2 and later: `<shelly>/events/rpc`, `<shelly>/online`, `<shelly>/status/<part>`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from workstation.domain.kind import Kind, Source
from workstation.domain.names import DeviceName
from workstation.domain.problem import Decoded, Problem
from workstation.domain.signal import Level, Message, Origin, Reading, Signal, Status
from workstation.wire.channels import part_of
from workstation.wire.errors import Reason, WireError
from workstation.wire.payload import parse, plain
from workstation.wire.values import clean, moment, name, number

EVENTS: Final = "/events/rpc"
ONLINE: Final = "/online"
STATUS: Final = "/status/"


@dataclass(frozen=True, slots=True)
class Measure:
    """A value of a component's status and the channel it is, in that channel's unit."""

    component: str
    path: tuple[str, ...]
    channel: str
    factor: float = 1.0


_METERS: Final = ("switch", "light", "cover", "pm1")
MEASURES: Final = (
    Measure("temperature", ("tC",), "temperature"),
    Measure("humidity", ("rh",), "humidity"),
    Measure("devicepower", ("battery", "percent"), "battery"),
    Measure("devicepower", ("battery", "V"), "battery_voltage"),
    Measure("devicepower", ("external", "present"), "external_power"),
    Measure("illuminance", ("lux",), "illuminance"),
    Measure("voltmeter", ("voltage",), "voltage"),
    *(Measure(meter, ("apower",), "power") for meter in _METERS),
    *(Measure(meter, ("voltage",), "voltage") for meter in _METERS),
    *(Measure(meter, ("current",), "current") for meter in _METERS),
    # Shelly counts Wh, the channel (as zigbee2mqtt's) kWh.
    *(Measure(meter, ("aenergy", "total"), "energy", 0.001) for meter in _METERS),
    *(Measure(meter, ("temperature", "tC"), "device_temperature") for meter in _METERS),
    Measure("switch", ("output",), "output"),
    Measure("input", ("state",), "input"),
    Measure("em1", ("act_power",), "power"),
    Measure("em", ("total_act_power",), "power"),
    Measure("presence", ("num_objects",), "presence"),
    Measure("bthomesensor", ("value",), "bthomesensor"),
    Measure("bthomedevice", ("battery",), "battery"),
    Measure("number", ("value",), "number"),
    Measure("boolean", ("value",), "boolean"),
    Measure("wifi", ("rssi",), "rssi"),
)
ALARMS: Final = {
    "smoke": (Kind.EMERGENCY, "smoke"),
    "flood": (Kind.SUPERVISION, "water_leak"),
}
"""Components whose `alarm` is a state that lasts."""

_BY_COMPONENT: Final[dict[str, list[Measure]]] = {}
for _measure in MEASURES:
    _BY_COMPONENT.setdefault(_measure.component, []).append(_measure)


def speaks(topic: str) -> bool:
    """Whether a topic has the form of this convention (its names carry no prefix of their own)."""
    return topic.endswith((EVENTS, ONLINE)) or STATUS in topic


def decode(message: Message) -> Decoded:
    """Read one message. What a button was pressed for is the register's to say: no alarm by itself.

    Raises WireError.
    """
    topic, payload = message.topic, message.payload
    device, form, component = _split(topic)
    if not device:
        raise WireError(Reason.UNKNOWN_TOPIC, where=name(topic), expected="<shelly>/events/rpc")
    origin = Origin(source=Source.SHELLY, device=DeviceName(name(device)))
    if not payload and form != EVENTS:
        return Decoded()  # cleared at the broker
    try:
        if form == ONLINE:
            return Decoded(signals=(Status(origin=origin, online=_is_true(payload)),))
        if form == EVENTS:
            return _events(payload, origin)
        found = _Found(origin, None, full=True)
        found.component(component, parse(payload).as_object())
    except WireError as error:
        raise error.on(origin) from None
    return found.decoded()


def _split(topic: str) -> tuple[str, str, str]:
    """Return device, form and component of a topic."""
    for form in (ONLINE, EVENTS):
        if topic.endswith(form):
            return topic.removesuffix(form), form, ""
    return topic.partition(STATUS)


def _is_true(payload: bytes) -> bool:
    said = plain(payload)
    if said not in ("true", "false"):
        raise WireError(Reason.BAD_VALUE, expected="true|false")
    return said == "true"


def _events(payload: bytes, origin: Origin) -> Decoded:
    frame = parse(payload).as_object()
    method, params = frame.get("method"), frame.get("params")
    if method == "NotifyEvent":
        return Decoded()
    if method not in ("NotifyStatus", "NotifyFullStatus"):
        expected = "NotifyStatus|NotifyFullStatus|NotifyEvent"
        raise WireError(Reason.BAD_VALUE, where="method", expected=expected)
    if not isinstance(params, dict):
        raise WireError(Reason.WRONG_TYPE, where="params", expected="object")
    found = _Found(origin, moment(params.get("ts")), full=method == "NotifyFullStatus")
    for key, component in params.items():
        if isinstance(component, dict):
            found.component(key, component)
    return found.decoded()


class _Found:
    """What the components of one device say at one time."""

    def __init__(self, origin: Origin, at: datetime | None, *, full: bool) -> None:
        """`full`: what is not there is not so; a part's message leaves out what has not changed."""
        self.signals: list[Signal] = []
        self.problems: list[Problem] = []
        self._origin = origin
        self._at = at
        self._full = full

    def decoded(self) -> Decoded:
        """Return everything taken in."""
        return Decoded(signals=tuple(self.signals), problems=tuple(self.problems))

    def component(self, key: str, status: Mapping[str, object]) -> None:
        """Take in the status of `smoke:0` and the like."""
        component, _, number_ = key.partition(":")
        part = "" if number_ in ("", "0") else number_
        if component in ALARMS and status.get("alarm") is not None:
            self._alarm(key, component, part, status["alarm"])
        for measure in _BY_COMPONENT.get(component, ()):
            self._reading(measure, part, status)
        if component in _BY_COMPONENT or component in ALARMS:
            self._errors(component, part, status.get("errors"))

    def _alarm(self, key: str, component: str, part: str, alarm: object) -> None:
        if not isinstance(alarm, bool):
            self.problems.append(
                Problem(
                    reason=Reason.WRONG_TYPE,
                    where=name(f"{key}.alarm"),
                    expected="true|false",
                    origin=self._origin,
                )
            )
            return
        kind, code = ALARMS[component]
        self._level(kind, _named(code, part), active=alarm)

    def _reading(self, measure: Measure, part: str, status: Mapping[str, object]) -> None:
        value: object = status
        for step in measure.path:
            value = value.get(step) if isinstance(value, dict) else None
        found = float(value) if isinstance(value, bool) else number(value)
        if found is not None:
            self.signals.append(
                Reading(
                    origin=self._origin,
                    channel=_named(measure.channel, part),
                    value=found * measure.factor,
                    at=self._at,
                )
            )

    def _errors(self, component: str, part: str, errors: object) -> None:
        """Take in what the component reports of itself: cannot measure, flood cable unplugged."""
        said = [str(one) for one in errors] if isinstance(errors, list) else []
        if said or self._full:
            code = _named(f"{component}_fault", part)
            self._level(Kind.TECHNICAL, code, active=bool(said), text=clean(", ".join(said))[:200])

    def _level(self, kind: Kind, code: str, *, active: bool, text: str = "") -> None:
        self.signals.append(
            Level(origin=self._origin, kind=kind, code=code, active=active, text=text, at=self._at)
        )


def _named(key: str, part: str) -> str:
    return part_of(key, part) if part else key

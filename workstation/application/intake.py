"""From a message to what must be filed: the rules about retained, old, repeated and unreadable."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from workstation.application.directory import DeviceKey, Directory
from workstation.application.ports import DeviceHealth, Hub, Report
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId, DeviceName, Kommune
from workstation.domain.problem import Decoded, Problem
from workstation.domain.signal import (
    Described,
    Level,
    Message,
    Origin,
    Pressed,
    Reading,
    Signal,
    Status,
)
from workstation.domain.telemetry import BATTERY, LINK, Sample

FRESH = timedelta(minutes=30)
"""How old a retained press may be and still be an alarm (domain rule: a ghost of last week is not)."""
_BELIEVED_PAST = timedelta(days=30)
_BELIEVED_FUTURE = timedelta(minutes=2)
_TEXT_KEPT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one message asks for."""

    reports: tuple[Report, ...] = ()
    samples: tuple[Sample, ...] = ()
    health: tuple[DeviceHealth, ...] = ()
    described: tuple[Described, ...] = ()


class Intake:
    """Decodes messages and applies the hub's rules; used by one network thread, does no I/O."""

    def __init__(
        self,
        *,
        decode: Callable[[Message], Decoded],
        directory: Callable[[], Directory],
        hub: Hub,
        new_id: Callable[[datetime], AlarmId],
        active_levels: Iterable[str] = (),
        shared: bool = False,
    ) -> None:
        """`decode` never raises; `directory` gives the register's latest picture; `active_levels` hold.

        `shared`: each message comes to one of the hub's readers only.
        """
        self._shared = shared
        self._decode = decode
        self._directory = directory
        self._hub = hub
        self._new_id = new_id
        self._levels = dict.fromkeys(active_levels, True)

    def load(self, active_levels: Iterable[str]) -> None:
        """Take lasting states that the database has; what was heard since is newer. Any thread."""
        for level in active_levels:
            self._levels.setdefault(level, True)

    def take(self, message: Message) -> Work:
        """Return everything that `message` asks for; a message that says nothing asks for nothing."""
        decoded = self._decode(message)
        body_hash = _hash(message)
        reports: list[Report] = []
        samples: list[Sample] = []
        heard: dict[DeviceKey, DeviceHealth] = {}
        for signal in decoded.signals:
            match signal:
                case Pressed():
                    reports += self._pressed(signal, message, body_hash)
                case Level():
                    reports += self._level(signal, message, body_hash)
                case Reading():
                    samples += self._sample(signal, message)
                case Status():
                    reports += self._status(signal, message, body_hash)
                case _:
                    pass
            self._hear(signal, message, heard)
        reports += [self._problem(problem, message, body_hash) for problem in decoded.problems]
        return Work(
            reports=tuple(reports),
            samples=tuple(samples),
            health=tuple(heard.values()),
            described=tuple(s for s in decoded.signals if isinstance(s, Described)),
        )

    def unexpected(self, message: Message, error: Exception) -> Work:
        """Return what to file when our own code failed on a message: it sounds, and shows it raw."""
        problem = Problem(reason="our_fault", where=type(error).__name__, sounds=True)
        return Work(reports=(self._problem(problem, message, _hash(message)),))

    def _pressed(self, signal: Pressed, message: Message, body_hash: str) -> list[Report]:
        kind, code, text = signal.kind, signal.code, signal.text
        if message.retained and (signal.at is None or message.received_at - signal.at >= FRESH):
            kind, code, text = Kind.TECHNICAL, "old_press", f"{code} {text}".strip()
        alarm = self._alarm(signal.origin, kind, code, text, message, at=signal.at, pressed=signal)
        report = Report(
            alarm=alarm,
            topic=message.topic,
            key=_key(alarm, signal),
            body_hash=body_hash,
            duplicate=message.duplicate,
            packet=message.packet,
            shared=self._shared,
            retained=message.retained,
        )
        return [report, *self._remarks(signal, message, body_hash)]

    def _remarks(self, signal: Pressed, message: Message, body_hash: str) -> list[Report]:
        """Return technical reports about what was wrong with an alarm that could be read."""
        said: dict[str, str] = {}
        if signal.at is not None and not _believed(signal.at, message.received_at):
            said["clock_wrong"] = signal.at.isoformat()
        if signal.flaws:
            said["flawed_message"] = "; ".join(signal.flaws)
        return [
            self._technical(signal.origin, code, text, message, body_hash)
            for code, text in said.items()
        ]

    def _technical(
        self, origin: Origin, code: str, text: str, message: Message, body_hash: str
    ) -> Report:
        return Report(
            alarm=self._alarm(origin, Kind.TECHNICAL, code, text, message),
            topic=message.topic,
            body_hash=f"{body_hash}/{code}",
            duplicate=message.duplicate,
            packet=message.packet,
            shared=self._shared,
            retained=message.retained,
        )

    def _level(self, signal: Level, message: Message, body_hash: str) -> list[Report]:
        alarm = self._alarm(
            signal.origin, signal.kind, signal.code, signal.text, message, at=signal.at
        )
        return self._lasting(alarm, message, body_hash, active=signal.active)

    def _status(self, signal: Status, message: Message, body_hash: str) -> list[Report]:
        alarm = self._alarm(signal.origin, Kind.TECHNICAL, "offline", "", message)
        return self._lasting(alarm, message, body_hash, active=not signal.online)

    def _lasting(
        self, alarm: Alarm, message: Message, body_hash: str, *, active: bool
    ) -> list[Report]:
        """Report a lasting state when it changes; devices repeat it with every message."""
        name = level_name(alarm)
        if self._levels.get(name) is active:
            return []
        self._levels[name] = active
        return [
            Report(
                alarm=alarm,
                topic=message.topic,
                body_hash=body_hash,
                duplicate=message.duplicate,
                packet=message.packet,
                shared=self._shared,
                retained=message.retained,
                level=name,
                active=active,
            )
        ]

    def _problem(self, problem: Problem, message: Message, body_hash: str) -> Report:
        origin = problem.origin or Origin(
            source=Source.UNKNOWN,
            device=DeviceName(message.topic[:120].encode("utf-8", "replace").decode()),
        )
        kind = Kind.EMERGENCY if problem.sounds else Kind.TECHNICAL
        text = " ".join(part for part in (problem.reason, problem.where, problem.expected) if part)
        return Report(
            alarm=self._alarm(origin, kind, "unreadable", text, message),
            topic=message.topic,
            body_hash=f"{body_hash}/unreadable",
            duplicate=message.duplicate,
            packet=message.packet,
            shared=self._shared,
            retained=message.retained,
        )

    def _alarm(
        self,
        origin: Origin,
        kind: Kind,
        code: str,
        text: str,
        message: Message,
        *,
        at: datetime | None = None,
        pressed: Pressed | None = None,
    ) -> Alarm:
        device = self._directory().device(origin)
        received = message.received_at
        return Alarm(
            id=self._new_id(received),
            kind=kind,
            code=code,
            text=text[:_TEXT_KEPT],
            device=origin.device,
            kommune=device.kommune if device else self._kommune(origin),
            source=origin.source,
            raised_at=at if at is not None and _believed(at, received) else received,
            received_at=received,
            citizen=device.citizen if device else None,
            location=(pressed and pressed.location) or (device and device.location) or None,
            priority=pressed.priority if pressed else None,
            voice=pressed.voice if pressed else None,
            message_id=pressed.id if pressed else None,
            retained=message.retained,
            raw=message.payload,
        )

    def _kommune(self, origin: Origin) -> Kommune:
        """Return where an unregistered device belongs: what its topic says if served here, else home."""
        served = origin.kommune is not None and origin.kommune in self._hub.kommuner
        return origin.kommune if served and origin.kommune is not None else self._hub.home

    def _sample(self, signal: Reading, message: Message) -> list[Sample]:
        """Return the sample, or none: what the broker kept without a time is of an unknown past."""
        kommune, device = self._device_key(signal.origin)
        at = signal.at
        if at is None or not _believed(at, message.received_at):
            if message.retained:
                return []
            at = message.received_at
        return [
            Sample(
                kommune=kommune, device=device, channel=signal.channel, at=at, value=signal.value
            )
        ]

    def _device_key(self, origin: Origin) -> DeviceKey:
        device = self._directory().device(origin)
        return (device.kommune if device else self._kommune(origin), origin.device)

    def _hear(self, signal: Signal, message: Message, heard: dict[DeviceKey, DeviceHealth]) -> None:
        """Note that a device was heard; what the broker kept says nothing about now."""
        if message.retained or isinstance(signal, Described):
            return
        key = self._device_key(signal.origin)
        old = heard.get(key) or DeviceHealth(
            kommune=key[0], device=key[1], heard_at=message.received_at
        )
        match signal:
            case Reading(channel=channel, value=value) if channel == BATTERY:
                old = replace(old, battery=value)
            case Reading(channel=channel, value=value) if channel == LINK:
                old = replace(old, link=value)
            case Status(online=online):
                # A last will is the broker's word, not the device's.
                old = replace(old, online=online, heard_at=message.received_at if online else None)
            case _:
                pass
        heard[key] = old


def level_name(alarm: Alarm) -> str:
    """Return the name under which a lasting state is remembered."""
    return level_of(alarm.source, (alarm.kommune, alarm.device), alarm.code)


def level_of(source: Source, device: DeviceKey, code: str) -> str:
    """Return the name of a lasting state from its parts."""
    return f"{source}/{device[0]}/{device[1]}/{code}"


def _believed(at: datetime, received: datetime) -> bool:
    return received - _BELIEVED_PAST <= at <= received + _BELIEVED_FUTURE


def _key(alarm: Alarm, signal: Pressed) -> str | None:
    """Return (device, id, device time): the same message; None where the device gave only one of them."""
    if signal.id is None or signal.at is None:
        return None
    return f"{alarm.kommune}/{alarm.device}/{signal.id}/{signal.at.isoformat()}"


def _hash(message: Message) -> str:
    topic = message.topic.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(topic + b"\0" + message.payload, digest_size=16).hexdigest()

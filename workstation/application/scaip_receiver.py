"""Receives alarms over SIP (SCAIP): kept first, answered next, each of them once."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from workstation.application.directory import DeviceKey, Directory
from workstation.application.errors import LineFailed
from workstation.application.intake import Work
from workstation.application.kept import Kept
from workstation.application.ports import Clock, DeviceHealth, MessageLine, Report, Token
from workstation.application.scaip_answers import (
    REPEATED_WITHIN,
    Reports,
    Unit,
    address_of,
    digest,
    name_of,
    not_stored,
    reply_to,
    user_of,
)
from workstation.application.scaip_heartbeats import HEARTBEAT
from workstation.domain.call import TextMessage
from workstation.domain.names import DeviceName, Kommune
from workstation.domain.scaip import CONTENT_TYPE, MessageType, Reply, Request, Unreadable
from workstation.domain.scaip_codes import Effect, meaning
from workstation.domain.telemetry import Sample

_log = logging.getLogger(__name__)
TEST: Final = "test_transmission"
NOTED: Final = "unit_message"
"""Channels under which what disturbs nobody is kept among the unit's readings."""
_CHANNELS: Final = {Effect.HEARTBEAT: HEARTBEAT, Effect.TEST: TEST}
_OK: Final = 200
_UNAVAILABLE: Final = 503
_LAST_OK: Final = 299
_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What the settings say of the receiver."""

    tnu: str = ""
    """Whom a unit calls after its alarm; "" for the one it was set up with."""
    is_direct: bool = False
    """Without a telephone system in between: units are answered where their messages come from."""
    answer_within: timedelta = timedelta(seconds=5)
    """How long a unit is let wait for the disk before it is sent to its next receiver."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """The form of what is said."""

    read: Callable[[bytes, str], Request | Unreadable]
    """Of a body and its content type; never raises."""
    write: Callable[[Reply], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Where things go; none of them raises, any thread."""

    submit: Callable[[tuple[Report, ...], Kept, Token], None]
    """The durable path of alarms."""
    values: Callable[[Work], None]
    """The path of readings."""
    heard: Callable[[DeviceKey, datetime], None]
    """The watch over heartbeats."""


class Units:
    """Finds whose a message is; any thread."""

    def __init__(self, directory: Callable[[], Directory], home: Kommune) -> None:
        """`directory` gives the register's latest picture; `home` is for units it does not know."""
        self._directory = directory
        self._home = home

    def of(self, found: Request | Unreadable, message: TextMessage) -> Unit:
        """Return the unit of this number; of this SIP user where no number can be read.

        A number that nobody has is not another unit's, whoever sends it: that would be the alarm of
        another citizen.
        """
        name = DeviceName(found.cid or user_of(message.sender))
        device = self._directory().by_name.get(name)
        if device is not None:
            return Unit(name=device.name, kommune=device.kommune, device=device)
        return Unit(name=name_of(found, message), kommune=self._home)


@dataclass(slots=True)
class _Message:
    """One message of a unit, however often it comes."""

    at: float
    reply: Reply
    is_stored: bool = False
    waiting: list[tuple[str, float]] = field(default_factory=list)
    """Who waits for the reply, and since when."""


class ScaipReceiver:
    """Files what units say and answers them; `take` and `acknowledge` are called by any thread.

    A message that comes again within ten minutes is answered as before, and is filed once: by what is
    remembered here, and by the database where another receiver had it, or this one before a start.

    `snu 0` is said of an alarm only once it is in the database or, while that is away, in the
    journal.
    """

    def __init__(
        self,
        *,
        line: MessageLine,
        wire: Wire,
        ways: Ways,
        units: Units,
        reports: Reports,
        clock: Clock,
        setup: Setup,
    ) -> None:
        """Compose; whoever does so has `line` deliver to `take`, and calls `look` twice a second."""
        self._line = line
        self._wire = wire
        self._ways = ways
        self._units = units
        self._reports = reports
        self._clock = clock
        self._setup = setup
        self._lock = threading.Lock()
        self._messages: dict[_Key, _Message] = {}
        self._begun: Counter[str] = Counter()
        self._is_stuck = False

    def take(self, message: TextMessage) -> None:
        """Take one SIP MESSAGE; runs on the line's thread and never raises."""
        try:
            self._take(self._addressed(message))
        except Exception as error:  # noqa: BLE001 - see below
            # A fault of ours must not cost an alarm: it sounds, and the unit tries elsewhere.
            _log.exception("a message of an alarm unit could not be taken")
            nothing = Unreadable(reason="our_fault", where=type(error).__name__)
            reports = self._reports.of_unreadable(
                nothing, message, self._units.of(nothing, message)
            )
            self._ways.submit(tuple(reports), self, None)

    def acknowledge(self, tokens: Sequence[Token]) -> None:
        """Answer those whose alarms are on a disk now."""
        self._is_stuck = False
        self._answer(tokens)

    async def look(self) -> None:
        """Send units elsewhere whose alarms nothing has kept in time; forget old messages."""
        now = self._clock.monotonic()
        within = self._setup.answer_within.total_seconds()
        late: list[tuple[str, Reply]] = []
        with self._lock:
            for message in self._messages.values():
                for waiting in [one for one in message.waiting if now - one[1] >= within]:
                    message.waiting.remove(waiting)
                    late.append((waiting[0], not_stored(message.reply)))
            self._is_stuck = self._is_stuck or bool(late)
            self._forget(now)
        for sender, reply in late:
            _log.warning("an alarm unit is sent to its next receiver: nothing is stored")
            self._send(sender, reply)

    def _answer(self, tokens: Sequence[Token]) -> None:
        due: list[tuple[str, Reply]] = []
        with self._lock:
            for token in tokens:
                if isinstance(token, _Message):
                    token.is_stored = True
                    due += [(sender, token.reply) for sender, _since in token.waiting]
                    token.waiting.clear()
        for sender, reply in due:
            self._send(sender, reply)

    def _addressed(self, message: TextMessage) -> TextMessage:
        """Return the message with the sender's address as one that can be sent to."""
        user = user_of(message.sender)
        if self._setup.is_direct and message.source:
            return replace(message, sender=f"sip:{user}@{message.source}")
        return replace(message, sender=address_of(message.sender))

    def _take(self, message: TextMessage) -> None:
        self._line.answer_message(message.number, _UNAVAILABLE if self._is_stuck else _OK)
        found = self._wire.read(message.body, message.content_type)
        if isinstance(found, Unreadable):
            self._unreadable(found, message)
        else:
            self._request(found, message)

    def _unreadable(self, found: Unreadable, message: TextMessage) -> None:
        unit = self._units.of(found, message)
        _log.warning("a message of an alarm unit cannot be read: %s", found.reason)
        reply = Reply(ref=found.ref, answer=found.answer, ste=found.reason)
        key = (found.cid, found.ref, str(hash(message.body)))
        answers = found.is_alarm and bool(found.ref)
        entry = self._entry(key, reply, message, answers=answers)
        if entry is not None:
            reports = self._reports.of_unreadable(found, message, unit)
            self._ways.submit(tuple(reports), self, entry)

    def _request(self, request: Request, message: TextMessage) -> None:
        unit = self._units.of(request, message)
        effect = meaning(request).effect
        if request.mty is MessageType.RESET:
            self._forget_unit(request.cid)
        reply = reply_to(request, unit, self._setup.tnu)
        key = (request.cid, request.ref, digest(request))
        entry = self._entry(key, reply, message)
        if entry is None:
            return
        _log.info("an alarm unit said: %s", effect)
        self._note(effect, unit, message.at)
        begun = self._begun.get(request.cid, 0)
        reports = self._reports.of_request(request, message, unit, begun=begun)
        if reports:
            self._ways.submit(tuple(reports), self, entry)
        else:
            self._answer([entry])

    def _entry(
        self, key: _Key, reply: Reply, message: TextMessage, *, answers: bool = True
    ) -> _Message | None:
        """Return what is to be filed of a message; None of one that came before, which is answered."""
        now = self._clock.monotonic()
        with self._lock:
            known = self._messages.get(key) if key[1] else None
            if known is not None and now - known.at > REPEATED_WITHIN.total_seconds():
                known = None
            entry = known or _Message(at=now, reply=reply)
            if known is None:
                self._messages[key] = entry
            is_due = known is not None and known.is_stored
            if answers and not is_due:
                entry.waiting.append((message.sender, now))
        if is_due and answers:
            self._send(message.sender, entry.reply)
        return None if known is not None else entry

    def _note(self, effect: Effect, unit: Unit, at: datetime) -> None:
        """Keep that the unit was heard, and what disturbs nobody, among its readings."""
        if unit.device is None:
            return
        key = (unit.kommune, unit.name)
        if effect is Effect.HEARTBEAT:
            self._ways.heard(key, at)
        quiet = effect in (Effect.HEARTBEAT, Effect.TEST, Effect.NOTED)
        channel = _CHANNELS.get(effect, NOTED)
        sample = Sample(kommune=unit.kommune, device=unit.name, channel=channel, at=at, value=1.0)
        health = DeviceHealth(kommune=unit.kommune, device=unit.name, heard_at=at)
        self._ways.values(Work(samples=(sample,) if quiet else (), health=(health,)))

    def _forget_unit(self, cid: str) -> None:
        """Take a unit's refs for new ones: it has started and may count from one again."""
        with self._lock:
            self._begun[cid] += 1
            for key in [key for key in self._messages if key[0] == cid]:
                del self._messages[key]

    def _forget(self, now: float) -> None:
        oldest = now - REPEATED_WITHIN.total_seconds()
        for key, message in list(self._messages.items()):
            if message.at < oldest and not message.waiting:
                del self._messages[key]

    def _send(self, sender: str, reply: Reply) -> None:
        try:
            self._line.send(sender, CONTENT_TYPE, self._wire.write(reply), _sent)
        except LineFailed as error:
            # The unit asks again, and is answered then.
            _log.warning("a reply to an alarm unit cannot be sent: %s", error.reason)


def _sent(code: int, _reason: str) -> None:
    if not _OK <= code <= _LAST_OK:
        _log.warning("a reply did not reach its alarm unit: %d", code)

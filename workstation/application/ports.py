"""What the use cases need from the world; adapters and the tests' fakes implement it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from workstation.domain.access import Look
from workstation.domain.alarm import Alarm
from workstation.domain.call import CallEvent, CallRecord, IncomingCall, LineEvent, TextMessage
from workstation.domain.chain import Checkpoint, Entry, Head, Link
from workstation.domain.citizen import Citizen, Device
from workstation.domain.kind import Kind
from workstation.domain.names import AlarmId, CallId, CitizenId, DeviceName, Kommune, VisitId
from workstation.domain.round import Visit
from workstation.domain.signal import Message
from workstation.domain.steps import AnyStep
from workstation.domain.telemetry import Bucket, Sample


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Return the current time, aware UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never jump, for measuring durations."""
        ...


# --- Messages -------------------------------------------------------------------------------------

Token = object
"""What a feed hands out with a message so that it can be acknowledged later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """Whether the broker can be heard; `reason` names why not (as in BrokerFailed)."""

    connected: bool
    at: datetime
    reason: str = ""
    facts: dict[str, object] = field(default_factory=dict)
    fresh: bool = False
    """The broker has begun a new session: what was published before is not delivered any more."""


class MessageFeed(Protocol):
    """One persistent session at the broker. Its callbacks run on its own network thread."""

    def start(
        self, on_message: Callable[[Message, Token], None], on_state: Callable[[FeedState], None]
    ) -> None:
        """Connect in the background, subscribe, and deliver until `stop`; returns at once."""
        ...

    def subscribe(self, topics: Sequence[str]) -> None:
        """Listen to more topics (discovered state topics); any thread."""
        ...

    def acknowledge(self, tokens: Sequence[Token]) -> None:
        """Tell the broker that these are kept; tokens of an earlier connection are dropped. Any thread."""
        ...

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Send now (QoS 1) if connected and return True; return False, and keep nothing, if not."""
        ...

    def stop(self) -> None:
        """Disconnect; the session and what was not acknowledged stay with the broker."""
        ...


# --- Alarms ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAt:
    """A place in a desk's journal (`application.journal`)."""

    journal: str
    seq: int
    oldest: int = 0
    """The first place that the journal still has: nothing from before that will be filed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One thing to file: an alarm to raise, fold or restore. Made by `application.intake`."""

    alarm: Alarm
    """As it would be raised; its id is final unless the report is folded or already known."""
    topic: str = ""
    key: str | None = None
    """(device, id, device time) where the device gave both: the same key is the same message."""
    also: tuple[str, ...] = ()
    """Other keys that the same message may have: of one whose device gives an id and no time.

    It is the same while its alarm is open; afterwards it may be another press.
    """
    body_hash: str = ""
    """Of topic and payload: with the same key but another hash it is another alarm."""
    duplicate: bool = False
    """A redelivery (DUP): without a key, identical bytes are the same message while its alarm is open.

    (Afterwards they may be a later press that was never stored: in doubt double, never drop.)
    """
    retained: bool = False
    packet: int | None = None
    """The broker's number of the delivery: with the same one it comes again, if it does."""
    shared: bool = False
    """It came to one of the hub's readers only: nobody else's message can be the same."""
    level: str | None = None
    """For a lasting state: its name, `<source>/<kommune>/<device>/<code>`; None for an edge."""
    active: bool = True
    """For a lasting state: whether it holds now; False restores the open alarm."""
    kept_at: KeptAt | None = None
    """Where it was kept while the database was away: filed twice from there, it is known."""

    @property
    def fold_key(self) -> str:
        """What makes two reports the same open alarm."""
        return self.alarm.fold_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What became of one report."""

    report: Report
    alarm: Alarm | None
    """The alarm it raised, was folded into or restored, as it stands now; None when it says nothing.

    Of a known message the alarm it once raised or was folded into, which may be closed by now.
    """
    known: bool = False
    """The same message had been stored before."""
    folded: bool = False
    """It became a repeat of an open alarm."""


class AlarmWriter(Protocol):
    """The durable path: called from the writer thread only, on a connection of its own."""

    def file(self, reports: Sequence[Report]) -> list[Filed]:
        """Store all of `reports` in one commit, or none.

        One `Filed` per report, in order; an alarm of a duplicate id with another body adds a second
        `Filed` with a technical alarm of code `duplicate_id` behind its own. Raises StoreUnavailable
        (try again later) or RowRefused (split the batch).
        """
        ...

    def join(self, at: datetime) -> None:
        """Take a place among the readers, unless this one has one: `begin` as a newcomer."""
        ...

    def begin(self, at: datetime) -> None:
        """Note that this reader will be delivered nothing more that others received before a time.

        A message without an id is the same as one that another reader has stored since this one's
        last, where the bytes are the same: each of theirs once, in their order.
        """
        ...

    def levels(self) -> frozenset[str]:
        """Return the lasting states that hold, as stored."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStep:
    """A step with its place in the one sequence of everything that happened."""

    seq: int
    alarm: AlarmId
    step: AnyStep


KnownVersion = Callable[[AlarmId], int | None]
"""Which version of an alarm somebody has already; called from any thread."""


class AlarmStore(Protocol):
    """Alarms and their steps, for the screen and the use cases. Never blocks the loop."""

    async def open_alarms(self) -> list[Alarm]:
        """Return every alarm that is not resolved."""
        ...

    async def find(self, alarm: AlarmId) -> Alarm:
        """Return one alarm; raises NotFound."""
        ...

    async def save(self, alarm: Alarm, step: AnyStep, *, expected_version: int) -> None:
        """Store the alarm as it is after `step`, and the step; raises Changed with the current alarm."""
        ...

    async def save_all(
        self, alarm: Alarm, steps: Sequence[AnyStep], *, expected_version: int
    ) -> None:
        """Store the alarm as it is after `steps`, and all of these in their order, in one commit."""
        ...

    async def steps(self, alarm: AlarmId) -> list[StoredStep]:
        """Return the alarm's history, oldest first; repeats beyond 200 are thinned to the latest 200."""
        ...

    async def changed_since(
        self, seq: int, known: KnownVersion = lambda _alarm: None
    ) -> tuple[int, list[Alarm]]:
        """Return the newest sequence number and every alarm with a step after `seq`, as they stand.

        Those whose version is `known` are left out: most are this desk's own, in a storm thousands.
        """
        ...

    async def similar(self, alarm: Alarm, since: datetime) -> list[Alarm]:
        """Return other alarms of the same kind and citizen (or device) received since, newest first."""
        ...

    async def listed(
        self, *, everything: bool, since: datetime | None, limit: int | None = None
    ) -> list[Alarm]:
        """Return open alarms, or all of them; newest last."""
        ...


# --- Register -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """A citizen with what may be shown only on demand."""

    citizen: Citizen
    cpr: str | None = None
    """Ten digits; None leaves what is stored."""


class Register(Protocol):
    """Citizens and devices."""

    async def citizens(self) -> list[Citizen]:
        """Return all citizens by name."""
        ...

    async def citizen(self, citizen: CitizenId) -> Citizen:
        """Return one card; raises NotFound."""
        ...

    async def devices(self) -> list[Device]:
        """Return all devices by kommune and name."""
        ...

    async def cpr(self, citizen: CitizenId, look: Look) -> str | None:
        """Return the CPR number, writing `look` to the access log in the same transaction."""
        ...

    async def put(self, entries: Sequence[RegisterEntry], devices: Sequence[Device]) -> None:
        """Insert or replace all of them in one transaction."""
        ...

    async def log(self, look: Look) -> None:
        """Write one entry of the access log."""
        ...

    async def looks(self, citizen: CitizenId) -> list[Look]:
        """Return who looked at a citizen, oldest first."""
        ...


# --- The access log's chains ----------------------------------------------------------------------


class AccessLog(Protocol):
    """Who looked at whom: one chain per writing process. Never blocks the loop."""

    writer: str
    """The name of this process's own chain."""

    async def log(self, look: Look) -> None:
        """Write one entry at the end of this process's chain."""
        ...

    async def of_citizen(self, citizen: CitizenId) -> list[Entry]:
        """Return the entries about a citizen, oldest first."""
        ...

    async def tails(self) -> dict[str, Link]:
        """Return where each writer's chain ends now, also one of which all was purged."""
        ...

    async def sees_all(self) -> bool:
        """Whether every entry may be seen; who sees some kommuner's only sees gaps."""
        ...

    async def entries(self, writer: str, *, after: int, most: int) -> list[Entry]:
        """Return a chain's entries behind the number `after`, `most` at a time.

        What cannot be read as an entry has the hash "", which nothing has.
        """
        ...

    async def hash_at(self, writer: str, number: int) -> str | None:
        """Return the hash of one entry, None where there is none of that number."""
        ...

    async def heads(self) -> list[Head]:
        """Return every head that was ever recorded."""
        ...

    async def record_heads(self, heads: Sequence[Head]) -> None:
        """Keep heads for ever; one that stands already is left as it is."""
        ...

    async def checkpoints(self) -> list[Checkpoint]:
        """Return what every purge left behind."""
        ...

    async def first_since(self, writer: str, moment: datetime) -> int | None:
        """Return the number of a chain's first entry from `moment` on, None where there is none."""
        ...

    async def sign_off(self, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint for ever; from now on what it covers may be removed."""
        ...

    async def remove(self, writer: str, *, up_to: int, most: int) -> int:
        """Delete a chain's oldest entries up to a checkpoint's number, `most` of them; returns how many."""
        ...


class HistoryKind(StrEnum):
    """History that is removed when its time is over; the words stand in the purge log."""

    ALARMS = "alarms"
    CALLS = "calls"
    VISITS = "visits"
    ATTEMPTS = "attempts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """How many rows were removed, and from what period (None where it is not known)."""

    count: int = 0
    earliest: datetime | None = None
    latest: datetime | None = None

    def __add__(self, other: Removed) -> Removed:
        """Return both together."""
        earliest = [at for at in (self.earliest, other.earliest) if at is not None]
        latest = [at for at in (self.latest, other.latest) if at is not None]
        return Removed(
            count=self.count + other.count,
            earliest=min(earliest, default=None),
            latest=max(latest, default=None),
        )


NOTHING = Removed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Something that only one process of a hub does, once in a while."""

    name: str
    holder: str
    now: datetime
    until: datetime
    """How long the others wait for it, if nothing is heard of it."""
    due: datetime
    """Who finished it since then did it for all."""


class Retention(Protocol):
    """Removes what has been kept for its time, a little at a time; never blocks the loop."""

    async def take(self, turn: Turn) -> bool:
        """Return whether it is this process's turn; taken again, it lasts longer."""
        ...

    async def finish(self, turn: Turn) -> None:
        """Say that it is done, if it still is this process's turn."""
        ...

    async def forget_readings(self, before: datetime) -> Removed:
        """Remove raw readings from before a time; their roll-ups stay."""
        ...

    async def forget_minutes(self, before: datetime) -> Removed:
        """Remove roll-ups by minute from before a time; those by hour stay."""
        ...

    async def forget_hours(self, before: datetime) -> Removed:
        """Remove roll-ups by hour from before a time."""
        ...

    async def forget_messages(self, before: datetime) -> Removed:
        """Forget which messages were received before a time, but for retained ones."""
        ...

    async def forget_history(
        self, kind: HistoryKind, before: datetime, *, at: datetime, by: str
    ) -> Removed:
        """Remove history from before a time, noting each portion where it is removed.

        Of alarms only closed ones, with their steps; of calls those whose alarm is gone.
        """
        ...

    async def note(
        self, kind: str, removed: Removed, *, before: datetime, at: datetime, by: str
    ) -> None:
        """Write into the purge log what was removed of another kind."""
        ...


class PublishedHeads(Protocol):
    """The ends of the chains where nobody who edits the database reaches: at the broker."""

    async def read(self) -> list[Head]:
        """Return what was published last for each writer; raises BrokerFailed."""
        ...

    async def publish(self, heads: Sequence[Head]) -> None:
        """Replace what was published for these writers; raises BrokerFailed."""
        ...


# --- Telemetry ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceHealth:
    """The latest that is known of a device itself."""

    kommune: Kommune
    device: DeviceName
    heard_at: datetime | None = None
    battery: float | None = None
    link: float | None = None
    online: bool | None = None


class ReadingWriter(Protocol):
    """The readings' own path: called from its own thread only, on a connection of its own."""

    def write(self, samples: Sequence[Sample], health: Sequence[DeviceHealth]) -> None:
        """Store all in one commit and keep the roll-ups right; raises StoreUnavailable or RowRefused.

        The same (device, channel, at) again replaces the value, a value that is not finite is
        refused, and None fields of `health` leave what is stored.
        """
        ...

    def recent(
        self, kommune: Kommune, device: DeviceName, channel: str, since: datetime
    ) -> list[tuple[datetime, float]]:
        """Return the latest 500 values since a time, in time order; raises StoreUnavailable."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


class ReadingStore(Protocol):
    """Readings and roll-ups, for the screen."""

    async def channels(self, kommune: Kommune, device: DeviceName) -> list[str]:
        """Return the keys of the channels this device has reported."""
        ...

    async def samples(
        self, kommune: Kommune, device: DeviceName, channel: str, *, start: datetime, end: datetime
    ) -> list[tuple[datetime, float]]:
        """Return raw values in time order."""
        ...

    async def latest(self, kommune: Kommune, device: DeviceName, since: datetime) -> list[Sample]:
        """Return a device's values of every channel after `since`, in time order."""
        ...

    async def buckets(
        self,
        kommune: Kommune,
        device: DeviceName,
        channel: str,
        *,
        start: datetime,
        end: datetime,
        width: timedelta,
    ) -> list[Bucket]:
        """Return roll-ups of `width` (whole minutes), in time order, gaps left out.

        The first is the one that `start` lies in.
        """
        ...

    async def health(self) -> list[DeviceHealth]:
        """Return the health of every device heard so far."""
        ...


# --- Calls, round ---------------------------------------------------------------------------------


class CallLog(Protocol):
    """Every attempt to call."""

    async def begin(self, record: CallRecord) -> None:
        """Write the row of a call that starts."""
        ...

    async def complete(self, record: CallRecord) -> None:
        """Complete the row of a call that was answered or ended."""
        ...

    async def unfinished(self) -> list[CallRecord]:
        """Return calls that this desk started and never ended (it crashed)."""
        ...

    async def listed(
        self, *, since: datetime | None = None, alarm: AlarmId | None = None
    ) -> list[CallRecord]:
        """Return the log, oldest first."""
        ...


class RoundStore(Protocol):
    """The day's round."""

    async def visits(self, start: datetime, end: datetime) -> list[Visit]:
        """Return visits with `start <= at < end`, in time order."""
        ...

    async def visit(self, visit: VisitId) -> Visit:
        """Return one; raises NotFound."""
        ...

    async def save(self, visit: Visit, *, expected_version: int) -> None:
        """Store a changed visit; raises Changed with the current one."""
        ...

    async def put(self, visits: Sequence[Visit]) -> None:
        """Insert all (an existing id is left as it stands) in one transaction."""
        ...


# --- Telephone, browser ---------------------------------------------------------------------------


class CallLine(Protocol):
    """The telephone. Its callbacks run on a thread of its own; nothing here blocks."""

    def listen(
        self,
        on_call: Callable[[CallEvent], None],
        on_line: Callable[[LineEvent], None],
        on_incoming: Callable[[IncomingCall], None] | None = None,
    ) -> None:
        """Say where events go; before `start`. Without `on_incoming` whoever calls in is turned away.

        An IncomingCall comes before the first CallEvent of that call, which is then INCOMING.
        """
        ...

    def start(self) -> None:
        """Start in the background; LineEvents follow."""
        ...

    def answer(self, call: CallId) -> None:
        """Answer a call that rings here; one that is gone is no error."""
        ...

    def decline(self, call: CallId, *, busy: bool = False) -> None:
        """Let another desk have a call that rings here (480), or say that we are busy (486)."""
        ...

    def transfer(self, call: CallId, target: str) -> None:
        """Hand an answered call to a number or SIP address, unasked; raises LineFailed.

        `CallEvent.transfer` tells how it went; a call that was handed over ends.
        """
        ...

    def transfer_to(self, call: CallId, other: CallId) -> None:
        """Hand an answered call to whom `other` talks with; both end when it is done."""
        ...

    def join(self, calls: Sequence[CallId]) -> None:
        """Let these answered calls hear each other and the operator, and no other; () parts them."""
        ...

    def call(self, call: CallId, target: str, *, record: Path | None = None) -> None:
        """Place a call to an E.164 number or SIP address; raises LineFailed."""
        ...

    def hang_up(self, call: CallId) -> None:
        """End or cancel; a call that is gone is no error."""
        ...

    def mute(self, call: CallId, muted: bool) -> None:
        """Stop or resume sending our sound."""
        ...

    def hold(self, call: CallId, held: bool) -> None:
        """Put on hold or resume."""
        ...

    def dtmf(self, call: CallId, digits: str) -> None:
        """Send tones (RFC 4733): 0-9 * # A-D."""
        ...

    def volume(self, call: CallId, level: float) -> None:
        """Set how loud the citizen is heard: 0.0 to 2.0, 1.0 as sent."""
        ...

    def stop(self) -> None:
        """Hang up, unregister and end."""
        ...


class MessageLine(Protocol):
    """SIP MESSAGEs in and out; its callbacks run on a thread of its own, nothing here blocks."""

    def listen_messages(self, take: Callable[[TextMessage], None]) -> None:
        """Say where messages go; before `start`."""
        ...

    def send(self, to: str, content_type: str, body: str, done: Callable[[int, str], None]) -> None:
        """Send to a SIP address; `done` hears the final SIP code (408: no reply, 0: lost) and reason.

        Raises LineFailed for an address that cannot be sent to.
        """
        ...

    def answer_message(self, number: int, code: int) -> None:
        """Answer a TextMessage with this SIP code; with PyPI's library it was answered 200 already."""
        ...


class Browser(Protocol):
    """The system's browser, for a visit's link."""

    def open(self, url: str) -> bool:
        """Open `url`; False when there is no browser."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """What the settings say of this hub, as the use cases need it."""

    kommuner: tuple[Kommune, ...]
    escalate_after: dict[Kind, timedelta]
    untouched_after: dict[Kind, timedelta]
    unsaved_after: timedelta = timedelta(seconds=1)
    heartbeat: timedelta = timedelta(seconds=5)
    lease: timedelta = timedelta(seconds=30)
    """How long behind its last heartbeat a desk keeps its operator's alarms."""
    unwatched_after: timedelta = timedelta(seconds=60)
    """How long a kommune may be without anybody who could answer."""

    shares_readings: bool = False
    """Each reading goes to one of the hub's processes: what is known of a device is in the database."""

    @property
    def home(self) -> Kommune:
        """The kommune that an unknown device is put under: the first."""
        return self.kommuner[0]

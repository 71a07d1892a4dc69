"""What the database knows of a batch of reports before they are filed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from sqlalchemy import Connection, bindparam, select, text

from workstation.adapters.db.lookup import Lookup
from workstation.adapters.db.readers import Reader
from workstation.adapters.db.replayed import Replayed
from workstation.adapters.db.rows import alarm_of
from workstation.adapters.db.tables import ALARM, HAS_NO_KEY, IS_OPEN, LEVEL, MESSAGE
from workstation.application.ports import Report
from workstation.domain.alarm import Alarm
from workstation.domain.names import AlarmId

_CHUNK: Final = 1000
"""Values in one IN list: below what any of the databases allows."""

_BY_KEY: Final = Lookup(MESSAGE.c.key, MESSAGE.c.body_hash, MESSAGE.c.alarm_id, by=MESSAGE.c.key)
_BY_BODY: Final = Lookup(
    MESSAGE.c.seq, MESSAGE.c.body_hash, MESSAGE.c.alarm_id, by=MESSAGE.c.body_hash, where=HAS_NO_KEY
)
_OPEN: Final = Lookup(ALARM.c.fold_key, ALARM.c.id, by=ALARM.c.fold_key, where=IS_OPEN)
_HELD: Final = Lookup(LEVEL.c.name, by=LEVEL.c.name, where=text("active"))
_ALARMS: Final = select(ALARM).where(ALARM.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMessage:
    """A message stored before: the hash of what it said, and the alarm it led to."""

    body_hash: str
    alarm: AlarmId


_BY_MESSAGE: Final = (
    select(MESSAGE.c.key, MESSAGE.c.body_hash.label("message_hash"), ALARM)
    .join_from(MESSAGE, ALARM, ALARM.c.id == MESSAGE.c.alarm_id)
    .where(MESSAGE.c.key.in_(bindparam("keys", expanding=True)))
)


Said = tuple[str, str]
"""A message's key and the hash of what it said: another with the same id is another message."""


def known_alarms(connection: Connection, keys: Iterable[str]) -> dict[Said, Alarm]:
    """Return the alarms of those messages with these keys that are stored; one statement."""
    rows = connection.execute(_BY_MESSAGE, {"keys": list(keys)})
    return {(row.key, row.message_hash): alarm_of(row) for row in rows}


class Stored:
    """The facts a batch needs, read with one statement per kind; what turns up later, singly."""

    def __init__(self, connection: Connection, reports: Sequence[Report], reader: Reader) -> None:
        self._connection = connection
        self._reader = reader.name
        self.place = reader.place(connection, reports)
        self.replayed = Replayed(connection, reports)
        self.messages: dict[str, KnownMessage | None] = {}
        self.bodies: dict[str, AlarmId | None] = {}
        self.alarms: dict[AlarmId, Alarm] = {}
        self.standing: dict[str, AlarmId | None] = {}
        keys = {report.key for report in reports if report.key is not None}
        self._read_messages(keys.union(*(report.also for report in reports)))
        self._read_bodies({report.body_hash for report in reports if self.may_be_repeated(report)})
        self._read_standing({report.fold_key for report in reports})
        names = {report.level for report in reports if report.level is not None}
        self.held = {name for (name,) in _HELD.rows(connection, names)}
        self._since: dict[str, datetime] = {}
        if any(report.level is not None and report.kept_at is not None for report in reports):
            known = select(LEVEL.c.name, LEVEL.c.since).where(LEVEL.c.name.in_(names))
            self._since = {row.name: row.since for row in connection.execute(known)}

    def is_overtaken(self, report: Report) -> bool:
        """Whether a level that waited in a journal has been told of anew by others meanwhile."""
        since = self._since.get(report.level or "")
        waited = report.kept_at is not None
        return waited and since is not None and since > report.alarm.received_at

    def message(self, key: str) -> KnownMessage | None:
        """Return the message of that key."""
        if key not in self.messages:
            self._read_messages({key})
        return self.messages[key]

    def same_body(self, body_hash: str) -> AlarmId | None:
        """Return the alarm of the latest message with these very bytes."""
        return self.bodies.get(body_hash)

    def may_be_repeated(self, report: Report) -> bool:
        """Whether only its bytes can tell that `report` was delivered before.

        Of a redelivery to a reader of a name the broker's number tells more, see `Place`.
        """
        numbered = self._reader and report.packet is not None and not report.shared
        unnumbered = report.duplicate and not numbered
        return report.key is None and report.level is None and (report.retained or unnumbered)

    def alarm(self, alarm: AlarmId) -> Alarm | None:
        """Return an alarm as it stands."""
        if alarm not in self.alarms:
            self._read_alarms([alarm])
        return self.alarms.get(alarm)

    def open_alarm(self, fold_key: str) -> Alarm | None:
        """Return the open alarm that a report with this key folds into."""
        if fold_key not in self.standing:
            self._read_standing({fold_key})
        alarm = self.standing[fold_key]
        return None if alarm is None else self.alarms[alarm]

    def _read_messages(self, keys: set[str]) -> None:
        self.messages.update(dict.fromkeys(keys))
        for key, body_hash, alarm in _BY_KEY.rows(self._connection, keys):
            self.messages[key] = KnownMessage(body_hash=body_hash, alarm=alarm)

    def _read_bodies(self, hashes: set[str]) -> None:
        # In the order in which they came: the latest counts.
        for _seq, body_hash, alarm in sorted(_BY_BODY.rows(self._connection, hashes)):
            self.bodies[body_hash] = alarm

    def _read_standing(self, fold_keys: set[str]) -> None:
        self.standing.update(dict.fromkeys(fold_keys))
        standing = dict(_OPEN.rows(self._connection, fold_keys))
        self._read_alarms(standing.values())
        self.standing.update(standing)

    def _read_alarms(self, alarms: Iterable[AlarmId]) -> None:
        rest = iter(alarms)
        while chunk := list(islice(rest, _CHUNK)):
            for row in self._connection.execute(_ALARMS, {"ids": chunk}):
                alarm = alarm_of(row)
                self.alarms[alarm.id] = alarm

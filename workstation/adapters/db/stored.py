"""What the database knows of a batch of reports before they are filed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, select

from workstation.adapters.db.rows import alarm_of
from workstation.adapters.db.tables import ALARM, HAS_NO_KEY, IS_OPEN, LEVEL, MESSAGE
from workstation.application.ports import Report
from workstation.domain.alarm import Alarm
from workstation.domain.names import AlarmId

_CHUNK: Final = 1000
"""Values in one IN list: below what any of the databases allows."""

_VALUES: Final[BindParameter[str]] = bindparam("values", expanding=True)
_BY_KEY: Final = select(MESSAGE.c.key, MESSAGE.c.body_hash, MESSAGE.c.alarm_id).where(
    MESSAGE.c.key.in_(_VALUES)
)
_BY_BODY: Final = (
    select(MESSAGE.c.body_hash, MESSAGE.c.alarm_id)
    .where(MESSAGE.c.body_hash.in_(_VALUES), HAS_NO_KEY)
    .order_by(MESSAGE.c.seq)
)
_OPEN: Final = select(ALARM).where(ALARM.c.fold_key.in_(_VALUES), IS_OPEN)
_ALARMS: Final = select(ALARM).where(ALARM.c.id.in_(_VALUES))
_HELD: Final = select(LEVEL.c.name).where(LEVEL.c.name.in_(_VALUES), LEVEL.c.active)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMessage:
    """A message stored before: the hash of what it said, and the alarm it led to."""

    body_hash: str
    alarm: AlarmId


class Stored:
    """The facts a batch needs, read with one statement per kind; what turns up later, singly."""

    def __init__(self, connection: Connection, reports: Sequence[Report]) -> None:
        self._connection = connection
        self.messages: dict[str, KnownMessage | None] = {}
        self.bodies: dict[str, AlarmId | None] = {}
        self.alarms: dict[AlarmId, Alarm] = {}
        self.standing: dict[str, AlarmId | None] = {}
        self._read_messages({report.key for report in reports if report.key is not None})
        self._read_bodies({report.body_hash for report in reports if may_be_repeated(report)})
        self._read_standing({report.fold_key for report in reports})
        names = {report.level for report in reports if report.level is not None}
        self.held = {row.name for row in self._rows(_HELD, names)}

    def message(self, key: str) -> KnownMessage | None:
        """Return the message of that key."""
        if key not in self.messages:
            self._read_messages({key})
        return self.messages[key]

    def same_body(self, body_hash: str) -> AlarmId | None:
        """Return the alarm of the latest message with these very bytes."""
        return self.bodies.get(body_hash)

    def alarm(self, alarm: AlarmId) -> Alarm | None:
        """Return an alarm as it stands."""
        if alarm not in self.alarms:
            for row in self._rows(_ALARMS, {alarm}):
                self.alarms[alarm] = alarm_of(row)
        return self.alarms.get(alarm)

    def open_alarm(self, fold_key: str) -> Alarm | None:
        """Return the open alarm that a report with this key folds into."""
        if fold_key not in self.standing:
            self._read_standing({fold_key})
        alarm = self.standing[fold_key]
        return None if alarm is None else self.alarms[alarm]

    def _read_messages(self, keys: set[str]) -> None:
        self.messages.update(dict.fromkeys(keys))
        for row in self._rows(_BY_KEY, keys):
            self.messages[row.key] = KnownMessage(body_hash=row.body_hash, alarm=row.alarm_id)

    def _read_bodies(self, hashes: set[str]) -> None:
        for row in self._rows(_BY_BODY, hashes):
            self.bodies[row.body_hash] = row.alarm_id

    def _read_standing(self, fold_keys: set[str]) -> None:
        self.standing.update(dict.fromkeys(fold_keys))
        for row in self._rows(_OPEN, fold_keys):
            alarm = alarm_of(row)
            self.alarms[alarm.id] = alarm
            self.standing[row.fold_key] = alarm.id

    def _rows(self, statement: Select[Any], values: Iterable[str]) -> Iterator[Row[Any]]:
        rest = iter(values)
        while chunk := list(islice(rest, _CHUNK)):
            yield from self._connection.execute(statement, {"values": chunk})


def may_be_repeated(report: Report) -> bool:
    """Whether only its bytes can tell that `report` was delivered before."""
    repeated = report.duplicate or report.retained
    return report.key is None and report.level is None and repeated

"""One of several readers of the same messages: how far it has come, and which rows are its own too."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Dialect,
    Table,
    and_,
    bindparam,
    delete,
    func,
    select,
)

from workstation.adapters.db.bulk import BulkInsert
from workstation.adapters.db.lookup import Lookup
from workstation.adapters.db.reader_tables import MESSAGE_HEARD, MESSAGE_READER
from workstation.adapters.db.statements import upsert
from workstation.adapters.db.tables import MESSAGE, PRESSED
from workstation.application.ports import Report
from workstation.domain.names import AlarmId

_LAST: Final = select(func.coalesce(func.max(MESSAGE.c.seq), 0))
# The latest first: of sixty days' messages nearly all are older.
_BEFORE: Final = select(
    func.coalesce(
        select(MESSAGE.c.seq)
        .where(MESSAGE.c.received_at < bindparam("at"))
        .order_by(MESSAGE.c.seq.desc())
        .limit(1)
        .scalar_subquery(),
        0,
    )
)
_POSITION: Final = select(
    select(MESSAGE_READER.c.position)
    .where(MESSAGE_READER.c.name == bindparam("reader"))
    .scalar_subquery()
    .label("position"),
    _LAST.scalar_subquery().label("last"),
)
_LATER: Final = Lookup(
    MESSAGE.c.seq,
    MESSAGE.c.body_hash,
    MESSAGE.c.alarm_id,
    MESSAGE.c.reader,
    by=MESSAGE.c.body_hash,
    where=PRESSED,
    above=MESSAGE.c.seq,
)
_IS_ITS: Final = MESSAGE_HEARD.c.reader == bindparam("reader")
_DELIVERED: Final = select(MESSAGE_HEARD).where(
    and_(
        _IS_ITS,
        MESSAGE_HEARD.c.packet.in_(bindparam("packets", expanding=True)),
    )
)
_NOTED: Final = select(MESSAGE_HEARD.c.packet).where(_IS_ITS).limit(1)
_FORGET: Final = delete(MESSAGE_HEARD).where(_IS_ITS)


class Reader:
    """A reader by its name; compiled once, used by one writer."""

    def __init__(self, name: str, dialect: Dialect) -> None:
        """Without a name every message counts as its own."""
        self.name = name
        self._places = BulkInsert(MESSAGE_READER, dialect, _replacing(dialect, MESSAGE_READER))
        self._heard = BulkInsert(MESSAGE_HEARD, dialect, _replacing(dialect, MESSAGE_HEARD))

    def is_known(self, connection: Connection) -> bool:
        """Whether it has a place."""
        row = connection.execute(_POSITION, {"reader": self.name}).one()
        return row.position is not None

    def is_behind(self, connection: Connection, at: datetime) -> bool:
        """Whether `begin` would change anything."""
        row = connection.execute(_POSITION, {"reader": self.name}).one()
        if row.position is None or row.position < self._before(connection, at):
            return True
        return connection.execute(_NOTED, {"reader": self.name}).first() is not None

    def begin(self, connection: Connection, at: datetime) -> None:
        """Stand behind what was received before a time: none of it will be delivered any more.

        Nor will anything be delivered again: a new session's numbers begin anew.
        """
        row = connection.execute(_POSITION, {"reader": self.name}).one()
        position = max(row.position or 0, self._before(connection, at))
        self._places.add(connection, [{"name": self.name, "position": position}])
        connection.execute(_FORGET, {"reader": self.name})

    def _before(self, connection: Connection, at: datetime) -> int:
        return int(connection.execute(_BEFORE, {"at": at}).scalar_one())

    def place(self, connection: Connection, reports: Sequence[Report]) -> Place:
        """Return what a batch of reports must know of this reader and of the others."""
        return Place(self.name, connection, [one for one in reports if self.name and is_plain(one)])

    def write(self, connection: Connection, place: Place) -> None:
        """Note how far it has come with a batch, once that is written."""
        if place.has_stored:
            place.position = connection.execute(_LAST).scalar_one()
        if place.position > place.began_at:
            self._places.add(connection, [{"name": self.name, "position": place.position}])
        self._heard.add(connection, place.deliveries)


class Place:
    """Where a reader stands, report by report: each row of another's is found once, in their order.

    In doubt a press is stored twice. What others stored before the reader's last is never matched any
    more: it was not delivered to this reader, and a later press with the same bytes is another one.
    """

    def __init__(self, name: str, connection: Connection, reports: Sequence[Report]) -> None:
        self._name = name
        self._others: dict[str, deque[tuple[int, AlarmId]]] = defaultdict(deque)
        self._heard: dict[tuple[int, str], AlarmId] = {}
        self.has_stored = False
        self.position = self.began_at = 0
        self.deliveries: list[dict[str, Any]] = []
        if reports:
            self._read_position(connection)
            self._read_others(connection, {report.body_hash for report in reports})
            packets = [report.packet for report in reports if report.duplicate]
            self._read_heard(connection, {packet for packet in packets if packet is not None})

    def known(self, report: Report) -> AlarmId | None:
        """Return the alarm of this very delivery, which came before and was not acknowledged then."""
        return self._heard.get((report.packet or 0, report.body_hash))

    def found(self, report: Report) -> AlarmId | None:
        """Return the alarm of the message as another reader stored it, and step over it."""
        others = self._others[report.body_hash]
        while others and not self.has_stored:
            seq, alarm = others.popleft()
            if seq > self.position:
                self.position = seq
                self._note(report, alarm)
                return alarm
        return None

    def stored(self, report: Report, alarm: AlarmId) -> None:
        """Note that this reader stores a message itself: all rows of others stand before it."""
        if self._name and is_plain(report):
            self.has_stored = True
            self._note(report, alarm)

    def _note(self, report: Report, alarm: AlarmId) -> None:
        packet = _packet(report)
        if packet is not None:
            row = {"reader": self._name, "packet": packet, "body_hash": report.body_hash}
            self.deliveries.append({**row, "alarm_id": alarm})
            self._heard[packet, report.body_hash] = alarm

    def _read_position(self, connection: Connection) -> None:
        row = connection.execute(_POSITION, {"reader": self._name}).one()
        # A reader nobody knows begins here.
        self.began_at = row.last if row.position is None else row.position
        if connection.dialect.name == "sqlite":
            # Its numbers begin anew where all messages are forgotten.
            self.began_at = min(self.began_at, row.last)
        self.position = self.began_at

    def _read_others(self, connection: Connection, hashes: set[str]) -> None:
        rows = _LATER.rows(connection, hashes, above=self.position)
        for seq, body_hash, alarm, reader in sorted(rows, key=lambda row: row[0]):
            if reader is not None and reader != self._name:
                self._others[body_hash].append((seq, alarm))

    def _read_heard(self, connection: Connection, packets: set[int]) -> None:
        if packets:
            asked = {"reader": self._name, "packets": sorted(packets)}
            for row in connection.execute(_DELIVERED, asked):
                self._heard[row.packet, row.body_hash] = AlarmId(row.alarm_id)


def is_plain(report: Report) -> bool:
    """Whether nothing but its bytes and their order tells `report` from another press."""
    said_once = report.key is None and report.level is None
    return said_once and not report.retained and not report.shared


def _packet(report: Report) -> int | None:
    # What comes from a journal was acknowledged long ago: its number means another message by now.
    return report.packet if report.kept_at is None else None


def _replacing(dialect: Dialect, table: Table) -> Any:  # noqa: ANN401 - an Insert of either dialect
    statement = upsert(dialect, table)
    others: list[Column[Any]] = [column for column in table.columns if not column.primary_key]
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={column.name: statement.excluded[column.name] for column in others},
    )

"""How far each desk's journal has been filed: crossed out in the same commit as what was filed."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import BigInteger, Column, Connection, String, Table, select

from workstation.adapters.db.columns import Moment
from workstation.adapters.db.statements import put
from workstation.adapters.db.tables import METADATA
from workstation.application.ports import Report

REPLAYED: Final = Table(
    "replayed",
    METADATA,
    Column("journal", String, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    # When the latest of its reports had come: what is of years ago may be deleted.
    Column("received_at", Moment, nullable=False),
)


class Replayed:
    """What a batch must know of the journals that its reports come from; most come from none."""

    def __init__(self, connection: Connection, reports: Sequence[Report]) -> None:
        self._last: dict[str, Report] = {}
        for report in reports:
            if report.kept_at is not None:
                self._last[report.kept_at.journal] = report
        self._seqs: dict[str, int] = {}
        if self._last:
            query = select(REPLAYED).where(REPLAYED.c.journal.in_(self._last))
            self._seqs = {row.journal: row.seq for row in connection.execute(query)}

    def has(self, report: Report) -> bool:
        """Whether a report was filed from its journal before."""
        at = report.kept_at
        return at is not None and at.seq <= self._seqs.get(at.journal, 0)

    def write(self, connection: Connection) -> None:
        """Note how far the journals are filed with this batch."""
        rows = [
            {"journal": journal, "seq": at.seq, "received_at": report.alarm.received_at}
            for journal, report in self._last.items()
            if (at := report.kept_at) is not None and at.seq > self._seqs.get(journal, 0)
        ]
        put(connection, REPLAYED, rows)

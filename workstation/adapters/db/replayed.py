"""What has been filed of each desk's journal: noted in the same commit as what was filed."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import BigInteger, Column, Connection, String, Table, and_, delete, or_, select

from workstation.adapters.db.columns import Moment
from workstation.adapters.db.statements import put
from workstation.adapters.db.tables import METADATA
from workstation.application.ports import KeptAt, Report

REPLAYED: Final = Table(
    "replayed",
    METADATA,
    Column("journal", String, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    # When it had come: what is of a desk that was never seen again can be deleted by that.
    Column("received_at", Moment, nullable=False),
)


class Replayed:
    """What a batch must know of the journals that its reports come from; most come from none.

    Not a mark up to which all is filed: a message may wait for what was done before it, while later
    ones of other devices do not.
    """

    def __init__(self, connection: Connection, reports: Sequence[Report]) -> None:
        self._places = {at: one for one in reports if (at := one.kept_at) is not None}
        self._filed: set[tuple[str, int]] = set()
        if self._places:
            journals = {at.journal for at in self._places}
            query = select(REPLAYED).where(REPLAYED.c.journal.in_(journals))
            self._filed = {(row.journal, row.seq) for row in connection.execute(query)}

    def has(self, report: Report) -> bool:
        """Whether a report was filed from its journal before."""
        at = report.kept_at
        return at is not None and (at.journal, at.seq) in self._filed

    def write(self, connection: Connection) -> None:
        """Note this batch, and forget what its journals have forgotten."""
        if not self._places:
            return
        put(connection, REPLAYED, [_row(at, one) for at, one in self._places.items()])
        over = {(at.journal, at.oldest) for at in self._places}
        connection.execute(
            delete(REPLAYED).where(
                or_(*(and_(REPLAYED.c.journal == j, REPLAYED.c.seq < oldest) for j, oldest in over))
            )
        )


def _row(at: KeptAt, report: Report) -> dict[str, object]:
    return {"journal": at.journal, "seq": at.seq, "received_at": report.alarm.received_at}

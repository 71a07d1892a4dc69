"""What only one process of a hub does at a time: whose turn it is, and when it was done last."""

from sqlalchemy import Connection, insert, select, text, update

from workstation.adapters.db.access_tables import TURN
from workstation.application.ports import Turn


def take_turn(connection: Connection, turn: Turn) -> bool:
    """Take the turn if nobody else has it and it is due; returns whether it is this process's."""
    if connection.dialect.name == "postgresql":
        # Two that see no row at once would both insert one.
        lock = text("SELECT pg_advisory_xact_lock(hashtext('turn'), hashtext(:name))")
        connection.execute(lock, {"name": turn.name})
    row = connection.execute(select(TURN).where(TURN.c.name == turn.name)).one_or_none()
    mine = {"holder": turn.holder, "until": turn.until}
    if row is None:
        connection.execute(insert(TURN), {"name": turn.name, **mine})
        return True
    if row.done_at is not None and row.done_at >= turn.due:
        return False
    if row.until > turn.now and row.holder != turn.holder:
        return False
    connection.execute(update(TURN).where(TURN.c.name == turn.name).values(mine))
    return True


def finish_turn(connection: Connection, turn: Turn) -> None:
    """Say that it is done, if it still is this process's turn."""
    mine = (TURN.c.name == turn.name) & (TURN.c.holder == turn.holder)
    connection.execute(update(TURN).where(mine).values(done_at=turn.now, until=turn.now))

"""The one way past "history is never edited": what is removed has been announced in a row that stays.

Closed alarms, calls, visits and attempts to sign in may be deleted when the latest row of `purge_log`
for their kind says that everything before a time goes, and that time is thirty days away at least;
entries of the access log up to their writer's last checkpoint. Everything else is refused as before,
whoever asks, and the rows that announce it can themselves not be changed. How old something is, is
asked of what nobody can change: a desk that closes an alarm or moves a visit into the past has not
made its history old.
"""

from typing import Final

from alembic import op

_REFUSE: Final = "BEGIN SELECT RAISE(ABORT, 'history is never edited'); END"


def _announced(kind: str) -> str:
    """Return the time before which everything of a kind goes, as SQL."""
    return f"(SELECT before FROM purge_log WHERE kind = '{kind}' ORDER BY seq DESC LIMIT 1)"  # noqa: S608 - our own words


_CONDITIONS: Final = {
    "access_log": """EXISTS (
        SELECT 1 FROM access_checkpoint c
        WHERE c.writer = OLD.writer AND c.number >= OLD.number AND c.latest >= OLD.at)""",
    "alarm": """OLD.state = 'resolved' AND OLD.received_at < {alarms} AND OLD.resolved_at < {alarms}""",
    # The last step stays: SQLite numbers the next one by it, and no number is ever used twice.
    "alarm_step": """OLD.seq < (SELECT max(seq) FROM alarm_step) AND OLD.at < {alarms} AND EXISTS (
        SELECT 1 FROM alarm a
        WHERE a.id = OLD.alarm_id AND a.state = 'resolved' AND a.resolved_at < {alarms})""",
    "call_log": """OLD.started_at < {calls}
        AND NOT EXISTS (SELECT 1 FROM alarm a WHERE a.id = OLD.alarm)""",
    "sign_in_attempt": "OLD.at < {attempts}",
    "visit": """OLD.at < {visits}
        AND NOT EXISTS (SELECT 1 FROM visit_step s WHERE s.visit = OLD.id)""",
    "visit_step": """OLD.saved_at < {visits} AND EXISTS (
        SELECT 1 FROM visit v WHERE v.id = OLD.visit AND v.at < {visits})""",
}
"""When a row may be deleted; in braces what was announced of its kind."""

_FLOORS: Final = {
    "purge_log": "NEW.kind IN ('alarms', 'calls', 'visits', 'attempts') AND NEW.before > {}",
    "access_checkpoint": "NEW.latest > {}",
}
"""What is too young to go."""
_MONTH_AGO: Final = {
    "sqlite": "NEW.at - 2592000000000",
    "postgresql": "now() - interval '30 days'",
}


def let_be_purged() -> None:
    """Have DELETE refused but for what was announced, and announcements refused that reach too far."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    announced = {kind: _announced(kind) for kind in ("alarms", "calls", "visits", "attempts")}
    for table, condition in _CONDITIONS.items():
        may_go = condition.format(**announced)
        op.execute(
            f"DROP TRIGGER IF EXISTS {table}_no_delete" + ("" if on_sqlite else f" ON {table}")
        )
        for statement in _sqlite(table, may_go) if on_sqlite else _postgresql(table, may_go):
            op.execute(statement)
    ago = _MONTH_AGO["sqlite" if on_sqlite else "postgresql"]
    for table, young in _FLOORS.items():
        too_young = young.format(ago)
        if on_sqlite:
            op.execute(
                f"CREATE TRIGGER {table}_floor BEFORE INSERT ON {table} WHEN {too_young} {_REFUSE}"
            )
        else:
            op.execute(_checked("floor", table, "INSERT", f"{too_young}", otherwise="NEW"))


def let_go(table: str, when: str) -> None:
    """Have DELETE on `table` refused unless `when` holds, with `{calls}` and so on for the times.

    For a table that is younger than `let_be_purged`, or was made anew.
    """
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    kinds = ("alarms", "calls", "visits", "attempts")
    may_go = when.format(**{kind: _announced(kind) for kind in kinds})
    for statement in _sqlite(table, may_go) if on_sqlite else _postgresql(table, may_go):
        op.execute(statement)


def _sqlite(table: str, may_go: str) -> tuple[str, ...]:
    when = f"WHEN NOT coalesce({may_go}, 0)"
    return (f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {when} {_REFUSE}",)


def _postgresql(table: str, may_go: str) -> tuple[str, ...]:
    return (_checked("no_delete", table, "DELETE", f"({may_go}) IS NOT TRUE", otherwise="OLD"),)


def _checked(name: str, table: str, verb: str, refused: str, *, otherwise: str) -> str:
    """Return a trigger that raises when `refused`; it looks as its owner, whoever deletes."""
    return f"""
CREATE FUNCTION {table}_{name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS
$$ BEGIN IF {refused} THEN
    RAISE EXCEPTION 'history is never edited' USING ERRCODE = 'integrity_constraint_violation';
END IF; RETURN {otherwise}; END $$;
CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_{name}();
"""

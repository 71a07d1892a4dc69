"""Who may do what with each table, and whose rows of it a login sees: PostgreSQL's fences as a table.

A table that stands nowhere here is closed to every desk, and a test asks for its line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from workstation.adapters.db.rows import CHANGING

SERVED: Final = "ANY ((SELECT {schema}.served_kommuner())::text[])"
"""Asked once for a whole statement, not for each row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """One table's. Rights are letters: S(elect), I(nsert), U(pdate), D(elete)."""

    rows: str | None
    """Which rows a login sees and writes, as SQL; None where no row belongs to any kommune."""
    desk: str = "S"
    ingest: str | None = None
    """None: as a desk."""
    reader: str = "S"
    hidden: tuple[str, ...] = ()
    """What is written by those who may, and read by nobody."""
    columns: tuple[str, ...] = ()
    """What may be updated; () for every column."""
    open_rows: str | None = None
    """Which rows may still be updated, as SQL; None for all that are seen."""
    purge: str = ""
    """Of the role that removes what is over its time, and sees nothing but `purge_reads`."""
    purge_reads: tuple[str, ...] = ()


def _own(column: str = "kommune") -> str:
    return f"{column} = {SERVED}"


def _through(table: str, here: str, there: str = "id") -> str:
    """Whoever sees the row of `table` sees what belongs to it: that table's own fence is asked."""
    return f"EXISTS (SELECT 1 FROM {{schema}}.{table} AS whose WHERE whose.{there} = {here})"  # noqa: S608 - our own names


_ANY_OF_MINE: Final = (
    "string_to_array(kommuner, ',') && (SELECT {schema}.served_kommuner())::text[] OR kommuner = ''"
)
"""Users of IT serve no kommune, and are seen by all."""

# An attempt to call somebody who is in no register belongs to no kommune. A function asks for the few
# whose kommune was not known when they were written: a question within would keep the server from
# reading a million calls with more than one processor.
_CALLED: Final = (
    f"CASE WHEN call_log.kommune IS NOT NULL THEN call_log.{_own()}"
    " WHEN call_log.alarm IS NULL AND call_log.citizen IS NULL THEN true"
    " ELSE {schema}.call_is_served(call_log.alarm, call_log.citizen) END"
)
CALL_IS_SERVED: Final = """
CREATE OR REPLACE FUNCTION {schema}.call_is_served(of_alarm text, of_citizen text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF of_alarm IS NOT NULL THEN
        RETURN EXISTS (SELECT 1 FROM {schema}.alarm a WHERE a.id = of_alarm);
    END IF;
    RETURN EXISTS (SELECT 1 FROM {schema}.citizen c WHERE c.id = of_citizen);
END $$"""
"""With the asker's rights: whoever sees the alarm, or else the citizen, sees the call."""

FENCES: Final[dict[str, Fence]] = {
    # --- Alarms and what led to them ---
    "alarm": Fence(
        rows=_own(),
        desk="SIU",
        columns=CHANGING,
        purge="SD",
        purge_reads=("id", "received_at", "state", "resolved_at"),
    ),
    "alarm_step": Fence(
        rows=_through("alarm", "alarm_step.alarm_id"),
        desk="SI",
        purge="SD",
        purge_reads=("alarm_id", "seq", "at"),
    ),
    "message": Fence(
        rows=_through("alarm", "message.alarm_id"),
        desk="SI",
        purge="SD",
        purge_reads=("seq", "alarm_id", "received_at", "retained"),
    ),
    "message_reader": Fence(rows=None, desk="SIU", reader=""),
    "message_heard": Fence(rows=None, desk="SIUD", reader=""),
    "level": Fence(rows=_own("split_part(name, '/', 2)"), desk="SIU"),
    "replayed": Fence(rows=None, desk="SIUD", reader=""),
    # --- The register ---
    "citizen": Fence(rows=_own(), desk="SIU"),
    "cpr": Fence(rows=_through("citizen", "cpr.citizen"), desk="SIU", reader=""),
    "contact": Fence(rows=_through("citizen", "contact.citizen"), desk="SIUD"),
    "phone_number": Fence(rows=_through("citizen", "phone_number.citizen"), desk="SIUD"),
    "instruction": Fence(rows=_through("citizen", "instruction.citizen"), desk="SIUD"),
    "device": Fence(rows=_own(), desk="SIU"),
    # --- Who looked at whom ---
    "access_log": Fence(
        rows=f"kommune IS NULL OR {_own()}", desk="SI", purge="SD", purge_reads=("writer", "number")
    ),
    "access_head": Fence(rows=None, desk="SI"),
    "access_checkpoint": Fence(rows=None, desk="S", ingest="SI"),
    "purge_log": Fence(rows=None, desk="S", ingest="SI", purge="SI"),
    "turn": Fence(rows=None, desk="", ingest="SIU", reader=""),
    # --- Readings ---
    "series": Fence(rows=_own(), desk="SI"),
    "reading": Fence(
        rows=_through("series", "reading.series"),
        desk="SIU",
        columns=("value",),
        purge="SD",
        purge_reads=("series", "at"),
    ),
    "reading_minute": Fence(
        rows=_through("series", "reading_minute.series"),
        desk="SIU",
        purge="SD",
        purge_reads=("series", "at"),
    ),
    "reading_hour": Fence(
        rows=_through("series", "reading_hour.series"),
        desk="SIU",
        purge="SD",
        purge_reads=("series", "at"),
    ),
    "device_health": Fence(rows=_own(), desk="SIU"),
    # --- Calls and the round ---
    "call_log": Fence(
        rows=_CALLED,
        desk="SIU",
        columns=(
            *("answered_at", "ended_at", "result", "sip_code", "sip_reason", "waited", "talked"),
            *("mos", "loss_percent", "jitter_ms", "round_trip_ms", "transfers"),
        ),
        open_rows="ended_at IS NULL",
        purge="SD",
        purge_reads=("id", "started_at", "alarm"),
    ),
    "call_addition": Fence(
        rows=_through("call_log", "call_addition.call"),
        desk="SI",
        purge="SD",
        purge_reads=("call",),
    ),
    "call_draw": Fence(
        rows=_through("call_log", "call_draw.call"), desk="SI", purge="SD", purge_reads=("call",)
    ),
    "reminder": Fence(
        rows=f"reminder.kommune IS NULL OR {_own('reminder.kommune')}", desk="SIUD", reader=""
    ),
    "recording": Fence(
        rows=_own(),
        desk="SIU",
        columns=("ended_at", "length", "size", "sha256", "reason", "deleted_at"),
        open_rows="deleted_at IS NULL",
        purge="SD",
        purge_reads=("id", "call", "started_at", "deleted_at"),
    ),
    "visit": Fence(rows=_own(), desk="SIU", purge="SD", purge_reads=("id", "at")),
    "visit_step": Fence(
        rows=_through("visit", "visit_step.visit"),
        desk="SI",
        purge="SD",
        purge_reads=("visit", "saved_at"),
    ),
    # --- People at the desks ---
    "user_account": Fence(rows=_ANY_OF_MINE, desk="SIU", hidden=("password_hash",), reader=""),
    "user_step": Fence(rows=_ANY_OF_MINE, desk="SI", reader=""),
    "user_identity": Fence(
        rows=_through("user_account", "user_identity.name", "name"), desk="SIU", reader=""
    ),
    "sign_in_attempt": Fence(
        rows=None, desk="SI", reader="", purge="SD", purge_reads=("seq", "at")
    ),
    "presence": Fence(rows=None, desk="SIUD"),
    # --- The database itself ---
    "kommune_access": Fence(rows=None),
    "alembic_version": Fence(rows=None),
}

PARTS: Final[dict[str, Fence]] = {
    "reading_rest": Fence(rows=None, desk="", reader="", purge="SD", purge_reads=("series", "at")),
}
"""Partitions that are used by their own name; the others are reached through their table only."""

FUNCTIONS: Final[dict[str, tuple[str, ...]]] = {
    "served_kommuner": ("desk", "ingest", "reader", "purge"),
    "call_is_served": ("desk", "ingest", "reader"),
    "access_tails": ("desk", "ingest", "reader"),
    "access_tail": ("desk", "ingest"),
    "access_hash": ("desk", "ingest", "reader"),
    "access_count": ("desk", "ingest", "reader"),
    "make_reading_day": ("desk", "ingest"),
    "drop_reading_days": ("purge",),
    "password_hash_of": ("desk", "ingest"),
}
"""Who may call what runs with its owner's rights, and the function that the fences ask."""

"""The columns of the call log as supervisors read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ui import times, words
from ui.models.column import Cell, Column
from ui.models.table import Table
from workstation.domain.call import CallResult
from workstation.domain.call_history import Call
from workstation.texts import N_, _

MOST: Final = 5000
"""Rows on the screen: whoever scrolls further filters instead."""

RESULTS: Final = {
    # Translators: how a telephone call ended, in a list: one or two words each.
    CallResult.ANSWERED: N_("answered"),
    CallResult.BUSY: N_("line busy"),
    CallResult.NO_ANSWER: N_("no answer"),
    CallResult.DECLINED: N_("declined"),
    CallResult.UNREACHABLE: N_("unreachable"),
    CallResult.UNAUTHORISED: N_("not allowed"),
    CallResult.UNKNOWN_NUMBER: N_("unknown number"),
    CallResult.NO_COMMON_SOUND: N_("no common codec"),
    CallResult.NOT_ENCRYPTED: N_("refused encryption"),
    CallResult.CANCELLED: N_("given up here"),
    CallResult.TAKEN_ELSEWHERE: N_("taken at another desk"),
    CallResult.ABANDONED: N_("caller gave up"),
    CallResult.LINE_LOST: N_("telephone stopped"),
    CallResult.FAILED: N_("failed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRow:
    """One line of the log: where it stands, and the name of whom it was about."""

    place: int
    call: Call
    citizen: str = ""


def result(call: Call) -> str:
    """Return how a call ended; one that is on says so."""
    found = call.record.result
    if found is None:
        return _("still on") if call.record.ended_at is None else ""
    return _(RESULTS[found])


def seconds(span: timedelta) -> str:
    """Return a span as `4 s` or `1:34`; empty for none."""
    whole = round(span.total_seconds())
    if not whole:
        return ""
    return f"{whole} s" if whole < 60 else f"{whole // 60}:{whole % 60:02}"  # noqa: PLR2004 - a minute


def _far_end(row: LogRow, _now: datetime) -> Cell:
    record = row.call.record
    arrow = "←" if record.incoming else "→"
    who = row.citizen or record.name or words.whom(record.whom) or record.target
    way = _("called in") if record.incoming else _("called from here")
    return Cell(f"{arrow} {who}", record.target, spoken=f"{way}: {who}, {record.target}")


def _kind(row: LogRow, _now: datetime) -> Cell:
    kind = row.call.record.kind
    return Cell() if kind is None else Cell(words.kind(kind), shape=kind)


def _result(row: LogRow, _now: datetime) -> Cell:
    record = row.call.record
    tone = "warn" if record.answered_at is None and record.ended_at is not None else "text"
    below = f"{record.sip_code} {record.sip_reason}".strip() if record.sip_code else ""
    return Cell(result(row.call), below, tone=tone)


def _seen(row: LogRow, _now: datetime) -> Cell:
    call = row.call
    if call.reviewed:
        return Cell(f"✓ {_('reviewed')}", tone="ok")
    return Cell(_("drawn"), tone="accent", strong=True) if call.drawn else Cell()


CALL_COLUMNS: Final[tuple[Column[LogRow], ...]] = (
    Column(
        "at",
        N_("Time"),
        lambda row, now: Cell(
            times.when(row.call.record.started_at, now), words.operator(row.call.record.operator)
        ),
    ),
    Column("whom", N_("With whom"), _far_end),
    Column("kind", N_("Kind"), _kind),
    Column(
        "waited", N_("Waited"), lambda row, _now: Cell(seconds(row.call.record.waited)), right=True
    ),
    Column(
        "talked", N_("Talked"), lambda row, _now: Cell(seconds(row.call.record.talked)), right=True
    ),
    Column("result", N_("Result"), _result),
    Column("seen", N_("Review"), _seen),
)


def call_log(now: datetime) -> Table[LogRow]:
    """Return an empty log, in the order of its rows' places."""
    return Table(
        CALL_COLUMNS,
        key=lambda row: row.call.record.id,
        order=lambda row: row.place,
        now=now,
        cap=MOST,
    )

"""What a database refuses costs no other row anything: half by half down to the one, kept raw."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from workstation.application.errors import JournalFailed, RowRefused, StoreUnavailable
from workstation.application.ports import Filed, Report
from workstation.domain.kind import Kind

_log = logging.getLogger(__name__)
File = Callable[[Sequence[Report]], list[Filed] | None]
"""Stores reports together; None when it is time to end first."""


def filed(reports: Sequence[Report], file: File) -> list[Filed] | None:
    """Return what became of `reports`, each stored by `file` as it is or as a raw event.

    None when it is time to end before all are stored; raises StoreUnavailable as `file` does.
    """
    if not reports:
        return []
    try:
        return file(reports)
    except StoreUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - a fault of ours on one row must not cost the others
        reason = error.reason if isinstance(error, RowRefused) else "our_fault"
        if len(reports) == 1:
            _log.warning("a row is filed as a raw event: %s", reason, exc_info=error)
            return file([raw_event(reports[0], reason)])
    half = len(reports) // 2
    first = filed(reports[:half], file)
    rest = filed(reports[half:], file) if first is not None else None
    return None if first is None or rest is None else first + rest


def raw_event(report: Report, reason: str) -> Report:
    """Return what is kept of a report that the database refuses: plain ASCII, same id, kind and bytes."""
    alarm = report.alarm
    kept = replace(
        alarm,
        kind=Kind.EMERGENCY if alarm.kind is Kind.EMERGENCY else Kind.TECHNICAL,
        code="unstorable",
        text=_plain(f"{reason} {alarm.code} {alarm.text}"),
        device=type(alarm.device)(_plain(alarm.device)),
        citizen=None,
        location=None,
        voice=None,
        priority=None,
        message_id=None,
    )
    return Report(
        alarm=kept,
        topic=_plain(report.topic),
        body_hash=report.body_hash,
        duplicate=report.duplicate,
        packet=report.packet,
        shared=report.shared,
        retained=report.retained,
        kept_at=report.kept_at,
    )


def _plain(text: str) -> str:
    """Return `text` with everything that any database may refuse written out."""
    return text.encode("ascii", "backslashreplace").decode().replace("\0", "\\0")[:500]


def reason_of(error: StoreUnavailable | JournalFailed) -> str:
    """Return why nothing could be stored, or kept, in one word."""
    return f"journal_{error.reason}" if isinstance(error, JournalFailed) else error.reason

"""A journal that was damaged is told as an alarm: it may have held some."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from workstation.application.ids import new_id
from workstation.application.journal import Trouble
from workstation.application.ports import Report
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId, DeviceName, Kommune


def trouble_report(trouble: Trouble, home: Kommune, now: datetime, desk: str) -> Report:
    """Return the alarm about a trouble; what may have been an alarm sounds as an emergency."""
    alarm = Alarm(
        id=AlarmId(new_id(now)),
        kind=Kind.EMERGENCY if trouble.alarm else Kind.TECHNICAL,
        code=f"journal_{trouble.what}",
        text=f"{trouble.saved} {Path(trouble.file).name}" if trouble.file else "",
        device=DeviceName(desk),
        kommune=home,
        source=Source.HUB,
        raised_at=now,
        received_at=now,
        raw=trouble.raw,
    )
    return Report(alarm=alarm, topic=f"journal/{desk}", body_hash=alarm.id)

"""From settings to what the use cases know of their hub."""

from __future__ import annotations

import getpass
from datetime import timedelta

from workstation.application.ports import Hub
from workstation.domain.kind import Kind
from workstation.domain.names import Kommune, Operator
from workstation.settings import Settings


def hub(settings: Settings) -> Hub:
    """Return the hub's rules."""
    return Hub(
        kommuner=tuple(Kommune(code) for code in settings.hub.kommuner),
        escalate_after=_per_kind(settings.alarms.escalate_after_s),
        untouched_after=_per_kind(settings.alarms.untouched_after_s),
    )


def operator(settings: Settings) -> Operator:
    """Return who sits here: as set, else the system's user."""
    return Operator(settings.hub.operator or getpass.getuser())


def _per_kind(seconds: dict[str, int]) -> dict[Kind, timedelta]:
    return {kind: timedelta(seconds=seconds[kind]) for kind in Kind}

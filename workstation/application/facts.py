"""What the threads tell the loop about alarms and storage."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from workstation.application.errors import WorldError
from workstation.application.ports import DeviceHealth, Filed, Report
from workstation.domain.claim import Claim
from workstation.domain.names import AlarmId
from workstation.domain.signal import Described
from workstation.domain.telemetry import Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """Reports that came off the wire this moment and are not stored yet."""

    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Reports that are committed; their messages have been acknowledged."""

    filed: tuple[Filed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotStored:
    """A commit failed; these alarms are shown, kept in memory and tried again."""

    alarms: tuple[AlarmId, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptHere:
    """The database is away; these alarms are in this desk's own journal and acknowledged."""

    alarms: tuple[AlarmId, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimHeard:
    """Another desk said what it has done with an alarm."""

    claim: Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreState:
    """Whether the database takes what it is given; `path` is `alarms` or `readings`."""

    ok: bool
    at: datetime
    path: str
    reason: str = ""
    facts: dict[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, path: str, at: datetime, error: WorldError | None) -> StoreState:
        """Return what `error` says of a path, or (None) that it works."""
        if error is None:
            return cls(ok=True, at=at, path=path)
        return cls(ok=False, at=at, path=path, reason=error.reason, facts=error.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """Readings that came, for live curves, and which devices were heard."""

    samples: tuple[Sample, ...]
    health: tuple[DeviceHealth, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """Devices that described themselves."""

    described: tuple[Described, ...]

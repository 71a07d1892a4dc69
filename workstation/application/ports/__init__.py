"""What the use cases need from the world; adapters and the tests' fakes implement it.

Everybody imports from here; the modules are its chapters. What one subject alone needs stands beside
it, in `<subject>_ports.py`.
"""

from workstation.application.ports.access_log import AccessLog, PublishedHeads
from workstation.application.ports.alarms import (
    AlarmStore,
    AlarmWriter,
    Filed,
    KeptAt,
    KnownVersion,
    Report,
    StoredStep,
)
from workstation.application.ports.clock import Clock
from workstation.application.ports.day import CallLog, RoundStore
from workstation.application.ports.feed import FeedState, MessageFeed, Token
from workstation.application.ports.hub import Hub
from workstation.application.ports.readings import DeviceHealth, ReadingStore, ReadingWriter
from workstation.application.ports.register import Register, RegisterEntry
from workstation.application.ports.retention import NOTHING, HistoryKind, Removed, Retention, Turn
from workstation.application.ports.telephone import Browser, CallLine, MessageLine

__all__ = [
    "NOTHING",
    "AccessLog",
    "AlarmStore",
    "AlarmWriter",
    "Browser",
    "CallLine",
    "CallLog",
    "Clock",
    "DeviceHealth",
    "FeedState",
    "Filed",
    "HistoryKind",
    "Hub",
    "KeptAt",
    "KnownVersion",
    "MessageFeed",
    "MessageLine",
    "PublishedHeads",
    "ReadingStore",
    "ReadingWriter",
    "Register",
    "RegisterEntry",
    "Removed",
    "Report",
    "Retention",
    "RoundStore",
    "StoredStep",
    "Token",
    "Turn",
]

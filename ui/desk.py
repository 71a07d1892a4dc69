"""What the window is given: the running desk, as use cases and nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from workstation.application.alarm_desk import AlarmDesk
from workstation.application.call_backs import CallBacks
from workstation.application.call_review import CallReview
from workstation.application.citizens import Citizens
from workstation.application.day_round import DayRound
from workstation.application.desk_phone import DeskPhone
from workstation.application.figures import Figures
from workstation.application.handover import Handover
from workstation.application.health import DeskHealth
from workstation.application.idle import IdleLock
from workstation.application.incoming import Incoming
from workstation.application.keeping_awake import Awake
from workstation.application.listening import Listening
from workstation.application.ports import Clock
from workstation.application.presence import RollCall
from workstation.application.recording import CallRecorder
from workstation.application.reminders import Reminders
from workstation.application.served import ServedBoard
from workstation.application.session import Session
from workstation.application.sign_in import SignIn
from workstation.application.sign_in_oidc import OfflineWay, SignInOidc
from workstation.application.sound_choice import SoundChoice
from workstation.application.telemetry_feed import TelemetryFeed
from workstation.application.users import Users
from workstation.domain.call_history import CallQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The use cases behind the screens."""

    clock: Clock
    session: Session
    passwords: SignIn | OfflineWay
    provider: SignInOidc | None
    users: Users
    handover: Handover
    idle: IdleLock
    roll_call: RollCall
    board: ServedBoard
    desk: AlarmDesk
    citizens: Citizens
    phone: DeskPhone
    incoming: Incoming
    reminders: Reminders
    call_backs: CallBacks
    telemetry: TelemetryFeed
    round: DayRound
    figures: Figures
    health: DeskHealth
    recorder: CallRecorder | None
    """Records this desk's calls; None where none are recorded."""
    listening: Listening
    call_review: CallReview
    save_calls: Callable[[CallQuery, Path], Awaitable[int]]
    """Exports what is asked for of the call log."""
    choose_sound: Callable[[SoundChoice], None]
    """Keeps sound devices for this user and uses them from now on; raises OSError."""
    awake: Awake | None = None
    """What keeps this machine awake, where the window does not ask the desktop itself."""
    waiting: Callable[[], int] = int
    """How many alarms and steps this desk keeps until the database is back."""
    stand_ins: tuple[str, ...] = ()
    """What is not the real thing: `embedded`, `simulated`, `unencrypted`."""

"""What the window is given: the running desk, as use cases and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.callback import Callback
from workstation.application.citizens import Citizens
from workstation.application.day_round import DayRound
from workstation.application.figures import Figures
from workstation.application.health import DeskHealth
from workstation.application.ports import Clock
from workstation.application.telemetry_feed import TelemetryFeed
from workstation.domain.names import Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The use cases behind the screens."""

    clock: Clock
    operator: Operator
    board: Board
    desk: AlarmDesk
    citizens: Citizens
    phone: Callback
    telemetry: TelemetryFeed
    round: DayRound
    figures: Figures
    health: DeskHealth
    stand_ins: tuple[str, ...] = ()
    """What is not the real thing: `embedded`, `simulated`, `unencrypted`."""

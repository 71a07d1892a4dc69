"""The parts of a station that look after claims: who is there, and what is due on alarms."""

from __future__ import annotations

from workstation.adapters.db.database import Database
from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.health import DeskHealth
from workstation.application.hub_clock import HubClock
from workstation.application.ports import Clock, Hub
from workstation.application.presence import RollCall, Seat
from workstation.application.session import Session
from workstation.application.supervision import DueSteps
from workstation.domain.presence import DeskKind, DeskName


def roll_call(
    database: Database, session: Session, health: DeskHealth, hub: Hub, clock: Clock
) -> RollCall:
    """Return the roll call of a desk called as its session says, until it takes another seat."""
    return RollCall(
        seat=Seat(desk=DeskName(session.desk), kind=DeskKind.DESK),
        session=session,
        store=database.presence,
        # A station on a clock of its own (a test's) steers no other.
        clock=clock if isinstance(clock, HubClock) else HubClock(clock),
        health=health,
        hub=hub,
    )


def due_steps(board: Board, desk: AlarmDesk, hub: Hub, clock: Clock, who: RollCall) -> DueSteps:
    """Return what is due on a desk's alarms, as far as `who` is there."""
    return DueSteps(board=board, desk=desk, hub=hub, clock=clock, attendance=who.attendance)

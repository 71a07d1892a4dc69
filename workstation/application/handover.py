"""What becomes of somebody's open alarms when they leave the desk: into named hands, or back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.errors import AlreadyTaken, Changed, NotFound, WorldError
from workstation.application.ports import Clock
from workstation.application.user_ports import UserStore
from workstation.domain.alarm import Alarm, IllegalStep
from workstation.domain.names import Kommune, Operator
from workstation.domain.queue import in_order
from workstation.domain.rights import Right, Role, concerns, has
from workstation.domain.steps import HandedOver, Released
from workstation.domain.user import User, UserRefused

_log = logging.getLogger(__name__)
Present = Callable[[Operator], bool]


class _Heir(Protocol):
    """Somebody who may be given an alarm."""

    @property
    def operator(self) -> Operator: ...
    @property
    def role(self) -> Role: ...
    @property
    def kommuner(self) -> frozenset[Kommune]: ...


class Handover:
    """Gives alarms from hand to hand; what the heir may not have goes back to the queue."""

    def __init__(
        self,
        *,
        board: Board,
        desk: AlarmDesk,
        users: UserStore,
        clock: Clock,
        present: Present = lambda _operator: True,
    ) -> None:
        """`present` says whether somebody sits at a living desk."""
        self._board = board
        self._desk = desk
        self._users = users
        self._clock = clock
        self.present = present

    def of(self, operator: Operator) -> list[Alarm]:
        """Return what somebody has open, in the order of the queue."""
        return in_order(one for one in self._board.alarms() if one.taken_by == operator)

    async def to_colleague(self, leaving: Operator, name: Operator) -> list[Alarm]:
        """Give all of `leaving`'s to a named colleague; as `give`.

        Raises UserRefused (`not_present`) for somebody who does not exist or sits nowhere.
        """
        account = await self._users.account(name)
        if account is None or not account.user.is_enabled or not self.present(name):
            raise UserRefused("not_present", name=name)
        return await self.give(leaving, _Colleague(account.user))

    async def give(self, leaving: Operator, heir: _Heir | None) -> list[Alarm]:
        """Give all of `leaving`'s to `heir`, or (None) back to the queue.

        Returns what could not be given away: it stays `leaving`'s until the hub raises it again.
        """
        return [one for one in self.of(leaving) if not await self._give(one, leaving, heir)]

    async def adopt(self, nobody: Operator, heir: _Heir) -> None:
        """Give `heir` what was taken at this desk by breaking glass; the rest stays with nobody."""
        for alarm in self.of(nobody):
            if _may_have(heir, alarm):
                await self._give(alarm, nobody, heir)

    async def _give(self, alarm: Alarm, leaving: Operator, heir: _Heir | None) -> bool:
        now = self._clock.now()
        step: HandedOver | Released = Released(at=now, by=leaving)
        if heir is not None and _may_have(heir, alarm):
            step = HandedOver(at=now, by=leaving, to=heir.operator)
        try:
            await self._desk.act(alarm.id, step)
        except (AlreadyTaken, IllegalStep, NotFound):
            return True  # it went somewhere else meanwhile
        except (Changed, WorldError) as error:
            _log.warning("an alarm could not be handed over: %r", error)
            return False
        return True


class _Colleague:
    """A user as an heir."""

    def __init__(self, user: User) -> None:
        self.operator = user.name
        self.role = user.role
        self.kommuner = user.kommuner


def _may_have(heir: _Heir, alarm: Alarm) -> bool:
    where = concerns(alarm)
    return has(heir.role, Right.TAKE) and (where is None or where in heir.kommuner)

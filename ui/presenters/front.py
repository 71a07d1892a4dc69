"""Who and what the operator has in front of them: one alarm, or one citizen, at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from ui.presenters.pace import Gather
from ui.tasks import Tasks
from workstation.domain.alarm import Alarm
from workstation.domain.citizen import Citizen
from workstation.domain.names import AlarmId, CitizenId, Operator


class _Taking(Protocol):
    """What this needs of `AlarmDesk`."""

    @property
    def operator(self) -> Operator: ...

    async def take(self, alarm: AlarmId) -> Alarm: ...
    async def take_next(self) -> Alarm | None: ...


class _OpenAlarms(Protocol):
    """What this needs of `Board`."""

    @property
    def last_resolved(self) -> Alarm | None: ...

    def get(self, alarm: AlarmId) -> Alarm | None: ...
    def became(self, alarm: AlarmId) -> AlarmId: ...
    def watch(self, put: Callable[[Alarm], None], gone: Callable[[AlarmId], None]) -> None: ...


class _Cards(Protocol):
    """What this needs of `Citizens`."""

    async def card(
        self, citizen: CitizenId, *, alarm: AlarmId | None, why: str = ""
    ) -> Citizen: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class InFront:
    """One alarm, one citizen, or both; the card comes a moment after the citizen's id."""

    alarm: Alarm | None = None
    citizen: CitizenId | None = None
    card: Citizen | None = None
    why: str = ""
    """Why somebody without an alarm is in front, for the access log."""

    @property
    def alarm_id(self) -> AlarmId | None:
        """The alarm's id."""
        return self.alarm.id if self.alarm is not None else None


class Front(QObject):
    """Keeps it true: follows the alarm as it changes, loads the card once for each look."""

    brought = Signal(object)
    """Another alarm or citizen is in front: an `InFront`."""
    changed = Signal(object)
    """The same one changed, or its card has come: an `InFront`."""

    def __init__(self, *, board: _OpenAlarms, desk: _Taking, cards: _Cards, tasks: Tasks) -> None:
        super().__init__()
        self._board = board
        self._desk = desk
        self._cards = cards
        self._tasks = tasks
        self.now = InFront()
        self._again = Gather(self._follow, self)
        board.watch(self._came, self._left)

    def choose(self, alarm: AlarmId) -> None:
        """Bring an open alarm to the front; one that is gone meanwhile stays away."""
        found = self._board.get(alarm)
        if found is not None:
            self._bring(found)

    def choose_citizen(self, citizen: CitizenId, *, why: str = "") -> None:
        """Bring a citizen without an alarm to the front; `why` is for the access log."""
        self._show(InFront(citizen=citizen, why=why))

    def clear(self) -> None:
        """Have nobody in front."""
        self._show(InFront())

    def take(self, alarm: AlarmId) -> None:
        """Take an alarm and bring it to the front."""
        self._tasks.start(self._take(alarm))

    def take_next(self) -> None:
        """Take the first alarm nobody has and bring it to the front."""
        self._tasks.start(self._take_next())

    def stands(self, alarm: Alarm) -> None:
        """Take in how an alarm stands that the board no longer holds: it was closed before."""
        if alarm.id == self.now.alarm_id and not alarm.is_open:
            self._replace(alarm)

    def reload(self) -> None:
        """Read the card again: it was edited."""
        if self.now.citizen is not None:
            self._tasks.start(self._load_card(self.now.citizen))

    async def _take(self, alarm: AlarmId) -> None:
        found = self._board.get(alarm)
        if found is not None and found.taken_by == self._desk.operator:
            self._bring(found)
        elif found is not None:
            self._bring(await self._desk.take(alarm))

    async def _take_next(self) -> None:
        taken = await self._desk.take_next()
        if taken is not None:
            self._bring(taken)

    def _bring(self, alarm: Alarm) -> None:
        if alarm.id == self.now.alarm_id:
            self._replace(alarm)
        else:
            self._show(InFront(alarm=alarm, citizen=alarm.citizen))

    def _show(self, front: InFront) -> None:
        self.now = front
        self.brought.emit(front)
        self.reload()

    async def _load_card(self, citizen: CitizenId) -> None:
        why = self.now.why
        card = await self._cards.card(citizen, alarm=self.now.alarm_id, why=why)
        if citizen == self.now.citizen:
            self.now = InFront(alarm=self.now.alarm, citizen=citizen, card=card, why=why)
            self.changed.emit(self.now)

    # --- following ----------------------------------------------------------------------------

    def _came(self, alarm: Alarm) -> None:
        if alarm.id == self.now.alarm_id:
            self._again.wake()

    def _left(self, alarm: AlarmId) -> None:
        if alarm == self.now.alarm_id:
            self._again.wake()

    def _follow(self) -> None:
        mine = self.now.alarm_id
        if mine is None:
            return
        # Another desk may have stored the same press first: the row goes on under its id.
        found = self._board.get(mine) or self._board.get(self._board.became(mine))
        last = self._board.last_resolved
        if found is None and last is not None and last.id == mine:
            found = last
        if found is None:
            # It was folded into another alarm, or closed at another desk before this one knew.
            self.clear()
        else:
            self._replace(found)

    def _replace(self, alarm: Alarm) -> None:
        if alarm == self.now.alarm:
            return
        if alarm.citizen != self.now.citizen:
            self._show(InFront(alarm=alarm, citizen=alarm.citizen))
            return
        self.now = InFront(alarm=alarm, citizen=self.now.citizen, card=self.now.card)
        self.changed.emit(self.now)

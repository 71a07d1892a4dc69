"""Calls to be made again: after so many minutes the desk rings and offers the number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from workstation.application.changes import Watchers
from workstation.application.phone_view import NoNumber, PhoneView
from workstation.application.ports import Clock
from workstation.domain.names import AlarmId, CitizenId

AGAIN_IN: Final = tuple(timedelta(minutes=count) for count in (5, 10, 15, 30))
"""What an operator chooses from; the first when nothing else is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """Somebody who is to be called again at a time; kept on this desk while it runs."""

    at: datetime
    target: str
    whom: str
    after: timedelta = AGAIN_IN[0]
    """How long it was to wait."""
    citizen: CitizenId | None = None
    alarm: AlarmId | None = None

    @property
    def key(self) -> str:
        """What tells it from others: one reminder for each number."""
        return self.target


class Reminders:
    """What this desk's operator wants to be reminded of; on the loop only."""

    def __init__(self, clock: Clock) -> None:
        """Nothing yet."""
        self._clock = clock
        self._kept: dict[str, Reminder] = {}
        self._changed: Watchers[[]] = Watchers()

    def watch(self, changed: Callable[[], None]) -> None:
        """Tell of every change of what is kept."""
        self._changed.add(changed)

    def add(self, view: PhoneView, after: timedelta | None = None) -> Reminder:
        """Remind of whoever was called last, or called us; raises NoNumber where nobody was.

        Asked again without saying after how long, it is the next longer wait of `AGAIN_IN`.
        """
        if view.last_target is None:
            raise NoNumber
        after = after or self._longer(view.last_target)
        made = Reminder(
            at=self._clock.now() + after,
            target=view.last_target,
            whom=view.whom,
            after=after,
            citizen=view.citizen,
            alarm=view.alarm,
        )
        self._kept[made.key] = made
        self._changed.tell()
        return made

    def _longer(self, target: str) -> timedelta:
        kept = self._kept.get(target)
        if kept is None or kept.at <= self._clock.now():
            return AGAIN_IN[0]
        return next((one for one in AGAIN_IN if one > kept.after), AGAIN_IN[0])

    def due(self) -> tuple[Reminder, ...]:
        """Return those whose time has come, the longest due first."""
        now = self._clock.now()
        found = (one for one in self._kept.values() if one.at <= now)
        return tuple(sorted(found, key=lambda one: one.at))

    def done(self, key: str) -> Reminder | None:
        """Forget one: it is being called, or is no longer wanted."""
        found = self._kept.pop(key, None)
        self._changed.tell()
        return found

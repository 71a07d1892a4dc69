"""Who called the hub in vain within a day, and has not been talked with by anybody since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

from workstation.application.changes import Watchers
from workstation.application.phone_view import CITIZEN, PhoneView
from workstation.application.ports import Clock
from workstation.domain.missed_calls import Missed
from workstation.domain.names import CallId, Kommune

KEPT_FOR: Final = timedelta(hours=24)
"""Then their alarm alone tells of them."""


class MissedCalls(Protocol):
    """What this needs of the call log."""

    async def missed(self, *, since: datetime) -> list[Missed]:
        """Return who called in vain and was not talked with after, who has waited longest first."""
        ...


class CallBacks:
    """The list of whom to call back, of all desks; on the loop only."""

    def __init__(
        self, *, log: MissedCalls, clock: Clock, sees: Callable[[Kommune | None], bool]
    ) -> None:
        """Empty until `refresh`; `sees` says whose calls whoever sits here is shown."""
        self._log = log
        self._clock = clock
        self._sees = sees
        self._missed: tuple[Missed, ...] = ()
        self._called: dict[CallId, PhoneView] = {}
        self._on: frozenset[CallId] = frozenset()
        self._changed: Watchers[[]] = Watchers()

    def watch(self, changed: Callable[[], None]) -> None:
        """Tell of every change of `waiting`."""
        self._changed.add(changed)

    def waiting(self) -> tuple[Missed, ...]:
        """Return whom to call back, who has waited longest first."""
        return tuple(
            one for one in self._missed if self._sees(one.call.kommune) and not self._is_called(one)
        )

    def told_anew(self) -> None:
        """Tell whoever sits here now."""
        self._changed.tell()

    async def refresh(self) -> None:
        """Read them from the log; raises WorldError, and what was known stands."""
        ended = self._called.keys() - self._on
        self._missed = tuple(await self._log.missed(since=self._clock.now() - KEPT_FOR))
        # The log knows by now how these went: somebody who did not answer is there again.
        for call in ended - self._on:
            del self._called[call]
        self._changed.tell()

    def talking(self, view: PhoneView) -> None:
        """Take whoever is called here off the list at once; the log tells the other desks."""
        on = {one.call: one for one in (view, *view.others) if one.is_on and one.call is not None}
        self._on = frozenset(on)
        new = {call: one for call, one in on.items() if call not in self._called}
        self._called |= new
        if new:
            self._changed.tell()

    def _is_called(self, missed: Missed) -> bool:
        return any(
            known.started_at is not None
            and known.started_at >= missed.call.started_at
            and _is_same(missed, known)
            for known in self._called.values()
        )


def _is_same(missed: Missed, view: PhoneView) -> bool:
    if missed.withheld:
        return False
    if view.target == missed.call.target:
        return True
    theirs = view.citizen is not None and view.citizen == missed.call.citizen
    return theirs and missed.call.whom == view.whom == CITIZEN

"""Who called the hub in vain within a day, and has not been called back by anybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

from workstation.application.changes import Watchers
from workstation.application.phone_view import CITIZEN, PhoneView
from workstation.application.ports import Clock
from workstation.domain.call import CallRecord
from workstation.domain.names import Kommune

KEPT_FOR: Final = timedelta(hours=24)
"""Then their alarm alone tells of them."""
_NOBODY: Final = "@anonymous.invalid"  # RFC 3323: who withholds the number cannot be called


class MissedCalls(Protocol):
    """What this needs of the call log."""

    async def missed(self, *, since: datetime) -> list[CallRecord]:
        """Return calls in that nobody answered, or called back or talked with since, oldest first.

        A call that rang at several desks, and one who called several times, is there once: the
        latest.
        """
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
        self._missed: tuple[CallRecord, ...] = ()
        self._called: list[tuple[datetime, PhoneView]] = []
        self._changed: Watchers[[]] = Watchers()

    def watch(self, changed: Callable[[], None]) -> None:
        """Tell of every change of `waiting`."""
        self._changed.add(changed)

    def waiting(self) -> tuple[CallRecord, ...]:
        """Return the calls to call back, who has waited longest first."""
        return tuple(
            one
            for one in self._missed
            if not one.target.endswith(_NOBODY)
            and self._sees(one.kommune)
            and not self._is_called(one)
        )

    def told_anew(self) -> None:
        """Tell whoever sits here now."""
        self._changed.tell()

    async def refresh(self) -> None:
        """Read them from the log; raises WorldError, and what was known stands."""
        since = self._clock.now() - KEPT_FOR
        self._missed = tuple(await self._log.missed(since=since))
        self._called = [one for one in self._called if one[0] >= since]
        self._changed.tell()

    def talking(self, view: PhoneView) -> None:
        """Take whoever is called here off the list at once; the log tells the other desks."""
        if not view.is_on or view.started_at is None:
            return
        if any(view.call == known.call for _at, known in self._called):
            return
        self._called.append((view.started_at, view))
        self._changed.tell()

    def _is_called(self, missed: CallRecord) -> bool:
        return any(at >= missed.started_at and _is_same(missed, view) for at, view in self._called)


def _is_same(missed: CallRecord, view: PhoneView) -> bool:
    if view.target == missed.target:
        return True
    theirs = view.citizen is not None and view.citizen == missed.citizen
    return theirs and missed.whom == view.whom == CITIZEN

"""Who is on duty, from the roll call to its page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QObject

from ui.models.duty import DutyRow
from ui.views.duty_page import DutyPage
from workstation.application.ports import Clock
from workstation.domain import kommuner
from workstation.domain.names import Kommune
from workstation.domain.presence import DeskName, Presence, lack
from workstation.texts import _


class _Roll(Protocol):
    """What this needs of `RollCall`."""

    def listed(self) -> Sequence[Presence]: ...
    def living(self) -> Sequence[Presence]: ...
    def watch(self, changed: Callable[[], None]) -> None: ...


class DutyPresenter(QObject):
    """Shows each answer to the roll call."""

    def __init__(
        self, *, roll: _Roll, mine: DeskName, served: Iterable[Kommune], clock: Clock
    ) -> None:
        super().__init__()
        self._roll = roll
        self._mine = mine
        self._served = tuple(served)
        self._clock = clock

    def attach(self, page: DutyPage) -> None:
        """Show in this page from now on."""
        self._page = page
        self._roll.watch(self._show)
        self._show()

    def tick(self, now: datetime) -> None:
        """Let the times run."""
        self._page.tick(now)

    def _show(self) -> None:
        living = self._roll.living()
        alive = {one.desk for one in living}
        rows = [
            DutyRow(presence=one, is_alive=one.desk in alive, is_mine=one.desk == self._mine)
            for one in self._roll.listed()
            if one.ended_at is None
        ]
        self._page.show_rows(rows, self._sentence(living), self._clock.now())

    def _sentence(self, living: Sequence[Presence]) -> str:
        bare = [code for code in self._served if lack(code, living) is not None]
        if not bare:
            return ""
        names = ", ".join(kommuner.name(code) for code in bare)
        return _(
            "No desk answers for {kommuner} as it should: it takes somebody signed in, sound, and "
            "both connections."
        ).format(kommuner=names)

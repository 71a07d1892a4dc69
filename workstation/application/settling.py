"""Whether the board shows what the database has: asked anew while anything is not settled."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from workstation.application.board import Board, Picture
from workstation.application.claims import Claims
from workstation.application.errors import NotFound, StoreUnavailable
from workstation.application.ports import AlarmStore, Clock
from workstation.domain.alarm import Alarm

_log = logging.getLogger(__name__)
OFTEN_S: Final = 3.0
"""How often is asked while another desk's claim, or a row that nobody stores, is shown."""
SELDOM_S: Final = 30.0
"""How often is asked in any case: an alarm that is open is never out of sight for longer."""


class Settling:
    """Reads everything that is open, in one question; on the loop only."""

    def __init__(self, *, store: AlarmStore, board: Board, claims: Claims, clock: Clock) -> None:
        """Ask for the first time when something is not settled, or after SELDOM_S."""
        self._store = store
        self._board = board
        self._claims = claims
        self._clock = clock
        self._at = clock.monotonic()
        self._is_asked = False
        self._is_running = False

    def ask(self) -> None:
        """Look at the next `look`: the database was away."""
        self._is_asked = True

    async def look(self) -> None:
        """Show what is open in the database and nothing else, when it is time; raises nothing."""
        pause = self._clock.monotonic() - self._at
        often = OFTEN_S if self._is_unsettled() else SELDOM_S
        if self._is_running or (pause < often and not self._is_asked):
            return
        self._is_running, self._is_asked = True, False
        try:
            await self._settle()
        except StoreUnavailable as error:
            self._is_asked = True
            _log.info("what is open cannot be looked up now: %s", error.reason)
        finally:
            self._at = self._clock.monotonic()
            self._is_running = False

    def _is_unsettled(self) -> bool:
        if self._claims.others():
            return True
        return any(self._board.doubtful(alarm.id) for alarm in self._board.alarms())

    async def _settle(self) -> None:
        before = self._board.picture()
        found = await self._store.open_alarms()
        for alarm in found:
            self._board.confirm(alarm, before)
        await self._drop_phantoms(before, found)
        if not self._claims.is_away():
            self._claims.back()
        is_open = {alarm.id for alarm in found}
        for standing in self._claims.others():
            if standing.base.id in is_open:
                if standing.checked != standing.base.version:
                    version = standing.base.version
                    stored = await self._store.steps(standing.base.id)
                    standing.checked = version
                    self._claims.is_stored(standing, [one.step for one in stored])
                self._claims.is_open(standing)

    async def _drop_phantoms(self, before: Picture, found: Sequence[Alarm]) -> None:
        """Look up one by one what is shown and not open: closed just now, or known to nobody."""
        known = {alarm.id for alarm in found}
        for alarm in [one for one in before.bases if one not in known]:
            base = self._board.base(alarm)
            if base is None or base is not before.bases[alarm]:
                continue
            if self._board.is_waiting(alarm) or self._claims.has(alarm):
                continue
            try:
                self._board.confirm(await self._store.find(alarm), before)
            except NotFound:
                _log.warning("a row goes that the database does not know: %s", alarm)
                self._board.forget(alarm, before)

"""Keeps a desk's board up with its database: what stood there, and what others do."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.directory import Directory
from workstation.application.errors import NotFound, StoreUnavailable
from workstation.application.ports import AlarmStore, Clock
from workstation.domain.alarm import IllegalStep
from workstation.domain.kind import Source
from workstation.domain.steps import Given

_log = logging.getLogger(__name__)
_BEYOND_ALL = 2**62
_AT_ONCE = 200


class Following:
    """Reads the one sequence of everything that happens to alarms, from where it stood last."""

    def __init__(self, *, store: AlarmStore, board: Board, desk: AlarmDesk, clock: Clock) -> None:
        """Know nothing until `load`."""
        self._store = store
        self._board = board
        self._desk = desk
        self._clock = clock
        self._seq = 0

    @property
    def seq(self) -> int:
        """Up to which number of a step everything is shown."""
        return self._seq

    async def load(self) -> None:
        """Show what is open; raises StoreUnavailable."""
        # First where the sequence stands, then what is open: nothing falls between the two.
        self._seq, _changed = await self._store.changed_since(_BEYOND_ALL)
        found = await self._store.open_alarms()
        self._board.load(found)
        # After a crash this is what was not lost.
        _log.info("alarms that are open: %d", len(found))

    async def catch_up(self) -> None:
        """Show what other desks and the command line have done; raises StoreUnavailable."""
        self._seq, alarms = await self._store.changed_since(self._seq, self._board.version)
        for number, alarm in enumerate(alarms, start=1):
            self._board.put(alarm)
            if number % _AT_ONCE == 0:
                # After an hour away there are thousands, and keys are pressed meanwhile.
                await asyncio.sleep(0)
        await self._desk.catch_up()

    async def say_whose(self, directory: Directory) -> None:
        """Give alarms that came before the register could be read to whom they belong."""
        for alarm in self._board.alarms():
            device = directory.devices.get((alarm.kommune, alarm.device))
            if device is None and alarm.source is not Source.HUB:
                device = directory.by_name.get(alarm.device)
            if alarm.citizen is None and device is not None and device.citizen is not None:
                step = Given(at=self._clock.now(), citizen=device.citizen)
                # One that leaves the board meanwhile needs no name any more; one that neither the
                # database nor the journal takes can be given by hand.
                with suppress(NotFound, IllegalStep, StoreUnavailable):
                    await self._desk.act(alarm.id, step)

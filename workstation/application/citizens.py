"""The register as the desk uses it: names at hand, cards on demand, every look logged."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from workstation.application.changes import Watchers
from workstation.application.directory import Directory
from workstation.application.errors import StoreUnavailable
from workstation.application.ports import Clock, Register, RegisterEntry
from workstation.domain.access import Look, Looked
from workstation.domain.citizen import Citizen, Device
from workstation.domain.names import AlarmId, CitizenId, DeviceName, Kommune, Operator

_log = logging.getLogger(__name__)


class Citizens:
    """Keeps the latest picture of the register for all threads, and the access log honest."""

    def __init__(self, *, register: Register, clock: Clock, operator: Operator) -> None:
        """Empty until `load`."""
        self._register = register
        self._clock = clock
        self.operator = operator
        self._directory = Directory()
        self._changed: Watchers[[]] = Watchers()
        self._unlogged: list[Look] = []

    @property
    def directory(self) -> Directory:
        """The latest picture; safe to read from any thread."""
        return self._directory

    def watch(self, changed: Callable[[], None]) -> None:
        """Tell of every change of the register."""
        self._changed.add(changed)

    async def load(self) -> None:
        """Read the register anew, and log what could not be logged; raises StoreUnavailable."""
        await self._log_later()
        read = Directory.of(await self._register.citizens(), await self._register.devices())
        if read != self._directory:
            self._directory = read
            self._changed.tell()

    def name_of(self, citizen: CitizenId | None) -> str:
        """Return the name to show in a list, "" for nobody."""
        known = self._directory.citizens.get(citizen) if citizen is not None else None
        return known.name if known else ""

    def device(self, kommune: Kommune, name: DeviceName) -> Device | None:
        """Return a registered device."""
        return self._directory.devices.get((kommune, name))

    def devices_of(self, citizen: CitizenId) -> list[Device]:
        """Return a citizen's devices by title."""
        own = [one for one in self._directory.devices.values() if one.citizen == citizen]
        return sorted(own, key=lambda device: (device.title, device.name))

    def all(self) -> list[Citizen]:
        """Return everybody by name, for choosing; opening a card is the look that is logged."""
        return sorted(self._directory.citizens.values(), key=lambda citizen: citizen.name)

    async def card(self, citizen: CitizenId, *, alarm: AlarmId | None) -> Citizen:
        """Return the card as stored now, logging the look; raises NotFound.

        While the database is away it is the card as it was read last: whoever has to call back needs
        it. The look is logged as soon as it can be.
        """
        await self._log(self._look(citizen, Looked.CARD, alarm))
        try:
            return await self._register.citizen(citizen)
        except StoreUnavailable:
            known = self._directory.citizens.get(citizen)
            if known is None:
                raise
            return known

    async def cpr(self, citizen: CitizenId, *, alarm: AlarmId | None) -> str | None:
        """Return the CPR number, logging the look in the same transaction."""
        return await self._register.cpr(citizen, self._look(citizen, Looked.CPR, alarm))

    async def looked(
        self, citizen: CitizenId, what: Looked, *, alarm: AlarmId | None = None, why: str = ""
    ) -> None:
        """Log another kind of look (telemetry, an export, a night check); later if it must be."""
        await self._log(self._look(citizen, what, alarm, why))

    async def put(self, entry: RegisterEntry, devices: Sequence[Device]) -> None:
        """Store an edited card and its devices, logged."""
        await self._register.put([entry], devices)
        await self._log(self._look(entry.citizen.id, Looked.EDIT, None))
        await self.load()

    async def _log(self, look: Look) -> None:
        self._unlogged.append(look)
        try:
            await self._log_later()
        except StoreUnavailable as error:
            _log.warning("looks at citizens wait for the database: %s", error.reason)

    async def _log_later(self) -> None:
        while self._unlogged:
            look = self._unlogged.pop(0)
            try:
                await self._register.log(look)
            except StoreUnavailable:
                self._unlogged.insert(0, look)
                raise

    def _look(self, citizen: CitizenId, what: Looked, alarm: AlarmId | None, why: str = "") -> Look:
        return Look(
            at=self._clock.now(),
            operator=self.operator,
            citizen=citizen,
            what=what,
            alarm=alarm,
            why=why,
        )

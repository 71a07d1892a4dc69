"""The register as the desk uses it: names at hand, cards on demand, every look logged."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workstation.application.directory import Directory
from workstation.application.ports import Clock, Register, RegisterEntry
from workstation.domain.access import Look, Looked
from workstation.domain.citizen import Citizen, Device
from workstation.domain.names import AlarmId, CitizenId, DeviceName, Kommune, Operator


class Citizens:
    """Keeps the latest picture of the register for all threads, and the access log honest."""

    def __init__(self, *, register: Register, clock: Clock, operator: Operator) -> None:
        """Empty until `load`."""
        self._register = register
        self._clock = clock
        self.operator = operator
        self._directory = Directory()
        self._changed: list[Callable[[], None]] = []

    @property
    def directory(self) -> Directory:
        """The latest picture; safe to read from any thread."""
        return self._directory

    def watch(self, changed: Callable[[], None]) -> None:
        """Tell of every change of the register."""
        self._changed.append(changed)

    async def load(self) -> None:
        """Read the register anew; raises StoreUnavailable."""
        citizens = await self._register.citizens()
        devices = await self._register.devices()
        self._directory = Directory.of(citizens, devices)
        for changed in self._changed:
            changed()

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
        """Return the card as stored now, logging the look; raises NotFound or StoreUnavailable."""
        await self._register.log(self._look(citizen, Looked.CARD, alarm))
        return await self._register.citizen(citizen)

    async def cpr(self, citizen: CitizenId, *, alarm: AlarmId | None) -> str | None:
        """Return the CPR number, logging the look in the same transaction."""
        return await self._register.cpr(citizen, self._look(citizen, Looked.CPR, alarm))

    async def looked(
        self, citizen: CitizenId, what: Looked, *, alarm: AlarmId | None = None, why: str = ""
    ) -> None:
        """Log another kind of look (telemetry, an export, a night check)."""
        await self._register.log(self._look(citizen, what, alarm, why))

    async def put(self, entry: RegisterEntry, devices: Sequence[Device]) -> None:
        """Store an edited card and its devices, logged."""
        await self._register.put([entry], devices)
        await self._register.log(self._look(entry.citizen.id, Looked.EDIT, None))
        await self.load()

    def _look(self, citizen: CitizenId, what: Looked, alarm: AlarmId | None, why: str = "") -> Look:
        return Look(
            at=self._clock.now(),
            operator=self.operator,
            citizen=citizen,
            what=what,
            alarm=alarm,
            why=why,
        )

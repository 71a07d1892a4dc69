"""The register as the desk uses it: names at hand, cards on demand, every look logged."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from workstation.application.changes import Watchers
from workstation.application.directory import Directory
from workstation.application.errors import NotFound, StoreUnavailable
from workstation.application.kept_cards import KeptCards
from workstation.application.ports import Clock, Register, RegisterEntry
from workstation.application.session import Acting, Session
from workstation.domain.access import Look, Looked
from workstation.domain.alarm import Alarm
from workstation.domain.citizen import Citizen, Device
from workstation.domain.names import AlarmId, CitizenId, DeviceName, Kommune, Operator
from workstation.domain.rights import GLASS, Right

_log = logging.getLogger(__name__)
KeepLook = Callable[[Look], Awaitable[None]]
_RIGHTS = {
    Looked.CARD: Right.SEE_CARD,
    Looked.CPR: Right.SEE_CPR,
    Looked.TELEMETRY: Right.SEE_READINGS,
    Looked.EXPORT: Right.SEE_CARD,
    Looked.NIGHT_CHECK: Right.NIGHT_CHECK,
    Looked.EDIT: Right.EDIT_REGISTER,
    Looked.CALLS: Right.REVIEW_CALLS,
    Looked.AUDIT: Right.AUDIT,
}
"""What each kind of look needs."""


class Citizens:
    """Keeps the latest picture of the register for all threads, and the access log honest.

    Whoever sits here sees the citizens of their own kommuner; NotAllowed is raised for others.
    """

    def __init__(
        self,
        *,
        register: Register,
        clock: Clock,
        session: Session,
        alarm_of: Callable[[AlarmId], Alarm | None] = lambda _alarm: None,
    ) -> None:
        """Empty until `load`; `alarm_of` gives an open alarm, for whose sake glass may be broken."""
        self._register = register
        self._clock = clock
        self.session = session
        self._alarm_of = alarm_of
        self._directory = Directory()
        self._changed: Watchers[[]] = Watchers()
        self._unlogged: list[Look] = []
        self._kept: KeptCards | None = None
        self._keep_look: KeepLook | None = None
        self._is_away: Callable[[], bool] = lambda: False
        self._read_at: datetime | None = None
        self._is_fresh = False
        # Names are there for whoever may see them, and gone with them.
        session.watch(self._changed.tell)

    @property
    def operator(self) -> Operator:
        """In whose name this desk looks now."""
        return self.session.who()

    @property
    def directory(self) -> Directory:
        """The latest picture; safe to read from any thread."""
        return self._directory

    def keep_in(
        self, kept: KeptCards | None, *, look: KeepLook, is_away: Callable[[], bool]
    ) -> None:
        """Keep cards, and looks while the database `is_away`, on this machine's own disk.

        `look` keeps one durably; it raises StoreUnavailable.
        """
        self._kept = kept
        self._keep_look = look
        self._is_away = is_away

    def cache_age(self) -> timedelta | None:
        """Return how old what is shown of citizens is; None while the database answers, or for nothing."""
        if self._read_at is None or (self._is_fresh and not self._is_away()):
            return None
        return max(self._clock.now() - self._read_at, timedelta())

    def watch(self, changed: Callable[[], None]) -> None:
        """Tell of every change of the register."""
        self._changed.add(changed)

    async def load(self) -> None:
        """Read the register anew, and log what could not be logged; raises StoreUnavailable."""
        self._is_fresh = False
        await self._log_later()
        citizens, devices = await self._register.citizens(), await self._register.devices()
        self._read_at, self._is_fresh = self._clock.now(), True
        self._take(Directory.of(citizens, devices))
        if self._kept is not None:
            await self._kept.write(citizens, devices, self._read_at)

    async def load_kept(self) -> None:
        """Show the cards this machine kept, until the database has been read."""
        cards = await self._kept.read() if self._kept is not None else None
        if cards is not None and self._read_at is None:
            self._read_at = cards.at
            self._take(Directory.of(cards.citizens, cards.devices))

    def _take(self, read: Directory) -> None:
        if read != self._directory:
            self._directory = read
            self._changed.tell()

    def name_of(self, citizen: CitizenId | None) -> str:
        """Return the name to show in a list, "" for nobody and for whom one may not see."""
        known = self._directory.citizens.get(citizen) if citizen is not None else None
        return known.name if known and self.session.may(Right.SEE_CARD, known.kommune) else ""

    def device(self, kommune: Kommune, name: DeviceName) -> Device | None:
        """Return a registered device."""
        return self._directory.devices.get((kommune, name))

    def devices_of(self, citizen: CitizenId) -> list[Device]:
        """Return a citizen's devices by title."""
        own = [one for one in self._directory.devices.values() if one.citizen == citizen]
        return sorted(own, key=lambda device: (device.title, device.name))

    def all(self) -> list[Citizen]:
        """Return whom one may see by name, for choosing; opening a card is the look that is logged."""
        may, everybody = self.session.may, self._directory.citizens.values()
        seen = [one for one in everybody if may(Right.SEE_CARD, one.kommune)]
        return sorted(seen, key=lambda citizen: citizen.name)

    async def card(self, citizen: CitizenId, *, alarm: AlarmId | None, why: str = "") -> Citizen:
        """Return the card as stored now, logging the look; raises NotFound.

        While the database is away it is the card as it was read last: whoever has to call back needs
        it. The look is logged as soon as it can be.
        """
        await self._log(await self._look(citizen, Looked.CARD, alarm, why))
        known = self._directory.citizens.get(citizen)
        if known is not None and self._is_away():
            # Nobody who has to call back waits until a server that is known to be away says so.
            return known
        try:
            return await self._register.citizen(citizen)
        except StoreUnavailable:
            if known is None:
                raise
            return known

    async def cpr(self, citizen: CitizenId, *, alarm: AlarmId | None) -> str | None:
        """Return the CPR number, logging the look in the same transaction."""
        return await self._register.cpr(citizen, await self._look(citizen, Looked.CPR, alarm))

    async def looked(
        self, citizen: CitizenId, what: Looked, *, alarm: AlarmId | None = None, why: str = ""
    ) -> None:
        """Log another kind of look (telemetry, an export, a night check); later if it must be."""
        await self._log(await self._look(citizen, what, alarm, why))

    async def put(self, entry: RegisterEntry, devices: Sequence[Device]) -> None:
        """Store an edited card and its devices, logged."""
        for kommune in {entry.citizen.kommune, *(device.kommune for device in devices)}:
            self.session.require(Right.EDIT_REGISTER, kommune)
        look = await self._look(entry.citizen.id, Looked.EDIT, None)
        await self._register.put([entry], devices)
        await self._log(look)
        await self.load()

    async def _log(self, look: Look) -> None:
        self._unlogged.append(look)
        if self._keep_look is None or not self._is_away():
            try:
                await self._log_later()
            except StoreUnavailable as error:
                _log.warning("looks at citizens wait for the database: %s", error.reason)
            else:
                return
        await self._keep_looks()

    async def _keep_looks(self) -> None:
        """Write looks that cannot be logged into this desk's journal, where it has one."""
        while self._keep_look is not None and self._unlogged:
            look = self._unlogged.pop(0)
            try:
                await self._keep_look(look)
            except StoreUnavailable as error:
                self._unlogged.insert(0, look)
                _log.warning("looks stay in memory: %s", error.reason)
                return

    async def _log_later(self) -> None:
        while self._unlogged:
            look = self._unlogged.pop(0)
            try:
                await self._register.log(look)
            except StoreUnavailable:
                self._unlogged.insert(0, look)
                raise

    async def broke_glass(self, alarm: Alarm) -> None:
        """Log that an emergency was taken or called at a locked desk, or by nobody signed in."""
        citizen = alarm.citizen or CitizenId("")
        await self._log(
            Look(
                at=self._clock.now(),
                operator=self.session.who(),
                citizen=citizen,
                what=Looked.CARD,
                alarm=alarm.id,
                why=GLASS,
            )
        )

    async def _look(
        self, citizen: CitizenId, what: Looked, alarm: AlarmId | None, why: str = ""
    ) -> Look:
        acting = self._acting(citizen, what, alarm, await self._kommune_of(citizen))
        return Look(
            at=self._clock.now(),
            operator=acting.by,
            citizen=citizen,
            what=what,
            alarm=alarm,
            why=GLASS if acting.glass else why,
        )

    async def _kommune_of(self, citizen: CitizenId) -> Kommune | None:
        known = self._directory.citizens.get(citizen)
        if known is None:
            try:
                known = await self._register.citizen(citizen)  # new since the last `load`
            except (NotFound, StoreUnavailable):
                return None
        return known.kommune

    def _acting(
        self, citizen: CitizenId, what: Looked, alarm: AlarmId | None, kommune: Kommune | None
    ) -> Acting:
        open_one = self._alarm_of(alarm) if alarm is not None else None
        if open_one is not None and open_one.citizen != citizen:
            open_one = None  # somebody else's emergency opens nobody's card
        return self.session.acting(_RIGHTS[what], open_one, kommune)

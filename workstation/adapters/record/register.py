"""Lines of a register, from whatever file, to citizens and devices: all of them or none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from workstation.adapters.record.cells import Cells
from workstation.adapters.record.lines import ImportRefused, Line, Refusal
from workstation.application.ports import RegisterEntry
from workstation.domain.citizen import Citizen, Contact, Device, DeviceClass, Relation
from workstation.domain.kind import Kind
from workstation.domain.names import CitizenId, Kommune
from workstation.domain.unit_voice import VoiceProfile

_LONGEST_SILENCE_MIN: Final = 60 * 24 * 30
_SHORT: Final = 120


class Record(StrEnum):
    """What one line of a register is about."""

    CITIZEN = "citizen"
    CONTACT = "contact"
    INSTRUCTION = "instruction"
    DEVICE = "device"


COLUMNS: Final[Mapping[Record, frozenset[str]]] = {
    Record.CITIZEN: frozenset(
        {"citizen", "kommune", "name", "born", "cpr", "address", "postcode", "city", "access",
         "numbers", "notes"}
    ),
    Record.CONTACT: frozenset({"citizen", "name", "relation", "numbers", "title"}),
    Record.INSTRUCTION: frozenset({"citizen", "kind", "text"}),
    Record.DEVICE: frozenset(
        {"device", "kommune", "class", "citizen", "title", "location", "silent_after_min",
         "profile"}
    ),
}  # fmt: skip
"""The columns that each record may fill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRegister:
    """Everything a file said."""

    entries: tuple[RegisterEntry, ...]
    devices: tuple[Device, ...]


@dataclass(slots=True)
class _Card:
    """A citizen whose contacts and instructions stand in lines of their own."""

    entry: RegisterEntry
    contacts: list[Contact]
    instructions: dict[Kind, str]

    def closed(self) -> RegisterEntry:
        citizen = replace(
            self.entry.citizen, contacts=tuple(self.contacts), instructions=self.instructions
        )
        return replace(self.entry, citizen=citizen)


@dataclass(slots=True)
class Spoken:
    """A file taken apart: its lines with what each is about, and those that say nothing."""

    lines: list[tuple[Record, Line]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def read_register(
    spoken: Spoken,
    *,
    kommuner: Collection[Kommune],
    known: Collection[CitizenId],
) -> ReadRegister:
    """Return what a file says; raises ImportRefused with everything that is wrong.

    `kommuner` are the hub's, `known` the citizens that stand in the register already.
    """
    reading = _Reading(kommuner, known, spoken.refusals)
    for wanted in Record:  # citizens first, so that the other lines can be given to theirs
        for record, line in spoken.lines:
            if record is wanted:
                reading.take(record, line)
    return reading.result()


class _Reading:
    """What has been understood so far, and what was wrong."""

    def __init__(
        self,
        kommuner: Collection[Kommune],
        known: Collection[CitizenId],
        refusals: Iterable[Refusal],
    ) -> None:
        self._kommuner = kommuner
        self._known = known
        self._refusals = list(refusals)
        self._cards: dict[CitizenId, _Card] = {}
        self._devices: list[Device] = []
        self._first: dict[tuple[str, ...], Line] = {}

    def result(self) -> ReadRegister:
        if self._refusals:
            raise ImportRefused(self._refusals)
        entries = tuple(card.closed() for card in self._cards.values())
        return ReadRegister(entries=entries, devices=tuple(self._devices))

    def take(self, record: Record, line: Line) -> None:
        cells = Cells(line, self._refusals)
        filled = {*line.cells, *(("numbers",) if line.numbers else ())}
        for column in sorted(filled - COLUMNS[record]):
            cells.refuse("not_in_this_record", column, value=record)
        match record:
            case Record.CITIZEN:
                self._citizen(cells)
            case Record.CONTACT:
                self._contact(cells)
            case Record.INSTRUCTION:
                self._instruction(cells)
            case Record.DEVICE:
                self._device(cells)

    def _citizen(self, cells: Cells) -> None:
        id_ = CitizenId(cells.id("citizen"))
        citizen = Citizen(
            id=id_,
            kommune=cells.kommune("kommune", self._kommuner),
            name=cells.text("name", needed=True, limit=_SHORT),
            born=cells.day("born"),
            address=cells.text("address", limit=_SHORT),
            postcode=cells.text("postcode", limit=_SHORT),
            city=cells.text("city", limit=_SHORT),
            access=cells.text("access"),
            numbers=cells.numbers(),
            notes=cells.text("notes"),
        )
        entry = RegisterEntry(citizen=citizen, cpr=cells.cpr("cpr"))
        if self._is_new(cells, "citizen", id_):
            self._cards[id_] = _Card(entry, [], {})

    def _contact(self, cells: Cells) -> None:
        card = self._card(cells)
        name = cells.text("name", needed=True, limit=_SHORT)
        relation = cells.word("relation", Relation, default=Relation.RELATIVE)
        numbers = cells.numbers()
        title = cells.text("title", limit=_SHORT)
        if card and relation:
            contact = Contact(name=name, relation=relation, numbers=numbers, title=title)
            card.contacts.append(contact)

    def _instruction(self, cells: Cells) -> None:
        card = self._card(cells)
        kind = cells.word("kind", Kind)
        text = cells.text("text", needed=True)
        if card and kind and self._is_new(cells, "kind", card.entry.citizen.id, kind):
            card.instructions[kind] = text

    def _device(self, cells: Cells) -> None:
        name = cells.device("device")
        kommune = cells.kommune("kommune", self._kommuner)
        device = Device(
            name=name,
            kommune=kommune,
            device_class=cells.word("class", DeviceClass, default=DeviceClass.OTHER)
            or DeviceClass.OTHER,
            citizen=self._owner(cells),
            title=cells.text("title", limit=_SHORT),
            location=cells.text("location", limit=_SHORT),
            silent_after=cells.minutes("silent_after_min", most=_LONGEST_SILENCE_MIN),
            profile=cells.word("profile", VoiceProfile, needed=False) or "",
        )
        if self._is_new(cells, "device", kommune, name):
            self._devices.append(device)

    def _owner(self, cells: Cells) -> CitizenId | None:
        citizen = CitizenId(cells.id("citizen", needed=False))
        if citizen and citizen not in self._cards and citizen not in self._known:
            cells.refuse("unknown_citizen", "citizen", value=citizen)
        return citizen or None

    def _card(self, cells: Cells) -> _Card | None:
        citizen = CitizenId(cells.id("citizen"))
        if citizen and citizen not in self._cards:
            # A card is replaced as a whole: a contact alone would wipe out the rest of it.
            cells.refuse("citizen_not_in_file", "citizen", value=citizen)
        return self._cards.get(citizen)

    def _is_new(self, cells: Cells, column: str, *key: str) -> bool:
        """Whether no earlier line has said this; an empty key has been refused already."""
        if not all(key):
            return False
        first = self._first.setdefault((column, *key), cells.line)
        if first is not cells.line:
            cells.refuse("duplicate", column, value=key[-1], first=first.number)
        return first is cells.line

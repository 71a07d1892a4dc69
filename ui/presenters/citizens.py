"""The register in the window: finding a citizen, editing their card and devices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import uuid4

from PySide6.QtCore import QObject

from ui.presenters import card_words
from ui.presenters.front import Front, InFront
from ui.tasks import Tasks
from ui.views.citizen_editor import CitizenEditor
from ui.views.citizen_form import Draft
from workstation.application.ports import RegisterEntry
from workstation.domain.access import SEARCHED
from workstation.domain.citizen import Citizen, Device
from workstation.domain.names import CitizenId, Kommune


class _Register(Protocol):
    """What this screen needs of `Citizens`."""

    def all(self) -> list[Citizen]: ...
    def devices_of(self, citizen: CitizenId) -> list[Device]: ...
    async def put(self, entry: RegisterEntry, devices: Sequence[Device]) -> None: ...


class CitizensPresenter(QObject):
    """Brings a found citizen to the front, and stores what was edited."""

    def __init__(
        self, *, register: _Register, front: Front, kommuner: Sequence[Kommune], tasks: Tasks
    ) -> None:
        """`kommuner` are those of this hub; a new citizen belongs to the first of them."""
        super().__init__()
        self._register = register
        self._front = front
        self._kommuner = tuple(kommuner)
        self._tasks = tasks

    def attach(self, editor: CitizenEditor) -> None:
        """Show in this view from now on."""
        self._editor = editor
        editor.saved.connect(self._save)
        editor.found.connect(self._found)
        editor.find_requested.connect(self.begin_find)
        editor.new_requested.connect(self._new)
        self._front.brought.connect(self._changed)
        self._front.changed.connect(self._changed)
        self._changed(self._front.now)

    def begin_find(self) -> None:
        """Offer everybody for choosing."""
        self._editor.begin_find(card_words.found(self._register.all()))

    def _changed(self, front: InFront) -> None:
        if self._editor.is_dirty:
            return  # half a card is not thrown away because an alarm was taken
        if front.card is not None:
            self._editor.edit(front.card, self._register.devices_of(front.card.id), self._kommuner)
        else:
            self._editor.show_nobody()

    def _found(self, citizen: str) -> None:
        self._front.choose_citizen(CitizenId(citizen), why=SEARCHED)

    def _new(self) -> None:
        citizen = Citizen(id=CitizenId(str(uuid4())), kommune=self._kommuner[0], name="")
        self._editor.edit(citizen, [], self._kommuner)

    def _save(self, draft: Draft) -> None:
        self._tasks.start(self._store(draft))

    async def _store(self, draft: Draft) -> None:
        entry = RegisterEntry(citizen=draft.citizen, cpr=draft.cpr)
        await self._register.put(entry, draft.devices)
        self._editor.show_saved()
        if self._front.now.citizen == draft.citizen.id:
            self._front.reload()
        else:
            self._front.choose_citizen(draft.citizen.id)

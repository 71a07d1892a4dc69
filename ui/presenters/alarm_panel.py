"""Shows the alarm and the citizen in front as they stand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from PySide6.QtCore import QObject

from ui.models.alarms import AlarmRow, where
from ui.presenters import alarm_words, card_words
from ui.presenters.front import Front, InFront
from ui.tasks import Tasks
from ui.views.alarm_panel import AlarmPanel
from ui.views.card_page import CardPage
from workstation.application.ports import Clock
from workstation.domain.alarm import Alarm
from workstation.domain.citizen import Device
from workstation.domain.names import AlarmId, CitizenId, DeviceName, Kommune, Operator
from workstation.texts import _


class _People(Protocol):
    """What this screen needs of `Citizens`."""

    async def cpr(self, citizen: CitizenId, *, alarm: AlarmId | None) -> str | None: ...
    def name_of(self, citizen: CitizenId | None) -> str: ...
    def device(self, kommune: Kommune, name: DeviceName) -> Device | None: ...
    def devices_of(self, citizen: CitizenId) -> list[Device]: ...
    def cache_age(self) -> timedelta | None: ...


class AlarmPanelPresenter(QObject):
    """Fills the panel's head, its alarm line and the card page from whoever is in front."""

    def __init__(
        self,
        *,
        front: Front,
        people: _People,
        who: Callable[[], Operator],
        clock: Clock,
        tasks: Tasks,
        called: Callable[[Operator], str] = str,
    ) -> None:
        super().__init__()
        self._front = front
        self._people = people
        self._who = who
        self._called = called
        self._clock = clock
        self._tasks = tasks
        self._is_old = False

    def attach(self, panel: AlarmPanel, card: CardPage) -> None:
        """Show in these views from now on."""
        self._panel, self._card = panel, card
        panel.cpr_requested.connect(self._ask_cpr)
        panel.take_requested.connect(self._take)
        card.called.connect(panel.contact_called)
        self._front.brought.connect(self._brought)
        self._front.changed.connect(self._show)
        self._brought(self._front.now)

    def look_again(self) -> None:
        """Show it as it is to whoever sits here now."""
        self._show(self._front.now)

    def tick(self, now: datetime) -> None:
        """Let what runs run."""
        self._panel.tick(now)
        if self._is_old is not self._has_old_cards():
            self._show_person(self._front.now, now)

    def _has_old_cards(self) -> bool:
        return self._people.cache_age() is not None

    def _brought(self, front: InFront) -> None:
        self._panel.close_flow()
        self._shown: object = None
        if front.alarm is None and front.citizen is None:
            self._panel.show_nobody(_("Choose an alarm in the queue, or take the next one."))
        self._show(front)

    def _show(self, front: InFront) -> None:
        now = self._clock.now()
        self._show_person(front, now)
        alarm = front.alarm
        if alarm is None:
            self._panel.show_alarm(None)
            return
        self._panel.show_alarm(
            alarm_words.alarm_shown(alarm, self._place(alarm), self._who(), now, self._called)
        )
        self._panel.show_allowed(alarm_words.allowed(alarm, self._who(), self._called))
        self._panel.tick(now)

    def _show_person(self, front: InFront, now: datetime) -> None:
        kind = front.alarm.kind if front.alarm is not None else None
        self._is_old = self._has_old_cards()
        shown = (front.card, front.citizen, kind, self._is_old)
        if shown == self._shown:
            return  # only the alarm changed: a CPR number that was asked for stays
        self._shown = shown
        if front.card is not None:
            age = self._people.cache_age()
            self._panel.show_person(card_words.person_shown(front.card, kind, now, age))
            devices = self._people.devices_of(front.card.id)
            lines = card_words.card_lines(front.card, devices, kind)
            self._card.show_lines(lines, editable=True)
            return
        self._card.show_lines([], editable=False)
        if front.citizen is not None:
            self._panel.show_person(card_words.loading_shown(self._people.name_of(front.citizen)))
        elif front.alarm is not None:
            self._panel.show_person(card_words.unknown_shown(front.alarm))

    def _place(self, alarm: Alarm) -> str:
        device = self._people.device(alarm.kommune, alarm.device)
        title = device.title if device is not None else ""
        return where(AlarmRow(alarm=alarm, name=self._people.name_of(alarm.citizen), device=title))

    def _take(self) -> None:
        if self._front.now.alarm is not None:
            self._front.take(self._front.now.alarm.id)

    def _ask_cpr(self) -> None:
        front = self._front.now
        if front.citizen is not None:
            self._tasks.start(self._show_cpr(front.citizen, front.alarm_id))

    async def _show_cpr(self, citizen: CitizenId, alarm: AlarmId | None) -> None:
        cpr = await self._people.cpr(citizen, alarm=alarm)
        if citizen == self._front.now.citizen:
            known = f"CPR {cpr[:6]}-{cpr[6:]}" if cpr else _("No CPR number is registered")
            self._panel.show_cpr(known)

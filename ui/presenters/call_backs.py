"""Whom to call back: every desk's calls that nobody took, called from the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject

from ui import times, words
from ui.presenters.front import Front
from ui.presenters.phone import Names
from ui.tasks import Tasks
from ui.views.call_back_list import CallBackShown
from ui.views.calls_page import CallsPage
from workstation.application.numbers import readable
from workstation.application.phone_view import CITIZEN, PhoneView
from workstation.application.ports import Clock
from workstation.domain.missed_calls import Missed
from workstation.domain.names import AlarmId, CitizenId
from workstation.texts import _, ngettext


class _InVain(Protocol):
    """What this needs of `CallBacks`."""

    def watch(self, changed: Callable[[], None]) -> None: ...
    def waiting(self) -> tuple[Missed, ...]: ...
    def talking(self, view: PhoneView) -> None: ...


class _Telephone(Protocol):
    """What this needs of `Callback`."""

    view: PhoneView

    def watch(self, changed: Callable[[PhoneView], None]) -> None: ...
    async def call(
        self, target: str, *, whom: str, citizen: CitizenId | None, alarm: AlarmId | None
    ) -> None: ...
    async def consult(
        self, target: str, *, whom: str, citizen: CitizenId | None, alarm: AlarmId | None
    ) -> None: ...


class CallBacksPresenter(QObject):
    """Follows `CallBacks`; whoever is called back comes to the front."""

    def __init__(
        self,
        *,
        missed: _InVain,
        phone: _Telephone,
        names: Names,
        front: Front,
        tasks: Tasks,
        clock: Clock,
    ) -> None:
        super().__init__()
        self._missed = missed
        self._phone = phone
        self._names = names
        self._front = front
        self._tasks = tasks
        self._clock = clock

    def attach(self, page: CallsPage) -> None:
        """Show in this view from now on."""
        self._page = page
        page.call_backs.chosen.connect(self._call)
        self._missed.watch(self._show)
        self._phone.watch(self._missed.talking)
        self._show()

    def go(self) -> None:
        """Open the list with the keyboard in it."""
        self._page.call_backs.go()

    def _call(self, key: str) -> None:
        missed = next((one for one in self._missed.waiting() if one.key == key), None)
        if missed is None:
            return
        found = missed.call
        if found.citizen is not None:
            self._front.choose_citizen(found.citizen)
        if found.alarm is not None:
            self._front.choose(found.alarm)
        if missed.withheld:
            return  # the alarm is all there is
        alarm = self._front.now.alarm_id
        call = self._phone.consult if self._phone.view.is_answered else self._phone.call
        self._tasks.start(
            call(
                found.target,
                whom=found.whom or found.target,
                citizen=found.citizen,
                alarm=alarm if alarm == found.alarm else None,
            )
        )

    def _show(self) -> None:
        self._page.show_missed([self._shown(one) for one in self._missed.waiting()])

    def _shown(self, missed: Missed) -> CallBackShown:
        one = missed.call
        if one.whom == CITIZEN:
            known = self._names.name_of(one.citizen) or words.whom(CITIZEN)
        else:
            known = one.whom if one.whom != one.target else one.name
        since = times.since(missed.since, self._clock.now())
        parts = [since, known, readable(one.target)]
        if missed.withheld:
            # Translators: who called in vain does not let the telephone system tell the number.
            parts = [since, _("Number withheld")]
        if missed.calls > 1:
            calls = ngettext("{count} call", "{count} calls", missed.calls)
            parts.append(calls.format(count=missed.calls))
        return CallBackShown(key=missed.key, text=" · ".join(part for part in parts if part))

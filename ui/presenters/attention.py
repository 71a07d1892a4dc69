"""Calls whoever has something else in front: the flash, the number on the taskbar, the toast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from ui import words
from ui.presenters.pace import Gather
from ui.presenters.strip import lamp_shown
from ui.presenters.tally import Tally
from workstation.application.health import Part
from workstation.application.tones import SoundFact, fact_of
from workstation.domain import kommuner
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Kind
from workstation.domain.names import AlarmId, Operator
from workstation.domain.queue import is_technical, sort_key
from workstation.texts import _, ngettext

_TOAST_PAUSE_MS: Final = 5000
"""What comes sooner after a toast is told together in the next one."""


class _OpenAlarms(Protocol):
    """What this needs of `ServedBoard`."""

    def alarms(self) -> list[Alarm]: ...
    def get(self, alarm: AlarmId) -> Alarm | None: ...
    def became(self, alarm: AlarmId) -> AlarmId: ...
    def watch(self, put: Callable[[Alarm], None], gone: Callable[[AlarmId], None]) -> None: ...


class _SoundHealth(Protocol):
    """What this needs of `DeskHealth`."""

    def part(self, name: str) -> Part: ...
    def watch(self, changed: Callable[[], None]) -> None: ...


class _Beside(Protocol):
    """What this needs of `Tray`."""

    def show_state(self, emergencies: int, lines: tuple[str, str, str], hub: str) -> None: ...
    def flash(self) -> None: ...
    def toast(self, title: str, text: str) -> None: ...


class AttentionPresenter(QObject):
    """Follows what is open, and tells of what is new to nobody who sees it anyway."""

    wanted = Signal(str)
    """A toast was clicked: show this alarm."""

    def __init__(
        self,
        *,
        board: _OpenAlarms,
        health: _SoundHealth,
        now: Callable[[], datetime],
        hub: str,
        minimised: Callable[[], bool],
    ) -> None:
        """`minimised` says whether the window is out of sight; `hub` is its title."""
        super().__init__()
        self._board = board
        self._health = health
        self._now = now
        self._hub = hub
        self._minimised = minimised
        self._open = Tally()
        self._emergencies: set[AlarmId] = set()
        self._known: dict[AlarmId, SoundFact] = {}
        self._untold: dict[AlarmId, Alarm] = {}
        self._told: AlarmId | None = None
        self._is_over = False
        self._gather = Gather(self._show, self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TOAST_PAUSE_MS)
        self._pause.timeout.connect(self._toast)

    def attach(self, beside: _Beside) -> None:
        """Begin with what is open, which is no news."""
        self._beside = beside
        for alarm in self._board.alarms():
            self._note(alarm)
        self._board.watch(self._came, self._left)
        self._health.watch(self._gather.wake)
        self._show()

    def clicked(self) -> None:
        """Ask for what the latest toast told of, if it is still open."""
        told = None if self._told is None else self._board.became(self._told)
        if told is not None and self._board.get(told) is not None:
            self.wanted.emit(told)

    def stop(self) -> None:
        """Tell no more, whatever comes until the desk has ended."""
        self._is_over = True
        self._pause.stop()

    def _came(self, alarm: Alarm) -> None:
        if self._is_over:
            return
        if self._note(alarm) and not is_technical(alarm):
            if alarm.kind is Kind.EMERGENCY:
                self._beside.flash()
            self._untold[alarm.id] = alarm
            if not self._pause.isActive():
                self._toast()
        self._gather.wake()

    def _left(self, alarm: AlarmId) -> None:
        self._open.drop(alarm)
        self._emergencies.discard(alarm)
        self._known.pop(alarm, None)
        self._untold.pop(alarm, None)
        self._gather.wake()

    def _note(self, alarm: Alarm) -> bool:
        """Take an alarm in; return whether it calls anew for somebody."""
        fact = fact_of(alarm, Operator(""))
        before = self._known.get(alarm.id)
        self._known[alarm.id] = fact
        self._open.put(alarm)
        if alarm.kind is Kind.EMERGENCY:
            self._emergencies.add(alarm.id)
        if not fact.untaken:
            self._untold.pop(alarm.id, None)
            return False
        return before is None or not before.untaken or before.news != fact.news

    def _toast(self) -> None:
        untold, self._untold = sorted(self._untold.values(), key=sort_key), {}
        if untold and self._minimised():
            self._told = untold[0].id
            self._beside.toast(*toast_shown(untold))
            self._pause.start()

    def _show(self) -> None:
        if self._is_over:
            return
        sound = lamp_shown(self._health.part("sound"), self._now())
        count, waiting = len(self._emergencies), self._open.waiting
        lines = (
            ngettext("{count} open emergency", "{count} open emergencies", count),
            ngettext("{count} alarm waits", "{count} alarms wait", waiting),
        )
        said = (lines[0].format(count=count), lines[1].format(count=waiting))
        self._beside.show_state(count, (*said, f"{sound.name}: {sound.said}"), self._hub)


def toast_shown(alarms: Sequence[Alarm]) -> tuple[str, str]:
    """Return title and text for new alarms, the most urgent first.

    Systems keep toasts where everybody may read them: kinds and kommuner, and nothing of a citizen.
    """
    kinds = ", ".join(words.kind(kind) for kind in dict.fromkeys(one.kind for one in alarms))
    places = ", ".join(kommuner.name(code) for code in dict.fromkeys(one.kommune for one in alarms))
    if len(alarms) == 1:
        return kinds, _("{kommune}. Click to see it.").format(kommune=places)
    title = ngettext("{count} new alarm", "{count} new alarms", len(alarms))
    return title.format(count=len(alarms)), f"{kinds} · {places}"

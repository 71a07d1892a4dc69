"""What the operator decides about the alarm in front, from a click or a key to the use case."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, Protocol

from PySide6.QtCore import QObject

from ui.presenters import alarm_words, card_words
from ui.presenters.front import Front, InFront
from ui.tasks import Tasks
from ui.views.alarm_panel import AlarmPanel
from workstation.application.ports import Clock
from workstation.domain.alarm import Alarm, State
from workstation.domain.citizen import Citizen
from workstation.domain.kind import Outcome
from workstation.domain.names import AlarmId, CitizenId, Operator


class _Desk(Protocol):
    """What this needs of `AlarmDesk`."""

    @property
    def operator(self) -> Operator: ...

    async def release(self, alarm: AlarmId) -> Alarm: ...
    async def shelve(self, alarm: AlarmId, *, until: datetime, reason: str) -> Alarm: ...
    async def call_responder(self, alarm: AlarmId, *, responder: str, until: datetime) -> Alarm: ...
    async def confirm_arrival(self, alarm: AlarmId, *, responder: str) -> Alarm: ...
    async def note(self, alarm: AlarmId, text: str) -> Alarm: ...
    async def give(self, alarm: AlarmId, citizen: CitizenId) -> Alarm: ...
    async def resolve(self, alarm: AlarmId, outcome: Outcome) -> Alarm: ...
    async def correct(self, alarm: AlarmId, outcome: Outcome, text: str) -> Alarm: ...


class _Everybody(Protocol):
    """What this needs of `Citizens`."""

    def all(self) -> list[Citizen]: ...


class Decisions(QObject):
    """Every decision is about the alarm that was in front when it was made."""

    def __init__(
        self, *, front: Front, desk: _Desk, everybody: _Everybody, clock: Clock, tasks: Tasks
    ) -> None:
        super().__init__()
        self._front = front
        self._desk = desk
        self._everybody = everybody
        self._clock = clock
        self._tasks = tasks
        self._drafts: dict[AlarmId, str] = {}
        self._then: Outcome | None = None

    def attach(self, panel: AlarmPanel) -> None:
        """Take decisions from this panel from now on."""
        self._panel = panel
        panel.note_written.connect(self._write_note)
        panel.note_typed.connect(self._keep_draft)
        panel.arrival_wanted.connect(self._begin_arrival)
        panel.correction_wanted.connect(self._begin_correction)
        panel.outcomes.outcome_requested.connect(lambda value: self.close_as(Outcome(value)))
        panel.outcomes.release_requested.connect(self.release)
        panel.outcomes.shelve_requested.connect(self.begin_shelve)
        panel.outcomes.responder_requested.connect(self._begin_responder)
        panel.outcomes.give_requested.connect(self._begin_give)
        panel.responder.sent.connect(self._send)
        panel.arrival.arrived.connect(self._arrived)
        panel.arrival.again.connect(self._begin_responder)
        panel.shelve.shelved.connect(self._shelve)
        panel.correct.corrected.connect(self._correct)
        panel.picker.picked.connect(self._give)
        self._front.brought.connect(self._brought)

    # --- at once ------------------------------------------------------------------------------

    def close_as(self, outcome: Outcome) -> None:
        """Close it with its outcome; what needs an arrival first asks who drives out."""
        alarm = self._front.now.alarm
        if alarm is None or outcome not in alarm_words.allowed(alarm, self._desk.operator).outcomes:
            return
        if not alarm_words.needs_arrival(alarm, outcome):
            self._do(lambda one: self._end(one, self._desk.resolve(one, outcome)))
            return
        self._then = outcome
        if alarm.state is State.AWAITING:
            self._begin_arrival()
        else:
            self._begin_responder()

    def release(self) -> None:
        """Give it back to the queue."""
        alarm = self._front.now.alarm
        if alarm is not None and alarm_words.allowed(alarm, self._desk.operator).release:
            self._do(lambda one: self._end(one, self._desk.release(one)))

    def begin_note(self) -> None:
        """Go to the note field."""
        if self._front.now.alarm is not None:
            self._panel.go_to_note()

    # --- questions in place -------------------------------------------------------------------

    def begin_shelve(self) -> None:
        """Ask until when it rests, and why."""
        alarm = self._front.now.alarm
        if alarm is not None and alarm_words.allowed(alarm, self._desk.operator).shelve:
            self._panel.open_flow(self._panel.shelve)
            self._panel.shelve.begin()

    def _begin_responder(self) -> None:
        self._panel.open_flow(self._panel.responder)
        self._panel.responder.begin(card_words.someones(self._front.now.card))

    def _begin_arrival(self) -> None:
        alarm = self._front.now.alarm
        if alarm is None or alarm.state is not State.AWAITING:
            return
        self._panel.open_flow(self._panel.arrival)
        sentence = alarm_words.awaited(alarm, self._clock.now())
        self._panel.arrival.begin(alarm.responder or "", sentence)

    def _begin_correction(self) -> None:
        alarm = self._front.now.alarm
        if alarm is not None and alarm.outcome is not None:
            self._panel.open_flow(self._panel.correct)
            self._panel.correct.begin(alarm.outcome, alarm_words.possible_corrections(alarm))

    def _begin_give(self) -> None:
        self._panel.open_flow(self._panel.picker)
        self._panel.picker.begin(card_words.found(self._everybody.all()))

    # --- answers ------------------------------------------------------------------------------

    def _send(self, name: str, minutes: int) -> None:
        until = self._clock.now() + timedelta(minutes=minutes)
        self._do(lambda one: self._desk.call_responder(one, responder=name, until=until))

    def _arrived(self, name: str) -> None:
        self._do(lambda one: self._confirm(one, name))

    async def _confirm(self, alarm: AlarmId, name: str) -> None:
        """Confirm, and close as was meant when the outcome's button asked for the arrival."""
        then, self._then = self._then, None
        await self._desk.confirm_arrival(alarm, responder=name)
        if then is not None:
            await self._end(alarm, self._desk.resolve(alarm, then))

    def _shelve(self, minutes: int, reason: str) -> None:
        until = self._clock.now() + timedelta(minutes=minutes)
        self._do(lambda one: self._desk.shelve(one, until=until, reason=reason))

    def _correct(self, outcome: str, text: str) -> None:
        self._do(lambda one: self._corrected(one, Outcome(outcome), text))

    async def _corrected(self, alarm: AlarmId, outcome: Outcome, text: str) -> None:
        self._front.stands(await self._desk.correct(alarm, outcome, text))

    def _give(self, citizen: str) -> None:
        self._do(lambda one: self._desk.give(one, CitizenId(citizen)))

    def _do(self, act: Callable[[AlarmId], Coroutine[Any, Any, Any]]) -> None:
        alarm = self._front.now.alarm_id
        if alarm is not None:
            self._panel.close_flow()
            self._tasks.start(act(alarm))

    # --- notes --------------------------------------------------------------------------------

    def _brought(self, front: InFront) -> None:
        self._then = None
        alarm = front.alarm_id
        self._panel.show_note(self._drafts.get(alarm, "") if alarm is not None else "")

    def _keep_draft(self, text: str) -> None:
        alarm = self._front.now.alarm_id
        if alarm is not None:
            self._drafts[alarm] = text

    def _write_note(self, text: str) -> None:
        self._do(lambda one: self._note(one, text))

    async def _note(self, alarm: AlarmId, text: str) -> None:
        self._front.stands(await self._desk.note(alarm, text))
        if self._drafts.get(alarm, "").strip() == text:
            self._drafts.pop(alarm, None)
            if alarm == self._front.now.alarm_id:
                self._panel.show_note("")

    async def _end(self, alarm: AlarmId, last: Coroutine[Any, Any, Any]) -> None:
        """Write down what was typed and not saved yet, then let go of the alarm."""
        draft = self._drafts.get(alarm, "").strip()
        try:
            if draft:
                await self._note(alarm, draft)
        except BaseException:
            last.close()
            raise
        await last

"""Who calls the hub: shown, heard, answered; and whom this desk wanted to call again."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from PySide6.QtCore import QObject, QTimer

from ui import times, words
from ui.loudness import volume_of
from ui.presenters.front import Front
from ui.presenters.phone import Names
from ui.presenters.sounds import OpenAlarms, Player
from ui.tasks import Tasks
from ui.views.notices import Notices
from ui.views.ringing_bar import RingingBar, RingingShown
from workstation.application.incoming import Left
from workstation.application.numbers import readable
from workstation.application.phone_view import CITIZEN, PhoneView
from workstation.application.ports import Clock
from workstation.application.reminders import Reminder
from workstation.application.tones import Level, Play, Tone
from workstation.domain.alarm import Alarm
from workstation.domain.call import CallResult
from workstation.domain.kind import Kind
from workstation.domain.names import AlarmId, CallId, CitizenId, Operator
from workstation.domain.waiting_calls import From, WaitingCall
from workstation.texts import N_, _

_RING_MS: Final = 4000

_CALLERS: Final = {
    From.UNIT: N_("Alarm unit"),
    From.CITIZEN: N_("The citizen's telephone"),
    From.CONTACT: N_("Relative or responder"),
    From.UNKNOWN: N_("Not in the register"),
}


class _Ringing(Protocol):
    """What this needs of `Incoming`."""

    def watch(self, changed: Callable[[], None]) -> None: ...
    def watch_left(self, left: Callable[[Left], None]) -> None: ...
    def watch_answered(self, answered: Callable[[WaitingCall], None]) -> None: ...
    def waiting(self) -> tuple[WaitingCall, ...]: ...
    def answer(self, call: CallId | None = None) -> None: ...
    def decline(self, call: CallId) -> None: ...
    def alarm_of(self, waiting: WaitingCall) -> Alarm | None: ...


class _Again(Protocol):
    """What this needs of `Reminders`."""

    def watch(self, changed: Callable[[], None]) -> None: ...
    def add(self, view: PhoneView, after: timedelta | None = None) -> Reminder: ...
    def due(self) -> tuple[Reminder, ...]: ...
    def is_mine(self, reminder: Reminder) -> bool: ...
    def done(self, key: str) -> Reminder | None: ...


class _Dialling(Protocol):
    """What this needs of `DeskPhone`."""

    view: PhoneView

    def call(
        self, target: str, *, whom: str, citizen: CitizenId | None, alarm: AlarmId | None
    ) -> Coroutine[Any, Any, None]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """What it rings with."""

    player: Player
    board: OpenAlarms
    """Whose emergencies sound by themselves."""
    volumes: Mapping[str, float]
    clock: Clock


class RingingPresenter(QObject):
    """Follows `Incoming` and `Reminders`; rings while anybody waits and no emergency sounds anyway."""

    def __init__(
        self,
        *,
        incoming: _Ringing,
        reminders: _Again,
        phone: _Dialling,
        names: Names,
        front: Front,
        bell: Bell,
        tasks: Tasks,
    ) -> None:
        super().__init__()
        self._bell = bell
        self._clock = bell.clock
        self._incoming = incoming
        self._reminders = reminders
        self._phone = phone
        self._names = names
        self._front = front
        self._tasks = tasks
        self._elsewhere: list[WaitingCall] = []
        self._due = 0
        self._ring = QTimer(self)
        self._ring.setInterval(_RING_MS)
        self._ring.timeout.connect(self._sound)

    def attach(self, bar: RingingBar, notices: Notices, called: Callable[[Operator], str]) -> None:
        """Show in these views from now on; `called` is what colleagues call an operator."""
        self._bar = bar
        self._notices = notices
        self._called = called
        bar.answer_requested.connect(lambda key: self._answer(CallId(key)))
        bar.decline_requested.connect(lambda key: self._incoming.decline(CallId(key)))
        bar.remind_requested.connect(self._call_again)
        bar.forget_requested.connect(self._reminders.done)
        self._incoming.watch(self._show)
        self._incoming.watch_left(self._tell_left)
        self._incoming.watch_answered(self._bring)
        self._reminders.watch(self._show)
        self._bell.board.watch(self._look_who, lambda _alarm: None)
        self._show()

    def stop(self) -> None:
        """Ring no more: the desk is about to end."""
        self._ring.stop()

    # --- by key -------------------------------------------------------------------------------

    def answer(self) -> None:
        """Answer the call whose turn it is; with none, call whom one wanted to call again."""
        if self._incoming.waiting():
            self._answer(None)
        elif due := self._reminders.due():
            self._call_again(due[0].key)

    def decline(self) -> None:
        """Leave the call whose turn it is to another desk."""
        if waiting := self._incoming.waiting():
            self._incoming.decline(waiting[0].call)

    def call_again(self) -> None:
        """Be reminded to call whoever was on the line last; once more, later."""
        self._tasks.start(self._remind(None))

    def call_again_in(self, minutes: int) -> None:
        """Be reminded of them after so many minutes."""
        self._tasks.start(self._remind(timedelta(minutes=minutes)))

    def tick(self, now: datetime) -> None:
        """Let the waits run, and bring what is due."""
        if len(self._reminders.due()) != self._due:
            self._show()
        self._bar.tick(now)

    async def _remind(self, after: timedelta | None) -> None:
        made = self._reminders.add(self._phone.view, after)
        self._notices.tell(
            _("You are reminded at {time} to call {name} again.").format(
                time=times.clock(made.at), name=self._name_again(made)
            ),
            key="call again",
        )

    def _answer(self, call: CallId | None) -> None:
        self._tasks.start(self._answered(call))

    async def _answered(self, call: CallId | None) -> None:
        self._incoming.answer(call)

    def _call_again(self, key: str) -> None:
        found = self._reminders.done(key)
        if found is not None:
            if found.alarm is not None:
                self._front.choose(found.alarm)
            call = self._phone.call(
                found.target, whom=found.whom, citizen=found.citizen, alarm=found.alarm
            )
            self._tasks.start(call)

    # --- shown --------------------------------------------------------------------------------

    def _bring(self, waiting: WaitingCall) -> None:
        """Bring who was answered to the front: their card opens."""
        alarm = self._incoming.alarm_of(waiting)
        if alarm is not None:
            self._front.choose(alarm.id)
        elif waiting.caller.citizen is not None:
            self._front.choose_citizen(waiting.caller.citizen)

    def _show(self) -> None:
        due = self._reminders.due()
        self._due = len(due)
        calls = [self._shown(one) for one in self._incoming.waiting()]
        calls += [self._shown_again(one) for one in due]
        self._bar.show_calls(calls)
        self._bar.tick(self._clock.now())
        if calls and not self._ring.isActive():
            self._ring.start()
            self._sound()
        elif not calls:
            self._ring.stop()

    def _shown(self, waiting: WaitingCall) -> RingingShown:
        caller = waiting.caller
        name = self._name_of(waiting)
        known = [_(_CALLERS[caller.what])]
        if caller.contact and caller.citizen is not None:
            known.append(self._names.name_of(caller.citizen))
        if waiting.escalated:
            known.append(_("escalated"))
        number = readable(waiting.shown_number)
        if number != name:
            known.append(number)
        return RingingShown(
            key=waiting.call,
            name=name,
            text=" · ".join(part for part in known if part),
            since=waiting.since,
            urgent=True,
        )

    def _name_of(self, waiting: WaitingCall) -> str:
        caller = waiting.caller
        return (
            caller.contact
            or self._names.name_of(caller.citizen)
            or waiting.incoming.name
            or readable(waiting.shown_number)
        )

    def _shown_again(self, one: Reminder) -> RingingShown:
        said = _("You wanted to call again")
        if not self._reminders.is_mine(one):
            said = _("{operator} wanted to call again").format(operator=self._called(one.by))
        text = said + " · " + readable(one.target)
        return RingingShown(
            key=one.key, name=self._name_again(one), text=text, since=one.at, reminder=True
        )

    def _name_again(self, one: Reminder) -> str:
        name = self._names.name_of(one.citizen) if one.whom == CITIZEN else one.whom
        return name or words.whom(one.whom)

    def _tell_left(self, left: Left) -> None:
        if left.waiting not in self._incoming.waiting() and left.result in (
            CallResult.TAKEN_ELSEWHERE,
            CallResult.ABANDONED,
        ):
            self._say_left(left)

    def _say_left(self, left: Left) -> None:
        name, key = self._name_of(left.waiting), f"call {left.waiting.call}"
        if left.result is CallResult.ABANDONED:
            lasted = times.running(max(self._clock.now() - left.waiting.since, timedelta()))
            said = _("{name} gave up after {time}; the alarm waits to be called back.")
            self._notices.tell(said.format(name=name, time=lasted), key=key, lasting=True)
            return
        self._elsewhere.append(left.waiting)
        said = _("{name}: answered at another desk.").format(name=name)
        self._notices.tell(said, key=key)
        self._look_who()

    def _look_who(self, _alarm: Alarm | None = None) -> None:
        """Say who answered, as soon as their alarm says so."""
        for waiting in tuple(self._elsewhere):
            alarm = self._incoming.alarm_of(waiting)
            if alarm is not None and alarm.taken_by is None:
                continue
            self._elsewhere.remove(waiting)
            if alarm is not None and alarm.taken_by is not None:
                said = _("{name}: {operator} answered.").format(
                    name=self._name_of(waiting), operator=self._called(alarm.taken_by)
                )
                self._notices.amend(said, key=f"call {waiting.call}")

    # --- heard --------------------------------------------------------------------------------

    def _sound(self) -> None:
        if self._sounds_anyway():
            return
        level = Level.DUCKED if self._phone.view.is_answered else Level.NORMAL
        play = Play(tone=Tone.RING, level=level)
        self._bell.player.play(play, volume_of(play, self._bell.volumes))

    def _sounds_anyway(self) -> bool:
        """Whether an emergency that nobody has sounds: it goes before the ring."""
        return any(
            one.is_untaken and one.kind is Kind.EMERGENCY for one in self._bell.board.alarms()
        )

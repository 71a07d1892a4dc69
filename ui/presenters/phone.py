"""The telephone: what the call says, and what the operator does with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal

from ui import times, words
from ui.presenters.front import Front
from ui.shapes import Lamp
from ui.tasks import Tasks
from ui.views.phone_panel import PhonePanel, PhoneShown
from workstation.application.callback import CITIZEN, NoNumber, PhoneView
from workstation.application.numbers import readable
from workstation.complaints import call_sentence, of_part
from workstation.domain.call import CallResult, CallState, LineState
from workstation.domain.citizen import Citizen
from workstation.domain.names import AlarmId, CitizenId
from workstation.texts import N_, _

_STATES: Final = {
    CallState.DIALLING: N_("Dialling"),
    CallState.RINGING: N_("Ringing"),
    CallState.IN_CALL: N_("In call"),
    CallState.HELD: N_("On hold"),
    CallState.ENDED: N_("Call ended"),
}
_WELL: Final = (CallResult.ANSWERED, CallResult.CANCELLED)


class Telephone(Protocol):
    """What this screen needs of `Callback`."""

    view: PhoneView

    def watch(self, changed: Callable[[PhoneView], None]) -> None: ...  # noqa: D102
    async def call_citizen(self, citizen: Citizen, *, alarm: AlarmId | None) -> None: ...  # noqa: D102
    async def next_number(self) -> None: ...  # noqa: D102
    async def call(  # noqa: D102
        self, target: str, *, whom: str, citizen: CitizenId | None, alarm: AlarmId | None
    ) -> None: ...
    async def redial(self) -> None: ...  # noqa: D102
    def hang_up(self) -> None: ...  # noqa: D102
    def mute(self, on: bool) -> None: ...  # noqa: D102, FBT001
    def hold(self, on: bool) -> None: ...  # noqa: D102, FBT001
    def dtmf(self, digits: str) -> None: ...  # noqa: D102
    def volume(self, level: float) -> None: ...  # noqa: D102


class Names(Protocol):
    """What this screen needs of `Citizens`."""

    def name_of(self, citizen: CitizenId | None) -> str: ...  # noqa: D102


class PhonePresenter(QObject):
    """Calls whoever is in front; one call at a time."""

    in_call = Signal(bool)
    """Whether the operator talks: alarm sounds are then lower."""

    def __init__(self, *, phone: Telephone, front: Front, names: Names, tasks: Tasks) -> None:
        super().__init__()
        self._phone = phone
        self._front = front
        self._names = names
        self._tasks = tasks

    def attach(self, panel: PhonePanel) -> None:
        """Show in this view from now on."""
        self._panel = panel
        panel.call_requested.connect(self.call)
        panel.next_requested.connect(self.next_number)
        panel.redial_requested.connect(self.redial)
        panel.dial_requested.connect(self._dial)
        panel.hold_requested.connect(self._phone.hold)
        panel.mute_requested.connect(self._phone.mute)
        panel.hang_up_requested.connect(self._phone.hang_up)
        panel.tones_requested.connect(self._phone.dtmf)
        panel.volume_requested.connect(self._phone.volume)
        self._phone.watch(self._show)
        self._front.brought.connect(lambda _front: self._show(self._phone.view))
        self._front.changed.connect(lambda _front: self._show(self._phone.view))
        self._show(self._phone.view)

    # --- by key -------------------------------------------------------------------------------

    def call(self) -> None:
        """Call the first number of the citizen in front."""
        self._tasks.start(self._call())

    def next_number(self) -> None:
        """Call the number after the last one tried."""
        self._tasks.start(self._phone.next_number())

    def redial(self) -> None:
        """Call again whoever was called last."""
        self._tasks.start(self._phone.redial())

    def hold(self) -> None:
        """Hold, or go on."""
        self._phone.hold(not self._phone.view.held)

    def mute(self) -> None:
        """Close the microphone, or open it."""
        self._phone.mute(not self._phone.view.muted)

    def hang_up(self) -> None:
        """End the call."""
        self._phone.hang_up()

    def go_to_dial(self) -> None:
        """Go to the free dial field."""
        self._panel.go_to_dial()

    def call_contact(self, name: str, number: str) -> None:
        """Call somebody of the citizen's card."""
        front = self._front.now
        self._tasks.start(
            self._phone.call(number, whom=name, citizen=front.citizen, alarm=front.alarm_id)
        )

    async def _call(self) -> None:
        front = self._front.now
        if front.card is not None:
            await self._phone.call_citizen(front.card, alarm=front.alarm_id)
        elif front.alarm is not None and front.alarm.voice:
            # A device that nobody knows may still say where its voice is.
            await self._phone.call(
                front.alarm.voice, whom=CITIZEN, citizen=None, alarm=front.alarm_id
            )
        else:
            raise NoNumber

    def _dial(self, number: str) -> None:
        alarm = self._front.now.alarm_id
        self._tasks.start(self._phone.call(number, whom=number, citizen=None, alarm=alarm))

    # --- shown --------------------------------------------------------------------------------

    def _show(self, view: PhoneView) -> None:
        front = self._front.now
        can_call = bool(front.card.numbers) if front.card is not None else bool(_voice(front.alarm))
        shown = phone_shown(view, self._whom(view), can_call=can_call and not view.is_on)
        self._panel.show_phone(shown)
        if shown.since is not None:
            self._tick_again(shown.since)
        self.in_call.emit(view.state is CallState.IN_CALL)

    def _tick_again(self, since: datetime) -> None:
        """Say the running time at once instead of with the next second."""
        view = self._phone.view
        self._panel.tick(max(since, view.answered_at or since))

    def _whom(self, view: PhoneView) -> str:
        if view.whom == CITIZEN and view.citizen == self._front.now.citizen:
            return ""  # their name stands above
        if view.whom == CITIZEN:
            return self._names.name_of(view.citizen) or words.whom(CITIZEN)
        return view.whom


def _voice(alarm: object) -> str:
    return getattr(alarm, "voice", None) or ""


def phone_shown(view: PhoneView, whom: str, *, can_call: bool) -> PhoneShown:
    """Return what the telephone says and allows."""
    if view.state is None:
        return _line_shown(view, can_call=can_call)
    if view.state is CallState.ENDED:
        return _ended_shown(view, whom, can_call=can_call)
    talking = view.state is CallState.IN_CALL
    return PhoneShown(
        state=_(_STATES[view.state]) + (f" · {_('muted')}" if view.muted else ""),
        detail=_parts(whom, _number(view.target, whom), view.codec),
        lamp=Lamp.OK if talking and not view.sound_lost else Lamp.WARN,
        tone="warn" if view.sound_lost else "",
        since=view.answered_at or view.started_at,
        busy=True,
        talking=talking,
        held=view.held,
        muted=view.muted,
        volume=view.volume,
        warning=_("no sound from the citizen") if view.sound_lost else "",
    )


def _line_shown(view: PhoneView, *, can_call: bool) -> PhoneShown:
    line = view.line
    if line is None or line.state is LineState.STARTING:
        return PhoneShown(state=_("The telephone is starting"), lamp=Lamp.WARN, can_call=can_call)
    if line.state is LineState.OFF:
        return PhoneShown(
            state=_("Telephone not in use"),
            detail=_("It is switched off in this desk's settings."),
            can_call=False,
        )
    if line.state is LineState.READY:
        return PhoneShown(
            state=_("Ready"), lamp=Lamp.OK, can_call=can_call, volume=view.volume,
            can_redial=view.last_target is not None,
        )  # fmt: skip
    sentence = of_part("telephone", line.reason, {"sip_code": line.sip_code})
    return PhoneShown(
        state=_("Telephone down"), detail=sentence, lamp=Lamp.DOWN, tone="down", can_call=False
    )


def _ended_shown(view: PhoneView, whom: str, *, can_call: bool) -> PhoneShown:
    result = view.result or CallResult.FAILED
    lasted = ""
    if view.answered_at is not None and view.ended_at is not None:
        lasted = times.running(view.ended_at - view.answered_at)
    sentence = call_sentence(result, sip_code=view.sip_code, sip_reason=view.sip_reason)
    following = readable(view.next_number) if view.next_number else ""
    return PhoneShown(
        state=_(_STATES[CallState.ENDED]) if result in _WELL else _result(result),
        detail=whom if result is CallResult.ANSWERED else _parts(sentence, following),
        lamp=Lamp.OK if result in _WELL else Lamp.WARN,
        tone="" if result in _WELL else "warn",
        lasted=lasted,
        volume=view.volume,
        can_call=can_call,
        can_next=view.next_number is not None,
        next_number=following,
        can_redial=view.last_target is not None,
    )


_RESULTS: Final = {
    CallResult.BUSY: N_("Busy"),
    CallResult.NO_ANSWER: N_("No answer"),
    CallResult.DECLINED: N_("Declined"),
    CallResult.UNREACHABLE: N_("Not reachable"),
    CallResult.UNAUTHORISED: N_("Not allowed"),
    CallResult.UNKNOWN_NUMBER: N_("No such number"),
    CallResult.NO_COMMON_SOUND: N_("No common sound"),
    CallResult.LINE_LOST: N_("Line lost"),
    CallResult.FAILED: N_("Call failed"),
}


def _result(result: CallResult) -> str:
    return _(_RESULTS[result])


def _number(target: str, whom: str) -> str:
    return "" if target == whom else readable(target)


def _parts(*parts: str) -> str:
    return " · ".join(part for part in parts if part)

"""The telephone: what the call says, and what the operator does with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from ui import words
from ui.presenters.front import Front
from ui.presenters.phone_words import calls_shown, phone_shown, targets
from ui.tasks import Tasks
from ui.views.calls_page import CallsPage
from ui.views.phone_panel import PhonePanel
from workstation.application.callback import CITIZEN, NoNumber, PhoneView
from workstation.application.ports import Clock
from workstation.application.units import Units
from workstation.domain.call import CallState
from workstation.domain.citizen import Citizen
from workstation.domain.names import AlarmId, CallId, CitizenId
from workstation.domain.unit_voice import UnitAct


class _Telephone(Protocol):
    """What this screen needs of `Callback`."""

    view: PhoneView

    def watch(self, changed: Callable[[PhoneView], None]) -> None: ...
    async def call_citizen(self, citizen: Citizen, *, alarm: AlarmId | None) -> None: ...
    async def next_number(self) -> None: ...
    async def call(
        self, target: str, *, whom: str, citizen: CitizenId | None, alarm: AlarmId | None
    ) -> None: ...
    async def redial(self) -> None: ...
    def hang_up(self) -> None: ...
    def mute(self, on: bool) -> None: ...  # noqa: FBT001 - as Callback
    def hold(self, on: bool) -> None: ...  # noqa: FBT001 - as Callback
    def dtmf(self, digits: str) -> None: ...
    def volume(self, level: float) -> None: ...
    async def consult(
        self, target: str, *, whom: str, citizen: CitizenId | None, alarm: AlarmId | None
    ) -> None: ...
    def swap(self, call: CallId | None = None) -> None: ...
    def transfer(self, target: str) -> None: ...
    def connect(self) -> None: ...
    def join(self) -> None: ...
    def part(self) -> None: ...


class _Taper(Protocol):
    """What this screen needs of `CallRecorder`."""

    def pause(self) -> None: ...
    def stop(self) -> None: ...


class Names(Protocol):
    """What this screen needs of `Citizens`."""

    def name_of(self, citizen: CitizenId | None) -> str:
        """Return how a citizen is called here, "" for nobody."""
        ...


class PhonePresenter(QObject):
    """Calls whoever is in front, and what can be done with several calls."""

    in_call = Signal(bool)
    """Whether the operator talks: alarm sounds are then lower."""

    def __init__(
        self,
        *,
        phone: _Telephone,
        front: Front,
        names: Names,
        tasks: Tasks,
        units: Units,
        taper: _Taper | None = None,
        clock: Clock,
    ) -> None:
        """`units` knows the alarm unit at the other end, and its tones."""
        super().__init__()
        self._units = units
        self._taper = taper
        """Who records; None where nobody does."""
        self._phone = phone
        self._front = front
        self._names = names
        self._tasks = tasks
        self._clock = clock

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
        panel.tape.pause_requested.connect(self.pause_recording)
        panel.tape.stop_requested.connect(self.stop_recording)
        self._attach_several(panel.several)
        self._phone.watch(self._show)
        self._front.brought.connect(lambda _front: self._show(self._phone.view))
        self._front.changed.connect(lambda _front: self._show(self._phone.view))
        self._show(self._phone.view)

    def _attach_several(self, page: CallsPage) -> None:
        page.swap_requested.connect(lambda key: self._phone.swap(CallId(key)))
        page.connect_requested.connect(lambda: self._do(self._phone.connect))
        page.join_requested.connect(self.join)
        page.part_requested.connect(self._phone.part)
        page.consult_requested.connect(self.call_contact)
        page.transfer_requested.connect(lambda to: self._do(lambda: self._phone.transfer(to)))
        page.unit_requested.connect(lambda act: self.tell_unit(UnitAct(act)))

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

    def pause_recording(self) -> None:
        """Leave out what is said from the recording, or go on."""
        if self._taper is not None:
            self._taper.pause()

    def stop_recording(self) -> None:
        """End the recording; the call goes on."""
        if self._taper is not None:
            self._taper.stop()

    def swap(self) -> None:
        """Talk with the one who waits on hold."""
        self._phone.swap()

    def join(self) -> None:
        """Let everybody on the line hear each other."""
        self._do(self._phone.join)

    def transfer(self) -> None:
        """Ask to whom; where somebody waits already, connect the two."""
        self._panel.several.go_to_transfer()

    def tell_unit(self, act: UnitAct) -> None:
        """Tell the alarm unit at the other end by its tone."""
        self._phone.dtmf(self._units.tone(self._phone.view, self._front.now.alarm, act))

    def _do(self, act: Callable[[], None]) -> None:
        async def done() -> None:
            act()

        self._tasks.start(done())

    def go_to_dial(self) -> None:
        """Go to the free dial field."""
        self._panel.go_to_dial()

    def call_contact(self, name: str, number: str) -> None:
        """Call somebody of the citizen's card; whom one talks with waits on hold meanwhile."""
        front = self._front.now
        call = self._phone.consult if self._phone.view.is_answered else self._phone.call
        self._tasks.start(call(number, whom=name, citizen=front.citizen, alarm=front.alarm_id))

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
        calls = calls_shown(view, self._name, unit=self._units.is_unit(view, front.alarm))
        may_call = can_call and not view.is_on
        shown = phone_shown(view, self._whom(view), calls, can_call=may_call)
        self._panel.several.show_targets(*targets(front.card))
        self._panel.show_phone(shown)
        if shown.since is not None:
            # The running time at once, not with the next second only.
            self._panel.tick(max(shown.since, self._clock.now()))
        self.in_call.emit(view.state is CallState.IN_CALL or any(one.joined for one in view.others))

    def _name(self, view: PhoneView) -> str:
        if view.whom == CITIZEN:
            return self._names.name_of(view.citizen) or words.whom(CITIZEN)
        return view.whom

    def _whom(self, view: PhoneView) -> str:
        if view.whom == CITIZEN and view.citizen == self._front.now.citizen:
            return ""  # their name stands above
        return self._name(view)


def _voice(alarm: object) -> str:
    return getattr(alarm, "voice", None) or ""

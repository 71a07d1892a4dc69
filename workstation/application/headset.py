"""Keeps a headset and the telephone in step: its buttons act, its lights show what is so."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, Final

from workstation.application.headset_ports import Headset, Ringing, Talking
from workstation.application.phone_view import PhoneView
from workstation.application.ports import Clock
from workstation.domain.call import CallState
from workstation.domain.headset import HeadsetFound, Lights, Press

_log = logging.getLogger(__name__)
_ECHO: Final = timedelta(seconds=1)
"""So soon after the light went out a headset repeats it as a press of its own (its hook follows the
light); the next call must not be ended by the echo of the last."""


class HeadsetButtons:
    """What a button means depends on how the telephone stands; the lights always follow the telephone.

    A mute that the headset tells as a state is taken as such, so that hardware and software agree
    also when it was pressed before the call.
    """

    def __init__(
        self,
        *,
        headset: Headset,
        phone: Talking,
        ringing: Ringing | None,
        clock: Clock,
        run: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`run` starts work that nobody waits for; without `ringing` nobody can call in."""
        self.name = ""
        """The headset that is heard, "" for none."""
        self._headset = headset
        self._phone = phone
        self._ringing = ringing
        self._clock = clock
        self._run = run
        self._lights = Lights()
        self._went_out_at: datetime | None = None
        self._is_muted = False

    def found(self, headset: HeadsetFound) -> None:
        """Note which headset is heard now."""
        self.name = headset.name
        self._is_muted = False

    def changed(self, view: PhoneView | None = None) -> None:
        """Show what the telephone shows; for any change of it, or of who rings."""
        view = view or self._phone.view
        lights = Lights(
            off_hook=view.is_on and view.state is not CallState.INCOMING,
            muted=view.is_on and view.muted,
            ringing=not view.is_on and self._rings(),
            held=view.held,
        )
        if view.state is CallState.IN_CALL and self._is_muted and not view.muted:
            self._phone.mute(True)  # noqa: FBT003 - as Callback
        if lights == self._lights:
            return
        if self._lights.off_hook and not lights.off_hook:
            self._went_out_at = self._clock.now()
        self._lights = lights
        self._headset.show(lights)

    def pressed(self, press: Press) -> None:
        """Do what the button means now; what means nothing now does nothing."""
        view = self._phone.view
        match press:
            case Press.OFF_HOOK | Press.HOOK if not view.is_on:
                self._answer()
            case Press.HOOK:
                self._phone.hang_up()
            case Press.ON_HOOK if view.is_on and not self._is_echo():
                self._phone.hang_up()
            case Press.MUTE if view.is_on:
                self._phone.mute(not view.muted)
            case Press.MUTED | Press.UNMUTED:
                self._mute_told(view, on=press is Press.MUTED)
            case Press.HOLD if view.is_on:
                self._phone.hold(not view.held)
            case Press.REDIAL if not view.is_on:
                self._run(self._redial())
            case _:
                _log.debug("a button of the headset means nothing now: %s", press)
        # A headset whose hook went its own way is put right: nothing was answered or ended by it.
        self._headset.show(self._lights)

    def _mute_told(self, view: PhoneView, *, on: bool) -> None:
        self._is_muted = on
        if view.is_on and view.muted != on:
            self._phone.mute(on)

    def _rings(self) -> bool:
        return self._ringing is not None and bool(self._ringing.waiting())

    def _answer(self) -> None:
        if self._ringing is not None and self._rings():
            self._ringing.answer()

    def _is_echo(self) -> bool:
        gone = self._went_out_at
        return gone is not None and self._clock.now() - gone < _ECHO

    async def _redial(self) -> None:
        try:
            await self._phone.redial()
        except Exception as error:  # noqa: BLE001 - said by the window for its own keys; here nobody reads
            _log.info("the headset's redial was refused: %r", error)

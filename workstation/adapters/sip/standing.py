"""How the line stands: off, starting, ready, unregistered or down, and why."""

from dataclasses import replace

from workstation.adapters.sip.errors import NoSoundDevice
from workstation.adapters.sip.protocol import (
    VERSION,
    Devices,
    Hello,
    LineTold,
    Ready,
    Refused,
    Registration,
)
from workstation.application.errors import LineFailed
from workstation.application.ports import Clock
from workstation.domain.call import LineEvent, LineState

_OK = 200
_NOTHING_SAID = (0, "")
_CAN_CALL = (LineState.READY, LineState.UNREGISTERED)


class Standing:
    """The line's state; each method returns the event to tell, or None when nothing changed."""

    def __init__(self, clock: Clock, *, registers: bool, simulated: bool) -> None:
        self.now = LineEvent(state=LineState.OFF, at=clock.now(), simulated=simulated)
        self._clock = clock
        self._registers = registers
        self._refusal: dict[str, str] | None = None
        self._refused_now = False
        self._by_fallback = False
        self._first = _NOTHING_SAID

    def require_calls(self) -> None:
        """Raise LineFailed (or NoSoundDevice) with the reason when no call can be placed."""
        if self.now.state in _CAN_CALL:
            return
        facts = self._refusal or {}
        if self.now.reason == "no_sound_device":
            raise NoSoundDevice(**facts)
        raise LineFailed(self.now.reason or str(self.now.state), **facts)

    @property
    def refused(self) -> bool:
        """Whether this process has refused what it was told to be."""
        return self._refused_now

    def starting(self) -> LineEvent | None:
        """Note that a process starts; what was refused stays so on the screen meanwhile."""
        self._refused_now = False
        self._by_fallback = False
        self._first = _NOTHING_SAID
        return None if self._refusal is not None else self._become(LineState.STARTING)

    def ended(self, why: str) -> LineEvent | None:
        """Note that the process is gone."""
        if (
            self._refusal is not None or why == "stopped"
        ):  # what was refused, or `off`, says it better
            return None
        return self._become(LineState.DOWN, reason=why)

    def off(self) -> LineEvent | None:
        """Note that we stopped it."""
        self._refusal = None
        return self._become(LineState.OFF)

    def told(self, said: LineTold) -> LineEvent | None:
        """Take what the process says of itself or of the registrar."""
        match said:
            case Hello():
                return None if said.v == VERSION else self._refuse("protocol_version", {})
            case Refused():
                return self._refuse(said.reason, said.facts)
            case Ready():
                return self._ready(said)
            case Registration():
                return self._registration(said)
            case Devices():
                return self._changed(replace(self.now, sound=said.instead))

    def _ready(self, said: Ready) -> LineEvent | None:
        if self._refused_now:
            return None
        self._refusal = None
        self.now = replace(self.now, sound="")  # as set, or it would have been refused
        state = LineState.STARTING if self._registers else LineState.READY
        return self._become(state, library=said.library)

    def _registration(self, said: Registration) -> LineEvent | None:
        accepted = said.code == _OK and said.expires_s > 0
        if said.code == _OK and not accepted:  # our own goodbye was confirmed
            return None
        if said.fallback:
            return self._second_said(accepted=accepted)
        if accepted:
            return self._become(LineState.READY, sip_code=said.code, library=self.now.library)
        self._first = (said.code, said.reason)
        if self._by_fallback:
            return self._on_fallback()
        return self._unregistered()

    def _second_said(self, *, accepted: bool) -> LineEvent | None:
        """Let calls go by the second registrar while it accepts us and the first does not."""
        self._by_fallback = accepted
        if self.now.state is LineState.READY and not self.now.fallback:
            return None
        if accepted:
            return self._on_fallback()
        return self._unregistered() if self._first != _NOTHING_SAID else None

    def _on_fallback(self) -> LineEvent | None:
        code, reason = self._first
        return self._become(
            LineState.READY,
            sip_code=code,
            reason=reason,
            library=self.now.library,
            fallback=True,
        )

    def _unregistered(self) -> LineEvent | None:
        code, reason = self._first
        return self._become(
            LineState.UNREGISTERED, sip_code=code, reason=reason, library=self.now.library
        )

    def _refuse(self, reason: str, facts: dict[str, str]) -> LineEvent | None:
        self._refused_now = True
        self._refusal = facts
        return self._become(LineState.DOWN, reason=reason)

    def _become(
        self,
        state: LineState,
        *,
        sip_code: int = 0,
        reason: str = "",
        library: str = "",
        fallback: bool = False,
    ) -> LineEvent | None:
        new = replace(
            self.now,
            state=state,
            sip_code=sip_code,
            reason=reason,
            library=library,
            fallback=fallback,
        )
        return self._changed(new)

    def _changed(self, new: LineEvent) -> LineEvent | None:
        if new == self.now:
            return None
        self.now = replace(new, at=self._clock.now())
        return self.now

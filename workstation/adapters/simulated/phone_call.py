"""A call as a made-up citizen's telephone has it: it rings, answers, speaks, hangs up."""

import logging
import re
import time
from collections.abc import Callable
from typing import Any, TypeAlias
from urllib.parse import unquote

import pjsua2 as pj

from workstation.adapters.simulated.phone_plan import Behaviour, Placed

log = logging.getLogger(__name__)

Foreign: TypeAlias = Any
"""An object of pjsua2's, which carries no types."""
Tell = Callable[[str, str, str], None]
"""Takes event, user and a word on it."""

_USER = re.compile(r"sips?:([^@>;]*)@")
_RATE = 16_000
_MOST_HZ = _RATE // 2 - 1
_TONE_MS = 1_000  # whole seconds hold whole cycles, so that the tone has no seam
_REFUSALS = {"busy": 486, "decline": 603}


def user_of(uri: str) -> str:
    """Return the user part of a SIP address, e.g. `+4500000012`."""
    found = _USER.search(uri)
    return unquote(found[1]) if found else ""


class PhoneCall(pj.Call):  # type: ignore[misc]  # pjsua2 carries no types
    """An incoming call; `tick` moves it on, the exchange drops it when it is `over`."""

    def __init__(self, account: Foreign, number: int, tell: Tell, user: str = "") -> None:
        """Take the library's `number` of one that comes in; `user` is whose call it is otherwise."""
        super().__init__(account, number)
        self.over = False
        self.user = user or user_of(str(self.getInfo().localUri))
        self._tell = tell
        self._behaviour = Behaviour()
        self._next_at: float | None = None
        self._answered = False
        self._gives_up = False
        self._voice: Foreign = None

    def ring(self, behaviour: Behaviour) -> None:
        """Start ringing, and know what comes next."""
        self._behaviour = behaviour
        self._respond(180)
        self._tell("call", self.user, "ringing")
        if behaviour.does != "silent":
            self._next_at = time.monotonic() + behaviour.after_s

    def dial(self, placed: Placed, behaviour: Behaviour) -> None:
        """Call, and give up when nobody answers."""
        self._behaviour = behaviour
        self._next_at = time.monotonic() + placed.gives_up_after_s
        self._gives_up = True
        self.makeCall(placed.to, pj.CallOpParam(True))  # noqa: FBT003 - the library's signature

    def tick(self, now: float) -> None:
        """Do what is due."""
        if self.over or self._next_at is None or now < self._next_at:
            return
        self._next_at = None
        if self._answered or self._gives_up:
            self.hangup(pj.CallOpParam())
        elif self._behaviour.does == "answer":
            self._respond(200)
        else:
            self._respond(_REFUSALS[self._behaviour.does])

    def close(self) -> None:
        """Stop speaking."""
        self._voice = None

    def onCallState(self, prm: Foreign) -> None:  # noqa: ARG002, N802 - the library's names
        """Note the answer and the end."""
        state = self.getInfo().state
        if state == pj.PJSIP_INV_STATE_CONFIRMED:
            self._answered = True
            self._next_at = None
            self._tell("call", self.user, "answered")
            if self._behaviour.hangs_up_after_s is not None:
                self._next_at = time.monotonic() + self._behaviour.hangs_up_after_s
        elif state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.over = True
            self._tell("call", self.user, "ended")

    def onCallMediaState(self, prm: Foreign) -> None:  # noqa: ARG002, N802 - the library's names
        """Speak into every stream that is made."""
        # The vector's items dangle once the CallInfo is gone: the numbers are copied out first.
        info = self.getInfo()
        active = [int(m.index) for m in info.media if m.status == pj.PJSUA_CALL_MEDIA_ACTIVE]
        for index in active:
            try:
                self._voice = self._voice or _voice(self._behaviour)
                self._voice.startTransmit(self.getAudioMedia(index))
            except pj.Error as error:
                log.warning("%s cannot speak: %s", self.user, error.reason)

    def onDtmfDigit(self, prm: Foreign) -> None:  # noqa: N802 - the library's name
        """Tell the tone that came."""
        self._tell("dtmf", self.user, str(prm.digit))

    def _respond(self, code: int) -> None:
        answer = pj.CallOpParam()
        answer.statusCode = code
        self.answer(answer)


def _voice(behaviour: Behaviour) -> Foreign:
    if behaviour.file is not None:
        player = pj.AudioMediaPlayer()
        player.createPlayer(behaviour.file)
        return player
    tone = pj.ToneDesc()
    tone.freq1 = min(round(behaviour.tone_hz), _MOST_HZ)
    tone.on_msec, tone.off_msec = _TONE_MS, 0
    tones = pj.ToneDescVector()
    tones.append(tone)
    generator = pj.ToneGenerator()
    generator.createToneGenerator(_RATE, 1)
    generator.play(tones, True)  # noqa: FBT003 - over and over
    return generator

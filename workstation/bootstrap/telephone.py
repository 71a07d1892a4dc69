"""From settings to the telephone line."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from workstation import paths
from workstation.adapters.db.address import is_elsewhere
from workstation.adapters.sip.line import SupervisedLine
from workstation.adapters.sip.orders import Configure, Way
from workstation.adapters.system import chosen_sound
from workstation.application.errors import LineFailed
from workstation.application.ports import Clock
from workstation.application.sound_choice import SoundChoice, TunableLine
from workstation.bootstrap.secrets import secret
from workstation.domain.call import CallEvent, IncomingCall, LineEvent, LineState, TextMessage
from workstation.domain.citizen import is_simulated_number
from workstation.domain.names import CallId
from workstation.settings import ScaipSettings, Settings, SipSettings


def is_plain(settings: Settings) -> bool:
    """Whether what is dialled and spoken, or what alarm units say here, may cross a network so."""
    here = not settings.database.is_shared
    return _is_plain(settings.sip) or (here and _is_plain(settings.scaip))


def _is_plain(account: SipSettings | ScaipSettings) -> bool:
    if account.kind == "off" or account.transport == "tls":
        return False
    address = account.address or ""
    return is_elsewhere(address if address.endswith("]") else address.rpartition(":")[0] or address)


def line(settings: Settings, clock: Clock) -> SupervisedLine | NoLine:
    """Return the line that `[sip]` asks for; raises LineFailed for an address nothing can reach."""
    sip = settings.sip
    if sip.kind == "off":
        return NoLine(clock.now)
    setup = Configure(
        kind=sip.kind,
        address=sip.address or "",
        username=sip.username or "",
        password=_password(sip.password_env),
        codecs=sip.codecs,
        sound=sip.sound,
        microphone=sip.microphone or "",
        echo_cancelling=sip.echo_cancelling,
        noise_suppression=sip.noise_suppression,
        automatic_gain=sip.automatic_gain,
        transport=sip.transport,
        ca_file=ca_file(settings),
        port=sip.port,
        fallback=_second(settings),
        stun=sip.stun,
        ice=sip.ice,
        keep_alive_s=sip.keep_alive_s,
    )
    return SupervisedLine(
        [*paths.own_command(), "sip-line"],
        setup,
        clock=clock,
        is_simulated_number=is_simulated_number,
        simulated_peer=sip.simulated,
    )


def _second(settings: Settings) -> Way | None:
    sip = settings.sip
    if sip.kind != "registrar" or sip.fallback_address is None:
        return None
    return Way(
        address=sip.fallback_address,
        username=sip.fallback_username or sip.username or "",
        password=_password(sip.fallback_password_env or sip.password_env),
    )


def _password(variable: str | None) -> str:
    return (secret(variable) or "") if variable else ""


def ca_file(settings: Settings) -> str:
    """Return the file of whom we trust: as set, else the system's; "" where it has no such file."""
    return settings.sip.ca_file or ssl.get_default_verify_paths().cafile or ""


def choosing_sound(line: object) -> Callable[[SoundChoice], None]:
    """Return what keeps chosen sound devices for this user, and gives them to `line`."""

    def choose(choice: SoundChoice) -> None:
        chosen_sound.keep(choice, paths.chosen_sound())
        if isinstance(line, TunableLine):
            line.use_sound(choice.headset, choice.microphone)

    return choose


class NoLine:
    """The telephone is switched off in the settings: every call is refused by name."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """`now` dates what it says of itself."""
        self._now = now
        self._on_line: Callable[[LineEvent], None] = lambda _event: None

    def listen(
        self,
        on_call: Callable[[CallEvent], None],
        on_line: Callable[[LineEvent], None],
        on_incoming: Callable[[IncomingCall], None] | None = None,
    ) -> None:
        """Say where events go; there are none of calls."""
        self._on_line = on_line

    def start(self) -> None:
        """Say that it is off."""
        self._on_line(LineEvent(state=LineState.OFF, at=self._now()))

    def call(self, call: CallId, target: str, *, record: Path | None = None) -> None:
        """Refuse."""
        raise LineFailed("off")

    def answer(self, call: CallId) -> None:
        """There is no call."""

    def decline(self, call: CallId, *, busy: bool = False) -> None:
        """There is no call."""

    def transfer(self, call: CallId, target: str) -> None:
        """There is no call."""

    def transfer_to(self, call: CallId, other: CallId) -> None:
        """There is no call."""

    def join(self, calls: Sequence[CallId]) -> None:
        """There are no calls."""

    def listen_messages(self, take: Callable[[TextMessage], None]) -> None:
        """Say where messages go; there are none."""

    def send(self, to: str, content_type: str, body: str, done: Callable[[int, str], None]) -> None:
        """Refuse."""
        raise LineFailed("off")

    def answer_message(self, number: int, code: int) -> None:
        """There is no message."""

    def hang_up(self, call: CallId) -> None:
        """There is no call."""

    def mute(self, call: CallId, muted: bool) -> None:
        """There is no call."""

    def hold(self, call: CallId, held: bool) -> None:
        """There is no call."""

    def dtmf(self, call: CallId, digits: str) -> None:
        """There is no call."""

    def volume(self, call: CallId, level: float) -> None:
        """There is no call."""

    def use_sound(self, headset: str, microphone: str) -> None:
        """There is nobody to be heard."""

    def stop(self) -> None:
        """There is nothing to end."""

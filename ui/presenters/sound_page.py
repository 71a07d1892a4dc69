"""Choosing and trying microphone, headset and the telephone's loudspeaker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, SignalInstance

from ui.desk import Desk
from ui.screens import Screens
from ui.sound_trial import SoundTrial
from ui.views.sound_page import SoundPage
from workstation import paths
from workstation.application.errors import LineFailed
from workstation.application.sound_choice import SoundChoice
from workstation.complaints import sentence
from workstation.domain.rights import Right
from workstation.settings import Settings
from workstation.texts import _

PAGE = "sound"
"""The key of its page."""

_NO_DEVICES = "no_sound_device"
"""This telephone library can use no device at all."""


class _Trial(Protocol):
    """What this needs of `ui.sound_trial.SoundTrial`."""

    devices: SignalInstance
    levels: SignalInstance
    failed: SignalInstance

    @property
    def is_on(self) -> bool: ...
    def start(self, headset: str, microphone: str, does: str) -> None: ...
    def stop(self) -> None: ...
    def end(self) -> None: ...


class _RingPlayer(Protocol):
    """What this needs of `ui.sounds.Sounds`."""

    names_known: SignalInstance

    def ask_names(self) -> None: ...
    def ring_on(self, device: str) -> None: ...


class SoundPagePresenter(QObject):
    """Tries while the page is seen and nobody calls; keeps what is chosen."""

    def __init__(
        self,
        *,
        trial: _Trial,
        player: _RingPlayer,
        now: SoundChoice,
        choose: Callable[[SoundChoice], None],
        is_busy: Callable[[], bool],
    ) -> None:
        """`choose` keeps a choice and uses it, or raises OSError; `is_busy`: a call is on or rings."""
        super().__init__()
        self._trial = trial
        self._player = player
        self._now = now
        self._choose = choose
        self._is_busy = is_busy
        self._fault = ""

    def attach(self, page: SoundPage, bring: Callable[[], None]) -> None:
        """Show in this page from now on; `bring` opens its tab."""
        self._page, self._bring = page, bring
        page.opened.connect(self._opened)
        page.left.connect(self._left)
        page.picked.connect(lambda: self._try(page.does))
        page.tried.connect(self._try)
        page.used.connect(self._use)
        self._trial.devices.connect(page.offer)
        self._trial.levels.connect(page.show_levels)
        self._trial.failed.connect(self._failed)
        self._player.names_known.connect(page.offer_ring)

    def open(self) -> None:
        """Bring the page to the front, with the keyboard on it."""
        self._bring()
        self._page.start_here()

    def call_changed(self) -> None:
        """Let go of the devices at once when a call needs them."""
        if self._is_busy() and self._trial.is_on:
            self._trial.end()
            self._page.rest()
            self._page.tell(_busy(), fault=True)

    def close(self) -> None:
        """End the trial."""
        self._trial.end()

    def _opened(self) -> None:
        self._page.tell("")
        self._page.show_choice(self._now)
        self._player.ask_names()
        self._try("listen")

    def _left(self) -> None:
        self._trial.stop()
        self._page.rest()

    def _try(self, does: str) -> None:
        if self._is_busy():
            self._page.rest()
            self._page.tell(_busy(), fault=True)
            return
        self._page.tell("")
        self._fault = ""
        choice = self._page.choice
        self._trial.start(choice.headset, choice.microphone, does)

    def _use(self, choice: SoundChoice) -> None:
        if self._is_busy():
            self._page.tell(_busy(), fault=True)
            return
        if self._fault == _NO_DEVICES and choice.headset != self._now.headset:
            # The line would go down with it, as the trial did.
            self._failed(self._fault)
            return
        # The line opens them to see whether it can: a device may be open only once.
        self._trial.end()
        self._page.rest()
        try:
            self._choose(choice)
        except OSError as error:
            why = error.strerror or type(error).__name__
            said = _("The choice cannot be kept ({why}); call IT.")
            self._page.tell(said.format(why=why), fault=True)
            return
        self._now = choice
        self._player.ring_on(choice.ring_device)
        self._page.tell(_("Used from now on, also after a restart."))

    def _failed(self, reason: str) -> None:
        self._fault = reason
        self._page.rest()
        if reason == "not_started":
            said = _("The part of the program that tries the sound cannot be started: call IT.")
        else:
            said = sentence(LineFailed(reason, wanted=self._page.choice.headset))
        self._page.tell(said, fault=True)


def attached(
    desk: Desk, screens: Screens, settings: Settings, player: _RingPlayer
) -> SoundPagePresenter:
    """Return the presenter of the page of sound devices, attached."""
    made = SoundPagePresenter(
        trial=SoundTrial([*paths.own_command(), "sound-trial"], screens.frame),
        player=player,
        now=SoundChoice(
            headset=settings.sip.sound,
            microphone=settings.sip.microphone or "",
            ring_device=settings.sound.ring_device or "",
        ),
        choose=desk.choose_sound,
        is_busy=lambda: not desk.phone.is_free or bool(desk.incoming.waiting()),
    )

    def show_tab(*, shown: bool) -> None:
        screens.details.show_tab(PAGE, shown=shown)

    def bring() -> None:
        show_tab(shown=True)
        screens.details.open(PAGE)

    def look() -> None:
        # Whoever manages users has no room for another tab on a small screen: the key brings it.
        show_tab(shown=not desk.session.may(Right.MANAGE_USERS))

    made.attach(screens.sound, bring)
    screens.sound.manage(settings.origins.managed)
    desk.session.watch(look)
    look()
    desk.phone.watch(lambda _view: made.call_changed())
    desk.incoming.watch(made.call_changed)
    return made


def _busy() -> str:
    return _("A call is on: choose and try the sound when it is over.")

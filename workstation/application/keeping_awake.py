"""While somebody is signed in at a desk its machine stays awake and its screen on."""

from __future__ import annotations

import logging
from typing import Protocol

from workstation.application.session import Session

_log = logging.getLogger(__name__)


class Awake(Protocol):
    """A machine that can be kept from sleeping and from turning its screen off."""

    def hold(self) -> None:
        """Keep it awake from now on; raises OSError where the system refuses, as `release` does."""
        ...

    def release(self) -> None:
        """Let it sleep when it likes."""
        ...


class KeepingAwake:
    """Follows who sits here; on the loop only."""

    def __init__(self, *, session: Session, awake: Awake) -> None:
        """Hold at once where somebody is there already, and where nobody has to sign in."""
        self._session = session
        self._awake = awake
        self._held = False
        session.watch(self._look)
        self._look()

    def stop(self) -> None:
        """Let the machine sleep, whoever sits here."""
        self._set(held=False)

    def _look(self) -> None:
        # A locked desk is somebody's still: its alarms must be seen.
        self._set(held=not self._session.guarded or self._session.signed_in is not None)

    def _set(self, *, held: bool) -> None:
        if held is self._held:
            return
        self._held = held
        try:
            (self._awake.hold if held else self._awake.release)()
        except OSError as error:
            # A screen that goes off is no reason to have no desk.
            _log.warning("the machine is not kept awake: %s", error.strerror)

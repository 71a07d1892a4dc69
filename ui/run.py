"""Qt and asyncio as one loop: the painted window is filled, then the desk is opened behind it."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import qasync
from PySide6.QtCore import QEventLoop, QTimer

if TYPE_CHECKING:
    from datetime import datetime

    from ui.compose import Window
    from ui.desk import Desk
    from ui.first_paint import FirstPicture
    from workstation.application.ports import Clock
    from workstation.settings import Settings

_log = logging.getLogger(__name__)
_WINDOWS_WAITS_MS: Final = 4500
"""After some 5 s a program counts as one that keeps people from signing out."""


class Only(Protocol):
    """What this needs of the window's claim to be the only one."""

    def listen(self, front: Callable[[], object], close: Callable[[], object]) -> None:
        """Call these in any thread when another start asks for the window, or for its end."""

    def hear_no_more(self) -> None:
        """Listen no longer: the end has begun."""


OpenDesk = Callable[[], AbstractAsyncContextManager["Desk"]]


def window(  # noqa: PLR0913 - the one place where everything of a window comes together
    open_desk: OpenDesk,
    *,
    first: FirstPicture,
    settings: Settings,
    clock: Clock,
    sound_command: Sequence[str],
    shot: Path | None,
    quit_after: float | None,
    only: Only | None = None,
    died_at: datetime | None = None,
) -> int:
    """Fill the window and keep it until it is closed; return the exit code.

    `quit_after` ends it after so many seconds, `shot` then gets its picture. `only`
    tells when another start wants this window instead of its own. `died_at`: the window in whose
    place this one is died then, aware UTC.
    """
    with qasync.QEventLoop(first.app) as loop:
        asyncio.set_event_loop(loop)

        def filled() -> Window:
            # Loading the screens takes longer than all that the operator sees until then.
            from ui.compose import Window  # noqa: PLC0415 - as said above

            return Window(first.app, settings, sound_command, clock, first.frame)

        code: int
        try:
            one = _Run(first, filled, only, died_at)
            code = loop.run_until_complete(one.run(open_desk, shot, quit_after))
        finally:
            if only is not None:
                only.hear_no_more()
        return code


class _Run:
    """One life of the window."""

    def __init__(
        self,
        first: FirstPicture,
        filled: Callable[[], Window],
        only: Only | None,
        died_at: datetime | None,
    ) -> None:
        self._only = only
        self._died_at = died_at
        self._place = first.place
        self._closing = asyncio.Event()
        self._frame = first.frame
        self._filled = filled
        self._frame.close_requested.connect(self._closing.set)
        self._ended = False
        first.app.aboutToQuit.connect(self._last_moment)
        if first.left:
            self._closing.set()

    async def run(self, open_desk: OpenDesk, shot: Path | None, quit_after: float | None) -> int:
        """Fill, open, wait for the end, and close in reverse order."""
        try:
            return await self._lived(open_desk, shot, quit_after)
        finally:
            self._ended = True

    async def _lived(self, open_desk: OpenDesk, shot: Path | None, quit_after: float | None) -> int:
        loop = asyncio.get_running_loop()
        end = None if quit_after is None else loop.time() + quit_after
        self._listen_for_signals()
        self._listen_for_others()
        window = self._filled()
        # Paint again before anything slow is begun.
        await asyncio.sleep(0)
        opened = False
        try:
            async with open_desk() as desk:
                opened = True
                window.attach(desk)
                if self._died_at is not None:
                    window.say_died(self._died_at)
                await self._until_closed(end)
                self._picture(shot)
                await window.detach()
        except Exception as error:
            _log.error(
                "the desk %s", "ended badly" if opened else "cannot be opened", exc_info=error
            )
            if not opened:
                # The world's: no database, another schema. It stands in the window until it is closed.
                from workstation.complaints import sentence  # noqa: PLC0415 - as above

                window.refuse(sentence(error))
                await self._until_closed(end)
                self._picture(shot)
            window.close()
            raise
        window.close()
        return 0

    async def _until_closed(self, end: float | None) -> None:
        """Wait for the operator, or for the loop's time `end`."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(end):
                await self._closing.wait()
        if self._only is not None:
            self._only.hear_no_more()
        if self._place is not None:
            self._place.end()

    def _last_moment(self) -> None:
        """Wait for the end: at a sign-out or a shutdown Windows ends the process right after this."""
        if self._ended:
            return
        self._closing.set()
        waiting = QEventLoop()
        patience = QTimer(waiting)  # and gone with it
        patience.timeout.connect(waiting.quit)
        patience.start(_WINDOWS_WAITS_MS)
        waiting.exec()

    def _picture(self, shot: Path | None) -> None:
        if shot is not None and not self._frame.grab().save(str(shot)):
            _log.error("the picture could not be saved in %s", shot)

    def _listen_for_others(self) -> None:
        if self._only is None:
            return
        loop = asyncio.get_running_loop()
        front, close = self._frame.come_forward, self._closing.set
        try:
            self._only.listen(
                lambda: loop.call_soon_threadsafe(front), lambda: loop.call_soon_threadsafe(close)
            )
        except OSError as error:
            _log.warning("another start cannot reach this window: %s", type(error).__name__)

    def _listen_for_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: loop.call_soon_threadsafe(self._closing.set))

"""Qt and asyncio as one loop: the painted window is filled, then the desk is opened behind it."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import qasync

if TYPE_CHECKING:
    from ui.compose import Window
    from ui.desk import Desk
    from ui.first_paint import FirstPicture
    from workstation.application.ports import Clock
    from workstation.settings import Settings

_log = logging.getLogger(__name__)
OpenDesk = Callable[[], AbstractAsyncContextManager["Desk"]]


def window(
    open_desk: OpenDesk,
    *,
    first: FirstPicture,
    settings: Settings,
    clock: Clock,
    sound_command: Sequence[str],
    shot: Path | None,
    quit_after: float | None,
) -> int:
    """Fill the window and keep it until it is closed; return the exit code.

    `quit_after` ends it after so many seconds, `shot` then gets its picture.
    """
    with qasync.QEventLoop(first.app) as loop:
        asyncio.set_event_loop(loop)

        def filled() -> Window:
            # Loading the screens takes longer than all that the operator sees until then.
            from ui.compose import Window  # noqa: PLC0415

            return Window(first.app, settings, sound_command, clock, first.frame)

        code: int = loop.run_until_complete(_Run(first, filled).run(open_desk, shot, quit_after))
        return code


class _Run:
    """One life of the window."""

    def __init__(self, first: FirstPicture, filled: Callable[[], Window]) -> None:
        self._closing = asyncio.Event()
        self._frame = first.frame
        self._filled = filled
        self._frame.close_requested.connect(self._closing.set)
        if first.left:
            self._closing.set()

    async def run(self, open_desk: OpenDesk, shot: Path | None, quit_after: float | None) -> int:
        """Fill, open, wait for the end, and close in reverse order."""
        loop = asyncio.get_running_loop()
        end = None if quit_after is None else loop.time() + quit_after
        self._listen_for_signals()
        window = self._filled()
        # Paint again before anything slow is begun.
        await asyncio.sleep(0)
        opened = False
        try:
            async with open_desk() as desk:
                opened = True
                window.attach(desk)
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

    def _picture(self, shot: Path | None) -> None:
        if shot is not None and not self._frame.grab().save(str(shot)):
            _log.error("the picture could not be saved in %s", shot)

    def _listen_for_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: loop.call_soon_threadsafe(self._closing.set))

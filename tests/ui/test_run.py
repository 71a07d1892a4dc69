"""The window and the desk behind it end in order, also when the system signs its user out."""

import subprocess
import sys

from workstation.paths import root

PROGRAM = """
import asyncio
import os
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from PySide6.QtCore import QTimer

from ui import compose, first_paint, run

HANGS = sys.argv[1] == "hangs"
first = first_paint.first_picture("light", "Hub", now=datetime(2026, 3, 14, tzinfo=UTC))


def sign_out():
    first.app.aboutToQuit.emit()
    os._exit(0)  # as Windows does once it has been answered


class Window:
    def __init__(self, *_words):
        pass

    def attach(self, _desk):
        QTimer.singleShot(0, sign_out)

    async def detach(self):
        await asyncio.to_thread(print, "detached", flush=True)
        if HANGS:
            await asyncio.Event().wait()

    def close(self):
        print("closed", flush=True)


@asynccontextmanager
async def desk():
    yield object()
    print("ended", flush=True)


compose.Window = Window
if HANGS:
    run._WINDOWS_WAITS_MS = 50
run.window(
    desk, first=first, settings=None, clock=None, sound_command=[], shot=None, quit_after=None
)
"""


def printed(how: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, how],
        cwd=root(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.split()


def test_a_sign_out_waits_until_the_desk_has_ended() -> None:
    assert printed("ends") == ["detached", "ended", "closed"]


def test_a_desk_that_does_not_end_keeps_nobody_from_signing_out() -> None:
    assert printed("hangs") == ["detached"]

"""Keeps Windows from sleeping and its screen on."""

from __future__ import annotations

import sys
from typing import Final

_GOES_ON: Final = 0x8000_0000  # ES_CONTINUOUS
_SYSTEM: Final = 0x0000_0001  # ES_SYSTEM_REQUIRED
_SCREEN: Final = 0x0000_0002  # ES_DISPLAY_REQUIRED

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class WindowsAwake:
        """An `Awake`; holds for the thread that asks, so that thread must be the window's own."""

        def hold(self) -> None:
            """Keep system and screen on; Windows forgets it when the program ends in whatever way."""
            _say(_GOES_ON | _SYSTEM | _SCREEN)

        def release(self) -> None:
            """Let both do as the user has set."""
            _say(_GOES_ON)

    def _say(state: int) -> None:
        """Raise OSError when Windows refuses."""
        say = ctypes.WinDLL("kernel32").SetThreadExecutionState
        say.restype = wintypes.DWORD
        if not say(wintypes.DWORD(state)):
            raise OSError(state, "SetThreadExecutionState")

"""Says something to a person when there is no window yet, no console, and perhaps no Qt that works."""

from __future__ import annotations

import sys
from typing import Final

_ERROR_IN_FRONT: Final = 0x10 | 0x10000 | 0x40000
"""An error's sign, in the foreground, over all other windows."""


def tell(title: str, sentence: str) -> bool:
    """Show a box with one button until it is closed; whether this system has such boxes."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - only where it is needed

        ctypes.WinDLL("user32").MessageBoxW(None, sentence, title, _ERROR_IN_FRONT)
    return sys.platform == "win32"

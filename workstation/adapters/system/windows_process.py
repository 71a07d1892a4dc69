"""What Windows knows of another process: whether it still runs, and whether it may come to the front."""

from __future__ import annotations

import sys
from typing import Final

_SYNCHRONIZE: Final = 0x0010_0000
_SIGNALLED: Final = 0
_NO_SUCH_PROCESS: Final = 87  # ERROR_INVALID_PARAMETER

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    def has_ended(process: int, *, within_s: float) -> bool:
        """Wait until a process has ended, `within_s` at most; return whether it has."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = wintypes.HANDLE
        kernel.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
        kernel.WaitForSingleObject.argtypes = (wintypes.HANDLE, wintypes.DWORD)
        kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
        opened = kernel.OpenProcess(_SYNCHRONIZE, 0, process)
        if not opened:
            return ctypes.get_last_error() == _NO_SUCH_PROCESS
        try:
            waited = kernel.WaitForSingleObject(opened, round(max(within_s, 0.0) * 1000))
            return bool(waited == _SIGNALLED)
        finally:
            kernel.CloseHandle(opened)

    def let_come_to_front(process: int) -> None:
        """Let a process bring its window to the front, as this one may that the user has started."""
        ctypes.WinDLL("user32").AllowSetForegroundWindow(wintypes.DWORD(process))

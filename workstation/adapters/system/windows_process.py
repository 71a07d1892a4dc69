"""What Windows knows of other processes: which run, whether one has ended, or may come to the front."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

_SYNCHRONIZE: Final = 0x0010_0000
_QUERY: Final = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION
_SIGNALLED: Final = 0
_LONGEST_PATH: Final = 32_768
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

    def running(program: Path) -> set[int]:
        """Return the processes of a program, of those that this user may look at."""
        wanted = str(program).casefold()
        return {one for one in _processes() if (_image(one) or "").casefold() == wanted}

    def _processes() -> list[int]:
        psapi = ctypes.WinDLL("psapi", use_last_error=True)
        room, got = 1024, wintypes.DWORD()
        while True:
            found = (wintypes.DWORD * room)()
            size = ctypes.sizeof(found)
            if not psapi.EnumProcesses(found, wintypes.DWORD(size), ctypes.byref(got)):
                raise ctypes.WinError(ctypes.get_last_error())
            if got.value < size:  # as much as there was room for may not be all
                return list(found[: got.value // ctypes.sizeof(wintypes.DWORD)])
            room *= 2

    def _image(process: int) -> str | None:
        """Return the path of what a process runs; None for one that is gone or none of this user's."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = wintypes.HANDLE
        kernel.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
        kernel.QueryFullProcessImageNameW.argtypes = (
            *(wintypes.HANDLE, wintypes.DWORD, wintypes.LPWSTR),
            ctypes.POINTER(wintypes.DWORD),
        )
        kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
        opened = kernel.OpenProcess(_QUERY, 0, process)
        if not opened:
            return None
        try:
            path, size = ctypes.create_unicode_buffer(_LONGEST_PATH), wintypes.DWORD(_LONGEST_PATH)
            named = kernel.QueryFullProcessImageNameW(opened, 0, path, ctypes.byref(size))
            return path.value if named else None
        finally:
            kernel.CloseHandle(opened)

    def let_come_to_front(process: int) -> None:
        """Let a process bring its window to the front, as this one may that the user has started."""
        ctypes.WinDLL("user32").AllowSetForegroundWindow(wintypes.DWORD(process))

"""Errors in Windows' event log, where the service desk and its monitoring look first."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from typing import Final

SOURCE: Final = "E-Team Workstation"
"""The installer registers it, with Windows' own EventCreate.exe for its texts (ids 1 to 1000)."""
EVENT_ID: Final = 1
_ERROR: Final = 1
_PER_KIND_S: Final = 60.0
_KINDS: Final = 500
_LONGEST: Final = 31_000
"""Windows takes 31,839 characters."""


class EventLogLines(logging.Handler):
    """Reports each kind of error once a minute: one that repeats must not push the others out."""

    def __init__(
        self,
        report: Callable[[str], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`report` takes a text into the event log; raises OSError."""
        super().__init__(logging.ERROR)
        self._report = report
        self._monotonic = monotonic
        self._last: dict[tuple[str, str], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Report the record, unless its kind was reported within the last minute."""
        if not self._is_due(record):
            return
        try:
            self._report(self.format(record)[:_LONGEST])
        except OSError:
            self.handleError(record)

    def _is_due(self, record: logging.LogRecord) -> bool:
        now, kind = self._monotonic(), (record.name, str(record.msg))
        last = self._last.get(kind)
        if last is not None and now - last < _PER_KIND_S:
            return False
        if len(self._last) >= _KINDS:
            self._last.clear()
        self._last[kind] = now
        return True


def event_log() -> list[logging.Handler]:
    """Return what writes errors into this machine's event log; nothing on other systems."""
    return [EventLogLines(_report)] if sys.platform == "win32" else []


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    def _report(text: str) -> None:
        advapi = ctypes.WinDLL("advapi32", use_last_error=True)
        advapi.RegisterEventSourceW.argtypes = (wintypes.LPCWSTR, wintypes.LPCWSTR)
        advapi.RegisterEventSourceW.restype = wintypes.HANDLE
        advapi.DeregisterEventSource.argtypes = (wintypes.HANDLE,)
        advapi.ReportEventW.argtypes = (
            *(wintypes.HANDLE, wintypes.WORD, wintypes.WORD, wintypes.DWORD, ctypes.c_void_p),
            *(wintypes.WORD, wintypes.DWORD, ctypes.POINTER(wintypes.LPCWSTR), ctypes.c_void_p),
        )
        source = advapi.RegisterEventSourceW(None, SOURCE)
        if not source:
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            lines = (wintypes.LPCWSTR * 1)(text)
            if not advapi.ReportEventW(source, _ERROR, 0, EVENT_ID, None, 1, 0, lines, None):
                raise ctypes.WinError(ctypes.get_last_error())
        finally:
            advapi.DeregisterEventSource(source)
else:

    def _report(text: str) -> None:
        raise OSError(text)

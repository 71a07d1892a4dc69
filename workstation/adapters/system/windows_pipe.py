"""How a named pipe is opened on Windows so that whoever made it learns no more than who asks.

Any user may make a pipe of any name. One that the system's own account opens in the usual way lends
that account to whoever made it, where that one is a service.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import _winapi
    from multiprocessing.connection import PipeConnection
    from time import monotonic
    from typing import Any, Final

    _TO_IDENTIFY: Final = (
        0x0010_0000 | 0x0001_0000
    )  # SECURITY_SQOS_PRESENT, SECURITY_IDENTIFICATION
    _BUSY: Final = frozenset({_winapi.ERROR_SEM_TIMEOUT, _winapi.ERROR_PIPE_BUSY})
    _FREE_WITHIN_MS: Final = 1000

    def connected(where: str, *, within_s: float) -> PipeConnection[Any, Any]:
        """Return a connection to a pipe of messages; raises OSError, also while it is busy too long."""
        end = monotonic() + within_s
        while True:
            try:
                return _opened(where)
            except OSError as error:
                if error.winerror not in _BUSY or monotonic() >= end:
                    raise

    def _opened(where: str) -> PipeConnection[Any, Any]:
        _winapi.WaitNamedPipe(where, _FREE_WITHIN_MS)
        handle = _winapi.CreateFile(
            *(where, _winapi.GENERIC_READ | _winapi.GENERIC_WRITE, 0, _winapi.NULL),
            *(_winapi.OPEN_EXISTING, _winapi.FILE_FLAG_OVERLAPPED | _TO_IDENTIFY),
            _winapi.NULL,
        )
        mode = _winapi.PIPE_READMODE_MESSAGE
        _winapi.SetNamedPipeHandleState(handle, mode, None, None)
        return PipeConnection(handle)

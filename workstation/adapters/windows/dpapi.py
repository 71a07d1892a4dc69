"""Windows' own encryption for a machine (DPAPI): its key never leaves Windows, nor this machine.

Whoever may read a file of it on this machine can open it there; a copy on another machine, or in a
backup, is nothing. So the files' rights are the lock, and this is what makes a stolen disk useless.
"""

from __future__ import annotations

import sys
from typing import Final

_THIS_MACHINE: Final = 0x4
_NO_QUESTIONS: Final = 0x1


class MachineKey:
    """Seals and opens with this machine's key."""

    def seal(self, plain: bytes, label: bytes) -> bytes:
        """Return `plain` encrypted; only with the same `label` it is opened. Raises OSError."""
        return _run("CryptProtectData", plain, label)

    def open(self, sealed: bytes, label: bytes) -> bytes:
        """Return what was sealed; raises OSError for another machine's, or one that was changed."""
        return _run("CryptUnprotectData", sealed, label)


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _Blob(ctypes.Structure):
        _fields_ = (("size", wintypes.DWORD), ("bytes", ctypes.c_void_p))

    def _blob(content: bytes) -> tuple[_Blob, ctypes.Array[ctypes.c_char]]:
        kept = ctypes.create_string_buffer(content, len(content))
        return _Blob(len(content), ctypes.addressof(kept)), kept

    def _run(name: str, content: bytes, label: bytes) -> bytes:
        crypt = ctypes.WinDLL("crypt32", use_last_error=True)
        free = ctypes.WinDLL("kernel32").LocalFree
        free.argtypes = (ctypes.c_void_p,)
        given, _given = _blob(content)
        more, _more = _blob(label)
        made = _Blob()
        done = getattr(crypt, name)(
            ctypes.byref(given),
            None,
            ctypes.byref(more),
            None,
            None,
            _THIS_MACHINE | _NO_QUESTIONS,
            ctypes.byref(made),
        )
        if not done:
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            return ctypes.string_at(made.bytes, made.size)
        finally:
            free(made.bytes)
else:

    def _run(name: str, _content: bytes, _label: bytes) -> bytes:
        raise OSError(name)

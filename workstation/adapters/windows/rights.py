"""Folders of the machine with rights of their own: who may read and who may write what lies there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

_OURS: Final = "D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
"""SYSTEM and administrators, inherited by what lies there; nothing comes from the folder above."""
READ_BY_ALL: Final = f"{_OURS}(A;OICI;0x1200a9;;;BU)"
"""Settings: every user of the machine reads them, an administrator writes them."""
WRITTEN_BY_ALL: Final = f"{_OURS}(A;OICI;0x1301bf;;;BU)"
"""Logs and crash reports: each user's desk writes there."""
READ_AT_THE_DESK: Final = f"{_OURS}(A;OICI;0x1200a9;;;IU)(A;OICI;0x1200a9;;;SU)"
"""Secrets: whoever sits at the machine, and its services, for those open the desk; nobody by network."""

_POSIX: Final = {READ_BY_ALL: 0o755, WRITTEN_BY_ALL: 0o1777, READ_AT_THE_DESK: 0o700}


def make_folder(folder: Path, rights: str) -> None:
    """Make `folder` where it is missing, and give it `rights`, one of the above; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":
        _set_rights(folder, rights)
    else:
        folder.chmod(_POSIX[rights])


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _FILE: Final = 1
    _OWNER: Final = 0x1
    _DACL: Final = 0x4
    _NOTHING_FROM_ABOVE: Final = 0x80000000
    _REVISION: Final = 1
    _advapi: Final = ctypes.WinDLL("advapi32", use_last_error=True)
    _free: Final = ctypes.WinDLL("kernel32").LocalFree
    _free.argtypes = (ctypes.c_void_p,)
    _place = ctypes.POINTER(ctypes.c_void_p)
    _flag = ctypes.POINTER(wintypes.BOOL)
    _read: Final = _advapi.ConvertStringSecurityDescriptorToSecurityDescriptorW
    _read.argtypes = (wintypes.LPCWSTR, wintypes.DWORD, _place, ctypes.c_void_p)
    _owner_of: Final = _advapi.GetSecurityDescriptorOwner
    _owner_of.argtypes = (ctypes.c_void_p, _place, _flag)
    _list_of: Final = _advapi.GetSecurityDescriptorDacl
    _list_of.argtypes = (ctypes.c_void_p, _flag, _place, _flag)
    _set: Final = _advapi.SetNamedSecurityInfoW
    _set.argtypes = (wintypes.LPCWSTR, ctypes.c_int, wintypes.DWORD, *(ctypes.c_void_p,) * 4)

    def _set_rights(folder: Path, rights: str) -> None:
        descriptor = ctypes.c_void_p()
        if not _read(f"O:BA{rights}", _REVISION, ctypes.byref(descriptor), None):
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            owner, listed, flag = ctypes.c_void_p(), ctypes.c_void_p(), wintypes.BOOL()
            _owner_of(descriptor, ctypes.byref(owner), ctypes.byref(flag))
            _list_of(descriptor, ctypes.byref(flag), ctypes.byref(listed), ctypes.byref(flag))
            own = _DACL | _NOTHING_FROM_ABOVE
            # Whoever made the folder before the installer did must not own it, nor what lies there;
            # only an elevated program can give it away.
            if _set(str(folder), _FILE, own | _OWNER, owner, None, listed, None):
                code = _set(str(folder), _FILE, own, None, None, listed, None)
                if code:
                    raise ctypes.WinError(code)
        finally:
            _free(descriptor)

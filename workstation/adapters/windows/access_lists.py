"""Windows' access lists of folders: made together with a folder, and given by a handle, not by a name.

An installer acts as the system's own account, in a place where every user may make a folder first. A
name could lead elsewhere by then; what a handle was opened for stays what it is.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import ctypes
    from collections.abc import Iterator
    from contextlib import contextmanager
    from ctypes import wintypes
    from pathlib import Path
    from typing import Final

    _REVISION: Final = 1
    _READS_LIST: Final = 0x0002_0000 | 0x0080  # READ_CONTROL, FILE_READ_ATTRIBUTES
    _GIVES_LIST: Final = _READS_LIST | 0x0004_0000 | 0x0008_0000  # WRITE_DAC, WRITE_OWNER
    _LISTS_FOLDER: Final = _READS_LIST | 0x0001  # FILE_LIST_DIRECTORY
    _ALL_MAY: Final = 7  # FILE_SHARE_READ, WRITE, DELETE
    _OTHERS_READ: Final = 1  # FILE_SHARE_READ
    _OPEN: Final = 3  # OPEN_EXISTING
    _ITSELF: Final = 0x0200_0000 | 0x0020_0000  # FILE_FLAG_BACKUP_SEMANTICS, OPEN_REPARSE_POINT
    _IS_FOLDER: Final = 0x10  # FILE_ATTRIBUTE_DIRECTORY
    _IS_LINK: Final = 0x400  # FILE_ATTRIBUTE_REPARSE_POINT
    _OWNER_AND_LIST: Final = 0x1 | 0x4 | 0x8000_0000  # and nothing from the folder above
    _OWNER: Final = 0x1
    _OF_FILES: Final = 1  # SE_FILE_OBJECT
    _QUERY: Final = 8  # TOKEN_QUERY
    _USER: Final = 1  # TokenUser
    _ALREADY_EXISTS: Final = 183
    _ACCESS_DENIED: Final = 5
    _SYSTEM_AND_ADMINISTRATORS: Final = frozenset({"S-1-5-18", "S-1-5-32-544"})

    class _Attributes(ctypes.Structure):
        _fields_ = (("size", wintypes.DWORD), ("list", ctypes.c_void_p), ("_", wintypes.BOOL))

    class _Facts(ctypes.Structure):
        _fields_ = (("attributes", wintypes.DWORD), ("_", wintypes.DWORD * 12))

    _place: Final = ctypes.POINTER(ctypes.c_void_p)
    _kernel: Final = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.LocalFree.argtypes = (ctypes.c_void_p,)
    _kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
    _kernel.GetCurrentProcess.restype = wintypes.HANDLE
    _kernel.CreateDirectoryW.argtypes = (wintypes.LPCWSTR, ctypes.POINTER(_Attributes))
    _kernel.CreateFileW.restype = wintypes.HANDLE
    _kernel.CreateFileW.argtypes = (
        *(wintypes.LPCWSTR, wintypes.DWORD, wintypes.DWORD, ctypes.c_void_p),
        *(wintypes.DWORD, wintypes.DWORD, wintypes.HANDLE),
    )
    _kernel.GetFileInformationByHandle.argtypes = (wintypes.HANDLE, ctypes.POINTER(_Facts))
    _advapi: Final = ctypes.WinDLL("advapi32", use_last_error=True)
    _read: Final = _advapi.ConvertStringSecurityDescriptorToSecurityDescriptorW
    _read.argtypes = (wintypes.LPCWSTR, wintypes.DWORD, _place, ctypes.c_void_p)
    _advapi.SetKernelObjectSecurity.argtypes = (wintypes.HANDLE, wintypes.DWORD, ctypes.c_void_p)
    _advapi.GetSecurityInfo.argtypes = (
        *(wintypes.HANDLE, ctypes.c_int, wintypes.DWORD, _place),
        *(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, _place),
    )
    _advapi.ConvertSidToStringSidW.argtypes = (ctypes.c_void_p, ctypes.POINTER(wintypes.LPWSTR))
    _advapi.OpenProcessToken.argtypes = (
        *(wintypes.HANDLE, wintypes.DWORD),
        ctypes.POINTER(wintypes.HANDLE),
    )
    _advapi.GetTokenInformation.argtypes = (
        *(wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p),
        *(wintypes.DWORD, ctypes.POINTER(wintypes.DWORD)),
    )

    def make(folder: Path, rights: str) -> None:
        """Make `folder` with a list (SDDL), or give it to the one that is there.

        That one must be a folder of ours, and no link. Raises OSError.
        """
        with _descriptor(f"O:BA{rights}") as wanted:
            given = _Attributes(ctypes.sizeof(_Attributes), wanted, 0)
            if _kernel.CreateDirectoryW(str(folder), ctypes.byref(given)):
                return
            if ctypes.get_last_error() != _ALREADY_EXISTS:
                raise _failed(ctypes.get_last_error(), folder)
            with _opened(folder, _GIVES_LIST) as handle:
                if not (_attributes(handle) & _IS_FOLDER and _is_ours(handle)):
                    raise _failed(_ALREADY_EXISTS, folder)
                # What inherited from the old list is left: giving the new one on would follow links.
                _done(_advapi.SetKernelObjectSecurity(handle, _OWNER_AND_LIST, wanted))

    def is_ours(place: Path) -> bool:
        """Whether it is no link, and made by the system, an administrator, or whoever asks."""
        try:
            with _opened(place, _READS_LIST) as handle:
                return _is_ours(handle)
        except PermissionError:  # an administrator's can be read by an administrator
            return False

    @contextmanager
    def held(folder: Path) -> Iterator[None]:
        """Keep everybody from making another thing of a folder; raises OSError for no folder of ours."""
        with _opened(folder, _LISTS_FOLDER, _OTHERS_READ) as handle:
            if not (_attributes(handle) & _IS_FOLDER and _is_ours(handle)):
                raise _failed(_ACCESS_DENIED, folder)
            yield

    def _is_ours(handle: int) -> bool:
        if _attributes(handle) & _IS_LINK:
            return False
        owner, descriptor = ctypes.c_void_p(), ctypes.c_void_p()
        code = _advapi.GetSecurityInfo(
            *(handle, _OF_FILES, _OWNER, ctypes.byref(owner)),
            *(None, None, None, ctypes.byref(descriptor)),
        )
        if code:
            raise ctypes.WinError(code)
        try:
            return _written(owner) in _SYSTEM_AND_ADMINISTRATORS | {_own_number()}
        finally:
            _kernel.LocalFree(descriptor)

    def _own_number() -> str:
        """Return who this process acts as, as Windows writes it."""
        token, size = wintypes.HANDLE(), wintypes.DWORD()
        process = _kernel.GetCurrentProcess()
        _done(_advapi.OpenProcessToken(process, _QUERY, ctypes.byref(token)))
        try:
            found = ctypes.create_string_buffer(256)
            answer = _advapi.GetTokenInformation(token, _USER, found, 256, ctypes.byref(size))
            _done(answer)
            # A TOKEN_USER begins with the address of the number, which lies behind it.
            return _written(ctypes.c_void_p.from_buffer(found))
        finally:
            _kernel.CloseHandle(token)

    def _written(number: ctypes.c_void_p) -> str:
        text = wintypes.LPWSTR()
        _done(_advapi.ConvertSidToStringSidW(number, ctypes.byref(text)))
        try:
            return text.value or ""
        finally:
            _kernel.LocalFree(text)

    def _attributes(handle: int) -> int:
        facts = _Facts()
        _done(_kernel.GetFileInformationByHandle(handle, ctypes.byref(facts)))
        return int(facts.attributes)

    @contextmanager
    def _descriptor(sddl: str) -> Iterator[ctypes.c_void_p]:
        made = ctypes.c_void_p()
        _done(_read(sddl, _REVISION, ctypes.byref(made), None))
        try:
            yield made
        finally:
            _kernel.LocalFree(made)

    @contextmanager
    def _opened(place: Path, access: int, share: int = _ALL_MAY) -> Iterator[int]:
        handle = _kernel.CreateFileW(str(place), access, share, None, _OPEN, _ITSELF, None)
        if handle == wintypes.HANDLE(-1).value:
            raise _failed(ctypes.get_last_error(), place)
        try:
            yield handle
        finally:
            _kernel.CloseHandle(handle)

    def _failed(code: int, place: Path) -> OSError:
        return OSError(None, ctypes.FormatError(code).strip(), str(place), code)

    def _done(answer: int) -> None:
        if not answer:
            raise ctypes.WinError(ctypes.get_last_error())

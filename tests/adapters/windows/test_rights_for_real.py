"""Who may do what in the machine's folders, as Windows itself says it afterwards."""

import sys

import pytest

if sys.platform != "win32":
    pytest.skip("needs Windows' access lists", allow_module_level=True)

import ctypes
from ctypes import wintypes

from workstation.adapters.windows import access_lists, rights

DACL = 0x4


def told(folder) -> str:
    """The access list of a folder, as Windows writes it."""
    advapi = ctypes.WinDLL("advapi32", use_last_error=True)
    needed = wintypes.DWORD()
    advapi.GetFileSecurityW(str(folder), DACL, None, 0, ctypes.byref(needed))
    kept = ctypes.create_string_buffer(needed.value)
    assert advapi.GetFileSecurityW(str(folder), DACL, kept, needed, ctypes.byref(needed))
    text = wintypes.LPWSTR()
    assert advapi.ConvertSecurityDescriptorToStringSecurityDescriptorW(
        kept, 1, DACL, ctypes.byref(text), None
    )
    return str(text.value)


@pytest.mark.parametrize(
    "wanted", [rights.READ_BY_ALL, rights.WRITTEN_BY_ALL, rights.READ_AT_THE_DESK]
)
def test_a_folder_is_made_and_what_lies_there_can_be_used(tmp_path, wanted):
    folder = tmp_path / "one" / "two"
    rights.make_folder(folder, wanted)
    rights.make_folder(folder, wanted)
    (folder / "file").write_text("x")
    assert (folder / "file").read_text() == "x"
    assert told(folder).startswith("D:")


def test_a_file_in_the_way_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):  # noqa: PT011 - whichever Windows gives
        rights.make_folder(tmp_path / "file", rights.READ_BY_ALL)


def test_a_folder_that_is_held_is_made_nothing_else_of(tmp_path):
    folder = tmp_path / "logs"
    rights.make_folder(folder, rights.WRITTEN_BY_ALL)
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.CreateFileW.restype = wintypes.HANDLE
    kernel.CreateFileW.argtypes = (wintypes.LPCWSTR, *(wintypes.DWORD,) * 2, ctypes.c_void_p,
                                   *(wintypes.DWORD,) * 2, wintypes.HANDLE)  # fmt: skip

    def opened_to_write() -> bool:
        # A junction is made through a handle like this one.
        handle = kernel.CreateFileW(str(folder), 0x2, 7, None, 3, 0x02000000, None)
        if handle == wintypes.HANDLE(-1).value:
            return False
        kernel.CloseHandle(wintypes.HANDLE(handle))
        return True

    assert opened_to_write()
    with access_lists.held(folder):
        assert not opened_to_write()
        (folder / "file").write_text("x")
        (folder / "file").unlink()
    with pytest.raises(OSError), access_lists.held(tmp_path / "none"):  # noqa: PT011 - as above
        pass


def test_who_made_it_is_known(tmp_path):
    (tmp_path / "file").write_text("")
    assert access_lists.is_ours(tmp_path)
    assert access_lists.is_ours(tmp_path / "file")

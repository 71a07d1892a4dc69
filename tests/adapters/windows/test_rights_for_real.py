"""Who may do what in the machine's folders, as Windows itself says it afterwards."""

import sys

import pytest

if sys.platform != "win32":
    pytest.skip("needs Windows' access lists", allow_module_level=True)

import ctypes
from ctypes import wintypes

from workstation.adapters.windows import rights

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

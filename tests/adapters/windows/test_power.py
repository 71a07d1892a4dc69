"""Windows is kept awake; on Windows, or in the lab."""

import sys

import pytest

if sys.platform != "win32":
    pytest.skip("Windows only", allow_module_level=True)

from workstation.adapters.windows import power


def test_it_is_held_and_let_go_again() -> None:
    awake = power.WindowsAwake()
    for _time in range(2):
        awake.hold()
        awake.release()

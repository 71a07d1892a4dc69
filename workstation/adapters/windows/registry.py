"""The registry key of the policy; loads nothing but what Windows brings, the window waits for it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Final

KEY: Final = r"SOFTWARE\Policies\E-Team\Workstation"
"""Below HKEY_LOCAL_MACHINE; only an administrator can write there."""
WHERE: Final = f"HKLM\\{KEY}\\"


def named(rows: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Return the values among `rows` that name a setting, of whatever type: none is passed over."""
    # Policy editors leave marks of their own beside the values, with names like **delvals.
    return {name: value for name, value in rows if name and not name.startswith("*")}


def policy_values() -> dict[str, object]:
    """Return this machine's policy by dotted key; empty where there is none, and on other systems.

    Raises OSError when the key is there and cannot be read: a desk must not run past its policy.
    """
    return named(_rows())


if sys.platform == "win32":
    import winreg

    def _rows() -> list[tuple[str, object]]:
        # A 32-bit view would be redirected to another key.
        access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        try:
            key = winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, KEY, 0, access)
        except FileNotFoundError:
            return []
        with key:
            count = winreg.QueryInfoKey(key)[1]
            return [winreg.EnumValue(key, index)[:2] for index in range(count)]
else:

    def _rows() -> list[tuple[str, object]]:
        return []

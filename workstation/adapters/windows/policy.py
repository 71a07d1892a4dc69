"""Settings that IT fixed by group policy or Intune: the values of one registry key.

A value is named by the setting's dotted key. REG_SZ is text or TOML, REG_DWORD a whole number, or on
and off (1, 0), REG_MULTI_SZ a list of texts.
"""

from __future__ import annotations

from collections.abc import Mapping

from workstation.adapters.windows.registry import WHERE, policy_values
from workstation.settings import Policy


def as_policy(values: Mapping[str, object]) -> Policy | None:
    """Return what the key's values say; None where there are none."""
    return Policy(where=WHERE, values=values) if values else None


def machine_policy() -> Policy | None:
    """Return this machine's policy; None where there is none, and on any other system.

    Raises OSError when the key is there and cannot be read.
    """
    return as_policy(policy_values())

"""What can be wrong with the settings, by name."""

from __future__ import annotations

import re
from typing import Literal

from workstation.settings.forms import Form

SettingsReason = Literal[
    "missing",
    "needed_with",
    "no_file",
    "same_key",
    "secret_in_file",
    "syntax",
    "unknown_key",
    "unreadable",
    "wrong_value",
]

_PASSWORD = re.compile(r"(://[^/@\s:]*):[^/\s]*@")
_SHOWN = 60


class SettingsError(Exception):
    """A setting that cannot be used.

    `where` is the file's path or `environment variable WORKSTATION_…`'s name, `key` the dotted key
    ("" when the file itself is at fault), `expected` its form, `got` what stands there (a password
    in it is hidden), `line` the line of a syntax error, and `detail` what else the reason tells.
    """

    def __init__(
        self,
        reason: SettingsReason,
        *,
        where: str,
        key: str = "",
        expected: Form | None = None,
        got: object = None,
        line: int | None = None,
        detail: str = "",
    ) -> None:
        super().__init__(reason, where, key)
        self.reason: SettingsReason = reason
        self.where = where
        self.key = key
        self.expected = expected
        self.got = shown(got)
        self.line = line
        self.detail = detail


def shown(value: object) -> str:
    """Return `value` as a sentence may show it: short, on one line, and without a password."""
    text = _PASSWORD.sub(r"\1:***@", " ".join(str(value).split()))
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"

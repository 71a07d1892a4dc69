"""The words of SCAIP's codes, which are data: other makers can use them, and a hub may add to them."""

from __future__ import annotations

import functools
import json
from typing import Final

from workstation import paths
from workstation.domain.scaip_codes import parts
from workstation.texts import _, localized

_LOCATION: Final = "lco:"
_Table = dict[str, dict[str, str]]


def named(code: str) -> str:
    """Return what a code of `domain.scaip_codes` says; "" of any other, and raw what has no words."""
    found = parts(code)
    if found is None:
        return ""
    device_type, status, device = found
    kind = _word("device_types", device_type) or _("device type {code}").format(code=device_type)
    what = _word("status_codes", status) or _("status code {code}").format(code=status)
    which = f" ({device})" if device else ""
    return f"{kind}{which}, {what}"


def place(location: str) -> str:
    """Return where it was, whether a unit's code says it (`lco:011`) or the register."""
    if not location.startswith(_LOCATION):
        return location
    code = location.removeprefix(_LOCATION)
    return _word("locations", code) or _("location code {code}").format(code=code)


def _word(table: str, code: str) -> str:
    row = _tables()[table].get(code)
    return localized(row) if row else ""


@functools.cache
def _tables() -> dict[str, _Table]:
    file = paths.resources() / "scaip" / "codes.json"
    tables: dict[str, _Table] = json.loads(file.read_text(encoding="utf-8"))
    return tables

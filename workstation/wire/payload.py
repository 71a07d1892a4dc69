"""JSON as devices really write it: strict and fast first, then as much as can be saved."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

import msgspec

from workstation.wire.errors import Reason, WireError

LIMIT: Final = 256 * 1024
"""Bytes. A device's message is some hundred; what is longer is not read, only shown."""
DEPTH: Final = 32
"""Brackets inside brackets. The deepest convention (Shelly) uses five."""

UNREADABLE: Final = (ValueError, RecursionError)
"""What a parser raises for bytes it will not take; msgspec's own errors are ValueErrors too."""

_ANY: Final = msgspec.json.Decoder()
_STRINGS: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_LONG_NUMBER: Final = 18
_STATES: Final = ("online", "offline")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A JSON value; `repairs` names what had to be mended before it could be read."""

    value: object
    repairs: tuple[str, ...] = ()

    def as_object(self) -> dict[str, object]:
        """Return the value as a JSON object; raises WireError `wrong_type`."""
        if not isinstance(self.value, dict):
            raise WireError(Reason.WRONG_TYPE, expected="object")
        return self.value


def parse(payload: bytes) -> Parsed:
    """Return the JSON value of `payload`; NaN and numbers beyond a float come as such floats.

    Bytes that are not UTF-8 become U+FFFD (named in `repairs`); of a repeated key the last counts.
    Raises WireError: `too_large`, `too_deep`, `not_utf8`, `not_json`.
    """
    refuse_bombs(payload)
    try:
        return Parsed(_ANY.decode(payload))
    except UNREADABLE:
        return _saved(payload)


def refuse_bombs(payload: bytes, limit: int = LIMIT) -> None:
    """Raise WireError for what must not reach a parser: too many bytes, too many open brackets.

    A parser's own limit of depth is no protection: with Python 3.12 it is deeper than the stack of
    a thread may be, and the process dies.
    """
    if len(payload) > limit:
        raise WireError(Reason.TOO_LARGE, expected=f"at most {limit} bytes")
    if payload.count(b"[") + payload.count(b"{") > DEPTH:
        _refuse_depth(payload)


def plain(payload: bytes) -> str:
    """Return a payload that is a bare word, without JSON quotes, blanks and case."""
    return payload[:64].decode("utf-8", "replace").strip().strip('"').casefold()


def online(payload: bytes) -> bool:
    """Read `{"state":"online"}` or the bare word; raises WireError."""
    state = plain(payload)
    if state not in _STATES:
        state = str(parse(payload).as_object().get("state"))
    if state not in _STATES:
        raise WireError(Reason.BAD_VALUE, where="state", expected="|".join(_STATES))
    return state == "online"


def _saved(payload: bytes) -> Parsed:
    text = payload.decode("utf-8-sig", "replace")
    repairs = () if _is_utf8(payload) else ("payload: UTF-8",)
    try:
        # The standard parser takes what Python and JavaScript devices write: NaN, 1e999, \ud800.
        value: object = json.loads(text, parse_int=_number)
    except UNREADABLE:
        reason = Reason.NOT_UTF8 if repairs else Reason.NOT_JSON
        raise WireError(reason, expected="JSON") from None
    return Parsed(value, repairs)


def _is_utf8(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True


def _number(digits: str) -> int | float:
    # int() of thousands of digits is refused by Python itself, float() makes it infinite.
    return int(digits) if len(digits) <= _LONG_NUMBER else float(digits)


def _refuse_depth(payload: bytes) -> None:
    depth = 0
    for bracket in _STRINGS.sub(b"", payload).translate(None, _NO_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > DEPTH:
            raise WireError(Reason.TOO_DEEP, expected=f"at most {DEPTH} levels")

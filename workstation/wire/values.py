"""Single values as devices write them: texts that can be stored, finite numbers, times in UTC."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import Final

NAME_LIMIT: Final = 120
"""Characters of a device name or a channel."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM: Final = 1e11
"""As seconds that is the year 5138, as milliseconds 1973: no device means the former."""
# What no database or screen can hold: NUL and other controls, and half a UTF-16 pair.
_UNHOLDABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Return `text` with everything that storage or a screen cannot hold as U+FFFD."""
    return text if text.isprintable() else _UNHOLDABLE.sub("\ufffd", text)


def name(text: str) -> str:
    """Return a device name or channel as it may be stored: clean, and of bounded length."""
    return clean(text)[:NAME_LIMIT]


def number(value: object) -> float | None:
    """Return a finite number, or None; a bool is not a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def rfc3339(value: object) -> datetime | None:
    """Return an RFC 3339 time with a zone as aware UTC, or None."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
        return at.astimezone(UTC) if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def moment(value: object) -> datetime | None:
    """Return a time in any form the conventions use: RFC 3339, epoch seconds or milliseconds."""
    seconds = number(value)
    if seconds is None:
        return rfc3339(value)
    if abs(seconds) >= _MILLISECONDS_FROM:
        seconds /= 1000
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None

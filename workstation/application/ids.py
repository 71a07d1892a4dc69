"""New identifiers: sortable by time, unique without asking anybody."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def new_id(now: datetime) -> str:
    """Return 26 hexadecimal digits: milliseconds since 1970 (12), then 56 random bits."""
    # Not by a float: rounding would let a later moment sort before an earlier one.
    return f"{(now - _EPOCH) // _MILLISECOND:012x}{secrets.token_hex(7)}"

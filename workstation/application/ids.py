"""New identifiers: sortable by time, unique without asking anybody."""

import secrets
from datetime import datetime


def new_id(now: datetime) -> str:
    """Return 26 hexadecimal digits: milliseconds since 1970 (12), then 56 random bits."""
    return f"{int(now.timestamp() * 1000):012x}{secrets.token_hex(7)}"

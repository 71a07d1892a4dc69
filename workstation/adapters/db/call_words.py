"""The words a call is found by: one text of a row, folded once where it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

WORDS: Final = ("target", "called", "whom", "name", "operator")
"""What stands when a call begins, and never changes; its SIP reason comes later."""
_BETWEEN: Final = "\n"
"""Nobody writes one in a search: what is found stands in one of them."""


def folded(text: str) -> str:
    """Return a text as it is looked for, whatever its case: no database folds more than A to Z alike."""
    return text.lower()


def words_of(row: Mapping[str, Any]) -> str:
    """Return what a stored call is found by."""
    return folded(_BETWEEN.join(row[name] for name in WORDS))

"""Writes the flat elements of SCAIP."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_ESCAPED: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def written(root: str, tags: Iterable[tuple[str, str]]) -> str:
    """Return the XML of an element and its children; what XML cannot hold becomes a blank."""
    inner = "".join(f"<{tag}>{_escaped(value)}</{tag}>" for tag, value in tags)
    return f'<?xml version="1.0" encoding="UTF-8"?><{root}>{inner}</{root}>'


def _escaped(value: str) -> str:
    return "".join(one if one.isprintable() else " " for one in value).translate(_ESCAPED)

"""What a table declares: a column, and what stands in one of its cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from workstation.domain.kind import Kind

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell: two lines, the first `strong` or not, in `tone` (a theme token)."""

    text: str = ""
    below: str = ""
    tone: str = "text"
    below_tone: str = "soft"
    strong: bool = False
    shape: Kind | None = None
    """The kind whose shape is drawn in front of the text."""
    spoken: str = ""
    """What a screen reader says where the text alone would not tell it."""


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column; `title` is a message id, `cell` makes the cell of a row at a time."""

    key: str
    title: str
    cell: Callable[[Row, datetime], Cell]
    running: bool = False
    """The cell counts up each second."""
    right: bool = False
    """Numbers stand right-aligned."""

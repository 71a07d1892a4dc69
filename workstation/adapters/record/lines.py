"""One line of an imported file, and what can be wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one record of a file says: columns by name, none of them empty."""

    number: int
    """Counted from 1, as an editor shows it."""
    cells: Mapping[str, str] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    """Telephone numbers, the one column that holds several."""
    place: str = ""
    """Where in a nested file it stands: `contacts[0]`."""

    def column(self, name: str) -> str:
        """Return the column's name as the file has it."""
        return f"{self.place}.{name}" if self.place and name else self.place or name


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a line cannot be used; `workstation.complaints.imports` has a sentence per reason."""

    reason: str
    line: int
    column: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


class ImportRefused(Exception):
    """The file cannot be imported; nothing of it was."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        """`refusals` has at least one."""
        super().__init__(len(refusals))
        self.refusals = tuple(sorted(refusals, key=lambda refusal: refusal.line))

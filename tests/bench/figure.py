"""One measured figure and its goal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A bound of a ratio, or of the value itself where there is nothing to divide by."""

    at: Literal["least", "most"]
    bound: float
    of: Literal["ratio", "value"] = "ratio"

    def met_by(self, figure: Figure) -> bool | None:
        """Return whether `figure` keeps the goal; None when it has no such number."""
        number = figure.ratio if self.of == "ratio" else figure.value
        if number is None:
            return None
        return number >= self.bound if self.at == "least" else number <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.at == 'least' else '≤'} {self.bound:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`ratio` compares `value` with the other side measured in the same run."""

    name: str
    what: str
    value: float | None
    unit: str
    n: int
    ratio: float | None = None
    goal: Goal | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is kept; None without a goal or without a number."""
        return None if self.goal is None else self.goal.met_by(self)

    def as_json(self) -> dict[str, Any]:
        """Return it as values that JSON knows."""
        return {
            "name": self.name,
            "what": self.what,
            "value": _rounded(self.value),
            "unit": self.unit,
            "ratio": _rounded(self.ratio),
            "goal": None if self.goal is None else str(self.goal),
            "goal_of": None if self.goal is None else self.goal.of,
            "met": self.met,
            "n": self.n,
            "note": self.note,
        }


def at_least(bound: float) -> Goal:
    """Return the goal that the ratio is not below `bound`."""
    return Goal(at="least", bound=bound)


def at_most(bound: float) -> Goal:
    """Return the goal that the ratio is not above `bound`."""
    return Goal(at="most", bound=bound)


def value_at_most(bound: float) -> Goal:
    """Return the goal that the value, in its unit, is not above `bound`."""
    return Goal(at="most", bound=bound, of="value")


def said(number: float | None) -> str:
    """Return a number with three significant digits, no more than a measurement is worth."""
    if number is None:
        return "–"
    if abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{number:.3g}"


def _rounded(number: float | None) -> float | None:
    return None if number is None else float(f"{number:.4g}")

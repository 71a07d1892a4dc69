"""What a plot shows as lines of a table, and the table as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from ui import times
from ui.plots.columns import Of
from ui.plots.plan import Curve
from ui.plots.series import Series

HEADER: Final = ("time", "device", "channel", "value", "unit", "low", "high", "count")
BOM: Final = "\ufeff"
"""Without it a spreadsheet takes °C for something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One value as it came (count 1), or one roll-up with its mean as the value."""

    at: datetime
    device: str
    channel: str
    value: float
    unit: str
    low: float
    high: float
    count: int
    decimals: int


def rows(curve: Curve, series: Series, *, start: float, end: float) -> list[Row]:
    """Return what `series` holds between `start` and `end`, undecimated."""
    columns = series.trace(start=start, end=end, width=0.0).columns
    return [
        Row(
            at=datetime.fromtimestamp(column[Of.FIRST_AT], UTC),
            device=curve.device,
            channel=curve.channel.key,
            value=column[Of.TOTAL] / column[Of.COUNT],
            unit=curve.channel.unit,
            low=column[Of.LOW],
            high=column[Of.HIGH],
            count=int(column[Of.COUNT]),
            decimals=curve.channel.decimals + 2,
        )
        for column in columns.T.tolist()
        if start <= column[Of.FIRST_AT] <= end
    ]


def as_csv(lines: Iterable[Row]) -> str:
    """Return the table as RFC 4180 CSV; times are RFC 3339 in the hub's local zone."""
    text = io.StringIO()
    text.write(BOM)
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for line in lines:
        rolled = line.count > 1
        writer.writerow((
            line.at.astimezone(times.LOCAL).isoformat(timespec="milliseconds"),
            _harmless(line.device),
            line.channel,
            _number(line.value, line.decimals),
            line.unit,
            _number(line.low, line.decimals) if rolled else "",
            _number(line.high, line.decimals) if rolled else "",
            line.count if rolled else "",
        ))  # fmt: skip
    return text.getvalue()


def _harmless(text: str) -> str:
    """Return a device's own name so that no spreadsheet runs it as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _number(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".rstrip("0").rstrip(".")

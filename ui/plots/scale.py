"""The value axis: round steps that hold still while the curve moves."""

from __future__ import annotations

import math
from typing import Final

from workstation.domain.telemetry import Channel, Limits, Line

_ROUND: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_STEPS_WANTED: Final = 4
_EDGE: Final = 0.06
"""Share of the axis at either end that a written value needs for half its height."""
_STATE_SCALE: Final = (-0.15, 1.15)


def step_for(span: float, wanted: int = _STEPS_WANTED) -> float:
    """Return a round step that divides `span` into about `wanted` parts."""
    raw = max(span, 1e-9) / wanted
    power = 10.0 ** math.floor(math.log10(raw))
    return next(unit * power for unit in _ROUND if unit * power >= raw * (1 - 1e-9))


def scale(channel: Channel, extent: tuple[float, float] | None) -> tuple[float, float]:
    """Return the lowest and highest value of the axis for what is drawn.

    The limits are always in sight, so that a curve near one looks near it whatever else is drawn.
    """
    if channel.line is Line.STEPS and (extent is None or (extent[0] >= 0 and extent[1] <= 1)):
        return _STATE_SCALE
    limits = channel.limits or Limits()
    known = [value for value in (limits.low, limits.high, *(extent or ())) if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    smallest = 10.0**-channel.decimals * 2
    if high - low < smallest:
        low, high = low - smallest / 2, high + smallest / 2
    step = step_for(high - low)
    # Half a step of air where a limit or the curve would lie on the edge.
    air = step / 4
    return math.floor((low - air) / step * 2) * step / 2, math.ceil(
        (high + air) / step * 2
    ) * step / 2


def value_ticks(low: float, high: float, wanted: int = _STEPS_WANTED) -> list[float]:
    """Return round values to write beside the axis, none so near an end that it would be cut."""
    step = step_for(high - low, wanted)
    edge = (high - low) * _EDGE
    first = math.ceil((low + edge) / step)
    last = math.floor((high - edge) / step)
    return [place * step for place in range(first, last + 1)]


def digits(step: float) -> int:
    """Return how many decimals tell two values `step` apart."""
    return max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0

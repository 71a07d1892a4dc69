"""How a measured value is written, and what is said when it is outside its limits."""

from __future__ import annotations

from workstation.domain.telemetry import Channel, Line
from workstation.texts import _


def number(value: float, decimals: int) -> str:
    """Return a number with so many decimals, as the operator's language writes it."""
    whole, _dot, part = f"{value:.{decimals}f}".partition(".")
    whole = whole.replace("-", "−")
    # Translators: a number with decimals; "{whole},{part}" in Danish.
    return _("{whole}.{part}").format(whole=whole, part=part) if part else whole


def value_text(channel: Channel, value: float) -> str:
    """Return a value with its unit, or yes and no for a state."""
    if channel.line is Line.STEPS and value in (0.0, 1.0):
        return _("yes") if value else _("no")
    return with_unit(number(value, channel.decimals), channel.unit)


def with_unit(text: str, unit: str) -> str:
    """Return a number and its unit: `104/min`, `97 %`."""
    return text + unit if unit.startswith("/") else f"{text} {unit}".strip()


def breach(channel: Channel, value: float) -> str:
    """Return which limit a value is beyond, as a shape and words; empty when it is within."""
    limits = channel.limits
    if limits is None or limits.contain(value):
        return ""
    if limits.high is not None and value > limits.high:
        return _("▲ above {limit}").format(limit=number(limits.high, channel.decimals))
    return _("▼ below {limit}").format(limit=number(limits.low or 0.0, channel.decimals))

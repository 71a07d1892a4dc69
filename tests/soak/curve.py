"""The soak's curve as a small SVG: memory of each process over the minutes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.soak.watching import Sample

_WIDTH: Final = 720
_HEIGHT: Final = 300
_LEFT: Final = 48
_RIGHT: Final = 110
_TOP: Final = 16
_BOTTOM: Final = 34
_COLOURS: Final = ("#1f6f8b", "#b3541e", "#5a7d2a", "#7a3e8e")
_MOST_POINTS: Final = 240
_LINE: Final = 13


def draw(samples: Sequence[Sample], path: Path, *, warm_up: float) -> None:
    """Write the curve; what lies before `warm_up` (minutes) is marked."""
    path.write_text(_svg(samples, warm_up), encoding="utf-8")


def _svg(samples: Sequence[Sample], warm_up: float) -> str:
    minutes = max(0.01, *(sample.minute for sample in samples))
    most = 50 * (1 + int(max(sample.memory_mib for sample in samples)) // 50)

    def x(minute: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * minute / minutes

    def y(memory: float) -> float:
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * memory / most

    height = _HEIGHT - _TOP - _BOTTOM
    grey = x(min(warm_up, minutes)) - _LEFT
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="11">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        f'<rect x="{_LEFT}" y="{_TOP}" width="{grey:.1f}" height="{height}" fill="#eeeeee"/>',
    ]
    for memory in range(0, most + 1, 50):
        lines += [
            f'<path d="M{_LEFT} {y(memory):.1f}H{_WIDTH - _RIGHT}" stroke="#cccccc"/>',
            f'<text x="{_LEFT - 6}" y="{y(memory) + 4:.1f}" text-anchor="end">{memory}</text>',
        ]
    lines += [
        f'<text x="{x(minutes * part / 6):.1f}" y="{_HEIGHT - 18}" text-anchor="middle">'
        f"{minutes * part / 6:.0f}</text>"
        for part in range(7)
    ]
    lines.append(
        f'<text x="{_LEFT}" y="{_HEIGHT - 4}">MiB resident, by minutes; grey: warm-up</text>'
    )
    named_at = float(_HEIGHT)
    # From the lowest up, so that each name stands above the one before.
    processes = {sample.process: sample.memory_mib for sample in samples}
    for number, process in enumerate(sorted(processes, key=lambda one: processes[one])):
        own = [sample for sample in samples if sample.process == process]
        own = own[:: max(1, len(own) // _MOST_POINTS)]
        points = " ".join(f"{x(one.minute):.1f},{y(one.memory_mib):.1f}" for one in own)
        colour = _COLOURS[number % len(_COLOURS)]
        named_at = min(y(own[-1].memory_mib) + 4, named_at - _LINE)
        lines.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
            f'<text x="{_WIDTH - _RIGHT + 6}" y="{named_at:.1f}" fill="{colour}">'
            f"{process} {own[-1].memory_mib:.0f}</text>"
        )
    return "\n".join([*lines, "</svg>", ""])

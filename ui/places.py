"""Where a window stands, remembered for each set of screens that is attached."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QScreen

_MOST: Final = 30
"""So many sets of screens are remembered; a laptop sees more of them than a desk."""
_TITLE: Final = 32
"""Room that the system's title bar takes above a window, about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What a place depends on of a screen."""

    name: str
    whole: QRect
    free: QRect
    """Without the taskbar."""
    scale: float

    @classmethod
    def of(cls, screen: QScreen) -> Screen:
        """Return it as Qt has it."""
        return cls(
            name=screen.name(),
            whole=screen.geometry(),
            free=screen.availableGeometry(),
            scale=screen.devicePixelRatio(),
        )

    @property
    def said(self) -> str:
        """Its part of a set's name."""
        at, size = self.whole.topLeft(), self.whole.size()
        return (
            f"{self.name} {size.width()}x{size.height()}{at.x():+}{at.y():+} "
            f"{round(self.scale * 100)} %"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a window stands while it is not maximised, and whether it is."""

    x: int
    y: int
    width: int
    height: int
    maximised: bool

    @classmethod
    def of(cls, rect: QRect, *, maximised: bool) -> Place:
        """Return the place of a window's own rectangle, without its frame."""
        return cls(
            x=rect.x(),
            y=rect.y(),
            width=rect.width(),
            height=rect.height(),
            maximised=maximised,
        )

    @property
    def rect(self) -> QRect:
        """Its rectangle on the whole desktop."""
        return QRect(self.x, self.y, self.width, self.height)


def set_of(screens: Sequence[Screen]) -> str:
    """Return the name of a set of screens: names, sizes, places and scales, in no order."""
    return " | ".join(sorted(one.said for one in screens))


def inside(place: Place, screens: Sequence[Screen], least: QSize) -> Place:
    """Return the place, moved and made smaller where it would not be wholly on one of `screens`.

    That is the one on which most of it is; the first where none of it is. `screens` is not empty.
    """

    def share(screen: Screen) -> int:
        seen = screen.free.intersected(place.rect)
        return seen.width() * seen.height() if not seen.isEmpty() else 0

    free = max(screens, key=share).free.adjusted(0, _TITLE, 0, 0)
    width = max(min(place.width, free.width()), least.width())
    height = max(min(place.height, free.height()), least.height())
    x = max(min(place.x, free.right() + 1 - width), free.left())
    y = max(min(place.y, free.bottom() + 1 - height), free.top())
    return Place.of(QRect(x, y, width, height), maximised=place.maximised)


class Places:
    """The remembered places, in a file of this user's; a file that cannot be used is none."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def of(self, screens: str) -> Place | None:
        """Return the place on a set of screens."""
        match self._read().get(screens):
            case {
                "x": int(x),
                "y": int(y),
                "width": int(width),
                "height": int(height),
                "maximised": bool(maximised),
            }:
                return Place.of(QRect(x, y, width, height), maximised=maximised)
            case _:
                return None

    def keep(self, screens: str, place: Place) -> None:
        """Remember the place on a set of screens; the set that was used last is forgotten last."""
        import json  # noqa: PLC0415 - the first picture waits for as little as possible

        known = self._read()
        known.pop(screens, None)
        known[screens] = asdict(place)
        for old in list(known)[:-_MOST]:
            del known[old]
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            new = self._file.with_suffix(".new")
            new.write_text(json.dumps(known, indent=1), encoding="utf-8")
            new.replace(self._file)

    def _read(self) -> dict[str, object]:
        import json  # noqa: PLC0415 - as above

        with suppress(OSError, ValueError, RecursionError):
            found = json.loads(self._file.read_text(encoding="utf-8"))
            if isinstance(found, dict):
                return found
        return {}

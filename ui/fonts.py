"""Inter, the one typeface of the window, and its figures of equal width."""

from pathlib import Path
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

FAMILY: Final = "Inter"
WEIGHTS: Final = ("Regular", "Medium", "SemiBold", "Bold")


class FontMissing(Exception):
    """A font file that the program ships could not be loaded; `path` names it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path


def load_fonts(resources: Path) -> None:
    """Make the shipped weights of Inter known to Qt; raises FontMissing.

    `resources` is the program's folder of that name. Needs a QGuiApplication; loading a file twice
    does no harm.
    """
    for weight in WEIGHTS:
        path = resources / "fonts" / f"Inter-{weight}.ttf"
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise FontMissing(path)


def font(points: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return Inter at `points`; the other families stand in for letters that Inter lacks."""
    made = QFont([FAMILY, "Segoe UI", "Noto Sans", "DejaVu Sans"])
    made.setPointSizeF(points)
    made.setWeight(weight)
    return made


def tabular(base: QFont) -> QFont:
    """Return `base` with figures of equal width, so that a running number does not tremble.

    The window's own font is made so (`ui.theme.apply`), and a style sheet's `font-size` keeps it;
    delegates and plots that make a font of their own need this.
    """
    made = QFont(base)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made

"""The tokens of the window in light and dark, and how they are put on the whole program."""

from dataclasses import dataclass, fields
from pathlib import Path
from string import Template
from typing import Final, Literal

from PySide6.QtGui import QColor, QFont, QPalette, QPen
from PySide6.QtWidgets import QApplication

from ui.fonts import font, tabular
from workstation.domain.kind import Kind

ThemeName = Literal["light", "dark"]

BODY_POINTS: Final = 10.5
"""Size of running text; nothing is smaller than SMALL_POINTS."""
SMALL_POINTS: Final = 10.0
LARGEST_SCALE: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """The colours (`#RRGGBB`) and sizes of one appearance; `scale` is the system's font scale."""

    name: ThemeName
    bg: str
    panel: str
    field: str
    """Ground of what lies inside a panel: instructions, the call, a read-only text."""
    line: str
    """Separators and frames; decoration only, so it needs no contrast."""
    text: str
    soft: str
    faint: str
    """Disabled words and the edges of input fields: at least 3:1."""
    accent: str
    hover: str
    selection: str
    ok: str
    warn: str
    emergency: str
    emergency_ground: str
    supervision: str
    medication: str
    missed: str
    on_colour: str
    """Words on a ground of accent, emergency or another full colour."""
    band: str
    """The span inside a channel's limits on a plot."""
    scale: float = 1.0

    def colour(self, kind: Kind) -> QColor:
        """Return the colour of an alarm kind; never the only sign of it."""
        return QColor(getattr(self, _KIND_TOKEN[kind]))

    def token(self, name: str) -> QColor:
        """Return the colour of a token by its name, as `Channel.colour` has it; raises KeyError."""
        if name not in COLOURS:
            raise KeyError(name)
        return QColor(getattr(self, name))

    def pen(self, name: str, width: float = 1.0) -> QPen:
        """Return a cosmetic pen of a token; pens wider than 1 cost a plot 3.5 to 6 times more."""
        pen = QPen(self.token(name), width)
        pen.setCosmetic(True)
        return pen

    def px(self, pixels: float) -> int:
        """Return a length that is `pixels` at a font scale of 1."""
        return round(pixels * self.scale)

    def points(self, points: float) -> float:
        """Return a font size that is `points` at a font scale of 1."""
        return points * self.scale

    def font(
        self, points: float = BODY_POINTS, weight: QFont.Weight = QFont.Weight.Normal
    ) -> QFont:
        """Return the window's typeface with figures of equal width, for delegates and plots."""
        return tabular(font(self.points(points), weight))

    @property
    def row_height(self) -> int:
        """Height of a row in a table or list, in pixels."""
        return self.px(44)


_KIND_TOKEN: Final = {
    Kind.EMERGENCY: "emergency",
    Kind.SUPERVISION: "supervision",
    Kind.MEDICATION: "medication",
    Kind.MISSED_VISIT: "missed",
    Kind.TECHNICAL: "soft",
}
COLOURS: Final = frozenset(one.name for one in fields(Theme)) - {"name", "scale"}
"""Names of the colour tokens."""


def light(scale: float = 1.0) -> Theme:
    """Return the day's theme."""
    return Theme(
        name="light", scale=scale,
        bg="#EEF0F2", panel="#FFFFFF", field="#F7F8FA", line="#D5DADF",
        text="#1B2228", soft="#5A6670", faint="#7A858F",
        accent="#0B5CAD", hover="#094C8F", selection="#DCE9F7",
        ok="#2E7D4F", warn="#9A6700",
        emergency="#B3261E", emergency_ground="#FCE9E7",
        supervision="#A24A00", medication="#1F5FA8", missed="#6A3E9C",
        on_colour="#FFFFFF", band="#EDF4F0",
    )  # fmt: skip


def dark(scale: float = 1.0) -> Theme:
    """Return the night's theme: no white surface, the same meanings."""
    return Theme(
        name="dark", scale=scale,
        bg="#101417", panel="#191F24", field="#14191D", line="#2C353D",
        text="#E3E8EC", soft="#98A4AE", faint="#76828D",
        accent="#5AA2E8", hover="#7DB6EF", selection="#20354A",
        ok="#5DBB83", warn="#E0A93B",
        emergency="#FF7A70", emergency_ground="#3A1B1A",
        supervision="#FFA45C", medication="#7DB4F0", missed="#C09BEB",
        on_colour="#101417", band="#1D2B28",
    )  # fmt: skip


def themed(name: ThemeName, scale: float = 1.0) -> Theme:
    """Return the theme of that name with its sizes at `scale`, held between 1 and 2."""
    held = min(max(scale, 1.0), LARGEST_SCALE)
    return light(held) if name == "light" else dark(held)


def apply(app: QApplication, theme: Theme, resources: Path) -> None:
    """Put `theme` on every window of `app`: Fusion, palette, typeface and style sheet.

    `resources` is the program's folder of that name (`resources/style.qss`). The fonts must have
    been loaded (`ui.fonts.load_fonts`).
    """
    # With a sheet on it the style has no name any more, and stays what it was.
    if not app.styleSheet() and app.style().name() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(palette(theme))
    app.setStyleSheet(style_sheet(theme, resources))
    # After the sheet, which gives lists, menus and tool tips the system's letters once more.
    app.setFont(theme.font())


def palette(theme: Theme) -> QPalette:
    """Return the palette that views, menus and tool tips draw themselves with."""
    role = QPalette.ColorRole
    made = QPalette()
    for part, name in (
        (role.Window, "bg"), (role.WindowText, "text"), (role.Base, "panel"),
        (role.AlternateBase, "field"), (role.Text, "text"), (role.Button, "panel"),
        (role.ButtonText, "text"), (role.BrightText, "emergency"), (role.PlaceholderText, "soft"),
        (role.Highlight, "selection"), (role.HighlightedText, "text"), (role.Accent, "accent"),
        (role.ToolTipBase, "panel"), (role.ToolTipText, "text"), (role.Link, "accent"),
        (role.LinkVisited, "missed"), (role.Light, "panel"), (role.Midlight, "field"),
        (role.Mid, "line"), (role.Dark, "faint"), (role.Shadow, "bg"),
    ):  # fmt: skip
        made.setColor(part, theme.token(name))
    for part in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, part, theme.token("faint"))
    return made


def style_sheet(theme: Theme, resources: Path) -> str:
    """Return `resources/style.qss` with its tokens filled in.

    `$name` is a colour, `${px38}` a length that grows with the font scale, `${pt10_5}` a font size.
    Raises KeyError for a token the theme does not have.
    """
    template = Template((resources / "style.qss").read_text(encoding="utf-8"))
    values = {name: getattr(theme, name) for name in COLOURS}
    values["icons"] = (resources / "icons").as_posix()
    values["theme"] = theme.name
    for name in set(template.get_identifiers()) - values.keys():
        values[name] = _length(theme, name)
    return template.substitute(values)


def _length(theme: Theme, name: str) -> str:
    unit, number = name[:2], name[2:].replace("_", ".")
    match unit:
        case "px" if number.isdecimal():
            return f"{theme.px(int(number))}px"
        case "pt" if number.replace(".", "", 1).isdecimal():
            return f"{theme.points(float(number)):.2f}pt"
        case _:
            raise KeyError(name)

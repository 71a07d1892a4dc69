"""Contrast, sizes and the style sheet, in both themes and at every font scale."""

import re
from dataclasses import fields

import pytest
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPalette, QRawFont
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QTableWidget,
    QToolTip,
    QWidget,
)

from ui.fonts import FAMILY, FontMissing, font, load_fonts, tabular
from ui.theme import (
    COLOURS,
    Theme,
    apply,
    dark,
    light,
    palette,
    style_sheet,
    themed,
)
from ui.views.parts import restyle
from workstation.domain.kind import Kind
from workstation.domain.telemetry import CHANNELS
from workstation.paths import resources

THEMES = [light(), dark()]
WORDS = [
    *(
        (word, ground)
        for word in ("text", "soft", "accent", "emergency", "supervision", "medication", "missed")
        for ground in ("panel", "field", "bg", "selection")
    ),
    *((word, ground) for word in ("ok", "warn") for ground in ("panel",)),
    *(("on_colour", ground) for ground in ("accent", "hover", "emergency")),
    *((word, "emergency_ground") for word in ("text", "soft", "emergency")),
]
"""Words and what they stand on: 4.5:1 (WCAG 1.4.3, EN 301 549). `ok` and `warn` stay on panels."""
SIGNS = [
    *(
        (sign, ground)
        for sign in ("ok", "warn", "emergency", "supervision", "medication", "missed", "soft")
        for ground in ("panel", "bg", "selection", "field", "emergency_ground")
    ),
    *((edge, ground) for edge in ("accent", "faint") for ground in ("panel", "bg", "selection")),
]
"""Shapes, lamps, edges of fields, disabled words and the focus ring: 3:1 (WCAG 1.4.11)."""


@pytest.fixture(autouse=True)
def as_it_was(qapp):
    before = (qapp.palette(), qapp.font(), qapp.styleSheet())
    yield
    qapp.setPalette(before[0])
    qapp.setFont(before[1])
    qapp.setStyleSheet(before[2])


def luminance(colour: QColor) -> float:
    def linear(share: float) -> float:
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda one: one.name)
@pytest.mark.parametrize(("word", "ground"), WORDS, ids=str)
def test_words_can_be_read(theme, word, ground):
    assert contrast(theme.token(word), theme.token(ground)) >= 4.5


@pytest.mark.parametrize("theme", THEMES, ids=lambda one: one.name)
@pytest.mark.parametrize(("sign", "ground"), SIGNS, ids=str)
def test_shapes_can_be_seen(theme, sign, ground):
    assert contrast(theme.token(sign), theme.token(ground)) >= 3


def test_the_night_has_no_bright_surface():
    surfaces = ("bg", "panel", "field", "selection", "emergency_ground", "line", "band")
    assert all(luminance(dark().token(name)) < 0.05 for name in surfaces)


@pytest.mark.parametrize("theme", THEMES, ids=lambda one: one.name)
def test_red_belongs_to_emergencies_alone(theme):
    red = theme.colour(Kind.EMERGENCY)
    assert all(theme.colour(kind) != red for kind in Kind if kind is not Kind.EMERGENCY)
    assert [name for name in COLOURS if theme.token(name) == red] == ["emergency"]


@pytest.mark.parametrize("theme", THEMES, ids=lambda one: one.name)
def test_every_channel_has_a_colour(theme):
    for channel in CHANNELS:
        assert theme.token(channel.colour).isValid()
        assert theme.pen(channel.colour).isCosmetic()


class WindowsProgram:
    """What `apply` does to the program, as Windows has it: a sheet brings its own letters along."""

    def __init__(self, app: QApplication) -> None:
        self._app = app

    def __getattr__(self, name: str) -> object:
        return getattr(self._app, name)

    def setStyleSheet(self, sheet: str) -> None:
        self._app.setStyleSheet(sheet)
        for kind in OF_THE_SYSTEM:
            self._app.setFont(QFont("DejaVu Serif"), kind)


OF_THE_SYSTEM = ("QAbstractItemView", "QMenu", "QMessageBox", "QStatusBar", "QTipLabel")
"""What Windows' theme has letters of its own for."""


def test_no_part_keeps_the_letters_of_the_system(qapp, qtbot):
    load_fonts(resources())
    apply(WindowsProgram(qapp), light(), resources())
    table = QTableWidget(1, 1)
    qtbot.addWidget(table)
    menu = QMenu(table)
    table.show()
    for part in (table, table.horizontalHeader(), menu, QToolTip):
        assert QFontInfo(part.font()).family() == FAMILY, part


def test_every_part_of_the_window_is_written_in_our_letters(shown):
    parts = [one for one in shown.window.findChildren(QWidget) if one.isVisible()]
    assert len(parts) > 40
    assert [one for one in parts if QFontInfo(one.font()).family() != FAMILY] == []


def test_a_colour_that_is_none_is_named():
    with pytest.raises(KeyError, match="scale"):
        light().token("scale")


def test_every_colour_is_a_colour():
    for theme in THEMES:
        assert all(QColor(getattr(theme, name)).isValid() for name in COLOURS)
    assert {one.name for one in fields(Theme)} - COLOURS == {"name", "scale"}


@pytest.mark.parametrize("scale", [1.0, 1.25, 2.0])
@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_style_sheet_is_filled_in_and_has_no_small_print(name, scale):
    sheet = style_sheet(themed(name, scale), resources())
    assert "$" not in sheet
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)pt", sheet)]
    assert min(sizes) >= 10 * scale


def test_an_unknown_token_in_the_style_sheet_is_named(tmp_path):
    (tmp_path / "style.qss").write_text("QLabel { color: $nothing; }")
    with pytest.raises(KeyError, match="nothing"):
        style_sheet(light(), tmp_path)


def test_every_picture_of_the_style_sheet_is_shipped():
    for theme in THEMES:
        pictures = re.findall(r'url\("([^"]+)"\)', style_sheet(theme, resources()))
        assert pictures
        for picture in pictures:
            assert (resources() / "icons" / picture.rpartition("/")[2]).is_file()


@pytest.mark.parametrize(("wanted", "given"), [(0.5, 1.0), (1.0, 1.0), (1.5, 1.5), (3.0, 2.0)])
def test_the_scale_is_held_between_one_and_two(wanted, given):
    assert themed("dark", wanted).scale == given


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("role", ["", "primary", "danger", "quiet", "link"])
def test_targets_are_large_enough(qapp, qtbot, role, scale):
    load_fonts(resources())
    apply(qapp, themed("light", scale), resources())
    button, field = QPushButton("F1"), QLineEdit()
    for widget in (button, field):
        qtbot.addWidget(widget)
    restyle(button, role=role)
    assert min(button.sizeHint().height(), field.sizeHint().height()) >= 38 * scale
    restyle(button, target="main")
    assert button.sizeHint().height() >= 50 * scale


@pytest.mark.parametrize("role", ["", "primary", "danger", "quiet"])
@pytest.mark.parametrize("theme", THEMES, ids=lambda one: one.name)
def test_a_button_with_the_keyboard_has_a_ring_and_keeps_its_size(qapp, qtbot, theme, role):
    load_fonts(resources())
    apply(qapp, theme, resources())
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    first, second = QPushButton("Take"), QPushButton("Take")
    for button in (first, second):
        row.addWidget(button)
        restyle(button, role=role)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    assert first.sizeHint() == second.sizeHint()
    # What lies around a button shows only in a picture of the whole window.
    picture = window.grab().toImage()
    middle, other = first.geometry().center().x(), second.geometry().center().x()
    edge = range(first.geometry().top(), first.geometry().top() + 4)
    changed = [contrast(picture.pixelColor(middle, y), picture.pixelColor(other, y)) for y in edge]
    assert sum(one >= 3 for one in changed) >= (2 if role in ("primary", "danger") else 1)


def test_another_role_changes_what_is_shown(qapp, qtbot):
    apply(qapp, light(), resources())
    label = QLabel("x")
    qtbot.addWidget(label)
    restyle(label, role="soft")
    assert label.palette().color(QPalette.ColorRole.WindowText) == light().token("soft")
    restyle(label, role="strong", kind="emergency")
    assert label.palette().color(QPalette.ColorRole.WindowText) == light().token("emergency")


@pytest.mark.parametrize("theme", THEMES, ids=lambda one: one.name)
def test_the_palette_selects_with_readable_words(theme):
    made = palette(theme)
    assert contrast(made.highlightedText().color(), made.highlight().color()) >= 4.5


def test_applying_keeps_the_style_and_gives_even_figures(qapp):
    load_fonts(resources())
    apply(qapp, dark(), resources())
    assert QApplication.font().families()[0] == FAMILY
    metrics = QFontMetricsF(QApplication.font())
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("0000")


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("weight", [400, 500, 600, 700])
def test_every_weight_is_shipped_with_even_figures(weight):
    load_fonts(resources())
    plain = font(12, QFont.Weight(weight))
    even = QFontMetricsF(tabular(plain))
    assert even.horizontalAdvance("1:11") == even.horizontalAdvance("0:00")
    assert QFontMetricsF(plain).horizontalAdvance("111") < even.horizontalAdvance("111")
    raw = QRawFont.fromFont(plain)
    assert (raw.familyName(), raw.weight()) == (FAMILY, weight)
    assert all(raw.supportsCharacter(ord(letter)) for letter in "æøåÆØÅéłžş·×→≤−€✓")


@pytest.mark.usefixtures("qapp")
def test_a_missing_font_is_named(tmp_path):
    with pytest.raises(FontMissing) as missing:
        load_fonts(tmp_path)
    assert missing.value.path == tmp_path / "fonts" / "Inter-Regular.ttf"


def test_the_font_has_its_licence():
    assert "SIL Open Font License" in (resources() / "fonts" / "OFL.txt").read_text("utf-8")

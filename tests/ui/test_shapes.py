"""Kinds and lamps are told apart without their colour."""

from itertools import combinations

import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from ui.shapes import Lamp, Shape, paint_shape, shape_pixmap
from ui.theme import dark, light
from workstation.domain.kind import Kind

SIZE = 32
pytestmark = pytest.mark.usefixtures("qapp")


def outline(sign: Kind | Lamp) -> set[tuple[int, int]]:
    """The pixels that are the shape's own: drawn, and not cut out of it."""
    theme = light()
    image = QImage(QSize(SIZE, SIZE), QImage.Format.Format_ARGB32)
    ground = theme.token("panel")
    image.fill(ground)
    painter = QPainter(image)
    paint_shape(painter, QRectF(0, 0, SIZE, SIZE), sign, theme)
    painter.end()
    return {
        (x, y)
        for x in range(SIZE)
        for y in range(SIZE)
        if abs(image.pixelColor(x, y).lightness() - ground.lightness()) > 60
    }


@pytest.mark.parametrize(
    ("one", "another"),
    [*combinations(Kind, 2), *combinations(Lamp, 2)],
    ids=str,
)
def test_shapes_differ_by_form_alone(one, another):
    first, second = outline(one), outline(another)
    assert first
    assert second
    assert len(first ^ second) > 0.25 * len(first | second)


def test_the_shape_lies_in_the_middle_and_leaves_the_painter_alone():
    image = QImage(QSize(100, 20), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    pen = painter.pen()
    paint_shape(painter, QRectF(0, 0, 100, 20), Kind.SUPERVISION, light())
    assert painter.pen() == pen
    painter.end()
    drawn = [x for x in range(100) for y in range(20) if image.pixelColor(x, y).alpha() > 0]
    assert min(drawn) >= 39
    assert max(drawn) <= 60
    assert image.pixelColor(50, 10) == light().colour(Kind.SUPERVISION)


def test_what_is_cut_out_has_the_colour_of_the_ground():
    image = QImage(QSize(64, 64), QImage.Format.Format_ARGB32)
    ground = QColor("#123456")
    image.fill(ground)
    painter = QPainter(image)
    paint_shape(painter, QRectF(0, 0, 64, 64), Kind.EMERGENCY, dark(), ground)
    painter.end()
    assert image.pixelColor(32, 25) == ground
    assert image.pixelColor(10, 32) == dark().colour(Kind.EMERGENCY)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_a_pixmap_is_sharp_on_its_screen(ratio):
    pixmap = shape_pixmap(Lamp.OK, light(), 16, ratio)
    assert pixmap.width() == 16 * ratio
    assert pixmap.devicePixelRatio() == ratio


def test_the_widget_shows_what_it_is_told(qtbot):
    shape = Shape(Lamp.OK, light(), 16)
    qtbot.addWidget(shape)
    assert shape.sizeHint() == QSize(16, 16)
    shape.resize(16, 16)
    assert shape.grab().toImage().pixelColor(8, 8) == light().token("ok")
    shape.show_sign(Lamp.DOWN, dark(2.0))
    assert shape.sizeHint() == QSize(32, 32)
    assert shape.grab().toImage().pixelColor(8, 8) == dark().token("emergency")
    shape.show_theme(light())
    assert shape.sizeHint() == QSize(16, 16)
    assert shape.grab().toImage().pixelColor(8, 8) == light().token("emergency")

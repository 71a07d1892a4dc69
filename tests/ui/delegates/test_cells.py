from datetime import timedelta

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from tests.builders import NOW, an_alarm
from ui.delegates.cells import CellDelegate
from ui.models import alarms
from ui.models.alarms import AlarmRow
from ui.theme import dark, light, themed
from workstation.domain.kind import Kind


class Drawing:
    """Draws a cell of one row into a picture."""

    def __init__(self, theme):
        self.theme = theme
        self.parent = QWidget()
        self.table = alarms.queue(NOW)
        self.delegate = CellDelegate(self.table, lambda: theme, lines=2, parent=self.parent)

    def __call__(self, alarm, column, *, selected=False, width=160):
        self.table.update([AlarmRow(alarm=alarm, name="Karen Margrethe Holm")])
        picture = QImage(width, self.delegate.row_height, QImage.Format.Format_RGB32)
        picture.fill(self.theme.token("panel"))
        option = QStyleOptionViewItem()
        option.rect = QRect(0, 0, width, self.delegate.row_height)
        if selected:
            option.state |= QStyle.StateFlag.State_Selected
        painter = QPainter(picture)
        self.delegate.paint(painter, option, self.table.index(0, self.table.column(column)))
        painter.end()
        self.table.update([], [alarm.id])
        return picture


@pytest.fixture(params=[light, dark])
def drawing(request, qtbot):
    made = Drawing(request.param())
    qtbot.addWidget(made.parent)
    return made


def colours(picture):
    return {
        picture.pixelColor(x, y).name()
        for x in range(picture.width())
        for y in range(picture.height())
    }


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_is_drawn_in_its_colour(drawing, kind):
    token = alarms.TONES[kind]
    assert QColor(drawing.theme.token(token)).name() in colours(
        drawing(an_alarm(kind=kind), "kind")
    )


def test_kinds_differ_without_their_colour(drawing):
    def grey(kind):
        side = drawing.delegate.shape_size
        picture = drawing(an_alarm(kind=kind), "kind").copy(0, 0, side + 12, 44)
        return bytes(picture.convertToFormat(QImage.Format.Format_Mono).constBits())

    assert len({grey(kind) for kind in Kind}) == len(Kind)


def test_the_chosen_row_is_marked_by_more_than_a_tint(drawing):
    picture = drawing(an_alarm(), "kind", selected=True)
    found = colours(picture)
    assert drawing.theme.token("selection").name() in found
    assert picture.pixelColor(0, 10) == drawing.theme.token("accent")


def test_numbers_stand_to_the_right(drawing):
    picture = drawing(an_alarm(received_at=NOW - timedelta(seconds=42)), "waited", width=300)
    ground = drawing.theme.token("panel")
    left = {
        picture.pixelColor(x, y).name() for x in range(150) for y in range(picture.height() - 2)
    }
    assert left == {ground.name()}


def test_a_long_text_stays_in_its_cell(drawing):
    long = an_alarm(text="A very long story of what has happened tonight " * 4)
    picture = drawing(long, "citizen", width=120)
    margin = {picture.pixelColor(x, 20).name() for x in range(113, 120)}
    assert margin == {drawing.theme.token("panel").name()}


def test_rows_grow_with_the_text(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    table = alarms.queue(NOW)
    theme = light()
    delegate = CellDelegate(table, lambda: theme, lines=2, parent=parent)
    small, word = delegate.row_height, delegate.width_of("Emergency")
    theme = themed("light", 2.0)
    delegate.refresh()
    assert delegate.row_height > 1.5 * small
    assert delegate.width_of("Emergency") > 1.5 * word

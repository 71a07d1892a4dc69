from datetime import timedelta

import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from tests.ui.visits import visit_row
from ui.delegates.visit import VisitDelegate
from ui.models import rounds
from ui.theme import dark, light


@pytest.fixture
def table(clock):
    made = rounds.table(clock.now())
    made.update(
        [visit_row(str(place), clock.now() + timedelta(minutes=place)) for place in range(3)]
    )
    return made


@pytest.fixture
def owner(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def delegate(owner, table):
    return VisitDelegate(table, light, owner)


def height(delegate, table, row):
    return delegate.sizeHint(QStyleOptionViewItem(), table.index(row, 0)).height()


def test_the_row_behind_the_line_of_now_is_taller_by_it(delegate, table):
    plain = height(delegate, table, 1)
    delegate.now_row = 1
    assert height(delegate, table, 1) == plain + delegate.now_height
    assert height(delegate, table, 0) == height(delegate, table, 2) == plain


def test_when_all_is_past_the_last_row_carries_the_line(delegate, table):
    plain = height(delegate, table, 2)
    delegate.now_row = table.rowCount()
    assert height(delegate, table, 2) == plain + delegate.now_height


@pytest.mark.parametrize("theme", [light, dark])
@pytest.mark.parametrize("width", [120, 400, 900])
def test_a_row_is_painted_at_any_width(owner, table, theme, width):
    delegate = VisitDelegate(table, theme, owner)
    delegate.now_row, delegate.now_text = 1, "19:00"
    image = QImage(width, 100, QImage.Format.Format_ARGB32)
    image.fill(theme().token("panel"))
    blank = image.copy()
    option = QStyleOptionViewItem()
    option.rect = image.rect()
    painter = QPainter(image)
    delegate.paint(painter, option, table.index(1, 0))
    painter.end()
    assert image != blank

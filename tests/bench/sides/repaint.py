"""Both sides of repainting a table: our queue, and a C++ model with the same words under C++ painting.

Arguments: rows, rounds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from statistics import median

from PySide6.QtGui import QBrush, QFont, QStandardItem, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHeaderView, QTableView

from tests.bench.measuring import tell
from tests.bench.sides.screen import LIGHT, NOW, Names, alarms, dressed, looks
from ui.models import alarms as models
from ui.models.alarms import AlarmRow
from ui.models.column import Cell
from ui.models.table import Table
from ui.shapes import shape_pixmap
from ui.views.queue import QueueRows
from workstation.domain.names import Operator

_WARM_UP = 5
_WIDTH = 1100


def ours(rows: int) -> QueueRows:
    """Return the product's queue with as many rows, all of them visible."""
    names = Names()
    table = models.queue(NOW)
    view = QueueRows(table, looks)
    view.apply(
        [
            AlarmRow(
                alarm=alarm, name=names.name_of(alarm.citizen), device="Halskæde", me=Operator("A")
            )
            for alarm in alarms(rows)
        ]
    )
    height = view.verticalHeader().defaultSectionSize()
    view.resize(_WIDTH, rows * height + view.horizontalHeader().sizeHint().height())
    view.show()
    return view


def theirs(like: QueueRows, *, both_lines: bool) -> QTableView:
    """Return a QStandardItemModel in a plain view, with the words, fonts and colours of our cells."""
    table = like.model()
    assert isinstance(table, Table)
    rows, columns = table.rowCount(), table.columnCount()
    model = QStandardItemModel(rows, columns)
    for row in range(rows):
        for column in range(columns):
            model.setItem(row, column, _item(table.cell(row, column), both_lines=both_lines))
    view = QTableView()
    view.setModel(model)
    model.setParent(view)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.verticalHeader().hide()
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.verticalHeader().setMinimumSectionSize(10)
    view.verticalHeader().setDefaultSectionSize(like.verticalHeader().defaultSectionSize())
    view.resize(like.size())
    for column in range(columns):
        view.setColumnWidth(column, like.columnWidth(column))
    view.show()
    return view


def _item(cell: Cell, *, both_lines: bool) -> QStandardItem:
    lines = [cell.text, cell.below] if both_lines and cell.below else [cell.text]
    item = QStandardItem("\n".join(lines))
    item.setForeground(QBrush(LIGHT.token(cell.tone)))
    item.setFont(LIGHT.font(weight=QFont.Weight.DemiBold if cell.strong else QFont.Weight.Normal))
    if cell.shape is not None:
        item.setIcon(shape_pixmap(cell.shape, LIGHT, LIGHT.px(18), 1.0))
    return item


def took_ms(paint: Callable[[], object]) -> float:
    """Return how long one repaint takes."""
    started = time.perf_counter()
    paint()
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """Repaint the three in turn; tell the medians."""
    rows, rounds = int(sys.argv[1]), int(sys.argv[2])
    _app = dressed()
    queue = ours(rows)
    views: dict[str, QTableView] = {
        "ours": queue,
        "same": theirs(queue, both_lines=True),
        "plain": theirs(queue, both_lines=False),
    }
    for view in views.values():
        QTest.qWaitForWindowExposed(view)
    took: dict[str, list[float]] = {name: [] for name in views}
    for _ in range(_WARM_UP + rounds):
        for name, view in views.items():
            took[name].append(took_ms(view.viewport().repaint))
    cells = rows * queue.model().columnCount()
    tell(cells=cells, **{name: median(numbers[_WARM_UP:]) for name, numbers in took.items()})


if __name__ == "__main__":
    main()

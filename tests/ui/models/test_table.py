from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from ui.models.column import Cell, Column
from ui.models.table import ROW_ROLE, Table

NOW = datetime(2026, 11, 22, 20, 14, tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    name: str
    place: int
    text: str = ""


COLUMNS: tuple[Column[Line], ...] = (
    Column("name", "Name", lambda row, _now: Cell(row.name, row.text)),
    Column("runs", "Runs", lambda _row, now: Cell(now.strftime("%H:%M")), running=True, right=True),
)


def a_table(cap=2000):
    return Table(COLUMNS, key=lambda row: row.name, order=lambda row: row.place, now=NOW, cap=cap)


def names(table):
    return [table.at(row).name for row in range(table.rowCount())]


def test_rows_stand_in_their_order(qtmodeltester):
    table = a_table()
    table.update([Line("b", 2), Line("a", 1), Line("c", 3)])
    qtmodeltester.check(table, force_py=True)
    assert names(table) == ["a", "b", "c"]
    assert table.row_of("b") == 1
    assert table.row_of("nobody") == -1


def test_roles():
    table = a_table()
    table.update([Line("a", 1, "below")])
    index = table.index(0, 0)
    assert table.data(index) == "a"
    assert table.data(index, ROW_ROLE) == Line("a", 1, "below")
    assert table.data(index, int(Qt.ItemDataRole.AccessibleTextRole)) == "a, below"
    assert table.data(index, int(Qt.ItemDataRole.ToolTipRole)) == "a\nbelow"
    right = int(Qt.ItemDataRole.TextAlignmentRole)
    assert table.data(table.index(0, 1), right) & int(Qt.AlignmentFlag.AlignRight.value)
    assert table.headerData(1, Qt.Orientation.Horizontal) == "Runs"
    assert table.headerData(0, Qt.Orientation.Vertical) is None


# Small numbers, so that rows meet: the same key, the same place.
LINES = st.builds(
    Line, name=st.sampled_from("abcdefghij"), place=st.integers(0, 4), text=st.sampled_from("xyz")
)
STEPS = st.lists(
    st.tuples(st.lists(LINES, max_size=8), st.lists(st.sampled_from("abcdefghij"), max_size=4)),
    max_size=12,
)


@given(STEPS, st.integers(1, 6))
def test_whatever_comes_and_goes_the_first_in_order_are_shown(steps, cap):
    table = a_table(cap)
    tester = QAbstractItemModelTester(
        table, QAbstractItemModelTester.FailureReportingMode.Warning
    )  # a warning of Qt fails the test
    known: dict[str, Line] = {}
    for put, gone in steps:
        table.update(put, gone)
        for name in gone:
            known.pop(name, None)
        known |= {row.name: row for row in put}
        expected = sorted(known.values(), key=lambda row: (row.place, row.name))
        assert names(table) == [row.name for row in expected[:cap]]
        assert table.hidden == max(0, len(expected) - cap)
        shown = [table.data(table.index(row, 0)) for row in range(table.rowCount())]
        assert shown == [row.name for row in expected[:cap]]
        assert [table.cell(row, 0).below for row in range(table.rowCount())] == [
            row.text for row in expected[:cap]
        ]
    assert tester.model() is table


@given(STEPS)
def test_an_index_follows_its_row(steps):
    table = a_table()
    table.update([Line("m", 2)])
    index = QPersistentModelIndex(table.index(0, 0))
    for put, gone in steps:
        table.update(put, gone)
    assert table.at(index.row()).name == "m"


def test_neighbours_are_told_together(qtbot):
    table = a_table()
    inserted, changed = [], []
    table.rowsInserted.connect(lambda _parent, first, last: inserted.append((first, last)))
    table.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    table.update([Line(f"{place:03}", place) for place in range(100)])
    table.update([Line(f"{place:03}", place, "new") for place in (3, 4, 5, 50)])
    assert inserted == [(0, 99)]
    assert changed == [(3, 5), (50, 50)]


def test_a_second_changes_only_what_runs():
    table = a_table()
    table.update([Line("a", 1), Line("b", 2)])
    changed = []
    table.dataChanged.connect(lambda first, last: changed.append((first.column(), last.column())))
    moved = []
    table.rowsMoved.connect(lambda *_: moved.append(True))
    table.tick(NOW + timedelta(minutes=1))
    assert table.data(table.index(0, 1)) == "20:15"
    assert changed == [(1, 1)]
    assert moved == []


def test_the_model_is_never_reset():
    table = a_table(cap=3)
    table.modelReset.connect(lambda: pytest.fail("reset"))
    table.update([Line(name, 1) for name in "abcdef"])
    table.update([Line("f", 0)], ["a", "b"])
    assert names(table) == ["f", "c", "d"]
    assert table.rowCount(table.index(0, 0)) == 0
    assert table.columnCount(QModelIndex()) == 2

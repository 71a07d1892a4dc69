"""The one table model: declared columns over domain values; rows move by key and never reset."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, Generic

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.models.column import Cell, Column, Row
from workstation.texts import _

Index = QModelIndex | QPersistentModelIndex

# Plain integers: comparing a role with a member of the enum took four times as long per cell.
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_ALIGNMENT: Final = int(Qt.ItemDataRole.TextAlignmentRole)
_SPOKEN: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_TOOL_TIP: Final = int(Qt.ItemDataRole.ToolTipRole)
ROW_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
"""Returns the row's domain value."""
_LEFT: Final = int((Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter).value)
_RIGHT: Final = int((Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter).value)


class Table(QAbstractTableModel, Generic[Row]):
    """Rows in `order`, found by `key`; at most `cap` of them are shown, the first in the order."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        *,
        key: Callable[[Row], str],
        order: Callable[[Row], Any],
        now: datetime,
        cap: int = 2000,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._key = key
        self._order_of = order
        self._now = now
        self._cap = cap
        self._sorted: list[tuple[Any, str]] = []
        self._rows: dict[str, Row] = {}
        self._places: dict[str, Any] = {}
        self._cells: dict[str, list[Cell | None]] = {}
        self._shown = 0

    # --- asked by Qt --------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many rows are shown."""
        return 0 if parent is not None and parent.isValid() else self._shown

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how many columns are declared."""
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = _DISPLAY) -> object:
        """Return what a view asks for; None for what this model does not say."""
        if role == _DISPLAY:
            return self.cell(index.row(), index.column()).text
        if role == ROW_ROLE:
            return self.at(index.row())
        if role == _ALIGNMENT:
            return _RIGHT if self._columns[index.column()].right else _LEFT
        if role == _SPOKEN:
            return spoken(self.cell(index.row(), index.column()))
        if role == _TOOL_TIP:
            cell = self.cell(index.row(), index.column())
            return "\n".join(line for line in (cell.text, cell.below) if line)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> object:
        """Return a column's title in the operator's language."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == _DISPLAY:
            title = self._columns[section].title
            return _(title) if title else ""
        if role == _ALIGNMENT:
            return _RIGHT if self._columns[section].right else _LEFT
        return None

    # --- asked by us --------------------------------------------------------------------------

    @property
    def columns(self) -> tuple[Column[Row], ...]:
        """The declared columns."""
        return self._columns

    @property
    def hidden(self) -> int:
        """How many rows are beyond the cap."""
        return len(self._sorted) - self._shown

    def column(self, key: str) -> int:
        """Return where the column of `key` stands; raises StopIteration for one that is not there."""
        return next(place for place, column in enumerate(self._columns) if column.key == key)

    def at(self, row: int) -> Row:
        """Return the value of a row."""
        return self._rows[self._sorted[row][1]]

    def key_at(self, row: int) -> str:
        """Return the key of a row."""
        return self._sorted[row][1]

    def key_of(self, row: Row) -> str:
        """Return the key of a value, whether it is here or not."""
        return self._key(row)

    def row_of(self, key: str) -> int:
        """Return where `key` is shown, -1 when it is not."""
        row = self._find(key)
        return row if row < self._shown else -1

    def cell(self, row: int, column: int) -> Cell:
        """Return one cell; kept until its row changes, or the second ends where it runs."""
        key = self._sorted[row][1]
        cells = self._cells.get(key)
        if cells is None:
            cells = self._cells[key] = [None] * len(self._columns)
        cell = cells[column]
        if cell is None:
            cell = cells[column] = self._columns[column].cell(self._rows[key], self._now)
        return cell

    # --- changes ------------------------------------------------------------------------------

    def tick(self, now: datetime) -> None:
        """Let the running columns say `now`; nothing is sorted."""
        self._now = now
        running = [place for place, column in enumerate(self._columns) if column.running]
        for cells in self._cells.values():
            for place in running:
                cells[place] = None
        if self._shown:
            for place in running:
                self.dataChanged.emit(self.index(0, place), self.index(self._shown - 1, place))

    def update(self, put: Iterable[Row], gone: Iterable[str] = ()) -> None:
        """Insert, change, move and remove rows by key, as few signals as possible."""
        for key in gone:
            self._remove(key)
        self._refill()
        fresh: list[tuple[Any, str]] = []
        changed: list[str] = []
        for row in {self._key(row): row for row in put}.values():
            key, place = self._key(row), self._order_of(row)
            known = key in self._rows
            self._rows[key] = row
            self._cells.pop(key, None)
            if not known:
                self._places[key] = place
                fresh.append((place, key))
                continue
            changed.append(key)
            if self._places[key] != place:
                self._move(key, place)
        self._insert(sorted(fresh))
        self._tell(changed)

    def _find(self, key: str) -> int:
        """Return where `key` stands; one that is still on its way stands nowhere."""
        if key not in self._rows:
            return len(self._sorted)
        row = bisect_left(self._sorted, (self._places[key], key))
        there = row < len(self._sorted) and self._sorted[row][1] == key
        return row if there else len(self._sorted)

    def _insert(self, fresh: list[tuple[Any, str]]) -> None:
        """Insert sorted entries; those with the same neighbours go in together, the last first."""
        placed = [(bisect_left(self._sorted, entry), entry) for entry in fresh]
        groups = [(row, [e for _row, e in group]) for row, group in groupby(placed, itemgetter(0))]
        for row, entries in reversed(groups):
            visible = max(0, min(len(entries), self._cap - row))
            self._drop_last(self._shown + visible - self._cap)
            if visible:
                self.beginInsertRows(QModelIndex(), row, row + visible - 1)
            self._sorted[row:row] = entries
            if visible:
                self._shown += visible
                self.endInsertRows()

    def _drop_last(self, count: int) -> None:
        """Take the last `count` rows out of sight; they stay known."""
        if count > 0:
            self.beginRemoveRows(QModelIndex(), self._shown - count, self._shown - 1)
            self._shown -= count
            self.endRemoveRows()

    def _refill(self) -> None:
        """Show what was out of sight where there is room again."""
        shown = min(len(self._sorted), self._cap)
        if shown > self._shown:
            self.beginInsertRows(QModelIndex(), self._shown, shown - 1)
            self._shown = shown
            self.endInsertRows()

    def _remove(self, key: str) -> None:
        if key not in self._rows:
            return
        row = self._find(key)
        visible = row < self._shown
        if visible:
            self.beginRemoveRows(QModelIndex(), row, row)
            self._shown -= 1
        del self._sorted[row], self._rows[key], self._places[key]
        self._cells.pop(key, None)
        if visible:
            self.endRemoveRows()

    def _move(self, key: str, place: object) -> None:
        """Move a known row to its new place; persistent indexes, and so the selection, follow."""
        source = self._find(key)
        target = bisect_left(self._sorted, (place, key))
        if target in (source, source + 1):
            self._sorted[source], self._places[key] = (place, key), place
            return
        if source >= self._shown or target > self._shown:
            self._move_over_the_cap(source, target, (place, key))
            return
        self.beginMoveRows(QModelIndex(), source, source, QModelIndex(), target)
        self._put_elsewhere(source, target, (place, key))
        self.endMoveRows()

    def _put_elsewhere(self, source: int, target: int, entry: tuple[Any, str]) -> None:
        del self._sorted[source]
        self._sorted.insert(target - (target > source), entry)
        self._places[entry[1]] = entry[0]

    def _move_over_the_cap(self, source: int, target: int, entry: tuple[Any, str]) -> None:
        if source < self._shown:
            self.beginRemoveRows(QModelIndex(), source, source)
            self._shown -= 1
            self._put_elsewhere(source, target, entry)
            self.endRemoveRows()
            self._refill()
        elif target >= self._shown:
            self._put_elsewhere(source, target, entry)
        else:
            self._drop_last(self._shown + 1 - self._cap)
            self.beginInsertRows(QModelIndex(), target, target)
            self._put_elsewhere(source, target, entry)
            self._shown += 1
            self.endInsertRows()

    def _tell(self, changed: list[str]) -> None:
        """Say which rows changed, neighbours together."""
        rows = sorted(row for row in map(self.row_of, changed) if row >= 0)
        last = len(self._columns) - 1
        for _gap, group in groupby(enumerate(rows), lambda pair: pair[1] - pair[0]):
            run = [row for _place, row in group]
            self.dataChanged.emit(self.index(run[0], 0), self.index(run[-1], last))


def spoken(cell: Cell) -> str:
    """Return what a screen reader says of a cell."""
    return cell.spoken or ", ".join(line for line in (cell.text, cell.below) if line)

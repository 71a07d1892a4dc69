"""Every device of the citizen: battery, link, and how long it has not been heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from ui import times
from ui.plots.plan import Looks
from ui.plots.values import number
from workstation.texts import _

_TWO_COLUMNS_FROM = 640
"""Pixels of width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """What is known of one device."""

    key: str
    title: str
    kind: str
    """The word for its class; shown where the title does not say it."""
    battery: float | None = None
    """In percent."""
    battery_low: bool = False
    link: float | None = None
    """Link quality as the device reports it, 0 to 255."""
    heard_at: datetime | None = None
    silent: bool = False
    """It has not been heard for longer than its class allows."""
    offline: bool = False
    """It, or its gateway, has said that it is off the air."""

    @property
    def needs_care(self) -> bool:
        """Whether something deviates."""
        return self.silent or self.offline or self.battery_low


def said(row: DeviceRow, now: datetime) -> list[tuple[str, bool]]:
    """Return what is said of a device, part by part, each with whether it deviates."""
    parts = [] if row.kind.casefold() in row.title.casefold() else [(row.kind, False)]
    if row.battery is not None:
        percent = number(row.battery, 0)
        text = _("battery low {percent} %") if row.battery_low else _("battery {percent} %")
        parts.append((text.format(percent=percent), row.battery_low))
    elif row.battery_low:
        parts.append((_("battery low"), True))
    if row.link is not None:
        parts.append((_("link {quality}").format(quality=number(row.link, 0)), False))
    parts.append((_heard(row, now), row.silent or row.offline))
    return parts


def _heard(row: DeviceRow, now: datetime) -> str:
    if row.heard_at is None:
        return _("never heard")
    ago = times.rough(now - row.heard_at)
    if row.silent:
        return _("SILENT, last heard {ago} ago").format(ago=ago)
    if row.offline:
        return _("OFFLINE, last heard {ago} ago").format(ago=ago)
    return _("heard {ago} ago").format(ago=ago)


class DeviceList(QWidget):
    """One line per device, those that need care first and marked with a triangle."""

    def __init__(self, looks: Looks, parent: QWidget | None = None) -> None:
        """Write in colours of the theme."""
        super().__init__(parent)
        self._looks = looks
        self._known: list[DeviceRow] = []
        self._rows: list[DeviceRow] = []
        self._only_care = False
        self._labels: list[QLabel] = []
        self._now: datetime | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(20)
        self._grid.setVerticalSpacing(4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(_("Devices"))

    def show_rows(self, rows: Sequence[DeviceRow], now: datetime) -> None:
        """Show these devices as they stand at `now`."""
        self._known = sorted(
            rows, key=lambda row: (not row.needs_care, row.title.casefold(), row.key)
        )
        self._show_known()
        self.tick(now)

    def show_only_care(self, *, only: bool) -> None:
        """List only the devices that need care, or all again."""
        if only == self._only_care:
            return
        self._only_care = only
        self._show_known()
        if self._now is not None:
            self.tick(self._now)

    def _show_known(self) -> None:
        self._rows = [row for row in self._known if row.needs_care or not self._only_care]
        self._fit_labels()

    def tick(self, now: datetime) -> None:
        """Let the times since last heard say `now`."""
        self._now = now
        for label, row in zip(self._labels, self._rows, strict=True):
            text = self._html(row, now)
            if label.text() != text:
                label.setText(text)
                plain = " · ".join(part for part, _wrong in said(row, now))
                label.setAccessibleName(f"{row.title}: {plain}")

    def layout_height(self, width: int) -> int:
        """Return the height that all lines take at this width; 0 without devices."""
        if not self._rows:
            return 0
        columns = 2 if width >= _TWO_COLUMNS_FROM else 1
        room = (width - self._grid.horizontalSpacing() * (columns - 1)) // columns
        tall = [label.heightForWidth(room) for label in self._labels]
        lines = [max(tall[place : place + columns]) for place in range(0, len(tall), columns)]
        return sum(lines) + self._grid.verticalSpacing() * (len(lines) - 1)

    def recolour(self) -> None:
        """Take the theme's colours again."""
        if self._now is not None:
            self.tick(self._now)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand in one column where two do not fit."""
        super().resizeEvent(event)
        if (event.oldSize().width() >= _TWO_COLUMNS_FROM) != (self.width() >= _TWO_COLUMNS_FROM):
            self._place()

    def _fit_labels(self) -> None:
        if len(self._labels) == len(self._rows):
            return
        while len(self._labels) > len(self._rows):
            label = self._labels.pop()
            self._grid.removeWidget(label)
            label.deleteLater()
        while len(self._labels) < len(self._rows):
            label = QLabel(self)
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setWordWrap(True)
            self._labels.append(label)
        self._place()

    def _place(self) -> None:
        columns = 2 if self.width() >= _TWO_COLUMNS_FROM else 1
        for place, label in enumerate(self._labels):
            self._grid.addWidget(label, place // columns, place % columns)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, columns - 1)

    def _html(self, row: DeviceRow, now: datetime) -> str:
        theme = self._looks()
        soft, warn = theme.soft, theme.warn
        mark = f'<span style="color:{warn}">▲ </span>' if row.needs_care else ""
        parts = []
        for text, wrong in said(row, now):
            # A line may end between two parts, never within one.
            whole = escape(text).replace(" ", "\u00a0")
            style = f"color:{warn}; font-weight:600"
            parts.append(f'<span style="{style}">{whole}</span>' if wrong else whole)
        told = " · ".join(parts)
        return f'{mark}<b>{escape(row.title)}</b> <span style="color:{soft}">{told}</span>'

"""The middle column: the person in front, and below them pages of what else is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from ui.views.alarm_panel import AlarmPanel
from ui.views.parts import GAP, Panel
from workstation.texts import _

_LEAST_BELOW: Final = 230


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the details."""

    key: str
    title: str
    widget: QWidget


class _Fitting(QScrollArea):
    """As high as its content where there is room; scrolls where there is not."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)

    def sizeHint(self) -> QSize:
        """Return the content's size at the width there is."""
        inside = self.widget()
        hint = inside.sizeHint()
        layout = inside.layout()
        if layout is not None and layout.hasHeightForWidth():
            hint.setHeight(layout.totalHeightForWidth(max(self.width(), 300)))
        return hint

    def minimumSizeHint(self) -> QSize:
        """Return little: it can scroll."""
        return QSize(300, 200)


class PersonColumn(QWidget):
    """The alarm panel above, the details below."""

    page_opened = Signal(str)

    def __init__(self, panel: AlarmPanel, pages: tuple[Page, ...]) -> None:
        super().__init__()
        self._panel = panel
        self._pages = pages
        self._tabs = QTabBar()
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setAccessibleName(_("Details"))
        self._stack = QStackedWidget()
        for page in pages:
            self._tabs.addTab(page.title)
            self._stack.addWidget(page.widget)
        below = Panel(_("Details"))
        below.body.setContentsMargins(14, 2, 14, 10)
        below.body.addWidget(self._tabs)
        below.body.addWidget(self._stack, 1)
        below.setMinimumHeight(_LEAST_BELOW)
        self._above = _Fitting(panel)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(GAP)
        lines.addWidget(self._above)
        lines.addWidget(below, 1)
        self._tabs.currentChanged.connect(self._changed)

    def open(self, key: str) -> None:
        """Show the page of `key`; raises KeyError for one that is not there."""
        self._tabs.setCurrentIndex(self._place(key))

    @property
    def opened(self) -> str:
        """The key of the page that is shown."""
        return self._pages[self._tabs.currentIndex()].key

    def retitle(self, key: str, title: str) -> None:
        """Say something else on a tab, such as a count."""
        self._tabs.setTabText(self._place(key), title)

    def take_focus(self) -> None:
        """Put the keyboard on the person's first button."""
        self._panel.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._panel.focusNextChild()

    def _place(self, key: str) -> int:
        for place, page in enumerate(self._pages):
            if page.key == key:
                return place
        raise KeyError(key)

    def _changed(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self.page_opened.emit(self._pages[place].key)

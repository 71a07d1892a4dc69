"""What of the call log is wanted: a period, who, where, what kind, how it ended, and words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from ui import words
from ui.models.call_log import RESULTS
from ui.views.parts import Flow, button, column, row, word
from workstation.domain import kommuner
from workstation.domain.call_history import CallQuery, Order
from workstation.domain.kind import Kind
from workstation.domain.names import CitizenId, Kommune, Operator
from workstation.texts import N_, _

PERIODS: Final = (
    (N_("Last 24 hours"), timedelta(days=1)),
    (N_("Last 7 days"), timedelta(days=7)),
    (N_("Last 30 days"), timedelta(days=30)),
    (N_("Last 12 months"), timedelta(days=365)),
    (N_("All time"), None),
)
_USUAL: Final = 2
SPANS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    (N_("Any length"), {}),
    (N_("Unanswered"), {"unanswered": True}),
    (N_("Waited over 60 s"), {"waited_over": timedelta(seconds=60)}),
    (N_("Waited over 180 s"), {"waited_over": timedelta(seconds=180)}),
    (N_("Talked under 30 s"), {"talked_under": timedelta(seconds=30)}),
    (N_("Talked over 5 min"), {"talked_over": timedelta(minutes=5)}),
    (N_("Talked over 15 min"), {"talked_over": timedelta(minutes=15)}),
)
WAYS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    (N_("In and out"), {}),
    (N_("Called in"), {"incoming": True}),
    (N_("Called from here"), {"incoming": False}),
)
REVIEWS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    (N_("Reviewed or not"), {}),
    (N_("Reviewed"), {"reviewed": True}),
    (N_("Not reviewed"), {"reviewed": False}),
)
ORDERS: Final = (
    (N_("Newest first"), Order.NEWEST),
    (N_("Oldest first"), Order.OLDEST),
    (N_("Longest wait first"), Order.LONGEST_WAIT),
    (N_("Longest talk first"), Order.LONGEST_TALK),
    (N_("By operator"), Order.OPERATOR),
)


class _Choice(QComboBox):
    """A choice of values; they stay Python's own, which Qt would make plain texts and maps of."""

    def __init__(self, name: str, offered: Sequence[tuple[str, Any]]) -> None:
        super().__init__()
        self._values: list[Any] = []
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._add(offered)

    @property
    def value(self) -> Any:  # noqa: ANN401 - whatever was offered
        """The chosen value."""
        return self._values[self.currentIndex()]

    def offer(self, offered: Sequence[tuple[str, Any]]) -> None:
        """Offer these behind the first; what was chosen stays chosen while it is there."""
        chosen = self.value
        while self.count() > 1:
            self.removeItem(self.count() - 1)
        del self._values[1:]
        self._add(offered)
        self.setCurrentIndex(self._values.index(chosen) if chosen in self._values else 0)

    def _add(self, offered: Sequence[tuple[str, Any]]) -> None:
        for said, value in offered:
            self._values.append(value)
            self.addItem(said)


class CallLogFilters(QWidget):
    """Words and a period; the other choices fold away. Every choice asks anew."""

    asked = Signal()
    citizen_wanted = Signal()
    """Somebody is to be found."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now
        self._text = QLineEdit()
        self._text.setAccessibleName(_("Search the call log"))
        self._text.setPlaceholderText(_("Number, name, reason or note"))
        self._text.setMinimumWidth(120)
        self._period = _Choice(_("Period"), [(_(said), span) for said, span in PERIODS])
        self._period.setCurrentIndex(_USUAL)
        self._operator = _Choice(_("Operator"), [(_("All operators"), None)])
        self._citizen: CitizenId | None = None
        self._whose = button("")
        self._anybody = button("✕", role="quiet")
        self._anybody.setAccessibleName(_("Any citizen"))
        self._anybody.setToolTip(_("Any citizen"))
        self._kommune = _Choice(_("Kommune"), [(_("All kommuner"), None)])
        kinds = [(words.kind(kind), kind) for kind in Kind]
        self._kind = _Choice(_("Kind"), [(_("All kinds"), None), *kinds])
        results = [(_(said), one) for one, said in RESULTS.items()]
        self._result = _Choice(_("Result"), [(_("All results"), None), *results])
        self._span = _Choice(_("Length"), [(_(said), fields) for said, fields in SPANS])
        self._way = _Choice(_("Direction"), [(_(said), fields) for said, fields in WAYS])
        self._review = _Choice(_("Review"), [(_(said), fields) for said, fields in REVIEWS])
        self._order = _Choice(_("Order"), [(_(said), order) for said, order in ORDERS])
        self._find = button(_("Search"))
        self._fold = button(_("Filters"))
        self._fold.setCheckable(True)
        self._lay()
        for choice in self._choices:
            choice.activated.connect(lambda _index: self.asked.emit())
        self._text.returnPressed.connect(self.asked)
        self._find.clicked.connect(self.asked)
        self._fold.toggled.connect(self.unfold)
        self._whose.clicked.connect(self.citizen_wanted)
        self._anybody.clicked.connect(self._let_go)
        self._name_citizen("")

    def _lay(self) -> None:
        flow = Flow(gap=6)
        self._others = QWidget()
        self._others.setLayout(flow)
        for choice in self._choices:
            if choice is self._kommune:
                flow.addWidget(self._whose)
                flow.addWidget(self._anybody)
            if choice is not self._period:
                flow.addWidget(choice)
        first = row(self._text, self._find, self._period, self._fold, gap=6, wide=self._text)
        lines = column(gap=6)
        lines.addLayout(first)
        lines.addWidget(self._others)
        self.setLayout(lines)
        self._others.hide()

    def unfold(self, wanted: bool) -> None:  # noqa: FBT001 - a slot
        """Show the other choices, or put them away; what they say counts all the same."""
        self._fold.setChecked(wanted)
        self._others.setVisible(wanted)

    @property
    def _choices(self) -> tuple[_Choice, ...]:
        return (
            *(self._period, self._operator, self._kommune, self._kind, self._result, self._span),
            *(self._way, self._review, self._order),
        )

    def offer(self, operators: Sequence[tuple[str, Operator]], codes: Sequence[Kommune]) -> None:
        """Offer these people and kommuner; what was chosen stays chosen while it is there."""
        places = [(kommuner.name(code), code) for code in codes]
        for choice, offered in ((self._operator, operators), (self._kommune, places)):
            choice.offer(offered)

    def choose(self, citizen: CitizenId, name: str) -> None:
        """Ask for this citizen's calls, and ask anew."""
        self._citizen = citizen
        self._name_citizen(name)
        self._whose.setFocus()
        self.asked.emit()

    def forget(self) -> None:
        """Ask for nobody and nothing in particular: somebody else sits down."""
        self._citizen = None
        self._name_citizen("")
        self._text.clear()

    def take_focus_back(self) -> None:
        """Put the keyboard where a citizen is chosen."""
        self._whose.setFocus()

    def _let_go(self) -> None:
        self._citizen = None
        self._name_citizen("")
        self._whose.setFocus()
        self.asked.emit()

    def _name_citizen(self, name: str) -> None:
        """Show who is chosen; "" for nobody."""
        said = name or _("All citizens")
        word(self._whose, said)
        self._whose.setAccessibleName(f"{_('Citizen')}: {said}")
        self._whose.setToolTip(_("Find a citizen"))
        self._anybody.setVisible(bool(name))

    def query(self) -> CallQuery:
        """Return what is asked for now."""
        period = self._period.value
        fields = {
            **self._span.value, **self._way.value, **self._review.value
        }  # fmt: skip
        return CallQuery(
            since=None if period is None else self._now() - period,
            operator=self._operator.value,
            citizen=self._citizen,
            kommune=self._kommune.value,
            kind=self._kind.value,
            result=self._result.value,
            text=self._text.text().strip(),
            order=self._order.value,
            **fields,
        )

    def take_focus(self) -> None:
        """Put the keyboard into the search."""
        self._text.setFocus()
        self._text.selectAll()

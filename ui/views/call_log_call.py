"""One call of the log: what is known of it, its alarm's time line, and what is said of it later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui import times, words
from ui.delegates.cells import CellDelegate
from ui.models.call_log import result, seconds
from ui.models.past import PastRow, past
from ui.models.table import Table
from ui.theme import Theme
from ui.views.parts import Flow, button, column, label, restyle, row
from ui.views.recordings_bar import RecordingsBar
from ui.views.rows import RowsView
from workstation.application.call_review import OpenedCall
from workstation.application.call_review_export import transfers
from workstation.domain.call import Quality
from workstation.domain.call_history import Added, Call
from workstation.texts import N_, _

_ADDED = {
    Added.NOTE: N_("note"),
    Added.CORRECTION: N_("correction"),
    Added.REVIEW: N_("reviewed"),
}


class _TimeLine(RowsView):
    def share_width(self, delegate: CellDelegate) -> None:
        """Give times and names what they need; what happened takes the rest."""
        need = (delegate.width_of("22. nov. 21:14:07"), delegate.width_of("Anna Lauridsen"))
        for place, width in enumerate(need):
            self.setColumnWidth(place, width)
        self.setColumnWidth(len(need), max(60, self.viewport().width() - sum(need)))


class CallView(QWidget):
    """Below the facts a field for what is said of it, and the time line of its alarm."""

    back = Signal()
    said = Signal(object, str)
    """What it is (an Added), and its text."""

    def __init__(self, looks: Callable[[], Theme], now: datetime) -> None:
        super().__init__()
        self._table: Table[PastRow] = past(now)
        self._keys: set[str] = set()
        self._facts = label(role="strong", wrap=True)
        self._more = label(role="soft", wrap=True)
        self._additions = label(wrap=True)
        self._told = label(role="sentence", wrap=True)
        self._text = QLineEdit()
        self._text.setAccessibleName(_("What is said of the call"))
        self._text.setPlaceholderText(_("A comment, a note, or what was otherwise"))
        self._review = button(_("Mark as reviewed"), role="primary")
        self._note = button(_("Add a note"))
        self._correct = button(_("Add a correction"))
        self._line_said = label(role="soft", wrap=True)
        self.recordings = RecordingsBar()
        self._rows = _TimeLine(self._table, looks, name=_("The alarm's time line"), lines=1)
        back = button(_("Back to the list"), key="Esc", role="quiet")
        acts = QWidget()
        flow = Flow(gap=6)
        acts.setLayout(flow)
        for one in (self._review, self._note, self._correct):
            flow.addWidget(one)
        lines = column(
            self._more, self.recordings, self._additions, self._text, acts, self._told, gap=5
        )
        lines.insertLayout(0, row(self._facts, back, wide=self._facts))
        lines.addWidget(self._line_said)
        lines.addWidget(self._rows, 1)
        self.setLayout(lines)
        back.clicked.connect(self.back)
        self._text.returnPressed.connect(lambda: self._say(Added.REVIEW))
        for made, what in (
            (self._review, Added.REVIEW),
            (self._note, Added.NOTE),
            (self._correct, Added.CORRECTION),
        ):
            made.clicked.connect(lambda _on=False, what=what: self._say(what))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back by Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.back.emit()
            return
        super().keyPressEvent(event)

    def show_call(self, opened: OpenedCall, whom: str, now: datetime) -> None:
        """Show a call; `whom` is the citizen's name, empty for nobody's."""
        call = opened.call
        self._facts.setText(facts(call, whom, now))
        self._more.setText(measured(call))
        self._more.setVisible(bool(self._more.text()))
        additions = "\n".join(
            f"{times.when(one.at, now)} · {words.operator(one.by)} · {_(_ADDED[one.what])}: {one.text}"
            for one in opened.additions
        )
        self._additions.setText(additions)
        self._additions.setVisible(bool(additions))
        self._text.clear()
        self.tell("")
        self._text.setFocus()

    def show_line(self, rows: Sequence[PastRow], sentence: str, now: datetime) -> None:
        """Show the time line of the call's alarm, under a sentence."""
        keys = {self._table.key_of(one) for one in rows}
        self._table.tick(now)
        self._rows.apply(rows, self._keys - keys)
        self._keys = keys
        self._rows.setVisible(bool(rows))
        self._line_said.setText(sentence)

    def tell(self, sentence: str, *, fault: bool = False) -> None:
        """Say what became of it."""
        self._told.setText(sentence)
        self._told.setVisible(bool(sentence))
        restyle(self._told, tone="warn" if fault else "")

    def _say(self, what: Added) -> None:
        text = self._text.text().strip()
        if text:
            self.said.emit(what, text)
        else:
            self.tell(_("Write a few words first."), fault=True)
            self._text.setFocus()


def facts(call: Call, whom: str, now: datetime) -> str:
    """Return who called whom, when, for how long, and how it ended."""
    record = call.record
    told = [
        times.when(record.started_at, now),
        words.operator(record.operator),
        f"{'←' if record.incoming else '→'} {' '.join(filter(None, (whom, record.target)))}",
        result(call),
    ]
    if record.waited:
        told.append(_("waited {span}").format(span=seconds(record.waited)))
    if record.talked:
        told.append(_("talked {span}").format(span=seconds(record.talked)))
    return " · ".join(filter(None, told))


def measured(call: Call) -> str:
    """Return what the telephone says of it: code, quality, transfers."""
    record = call.record
    told = [f"SIP {record.sip_code} {record.sip_reason}".strip()] if record.sip_code else []
    if record.quality is not None:
        told.append(_quality(record.quality))
    if record.transfers:
        told.append(_("transferred to {whom}").format(whom=transfers(call)))
    return " · ".join(told)


def _quality(quality: Quality) -> str:
    return _("MOS {mos}, loss {loss} %, jitter {jitter} ms, round trip {trip} ms").format(
        mos=_decimal(quality.mos),
        loss=_decimal(quality.loss_percent),
        jitter=round(quality.jitter_ms),
        trip=round(quality.round_trip_ms),
    )


def _decimal(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")

"""The call log in the window: who sees it, what is asked, one call, and what leaves the house."""

from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QListWidget, QPushButton, QWidget

from tests.application.test_call_review import EVA, KAREN, MARCH, ReviewDesk, a_call
from tests.ui.whole import NowTasks
from ui.models.call_log import LogRow
from ui.presenters.call_log import PAGE, CallLogPresenter, last_month
from ui.theme import light
from ui.views.call_log_figures import HeatMap
from ui.views.call_log_filters import CallLogFilters
from ui.views.call_log_page import CallLogPage
from ui.views.citizen_editor import CitizenEditor
from ui.views.details import Details, Page
from workstation.application.ports import StoredStep
from workstation.domain.access import Looked
from workstation.domain.call import CallResult, Quality
from workstation.domain.call_history import Added, CallQuery, Order
from workstation.domain.citizen import Citizen
from workstation.domain.kind import Kind
from workstation.domain.names import AlarmId, CallId, CitizenId, Kommune, Operator
from workstation.domain.rights import Role
from workstation.domain.steps import Raised

T = TypeVar("T", bound=QWidget)

NOW_ROWS = [
    a_call(number, started_at=MARCH + timedelta(days=29, minutes=number)) for number in range(3)
]
BUSY = a_call(
    9,
    started_at=MARCH + timedelta(days=29, hours=1),
    answered_at=None,
    result=CallResult.BUSY,
    alarm=AlarmId("a1"),
    kind=Kind.EMERGENCY,
    operator=Operator("bo"),
    quality=Quality(mos=4.1, loss_percent=0.5, jitter_ms=3.0, round_trip_ms=21.5),
)


class Everybody:
    """Two citizens, of whom one has calls."""

    def all(self) -> list[Citizen]:
        return [
            Citizen(id=CitizenId("c7"), kommune=Kommune("0510"), name="Ole Bo"),
            Citizen(id=KAREN, kommune=Kommune("0510"), name="Karen Ærø"),
        ]

    def name_of(self, citizen: CitizenId | None) -> str:
        return "Karen" if citizen == KAREN else ""


class Shown:
    """The page under its tab."""

    def __init__(self, qtbot, *calls, role: Role = Role.SUPERVISOR) -> None:
        theme = light()
        self.desk = ReviewDesk(*calls, role=role)
        self.saved: list[tuple[CallQuery, Path]] = []
        self.fault: OSError | None = None
        self.page = CallLogPage(lambda: theme, self.desk.clock.now)
        self.details = Details(
            lambda: theme, self.desk.clock.now(), telemetry=QWidget(), register=CitizenEditor(),
            more=(Page(key=PAGE, title="Calls", widget=self.page),),
        )  # fmt: skip
        qtbot.addWidget(self.details)
        self.presenter = CallLogPresenter(
            log=self.desk.review, save=self._save, history=self._history,
            people=Everybody(),
            session=self.desk.session, clock=self.desk.clock, tasks=NowTasks(),
        )  # fmt: skip
        self.presenter.attach(self.page, self.details, [Kommune("0510")])
        self.details.resize(700, 500)
        self.details.show()

    async def _save(self, query: CallQuery, path: Path) -> int:
        if self.fault is not None:
            raise self.fault
        self.saved.append((query, path))
        return 1234

    async def _history(self, alarm: AlarmId) -> list[StoredStep]:
        return [StoredStep(seq=1, alarm=alarm, step=Raised(at=MARCH))]

    @property
    def has_tab(self) -> bool:
        return self.details._tabs.isTabVisible(self.details._tabs.count() - 1)

    @property
    def rows(self) -> list[LogRow]:
        table = self.page._table
        return [table.at(row) for row in range(table.rowCount())]

    def focused(self, kind: type[T]) -> T:
        found = self.details.window().focusWidget()
        assert isinstance(found, kind)
        return found

    @property
    def said(self) -> str:
        return self.page._said.text()

    def press(self, text: str) -> None:
        [made] = [one for one in self.page.findChildren(QPushButton) if one.text() == text]
        made.click()

    def button(self, text: str) -> QPushButton:
        [made] = [one for one in self.page.findChildren(QPushButton) if one.text() == text]
        return made

    def choose(self, name: str, text: str) -> None:
        [box] = [one for one in self.page.findChildren(QComboBox) if one.accessibleName() == name]
        box.setCurrentText(text)
        box.activated.emit(box.currentIndex())


@pytest.fixture
def shown(qtbot) -> Shown:
    made = Shown(qtbot, *NOW_ROWS, BUSY)
    made.details.open(PAGE)
    return made


@pytest.mark.parametrize(("role", "has_tab"), [(Role.SUPERVISOR, True), (Role.OPERATOR, False)])
def test_only_supervisors_have_the_page(qtbot, role: Role, has_tab: bool) -> None:
    assert Shown(qtbot, role=role).has_tab is has_tab


def test_opened_it_shows_the_last_month_and_that_is_a_look(shown: Shown) -> None:
    assert [row.call.record.id for row in shown.rows] == ["k009", "k002", "k001", "k000"]
    assert [row.citizen for row in shown.rows] == ["Karen"] * 4
    assert shown.said == "4 calls, 3 answered"
    assert [what for what, *_rest in shown.desk.looked] == [Looked.CALLS]


def test_nothing_stays_for_whoever_comes_next(shown: Shown) -> None:
    shown.page.filters.choose(KAREN, "Karen")
    shown.page.filters._text.setText("Karen")
    shown.page.take_apart()
    shown.desk.session.lock()
    assert (shown.rows, shown.has_tab, shown.page._window) == ([], False, None)
    asked = shown.page.filters.query()
    assert (asked.citizen, asked.text) == (None, "")
    assert not [one for one in shown.page.findChildren(QPushButton) if "Karen" in one.text()]


def test_each_choice_asks_anew(shown: Shown) -> None:
    shown.choose("Length", "Unanswered")
    assert [row.call.record.id for row in shown.rows] == ["k009"]
    shown.choose("Length", "Any length")
    shown.choose("Operator", "bo")
    assert [row.call.record.id for row in shown.rows] == ["k009"]
    shown.choose("Operator", "All operators")
    shown.choose("Order", "Oldest first")
    assert shown.rows[0].call.record.id == "k000"
    field = next(
        one for one in shown.page.findChildren(QLineEdit) if "Search" in one.accessibleName()
    )
    field.setText("nobody of that name")
    shown.press("Search")
    assert shown.rows == []


def test_a_citizen_is_chosen_by_keys_alone_and_that_is_a_look(shown: Shown, qtbot) -> None:
    shown.press("Filters")
    whose = shown.button("All citizens")
    whose.setFocus()
    qtbot.keyClick(whose, Qt.Key.Key_Space)
    field = shown.focused(QLineEdit)
    qtbot.keyClicks(field, "ærø")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert whose.text() == "Karen"
    assert shown.focused(QPushButton) is whose
    assert len(shown.rows) == 4
    assert shown.desk.looked[-1][:2] == (Looked.CALLS, KAREN)
    # Behind it in the order of the keys: everybody again.
    qtbot.keyClick(whose, Qt.Key.Key_Tab)
    anybody = shown.focused(QPushButton)
    qtbot.keyClick(anybody, Qt.Key.Key_Space)
    assert whose.text() == "All citizens"
    assert not anybody.isVisible()
    assert shown.desk.looked[-1][:2] == (Looked.CALLS, "")


def test_escape_leaves_the_choice_of_a_citizen_as_it_was(shown: Shown, qtbot) -> None:
    shown.press("Filters")
    looked = len(shown.desk.looked)
    shown.press("All citizens")
    field = shown.focused(QLineEdit)
    qtbot.keyClicks(field, "ole")
    qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.keyClick(shown.focused(QListWidget), Qt.Key.Key_Escape)
    assert shown.focused(QPushButton).text() == "All citizens"
    assert len(shown.desk.looked) == looked
    assert shown.page._rows.isVisible()


def test_one_of_whom_there_is_no_call(shown: Shown, qtbot) -> None:
    shown.press("Filters")
    shown.press("All citizens")
    field = shown.focused(QLineEdit)
    qtbot.keyClicks(field, "ole")
    qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.keyClick(shown.focused(QListWidget), Qt.Key.Key_Return)
    assert shown.rows == []
    assert shown.desk.looked[-1][:2] == (Looked.CALLS, "c7")


def test_what_is_chosen_is_what_is_asked(qtbot) -> None:
    filters = CallLogFilters(lambda: MARCH)
    qtbot.addWidget(filters)
    filters.offer([("Bo", Operator("bo"))], [Kommune("0510")])
    for choice, place in (("operator", 1), ("kommune", 1), ("kind", 1), ("span", 2), ("way", 2)):
        getattr(filters, f"_{choice}").setCurrentIndex(place)
    asked = filters.query()
    assert asked == CallQuery(
        since=MARCH - timedelta(days=30), operator=Operator("bo"), kommune=Kommune("0510"),
        kind=Kind.EMERGENCY, waited_over=timedelta(seconds=60), incoming=False, order=Order.NEWEST,
    )  # fmt: skip
    assert type(asked.kind) is Kind
    # Offered anew, what was chosen stays chosen.
    filters.offer([("Anna", Operator("anna")), ("Bo", Operator("bo"))], [])
    assert (filters.query().operator, filters.query().kommune) == ("bo", None)


def test_the_next_page_comes_behind_the_first(qtbot) -> None:
    calls = [
        a_call(number, started_at=MARCH + timedelta(days=29, minutes=number))
        for number in range(250)
    ]
    shown = Shown(qtbot, *calls)
    shown.details.open(PAGE)
    assert len(shown.rows) == 100
    bar = shown.page._rows.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    assert len(shown.rows) == 200
    shown.page.more_wanted.emit()
    shown.page.more_wanted.emit()
    ids = [row.call.record.id for row in shown.rows]
    assert ids == [f"k{number:03}" for number in reversed(range(250))]
    assert len(shown.desk.looked) == 1


def test_one_call_with_its_alarm_s_time_line(shown: Shown) -> None:
    shown.page.opened.emit("k009")
    view = shown.page.call
    assert view.isVisible()
    assert "Karen +4574621048 · line busy" in view._facts.text()
    assert "MOS 4,1, loss 0,5 %, jitter 3 ms, round trip 22 ms" in view._more.text()
    assert view._table.rowCount() == 1
    shown.press("Mark as reviewed")
    assert view._told.text() == "Write a few words first."
    view._text.setText("Calm and clear.")
    shown.press("Mark as reviewed")
    assert "eva · reviewed: Calm and clear." in view._additions.text()
    assert [(one.what, one.by) for one in shown.desk.history.said] == [(Added.REVIEW, EVA)]
    shown.press("Back to the list   Esc")
    assert not view.isVisible()
    assert [row.call.reviewed for row in shown.rows] == [True, False, False, False]


def test_a_call_of_no_alarm_has_no_time_line(shown: Shown) -> None:
    shown.page.opened.emit("k001")
    assert shown.page.call._line_said.text() == "It belongs to no alarm."
    assert shown.page.call._table.rowCount() == 0


def test_the_figures_take_the_list_s_place(shown: Shown) -> None:
    shown.press("Figures")
    figures = shown.page._figures
    assert "4 calls" in figures._busy.text()
    assert "Answered within 60 s: 75,0 %" in figures._fast.text()
    assert not figures._map.grab().isNull()
    assert not figures._curve.grab().isNull()
    room = figures._map._room()
    assert figures._map.said_at(room.topLeft()) == "Mo 00: 0 calls"
    assert figures._map.said_at(room.topLeft() - room.bottomRight()) == ""
    shown.press("List")
    assert shown.page._rows.isVisible()


def test_the_draw_is_of_the_month_that_is_over(shown: Shown) -> None:
    assert last_month(shown.desk.clock.now()) == "2026-03"
    shown.press("Draw for review")
    assert shown.said == "3 calls of 2 operators drawn for 2026-03"
    assert {one.call for one in shown.desk.history.drawn} == {
        row.call.record.id for row in shown.rows
    }


def test_an_export_says_where_it_is_or_why_not(shown: Shown, tmp_path: Path) -> None:
    path = tmp_path / "calls.xlsx"
    shown.page.export_wanted.emit(str(path))
    assert [saved for _query, saved in shown.saved] == [path]
    assert shown.said == f"1.234 calls saved as {path}"
    shown.fault = OSError(28, "No space left on device")
    shown.page.export_wanted.emit(str(path))
    assert shown.said == (
        "calls.xlsx could not be saved: No space left on device. Choose another folder."
    )


def test_it_stands_in_a_window_of_its_own_and_comes_back(shown: Shown) -> None:
    shown.press("Own window")
    window = shown.page._window
    assert window is not None
    assert shown.page._rows.window() is window
    window.close()
    assert shown.page._window is None
    assert shown.page._rows.window() is shown.details
    assert CallId("k009") == shown.rows[0].call.record.id


def test_with_little_room_every_filter_is_whole_and_scrolled_to(shown: Shown, qtbot) -> None:
    """As on a small screen while an alarm is in front."""
    shown.details.resize(700, 220)
    shown.press("Filters")
    others = shown.page.filters._others
    qtbot.waitUntil(lambda: others.height() >= others.layout().heightForWidth(others.width()))
    boxes = [one for one in others.findChildren(QComboBox) if one.isVisible()]
    assert all(others.rect().contains(one.geometry()) for one in boxes)
    shown.press("Figures")
    picture = shown.page.findChild(HeatMap)
    qtbot.waitUntil(lambda: picture.height() >= picture.minimumSizeHint().height())

"""A round is read whole, its times by the clock on the wall."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.adapters.record.lines import ImportRefused
from workstation.adapters.record.round_csv import read_round
from workstation.complaints.imports import REFUSALS
from workstation.domain.names import CitizenId, Kommune
from workstation.domain.round import Visit, VisitKind, VisitState

HEADER = "at;citizen;kind;length_min;tolerance_min;assignee;note;id\n"
TOLERANCE = dict.fromkeys(VisitKind, timedelta(minutes=15))


def read(text: str) -> tuple[Visit, ...]:
    return read_round(
        text,
        citizens={CitizenId("b-001"): Kommune("0510")},
        tolerance=TOLERANCE,
        zone=ZoneInfo("Europe/Copenhagen"),
    )


def refused(line: str) -> list[tuple[str, int, str]]:
    with pytest.raises(ImportRefused) as caught:
        read(HEADER + line)
    return [(one.reason, one.line, one.column) for one in caught.value.refusals]


def test_a_visit_is_read() -> None:
    (visit,) = read(HEADER + "2026-03-14T09:30;b-001;screen_visit;4;20;Anna;medicin;v-7\n")
    assert visit.id == "v-7"
    assert visit.at == datetime(2026, 3, 14, 8, 30, tzinfo=UTC)
    assert visit.kommune == "0510"
    assert visit.kind is VisitKind.SCREEN_VISIT
    assert visit.length == timedelta(minutes=4)
    assert visit.tolerance == timedelta(minutes=20)
    assert visit.assignee == "Anna"
    assert visit.note == "medicin"
    assert visit.state is VisitState.PLANNED


def test_what_may_be_left_out_has_the_hub_s_own_value() -> None:
    (visit,) = read("at,citizen,kind,length_min\n14-07-2026 09:30,b-001,night_check,1\n")
    assert visit.at == datetime(2026, 7, 14, 7, 30, tzinfo=UTC)
    assert visit.tolerance == timedelta(minutes=15)
    assert visit.assignee is None


def test_the_same_file_gives_the_same_ids() -> None:
    text = HEADER + "2026-03-14 09:30;b-001;planned_call;4\n2026-03-14 19:30;b-001;planned_call;4\n"
    assert read(text) == read(text)
    assert len({visit.id for visit in read(text)}) == 2


def test_a_time_with_a_zone_is_taken_as_it_is() -> None:
    (visit,) = read(HEADER + "2026-03-14T09:30:00+05:00;b-001;planned_call;4\n")
    assert visit.at == datetime(2026, 3, 14, 4, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "reason", "column"),
    [
        (";b-001;planned_call;4", "missing", "at"),
        ("2026-03-14;b-001;planned_call;4", "bad_time", "at"),
        ("9:30;b-001;planned_call;4", "bad_time", "at"),
        ("0001-01-01T00:00;b-001;planned_call;4", "bad_time", "at"),
        ("2026-03-29T02:30;b-001;planned_call;4", "time_does_not_exist", "at"),
        ("2026-03-14T09:30;b-002;planned_call;4", "citizen_not_in_register", "citizen"),
        ("2026-03-14T09:30;b-001;visit;4", "bad_choice", "kind"),
        ("2026-03-14T09:30;b-001;planned_call;0", "bad_whole_number", "length_min"),
        ("2026-03-14T09:30;b-001;planned_call;", "missing", "length_min"),
    ],
)
def test_a_wrong_cell_is_told(line: str, reason: str, column: str) -> None:
    assert refused(line) == [(reason, 2, column)]


def test_the_hour_that_comes_twice_is_its_first() -> None:
    (visit,) = read(HEADER + "2026-10-25T02:30;b-001;night_check;1\n")
    assert visit.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_same_visit_twice_is_told() -> None:
    line = "2026-03-14T09:30;b-001;planned_call;4\n"
    assert refused(line + line) == [("duplicate", 3, "id")]


@given(text=st.text(max_size=200) | st.text(max_size=100).map(lambda text: HEADER + text))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read(text)
    except ImportRefused as error:
        assert {one.reason for one in error.refusals} <= set(REFUSALS)

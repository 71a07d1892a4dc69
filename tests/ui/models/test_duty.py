"""Who is on duty, in words and tones the theme has."""

from datetime import timedelta

import pytest

from tests.builders import HADERSLEV, HJORRING, NOW
from ui.models.duty import COLUMNS, DutyRow, duty
from ui.theme import light
from workstation.domain.names import Operator
from workstation.domain.presence import DeskKind, DeskName, Presence
from workstation.domain.rights import Role


def a_row(*, is_alive: bool = True, is_mine: bool = False, **more: object) -> DutyRow:
    fields = {
        "desk": DeskName("desk-1"), "kind": DeskKind.DESK, "machine": "HAD-PC-12",
        "started_at": NOW, "seen_at": NOW - timedelta(seconds=3), "operator": Operator("anna"),
        "name": "Anna L.", "role": Role.OPERATOR, "kommuner": frozenset({HADERSLEV}),
        "sound": True, "alarms": True, "database": True,
    }  # fmt: skip
    return DutyRow(
        presence=Presence(**{**fields, **more}),
        is_alive=is_alive,
        is_mine=is_mine,
    )


def texts(row: DutyRow) -> dict[str, str]:
    return {column.key: column.cell(row, NOW).text for column in COLUMNS}


@pytest.mark.parametrize(
    ("row", "key", "text"),
    [
        (a_row(), "who", "Anna L."),
        (a_row(is_mine=True), "who", "Anna L. (you)"),
        (a_row(operator=None, name="", role=None), "who", "Nobody"),
        (a_row(kind=DeskKind.INGEST, operator=None), "who", "Service"),
        (a_row(), "serves", "Haderslev"),
        (a_row(), "works", "everything works"),
        (a_row(sound=False), "works", "no sound"),
        (a_row(sound=False, kind=DeskKind.INGEST), "works", "everything works"),
        (a_row(alarms=False, database=False), "works", "no alarms"),
        (a_row(is_alive=False), "works", "not heard of"),
        (a_row(), "seen", "3 s ago"),
    ],
)
def test_what_a_row_says(row: DutyRow, key: str, text: str) -> None:
    assert texts(row)[key] == text


def test_further_kommuner_stand_below_the_first() -> None:
    [serves] = [column for column in COLUMNS if column.key == "serves"]
    cell = serves.cell(a_row(kommuner=frozenset({HADERSLEV, HJORRING})), NOW)
    assert (cell.text, cell.below) == ("Haderslev", "Hjørring")
    assert serves.cell(a_row(kommuner=frozenset()), NOW).text == ""


@pytest.mark.parametrize(
    "row", [a_row(), a_row(sound=False), a_row(is_alive=False), a_row(operator=None)]
)
def test_every_tone_is_one_of_the_themes(row: DutyRow) -> None:
    for column in COLUMNS:
        cell = column.cell(row, NOW)
        assert light().token(cell.tone).isValid()
        assert light().token(cell.below_tone).isValid()


def test_desks_before_services_and_the_living_before_the_lost() -> None:
    table = duty(NOW)
    rows = [
        a_row(desk=DeskName("ingest-1"), kind=DeskKind.INGEST),
        a_row(desk=DeskName("desk-2"), is_alive=False),
        a_row(desk=DeskName("desk-1")),
    ]
    table.update(rows, set())
    order = [table.at(place).presence.desk for place in range(table.rowCount())]
    assert order == ["desk-1", "desk-2", "ingest-1"]

"""History is never edited, not even by a program that tries."""

import pytest
from sqlalchemy import insert, text

from tests.adapters.db.contract_round import CHECK
from tests.adapters.db.making import ANNA, START, make_alarm
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.day_tables import VISIT, VISIT_STEP
from workstation.adapters.db.register_tables import ACCESS_LOG
from workstation.adapters.db.round_store import visit_row
from workstation.adapters.db.rows import alarm_row
from workstation.adapters.db.steps import step_row
from workstation.adapters.db.tables import ALARM, ALARM_STEP
from workstation.application.errors import RowRefused
from workstation.domain.access import Looked
from workstation.domain.round import VisitState
from workstation.domain.steps import Raised


@pytest.fixture
def history(connections: Connections) -> Connections:
    alarm = make_alarm()
    with connections.writing() as connection:
        connection.execute(insert(ALARM), alarm_row(alarm, "fold"))
        connection.execute(insert(ALARM_STEP), step_row(alarm.id, Raised(at=START)))
        connection.execute(insert(VISIT), visit_row(CHECK))
        step = {"visit": CHECK.id, "saved_at": START, "version": 1, "note": ""}
        connection.execute(insert(VISIT_STEP), {**step, "state": VisitState.ACTIVE})
        look = {"at": START, "operator": ANNA, "citizen": "c1", "what": Looked.CPR, "why": ""}
        connection.execute(insert(ACCESS_LOG), look)
    return connections


@pytest.mark.parametrize("table", ["alarm_step", "visit_step", "access_log"])
@pytest.mark.parametrize("edit", ["DELETE FROM {}", "UPDATE {} SET seq = seq + 1"])
def test_a_row_of_history_stands_for_ever(history: Connections, table: str, edit: str) -> None:
    with pytest.raises(RowRefused), history.writing() as connection:
        connection.execute(text(edit.format(table)))
    with history.reading() as connection:
        assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 1

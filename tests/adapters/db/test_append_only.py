"""History is never edited, not even by a program that tries."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, text

from tests.adapters.db.contract_round import CHECK
from tests.adapters.db.making import ANNA, START, make_alarm
from workstation.adapters.db.access_log import append
from workstation.adapters.db.access_tables import ACCESS_CHECKPOINT, ACCESS_HEAD, PURGE_LOG
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.day_tables import VISIT, VISIT_STEP
from workstation.adapters.db.round_store import visit_row
from workstation.adapters.db.rows import alarm_row
from workstation.adapters.db.steps import step_row
from workstation.adapters.db.tables import ALARM, ALARM_STEP
from workstation.application.errors import RowRefused
from workstation.domain.access import Look, Looked
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
        append(connection, "desk-1", Look(at=START, operator=ANNA, citizen="c1", what=Looked.CPR))
        end = {"writer": "desk-1", "number": 0, "hash": "0", "at": START}
        connection.execute(insert(ACCESS_HEAD), end)
        long_ago = START - timedelta(days=31)
        purged = {"count": 0, "earliest": long_ago, "latest": long_ago}
        connection.execute(insert(ACCESS_CHECKPOINT), {**end, **purged, "signature": ""})
        about = {"at": START, "kind": "calls", "before": long_ago, "by": "desk-1"}
        connection.execute(insert(PURGE_LOG), {**about, **purged})
    return connections


TABLES = ("alarm_step", "visit_step", "access_log", "access_head", "access_checkpoint", "purge_log")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("edit", ["DELETE FROM {}", "UPDATE {} SET {} = NULL"])
def test_a_row_of_history_stands_for_ever(history: Connections, table: str, edit: str) -> None:
    column = "by" if table in ("alarm_step", "visit_step", "purge_log") else "hash"
    with pytest.raises(RowRefused), history.writing() as connection:
        connection.execute(text(edit.format(table, column)))
    with history.reading() as connection:
        assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 1

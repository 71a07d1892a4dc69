"""The way into the database: shut until it is known to be ours."""

from pathlib import Path

import pytest

from tests.fakes import FakeClock
from workstation.adapters.db.database import Database, migrate
from workstation.application.errors import SchemaMismatch, StoreUnavailable
from workstation.bootstrap.gate import Gate


def test_nothing_is_written_before_the_gate_is_open(tmp_path: Path, clock: FakeClock) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    migrate(url)
    database = Database(url, clock=clock, machine="m")
    gate = Gate(database)
    for why, reason in (
        (None, "starting"),
        (StoreUnavailable("locked", url=url), "locked"),
        (SchemaMismatch("newer", have="9"), "newer"),
    ):
        if why is not None:
            gate.shut(why)
        for writer in (gate.alarm_writer, gate.reading_writer):
            with pytest.raises(StoreUnavailable) as refused:
                writer()
            assert refused.value.reason == reason
            assert refused.value.facts == (why.facts if why else {})
    gate.open()
    for writer in (gate.alarm_writer, gate.reading_writer):
        writer().close()
    database.close()

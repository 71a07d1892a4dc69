"""With each login's own rights: `ingest` removes what is over its time, a desk nothing at all."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from sqlalchemy import select

from tests.adapters.db.contract_calls import CALL
from tests.adapters.db.contract_readings import pulse
from tests.adapters.db.contract_round import CHECK
from tests.adapters.db.making import ANNA, make_alarm, make_report
from tests.fakes import FakeClock
from tests.peers.fenced import Fenced
from tests.security.hub_rows import fill
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database
from workstation.adapters.db.tables import METADATA
from workstation.adapters.system.signing import Seals, Signer, make_key
from workstation.application.audit import Verification
from workstation.application.errors import AuditFailed, RowRefused, StoreUnavailable
from workstation.application.ports import HistoryKind, RegisterEntry
from workstation.application.purge import AccessPurge, Kept, NightlyPurge, Signing
from workstation.domain.access import Look, Looked
from workstation.domain.chain import Checkpoint, signed_part
from workstation.domain.citizen import Citizen
from workstation.domain.kind import Outcome
from workstation.domain.names import AlarmId, CallId, CitizenId, Kommune
from workstation.domain.steps import Resolved, Taken

pytestmark = pytest.mark.peer
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 14, 18, tzinfo=UTC)
YEAR = timedelta(days=365)
KEPT = Kept(**dict.fromkeys(Kept.__dataclass_fields__, YEAR))
PRIVATE, PUBLIC = make_key()
SEALS = Seals([PUBLIC])
INGER = Citizen(id=CitizenId("c1"), kommune=Kommune("0510"), name="Inger")
OLE = Citizen(id=CitizenId("c2"), kommune=Kommune("0860"), name="Ole")


def holds(one: Checkpoint) -> bool:
    return SEALS.hold(signed_part(one), one.signature)


SIGNING = Signing(sign=Signer(PRIVATE).sign, holds=holds)


@pytest.fixture
def open_as(fenced: Fenced) -> Iterator[dict[str, Database]]:
    """The database as a desk of both kommuner, one of the one, and an ingest has it."""
    clock = FakeClock(NOW)
    opened = {
        who: Database(fenced.url(who), clock=clock, machine="1a2b3c4d", role=who)
        for who in ("desk", "desk_0510", "ingest", "reader")
    }
    yield opened
    for database in opened.values():
        database.close()


async def _fill(desk: Database) -> None:
    await desk.register.put([RegisterEntry(citizen=one) for one in (INGER, OLE)], [])
    writer = desk.alarm_writer()
    for name in ("old", "open", "last"):
        writer.file([make_report(make_alarm(id=AlarmId(name), device=name, received_at=LONG_AGO))])
    writer.close()
    for step in (
        Taken(at=LONG_AGO, by=ANNA),
        Resolved(at=LONG_AGO, by=ANNA, outcome=Outcome.TEST),
    ):
        now = await desk.alarms.find(AlarmId("old"))
        await desk.alarms.save(now.after(step), step, expected_version=now.version)
    # Whose step is the last one stays: here an open one's.
    step = Taken(at=LONG_AGO, by=ANNA)
    last = await desk.alarms.find(AlarmId("last"))
    await desk.alarms.save(last.after(step), step, expected_version=last.version)
    await desk.calls.begin(replace(CALL, id=CallId("k"), alarm=AlarmId("old"), started_at=LONG_AGO))
    await desk.round.put([replace(CHECK, at=LONG_AGO)])
    readings = desk.reading_writer()
    readings.write([replace(pulse(0, 7), at=LONG_AGO)], [])
    readings.close()
    for at in (LONG_AGO, LONG_AGO + timedelta(days=1), NOW):
        for citizen in (INGER, OLE):
            look = Look(at=at, operator=ANNA, citizen=citizen.id, what=Looked.CARD)
            await desk.access.log(look)


def test_an_ingest_purges_and_a_desk_does_not(fenced: Fenced, open_as: dict[str, Database]) -> None:
    desk, one, ingest = open_as["desk"], open_as["desk_0510"], open_as["ingest"]

    async def act() -> None:
        await _fill(desk)
        for forget in (desk.retention.forget_messages, desk.retention.forget_readings):
            with pytest.raises(StoreUnavailable):
                await forget(NOW - YEAR)
        with pytest.raises(StoreUnavailable):
            await desk.retention.forget_history(HistoryKind.VISITS, NOW - YEAR, at=NOW, by="desk")
        # A desk of one kommune goes on with its chain, though it sees only some of its entries.
        for citizen in (INGER, INGER):
            await one.access.log(Look(at=NOW, operator=ANNA, citizen=citizen.id, what=Looked.CPR))
        with pytest.raises(AuditFailed) as refusal:
            await Verification(one.access, is_signed=holds).run()
        assert refusal.value.reason == "hidden"
        purge = NightlyPurge(
            retention=ingest.retention,
            log=ingest.access,
            clock=FakeClock(NOW),
            zone=ZoneInfo("Europe/Copenhagen"),
            at_hour=3,
            kept=KEPT,
            signing=SIGNING,
        )
        await purge.look()
        verified = await Verification(ingest.access, is_signed=holds).run()
        assert [(one.writer, one.entries, one.purged, one.faults) for one in verified] == [
            ("desk-1a2b3c4d", 2, 4, ()),
            ("desk_0510-1a2b3c4d", 2, 0, ()),
        ]
        await desk.access.log(Look(at=NOW, operator=ANNA, citizen=OLE.id, what=Looked.CPR))
        with pytest.raises((StoreUnavailable, RowRefused)):
            await AccessPurge(log=desk.access, signing=SIGNING).purge(NOW + YEAR, at=NOW)

    asyncio.run(act())
    (kinds,) = zip(
        *fenced.ask(fenced.owner, "SELECT kind FROM purge_log ORDER BY seq"), strict=True
    )
    assert set(kinds) == {
        "readings", "minutes", "hours", "messages", "alarms", "calls", "visits", "access_log",
    }  # fmt: skip
    assert fenced.ask(fenced.owner, "SELECT id FROM alarm ORDER BY id") == [("last",), ("open",)]
    assert fenced.ask(fenced.owner, "SELECT count(*) FROM reading") == [(0,)]


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_citizen_who_has_left_is_removed_as_the_document_says(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "postgres":
        url = str(request.getfixturevalue("postgres_url"))
    else:
        url = f"sqlite:///{tmp_path / 'hub.sqlite'}"
        Database.open(url, clock=FakeClock(NOW), machine="desk").close()
    fill(url, "0510")
    fill(url, "0860")
    text = (Path(__file__).parents[2] / "docs" / "retention.md").read_text(encoding="utf-8")
    block = text.partition("## A citizen who has left")[2].partition("```sql\n")[2]
    script = block.partition("```")[0].replace("'ID'", "'citizen-0510'")
    connections = Connections(url)
    with connections.writing() as connection:
        for statement in script.replace("BEGIN;", "").replace("COMMIT;", "").split(";"):
            if statement.strip():
                connection.exec_driver_sql(statement)
    with connections.reading() as connection:
        told = {
            name: " ".join(map(repr, connection.execute(select(METADATA.tables[name]))))
            for name in METADATA.tables
        }
    connections.close()
    for personal in ("Karen 0510", "Ole 0510", "010150-0510", "+457500510", "Ring 0510"):
        assert [name for name, rows in told.items() if personal in rows] == []
    assert "Karen 0860" in told["citizen"]
    assert "citizen-0510" in told["alarm"]
    database = Database(url, clock=FakeClock(NOW), machine="desk")
    seen = asyncio.run(database.access.of_citizen(CitizenId("citizen-0510")))
    database.close()
    assert [entry.what for entry in seen] == [Looked.CPR]


def test_nobody_makes_young_history_old(fenced: Fenced) -> None:
    """What a desk may change says nothing of how old its history is; nor does a forged checkpoint."""
    fill(fenced.url("desk_0510"), "0510")
    fenced.ask("desk_0510", "UPDATE visit SET at = '2001-01-01'")
    fenced.ask("desk_0510", "UPDATE alarm SET state = 'resolved', resolved_at = '2001-01-01'")
    for kind in ("alarms", "visits"):
        announce = (
            "INSERT INTO purge_log (at, kind, before, count, by)"
            f" VALUES (now(), '{kind}', now() - interval '40 days', 0, 'me')"
        )
        fenced.ask("ingest", announce)
    forged = (
        "INSERT INTO access_checkpoint"
        " VALUES ('w', 99, 'h', 1, '2001-01-01', '2001-01-01', now(), 'none')"
    )
    looks = (
        "INSERT INTO access_log (writer, number, prev, hash, at, operator, citizen, what, why)"
        " VALUES ('w', 1, '', 'h', now(), 'x', 'y', 'card', '')"
    )
    fenced.ask("desk_0510", looks)
    fenced.ask("ingest", forged)
    # Of this very moment, by the server's own clock.
    fenced.ask(
        "desk_0510",
        "INSERT INTO alarm_step (alarm_id, kind, at, by, body)"
        " VALUES ('alarm-0510', 'noted', now(), 'Anna', '{}'),"
        " ('alarm-0510', 'noted', now(), 'Anna', '{}')",
    )
    fenced.ask(
        "desk_0510",
        "INSERT INTO visit_step (visit, saved_at, version, state, note)"
        " VALUES ('visit-0510', now(), 9, 'active', '')",
    )
    for statement in (
        "DELETE FROM access_log WHERE writer = 'w' AND number = 1",
        "DELETE FROM alarm_step WHERE at > now() - interval '1 day'",
        "DELETE FROM visit_step WHERE saved_at > now() - interval '1 day'",
        "DELETE FROM visit WHERE id = 'visit-0510'",
    ):
        with pytest.raises(psycopg.Error, match="history is never edited"):
            fenced.ask("ingest", f"SET ROLE workstation_purge; {statement}")


def test_nobody_drops_the_readings_of_today(fenced: Fenced) -> None:
    make = "SELECT make_reading_day((extract(epoch FROM now() - interval '{}') * 1000000)::bigint)"
    for age in ("0 days", "3 days"):
        fenced.ask(fenced.owner, make.format(age))
    days = "SELECT relname FROM pg_class WHERE relname ~ '^reading_[0-9]{8}$' ORDER BY relname"
    old, today = fenced.ask(fenced.owner, days)
    drop = "SELECT drop_reading_days(9223372036854775807)"
    fenced.ask("ingest", f"SET ROLE workstation_purge; {drop}")
    assert old < today
    assert fenced.ask(fenced.owner, days) == [today]


def test_a_desk_cannot_have_itself_called_over(fenced: Fenced) -> None:
    """A purge is announced by those who may purge, and a month is the least."""
    announce = (
        "INSERT INTO purge_log (at, kind, before, count, by)"
        " VALUES (now(), 'alarms', now() - interval '{}', 0, 'me')"
    )
    for who, age in (("desk", "2 years"), ("ingest", "29 days"), ("reader", "2 years")):
        with pytest.raises(Exception, match=r"permission denied|history is never edited"):
            fenced.ask(who, announce.format(age))

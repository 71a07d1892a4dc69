"""What has been kept for its time is removed, and nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update

from tests.adapters.db.contract_calls import CALL
from tests.adapters.db.contract_readings import HOUR, MINUTE, bucket, buckets, pulse, samples
from tests.adapters.db.contract_round import CHECK
from tests.adapters.db.making import ANNA, START, at, make_alarm, make_report, run
from tests.fakes import FakeClock
from workstation.adapters.db.access_tables import PURGE_LOG
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database
from workstation.adapters.db.tables import ALARM, ALARM_STEP, MESSAGE
from workstation.adapters.db.user_tables import SIGN_IN_ATTEMPT
from workstation.application.errors import NotFound, RowRefused
from workstation.application.ports import HistoryKind, Removed, Turn
from workstation.domain.alarm import Alarm, State
from workstation.domain.kind import Outcome
from workstation.domain.names import AlarmId, CallId, DeviceName, VisitId
from workstation.domain.round import VisitState
from workstation.domain.steps import Resolved, Taken
from workstation.domain.tries import Tried

OTHER = DeviceName("d2")
DAY = timedelta(days=1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
"""Also by the server's own clock."""
BEFORE = LONG_AGO + 10 * DAY
BY = "ingest-1a2b3c4d"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{request.getfixturevalue('path')}"


@pytest.fixture
def sqlite(path: Path, clock: FakeClock) -> Iterator[Database]:
    """A file: PostgreSQL drops its readings by the day."""
    database = Database(f"sqlite:///{path}", clock=clock, machine="desk-1")
    yield database
    database.close()


# --- Readings -------------------------------------------------------------------------------------


def test_old_readings_go_and_their_roll_ups_stay(sqlite: Database) -> None:
    writer = sqlite.reading_writer()
    writer.write([pulse(second, second) for second in range(0, 240, 30)], [])
    writer.write([pulse(0, 5, OTHER), pulse(500, 5, OTHER)], [])
    before = buckets(sqlite.readings, MINUTE)
    removed = run(sqlite.retention.forget_readings(at(150)))
    assert removed == Removed(count=5, earliest=at(0), latest=at(90))
    assert samples(sqlite.readings, 0, 999) == [(at(s), s) for s in (120, 150, 180, 210)]
    assert buckets(sqlite.readings, MINUTE) == before
    assert run(sqlite.retention.forget_readings(at(150))) == Removed()
    writer.close()


def test_more_than_one_transaction_may_hold(sqlite: Database) -> None:
    writer = sqlite.reading_writer()
    writer.write([pulse(second / 10, 1) for second in range(12_000)], [])
    assert run(sqlite.retention.forget_readings(at(1140))).count == 11_400
    assert len(samples(sqlite.readings, 0, 9999)) == 600
    writer.close()


def test_a_value_that_changes_where_readings_were_forgotten(sqlite: Database) -> None:
    """The roll-up keeps what it knows of the forgotten ones."""
    writer = sqlite.reading_writer()
    writer.write([pulse(0, 10), pulse(30, 90)], [])
    run(sqlite.retention.forget_readings(at(60)))
    writer.write([pulse(45, 50)], [])
    writer.write([pulse(45, 20)], [])
    for width in (MINUTE, HOUR):
        assert buckets(sqlite.readings, width) == [bucket(0, [10, 90, 20])]
    writer.close()


def test_a_servers_days_are_dropped_whole(postgres_url: str, clock: FakeClock) -> None:
    database = Database(postgres_url, clock=clock, machine="desk-1")
    writer = database.reading_writer()
    days = [LONG_AGO, LONG_AGO + DAY, LONG_AGO + 5 * DAY]
    writer.write([replace(pulse(0, 7), at=day) for day in days], [])
    writer.close()
    removed = run(database.retention.forget_readings(LONG_AGO + 2 * DAY + HOUR))
    assert removed == Removed(count=2, earliest=LONG_AGO, latest=LONG_AGO + DAY)
    assert run(database.retention.forget_readings(LONG_AGO + 2 * DAY + HOUR)) == Removed()
    database.close()


def test_old_minutes_go_and_hours_stay_and_go_later(database: Database) -> None:
    writer = database.reading_writer()
    writer.write([pulse(second, 1) for second in range(0, 7200, 60)], [])
    assert run(database.retention.forget_minutes(at(3700))).count == 60
    writer.close()
    with_minutes = [one.at for one in buckets(database.readings, HOUR)]
    assert with_minutes == [at(0), at(3600)]
    removed = run(database.retention.forget_hours(at(3700)))
    assert removed == Removed(count=1, earliest=at(0), latest=at(0))


# --- Messages -------------------------------------------------------------------------------------


def test_old_messages_are_forgotten_but_for_retained_ones(
    database: Database, connections: Connections
) -> None:
    writer = database.alarm_writer()
    for number, retained in ((0, False), (1, True), (2, False)):
        alarm = make_alarm(received_at=START + number * DAY)
        writer.file([make_report(alarm, body_hash=str(number), retained=retained)])
    removed = run(database.retention.forget_messages(START + 2 * DAY))
    assert removed == Removed(count=1, earliest=START, latest=START)
    with connections.reading() as connection:
        assert set(connection.scalars(select(MESSAGE.c.body_hash))) == {"1", "2"}
    writer.close()


# --- History --------------------------------------------------------------------------------------


def an_alarm(
    database: Database, name: str, *, received: datetime, closed: datetime | None
) -> Alarm:
    alarm = make_alarm(id=AlarmId(name), device=DeviceName(name), received_at=received)
    writer = database.alarm_writer()
    writer.file([make_report(alarm)])
    writer.close()
    if closed is not None:
        for step in (
            Taken(at=received, by=ANNA),
            Resolved(at=closed, by=ANNA, outcome=Outcome.FALSE_ALARM),
        ):
            now = run(database.alarms.find(alarm.id))
            run(database.alarms.save(now.after(step), step, expected_version=now.version))
    return alarm


def forget(database: Database, kind: HistoryKind, before: datetime = BEFORE) -> Removed:
    return run(database.retention.forget_history(kind, before, at=START, by=BY))


def there(database: Database) -> list[str]:
    return [alarm.id for alarm in run(database.alarms.listed(everything=True, since=None))]


def purges(connections: Connections) -> list[tuple[object, ...]]:
    columns = (PURGE_LOG.c.kind, PURGE_LOG.c.count, PURGE_LOG.c.earliest, PURGE_LOG.c.latest)
    with connections.reading() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by("seq"))]


@pytest.fixture
def alarms(database: Database) -> None:
    an_alarm(database, "old", received=LONG_AGO, closed=LONG_AGO + DAY)
    an_alarm(database, "late", received=LONG_AGO, closed=BEFORE)
    an_alarm(database, "open", received=LONG_AGO, closed=None)
    an_alarm(database, "young", received=START, closed=START + DAY)


@pytest.mark.usefixtures("alarms")
def test_old_closed_alarms_go_with_their_steps_and_open_ones_never(
    database: Database, connections: Connections
) -> None:
    assert forget(database, HistoryKind.ALARMS) == Removed()
    run(database.retention.forget_messages(START))
    removed = forget(database, HistoryKind.ALARMS)
    assert removed == Removed(count=1, earliest=LONG_AGO + DAY, latest=LONG_AGO + DAY)
    assert sorted(there(database)) == ["late", "open", "young"]
    with connections.reading() as connection:
        whose = select(ALARM_STEP.c.alarm_id).distinct()
        assert sorted(connection.scalars(whose)) == ["late", "open", "young"]
    assert purges(connections) == [("alarms", 1, LONG_AGO + DAY, LONG_AGO + DAY)]
    assert forget(database, HistoryKind.ALARMS) == Removed()


@pytest.mark.usefixtures("alarms")
def test_an_alarm_that_a_retained_message_leads_to_stays(database: Database) -> None:
    alarm = make_alarm(id=AlarmId("kept"), device=DeviceName("kept"), received_at=LONG_AGO)
    report = make_report(alarm, retained=True)
    writer = database.alarm_writer()
    writer.file([report])
    step = Resolved(at=LONG_AGO, by=ANNA, outcome=Outcome.TEST)
    taken = run(database.alarms.find(alarm.id)).after(Taken(at=LONG_AGO, by=ANNA))
    run(database.alarms.save(taken, Taken(at=LONG_AGO, by=ANNA), expected_version=0))
    run(database.alarms.save(taken.after(step), step, expected_version=1))
    run(database.retention.forget_messages(START))
    assert forget(database, HistoryKind.ALARMS).count == 1
    assert "kept" in there(database)
    [filed] = writer.file([report])
    assert (filed.known, filed.alarm is not None) == (True, True)
    writer.close()


def test_no_number_of_a_step_is_used_twice(database: Database, connections: Connections) -> None:
    for name in ("one", "two"):
        an_alarm(database, name, received=LONG_AGO, closed=LONG_AGO)
    run(database.retention.forget_messages(START))
    with connections.reading() as connection:
        last = max(connection.scalars(select(ALARM_STEP.c.seq)))
    assert forget(database, HistoryKind.ALARMS).count == 1
    alarm = an_alarm(database, "three", received=START, closed=None)
    assert min(step.seq for step in run(database.alarms.steps(alarm.id))) > last
    assert forget(database, HistoryKind.ALARMS).count == 1


@pytest.mark.usefixtures("alarms")
def test_more_alarms_than_one_portion(database: Database, connections: Connections) -> None:
    names = [DeviceName(f"n{number}") for number in range(520)]
    writer = database.alarm_writer()
    writer.file([make_report(make_alarm(device=name, received_at=LONG_AGO)) for name in names])
    writer.close()
    with connections.writing() as connection:
        closed = {"state": State.RESOLVED, "resolved_at": LONG_AGO}
        connection.execute(update(ALARM).where(ALARM.c.device.in_(names)).values(closed))
    run(database.retention.forget_messages(START))
    # One that was closed properly, and all of these but the one with the last step of all.
    assert forget(database, HistoryKind.ALARMS).count == 520
    assert [row[1] for row in purges(connections)] == [500, 20]


def test_a_call_stays_as_long_as_its_alarm(database: Database, connections: Connections) -> None:
    an_alarm(database, "open", received=LONG_AGO, closed=None)
    for name, alarm, when in (
        ("of-open", "open", LONG_AGO),
        ("of-gone", "gone", LONG_AGO),
        ("of-none", None, LONG_AGO),
        ("young", None, START),
    ):
        call = replace(CALL, id=CallId(name), alarm=alarm, started_at=when)
        run(database.calls.begin(call))
    assert forget(database, HistoryKind.CALLS).count == 2
    assert [call.id for call in run(database.calls.listed())] == ["of-open", "young"]
    assert purges(connections) == [("calls", 2, LONG_AGO, LONG_AGO)]


def test_old_visits_go_with_their_history(
    database: Database, clock: FakeClock, connections: Connections
) -> None:
    old = replace(CHECK, at=LONG_AGO)
    clock.set(LONG_AGO)
    run(database.round.put([old, replace(CHECK, id=VisitId("v2"))]))
    moved = old.moved(VisitState.ACTIVE, at=LONG_AGO, by=ANNA)
    run(database.round.save(moved, expected_version=0))
    assert forget(database, HistoryKind.VISITS).count == 1
    with pytest.raises(NotFound):
        run(database.round.visit(old.id))
    assert run(database.round.visit(VisitId("v2"))).at == CHECK.at
    assert purges(connections) == [("visits", 1, LONG_AGO, LONG_AGO)]


def test_a_visit_that_somebody_dated_back_keeps_its_history(
    database: Database, connections: Connections
) -> None:
    """A login that may move visits has not made what happened to them old."""
    run(database.round.put([replace(CHECK, at=LONG_AGO)]))
    moved = replace(CHECK, at=LONG_AGO).moved(VisitState.ACTIVE, at=LONG_AGO, by=ANNA)
    run(database.round.save(moved, expected_version=0))
    assert forget(database, HistoryKind.VISITS) == Removed()
    with connections.writing() as connection:
        row = {"at": START, "count": 0, "by": BY, "kind": "visits", "before": BEFORE}
        connection.execute(insert(PURGE_LOG), row)
    for table in ("visit_step", "visit"):
        with pytest.raises(RowRefused), connections.writing() as connection:
            connection.execute(text(f"DELETE FROM {table}"))


def test_an_alarm_stays_as_long_as_its_youngest_step(
    database: Database, connections: Connections
) -> None:
    """Somebody wrote a step into an old one, or closed a young one with an old date."""
    an_alarm(database, "added", received=LONG_AGO, closed=LONG_AGO)
    an_alarm(database, "young", received=START, closed=START)
    an_alarm(database, "last", received=START, closed=None)
    step = {"alarm_id": "added", "kind": "noted", "at": START, "by": ANNA, "body": "{}"}
    with connections.writing() as connection:
        connection.execute(insert(ALARM_STEP), step)
        last = {**step, "alarm_id": "last"}
        connection.execute(insert(ALARM_STEP), last)
        back = update(ALARM).where(ALARM.c.id == "young").values(resolved_at=LONG_AGO)
        connection.execute(back)
    run(database.retention.forget_messages(START + DAY))
    assert forget(database, HistoryKind.ALARMS) == Removed()
    with connections.writing() as connection:
        row = {"at": START, "count": 0, "by": BY, "kind": "alarms", "before": BEFORE}
        connection.execute(insert(PURGE_LOG), row)
    for statement in (
        "DELETE FROM alarm_step WHERE alarm_id = 'added' AND kind = 'noted'",
        "DELETE FROM alarm_step WHERE alarm_id = 'young'",
        "DELETE FROM alarm WHERE id = 'young'",
    ):
        with pytest.raises(RowRefused), connections.writing() as connection:
            connection.execute(text(statement))


def test_old_attempts_to_sign_in_go(database: Database, connections: Connections) -> None:
    attempt = {"name": "anna", "source": "desk", "result": Tried.WRONG, "offline": False}
    with connections.writing() as connection:
        connection.execute(
            insert(SIGN_IN_ATTEMPT), [{**attempt, "at": when} for when in (LONG_AGO, START)]
        )
    assert forget(database, HistoryKind.ATTEMPTS).count == 1
    assert purges(connections) == [("attempts", 1, LONG_AGO, LONG_AGO)]


@pytest.mark.parametrize("kind", HistoryKind)
def test_what_is_younger_than_a_month_never_goes(
    kind: HistoryKind, database: Database, connections: Connections
) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - the server asks its own clock
    young = now - 29 * DAY
    an_alarm(database, "young", received=young, closed=young)
    an_alarm(database, "last", received=now, closed=None)
    run(database.retention.forget_messages(now))
    run(database.calls.begin(replace(CALL, alarm=None, started_at=young)))
    run(database.round.put([replace(CHECK, at=young)]))
    attempt = {"name": "anna", "source": "desk", "result": Tried.WRONG, "offline": False}
    with connections.writing() as connection:
        connection.execute(insert(SIGN_IN_ATTEMPT), {**attempt, "at": young})
    with pytest.raises(RowRefused):
        run(database.retention.forget_history(kind, now - 28 * DAY, at=now, by=BY))
    assert purges(connections) == []


@pytest.mark.usefixtures("alarms")
@pytest.mark.parametrize("table", ["alarm", "alarm_step", "call_log", "visit", "visit_step"])
def test_what_was_not_announced_is_not_deleted(
    table: str, database: Database, connections: Connections
) -> None:
    run(database.calls.begin(replace(CALL, started_at=LONG_AGO)))
    run(database.round.put([replace(CHECK, at=LONG_AGO)]))
    moved = replace(CHECK, at=LONG_AGO).moved(VisitState.ACTIVE, at=LONG_AGO, by=ANNA)
    run(database.round.save(moved, expected_version=0))

    def delete() -> None:
        with connections.writing() as connection:
            connection.execute(text(f"DELETE FROM {table}"))

    with pytest.raises(RowRefused):
        delete()
    # Announced for another kind, or for what is older still: as little.
    with connections.writing() as connection:
        row = {"at": START, "count": 0, "by": BY}
        kinds = [kind.value for kind in HistoryKind]
        long_before = LONG_AGO - DAY
        announced = [{**row, "kind": kind, "before": long_before} for kind in kinds]
        connection.execute(insert(PURGE_LOG), announced)
    with pytest.raises(RowRefused):
        delete()


# --- Whose turn it is -----------------------------------------------------------------------------


def turn(holder: str, hours: float, *, due: float = 3.0) -> Turn:
    now = START + timedelta(hours=hours)
    until = now + timedelta(minutes=15)
    return Turn(name="purge", holder=holder, now=now, until=until, due=START + timedelta(hours=due))


def test_only_one_process_has_its_turn_and_only_once_a_night(
    open_database: Callable[..., Database],
) -> None:
    one, other = open_database("one").retention, open_database("other").retention
    assert run(one.take(turn("one", 3)))
    assert not run(other.take(turn("other", 3.1)))
    assert run(one.take(turn("one", 3.2)))
    run(other.finish(turn("other", 3.2)))
    run(one.finish(turn("one", 3.3)))
    assert not run(one.take(turn("one", 3.4)))
    assert not run(other.take(turn("other", 5)))
    assert run(other.take(turn("other", 27, due=27)))


def test_a_process_that_died_keeps_nobody_from_it(open_database: Callable[..., Database]) -> None:
    one, other = open_database("one").retention, open_database("other").retention
    assert run(one.take(turn("one", 3)))
    assert run(other.take(turn("other", 3.3)))
    assert not run(one.take(turn("one", 3.4)))

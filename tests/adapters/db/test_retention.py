"""What has been kept for its time is forgotten, and nothing else."""

from datetime import timedelta

from sqlalchemy import select

from tests.adapters.db.contract_readings import HOUR, MINUTE, bucket, buckets, pulse, samples
from tests.adapters.db.making import at, make_alarm, make_report, run
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database
from workstation.adapters.db.tables import MESSAGE
from workstation.domain.names import DeviceName

OTHER = DeviceName("d2")


def test_old_readings_go_and_their_roll_ups_stay(database: Database) -> None:
    writer = database.reading_writer()
    writer.write([pulse(second, second) for second in range(0, 240, 30)], [])
    writer.write([pulse(0, 5, OTHER), pulse(500, 5, OTHER)], [])
    before = buckets(database.readings, MINUTE)
    assert run(database.retention.forget_readings(at(150))) == 5
    assert samples(database.readings, 0, 999) == [(at(s), s) for s in (120, 150, 180, 210)]
    assert buckets(database.readings, MINUTE) == before
    assert run(database.retention.forget_readings(at(150))) == 0
    writer.close()


def test_more_than_one_transaction_may_hold(database: Database) -> None:
    writer = database.reading_writer()
    writer.write([pulse(second / 10, 1) for second in range(12_000)], [])
    assert run(database.retention.forget_readings(at(1140))) == 11_400
    assert len(samples(database.readings, 0, 9999)) == 600
    writer.close()


def test_a_value_that_changes_where_readings_were_forgotten(database: Database) -> None:
    """The roll-up keeps what it knows of the forgotten ones."""
    writer = database.reading_writer()
    writer.write([pulse(0, 10), pulse(30, 90)], [])
    run(database.retention.forget_readings(at(60)))
    writer.write([pulse(45, 50)], [])
    writer.write([pulse(45, 20)], [])
    for width in (MINUTE, HOUR):
        assert buckets(database.readings, width) == [bucket(0, [10, 90, 20])]
    writer.close()


def test_old_minutes_go_and_hours_stay(database: Database) -> None:
    writer = database.reading_writer()
    writer.write([pulse(second, 1) for second in range(0, 7200, 60)], [])
    run(database.retention.forget_readings(at(7200)))
    assert run(database.retention.forget_minutes(at(3700))) == 60
    assert buckets(database.readings, MINUTE)[0].at == at(3600)
    assert [one.count for one in buckets(database.readings, HOUR)] == [60, 60]
    writer.close()


def test_old_messages_are_forgotten_but_for_retained_ones(
    database: Database, connections: Connections
) -> None:
    writer = database.alarm_writer()
    day = timedelta(days=1).total_seconds()
    for number, retained in ((0, False), (1, True), (2, False)):
        alarm = make_alarm(received_at=at(number * day))
        writer.file([make_report(alarm, body_hash=str(number), retained=retained)])
    assert run(database.retention.forget_messages(at(2 * day))) == 1
    with connections.reading() as connection:
        assert set(connection.scalars(select(MESSAGE.c.body_hash))) == {"1", "2"}
    writer.close()

"""The open database: its ports, its threads and its end."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from tests.adapters.db.contract_readings import pulse, samples
from tests.adapters.db.making import make_report, run
from workstation.adapters.db.database import Database
from workstation.application.errors import StoreUnavailable
from workstation.application.ports import (
    AlarmStore,
    AlarmWriter,
    CallLog,
    ReadingStore,
    ReadingWriter,
    Register,
    RoundStore,
)


def test_it_has_every_store_that_the_use_cases_ask_for(database: Database) -> None:
    alarms: AlarmStore = database.alarms
    register: Register = database.register
    readings: ReadingStore = database.readings
    calls: CallLog = database.calls
    visits: RoundStore = database.round
    alarm_writer: AlarmWriter = database.alarm_writer()
    reading_writer: ReadingWriter = database.reading_writer()
    alarm_writer.close()
    reading_writer.close()
    assert len({alarms, register, readings, calls, visits}) == 5


def test_the_loop_goes_on_while_the_database_works(database: Database) -> None:
    """The job waits for the loop: if the loop waited for the job, neither would end."""
    loop_ran = threading.Event()

    async def both() -> bool:
        job = asyncio.ensure_future(
            database.alarms._worker.read(lambda _connection: loop_ran.wait(10))
        )
        await asyncio.sleep(0)
        loop_ran.set()
        return await job

    assert run(both())


def test_a_month_of_readings_does_not_keep_the_desk_waiting(database: Database) -> None:
    done = threading.Event()

    async def both() -> None:
        slow = asyncio.ensure_future(
            database.readings._worker.read(lambda _connection: done.wait(10))
        )
        await asyncio.sleep(0)
        assert await database.alarms.open_alarms() == []
        done.set()
        assert await slow

    run(both())


def test_closing_finishes_what_was_begun(database: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def job(connection: Connection) -> None:
        begun.set()
        go_on.wait(10)
        connection.execute(text("INSERT INTO level VALUES ('x', 1, 1)"))

    async def close_meanwhile() -> None:
        work = asyncio.ensure_future(database.alarms._worker.write(job))
        await asyncio.to_thread(begun.wait, 10)
        closing = asyncio.ensure_future(asyncio.to_thread(database.close))
        go_on.set()
        await asyncio.gather(work, closing)

    run(close_meanwhile())
    writer = database.alarm_writer()
    assert writer.levels() == {"x"}
    writer.close()


def test_a_closed_database_says_so(database: Database) -> None:
    database.close()
    with pytest.raises(StoreUnavailable) as failure:
        run(database.alarms.open_alarms())
    assert failure.value.reason == "closed"


def test_alarms_and_readings_take_turns(database: Database) -> None:
    """Two writers and the desk on threads of their own: all get through, none is refused."""
    number = 20

    def file() -> None:
        writer = database.alarm_writer()
        for _ in range(number):
            writer.file([make_report()])
        writer.close()

    def write() -> None:
        writer = database.reading_writer()
        for second in range(number):
            writer.write([pulse(second, second)], [])
        writer.close()

    with ThreadPoolExecutor() as threads:
        for done in [threads.submit(act) for act in (file, write, file, write)]:
            done.result()
    [standing] = run(database.alarms.open_alarms())
    assert standing.repeats == 2 * number - 1
    assert len(samples(database.readings, 0, number)) == number


def test_a_database_that_is_given_up_is_asked_nothing_more(database: Database) -> None:
    writer = database.alarm_writer()
    database.give_up()
    for act in (
        lambda: run(database.alarms.open_alarms()),
        lambda: run(database.presence.forget(timedelta(days=1))),
        lambda: writer.file([make_report()]),
    ):
        with pytest.raises(StoreUnavailable) as failure:
            act()
        assert failure.value.reason == "closed"
    writer.close()

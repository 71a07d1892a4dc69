"""What several readers of the same messages make of those without an id: each press once."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime

import pytest

from tests.adapters.db.making import ANNA, at, make_alarm, make_report, run
from workstation.adapters.db.database import Database
from workstation.application.ports import AlarmWriter, Filed, KeptAt, Report
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Outcome
from workstation.domain.names import AlarmId
from workstation.domain.steps import Resolved, Taken

OpenReader = Callable[..., AlarmWriter]


def press(body: str = "x", *, received: int = 1, **how: object) -> Report:
    """The pendant's button as one reader hears it; only `body` tells what was sent."""
    return make_report(make_alarm(received_at=at(received)), body_hash=body, **how)


def from_unit(minute: int, **how: object) -> Report:
    """A unit's message as a receiver has it in a minute; only its id tells it from others."""
    alarm = make_alarm(received_at=at(60 * minute))
    also = tuple(f"scaip/1@{one}" for one in (*range(minute - 10, minute), minute + 1))
    return make_report(alarm, key=f"scaip/1@{minute}", also=also, shared=True, **how)


class ReadersContract:
    """A subclass has the fixture `open_database`."""

    @pytest.fixture
    def database(self, open_database: Callable[..., Database]) -> Database:
        return open_database()

    @pytest.fixture
    def reader(self, open_database: Callable[..., Database]) -> Iterator[OpenReader]:
        """`reader(name)` is another program's writer, which has begun."""
        with ExitStack() as stack:

            def open_one(name: str, *, since: datetime | None = None) -> AlarmWriter:
                writer = open_database(name).alarm_writer()
                stack.callback(writer.close)
                writer.begin(since or at(0))
                return writer

            yield open_one

    def test_what_two_readers_hear_counts_once(
        self, reader: OpenReader, database: Database
    ) -> None:
        one, two = reader("one"), reader("two")
        [first] = one.file([press()])
        [second] = two.file([press()])
        assert (second.known, second.alarm) == (True, first.alarm)
        assert presses(database) == 1

    def test_a_unit_s_message_that_another_receiver_has_is_known_while_its_alarm_is_open(
        self, reader: OpenReader, database: Database
    ) -> None:
        one, two = reader("one"), reader("two")
        [first] = one.file([from_unit(5)])
        [again] = two.file([from_unit(9)])
        assert (again.known, again.alarm) == (True, first.alarm)
        assert presses(database) == 1
        [after_a_start] = reader("one").file([from_unit(5)])
        assert after_a_start.known
        resolve(database, the(first.alarm))
        [another] = two.file([from_unit(9)])
        assert not another.known, "a unit that has begun to count anew may have been pressed"
        [same_minute] = one.file([from_unit(5)])
        assert the(same_minute.alarm).id == the(another.alarm).id
        assert presses(database) == 3

    def test_what_a_journal_kept_of_a_unit_is_known_whatever_became_of_it(
        self, reader: OpenReader, database: Database
    ) -> None:
        one, two = reader("one"), reader("two")
        [first] = two.file([from_unit(5)])
        resolve(database, the(first.alarm))
        kept_at = KeptAt(journal="j", seq=1, oldest=1)
        [replayed] = one.file([from_unit(6, kept_at=kept_at)])
        assert replayed.known
        assert presses(database) == 1

    def test_a_unit_s_state_that_lasts_is_raised_anew_once_its_alarm_is_closed(
        self, reader: OpenReader, database: Database
    ) -> None:
        one = reader("one")
        low = "scaip/0510/4711/low"
        [first] = one.file([from_unit(5, level=low)])
        [known] = one.file([from_unit(6, level=low)])
        assert known.known
        resolve(database, the(first.alarm))
        [again] = one.file([from_unit(5, level=low)])
        assert (again.known, again.folded) == (False, False)

    def test_two_presses_stay_two_whoever_is_first(
        self, reader: OpenReader, database: Database
    ) -> None:
        one, two = reader("one"), reader("two")
        one.file([press()])
        two.file([press(), press()])
        one.file([press()])
        assert presses(database) == 2

    def test_the_same_reader_hears_two_presses(
        self, reader: OpenReader, database: Database
    ) -> None:
        one = reader("one")
        one.file([press(), press()])
        one.file([press()])
        assert presses(database) == 3

    def test_other_bytes_are_another_press(self, reader: OpenReader, database: Database) -> None:
        reader("one").file([press("x")])
        reader("two").file([press("y")])
        assert presses(database) == 2

    def test_what_another_reader_heard_before_my_last_is_not_mine(
        self, reader: OpenReader, database: Database
    ) -> None:
        """It never came to me: what comes to me now is a later press with the same bytes."""
        one, two = reader("one"), reader("two")
        one.file([press("x")])
        two.file([press("y")])
        [later] = two.file([press("x")])
        assert not later.known
        assert presses(database) == 3

    def test_a_new_reader_is_not_asked_about_the_past(
        self, reader: OpenReader, database: Database
    ) -> None:
        [old] = reader("one").file([press()])
        resolve(database, the(old.alarm))
        [new] = reader("two", since=at(2)).file([press()])
        assert not new.known
        assert the(new.alarm).is_open

    def test_a_reader_that_never_began_doubles_rather_than_drops(
        self, open_database: Callable[..., Database], reader: OpenReader, database: Database
    ) -> None:
        reader("one").file([press()])
        writer = open_database("two").alarm_writer()
        [filed] = writer.file([press()])
        writer.close()
        assert not filed.known
        assert presses(database) == 2

    def test_beginning_never_goes_back(self, reader: OpenReader, database: Database) -> None:
        one, two = reader("one"), reader("two")
        one.file([press()])
        two.begin(at(2))
        two.begin(at(0))
        [later] = two.file([press()])
        assert not later.known

    def test_a_reader_that_was_away_hears_what_was_resolved_long_ago(
        self, reader: OpenReader, database: Database
    ) -> None:
        one, two = reader("one"), reader("two")
        for _ in range(3):
            [filed] = one.file([press()])
            resolve(database, the(filed.alarm))
        assert [one.known for one in two.file([press(), press(), press()])] == [True] * 3
        assert run(database.alarms.open_alarms()) == []
        assert presses(database) == 3

    def test_a_redelivery_is_known_by_its_number(
        self, reader: OpenReader, database: Database
    ) -> None:
        """It was stored, and the acknowledgement did not reach the broker."""
        one, two = reader("one"), reader("two")
        one.file([press(packet=7)])
        [found] = two.file([press(packet=3)])
        for writer, packet in ((one, 7), (two, 3)):
            [again] = writer.file([press(packet=packet, duplicate=True)])
            assert (again.known, again.alarm) == (True, found.alarm)
        assert presses(database) == 1

    def test_a_redelivery_of_another_number_is_a_press_that_was_not_stored(
        self, reader: OpenReader, database: Database
    ) -> None:
        one = reader("one")
        one.file([press(packet=7)])
        [again] = one.file([press(packet=8, duplicate=True)])
        assert (again.known, again.folded) == (False, True)
        assert presses(database) == 2

    def test_a_redelivery_may_be_what_another_reader_stored_meanwhile(
        self, reader: OpenReader, database: Database
    ) -> None:
        one, two = reader("one"), reader("two")
        one.file([press(packet=7)])
        [found] = two.file([press(packet=1, duplicate=True)])
        assert found.known
        assert presses(database) == 1

    def test_a_redelivery_is_known_when_its_alarm_was_closed_just_now(
        self, reader: OpenReader, database: Database
    ) -> None:
        one = reader("one")
        [first] = one.file([press(packet=7)])
        resolve(database, the(first.alarm))
        [again] = one.file([press(packet=7, duplicate=True)])
        assert again.known
        assert presses(database) == 1

    def test_a_redelivery_long_after_its_alarm_was_closed_is_raised(
        self, reader: OpenReader, database: Database
    ) -> None:
        """Brokers begin their numbers anew, and it may be a later press."""
        one = reader("one")
        [first] = one.file([press(packet=7)])
        resolve(database, the(first.alarm))
        [again] = one.file([press(packet=7, duplicate=True, received=3600)])
        assert not again.known
        assert the(again.alarm).is_open

    def test_the_numbers_of_an_earlier_session_mean_nothing(
        self, reader: OpenReader, database: Database
    ) -> None:
        one = reader("one")
        one.file([press(packet=7)])
        one.begin(at(-1))
        [again] = one.file([press(packet=7, duplicate=True)])
        assert not again.known
        assert presses(database) == 2

    def test_a_redelivery_that_waited_in_a_journal_is_known_by_its_number(
        self, reader: OpenReader, database: Database
    ) -> None:
        one = reader("one")
        one.file([press(packet=7)])
        kept = KeptAt(journal="j", seq=1, oldest=1)
        [again] = one.file([press(packet=7, duplicate=True, kept_at=kept)])
        assert again.known
        assert presses(database) == 1

    def test_what_came_to_one_reader_only_is_no_others(
        self, reader: OpenReader, database: Database
    ) -> None:
        reader("one").file([press(shared=True)])
        reader("two").file([press(shared=True), press()])
        assert presses(database) == 3

    def test_an_old_press_that_the_broker_kept_is_no_new_one(
        self, reader: OpenReader, database: Database
    ) -> None:
        """To one reader it is of an unknown past and technical, to the other it is a call for help."""
        reader("one").file([press(retained=True)])
        [live] = reader("two").file([press()])
        assert not live.known

    def test_several_reports_of_one_message(self, reader: OpenReader, database: Database) -> None:
        def told() -> list[Report]:
            return [press("x", packet=1), press("x/flawed", packet=1)]

        reader("one").file(told())
        two = reader("two")
        assert [one.known for one in two.file(told())] == [True, True]
        again = [press("x", packet=1, duplicate=True), press("x/flawed", packet=1, duplicate=True)]
        assert [one.known for one in two.file(again)] == [True, True]
        assert presses(database) == 2

    def test_a_batch_that_is_refused_moves_nobody(
        self, reader: OpenReader, database: Database
    ) -> None:
        one, two = reader("one"), reader("two")
        one.file([press()])
        poison = make_report(make_alarm(code="half \ud83d"))
        with pytest.raises(Exception, match="unstorable"):
            two.file([press(packet=1), poison])
        [filed] = two.file([press(packet=1)])
        assert filed.known

    def test_a_long_backlog(self, reader: OpenReader, database: Database) -> None:
        one, two = reader("one"), reader("two")
        bodies = [f"b{number % 7}" for number in range(1000)]
        one.file([press(body) for body in bodies])
        known = [filed.known for n in range(0, 1000, 90) for filed in file(two, bodies[n : n + 90])]
        assert known == [True] * 1000
        assert presses(database) == 1000


def file(writer: AlarmWriter, bodies: list[str]) -> list[Filed]:
    return writer.file([press(body) for body in bodies])


def presses(database: Database) -> int:
    """How many messages are stored."""
    alarms = run(database.alarms.listed(everything=True, since=None))
    return sum(alarm.repeats + 1 for alarm in alarms)


def the(alarm: Alarm | None) -> Alarm:
    assert alarm is not None
    return alarm


def resolve(database: Database, alarm: Alarm) -> AlarmId:
    for step in (
        Taken(at=at(2), by=ANNA),
        Resolved(at=at(3), by=ANNA, outcome=Outcome.FALSE_ALARM),
    ):
        after = alarm.after(step)
        run(database.alarms.save(after, step, expected_version=alarm.version))
        alarm = after
    return alarm.id

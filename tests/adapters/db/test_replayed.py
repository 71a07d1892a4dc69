"""Reports from a journal are filed once, whatever became of the first try; on all three stores."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.adapters.db.contract_alarms import history, resolve, the
from tests.adapters.db.making import ANNA, at, make_alarm, make_level, make_report, run
from tests.fakes_store import FakeAlarmStore, FakeAlarmWriter
from workstation.adapters.db.alarm_store import SqlAlarmStore
from workstation.adapters.db.alarm_writer import SqlAlarmWriter
from workstation.adapters.db.database import Database
from workstation.application.errors import Changed
from workstation.application.ports import AlarmStore, AlarmWriter, KeptAt, Report
from workstation.domain.alarm import Alarm
from workstation.domain.names import DeviceName
from workstation.domain.steps import Noted, Raised, Repeated, Taken


def kept(seq: int, journal: str = "j", oldest: int = 1, **fields: object) -> Report:
    """Return a press without an id, as the journal gives it back."""
    alarm = make_alarm(received_at=at(seq), device=DeviceName(str(fields.pop("device", "d"))))
    report = make_report(alarm, key=fields.pop("key", None), body_hash=f"{journal}{seq}", **fields)
    return replace(report, kept_at=KeptAt(journal=journal, seq=seq, oldest=oldest))


class ReplayContract:
    """The same on the stand-ins, on SQLite and on PostgreSQL."""

    def alarms(self, store: AlarmStore) -> list[Alarm]:
        return run(store.listed(everything=True, since=None))

    def test_a_batch_that_was_filed_and_is_filed_again_changes_nothing(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        batch = [kept(1), kept(2), kept(3, device="other")]
        first = [filed.alarm for filed in writer.file(batch)]
        before = self.alarms(store)
        again = writer.file(batch)
        assert self.alarms(store) == before
        assert [filed.known for filed in again] == [True, True, True]
        assert [the(filed.alarm).id for filed in again] == [the(alarm).id for alarm in first]
        assert [type(step) for step in history(store, the(first[0]).id)] == [Raised, Repeated]

    def test_only_what_is_new_of_it_is_filed(self, writer: AlarmWriter, store: AlarmStore) -> None:
        writer.file([kept(1), kept(2)])
        known = [filed.known for filed in writer.file([kept(1), kept(2), kept(3)])]
        assert known == [True, True, False]
        (alarm,) = self.alarms(store)
        assert alarm.repeats == 2

    def test_what_others_have_stored_meanwhile_is_known(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        writer.file([replace(kept(1, key="k"), kept_at=None)])
        known, new = kept(1, key="k"), kept(2, device="other", key="l")
        filed = writer.file([known, new])
        assert {one.report.key: one.known for one in filed} == {"k": True, "l": False}
        assert len(self.alarms(store)) == 2

    def test_what_had_to_wait_is_filed_behind_what_came_later(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        writer.file([kept(1), kept(3, device="other")])
        [filed] = writer.file([kept(2)])
        assert not filed.known
        assert [one.known for one in writer.file([kept(1), kept(2), kept(3)])] == [True] * 3

    def test_what_the_journal_has_forgotten_is_forgotten_here(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        writer.file([kept(1), kept(2)])
        writer.file([kept(3, oldest=3)])
        [unknown] = writer.file([kept(1, oldest=1)])
        assert not unknown.known
        [known] = writer.file([kept(3, oldest=3)])
        assert known.known

    def test_each_journal_has_numbers_of_its_own(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        writer.file([kept(5)])
        writer.file([kept(1, "another")])
        (alarm,) = self.alarms(store)
        assert alarm.repeats == 1

    def test_a_commit_that_got_through_unheard_before_it_was_kept_is_known(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        press = kept(1)
        [filed] = writer.file([replace(press, kept_at=None)])
        resolve(store, the(filed.alarm))
        [again] = writer.file([press])
        assert again.known
        assert not the(again.alarm).is_open
        assert len(self.alarms(store)) == 1

    def test_of_a_message_with_a_key_its_alarm_is_found_also_when_it_is_closed(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        [first] = writer.file([make_report(make_alarm(device=DeviceName("d")), key="k")])
        press = replace(kept(1, key="k"), body_hash=first.report.body_hash)
        [known] = writer.file([press])
        resolve(store, the(first.alarm))
        [again] = writer.file([press])
        assert the(again.alarm).id == the(known.alarm).id == the(first.alarm).id

    def test_a_level_that_waited_does_not_end_or_begin_what_was_told_later(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        def level(active: bool, second: float, seq: int | None = None) -> Report:
            report = make_level(active, received_at=at(second))
            place = None if seq is None else KeptAt(journal="j", seq=seq)
            return replace(report, kept_at=place)

        writer.file([level(True, 1), level(False, 2), level(True, 3)])
        before = self.alarms(store)
        writer.file([level(True, 1, 1), level(False, 2, 2)])
        assert self.alarms(store) == before
        assert len(writer.levels()) == 1
        writer.file([level(False, 9)])
        writer.file([level(True, 3, 3)])
        assert writer.levels() == frozenset()
        assert [alarm.is_open for alarm in self.alarms(store)] == [True]
        resolve(store, the(self.alarms(store)[0]))
        writer.file([level(True, 4, 4)])
        assert writer.levels() == frozenset()
        assert len(self.alarms(store)) == 2, "in doubt an alarm too many"

    def test_several_steps_are_one_change(self, writer: AlarmWriter, store: AlarmStore) -> None:
        [filed] = writer.file([kept(1)])
        alarm = the(filed.alarm)
        steps = [Taken(at=at(5), by=ANNA), Noted(at=at(6), by=ANNA, text="hej")]
        after = alarm.after(steps[0]).after(steps[1])
        run(store.save_all(after, steps, expected_version=alarm.version))
        assert run(store.find(alarm.id)) == after
        assert history(store, alarm.id)[1:] == steps
        with pytest.raises(Changed):
            run(store.save_all(after, steps, expected_version=alarm.version))
        assert history(store, alarm.id)[1:] == steps


class TestFakes(ReplayContract):
    @pytest.fixture
    def store(self) -> FakeAlarmStore:
        return FakeAlarmStore()

    @pytest.fixture
    def writer(self, store: FakeAlarmStore) -> FakeAlarmWriter:
        return FakeAlarmWriter(store)


class TestSqlite(ReplayContract):
    @pytest.fixture
    def store(self, database: Database) -> SqlAlarmStore:
        return database.alarms

    @pytest.fixture
    def writer(self, database: Database) -> Iterator[SqlAlarmWriter]:
        writer = database.alarm_writer()
        yield writer
        writer.close()


class TestPostgres(TestSqlite):
    @pytest.fixture
    def url(self, postgres_url: str) -> str:
        return postgres_url

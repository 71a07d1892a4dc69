"""The receiver on the durable path itself: in the database, in the journal, or not OK."""

from collections.abc import Iterator
from pathlib import Path as File

import pytest

from tests.application.scaip_hub import Hub
from tests.application.test_ingest_journal import Kept
from tests.waiting import at_once, until
from workstation.domain.scaip import Answer


class Stored(Hub):
    """A hub whose alarms go through an Ingest with a journal."""

    def __init__(self, file: File) -> None:
        self.path = Kept(file)
        super().__init__(submit=self.path.ingest.submit)

    def answers(self) -> list[Answer]:
        return [one.answer for one in self.replies()]


@pytest.fixture
def hub(tmp_path: File) -> Iterator[Stored]:
    one = Stored(tmp_path / "journal.sqlite")
    one.path.ingest.start()
    yield one
    one.path.ingest.stop()
    one.path.journal.close()


def test_what_the_database_has_is_ok(hub):
    hub.say()
    until(lambda: hub.answers() == [Answer.OK])
    assert [one.alarm.code for one in hub.path.writer.filed] == ["scaip_0003_0010"]
    assert hub.path.codes() == []


def test_what_the_journal_has_is_ok(hub):
    hub.path.away.set()
    hub.say()
    until(lambda: hub.answers() == [Answer.OK])
    assert hub.path.codes() == ["scaip_0003_0010"]


def test_what_nothing_has_is_not_ok_until_something_has(hub):
    hub.path.away.set()
    hub.path.journal.full.set()
    hub.say()
    hub.clock.advance(6)
    at_once(hub.receiver.look())
    assert hub.answers() == [Answer.NOT_TREATED]
    hub.path.journal.full.clear()
    until(lambda: hub.path.codes() == ["scaip_0003_0010"])
    hub.say()
    until(lambda: hub.answers() == [Answer.NOT_TREATED, Answer.OK])
    assert hub.path.codes() == ["scaip_0003_0010"]

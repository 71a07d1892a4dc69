"""What any RecordingRows does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.adapters.db.making import KOMMUNE, at, run
from workstation.application.errors import NotFound
from workstation.application.recording_ports import RecordingRows
from workstation.domain.names import AlarmId, CallId, CitizenId
from workstation.domain.recording import Recording, RecordingId

BEGUN = Recording(
    id=RecordingId("r1"),
    call=CallId("k1"),
    kommune=KOMMUNE,
    started_at=at(5),
    key="0123456789abcdef",
    citizen=CitizenId("c1"),
    alarm=AlarmId("a1"),
)
ENDED = replace(
    BEGUN,
    ended_at=at(95),
    length=timedelta(seconds=88.5),
    size=2_900_000,
    sha256="ab" * 32,
    reason="disk_full",
)


class RecordingsContract:
    """A subclass has the fixture `recordings`."""

    def test_it_is_there_from_its_beginning_and_completed(self, recordings: RecordingRows) -> None:
        run(recordings.keep(BEGUN))
        assert run(recordings.of_call(BEGUN.call)) == [BEGUN]
        run(recordings.keep(ENDED))
        assert run(recordings.find(BEGUN.id)) == ENDED

    def test_one_that_has_ended_stands(self, recordings: RecordingRows) -> None:
        run(recordings.keep(ENDED))
        run(recordings.keep(replace(ENDED, sha256="cd" * 32)))
        run(recordings.keep(BEGUN))
        assert run(recordings.find(BEGUN.id)) == ENDED

    def test_they_are_listed_by_time(self, recordings: RecordingRows) -> None:
        later = replace(BEGUN, id=RecordingId("r0"), started_at=at(60), citizen=None, alarm=None)
        for one in (later, BEGUN):
            run(recordings.keep(one))
        assert run(recordings.listed()) == [BEGUN, later]
        assert run(recordings.listed(since=at(6))) == [later]
        assert run(recordings.of_call(CallId("another"))) == []

    def test_who_asks_for_none_is_told(self, recordings: RecordingRows) -> None:
        with pytest.raises(NotFound):
            run(recordings.find(RecordingId("none")))

    def test_what_is_over_is_found_until_its_file_is_removed(
        self, recordings: RecordingRows
    ) -> None:
        young = replace(BEGUN, id=RecordingId("r2"), started_at=at(60))
        for one in (BEGUN, young):
            run(recordings.keep(one))
        assert run(recordings.over(at(60), most=9)) == [BEGUN]
        assert run(recordings.over(at(99), most=1)) == [BEGUN]
        run(recordings.removed(BEGUN.id, at(70)))
        assert run(recordings.over(at(60), most=9)) == []
        assert run(recordings.find(BEGUN.id)) == replace(BEGUN, deleted_at=at(70))

"""What any CallLog does."""

from dataclasses import replace

import pytest

from tests.adapters.db.making import ANNA, at, run
from workstation.application.errors import RowRefused
from workstation.application.ports import CallLog
from workstation.domain.call import (
    CallRecord,
    CallResult,
    Quality,
    Transferred,
    TransferState,
)
from workstation.domain.names import AlarmId, CallId, CitizenId

CALL = CallRecord(
    id=CallId("k1"),
    operator=ANNA,
    target="+4500000001",
    started_at=at(0),
    alarm=AlarmId("a1"),
    citizen=CitizenId("c1"),
    whom="citizen",
)
ANSWERED = replace(CALL, answered_at=at(4), sip_code=200, sip_reason="OK")
ENDED = replace(
    ANSWERED,
    ended_at=at(90),
    result=CallResult.ANSWERED,
    quality=Quality(mos=4.1, loss_percent=0.5, jitter_ms=3.0, round_trip_ms=21.5),
    transfers=(
        Transferred(target="+4500000009", at=at(80), state=TransferState.DONE, sip_code=200),
    ),
)


class CallsContract:
    """A subclass has the fixture `calls`."""

    def test_a_call_is_written_when_it_starts(self, calls: CallLog) -> None:
        run(calls.begin(CALL))
        assert run(calls.listed()) == [CALL]
        assert run(calls.unfinished()) == [CALL]

    def test_and_completed_when_it_is_answered_and_when_it_ends(self, calls: CallLog) -> None:
        run(calls.begin(CALL))
        run(calls.complete(ANSWERED))
        assert run(calls.unfinished()) == [ANSWERED]
        run(calls.complete(ENDED))
        assert run(calls.listed()) == [ENDED]
        assert run(calls.unfinished()) == []

    def test_a_call_whose_start_could_not_be_written(self, calls: CallLog) -> None:
        run(calls.complete(ENDED))
        assert run(calls.listed()) == [ENDED]

    def test_an_ended_call_stands(self, calls: CallLog) -> None:
        run(calls.begin(CALL))
        run(calls.complete(ENDED))
        run(calls.complete(replace(ENDED, ended_at=at(99), result=CallResult.LINE_LOST)))
        assert run(calls.listed()) == [ENDED]

    def test_completing_does_not_say_anew_who_called_whom(self, calls: CallLog) -> None:
        run(calls.begin(CALL))
        run(calls.complete(replace(ENDED, target="+4500000009", whom="")))
        assert run(calls.listed()) == [ENDED]

    def test_the_same_call_is_not_begun_twice(self, calls: CallLog) -> None:
        run(calls.begin(CALL))
        with pytest.raises(RowRefused):
            run(calls.begin(CALL))

    def test_the_list_is_oldest_first(self, calls: CallLog) -> None:
        later = replace(CALL, id=CallId("k0"), started_at=at(10), alarm=None)
        for call in (later, CALL):
            run(calls.begin(call))
        assert run(calls.listed()) == [CALL, later]
        assert run(calls.listed(since=at(10))) == [later]
        assert run(calls.listed(alarm=AlarmId("a1"))) == [CALL]
        assert run(calls.listed(since=at(10), alarm=AlarmId("a1"))) == []

    def test_a_call_that_came_in(self, calls: CallLog) -> None:
        incoming = replace(
            CALL, id=CallId("in"), incoming=True, name="Karen", called="hub", alarm=None
        )
        run(calls.begin(incoming))
        assert run(calls.listed()) == [incoming]

"""What any PresenceStore does."""

from dataclasses import replace
from datetime import timedelta

from tests.adapters.db.making import ANNA, START, at, run
from workstation.application.others import PresenceStore
from workstation.domain.names import AlarmId, Kommune, Operator
from workstation.domain.presence import DeskKind, DeskName, Presence
from workstation.domain.rights import Role

FULL = Presence(
    desk=DeskName("desk-1a2b3c4d-left"),
    kind=DeskKind.DESK,
    machine="VAGT-17",
    started_at=at(-60),
    seen_at=START,
    operator=ANNA,
    name="Anna Øst",
    role=Role.SUPERVISOR,
    kommuner=frozenset({Kommune("0510"), Kommune("0860")}),
    signed_in_since=at(-30),
    sound=True,
    alarms=True,
    database=True,
    version="0.1.0",
    clock_offset=timedelta(seconds=-2, microseconds=7),
    calling=AlarmId("a1"),
)
BARE = Presence(
    desk=DeskName("ingest-9"), kind=DeskKind.INGEST, machine="", started_at=START, seen_at=START
)


class PresenceContract:
    """A subclass has the fixture `presence`."""

    def test_what_is_told_is_there_with_the_databases_time(self, presence: PresenceStore) -> None:
        roll = run(presence.call(FULL))
        assert roll.presences == (replace(FULL, seen_at=roll.trip.told),)
        assert roll.trip.asked <= roll.trip.answered
        assert roll.trip.told.utcoffset() == timedelta(0)

    def test_the_next_heartbeat_replaces_the_last(self, presence: PresenceStore) -> None:
        before = run(presence.call(FULL))
        after = run(presence.call(replace(FULL, sound=False, calling=None)))
        (row,) = after.presences
        assert (row.sound, row.calling) == (False, None)
        assert row.seen_at == after.trip.told >= before.trip.told

    def test_who_sat_there_before_is_remembered(self, presence: PresenceStore) -> None:
        first = run(presence.call(FULL))
        bo = replace(FULL, operator=Operator("bo"), name="Bo")
        second = run(presence.call(bo))
        assert {(row.operator, row.seen_at) for row in second.presences} == {
            (ANNA, first.trip.told),
            (Operator("bo"), second.trip.told),
        }

    def test_everybody_is_told_of(self, presence: PresenceStore) -> None:
        run(presence.call(FULL))
        roll = run(presence.call(BARE))
        assert [row.desk for row in roll.presences] == [FULL.desk, BARE.desk]
        assert roll.presences[1] == replace(BARE, seen_at=roll.trip.told)

    def test_the_end_has_the_databases_time_and_a_new_beginning_takes_it_back(
        self, presence: PresenceStore
    ) -> None:
        ended = run(presence.call(replace(FULL, ended_at=at(-1000))))
        assert ended.presences[0].ended_at == ended.trip.told
        assert run(presence.call(FULL)).presences[0].ended_at is None

    def test_only_what_is_older_is_forgotten(self, presence: PresenceStore) -> None:
        run(presence.call(FULL))
        assert run(presence.forget(timedelta(days=7))) == 0
        assert run(presence.forget(timedelta(days=-1))) == 1
        assert [row.desk for row in run(presence.call(BARE)).presences] == [BARE.desk]

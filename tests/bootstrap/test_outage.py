"""Desks of one PostgreSQL that goes away and comes back: alarms kept, steps provisional, nobody doubled."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.bootstrap.desks import CLOCK, Bus, HubDesk, everything, hub, press, stored
from tests.peers.postgres import Postgres
from workstation.adapters.db.database import migrate
from workstation.application.errors import AlreadyTaken
from workstation.domain.alarm import State
from workstation.domain.kind import Outcome
from workstation.domain.names import Operator
from workstation.domain.steps import Called, Noted, Resolved, Taken

pytestmark = pytest.mark.peer


@pytest.fixture
def server(postgres: Callable[..., Postgres]) -> Postgres:
    return postgres()


@pytest.fixture
def url(server: Postgres) -> str:
    address = server.url(server.create())
    migrate(address)
    return address


def run(act: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(act())


async def steps(desk: HubDesk, alarm: Any) -> list[Any]:
    return [one.step for one in await desk.database.alarms.steps(alarm)]


def test_alarms_are_kept_acknowledged_and_stored_when_the_database_is_back(
    server: Postgres, url: str, tmp_path: Path
) -> None:
    async def act() -> None:
        async with hub(url, tmp_path, "anna") as (anna,):
            press(anna, device="before")
            await anna.until(lambda: anna.alarms.published)
            server.stop()
            press(anna, device="during", id_="7")
            await anna.until(lambda: ("during", "7") in anna.alarms.acknowledged)
            await anna.until(lambda: anna.one("during").kept)
            assert not anna.one("during").saved
            assert anna.journal.pending() == 1
            await anna.until(lambda: anna.outage.waiting == 1)
            await anna.until(lambda: anna.station.citizens.cache_age() is not None)
            await anna.until(lambda: len(anna.alarms.published) == 2)
            server.start()
            await anna.back()
            await anna.until(lambda: anna.one("during").saved)
            await anna.until(lambda: anna.outage.waiting == 0)
            await anna.until(lambda: anna.station.citizens.cache_age() is None)
            assert [alarm.device for alarm in await everything(anna)] == ["before", "during"]

    run(act)


def test_a_transmitter_that_repeats_meanwhile_is_kept_and_counted_once(
    server: Postgres, url: str, tmp_path: Path
) -> None:
    async def act() -> None:
        async with hub(url, tmp_path, "anna") as (anna,):
            server.stop()
            at = CLOCK.now()
            for _ in range(5):
                press(anna, id_="7", at=at)
                await anna.until(lambda: anna.alarms.acknowledged)
            await anna.until(lambda: len(anna.alarms.acknowledged) == 5)
            assert anna.journal.pending() == 1
            assert anna.one().repeated_at is None
            server.start()
            await anna.back()
            (alarm,) = await everything(anna)
            assert alarm.repeats == 0

    run(act)


def test_a_desk_that_is_started_meanwhile_shows_what_it_kept_and_hears_what_comes(
    server: Postgres, url: str, tmp_path: Path
) -> None:
    async def before() -> None:
        async with hub(url, tmp_path, "anna") as (anna,):
            server.stop()
            press(anna, device="kept")
            await anna.until(lambda: anna.of("kept") and anna.one("kept").kept)
            await anna.desk.take(anna.one("kept").id)

    async def during() -> None:
        async with hub(url, tmp_path, "anna", patience_s=0.3) as (anna,):
            await anna.until(lambda: anna.of("kept"))
            kept = anna.one("kept")
            assert (kept.taken_by, kept.kept, kept.saved) == (anna.me, True, False)
            press(anna, device="new")
            await anna.until(lambda: anna.of("new") and anna.one("new").kept)
            await anna.desk.resolve(kept.id, Outcome.FALSE_ALARM)
            assert anna.of("kept") == []
            server.start()
            await anna.back()
            found = {str(alarm.device): alarm for alarm in await everything(anna)}
            assert found["kept"].outcome is Outcome.FALSE_ALARM
            assert found["new"].state is State.RAISED
            assert anna.conflicts() == []

    run(before)
    run(during)


def test_steps_go_ahead_are_shown_to_all_and_stored_as_they_were(
    server: Postgres, url: str, tmp_path: Path
) -> None:
    async def act() -> None:
        async with hub(url, tmp_path, "anna", "bo") as (anna, bo):
            press(anna, bo, device="stored")
            await bo.until(lambda: anna.of("stored") and bo.of("stored"))
            await bo.until(lambda: anna.one("stored").saved and bo.one("stored").saved)
            await bo.until(lambda: anna.one("stored").id == bo.one("stored").id)
            server.stop()
            press(anna, bo, device="kept")
            await bo.until(lambda: bo.of("kept") and bo.one("kept").kept)
            await anna.until(lambda: anna.of("kept") and anna.one("kept").kept)
            taken: dict[str, Any] = {}
            for device in ("stored", "kept"):
                taken[device] = await anna.desk.take(anna.one(device).id)
                assert taken[device].provisional is not None
                seen = await bo.sees(device, taken_by=anna.me)
                assert seen.provisional is not None
                assert seen.taken_at == taken[device].taken_at
                with pytest.raises(AlreadyTaken) as refused:
                    await bo.desk.take(seen.id)
                assert (refused.value.by, refused.value.provisional) == (anna.me, True)
            assert await bo.desk.take_next() is None
            for device in ("stored", "kept"):
                await anna.desk.note(anna.one(device).id, "Karen svarer ikke")
                await anna.desk.resolve(anna.one(device).id, Outcome.SOLVED_BY_PHONE)
                await bo.sees_no(device)
            server.start()
            await anna.back()
            await bo.back()
            found = await everything(anna)
            assert [alarm.device for alarm in found] == ["stored", "kept"]
            for alarm in found:
                assert (alarm.outcome, alarm.resolved_by) == (Outcome.SOLVED_BY_PHONE, anna.me)
                assert alarm.taken_at == taken[alarm.device].taken_at
                done = [type(step) for step in await steps(anna, alarm.id)]
                assert done.count(Taken) == done.count(Resolved) == done.count(Noted) == 1
            assert (anna.conflicts(), bo.conflicts()) == ([], [])
            assert (anna.board.alarms(), bo.board.alarms()) == ([], [])

    run(act)


def test_two_who_take_at_the_same_moment_agree_by_themselves_and_a_person_is_told(
    server: Postgres, url: str, tmp_path: Path
) -> None:
    async def act() -> None:
        bus = Bus()
        async with hub(url, tmp_path, "anna", "bo", bus=bus) as (anna, bo):
            server.stop()
            press(anna, bo)
            for desk in (anna, bo):
                await desk.sees(kept=True)
            bus.cut = {"anna", "bo"}
            first = await anna.desk.take(anna.one().id)
            await bo.desk.take(bo.one().id)
            await bo.desk.note(bo.one().id, "Jeg ringer")
            bus.cut = set()
            for claim in [*bus.claims]:
                bus.spread(*claim)
            for desk in (anna, bo):
                desk.outage.claims.listen(hears=False)
                desk.outage.claims.listen(hears=True)
            await bo.until(lambda: bo.one().taken_by == anna.me)
            assert anna.one().taken_by == anna.me
            assert bo.lost
            await bo.until(bo.conflicts)
            server.start()
            await anna.back()
            await bo.back()
            pressed, conflict = sorted(await everything(anna), key=lambda one: one.kind)
            assert (pressed.taken_by, pressed.taken_at) == (anna.me, first.taken_at)
            assert conflict.code == "claim_conflict"
            assert "Anna" in conflict.text
            assert "Bo" in conflict.text
            noted = [one for one in await steps(bo, pressed.id) if isinstance(one, Noted)]
            assert [(one.by, one.text) for one in noted] == [(bo.me, "Jeg ringer")]

    run(act)


def test_what_the_database_decided_meanwhile_is_never_overwritten(
    server: Postgres, url: str, tmp_path: Path
) -> None:
    """Anna cannot reach the database and hears nobody; Bo can, and takes and closes her alarm."""

    async def act() -> None:
        async with hub(url, tmp_path, "anna") as (anna,):
            press(anna)
            await anna.until(lambda: anna.of() and anna.one().saved)
            await anna.until(lambda: anna.alarms.published)
            server.stop()
            await anna.desk.take(anna.one().id)
            await anna.desk.note(anna.one().id, "Ringet, ingen svarer")
            await anna.desk.resolve(anna.one().id, Outcome.FALSE_ALARM)
        server.start()
        async with hub(url, tmp_path / "bo", "bo") as (bo,):
            taken = await bo.desk.take(bo.one().id)
        async with hub(url, tmp_path, "anna") as (anna,):
            await anna.back()
            await anna.until(anna.conflicts)
            found = await stored(anna, taken.id)
            assert (found.taken_by, found.state) == (Operator("Bo"), State.TAKEN)
            texts = [s.text for s in await steps(anna, taken.id) if isinstance(s, Noted)]
            assert texts == ["Ringet, ingen svarer"]
            (conflict,) = anna.conflicts()
            assert conflict.text.split()[0] == "Anna"
            assert conflict.text.split()[3] == "Bo"

    run(act)


def test_who_calls_again_after_a_provisional_outcome_is_an_alarm_of_its_own(
    server: Postgres, url: str, tmp_path: Path
) -> None:
    async def act() -> None:
        async with hub(url, tmp_path, "anna", "bo") as (anna, bo):
            server.stop()
            press(anna, bo, id_="1")
            for desk in (anna, bo):
                await desk.sees(kept=True)
            await anna.desk.take(anna.one().id)
            await anna.desk.resolve(anna.one().id, Outcome.SOLVED_BY_PHONE)
            await bo.until(lambda: bo.of() == [])
            press(anna, bo, id_="2")
            await bo.until(lambda: bo.of() and anna.of())
            assert bo.one().is_untaken
            assert anna.one().is_untaken
            await bo.until(lambda: bo.one().kept and anna.one().kept)
            await bo.desk.take(bo.one().id)
            server.start()
            await bo.back()
            await anna.back()
            first, second = await everything(anna)
            assert (first.outcome, first.repeats) == (Outcome.SOLVED_BY_PHONE, 0)
            assert (second.taken_by, second.state) == (bo.me, State.TAKEN)
            assert anna.conflicts() == bo.conflicts() == []

    run(act)


def test_a_desk_that_alone_cannot_reach_the_database_is_told_what_others_have(
    server: Postgres, url: str, tmp_path: Path
) -> None:
    async def act() -> None:
        async with hub(url, tmp_path, "anna", "bo") as (anna, bo):
            press(anna, bo)
            for desk in (anna, bo):
                await desk.sees(saved=True)
            await anna.until(lambda: anna.one().id == bo.one().id)
            anna.outage._down.add("presence")
            await bo.desk.take(bo.one().id)
            await anna.until(lambda: anna.one().taken_by == bo.me)

    run(act)


def test_looks_and_calls_are_written_down_when_the_database_is_back(
    server: Postgres, url: str, tmp_path: Path
) -> None:
    async def act() -> None:
        async with hub(url, tmp_path, "anna") as (anna,):
            press(anna)
            await anna.until(lambda: anna.of() and anna.one().saved)
            server.stop()
            alarm = anna.one()
            await anna.desk.called(alarm.id, "k1", "citizen")
            server.start()
            await anna.back()
            assert [type(step) for step in await steps(anna, alarm.id)][-1] is Called

    run(act)


def test_a_claim_of_a_desk_that_falls_silent_runs_out(
    server: Postgres, url: str, tmp_path: Path
) -> None:
    async def act() -> None:
        async with hub(url, tmp_path, "anna", "bo") as (anna, bo):
            server.stop()
            press(anna, bo)
            for desk in (anna, bo):
                await desk.sees(kept=True)
            await anna.desk.take(anna.one().id)
            await bo.until(lambda: bo.one().taken_by == anna.me)
            for standing in bo.outage.claims._standing.values():
                standing.heard -= 60
            await bo.until(lambda: bo.one().is_untaken)
            assert bo.one().provisional is None
            server.start()

    run(act)


def test_clocks_of_desks_may_differ(server: Postgres, url: str, tmp_path: Path) -> None:
    async def act() -> None:
        async with hub(url, tmp_path, "anna", "bo") as (anna, bo):
            server.stop()
            press(anna, bo)
            for desk in (anna, bo):
                await desk.sees()
            taken = await anna.desk.take(anna.one().id)
            assert taken.provisional is not None
            early = replace(taken.provisional, at=taken.provisional.at - timedelta(seconds=1))
            assert early.is_about(taken.fold_key, taken.raised_at)
            server.start()
            await anna.back()
            await bo.back()

    run(act)

"""The register while the database is away: cards from this machine, their age, and looks kept."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from functools import wraps
from typing import Any

import pytest

from tests.application.test_citizens import AKSEL, BED, KAREN, PENDANT, Register
from tests.builders import ANNA, HADERSLEV, NOW
from tests.fakes import FakeClock, FakeSession
from workstation.application.cards import Cards
from workstation.application.citizens import Citizens
from workstation.application.errors import CacheUnavailable, NotFound, StoreUnavailable
from workstation.application.kept_cards import KeptCards
from workstation.domain.access import Look, Looked
from workstation.domain.citizen import Citizen

AWAY = StoreUnavailable("no_answer")


def awaited(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run a test on a loop of its own: what it asks for waits on threads."""

    @wraps(test)
    def run(**fixtures: object) -> None:
        asyncio.run(test(**fixtures))

    return run


class Cache:
    """A CardCache in memory."""

    def __init__(self) -> None:
        self.cards: Cards | None = None
        self.written = 0
        self.fault: CacheUnavailable | None = None

    def read(self) -> Cards | None:
        if self.fault is not None:
            raise self.fault
        return self.cards

    def write(self, cards: Cards) -> None:
        if self.fault is not None:
            raise self.fault
        self.cards = cards
        self.written += 1


class Desk:
    """The register of a desk that keeps cards and looks."""

    def __init__(self, register: Register, cache: Cache, clock: FakeClock) -> None:
        self.away = False
        self.kept: list[Look] = []
        self.fault: StoreUnavailable | None = None
        self.citizens = Citizens(register=register, clock=clock, session=FakeSession(ANNA))
        cards = KeptCards(cache, kommuner=[HADERSLEV], clock=clock)
        self.citizens.keep_in(cards, look=self._keep, is_away=lambda: self.away)

    async def _keep(self, look: Look) -> None:
        if self.fault is not None:
            raise self.fault
        self.kept.append(look)


@pytest.fixture
def register() -> Register:
    return Register(KAREN, AKSEL, devices=[BED, PENDANT])


@pytest.fixture
def cache() -> Cache:
    return Cache()


@pytest.fixture
def desk(register: Register, cache: Cache, clock: FakeClock) -> Desk:
    return Desk(register, cache, clock)


def names(found: Sequence[Citizen]) -> list[str]:
    return [one.name for one in found]


@awaited
async def test_what_is_read_is_kept_where_it_changed_and_every_ten_minutes(
    desk: Desk, cache: Cache, register: Register, clock: FakeClock
) -> None:
    await desk.citizens.load()
    assert cache.cards is not None
    assert (names(cache.cards.citizens), cache.cards.at) == (["Aksel", "Karen"], NOW)
    clock.advance(60)
    await desk.citizens.load()
    assert cache.written == 1
    register._citizens.pop(AKSEL.id)
    await desk.citizens.load()
    assert (cache.written, names(cache.cards.citizens)) == (2, ["Karen"])
    clock.advance(600)
    await desk.citizens.load()
    assert cache.written == 3


@awaited
async def test_a_start_without_the_database_shows_what_was_kept_and_its_age(
    desk: Desk, cache: Cache, register: Register, clock: FakeClock
) -> None:
    await desk.citizens.load()
    assert desk.citizens.cache_age() is None
    clock.advance(3600)
    again = Desk(register, cache, clock)
    again.away = True
    assert again.citizens.cache_age() is None
    await again.citizens.load_kept()
    assert names(again.citizens.all()) == ["Aksel", "Karen"]
    assert again.citizens.device(HADERSLEV, PENDANT.name) == PENDANT
    assert again.citizens.cache_age() == timedelta(hours=1)
    register.fault = AWAY
    with pytest.raises(StoreUnavailable):
        await again.citizens.load()
    register.fault = None
    again.away = False
    await again.citizens.load()
    assert again.citizens.cache_age() is None


@awaited
async def test_what_was_read_is_never_replaced_by_what_was_kept(desk: Desk, cache: Cache) -> None:
    await desk.citizens.load()
    cache.cards = Cards(citizens=(), devices=(), at=NOW)
    await desk.citizens.load_kept()
    assert names(desk.citizens.all()) == ["Aksel", "Karen"]


@awaited
async def test_a_cache_that_fails_costs_nothing_else(desk: Desk, cache: Cache) -> None:
    cache.fault = CacheUnavailable("unwritable", file="x")
    await desk.citizens.load_kept()
    await desk.citizens.load()
    assert names(desk.citizens.all()) == ["Aksel", "Karen"]


@awaited
async def test_while_it_is_away_a_card_is_there_at_once_and_the_look_is_kept(
    desk: Desk, register: Register
) -> None:
    await desk.citizens.load()
    desk.away = True
    register.fault = AssertionError("it must not be asked")
    assert await desk.citizens.card(KAREN.id, alarm=None) == KAREN
    assert [(look.what, look.citizen, look.operator) for look in desk.kept] == [
        (Looked.CARD, KAREN.id, ANNA)
    ]
    register.fault = None
    desk.away = False
    await desk.citizens.load()
    assert register.log_entries == [], "the journal brings it"


@awaited
async def test_a_database_found_away_just_now_keeps_the_look_too(
    desk: Desk, register: Register
) -> None:
    await desk.citizens.load()
    register.fault = AWAY
    assert await desk.citizens.card(KAREN.id, alarm=None) == KAREN
    assert len(desk.kept) == 1
    with pytest.raises((StoreUnavailable, NotFound)):
        await desk.citizens.cpr(KAREN.id, alarm=None)


@awaited
async def test_where_the_disk_takes_nothing_a_look_stays_in_memory(
    desk: Desk, register: Register
) -> None:
    await desk.citizens.load()
    desk.away, desk.fault = True, StoreUnavailable("journal_full")
    await desk.citizens.card(KAREN.id, alarm=None)
    assert desk.kept == []
    desk.away, desk.fault = False, None
    await desk.citizens.load()
    assert register.looked == [Looked.CARD]

"""The call log of a million calls: opened, paged through, sorted, searched, filtered, counted.

Three databases: SQLite, PostgreSQL as the tables' owner, and PostgreSQL behind its fences with the
login of a supervisor's desk that serves one kommune of two (row-level security).
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from statistics import median

from sqlalchemy import text

from tests.bench.database import server
from tests.bench.figure import Figure, Goal, value_at_most
from tests.bench.many_calls import KOMMUNER, NOW, OPERATORS, RARE, fill
from tests.bench.measuring import Bench, in_turn, percentile
from tests.fakes import FakeClock
from tests.peers.fenced import Fenced
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database, migrate
from workstation.domain.call import CallRecord, CallResult
from workstation.domain.call_history import Call, CallQuery, Counts, Order
from workstation.domain.kind import Kind
from workstation.domain.names import CallId, CitizenId, Kommune, Operator

_CALLS = 1_000_000
_PAGE = 100
_SECOND: Goal = value_at_most(1000)
_SERVED = frozenset({Kommune(KOMMUNER[0])})
_BARE = "SELECT * FROM call_log ORDER BY started_at DESC, id DESC LIMIT 100"
_BARE_NEXT = (
    "SELECT * FROM call_log WHERE (started_at, id) < (:at, :id)"
    " ORDER BY started_at DESC, id DESC LIMIT 100"
)
FILTERS: dict[str, CallQuery] = {
    "30 days": CallQuery(since=NOW - timedelta(days=30)),
    "12 months": CallQuery(since=NOW - timedelta(days=365)),
    "operator": CallQuery(operator=Operator(OPERATORS[7])),
    "citizen": CallQuery(citizen=CitizenId(f"{77:026x}")),
    "kommune": CallQuery(kommune=Kommune(KOMMUNER[0])),
    "kind": CallQuery(kind=Kind.EMERGENCY),
    "kind there is none of": CallQuery(kind=Kind.MEDICATION),
    "result": CallQuery(result=CallResult.BUSY),
    "came in": CallQuery(incoming=True),
    "unanswered": CallQuery(unanswered=True),
    "talked over 15 min": CallQuery(talked_over=timedelta(minutes=15)),
    "talked under 30 s": CallQuery(talked_under=timedelta(seconds=30)),
    "waited over 180 s": CallQuery(waited_over=timedelta(seconds=180)),
    "reviewed": CallQuery(reviewed=True),
    "not reviewed": CallQuery(reviewed=False),
    "drawn": CallQuery(drawn="2026-02"),
}
"""Each filter of the window, one at a time."""
WORDS: dict[str, str] = {"few": RARE.lower()[:9], "none": "nobody of that name", "most": "45"}
"""What stands in a handful of calls, in none, and in nearly every one."""
_COUNTED: dict[str, CallQuery] = {
    "all": CallQuery(),
    "30_days": FILTERS["30 days"],
    **{f"words_{which}": CallQuery(text=text) for which, text in WORDS.items()},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Log:
    """One database of many calls, and how the figures name it."""

    name: str
    said: str
    url: str
    count: int
    served: frozenset[Kommune] | None


def measure(bench: Bench) -> list[Figure]:
    """Return what each question takes on each database."""
    found: list[Figure] = []
    for log in _logs(bench):
        found += _Asked(bench, log).figures()
    return found


def _logs(bench: Bench) -> Iterator[_Log]:
    count = bench.count(_CALLS, 50_000)
    url = f"sqlite:///{bench.folder / 'calls.sqlite'}"
    migrate(url)
    _fill(url, count)
    yield _Log(name="sqlite", said="SQLite", url=url, count=count, served=_SERVED)
    with server(shared_buffers="256MB") as one, closing(Fenced(one)) as fenced:
        owner = fenced.url(fenced.owner)
        _fill(owner, count)
        one.run("VACUUM ANALYZE", database=fenced.name)
        yield _Log(name="pg", said="PostgreSQL", url=owner, count=count, served=_SERVED)
        mine = fenced.url(f"desk_{KOMMUNER[0]}")
        yield _Log(name="fenced", said="row-level security", url=mine, count=count, served=_SERVED)


def _fill(url: str, count: int) -> None:
    with closing(Connections(url)) as connections:
        fill(connections, count, lambda _written: None)


class _Asked:
    """Asks one database; times are milliseconds, as whoever asks waits for them."""

    def __init__(self, bench: Bench, log: _Log) -> None:
        self._bench = bench
        self._log = log
        self._often = bench.count(20, 3)

    def figures(self) -> list[Figure]:
        with (
            closing(Database(self._log.url, clock=FakeClock(), machine="bench")) as self._database,
            closing(Connections(self._log.url)) as self._bare,
        ):
            return [
                self._opened(),
                self._paged(),
                *(self._sorted(order) for order in Order if order is not Order.NEWEST),
                *(self._searched(which) for which in WORDS),
                self._filtered(),
                *(self._counted(name, query) for name, query in _COUNTED.items()),
                self._all_counted(),
                self._written(),
            ]

    # --- pages --------------------------------------------------------------------------------

    def _opened(self) -> Figure:
        async def opened() -> None:
            await self._database.call_history.operators()
            await self._page(CallQuery(since=NOW - timedelta(days=30)))

        pairs = in_turn(lambda: _timed(opened), lambda: self._bare_page(_BARE), self._often)
        return self._figure(
            "open", "operators and the first page, by a bare SELECT … LIMIT", pairs.ours,
            ratio=pairs.ratio, goal=_SECOND,
        )  # fmt: skip

    def _paged(self) -> Figure:
        last = [asyncio.run(self._page(CallQuery()))[-1].record]

        async def following() -> None:
            last.append((await self._page(CallQuery(), after=last[-1]))[-1].record)

        def bare() -> float:
            at, key = last[-1].started_at, last[-1].id
            stored = int(at.timestamp() * 1e6) if self._log.name == "sqlite" else at
            return self._bare_page(_BARE_NEXT, at=stored, id=key)

        pairs = in_turn(lambda: _timed(following), bare, self._bench.count(200, 20))
        return self._figure(
            "next", "the next page, newest first, by a bare SELECT … LIMIT", pairs.ours,
            ratio=pairs.ratio, goal=_SECOND,
        )  # fmt: skip

    def _sorted(self, order: Order) -> Figure:
        took: list[float] = []
        last: CallRecord | None = None
        for _ in range(self._bench.count(100, 10)):
            started = time.perf_counter()
            page = asyncio.run(self._page(CallQuery(order=order), after=last))
            took.append(1000 * (time.perf_counter() - started))
            last = page[-1].record
        return self._figure(order.value, f"a page, sorted: {order.value}", took, goal=_SECOND)

    def _searched(self, which: str) -> Figure:
        took: dict[str, list[float]] = {}
        for order in (Order.NEWEST, Order.LONGEST_TALK):
            query = CallQuery(text=WORDS[which], order=order)
            took[order.value] = self._repeated(partial(self._page, query))
        return self._figure(
            f"words_{which}", f"first page of words that stand in {which} of the calls",
            took[Order.NEWEST.value], goal=_SECOND,
            note=f"by longest talk {median(took[Order.LONGEST_TALK.value]):.0f} ms",
        )  # fmt: skip

    def _filtered(self) -> Figure:
        slowest: dict[str, tuple[float, str]] = {}
        for name, query in FILTERS.items():
            for order in Order:
                asked = replace(query, order=order)
                took = median(self._repeated(partial(self._page, asked), 3))
                slowest[name] = max(slowest.get(name, (0.0, "")), (took, order.value))
        told = ", ".join(f"{name} {took:.0f} ({order})" for name, (took, order) in slowest.items())
        worst = [took for took, _order in slowest.values()]
        return replace(
            self._figure(
                "filter", "first page with one filter, in its slowest order: the slowest filter",
                worst, goal=_SECOND, note=told,
            ),
            value=max(worst),
        )  # fmt: skip

    # --- figures, and what they cost whoever calls ---------------------------------------------

    def _counted(self, name: str, query: CallQuery) -> Figure:
        took = self._repeated(partial(self._counts, query), max(3, self._often // 2))
        return self._figure(
            f"figures_{name}", f"heat map and answer curve: {name}", took, goal=_SECOND
        )

    def _all_counted(self) -> Figure:
        each = {
            name: median(self._repeated(partial(self._counts, query), 3))
            for name, query in FILTERS.items()
        }
        told = ", ".join(f"{name} {took:.0f}" for name, took in each.items())
        return replace(
            self._figure(
                "figures_filter", "heat map and answer curve with one filter: the slowest",
                list(each.values()), goal=_SECOND, note=told,
            ),
            value=max(each.values()),
        )  # fmt: skip

    def _written(self) -> Figure:
        took = []
        for number in range(self._bench.count(200, 20)):
            call = CallRecord(
                id=CallId(f"{self._log.name}-{number:06}"), operator=Operator(OPERATORS[0]),
                target="+4574000000", started_at=NOW, kommune=Kommune(KOMMUNER[0]),
            )  # fmt: skip
            took.append(_timed(partial(_whole_call, self._database, call)))
        return self._figure("written", "one call written: begun, answered, ended", took)

    # --- how ----------------------------------------------------------------------------------

    async def _page(self, query: CallQuery, after: CallRecord | None = None) -> list[Call]:
        asked = replace(query, served=self._log.served)
        return await self._database.call_history.page(asked, after=after, most=_PAGE)

    async def _counts(self, query: CallQuery) -> Counts:
        return await self._database.call_history.counts(replace(query, served=self._log.served))

    def _repeated(self, ask: Callable[[], Awaitable[object]], often: int = 0) -> list[float]:
        return [_timed(ask) for _ in range(often or self._often)]

    def _bare_page(self, statement: str, **values: object) -> float:
        started = time.perf_counter()
        with self._bare.reading() as connection:
            connection.execute(text(statement), values).all()
        return 1000 * (time.perf_counter() - started)

    def _figure(
        self,
        name: str,
        what: str,
        took: list[float],
        *,
        ratio: float | None = None,
        goal: Goal | None = None,
        note: str = "",
    ) -> Figure:
        spread = f"p99 {percentile(took, 0.99):.1f} ms"
        # Told as they come: filling and asking three databases takes a quarter of an hour.
        print(f"bench: {name}_{self._log.name} {median(took):.1f} ms", file=sys.stderr, flush=True)
        return Figure(
            name=f"calls_{name}_{self._log.name}",
            what=f"{what}; {self._log.count:,} calls, {self._log.said}",
            value=median(took),
            unit="ms",
            ratio=ratio,
            goal=goal,
            n=len(took),
            note=f"{spread}; {note}" if note else spread,
        )


def _timed(ask: Callable[[], Awaitable[object]]) -> float:
    """Return how many milliseconds it takes until the answer is there."""

    async def asked() -> float:
        started = time.perf_counter()
        await ask()
        return 1000 * (time.perf_counter() - started)

    return asyncio.run(asked())


async def _whole_call(database: Database, call: CallRecord) -> None:
    await database.calls.begin(call)
    answered = replace(call, answered_at=NOW + timedelta(seconds=4), sip_code=200, sip_reason="OK")
    await database.calls.complete(answered)
    ended_at = NOW + timedelta(seconds=90)
    await database.calls.complete(replace(answered, ended_at=ended_at, result=CallResult.ANSWERED))

"""The call log's history in memory, as a supervisor asks it."""

from collections import Counter
from collections.abc import Sequence
from math import ceil

from workstation.application.errors import NotFound
from workstation.application.reminders import Reminder
from workstation.domain.call import CallRecord
from workstation.domain.call_history import (
    Added,
    Addition,
    Call,
    CallQuery,
    Candidate,
    Counts,
    Drawn,
    Order,
)
from workstation.domain.kind import Kind
from workstation.domain.names import CallId, Operator


class FakeReminders:
    """The hub's reminders in memory."""

    def __init__(self) -> None:
        self.fault: Exception | None = None
        self.rows: dict[str, Reminder] = {}

    async def put(self, reminder: Reminder) -> None:
        if self.fault is not None:
            raise self.fault
        self.rows[reminder.key] = reminder

    async def forget(self, reminder: Reminder) -> None:
        if self.fault is not None:
            raise self.fault
        if self.rows.get(reminder.key) == reminder:
            del self.rows[reminder.key]

    async def listed(self) -> list[Reminder]:
        if self.fault is not None:
            raise self.fault
        return sorted(self.rows.values(), key=lambda one: (one.at, one.by))


class FakeCallHistory:
    """Reads `records` of a fake call log."""

    def __init__(self, records: dict[str, CallRecord] | None = None) -> None:
        self.records: dict[str, CallRecord] = {} if records is None else records
        self.said: list[Addition] = []
        self.drawn: list[Drawn] = []

    async def page(self, query: CallQuery, *, after: CallRecord | None, most: int) -> list[Call]:
        found = self._found(query)
        start = 0 if after is None else [one.id for one in found].index(after.id) + 1
        return [self._call(one) for one in found[start : start + most]]

    async def counts(self, query: CallQuery) -> Counts:
        found = self._found(query)
        hours = Counter(one.started_at.replace(minute=0, second=0, microsecond=0) for one in found)
        answered = [one for one in found if one.answered_at is not None]
        waits = Counter(ceil(one.waited.total_seconds()) for one in answered)
        return Counts(
            calls=len(found),
            answered=len(answered),
            hours=tuple(sorted(hours.items())),
            waits=tuple(sorted(waits.items())),
        )

    async def find(self, call: CallId) -> Call:
        if call not in self.records:
            raise NotFound(call)
        return self._call(self.records[call])

    async def additions(self, call: CallId) -> list[Addition]:
        return [one for one in self.said if one.call == call]

    async def add(self, addition: Addition) -> None:
        self.said.append(addition)

    async def operators(self) -> list[Operator]:
        return sorted({one.operator for one in self.records.values()})

    async def candidates(self, query: CallQuery) -> list[Candidate]:
        return [
            Candidate(
                call=one.id,
                operator=one.operator,
                end_to_end=one.kind is Kind.EMERGENCY and one.answered_at is not None,
            )
            for one in sorted(self._found(query), key=lambda one: (one.started_at, one.id))
            if one.ended_at is not None
        ]

    async def draws(self, month: str) -> list[Drawn]:
        found = [one for one in self.drawn if one.month == month]
        return sorted(found, key=lambda one: (one.operator, one.place))

    async def keep_draws(self, draws: Sequence[Drawn]) -> None:
        there = {(one.month, one.operator, one.place) for one in self.drawn}
        self.drawn += [one for one in draws if (one.month, one.operator, one.place) not in there]

    def _call(self, record: CallRecord) -> Call:
        said = [one for one in self.said if one.call == record.id]
        return Call(
            record=record,
            reviewed=any(one.what is Added.REVIEW for one in said),
            drawn=max((one.month for one in self.drawn if one.call == record.id), default=""),
            added=len(said),
        )

    def _found(self, query: CallQuery) -> list[CallRecord]:
        found = [one for one in self.records.values() if self._passes(one, query)]
        match query.order:
            case Order.NEWEST | Order.OLDEST:
                found.sort(key=lambda one: (one.started_at, one.id))
            case Order.LONGEST_WAIT:
                found.sort(key=lambda one: (one.waited, one.id))
            case Order.LONGEST_TALK:
                found.sort(key=lambda one: (one.talked, one.id))
            case Order.OPERATOR:
                found.sort(key=lambda one: (one.operator, one.started_at, one.id))
        if query.order not in (Order.OLDEST, Order.OPERATOR):
            found.reverse()
        return found

    def _passes(self, one: CallRecord, query: CallQuery) -> bool:
        same = ("operator", "citizen", "kommune", "kind", "result", "incoming")
        asked = [(getattr(one, name), getattr(query, name)) for name in same]
        answered = one.answered_at is not None
        return all(
            (
                all(wanted is None or has == wanted for has, wanted in asked),
                query.since is None or one.started_at >= query.since,
                query.until is None or one.started_at < query.until,
                query.served is None or one.kommune is None or one.kommune in query.served,
                not query.unanswered or (not answered and one.ended_at is not None),
                query.talked_over is None or one.talked > query.talked_over,
                query.talked_under is None or (answered and one.talked < query.talked_under),
                query.waited_over is None or one.waited > query.waited_over,
                query.reviewed is None or self._call(one).reviewed is query.reviewed,
                not query.drawn or self._call(one).drawn == query.drawn,
                not query.text or self._has(one, query),
            )
        )

    def _has(self, one: CallRecord, query: CallQuery) -> bool:
        said = [addition.text for addition in self.said if addition.call == one.id]
        told = (one.target, one.called, one.whom, one.name, one.operator, one.sip_reason, *said)
        return one.citizen in query.named or any(
            query.text.lower() in text.lower() for text in told
        )

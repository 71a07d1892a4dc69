"""Two desks, one database that comes and goes, every interleaving: nothing done is lost or doubled."""

from collections import deque
from collections.abc import Coroutine, Generator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.builders import ANNA, BO, NOW, a_hub, a_report, an_alarm
from tests.fakes import FakeClock, FakeSession
from tests.fakes_store import FakeAlarmStore, FakeAlarmWriter
from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.errors import AlreadyTaken, NotFound, StoreUnavailable
from workstation.application.facts import Arrived, NotStored, Stored
from workstation.application.ports import KnownVersion, Report, StoredStep
from workstation.application.supervision import DueSteps
from workstation.domain.alarm import Alarm, IllegalStep
from workstation.domain.kind import Kind, Outcome
from workstation.domain.names import AlarmId, DeviceName, Operator
from workstation.domain.steps import AnyStep, Noted, Raised, Repeated, Taken

TURNS = st.sampled_from([99, 0, 1, 2, 3])
"""How far a piece of work gets before somebody else's turn; 99: to its end."""
REFUSED = (AlreadyTaken, IllegalStep, StoreUnavailable, NotFound)


class Turn:
    """Where a coroutine waits until the test lets it go on."""

    def __await__(self) -> Generator[None, None, None]:
        yield


class SlowStore:
    """The stand-in database behind a wire: every question takes a turn there and a turn back."""

    def __init__(self, store: FakeAlarmStore) -> None:
        self.store = store
        self.away = False

    async def _there(self) -> None:
        await Turn()
        if self.away:
            raise StoreUnavailable("locked")

    async def open_alarms(self) -> list[Alarm]:
        raise NotImplementedError

    async def find(self, alarm: AlarmId) -> Alarm:
        await self._there()
        found = await self.store.find(alarm)
        await Turn()
        return found

    async def save(self, alarm: Alarm, step: AnyStep, *, expected_version: int) -> None:
        await self._there()
        await self.store.save(replace(alarm, saved=True), step, expected_version=expected_version)
        await Turn()

    async def steps(self, alarm: AlarmId) -> list[StoredStep]:
        raise NotImplementedError

    async def changed_since(
        self, seq: int, known: KnownVersion = lambda _alarm: None
    ) -> tuple[int, list[Alarm]]:
        await self._there()
        changed = await self.store.changed_since(seq, known)
        await Turn()
        return changed

    async def similar(self, alarm: Alarm, since: object) -> list[Alarm]:
        raise NotImplementedError

    async def listed(self, **_asked: object) -> list[Alarm]:
        raise NotImplementedError


class Seat:
    """One desk: its board, its operator, its own way of messages into the shared database."""

    def __init__(self, who: Operator, store: SlowStore, clock: FakeClock, running: list) -> None:
        self.who = who
        self.running = running
        self.board = Board(clock, a_hub())
        self.desk = AlarmDesk(
            session=FakeSession(who),
            board=self.board,
            store=store,
            clock=clock,
            taken=lambda _alarm: None,
            run=self.start,
        )
        self.due = DueSteps(board=self.board, desk=self.desk, hub=a_hub(), clock=clock)
        self.writer = FakeAlarmWriter(store.store)
        self.store = store
        self.unfiled: deque[Report] = deque()
        self.facts: deque[Arrived | NotStored | Stored] = deque()
        self.seq = 0

    def start(self, work: Coroutine[Any, Any, object]) -> None:
        self.running.append(work)

    def receive(self, report: Report) -> None:
        self.facts.append(Arrived(reports=(report,)))
        self.unfiled.append(report)

    def file(self) -> None:
        if self.store.away:
            ids = tuple(report.alarm.id for report in self.unfiled)
            self.facts.append(NotStored(alarms=ids, reason="locked"))
            return
        reports = list(self.unfiled)
        self.unfiled.clear()
        self.facts.append(Stored(filed=tuple(self.writer.file(reports))))

    def deliver(self) -> None:
        match self.facts.popleft():
            case Arrived() as fact:
                self.board.arrived(fact)
            case NotStored() as fact:
                self.board.not_stored(fact)
            case Stored() as fact:
                self.board.stored(fact)
                self.desk.stored(fact)

    async def refresh(self) -> None:
        seq, alarms = await self.store.changed_since(self.seq)
        for alarm in alarms:
            self.board.put(alarm)
        self.seq = max(seq, self.seq)


class Desks(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.store = FakeAlarmStore()
        self.wire = SlowStore(self.store)
        self.running: list[Coroutine[Any, Any, object]] = []
        self.seats = [Seat(who, self.wire, self.clock, self.running) for who in (ANNA, BO)]
        self.seats[1].writer = self.seats[0].writer
        self.pressed = 0
        self.noted: list[str] = []
        self.refused: list[BaseException] = []

    # --- the world ---

    @rule(
        device=st.sampled_from("xy"),
        kind=st.sampled_from([Kind.SUPERVISION, Kind.EMERGENCY]),
        shown=st.booleans(),
    )
    def press(self, device: str, kind: Kind, shown: bool) -> None:
        self.pressed += 1
        for seat in self.seats:
            alarm = an_alarm(
                f"{seat.who}-{self.pressed}",
                kind=kind,
                device=DeviceName(device),
                received_at=self.clock.now(),
                raised_at=self.clock.now(),
            )
            report = a_report(alarm, key=f"{device}/{self.pressed}", body_hash=str(self.pressed))
            seat.receive(report)
            while shown and seat.facts:
                seat.deliver()

    @rule(away=st.booleans())
    def database(self, away: bool) -> None:
        self.wire.away = away

    @rule(seconds=st.sampled_from([1, 61, 601]))
    def later(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @precondition(lambda self: any(seat.unfiled for seat in self.seats))
    @rule(data=st.data(), shown=st.booleans())
    def file(self, data: st.DataObject, shown: bool) -> None:
        seat = data.draw(st.sampled_from([seat for seat in self.seats if seat.unfiled]))
        seat.file()
        while shown and seat.facts:
            seat.deliver()

    @precondition(lambda self: any(seat.facts for seat in self.seats))
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from([seat for seat in self.seats if seat.facts])).deliver()

    @precondition(lambda self: self.running)
    @rule(data=st.data(), turns=TURNS)
    def turn(self, data: st.DataObject, turns: int) -> None:
        self._go_on(data.draw(st.sampled_from(self.running)), turns)

    def _begin(self, work: Coroutine[Any, Any, object], turns: int) -> None:
        self.running.append(work)
        self._go_on(work, turns)

    def _go_on(self, work: Coroutine[Any, Any, object], turns: int) -> None:
        while turns and self._turn(work):
            turns -= 1

    def _turn(self, work: Coroutine[Any, Any, object]) -> bool:
        """Let one coroutine go on to its next question; False when it has ended."""
        try:
            work.send(None)
        except StopIteration:
            pass
        except REFUSED as error:
            self.refused.append(error)
        else:
            return True
        self.running.remove(work)
        return False

    # --- the operators and the beats ---

    @rule(
        seat=st.integers(0, 1),
        what=st.sampled_from(["refresh", "catch_up", "due", "next"]),
        turns=TURNS,
    )
    def beat(self, seat: int, what: str, turns: int) -> None:
        one = self.seats[seat]
        work: dict[str, Any] = {
            "refresh": one.refresh,
            "catch_up": one.desk.catch_up,
            "due": one.due.look,
            "next": one.desk.take_next,
        }
        self._begin(work[what](), turns)

    @precondition(lambda self: any(seat.board.alarms() for seat in self.seats))
    @rule(
        data=st.data(),
        what=st.sampled_from(["take", "note", "resolve", "release", "shelve", "responder"]),
        turns=TURNS,
    )
    def act(self, data: st.DataObject, what: str, turns: int) -> None:
        seat = data.draw(st.sampled_from([one for one in self.seats if one.board.alarms()]))
        ids = sorted(alarm.id for alarm in seat.board.alarms())
        alarm = data.draw(st.sampled_from(ids))
        until = self.clock.now() + timedelta(minutes=30)
        desk = seat.desk
        acts: dict[str, Any] = {
            "take": lambda: desk.take(alarm),
            "release": lambda: desk.release(alarm),
            "resolve": lambda: desk.resolve(alarm, Outcome.TEST),
            "shelve": lambda: desk.shelve(alarm, until=until, reason="r"),
            "responder": lambda: desk.call_responder(alarm, responder="Per", until=until),
            "note": lambda: self._note(desk, alarm),
        }
        self._begin(acts[what](), turns)

    async def _note(self, desk: AlarmDesk, alarm: AlarmId) -> None:
        text = f"note {self.clock.monotonic()} {len(self.noted)} {id(desk)} {len(self.running)}"
        await desk.note(alarm, text)
        self.noted.append(text)

    # --- what must always be so ---

    @invariant()
    def every_step_is_in_the_history_and_no_two_have_an_alarm(self) -> None:
        for alarm in self.store.every():
            steps = [one.step for one in self.store.history if one.alarm == alarm.id]
            assert isinstance(steps[0], Raised)
            assert len(steps) == alarm.version + 1, "a step was overwritten"
            told = an_alarm(alarm.id, kind=alarm.kind, received_at=alarm.received_at)
            for step in steps[1:]:
                if isinstance(step, Taken):
                    assert told.taken_by is None, "two have it"
                told = told.after(step)
            assert (told.state, told.taken_by, told.repeats) == (
                alarm.state,
                alarm.taken_by,
                alarm.repeats,
            )

    def teardown(self) -> None:
        self.wire.away = False
        for _ in range(3):
            self._settle()
        open_ones = {alarm.id: alarm for alarm in self.store.every() if alarm.is_open}
        for seat in self.seats:
            assert {alarm.id: alarm for alarm in seat.board.alarms()} == open_ones
        kept = [one.step.text for one in self.store.history if isinstance(one.step, Noted)]
        assert sorted(kept) == sorted(self.noted), "a note was lost or doubled"
        repeats = sum(alarm.repeats for alarm in self.store.every())
        assert repeats + len(self.store.every()) == self.pressed, "a press was lost or doubled"

    def _settle(self) -> None:
        for seat in self.seats:
            if seat.unfiled:
                seat.file()
            while seat.facts:
                seat.deliver()
            self.running += [seat.desk.catch_up(), seat.refresh()]
        while self.running:
            self._turn(self.running[0])


TestDesks = Desks.TestCase
TestDesks.settings = settings(max_examples=200, stateful_step_count=30)


def history(store: FakeAlarmStore) -> Sequence[str]:
    return [type(one.step).__name__ for one in store.history]


def finish(*works: Coroutine[Any, Any, object]) -> list[object]:
    """Run coroutines in turns to their ends; a refusal is the result."""
    results: dict[int, object] = {}
    left = dict(enumerate(works))
    while left:
        for key, work in list(left.items()):
            try:
                work.send(None)
            except StopIteration as end:
                results[key] = end.value
                del left[key]
            except REFUSED as error:
                results[key] = error
                del left[key]
    return [results[key] for key in sorted(results)]


class Two:
    """Anna and Bo with the same stored alarm on their boards."""

    def __init__(self, *alarms: Alarm) -> None:
        self.clock = FakeClock()
        self.store = FakeAlarmStore(*alarms)
        self.wire = SlowStore(self.store)
        self.running: list[Coroutine[Any, Any, object]] = []
        self.anna, self.bo = (Seat(who, self.wire, self.clock, self.running) for who in (ANNA, BO))
        for seat in (self.anna, self.bo):
            seat.board.load(list(alarms))


def test_of_two_who_take_at_once_one_has_it_and_the_other_is_told_who() -> None:
    two = Two(an_alarm())
    first, second = finish(two.anna.desk.take(AlarmId("a1")), two.bo.desk.take(AlarmId("a1")))
    assert isinstance(first, Alarm)
    assert first.taken_by == ANNA
    assert isinstance(second, AlreadyTaken)
    assert second.by == ANNA
    assert history(two.store) == ["Raised", "Taken"]


def test_a_double_press_of_take_is_one_take() -> None:
    two = Two(an_alarm("a1"), an_alarm("a2", code="other"))
    one, again = finish(two.anna.desk.take_next(), two.anna.desk.take_next())
    assert one == again
    assert history(two.store) == ["Raised", "Raised", "Taken"]


def test_two_desks_that_escalate_at_once_escalate_once() -> None:
    two = Two(an_alarm())
    two.clock.advance(61)
    finish(two.anna.due.look(), two.bo.due.look())
    assert history(two.store) == ["Raised", "Escalated"]


def test_a_rule_that_was_overtaken_takes_nothing_from_an_operator() -> None:
    shelved_until = NOW + timedelta(minutes=5)
    alarm = an_alarm(kind=Kind.SUPERVISION)
    shelved = alarm.after(Taken(at=NOW, by=ANNA))
    two = Two(shelved)
    finish(two.anna.desk.shelve(AlarmId("a1"), until=shelved_until, reason="bad"))
    finish(two.bo.refresh())
    two.clock.advance(301)
    # Bo's desk decides to raise it again; Anna's does too, and she takes it, before his is stored.
    late = two.bo.due.look()
    late.send(None)
    finish(two.anna.due.look())
    finish(two.anna.desk.take(AlarmId("a1")))
    finish(late)
    assert two.store.every()[0].taken_by == ANNA


def test_a_step_of_somebody_who_lost_the_alarm_meanwhile_is_refused() -> None:
    two = Two(an_alarm().after(Taken(at=NOW, by=ANNA)))
    two.clock.advance(601)
    resolving = two.anna.desk.resolve(AlarmId("a1"), Outcome.TEST)
    resolving.send(None)  # on its way
    finish(two.bo.due.look())
    finish(two.bo.desk.take(AlarmId("a1")))
    (told,) = finish(resolving)
    assert isinstance(told, AlreadyTaken)
    assert told.by == BO


def test_a_storm_of_repeats_never_beats_an_operator() -> None:
    two = Two(an_alarm())
    taking = two.anna.desk.take(AlarmId("a1"))
    for number in range(60):
        alarm = replace(an_alarm(f"r{number}"), received_at=NOW)
        two.store.put(*_repeated(two.store.every()[0], alarm))
        try:
            taking.send(None)
        except StopIteration:
            break
    else:
        finish(taking)
    assert two.store.every()[0].taken_by == ANNA


def _repeated(standing: Alarm, alarm: Alarm) -> tuple[Alarm, AnyStep]:
    step = Repeated(at=alarm.received_at)
    return standing.after(step), step


def test_what_is_done_before_storage_is_stored_behind_it_and_the_row_never_goes_back() -> None:
    two = Two()
    two.wire.away = True
    report = a_report(an_alarm("a1"), key="k")
    two.anna.receive(report)
    two.anna.file()
    while two.anna.facts:
        two.anna.deliver()
    finish(two.anna.desk.take(AlarmId("a1")))
    seen: list[object] = []
    two.anna.board.watch(lambda alarm: seen.append(alarm.taken_by), seen.append)
    finish(two.anna.desk.resolve(AlarmId("a1"), Outcome.TEST))
    two.wire.away = False
    two.anna.file()
    two.anna.deliver()
    assert two.anna.board.alarms() == []
    finish(*two.running)
    assert history(two.store) == ["Raised", "Taken", "Resolved"]
    assert seen == ["a1"], "it left once and was never shown untaken again"


def test_while_the_database_is_away_a_shelf_still_ends_and_an_alarm_still_escalates() -> None:
    alarm = an_alarm()
    two = Two(alarm)
    two.wire.away = True
    two.clock.advance(61)
    finish(two.anna.due.look())
    shown = two.anna.board.get(alarm.id)
    assert shown is not None
    assert shown.escalated_at is not None
    assert not shown.saved
    two.wire.away = False
    finish(two.anna.desk.catch_up())
    assert history(two.store) == ["Raised", "Escalated"]
    assert two.anna.board.get(alarm.id) == two.store.every()[0]


def test_steps_stay_until_the_database_takes_them() -> None:
    two = Two(an_alarm())
    two.wire.away = True
    two.clock.advance(61)
    finish(two.anna.due.look())
    finish(two.anna.desk.catch_up())
    finish(two.anna.desk.note(AlarmId("a1"), "n"))
    two.wire.away = False
    finish(two.anna.desk.catch_up())
    assert history(two.store) == ["Raised", "Escalated", "Noted"]


def test_what_is_done_to_an_alarm_that_is_folded_is_done_to_the_one_it_folded_into() -> None:
    two = Two()
    standing = an_alarm("a0")
    two.bo.receive(a_report(standing, key="k0", body_hash="0"))
    two.bo.file()
    two.anna.receive(a_report(an_alarm("a1"), key="k1", body_hash="1"))
    two.anna.deliver()
    finish(two.anna.desk.take(AlarmId("a1")))
    two.anna.writer = two.bo.writer
    two.anna.file()
    two.anna.deliver()
    finish(*two.running)
    assert history(two.store) == ["Raised", "Repeated", "Taken"]
    assert [alarm.id for alarm in two.anna.board.alarms()] == ["a0"]


def test_what_is_done_to_a_row_that_was_folded_just_now_is_done_to_what_it_became() -> None:
    two = Two()
    two.bo.receive(a_report(an_alarm("a0"), key="k0", body_hash="0"))
    two.bo.file()
    two.anna.receive(a_report(an_alarm("a1"), key="k1", body_hash="1"))
    two.anna.deliver()
    two.anna.writer = two.bo.writer
    two.anna.file()
    two.anna.deliver()
    taken = finish(two.anna.desk.take(AlarmId("a1")))
    assert taken is not None
    assert history(two.store) == ["Raised", "Repeated", "Taken"]

"""The way back: everything once, per alarm in its order, nothing forced, wherever it is killed."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.builders import ANNA, BO, NOW, a_hub, a_report, an_alarm
from tests.fakes import FakeClock
from tests.fakes_journal import Crash, FakeStepJournal
from tests.fakes_store import FakeAlarmStore, FakeAlarmWriter, FakeRegister
from tests.waiting import at_once
from workstation.adapters.db.journal import LocalJournal
from workstation.application.board import Board
from workstation.application.claims import Claims
from workstation.application.errors import RowRefused, StoreUnavailable
from workstation.application.journal import Heard, OwnStep, Record
from workstation.application.ports import Filed, Report
from workstation.application.provisional import said, who
from workstation.application.reconciling import Reconciling
from workstation.domain.access import Look, Looked
from workstation.domain.alarm import Alarm
from workstation.domain.claim import Claim, ClaimId
from workstation.domain.kind import Outcome
from workstation.domain.names import AlarmId, CitizenId, DeviceName, Operator
from workstation.domain.steps import AnyStep, Noted, Raised, Repeated, Resolved, Taken

AWAY = StoreUnavailable("unreachable")


def at(seconds: float):
    return NOW + timedelta(seconds=seconds)


def press(name: str, second: float, device: str = "d1", *, key: bool = True) -> Report:
    alarm = an_alarm(name, device=DeviceName(device), raised_at=at(second), received_at=at(second))
    return a_report(alarm, key=f"k/{name}" if key else None, body_hash=name)


def claim(alarm: Alarm, step: AnyStep, desk: str) -> Claim:
    return Claim(
        id=ClaimId(f"{desk}/{alarm.id}/{step}"),
        what=said(step),
        operator=who(step),
        desk=desk,
        at=step.at,
        fold_key=alarm.fold_key,
        raised_at=alarm.raised_at,
        outcome=step.outcome if isinstance(step, Resolved) else None,
    )


def own(report: Report, step: AnyStep, holder: Operator | None = ANNA) -> OwnStep:
    done = claim(report.alarm, step, "a")
    return OwnStep(claim=done, alarm=report.alarm, step=step, holder=holder)


def heard(report: Report, step: AnyStep) -> Heard:
    return Heard(claim=claim(report.alarm, step, "b"), heard_at=step.at)


def take(report: Report, second: float, by: Operator = ANNA) -> OwnStep:
    return own(report, Taken(at=at(second), by=by), None)


def resolve(report: Report, second: float) -> OwnStep:
    return own(report, Resolved(at=at(second), by=ANNA, outcome=Outcome.SOLVED_BY_PHONE))


def note(report: Report, second: float) -> OwnStep:
    return own(report, Noted(at=at(second), by=ANNA, text=f"note {second}"))


class Way:
    """What the alarm path does; `told` is what became of reports."""

    def __init__(self, writer: FakeAlarmWriter, point: Callable[[], None]) -> None:
        self.writer = writer
        self.point = point
        self.told: list[Filed] = []
        self.taken: list[AlarmId] = []
        self.backs = 0

    async def refile(self, reports: Sequence[Report]) -> list[Filed]:
        self.point()
        filed = self.writer.file(reports)
        self.point()
        return filed

    def tell(self, filed: Sequence[Filed]) -> None:
        self.told += filed

    def tell_back(self) -> None:
        self.backs += 1

    def tell_taken(self, alarm: Alarm) -> None:
        self.taken.append(alarm.id)


class Desk:
    """A desk with a journal of its own before one database; `again` is its next start."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        self.clock = clock
        self.folder = folder
        self.store = FakeAlarmStore()
        self.writer = FakeAlarmWriter(self.store)
        self.register = FakeRegister()
        self.journal = LocalJournal(folder / "journal.sqlite", clock)
        self.again()

    @property
    def alarms(self) -> FakeAlarmStore:
        return self.store

    def again(self) -> None:
        self.journal.close()
        self.kept = FakeStepJournal(self.journal)
        if self.journal.pending():
            self.kept.keeping.begin()
        self.board = Board(self.clock, a_hub())
        self.claims = Claims(
            desk="a",
            board=self.board,
            journal=self.kept,
            announce=lambda _claim: None,
            clock=self.clock,
            new_id=str,
            run=lambda work: work.close(),
        )
        self.way = Way(self.writer, self.kept.point)
        self.reconciling = Reconciling(
            keeping=self.kept.keeping,
            journal=self.kept,
            shared=self,
            way=self.way,
            claims=self.claims,
            board=self.board,
            clock=self.clock,
        )

    def keep(self, *records: Record) -> None:
        for record in records:
            self.journal.keep([record])
        self.kept.keeping.begin()

    def run(self) -> None:
        at_once(self.reconciling.run())

    def history(self, alarm: str) -> list[AnyStep]:
        return [one.step for one in at_once(self.store.steps(AlarmId(alarm)))]

    def find(self, alarm: str) -> Alarm:
        return at_once(self.store.find(AlarmId(alarm)))


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    one = Desk(tmp_path, clock)
    yield one
    one.journal.close()


def test_everything_is_stored_in_its_order_and_the_database_is_used_again(desk: Desk) -> None:
    first, other = press("a1", 0), press("a2", 1, "d2")
    desk.keep(first, take(first, 5), other, note(first, 6), resolve(first, 7))
    assert desk.kept.keeping.is_on
    desk.run()
    assert desk.history("a1") == [
        Raised(at=at(0), text=""),
        Taken(at=at(5), by=ANNA),
        Noted(at=at(6), by=ANNA, text="note 6"),
        Resolved(at=at(7), by=ANNA, outcome=Outcome.SOLVED_BY_PHONE),
    ]
    assert [alarm.id for alarm in desk.store.every()] == ["a1", "a2"]
    assert not desk.kept.keeping.is_on
    assert desk.journal.kept() == []
    assert (desk.way.taken, desk.way.backs) == (["a1"], 1)
    assert [one.report.alarm.id for one in desk.way.told] == ["a1", "a2"]


def test_what_comes_meanwhile_waits_for_the_second_look(desk: Desk) -> None:
    """Else a journal into which more comes than a slow database takes is never empty."""
    desk.keep(press("a1", 0))
    waits: list[bool] = []

    def point() -> None:
        waits.append(desk.kept.keeping.is_pausing)
        if len(waits) == 1:
            desk.journal.keep([press("a2", 1, "d2")])

    desk.way.point = point
    desk.run()
    assert waits == [False, False, True, True]
    assert not desk.kept.keeping.is_on
    assert not desk.kept.keeping.is_pausing
    assert [alarm.id for alarm in desk.store.every()] == ["a1", "a2"]


def test_a_slow_server_gets_less_at_once_until_it_takes_it(desk: Desk) -> None:
    """A thousand desks' journals are stored in the end, also by a server that is nearly too busy."""
    desk.keep(*(press(f"a{n}", n, f"d{n}") for n in range(40)))
    sizes: list[int] = []
    refile = desk.way.refile

    async def slow(reports: Sequence[Report]) -> list[Filed]:
        sizes.append(len(reports))
        if len(reports) > 3:
            raise StoreUnavailable("no_answer")
        return await refile(reports)

    desk.way.refile = slow  # type: ignore[method-assign]  # a slow server
    while desk.kept.keeping.is_on:
        with suppress(StoreUnavailable):
            desk.run()
    assert len(desk.store.every()) == 40
    assert sizes[:3] == [40, 10, 2]


def test_a_press_after_an_outcome_is_not_taken_for_a_repeat_of_what_was_closed(desk: Desk) -> None:
    first, again = press("a1", 0), press("a2", 60)
    desk.keep(first, take(first, 5), resolve(first, 7), again, take(again, 65))
    desk.run()
    assert desk.find("a1").repeats == 0
    assert not desk.find("a1").is_open
    assert desk.find("a2").taken_at == at(65)


def test_neither_where_another_desk_closed_it(desk: Desk) -> None:
    first, again = press("a1", 0), press("a2", 60)
    bos = [
        heard(first, Taken(at=at(5), by=BO)),
        heard(first, Resolved(at=at(7), by=BO, outcome=Outcome.FALSE_ALARM)),
    ]
    desk.keep(first, *bos, again)
    desk.run()
    assert desk.find("a1").resolved_by == BO
    assert desk.find("a2").is_untaken


def test_another_desks_claims_alone_are_left_to_it(desk: Desk) -> None:
    first = press("a1", 0)
    desk.keep(first, heard(first, Taken(at=at(5), by=BO)))
    desk.run()
    assert desk.find("a1").is_untaken
    assert not desk.kept.keeping.is_on


def test_a_step_that_was_faster_on_the_disk_than_its_alarm(desk: Desk) -> None:
    first = press("a1", 0)
    desk.keep(take(first, 5), resolve(first, 6), first)
    desk.run()
    assert [type(step) for step in desk.history("a1")] == [Raised, Taken, Resolved]


def test_a_step_that_was_slower_on_the_disk_than_the_next_press(desk: Desk) -> None:
    first, again = press("a1", 0), press("a2", 60)
    desk.keep(first, take(first, 5), again, resolve(first, 7))
    desk.run()
    assert not desk.find("a1").is_open
    assert desk.find("a2").is_untaken


def test_a_step_on_an_alarm_that_was_folded_is_a_step_on_that(desk: Desk) -> None:
    desk.writer.file([press("old", -100)])
    first = press("a1", 0)
    desk.keep(first, take(first, 5))
    desk.run()
    assert desk.find("old").taken_by == ANNA
    assert [type(step) for step in desk.history("old")] == [Raised, Repeated, Taken]


def test_what_others_did_stands_a_person_is_told_and_notes_are_kept(desk: Desk) -> None:
    first = press("a1", 0)
    [filed] = desk.writer.file([first])
    assert filed.alarm is not None
    bos = filed.alarm.after(Taken(at=at(1), by=BO))
    desk.store.put(bos, Taken(at=at(1), by=BO))
    desk.keep(take(first, 5), note(first, 6), resolve(first, 7))
    desk.run()
    assert (desk.find("a1").taken_by, desk.find("a1").taken_at) == (BO, at(1))
    assert desk.history("a1")[-1] == Noted(at=at(6), by=ANNA, text="note 6")
    (conflict,) = [alarm for alarm in desk.store.every() if alarm.code == "claim_conflict"]
    assert conflict.text.split() == [
        *("Anna", at(5).isoformat(), "taken"),
        *("Bo", at(1).isoformat(), "taken"),
    ]
    assert (conflict.device, conflict.kommune) == (first.alarm.device, first.alarm.kommune)
    assert not desk.kept.keeping.is_on


def test_a_conflict_is_one_however_often_and_by_whomever_it_is_told(desk: Desk) -> None:
    first = press("a1", 0)
    [filed] = desk.writer.file([first])
    assert filed.alarm is not None
    desk.store.put(filed.alarm.after(Taken(at=at(1), by=BO)), Taken(at=at(1), by=BO))
    for _ in range(2):
        desk.keep(take(first, 5))
        desk.run()
    conflicts = [alarm for alarm in desk.store.every() if alarm.code == "claim_conflict"]
    assert [alarm.repeats for alarm in conflicts] == [0]


def test_a_step_on_an_alarm_nobody_knows_waits_and_is_told_in_the_end(
    desk: Desk, clock: FakeClock
) -> None:
    lost = press("a1", 0)
    desk.keep(take(lost, 5))
    desk.run()
    assert desk.journal.pending() == 1
    clock.advance(31)
    desk.run()
    assert [report.alarm.code for report in desk.kept.conflicts] == ["claim_conflict"]
    desk.run()
    assert not desk.kept.keeping.is_on


def test_steps_on_what_was_no_alarm_any_more_are_told_at_once(desk: Desk) -> None:
    """Others have told of the level and closed its alarm before this desk could."""
    level = replace(press("a1", 0, key=False), level="leak", key=None)
    desk.writer.file([level])
    raised = desk.find("a1")
    closed = raised.after(Taken(at=at(1), by=BO))
    closed = closed.after(Resolved(at=at(2), by=BO, outcome=Outcome.TECHNICAL))
    desk.store.put(closed, Taken(at=at(1), by=BO))
    again = replace(level, alarm=replace(level.alarm, id=AlarmId("a2")))
    desk.keep(again, take(again, 5), resolve(again, 6))
    desk.run()
    assert desk.journal.pending() == 0
    conflicts = [alarm for alarm in desk.store.every() if alarm.code == "claim_conflict"]
    assert [alarm.repeats for alarm in conflicts] == [0]
    assert [alarm.id for alarm in desk.store.every() if alarm.code == "pendant"] == ["a1"]


def test_what_was_done_to_two_alarms_of_one_device_is_kept_apart(desk: Desk) -> None:
    first, again = press("a1", 0), press("a2", 60)
    desk.writer.file([first])
    desk.keep(take(first, 5), resolve(first, 6))
    desk.run()
    desk.writer.file([again])
    desk.keep(note(first, 61), take(again, 65), note(again, 66))
    desk.run()
    assert desk.find("a2").taken_at == at(65)
    assert desk.history("a1")[-1] == Noted(at=at(61), by=ANNA, text="note 61")
    assert desk.history("a2")[-1] == Noted(at=at(66), by=ANNA, text="note 66")


def test_an_alarm_that_the_broker_delivers_again_is_found_by_what_it_is(desk: Desk) -> None:
    lost = press("a1", 0)
    desk.keep(take(lost, 5))
    desk.run()
    desk.writer.file([replace(lost, alarm=replace(lost.alarm, id=AlarmId("anew")))])
    desk.run()
    assert desk.find("anew").taken_by == ANNA


def test_a_step_that_the_database_refuses_is_told(desk: Desk) -> None:
    first = press("a1", 0)
    desk.keep(first, take(first, 5))
    desk.store.fault = RowRefused("not_served")
    desk.run()
    assert [report.alarm.code for report in desk.kept.conflicts] == ["claim_conflict"]
    assert not desk.kept.keeping.is_on


def test_looks_are_written_into_the_access_log(desk: Desk) -> None:
    look = Look(at=NOW, operator=ANNA, citizen=CitizenId("c1"), what=Looked.CARD)
    at_once(desk.kept.keep([look]))
    desk.reconciling.ask()
    desk.run()
    assert desk.register.log_entries == [look]
    desk.run()
    assert desk.register.log_entries == [look]


def test_a_database_that_goes_away_again_loses_nothing(desk: Desk) -> None:
    first = press("a1", 0)
    desk.keep(first, take(first, 5))
    desk.writer.fault = AWAY
    with pytest.raises(StoreUnavailable):
        desk.run()
    desk.writer.fault, desk.store.fault = None, AWAY
    with pytest.raises(StoreUnavailable):
        desk.run()
    desk.store.fault = None
    desk.run()
    assert desk.history("a1") == [Raised(at=at(0), text=""), Taken(at=at(5), by=ANNA)]


RECORDS = st.lists(
    st.tuples(
        st.sampled_from(["press", "unkeyed", "take", "note", "resolve", "bo"]), st.booleans()
    ),
    min_size=1,
    max_size=9,
)


def a_night(plan: list[tuple[str, bool]]) -> list[Record]:
    """Return what a desk did with two devices, each thing a second after the other."""
    records: list[Record] = []
    latest: dict[str, Report] = {}
    for second, (what, first) in enumerate(plan):
        device = "d1" if first else "d2"
        if what in ("press", "unkeyed") or device not in latest:
            latest[device] = press(f"a{second}", second, device, key=what != "unkeyed")
            records.append(latest[device])
        elif what == "bo":
            records.append(heard(latest[device], Taken(at=at(second), by=BO)))
        else:
            act = {"take": take, "note": note, "resolve": resolve}[what]
            records.append(act(latest[device], second))
    return records


@given(RECORDS, st.integers(1, 60), st.integers(1, 60))
@example(
    # Taken already, then resolved: stored, and killed before the journal knew.
    [("press", True), ("take", True), ("press", True), ("take", True), ("resolve", True)],
    1,
    25,
)
def test_wherever_it_is_killed_the_next_start_ends_the_same(
    plan: list[tuple[str, bool]], crash: int, another: int
) -> None:
    def ended(*crashes: int) -> tuple[object, ...]:
        with TemporaryDirectory() as folder:
            clock = FakeClock()
            desk = Desk(Path(folder), clock)
            desk.keep(*a_night(plan))
            for crash_at in crashes:
                desk.again()
                desk.kept.crash_at = crash_at
                try:
                    desk.run()
                except Crash:
                    continue
            desk.again()
            desk.run()
            clock.advance(60)
            desk.run()
            desk.run()
            assert desk.journal.pending() == 0
            desk.journal.close()
            alarms = [replace(one, received_at=NOW, raised_at=NOW) for one in desk.store.every()]
            return alarms, [desk.history(alarm.id) for alarm in desk.store.every()]

    assert ended(crash, another) == ended()

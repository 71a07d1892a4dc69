"""Claims on a desk's board: shown, told, repeated, lost and let go."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.application.test_standing import a_claim
from tests.builders import ANNA, BO, NOW, a_hub, a_report, an_alarm
from tests.fakes import FakeClock
from tests.fakes_journal import FakeStepJournal
from tests.waiting import at_once
from workstation.adapters.db.journal import LocalJournal
from workstation.application.board import Board
from workstation.application.claims import Claims
from workstation.application.errors import (
    AlreadyTaken,
    Changed,
    JournalFailed,
    StoreUnavailable,
)
from workstation.application.facts import Arrived, KeptHere, Stored
from workstation.application.journal import Heard, OwnStep, Record
from workstation.application.ports import Filed
from workstation.application.standing import LEASE_S, TELL_AGAIN_S
from workstation.domain.alarm import Alarm, IllegalStep
from workstation.domain.claim import Claim, ClaimId, Said
from workstation.domain.kind import Outcome
from workstation.domain.names import AlarmId
from workstation.domain.steps import (
    Noted,
    Released,
    Repeated,
    Reraised,
    ReraisedBecause,
    Resolved,
    Taken,
)

ALARM = an_alarm()
TAKEN = Taken(at=NOW, by=ANNA)
_IDS = count()
RESOLVED = Resolved(at=NOW, by=ANNA, outcome=Outcome.TEST)


class _Other:
    """A journal of which one thing is different."""

    def __init__(self, kept: FakeStepJournal, keep: Any) -> None:
        self.forget, self.set_aside, self.work = kept.forget, kept.set_aside, kept.work
        self.keep = keep


class Desk:
    """One desk's board with its claims; work in the background is done at once."""

    def __init__(self, folder: Path, clock: FakeClock, name: str = "me") -> None:
        self.clock = clock
        self.board = Board(clock, a_hub())
        self.put: list[Alarm] = []
        self.gone: list[AlarmId] = []
        self.board.watch(self.put.append, self.gone.append)
        self.journal = LocalJournal(folder / f"{name}.sqlite", clock)
        self.kept = FakeStepJournal(self.journal)
        self.told: list[Claim] = []
        self.lost: list[tuple[Alarm, Claim]] = []
        self.claims = Claims(
            desk=name,
            board=self.board,
            journal=self.kept,
            announce=self.told.append,
            clock=clock,
            new_id=self._new_id,
            run=self._run,
        )
        self.claims.is_away = lambda: True
        self.claims.watch_lost(lambda alarm, claim: self.lost.append((alarm, claim)))

    def _new_id(self, _at: object) -> str:
        return f"{self.claims.desk}-{next(_IDS)}"

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        at_once(work)

    def act(self, step: Any, alarm: Alarm = ALARM) -> Alarm:
        return at_once(self.claims.act(self.board.get(alarm.id) or alarm, step))

    def act_while(self, keep: Any, step: Any) -> Alarm:
        """Act with a journal whose `keep` is another."""
        journal = _Other(self.kept, keep)
        self.claims._journal, before = journal, self.claims._journal
        try:
            return self.act(step)
        finally:
            self.claims._journal = before

    @property
    def shown(self) -> Alarm:
        (alarm,) = self.board.alarms()
        return alarm

    def records(self) -> list[object]:
        return [entry.record for entry in self.journal.kept()]


@pytest.fixture
def make(tmp_path: Path, clock: FakeClock, request: pytest.FixtureRequest) -> Callable[..., Desk]:
    def one(name: str = "me") -> Desk:
        desk = Desk(tmp_path, clock, name)
        request.addfinalizer(desk.journal.close)
        return desk

    return one


@pytest.fixture
def desk(make: Callable[..., Desk]) -> Desk:
    one = make()
    one.board.load([ALARM])
    return one


def test_a_step_is_kept_shown_and_told(desk: Desk) -> None:
    taken = desk.act(TAKEN)
    assert taken == desk.shown
    assert (taken.taken_by, taken.taken_at, taken.saved, taken.version) == (ANNA, NOW, True, 0)
    (claim,) = desk.told
    assert taken.provisional == claim
    assert (claim.what, claim.operator, claim.desk, claim.stored) == (Said.TAKEN, ANNA, "me", False)
    assert desk.records() == [OwnStep(claim=claim, alarm=ALARM, step=TAKEN)]
    assert desk.claims.has(ALARM.id)
    assert desk.claims.must_keep(ALARM.id)
    assert desk.claims.steps(ALARM.id) == [TAKEN]


def test_an_illegal_step_is_refused_as_ever(desk: Desk) -> None:
    with pytest.raises(IllegalStep):
        desk.act(RESOLVED)
    assert (desk.told, desk.records()) == ([], [])


def test_a_disk_that_takes_nothing_lets_nothing_be_claimed(desk: Desk) -> None:
    desk.kept.fault = JournalFailed("full")
    with pytest.raises(StoreUnavailable) as refused:
        desk.act(TAKEN)
    assert refused.value.reason == "journal_full"
    assert desk.shown == ALARM
    assert desk.told == []


def test_a_closed_one_leaves_and_can_still_be_noted(desk: Desk) -> None:
    desk.act(TAKEN)
    desk.act(RESOLVED)
    assert desk.board.alarms() == []
    closed = desk.claims.shown(ALARM.id)
    assert closed is not None
    noted = at_once(desk.claims.act(closed, Noted(at=NOW, by=ANNA, text="x")))
    assert not noted.is_open
    assert desk.board.alarms() == []


def test_who_calls_again_after_that_is_shown_anew(desk: Desk) -> None:
    desk.act(TAKEN)
    desk.act(RESOLVED)
    again = an_alarm("a2", received_at=desk.clock.advance(60))
    desk.board.arrived(Arrived(reports=(a_report(again),)))
    assert desk.shown == again


# --- the others ---


def test_what_others_say_is_shown_kept_and_ends_with_their_word(desk: Desk) -> None:
    taken = a_claim(Said.TAKEN, BO, "b")
    desk.claims.hear(taken)
    assert (desk.shown.taken_by, desk.shown.provisional) == (BO, taken)
    assert desk.records() == [Heard(claim=taken, heard_at=NOW)]
    desk.claims.hear(a_claim(Said.RELEASED, BO, "b", 5))
    assert desk.shown.is_untaken
    desk.claims.hear(a_claim(Said.TAKEN, BO, "b", 6))
    desk.claims.hear(a_claim(Said.RESOLVED, BO, "b", 7))
    assert desk.board.alarms() == []


def test_what_is_heard_twice_counts_once(desk: Desk) -> None:
    taken = a_claim(Said.TAKEN, BO, "b")
    desk.claims.hear(taken)
    before = list(desk.put)
    desk.claims.hear(taken)
    assert desk.put == before
    assert len(desk.records()) == 1


def test_ones_own_word_comes_back_and_is_nothing(desk: Desk) -> None:
    desk.act(TAKEN)
    shown = desk.shown
    desk.claims.hear(desk.told[0])
    assert desk.shown == shown


def test_a_claim_on_nothing_here_is_nothing(desk: Desk) -> None:
    desk.claims.hear(a_claim(Said.TAKEN, BO, "b", fold_key="0510/other/emergency/pendant"))
    desk.claims.hear(a_claim(Said.TAKEN, BO, "b", -60, raised_at=NOW.replace(year=2025)))
    assert desk.shown == ALARM
    assert desk.records() == []


def test_what_the_database_says_replaces_it_as_far_as_it_says_more(desk: Desk) -> None:
    desk.claims.hear(a_claim(Said.TAKEN, BO, "b"))
    pressed = ALARM.after(Repeated(at=NOW))
    desk.board.put(pressed)
    assert (desk.shown.taken_by, desk.shown.repeats) == (BO, 1)
    stored = pressed.after(Taken(at=NOW, by=BO))
    desk.board.put(stored)
    assert desk.shown == stored
    desk.board.put(stored.after(replace(RESOLVED, by=BO)))
    assert desk.board.alarms() == []
    assert desk.records() == []


def test_what_others_stored_counts_only_where_the_database_is_away(desk: Desk) -> None:
    stored = a_claim(Said.TAKEN, BO, "b", stored=True)
    desk.claims.is_away = lambda: False
    desk.claims.hear(stored)
    assert desk.shown == ALARM
    desk.claims.is_away = lambda: True
    desk.claims.hear(stored)
    assert desk.shown.taken_by == BO
    desk.claims.back()
    assert desk.shown == ALARM


def test_what_a_desk_says_is_settled_is_the_databases_to_tell(desk: Desk) -> None:
    claims = [a_claim(Said.TAKEN, BO, "b"), a_claim(Said.RESOLVED, BO, "b", 5)]
    for claim in claims:
        desk.claims.hear(claim)
    assert desk.board.alarms() == []
    desk.claims.hear(replace(claims[-1], stored=True))
    assert desk.board.alarms() == [], "it cannot look there yet"
    desk.clock.advance(10 * LEASE_S[Said.RESOLVED])
    desk.claims.look()
    assert desk.board.alarms() == []
    desk.claims.is_away = lambda: False
    desk.claims.back()
    assert desk.shown == ALARM
    for claim in claims:
        desk.claims.hear(replace(claim, id=ClaimId(f"{claim.id}-again")))
    desk.claims.hear(replace(claims[-1], id=ClaimId(f"{claims[-1].id}-again"), stored=True))
    assert desk.shown == ALARM
    assert desk.records() == []


def test_what_was_stored_is_told_once_as_settled(desk: Desk) -> None:
    desk.act(TAKEN)
    desk.act(Noted(at=NOW, by=ANNA, text="x"))
    before = list(desk.told)
    desk.claims.tell_settled(before)
    desk.claims.tell_settled(before[1:])
    assert desk.told == [*before, replace(before[0], stored=True)]


def test_a_desk_with_the_database_answers_one_without(desk: Desk) -> None:
    desk.claims.is_away = lambda: False
    desk.board.put(ALARM.after(Taken(at=NOW, by=ANNA)))
    desk.claims.hear(a_claim(Said.TAKEN, BO, "b", 5))
    (answer,) = desk.told
    assert (answer.operator, answer.stored, answer.at) == (ANNA, True, NOW)
    assert desk.shown.taken_by == ANNA


def test_what_is_stored_here_is_told_for_those_who_cannot_look(desk: Desk) -> None:
    desk.claims.tell_stored(ALARM, TAKEN)
    desk.claims.tell_stored(ALARM, Noted(at=NOW, by=ANNA, text="x"))
    assert [(claim.what, claim.stored) for claim in desk.told] == [(Said.TAKEN, True)]


# --- who is first ---


def test_who_comes_second_is_told_at_once_and_its_steps_are_put_aside(desk: Desk) -> None:
    desk.act(TAKEN)
    desk.act(Noted(at=NOW, by=ANNA, text="x"))
    earlier = a_claim(Said.TAKEN, BO, "b", -1)
    desk.claims.hear(earlier)
    assert desk.shown.taken_by == BO
    assert [claim for _alarm, claim in desk.lost] == [earlier]
    (conflict,) = desk.kept.conflicts
    assert conflict.key == f"claim/{desk.told[0].id}"
    steps = [one.step for one in desk.records() if isinstance(one, OwnStep)]
    assert steps == [Noted(at=NOW, by=ANNA, text="x")]


def test_who_was_first_stays_and_writes_the_same_conflict(make: Callable[..., Desk]) -> None:
    anna, bo = make("a"), make("b")
    for desk in (anna, bo):
        desk.board.load([ALARM])
    anna.act(TAKEN)
    bo.act(Taken(at=desk.clock.advance(1), by=BO))
    anna.claims.hear(bo.told[0])
    bo.claims.hear(anna.told[0])
    assert anna.shown.taken_by == bo.shown.taken_by == ANNA
    assert (anna.lost, len(bo.lost)) == ([], 1)
    (annas,), (bos,) = anna.kept.conflicts, bo.kept.conflicts
    assert (annas.key, annas.alarm.id, annas.alarm.text) == (bos.key, bos.alarm.id, bos.alarm.text)


def test_what_does_not_stand_when_it_is_written_down_is_not_done(
    make: Callable[..., Desk],
) -> None:
    """Another desk's word, or the citizen, is faster than this machine's disk."""
    desk = make()
    desk.board.load([ALARM])
    desk.act(TAKEN)

    def meanwhile(act: Callable[[], None]) -> Callable[..., Coroutine[Any, Any, list[int]]]:
        keep = desk.kept.keep

        async def slow(records: Sequence[Record]) -> list[int]:
            seqs = await keep(records)
            act()
            return seqs

        return slow

    kept = desk.journal.pending()
    pressed = replace(ALARM, version=1, repeats=1, repeated_at=NOW.replace(year=2027))
    with pytest.raises(Changed):
        desk.act_while(meanwhile(lambda: desk.board.put(pressed)), RESOLVED)
    assert desk.shown.taken_by == ANNA
    earlier = a_claim(Said.TAKEN, BO, "b", -1)
    later = Released(at=NOW, by=ANNA)
    with pytest.raises(AlreadyTaken) as refused:
        desk.act_while(meanwhile(lambda: desk.claims.hear(earlier)), later)
    assert (refused.value.by, refused.value.provisional) == (BO, True)
    assert desk.shown.taken_by == BO
    assert desk.journal.pending() <= kept


# --- time ---


def test_a_desk_repeats_what_it_has_and_others_believe_it_as_long(desk: Desk) -> None:
    desk.act(TAKEN)
    desk.clock.advance(TELL_AGAIN_S[Said.TAKEN])
    desk.claims.look()
    assert desk.told == [desk.told[0]] * 2


def test_much_is_repeated_a_part_at_a_time(desk: Desk) -> None:
    """Every desk has to hear all that every other desk says."""
    desk.act(TAKEN)
    for number in range(49):
        alarm = an_alarm(f"b{number}", code=f"c{number}")
        desk.board.put(alarm)
        desk.act(TAKEN, alarm)
    first = [claim.id for claim in desk.told]
    desk.clock.advance(TELL_AGAIN_S[Said.TAKEN])
    told = []
    for _second in range(3):
        desk.told.clear()
        desk.claims.look()
        told.append(len(desk.told))
        first = [one for one in first if one not in [claim.id for claim in desk.told]]
        desk.clock.advance(1)
    assert max(told) <= 20
    assert first == []


def test_a_desk_that_fell_silent_gives_its_alarms_back_loudly(desk: Desk) -> None:
    taken = a_claim(Said.TAKEN, BO, "b")
    desk.claims.hear(taken)
    for _ in range(3):
        desk.clock.advance(LEASE_S[Said.TAKEN] - 1)
        desk.claims.hear(taken)
        desk.claims.look()
        assert desk.shown.taken_by == BO
    desk.clock.advance(LEASE_S[Said.TAKEN])
    desk.claims.look()
    assert desk.put[-1] == ALARM
    assert desk.records() == []


def test_nothing_runs_out_while_nobody_could_repeat_it(desk: Desk) -> None:
    desk.claims.hear(a_claim(Said.TAKEN, BO, "b"))
    desk.claims.listen(hears=False)
    desk.clock.advance(10 * LEASE_S[Said.TAKEN])
    desk.claims.look()
    assert desk.shown.taken_by == BO
    desk.claims.listen(hears=True)
    desk.claims.look()
    assert desk.shown.taken_by == BO
    desk.clock.advance(LEASE_S[Said.TAKEN])
    desk.claims.look()
    assert desk.shown == ALARM


def test_the_hubs_rules_count_at_this_desk_until_the_database_is_back(desk: Desk) -> None:
    desk.claims.hear(a_claim(Said.TAKEN, BO, "b"))
    rule = Reraised(at=NOW, because=ReraisedBecause.UNTOUCHED)
    assert desk.claims.act_alone(desk.shown, rule).is_untaken
    assert desk.shown.is_untaken
    assert [type(record) for record in desk.records()] == [Heard]
    desk.claims.back()
    assert desk.shown.taken_by == BO


# --- the database again, and the next start ---


def test_what_is_stored_is_no_claim_any_more(desk: Desk) -> None:
    desk.act(TAKEN)
    stored = ALARM.after(TAKEN)
    desk.claims.settle(stored, [desk.told[0].id])
    assert desk.shown == stored
    assert not desk.claims.has(ALARM.id)
    desk.claims.settle(ALARM, [])
    assert desk.shown == stored, "older news changes nothing"


def test_an_alarm_that_is_folded_takes_its_steps_along(make: Callable[..., Desk]) -> None:
    desk = make()
    report = a_report(an_alarm("mine"))
    desk.board.arrived(Arrived(reports=(report,)))
    desk.board.kept_here(KeptHere(alarms=(report.alarm.id,), reason="unreachable"))
    assert (desk.shown.kept, desk.shown.saved) == (True, False)
    desk.act(TAKEN, report.alarm)
    theirs = replace(ALARM, version=2, repeats=1)
    fact = Stored(filed=(Filed(report=report, alarm=theirs, folded=True),))
    desk.claims.stored(fact)
    desk.board.stored(fact)
    assert (desk.shown.id, desk.shown.taken_by, desk.shown.kept) == (ALARM.id, ANNA, False)
    assert desk.shown.provisional is not None


def test_the_next_start_shows_what_was_done_and_heard(make: Callable[..., Desk]) -> None:
    before = make()
    other = an_alarm("a2", device="d2")
    before.board.load([ALARM, other])
    before.act(TAKEN)
    before.claims.hear(a_claim(Said.TAKEN, BO, "b", fold_key=other.fold_key))
    before.journal.close()
    after = make()
    after.board.arrived(Arrived(reports=(a_report(other),)))
    for entry in after.journal.kept():
        assert isinstance(entry.record, OwnStep | Heard)
        after.claims.restore(entry.seq, entry.record)
    shown = {alarm.id: alarm.taken_by for alarm in after.board.alarms()}
    assert shown == {"a1": ANNA, "a2": BO}
    after.act(Released(at=NOW, by=ANNA))
    assert next(one for one in after.board.alarms() if one.id == "a1").is_untaken


# --- while a step was written down ---


def test_a_step_on_an_alarm_that_is_folded_meanwhile_is_on_the_one_it_became(
    make: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make()
    report = a_report(an_alarm("mine"))
    desk.board.arrived(Arrived(reports=(report,)))
    fact = Stored(filed=(Filed(report=report, alarm=replace(ALARM, version=2), folded=True),))

    def folded() -> None:
        desk.claims.stored(fact)
        desk.board.stored(fact)

    _meanwhile(desk, monkeypatch, folded)
    taken = desk.act(TAKEN, report.alarm)
    assert (taken.id, taken.taken_by) == (ALARM.id, ANNA)
    assert desk.board.alarms() == [taken]


@pytest.mark.parametrize("stored", [False, True])
def test_who_was_beaten_while_it_was_written_down_has_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, *, stored: bool
) -> None:
    def beaten() -> None:
        if stored:
            desk.board.put(ALARM.after(Taken(at=NOW, by=BO)))
        else:
            desk.claims.hear(a_claim(Said.TAKEN, BO, "b", -1))

    _meanwhile(desk, monkeypatch, beaten)
    with pytest.raises(AlreadyTaken) as refused:
        desk.act(TAKEN)
    assert (refused.value.by, refused.value.provisional) == (BO, True)
    assert desk.shown.taken_by == BO
    assert [one for one in desk.records() if isinstance(one, OwnStep)] == []


def test_who_closed_it_before_the_citizen_called_again_does_not_have_it(desk: Desk) -> None:
    desk.claims.hear(a_claim(Said.RESOLVED, BO, "b", -5))
    desk.board.put(ALARM.after(Repeated(at=NOW)))
    assert desk.shown.is_untaken
    assert desk.act(TAKEN).taken_by == ANNA


def _meanwhile(desk: Desk, monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> None:
    keep, left = desk.kept.keep, [happens]

    async def slowly(records: Any) -> list[int]:
        seqs = await keep(records)
        if left:
            left.pop()()
        return seqs

    monkeypatch.setattr(desk.kept, "keep", slowly)

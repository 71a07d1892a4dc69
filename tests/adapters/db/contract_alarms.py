"""What any AlarmWriter and AlarmStore over the same alarms do."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.adapters.db.making import (
    ANNA,
    PENDANT,
    START,
    at,
    make_alarm,
    make_level,
    make_report,
    run,
)
from workstation.application.errors import Changed, NotFound, RowRefused
from workstation.application.ports import AlarmStore, AlarmWriter
from workstation.domain.alarm import Alarm, State
from workstation.domain.kind import Kind, Outcome
from workstation.domain.names import AlarmId, CitizenId, DeviceName
from workstation.domain.steps import (
    AnyStep,
    Noted,
    Raised,
    Repeated,
    Resolved,
    Restored,
    Taken,
)


class AlarmsContract:
    """A subclass has the fixtures `writer` and `store`."""

    # --- an edge ---

    def test_a_new_report_is_raised(self, writer: AlarmWriter, store: AlarmStore) -> None:
        report = make_report(make_alarm(saved=False), key="k")
        [filed] = writer.file([report])
        assert filed.alarm == replace(report.alarm, saved=True)
        assert (filed.report, filed.known, filed.folded) == (report, False, False)
        assert run(store.open_alarms()) == [filed.alarm]
        assert history(store, report.alarm.id) == [Raised(at=START, text="SOS")]

    def test_a_press_repeats_the_open_alarm(self, writer: AlarmWriter, store: AlarmStore) -> None:
        [first] = writer.file([make_report(make_alarm(message_id="1"))])
        again = make_report(make_alarm(received_at=at(5), text="again", message_id="2"))
        [filed] = writer.file([again])
        assert filed.folded
        assert not filed.known
        assert filed.alarm == replace(
            the(first.alarm), repeats=1, repeated_at=at(5), message_id="2", version=1
        )
        assert run(store.open_alarms()) == [filed.alarm]
        assert history(store, the(filed.alarm).id) == [
            Raised(at=START, text="SOS"),
            Repeated(at=at(5), text="again"),
        ]

    def test_a_repeat_without_an_id_leaves_the_one_to_answer(self, writer: AlarmWriter) -> None:
        writer.file([make_report(make_alarm(message_id="1"))])
        [filed] = writer.file([make_report()])
        assert the(filed.alarm).message_id == "1"

    def test_a_repeat_reaches_a_taken_alarm(self, writer: AlarmWriter, store: AlarmStore) -> None:
        [raised] = writer.file([make_report()])
        taken = take(store, the(raised.alarm))
        [filed] = writer.file([make_report()])
        assert (the(filed.alarm).state, the(filed.alarm).version) == (State.TAKEN, 2)
        assert the(filed.alarm).taken_by == taken.taken_by

    def test_after_a_resolved_alarm_comes_a_new_one(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        [raised] = writer.file([make_report()])
        resolve(store, the(raised.alarm))
        [filed] = writer.file([make_report()])
        assert not filed.folded
        assert the(filed.alarm).id != the(raised.alarm).id
        assert run(store.open_alarms()) == [filed.alarm]

    @pytest.mark.parametrize(
        "other", [{"device": DeviceName("d2")}, {"kind": Kind.TECHNICAL}, {"code": "fall"}]
    )
    def test_another_device_kind_or_code_is_another_alarm(
        self, writer: AlarmWriter, store: AlarmStore, other: dict[str, str]
    ) -> None:
        writer.file([make_report(), make_report(make_alarm(**other))])
        assert len(run(store.open_alarms())) == 2

    def test_a_thousand_presses_in_one_batch_are_one_alarm(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        filed = writer.file([make_report(make_alarm(received_at=at(n))) for n in range(1000)])
        assert [the(one.alarm).repeats for one in filed] == list(range(1000))
        [standing] = run(store.open_alarms())
        assert (standing.repeats, standing.version, standing.repeated_at) == (999, 999, at(999))
        steps = run(store.steps(standing.id))
        assert [type(one.step) for one in steps] == [Raised] + [Repeated] * 200
        assert steps[-1].step.at == at(999)

    def test_the_whole_alarm_comes_back(self, writer: AlarmWriter, store: AlarmStore) -> None:
        alarm = make_alarm(
            priority=2,
            citizen=CitizenId("c1"),
            location="Badeværelse",
            voice="sip:17@unit",
            retained=True,
            message_id="m",
            raw=b"\x00\xff{",
            text="før\nefter",
            raised_at=START - timedelta(microseconds=1),
        )
        writer.file([make_report(alarm)])
        assert run(store.find(alarm.id)) == alarm

    # --- the same message ---

    def test_the_same_key_and_body_is_the_same_message(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        [first] = writer.file([make_report(key="k", body_hash="h")])
        [again] = writer.file([make_report(key="k", body_hash="h")])
        assert (again.alarm, again.known, again.folded) == (first.alarm, True, False)
        assert history(store, the(first.alarm).id) == [Raised(at=START, text="SOS")]

    def test_a_known_message_of_a_resolved_alarm_stays_known(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        [first] = writer.file([make_report(key="k", body_hash="h")])
        done = resolve(store, the(first.alarm))
        [again] = writer.file([make_report(key="k", body_hash="h")])
        assert (again.alarm, again.known) == (done, True)
        assert run(store.open_alarms()) == []

    def test_a_message_folded_into_an_alarm_is_known_too(self, writer: AlarmWriter) -> None:
        writer.file([make_report(key="1"), make_report(key="2", body_hash="h")])
        [again] = writer.file([make_report(key="2", body_hash="h")])
        assert again.known
        assert the(again.alarm).repeats == 1

    def test_the_same_message_twice_in_a_batch(self, writer: AlarmWriter) -> None:
        first, again = writer.file([make_report(key="k", body_hash="h")] * 2)
        assert (first.known, again.known) == (False, True)
        assert again.alarm == first.alarm

    @pytest.mark.parametrize("one_batch", [True, False])
    def test_the_same_key_with_another_body_is_another_alarm_and_a_technical_one(
        self, writer: AlarmWriter, store: AlarmStore, one_batch: bool
    ) -> None:
        reports = [
            make_report(make_alarm(message_id="7", raw=b"1"), key="k", body_hash="h1"),
            make_report(make_alarm(message_id="7", raw=b"2"), key="k", body_hash="h2"),
        ]
        if one_batch:
            first, own, technical = writer.file(reports)
        else:
            [first], [own, technical] = (writer.file([report]) for report in reports)
        assert the(own.alarm).id == reports[1].alarm.id
        assert not own.folded
        assert own.report is technical.report is reports[1]
        about = the(technical.alarm)
        assert (about.kind, about.code, about.text) == (Kind.TECHNICAL, "duplicate_id", "7")
        assert (about.device, about.raw) == (PENDANT, b"2")
        everything = {the(one.alarm).id for one in (first, own, technical)}
        assert {alarm.id for alarm in run(store.open_alarms())} == everything

    def test_the_other_body_is_known_when_it_comes_again(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        writer.file([make_report(key="k", body_hash="h1")])
        own, _technical = writer.file([make_report(key="k", body_hash="h2")])
        [again] = writer.file([make_report(key="k", body_hash="h2")])
        assert (again.alarm, again.known) == (own.alarm, True)
        assert len(run(store.open_alarms())) == 3

    def test_the_other_body_is_not_lost_beside_the_known_one(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        """A batch of nothing but known messages is stored without a turn; this is none."""
        writer.file([make_report(key="k", body_hash="h1")])
        bodies = [make_report(key="k", body_hash=body) for body in ("h2", "h1")]
        filed = writer.file(bodies)
        assert [one.known for one in filed if one.report is bodies[1]] == [True]
        assert [one.known for one in filed if one.report is bodies[0]] == [False, False]
        assert len(run(store.open_alarms())) == 3

    def test_a_third_body_repeats_the_technical_alarm(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        for body in ("h1", "h2"):
            writer.file([make_report(key="k", body_hash=body)])
        own, technical = writer.file([make_report(key="k", body_hash="h3")])
        assert not own.folded
        assert technical.folded
        assert the(technical.alarm).repeats == 1
        assert len(run(store.open_alarms())) == 4

    def test_without_a_key_the_same_bytes_are_another_press(self, writer: AlarmWriter) -> None:
        writer.file([make_report(body_hash="h")])
        [again] = writer.file([make_report(body_hash="h")])
        assert again.folded

    @pytest.mark.parametrize("one_batch", [True, False])
    @pytest.mark.parametrize("retained", [True, False])
    def test_without_a_key_a_redelivery_of_the_same_bytes_is_known(
        self, writer: AlarmWriter, retained: bool, one_batch: bool
    ) -> None:
        again = make_report(body_hash="h", retained=retained, duplicate=not retained)
        reports = [make_report(body_hash="h"), again]
        if one_batch:
            first, known = writer.file(reports)
        else:
            [first], [known] = (writer.file([report]) for report in reports)
        assert (known.alarm, known.known) == (first.alarm, True)

    def test_a_redelivery_of_other_bytes_is_another_press(self, writer: AlarmWriter) -> None:
        writer.file([make_report(body_hash="h1")])
        [again] = writer.file([make_report(body_hash="h2", duplicate=True)])
        assert again.folded

    def test_a_redelivered_press_after_its_alarm_was_closed_is_raised(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        """It may be a later press with the same bytes, which was never stored."""
        [first] = writer.file([make_report(body_hash="h")])
        resolve(store, the(first.alarm))
        [again] = writer.file([make_report(body_hash="h", duplicate=True)])
        assert not again.known
        assert the(again.alarm).is_open

    def test_a_retained_event_comes_at_every_start_and_is_known_for_ever(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        [first] = writer.file([make_report(body_hash="h", retained=True)])
        resolve(store, the(first.alarm))
        [again] = writer.file([make_report(body_hash="h", retained=True)])
        assert again.known

    def test_a_batch_that_got_through_unseen_is_known_when_tried_again(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        report = make_report()
        writer.file([report])
        [again] = writer.file([report])
        assert again.known
        assert history(store, report.alarm.id) == [Raised(at=START, text="SOS")]

    # --- a level ---

    def test_a_level_is_one_alarm_while_it_lasts(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        [first] = writer.file([make_level(active=True)])
        [again] = writer.file([make_level(active=True)])
        assert (again.alarm, again.known, again.folded) == (first.alarm, True, False)
        assert writer.levels() == {first.report.level}
        assert run(store.open_alarms()) == [first.alarm]

    def test_a_level_that_ends_restores_its_alarm(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        [first] = writer.file([make_level(active=True)])
        [over] = writer.file([make_level(active=False, received_at=at(9))])
        assert over.alarm == replace(the(first.alarm), restored_at=at(9), version=1)
        assert writer.levels() == frozenset()
        assert run(store.open_alarms()) == [over.alarm]
        assert history(store, the(first.alarm).id)[1:] == [Restored(at=at(9))]

    def test_a_level_that_never_held_says_nothing(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        [filed] = writer.file([make_level(active=False)])
        assert filed.alarm is None
        assert writer.levels() == frozenset()
        assert run(store.listed(everything=True, since=None)) == []

    def test_a_level_that_comes_back_repeats_the_open_alarm(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        filed = writer.file([make_level(active) for active in (True, False, True)])
        assert filed[-1].folded
        [standing] = run(store.open_alarms())
        assert (standing.repeats, standing.version) == (1, 2)

    def test_a_level_that_ends_after_its_alarm_was_closed_says_nothing(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        [first] = writer.file([make_level(active=True)])
        resolve(store, the(first.alarm))
        [over] = writer.file([make_level(active=False)])
        assert over.alarm is None
        assert writer.levels() == frozenset()

    def test_a_level_that_still_holds_does_not_raise_a_closed_alarm_again(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        [first] = writer.file([make_level(active=True)])
        resolve(store, the(first.alarm))
        [again] = writer.file([make_level(active=True)])
        assert again.alarm is None
        assert run(store.open_alarms()) == []

    def test_a_level_with_an_id_of_its_own_raises_a_closed_alarm_again(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        [first] = writer.file([replace(make_level(active=True), key="k1")])
        [open_still] = writer.file([replace(make_level(active=True), key="k2")])
        assert the(open_still.alarm).id == the(first.alarm).id
        resolve(store, the(first.alarm))
        third = replace(make_level(active=True), key="k3")
        [again], [repeated] = writer.file([third]), writer.file([third])
        assert the(again.alarm).id != the(first.alarm).id
        assert repeated.known
        assert [one.id for one in run(store.open_alarms())] == [the(again.alarm).id]

    # --- all or nothing ---

    @pytest.mark.parametrize("field", ["text", "code", "device", "message_id"])
    def test_a_row_that_cannot_be_stored_refuses_the_whole_batch(
        self, writer: AlarmWriter, store: AlarmStore, field: str
    ) -> None:
        poison = make_alarm(**{field: "half \ud83d"})
        with pytest.raises(RowRefused):
            writer.file([make_report(key="k"), make_report(poison)])
        assert run(store.changed_since(0)) == (0, [])
        [filed] = writer.file([make_report(key="k")])
        assert not filed.known

    # --- steps ---

    def test_save_keeps_the_alarm_and_the_step(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        [raised] = writer.file([make_report()])
        taken = take(store, the(raised.alarm))
        assert run(store.find(taken.id)) == taken
        assert history(store, taken.id)[1:] == [Taken(at=at(60), by=ANNA)]

    def test_a_save_from_an_old_version_is_refused_and_tells_what_stands(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        [raised] = writer.file([make_report()])
        taken = take(store, the(raised.alarm))
        late = Noted(at=at(61), by=ANNA, text="mine")
        with pytest.raises(Changed) as refusal:
            run(store.save(the(raised.alarm).after(late), late, expected_version=0))
        assert refusal.value.current == taken
        assert late not in history(store, taken.id)

    def test_a_save_of_what_is_not_there(self, store: AlarmStore) -> None:
        alarm, step = make_alarm(), Taken(at=at(1), by=ANNA)
        with pytest.raises(NotFound):
            run(store.save(alarm.after(step), step, expected_version=0))

    def test_a_step_that_cannot_be_stored_changes_nothing(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        [raised] = writer.file([make_report()])
        step = Noted(at=at(1), by=ANNA, text="half \ud83d")
        with pytest.raises(RowRefused):
            run(store.save(the(raised.alarm).after(step), step, expected_version=0))
        assert run(store.find(the(raised.alarm).id)) == raised.alarm

    # --- reading ---

    def test_an_unknown_alarm(self, store: AlarmStore) -> None:
        with pytest.raises(NotFound):
            run(store.find(AlarmId("nobody")))
        assert run(store.steps(AlarmId("nobody"))) == []

    def test_what_changed_since(self, writer: AlarmWriter, store: AlarmStore) -> None:
        assert run(store.changed_since(0)) == (0, [])
        first, second = writer.file(
            [make_report(), make_report(make_alarm(device=DeviceName("d2")))]
        )
        seq, changed = run(store.changed_since(0))
        assert by_id(changed) == by_id([the(first.alarm), the(second.alarm)])
        assert run(store.changed_since(seq)) == (seq, [])
        taken = take(store, the(second.alarm))
        later, changed = run(store.changed_since(seq))
        assert later > seq
        assert changed == [taken]
        assert run(store.changed_since(2**62)) == (later, [])

    def test_what_is_known_of_what_changed_is_left_out(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        alarms = [make_alarm(device=DeviceName(f"d{number}")) for number in range(1200)]
        stored = [the(one.alarm) for one in writer.file([make_report(alarm) for alarm in alarms])]
        _seq, changed = run(store.changed_since(0, {stored[7].id: 0}.get))
        assert by_id(changed) == by_id([one for one in stored if one is not stored[7]])
        taken = take(store, stored[7])
        everything = {one.id: 0 for one in stored}
        assert run(store.changed_since(0, everything.get))[1] == [taken]

    def test_similar_alarms_are_the_citizens(self, writer: AlarmWriter, store: AlarmStore) -> None:
        def raised(device: str, **fields: object) -> Alarm:
            alarm = make_alarm(device=DeviceName(device), citizen=CitizenId("c1"), **fields)
            return the(writer.file([make_report(alarm)])[0].alarm)

        old = raised("d1", received_at=at(-100))
        newer = raised("d2", received_at=at(-1))
        raised("d3", received_at=at(-101))
        raised("d4", kind=Kind.TECHNICAL)
        make_alarm(device=DeviceName("d5"), citizen=CitizenId("c2"))
        this = raised("d6")
        assert run(store.similar(this, at(-100))) == [newer, old]

    def test_similar_alarms_of_nobody_are_the_devices(
        self, writer: AlarmWriter, store: AlarmStore
    ) -> None:
        [first] = writer.file([make_report()])
        done = resolve(store, the(first.alarm))
        writer.file([make_report(make_alarm(device=DeviceName("d2")))])
        [this] = writer.file([make_report(make_alarm(received_at=at(200)))])
        assert run(store.similar(the(this.alarm), START)) == [done]

    def test_the_list_is_newest_last(self, writer: AlarmWriter, store: AlarmStore) -> None:
        first, second, third = (
            the(writer.file([make_report(make_alarm(received_at=at(n), code=str(n)))])[0].alarm)
            for n in range(3)
        )
        second = resolve(store, second)
        assert run(store.listed(everything=False, since=None)) == [first, third]
        assert run(store.listed(everything=True, since=None)) == [first, second, third]
        assert run(store.listed(everything=True, since=at(1))) == [second, third]
        assert run(store.listed(everything=True, since=None, limit=2)) == [second, third]


def the(alarm: Alarm | None) -> Alarm:
    assert alarm is not None
    return alarm


def by_id(alarms: list[Alarm]) -> list[Alarm]:
    return sorted(alarms, key=lambda alarm: alarm.id)


def history(store: AlarmStore, alarm: AlarmId) -> list[AnyStep]:
    return [one.step for one in run(store.steps(alarm))]


def take(store: AlarmStore, alarm: Alarm) -> Alarm:
    return step(store, alarm, Taken(at=at(60), by=ANNA))


def resolve(store: AlarmStore, alarm: Alarm) -> Alarm:
    return step(
        store, take(store, alarm), Resolved(at=at(90), by=ANNA, outcome=Outcome.FALSE_ALARM)
    )


def step(store: AlarmStore, alarm: Alarm, what: AnyStep) -> Alarm:
    after = alarm.after(what)
    run(store.save(after, what, expected_version=alarm.version))
    return after

"""The rules of what is heard, on a clock that the test moves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.application.sounding import Sounding
from workstation.application.tones import (
    EVERY,
    LASTS,
    LOUDER_AFTER,
    TONE,
    Level,
    Play,
    SoundFact,
    Tone,
    fact_of,
)
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId, DeviceName, Kommune, Operator
from workstation.domain.steps import Escalated, Repeated, Reraised, ReraisedBecause, Taken

START = 1000.0
AT = datetime(2026, 3, 14, 18, 0, tzinfo=UTC)
ANNA = Operator("anna")
EMERGENCY_TONES = (Tone.EMERGENCY, Tone.EMERGENCY_LOUD)


def fact(alarm="a", kind=Kind.EMERGENCY, **more):
    return SoundFact(alarm=AlarmId(alarm), kind=kind, **{"untaken": True, **more})


def heard(sounding, *, start=START, end, in_call=False):
    """Ask whenever the rules want to be asked; return (seconds from START, tone, level)."""
    now: float | None = start
    result = []
    while now is not None and now <= end:
        cue = sounding.due(now, in_call=in_call)
        if cue.play:
            result.append((now - START, cue.play.tone, cue.play.level))
        assert cue.next_at is None or cue.next_at > now
        now = cue.next_at
    return result


def alarm(kind=Kind.EMERGENCY):
    return Alarm(
        id=AlarmId("a"), kind=kind, code="sos", text="", device=DeviceName("d"),
        kommune=Kommune("0510"), source=Source.HUB, raised_at=AT, received_at=AT,
    )  # fmt: skip


def test_a_quiet_desk_asks_for_nothing():
    cue = Sounding().due(START)
    assert (cue.play, cue.hush, cue.next_at) == (None, False, None)


def test_an_emergency_repeats_every_five_seconds_and_grows_loud_after_twenty():
    sounding = Sounding()
    sounding.put(START, fact())
    assert heard(sounding, end=START + 26) == [
        (0, Tone.EMERGENCY, Level.NORMAL),
        (5, Tone.EMERGENCY, Level.NORMAL),
        (10, Tone.EMERGENCY, Level.NORMAL),
        (15, Tone.EMERGENCY, Level.NORMAL),
        (20, Tone.EMERGENCY_LOUD, Level.LOUD),
        (25, Tone.EMERGENCY_LOUD, Level.LOUD),
    ]


@pytest.mark.parametrize("kind", [Kind.SUPERVISION, Kind.MEDICATION])
def test_the_middle_kinds_repeat_every_fifteen_seconds(kind):
    sounding = Sounding()
    sounding.put(START, fact(kind=kind))
    assert [at for at, _, _ in heard(sounding, end=START + 46)] == [0, 15, 30, 45]


@pytest.mark.parametrize("kind", [Kind.MISSED_VISIT, Kind.TECHNICAL])
def test_the_low_kinds_sound_once(kind):
    sounding = Sounding()
    sounding.put(START, fact(kind=kind))
    assert heard(sounding, end=START + 3600) == [(0, TONE[kind], Level.NORMAL)]


def test_a_chattering_technical_alarm_stays_quiet_until_it_escalates():
    sounding = Sounding()
    technical = fact(kind=Kind.TECHNICAL)
    sounding.put(START, technical)
    sounding.due(START)
    technical = replace(technical, pressed_at=AT + timedelta(seconds=50))
    sounding.put(START + 10, technical)
    assert sounding.due(START + 10).play is None
    sounding.put(START + 20, replace(technical, escalated_at=AT))
    assert sounding.due(START + 20).play == Play(tone=Tone.TECHNICAL)


def test_taking_it_stops_the_sound_at_once():
    sounding = Sounding()
    sounding.put(START, fact())
    sounding.due(START)
    sounding.put(START + 1, fact(untaken=False, mine=True))
    cue = sounding.due(START + 1)
    assert (cue.play, cue.hush, cue.next_at) == (None, True, None)
    assert sounding.due(START + 2).hush is False


def test_an_alarm_that_another_desk_has_is_not_heard():
    sounding = Sounding()
    sounding.put(START, fact(untaken=False))
    sounding.put(START, fact(untaken=False, pressed_at=AT + timedelta(seconds=4)))
    assert heard(sounding, end=START + 100) == []


def test_a_repeat_of_a_taken_alarm_sounds_once_per_press_at_its_owners_desk():
    sounding = Sounding()
    mine = fact(untaken=False, mine=True)
    sounding.put(START, mine)
    assert heard(sounding, end=START + 60) == []
    sounding.put(START + 60, replace(mine, pressed_at=AT + timedelta(seconds=1)))
    sounding.put(START + 61, replace(mine, pressed_at=AT + timedelta(seconds=1)))
    assert [at for at, _, _ in heard(sounding, start=START + 60, end=START + 120)] == [60]
    sounding.put(START + 120, replace(mine, pressed_at=AT + timedelta(seconds=2)))
    assert [at for at, _, _ in heard(sounding, start=START + 120, end=START + 200)] == [120]


def test_a_press_on_a_taken_alarm_is_played_to_its_end_when_another_alarm_is_taken():
    sounding = Sounding()
    sounding.put(START, fact("a", untaken=False, mine=True))
    sounding.due(START)
    sounding.put(
        START + 1, fact("a", untaken=False, mine=True, pressed_at=AT + timedelta(seconds=1))
    )
    assert sounding.due(START + 1).play == Play(tone=Tone.EMERGENCY)
    sounding.put(START + 1.5, fact("b"))
    sounding.put(START + 2, fact("b", untaken=False, mine=True))
    assert sounding.due(START + 2).hush is False


def test_silence_quiets_an_emergency_for_sixty_seconds_and_not_longer():
    sounding = Sounding()
    sounding.put(START, fact())
    sounding.due(START)
    assert sounding.silence(START + 1, AlarmId("a")) == START + 61
    cue = sounding.due(START + 1)
    assert (cue.hush, cue.next_at) == (True, START + 61)
    assert sounding.silent_until(START + 30, AlarmId("a")) == START + 61
    assert heard(sounding, start=START + 1, end=START + 62) == [
        (61, Tone.EMERGENCY_LOUD, Level.LOUD)
    ]
    assert sounding.silent_until(START + 61, AlarmId("a")) is None


def test_there_is_nothing_to_silence_on_an_alarm_that_does_not_sound():
    assert Sounding().silence(START, AlarmId("a")) is None


@pytest.mark.parametrize(
    "news", [{"pressed_at": AT}, {"escalated_at": AT}, {"reraised_at": AT}], ids=str
)
def test_news_of_a_silenced_alarm_sounds_at_once(news):
    sounding = Sounding()
    sounding.put(START, fact())
    sounding.due(START)
    sounding.silence(START + 3, AlarmId("a"))
    assert sounding.due(START + 3).play is None
    sounding.put(START + 4, replace(fact(), **news))
    play = sounding.due(START + 4).play
    assert play is not None
    assert play.tone in (Tone.EMERGENCY, Tone.EMERGENCY_LOUD)
    assert sounding.silent_until(START + 4, AlarmId("a")) is None


def test_another_alarm_sounds_at_once_while_the_first_stays_silenced():
    sounding = Sounding()
    sounding.put(START, fact("a"))
    sounding.due(START)
    sounding.silence(START + 3, AlarmId("a"))
    sounding.put(START + 4, fact("b"))
    assert sounding.due(START + 4).play == Play(tone=Tone.EMERGENCY)
    assert sounding.silent_until(START + 4, AlarmId("a")) == START + 63


def test_an_escalated_emergency_is_loud_at_once():
    sounding = Sounding()
    sounding.put(START, fact(escalated_at=AT))
    assert sounding.due(START).play == Play(tone=Tone.EMERGENCY_LOUD, level=Level.LOUD)


def test_an_emergency_cuts_off_a_lower_tone_which_has_its_turn_later():
    sounding = Sounding()
    sounding.put(START, fact("t", Kind.TECHNICAL))
    assert sounding.due(START).play == Play(tone=Tone.TECHNICAL)
    sounding.put(START + 0.1, fact("e"))
    assert sounding.due(START + 0.1).play == Play(tone=Tone.EMERGENCY)
    sounding.put(START + 9, fact("e", untaken=False, mine=True))
    assert sounding.due(START + 9).play == Play(tone=Tone.TECHNICAL)


def test_everything_else_waits_while_an_emergency_sounds():
    sounding = Sounding()
    sounding.put(START, fact("e"))
    for kind in Kind:
        sounding.put(START, fact(kind.value, kind))
    tones = {tone for _, tone, _ in heard(sounding, end=START + 60)}
    assert tones == {Tone.EMERGENCY, Tone.EMERGENCY_LOUD}


def test_lower_kinds_take_turns_in_their_order():
    sounding = Sounding()
    for kind in reversed(Kind):
        if kind is not Kind.EMERGENCY:
            sounding.put(START, fact(kind.value, kind))
    assert [tone for _, tone, _ in heard(sounding, end=START + 10)] == [
        Tone.SUPERVISION,
        Tone.MEDICATION,
        Tone.MISSED_VISIT,
        Tone.TECHNICAL,
    ]


def test_many_emergencies_make_one_tone_every_five_seconds():
    sounding = Sounding()
    for number in range(500):
        sounding.put(START, fact(f"a{number}"))
    assert [at for at, _, _ in heard(sounding, end=START + 14)] == [0, 5, 10]


def test_a_press_during_the_tone_is_heard_in_it():
    sounding = Sounding()
    sounding.put(START, fact())
    sounding.due(START)
    sounding.put(START + 1, fact(pressed_at=AT + timedelta(seconds=1)))
    assert [at for at, _, _ in heard(sounding, start=START + 1, end=START + 6)] == [5]


def test_in_a_call_every_tone_is_low():
    sounding = Sounding()
    sounding.put(START, fact())
    levels = {(tone, level) for _, tone, level in heard(sounding, end=START + 30, in_call=True)}
    assert levels == {(Tone.EMERGENCY, Level.DUCKED)}


def test_a_released_alarm_sounds_again():
    sounding = Sounding()
    sounding.put(START, fact(untaken=False, mine=True))
    sounding.put(START + 30, fact())
    assert sounding.due(START + 30).play == Play(tone=Tone.EMERGENCY)


def test_a_closed_alarm_is_forgotten_and_hushed():
    sounding = Sounding()
    sounding.put(START, fact())
    sounding.due(START)
    sounding.remove(AlarmId("a"))
    cue = sounding.due(START + 1)
    assert (cue.hush, cue.next_at) == (True, None)


def test_following_all_alarms_is_the_same_as_putting_and_removing_them():
    sounding = Sounding()
    sounding.follow(START, [fact("a"), fact("b", Kind.TECHNICAL)])
    assert sounding.due(START).play == Play(tone=Tone.EMERGENCY)
    sounding.follow(START + 3, [fact("b", Kind.TECHNICAL)])
    assert sounding.due(START + 3).play == Play(tone=Tone.TECHNICAL)


def test_the_facts_of_an_alarm():
    raised = alarm()
    assert fact_of(raised, ANNA) == fact("a")
    assert fact_of(raised.after(Repeated(at=AT)), ANNA).pressed_at == AT
    assert fact_of(raised.after(Escalated(at=AT)), ANNA).escalated_at == AT
    taken = raised.after(Taken(at=AT, by=ANNA))
    assert fact_of(taken, ANNA).mine
    assert not fact_of(taken, Operator("bo")).mine
    back = taken.after(Reraised(at=AT, because=ReraisedBecause.UNTOUCHED))
    assert (fact_of(back, ANNA).untaken, fact_of(back, ANNA).mine) == (True, False)


class Evening:
    """A desk to which things happen; it fails when an emergency is quiet for too long."""

    def __init__(self) -> None:
        self.sounding = Sounding()
        self.facts: dict[str, SoundFact] = {}
        self.now = START
        self.asked: float | None = None
        self.quiet_since: float | None = None

    def pass_time(self, seconds: float) -> None:
        end = self.now + seconds
        while self.asked is not None and self.asked <= end:
            self.now = self.asked
            self.ask()
        self.now = end

    def ask(self) -> None:
        if self.quiet_since is not None:
            assert self.now - self.quiet_since <= 60 + 1e-6  # times are sums of floats
        cue = self.sounding.due(self.now)
        waiting = any(one.kind is Kind.EMERGENCY and one.untaken for one in self.facts.values())
        sounded = cue.play is not None and cue.play.tone in EMERGENCY_TONES
        if sounded or not waiting or self.quiet_since is None:
            self.quiet_since = self.now if waiting else None
        self.asked = cue.next_at

    def happen(self, what: str, name: str, kind: Kind) -> None:
        fact_now = self.facts.setdefault(name, fact(name, kind))
        match what:
            case "press":
                self.facts[name] = replace(
                    fact_now, pressed_at=(fact_now.pressed_at or AT) + timedelta(seconds=1)
                )
            case "take":
                self.facts[name] = replace(fact_now, untaken=False, mine=True)
            case "silence":
                self.sounding.silence(self.now, AlarmId(name))
                self.quiet_since = None
            case "close":
                del self.facts[name]
            case _:
                pass
        self.sounding.follow(self.now, self.facts.values())
        self.ask()


happenings = st.lists(
    st.tuples(
        st.floats(0.05, 90),
        st.sampled_from(["put", "press", "take", "silence", "close"]),
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(list(Kind)),
    ),
    max_size=40,
)


@given(happenings)
def test_an_untaken_emergency_is_never_quiet_for_longer_than_a_silence(happenings):
    evening = Evening()
    for seconds, what, name, kind in happenings:
        evening.pass_time(seconds)
        evening.happen(what, name, kind)
    evening.pass_time(200)


def test_tables_cover_every_kind():
    assert set(LASTS) == set(TONE) == set(Kind)
    assert all(LASTS[kind] < every for kind, every in EVERY.items())
    assert LOUDER_AFTER % EVERY[Kind.EMERGENCY] == 0
    assert Tone.TECHNICAL is TONE[Kind.TECHNICAL]

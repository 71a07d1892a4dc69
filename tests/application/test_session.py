"""Who sits here, what they may do, and what a locked desk still may."""

from dataclasses import replace

import pytest

from tests.builders import HADERSLEV, HJORRING, an_alarm
from tests.fakes import FakeSession
from workstation.application.session import NotAllowed
from workstation.domain.kind import Kind
from workstation.domain.names import Kommune
from workstation.domain.rights import Right, Role

EMERGENCY = an_alarm()
TECHNICAL = an_alarm(kind=Kind.TECHNICAL)


def refused(session: FakeSession, right: Right, kommune: Kommune | None = None) -> str:
    with pytest.raises(NotAllowed) as caught:
        session.require(right, kommune)
    assert not session.may(right, kommune)
    return caught.value.why


def test_a_desk_without_sign_in_has_one_operator_who_may_do_everything() -> None:
    session = FakeSession()
    assert session.who() == "Anna"
    assert session.signed_in is None
    assert all(session.may(right, Kommune("9999")) for right in Right)
    assert session.sees(Kommune("9999"))


def test_where_nobody_sits_nothing_may_be_done_but_alarms_are_shown() -> None:
    session = FakeSession()
    session.leave()
    assert {refused(session, right) for right in Right} == {"nobody"}
    assert session.who() == session.nobody == "break-glass@desk-1"
    assert session.sees(HADERSLEV)
    assert not session.sees(Kommune("0101"))


def test_a_person_acts_in_their_own_name_in_their_own_kommuner() -> None:
    session = FakeSession()
    session.sit("bo", Role.OPERATOR, ["0510", "0101"])
    assert session.who() == "bo"
    assert session.kommuner == {"0510"}, "what the desk does not serve is nobody's here"
    assert session.may(Right.TAKE, HADERSLEV)
    assert refused(session, Right.TAKE, HJORRING) == "kommune"
    assert refused(session, Right.TAKE, Kommune("0101")) == "kommune"
    assert refused(session, Right.AUDIT) == "role"
    assert session.sees(HADERSLEV)
    assert not session.sees(HJORRING)


def test_it_sees_no_alarm() -> None:
    session = FakeSession()
    session.sit("ida", Role.IT)
    assert not session.sees(HADERSLEV)
    assert refused(session, Right.SEE_CARD, HADERSLEV) == "role"
    assert session.may(Right.MANAGE_USERS)


def test_a_locked_desk_shows_alarms_and_does_nothing() -> None:
    session = FakeSession()
    session.sit()
    session.lock()
    assert session.locked
    assert session.who() == "anna"
    assert session.sees(HADERSLEV)
    assert {refused(session, right) for right in Right} == {"locked"}
    session.unlock()
    assert session.may(Right.TAKE)


@pytest.mark.parametrize("signed_in", [True, False])
def test_glass_is_broken_for_an_emergency(signed_in: bool) -> None:
    session = FakeSession()
    if signed_in:
        session.sit("anna", Role.IT)
        session.lock()
    else:
        session.leave()
    acting = session.acting(Right.TAKE, EMERGENCY)
    assert acting.glass
    assert acting.by == ("anna" if signed_in else "break-glass@desk-1")
    for right, alarm in (
        (Right.TAKE, TECHNICAL),
        (Right.RESOLVE, EMERGENCY),
        (Right.CALL, None),
        (Right.TAKE, replace(EMERGENCY, kommune=Kommune("0101"))),
    ):
        with pytest.raises(NotAllowed):
            session.acting(right, alarm)


def test_whoever_is_there_and_may_not_breaks_no_glass() -> None:
    session = FakeSession()
    session.sit("ida", Role.IT)
    with pytest.raises(NotAllowed):
        session.acting(Right.TAKE, EMERGENCY)
    session.sit("bo", Role.OPERATOR, ["0860"])
    with pytest.raises(NotAllowed):
        session.acting(Right.TAKE, EMERGENCY)


def test_whoever_may_acts_without_breaking_glass() -> None:
    session = FakeSession()
    session.sit()
    assert not session.acting(Right.TAKE, EMERGENCY).glass
    with pytest.raises(NotAllowed):
        session.acting(Right.CALL, EMERGENCY, Kommune("0101"))


def test_every_change_is_told_once() -> None:
    session, told = FakeSession(), []
    session.watch(lambda: told.append(session.who()))
    anna = session.sit("anna")
    session.lock()
    session.lock()
    session.unlock()
    session.unlock()
    session.update(anna)
    session.update(replace(anna, role=Role.NIGHT))
    session.update(replace(anna, operator="bo"))
    session.end()
    session.end()
    assert told == ["anna"] * 4 + ["break-glass@desk-1"]
    session.lock()
    assert not session.locked, "there is nobody to lock out"


def test_a_desk_that_begins_to_ask_has_nobody_until_somebody_signs_in() -> None:
    session = FakeSession()
    session.guard()
    assert session.guarded
    assert refused(session, Right.TAKE) == "nobody"
    session.guard(guarded=False)
    assert session.who() == "Anna"

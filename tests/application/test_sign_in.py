"""In, out, over to a colleague, back to a locked desk, and put out."""

from dataclasses import replace

import pytest

from tests.application.people import ANNA, BO, PeoplesDesk
from tests.builders import HJORRING, an_alarm
from tests.fakes import FakeClock
from tests.fakes_people import a_user
from tests.waiting import at_once
from workstation.application.errors import StoreUnavailable
from workstation.application.proving import SignInRefused
from workstation.application.session import NotAllowed
from workstation.domain.alarm import State
from workstation.domain.kind import Kind
from workstation.domain.names import Operator
from workstation.domain.rights import Role
from workstation.domain.user import UserRefused

DOWN = StoreUnavailable("unreachable")
HERE = an_alarm("a1")
THERE = an_alarm("a2", kommune=HJORRING)


def test_a_desk_that_asks_lets_nobody_do_anything_until_somebody_signs_in(
    clock: FakeClock,
) -> None:
    desk = PeoplesDesk(clock, an_alarm(kind=Kind.TECHNICAL))
    with pytest.raises(NotAllowed):
        desk.take()
    desk.enter()
    assert desk.take().taken_by == "anna"


def test_auto_asks_as_soon_as_there_is_a_user(clock: FakeClock) -> None:
    desk = PeoplesDesk(clock, kind="auto", users=())
    assert not desk.session.guarded
    user = a_user()
    at_once(desk.users.add(user, "hash of anna"))
    at_once(desk.sign_in.look())
    assert desk.session.guarded
    desk.enter()


def test_auto_asks_at_once_where_desks_share_a_database_or_this_one_remembers_somebody(
    clock: FakeClock,
) -> None:
    assert PeoplesDesk(clock, kind="auto", shared=True, users=()).session.guarded
    desk = PeoplesDesk(clock, kind="auto", users=())
    at_once(desk.memory.keep(a_user(), "anna", clock.now()))
    desk.users.fault = DOWN
    at_once(desk.sign_in.open())
    assert desk.session.guarded


def test_off_never_asks(clock: FakeClock) -> None:
    desk = PeoplesDesk(clock, kind="off")
    at_once(desk.sign_in.look())
    assert not desk.session.guarded


def test_at_a_change_of_shift_what_is_open_goes_to_the_newcomer(clock: FakeClock) -> None:
    desk = PeoplesDesk(clock, HERE, THERE)
    desk.enter("anna")
    desk.take("a1")
    desk.take("a2")
    clock.advance(60)
    assert desk.enter("bo") == []
    assert desk.session.who() == "bo"
    assert desk.holder("a1") == "bo"
    assert desk.holder("a2") is None, "Bo does not serve that kommune: it is everybody's again"
    steps = [(str(one.alarm), type(one.step).__name__, one.step.by) for one in desk.store.history]
    assert steps[-2:] == [("a1", "HandedOver", "anna"), ("a2", "Released", "anna")]
    assert desk.users.results("anna")[-1] == "signed_out"


def test_or_back_to_the_queue(clock: FakeClock) -> None:
    desk = PeoplesDesk(clock, HERE)
    desk.enter("anna")
    desk.take()
    desk.enter("bo", keep=False)
    assert desk.holder() is None


def test_a_wrong_password_changes_nothing_for_whoever_sits_there(clock: FakeClock) -> None:
    desk = PeoplesDesk(clock, HERE)
    desk.enter("anna")
    desk.take()
    with pytest.raises(SignInRefused):
        desk.enter("bo", "wrong")
    assert desk.session.who() == desk.holder() == "anna"


def test_signing_in_again_keeps_what_one_has_and_unlocks(clock: FakeClock) -> None:
    desk = PeoplesDesk(clock, HERE)
    desk.enter("anna")
    desk.take()
    desk.session.lock()
    desk.enter("anna")
    assert not desk.session.locked
    assert desk.holder() == "anna"


@pytest.mark.parametrize("to", [None, BO])
def test_signing_out_hands_over_first(clock: FakeClock, to: Operator | None) -> None:
    desk = PeoplesDesk(clock, HERE)
    desk.enter("anna")
    desk.take()
    assert at_once(desk.sign_in.sign_out(to)) == []
    assert desk.holder() == to
    assert desk.session.signed_in is None
    assert at_once(desk.sign_in.sign_out()) == [], "nobody has nothing to hand over"


@pytest.mark.parametrize("to", ["nobody", "eva"])
def test_nothing_is_handed_to_somebody_who_is_not_there(clock: FakeClock, to: str) -> None:
    desk = PeoplesDesk(clock, HERE)
    desk.enter("anna")
    desk.take()
    with pytest.raises(UserRefused, match="not_present"):
        at_once(desk.sign_in.sign_out(Operator(to)))
    assert desk.session.who() == desk.holder() == "anna"


def test_what_waits_for_a_responder_is_handed_over_as_it_stands(clock: FakeClock) -> None:
    desk = PeoplesDesk(clock, HERE)
    desk.enter("anna")
    desk.take()
    until = clock.now().replace(hour=23)
    at_once(desk.desk.call_responder(HERE.id, responder="Per", until=until))
    at_once(desk.sign_in.sign_out(BO))
    alarm = desk.board.get(HERE.id)
    assert alarm is not None
    assert (alarm.state, alarm.taken_by, alarm.awaiting_until) == (State.AWAITING, "bo", until)


def test_without_a_database_one_leaves_all_the_same_and_is_told_what_stays(
    clock: FakeClock,
) -> None:
    desk = PeoplesDesk(clock, HERE)
    desk.enter("anna")
    desk.take()
    desk.users.fault = desk.store.fault = DOWN
    assert [alarm.id for alarm in at_once(desk.sign_in.sign_out())] == ["a1"]
    assert desk.session.signed_in is None
    assert [one.result for one in desk.memory.lines] == ["signed_out"]


def test_a_locked_desk_is_unlocked_by_its_person_and_left_to_a_colleague(clock: FakeClock) -> None:
    desk = PeoplesDesk(clock, HERE)
    desk.enter("anna")
    desk.take()
    desk.session.lock()
    with pytest.raises(NotAllowed):
        at_once(desk.sign_in.sign_out())
    with pytest.raises(SignInRefused):
        at_once(desk.sign_in.unlock("wrong"))
    assert desk.session.locked
    clock.advance(5)
    at_once(desk.sign_in.unlock("anna"))
    assert not desk.session.locked
    at_once(desk.sign_in.unlock("anything")), "there is nothing to unlock"
    desk.session.lock()
    desk.enter("bo")
    assert desk.holder() == desk.session.who() == "bo"


@pytest.mark.parametrize("gone", [True, False])
def test_whoever_was_disabled_is_put_out_and_forgotten(clock: FakeClock, gone: bool) -> None:
    desk = PeoplesDesk(clock, HERE)
    desk.enter("anna")
    desk.take()
    if gone:
        del desk.users.accounts[ANNA]
    else:
        disabled = replace(a_user(), disabled_at=clock.now(), version=1)
        at_once(desk.users.change(disabled, "disabled", expected_version=0))
    at_once(desk.sign_in.look())
    assert desk.session.signed_in is None
    assert desk.holder() is None
    assert desk.put_out == ["disabled"]
    assert desk.memory.kept == {}
    assert desk.users.results()[-1] == "put_out"


def test_another_role_holds_from_the_next_look_on(clock: FakeClock) -> None:
    desk = PeoplesDesk(clock)
    desk.enter("anna")
    since = desk.session.signed_in
    at_once(desk.users.change(a_user("anna", Role.NIGHT, "0860"), "changed", expected_version=0))
    at_once(desk.sign_in.look())
    person = desk.session.signed_in
    assert person is not None
    assert (person.role, person.kommuner) == (Role.NIGHT, frozenset({HJORRING}))
    assert since is not None
    assert person.at == since.at


def test_whoever_signed_in_without_the_database_is_known_when_it_is_back(
    clock: FakeClock,
) -> None:
    desk = PeoplesDesk(clock)
    desk.enter("anna")
    desk.users.fault = DOWN
    desk.enter("anna")
    with pytest.raises(StoreUnavailable):
        at_once(desk.sign_in.look())
    assert desk.session.who() == "anna"
    desk.users.fault = None
    at_once(desk.sign_in.look())
    person = desk.session.signed_in
    assert person is not None
    assert not person.offline
    assert desk.memory.lines == []


def test_a_disabled_user_who_signed_in_without_the_database_is_put_out_when_it_is_back(
    clock: FakeClock,
) -> None:
    desk = PeoplesDesk(clock)
    desk.enter("anna")
    disabled = replace(a_user(), disabled_at=clock.now(), version=1)
    at_once(desk.users.change(disabled, "disabled", expected_version=0))
    desk.users.fault = DOWN
    desk.enter("anna")
    desk.users.fault = None
    at_once(desk.sign_in.look())
    assert desk.session.signed_in is None
    desk.users.fault = DOWN
    with pytest.raises(SignInRefused, match="offline"):
        desk.enter("anna")


def test_what_was_taken_by_breaking_glass_is_the_next_persons(clock: FakeClock) -> None:
    desk = PeoplesDesk(clock, HERE, THERE)
    desk.take("a1")
    desk.take("a2")
    assert desk.holder("a1") == "break-glass@desk-1"
    desk.enter("bo")
    assert desk.holder("a1") == "bo"
    assert desk.holder("a2") == "break-glass@desk-1", "Bo may not have it; the hub raises it again"
    desk.enter("ida")
    assert desk.holder("a1") is None

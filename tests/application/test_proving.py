"""Names and passwords: the same answer to every wrong one, waits, locks, and the desk's memory."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.application.people import PeoplesDesk
from tests.fakes import FakeClock
from tests.fakes_people import a_user
from tests.waiting import at_once
from workstation.application.errors import StoreUnavailable
from workstation.application.proving import SignInRefused
from workstation.domain.names import Operator
from workstation.domain.tries import Attempt, Tried
from workstation.domain.user import UserRefused

DOWN = StoreUnavailable("unreachable")


@pytest.fixture
def desk(clock: FakeClock) -> PeoplesDesk:
    return PeoplesDesk(clock)


def refused(desk: PeoplesDesk, name: str = "anna", password: str = "wrong") -> SignInRefused:
    with pytest.raises(SignInRefused) as caught:
        desk.enter(name, password)
    return caught.value


def test_the_right_password_opens_the_desk(desk: PeoplesDesk) -> None:
    desk.enter("  Anna ", "anna")
    person = desk.session.signed_in
    assert person is not None
    assert (person.operator, person.name, person.offline) == ("anna", "Anna", False)
    assert desk.users.results() == ["tried", "signed_in"]


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer_at_the_same_price(
    desk: PeoplesDesk,
) -> None:
    known, unknown = refused(desk, "anna"), refused(desk, "nobody")
    assert (known.reason, known.facts) == (unknown.reason, unknown.facts) == ("wrong_password", {})
    assert desk.passwords.checked == ["hash of anna", None]
    assert desk.users.results("anna") == desk.users.results("nobody") == ["tried", "wrong"]


def test_what_cannot_be_a_name_is_logged_as_none(desk: PeoplesDesk) -> None:
    refused(desk, "my secret Password!")
    assert [one.name for one in desk.users.log_lines] == ["?", "?"]


def test_a_disabled_user_learns_it_only_with_the_right_password(clock: FakeClock) -> None:
    desk = PeoplesDesk(clock, users=(replace(a_user(), disabled_at=clock.now()),))
    assert refused(desk).reason == "wrong_password"
    clock.advance(60)
    assert refused(desk, password="anna").reason == "disabled"
    assert desk.session.signed_in is None


def test_the_wait_grows_and_ends_in_a_lock_that_ends(desk: PeoplesDesk, clock: FakeClock) -> None:
    waits = []
    for _failure in range(4):
        assert refused(desk).reason == "wrong_password"
        told = refused(desk, password="anna")
        assert told.reason == "throttled"
        waits.append(told.facts["wait"])
        clock.advance(told.facts["wait"])
    assert waits == [1, 2, 4, 8]
    refused(desk)
    told = refused(desk, password="anna")
    assert (told.reason, told.facts) == ("locked_out", {"minutes": 15})
    clock.advance(15 * 60 - 1)
    assert refused(desk, password="anna").facts == {"minutes": 1}
    clock.advance(1)
    desk.enter()
    assert desk.users.results().count("locked") == 2


def test_a_lock_is_the_users_at_this_desk_alone(desk: PeoplesDesk, clock: FakeClock) -> None:
    for _failure in range(5):
        refused(desk)
        clock.advance(60)
    assert refused(desk, password="anna").reason == "locked_out"
    desk.enter("bo")
    other = PeoplesDesk(clock)
    other.users.log_lines = [
        Attempt(at=one.at, name=one.name, source="desk-2", result=one.result)
        for one in desk.users.log_lines
    ]
    other.enter("anna")


def test_a_success_forgets_the_failures(desk: PeoplesDesk, clock: FakeClock) -> None:
    for _turn in range(3):
        for _failure in range(3):
            refused(desk)
            clock.advance(10)
        desk.enter()
        clock.advance(1)


def test_the_first_user_must_be_made(clock: FakeClock) -> None:
    desk = PeoplesDesk(clock, users=())
    for _again in range(10):
        assert refused(desk).reason == "no_users"
    assert desk.users.log_lines == []
    assert not at_once(desk.sign_in.has_users())


def test_an_endless_password_costs_nothing(desk: PeoplesDesk) -> None:
    assert refused(desk, password="x" * 1_000_000).reason == "wrong_password"


def test_while_the_database_is_away_the_desk_knows_who_was_there(
    desk: PeoplesDesk, clock: FakeClock
) -> None:
    desk.enter()
    at_once(desk.sign_in.sign_out())
    desk.users.fault = DOWN
    clock.advance(timedelta(hours=24).total_seconds() - 1)
    desk.enter()
    person = desk.session.signed_in
    assert person is not None
    assert (person.operator, person.offline) == ("anna", True)
    assert [one.result for one in desk.memory.lines] == ["tried", "signed_in"]
    assert all(one.offline for one in desk.memory.lines)


def test_offline_every_refusal_is_the_same(desk: PeoplesDesk, clock: FakeClock) -> None:
    desk.enter()
    desk.users.fault = DOWN
    assert refused(desk, "anna", "wrong").reason == "offline"
    assert refused(desk, "bo", "bo").reason == "offline"
    clock.advance(timedelta(hours=24).total_seconds())
    assert refused(desk, "anna", "anna").reason == "offline"


def test_offline_it_is_counted_and_told_the_database_afterwards(
    desk: PeoplesDesk, clock: FakeClock
) -> None:
    desk.enter()
    desk.users.fault = DOWN
    for _failure in range(5):
        assert refused(desk).reason == "offline"
        clock.advance(60)
    assert refused(desk, password="anna").reason == "locked_out"
    desk.users.fault = None
    before = len(desk.memory.lines)
    assert refused(desk, password="anna").reason == "locked_out", "the database knows it now"
    assert desk.memory.lines == []
    assert len([one for one in desk.users.log_lines if one.offline]) == before


def test_a_desk_without_a_memory_asks_the_database_or_nobody(clock: FakeClock) -> None:
    desk = PeoplesDesk(clock, memory=False)
    desk.users.fault = DOWN
    with pytest.raises(StoreUnavailable):
        desk.enter()


def test_people_choose_a_new_password_with_the_old_one(desk: PeoplesDesk, clock: FakeClock) -> None:
    desk.enter()
    with pytest.raises(SignInRefused, match="wrong_password"):
        at_once(desk.sign_in.change_password("wrong", "hest i stalden"))
    clock.advance(10)
    with pytest.raises(UserRefused, match="short"):
        at_once(desk.sign_in.change_password("anna", "hest"))
    at_once(desk.sign_in.change_password("anna", "hest i stalden"))
    assert desk.users.accounts[Operator("anna")].password_hash == "hash of hest i stalden"
    assert [(step.by, step.did) for step in desk.users.history] == [("anna", "password")]
    assert desk.memory.kept["anna"][1] == "hest i stalden"
    desk.users.fault = DOWN
    with pytest.raises(SignInRefused, match="offline"):
        at_once(desk.sign_in.change_password("hest i stalden", "ko i stalden"))


def test_nothing_of_a_password_stands_in_the_log(desk: PeoplesDesk) -> None:
    refused(desk, "anna", "mitkodeord")
    assert Tried.WRONG in [one.result for one in desk.users.log_lines]
    assert "mitkodeord" not in repr(desk.users.log_lines)

"""What any UserStore does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.adapters.db.making import at, run
from tests.fakes_people import a_user
from workstation.application.errors import Changed, NotFound
from workstation.application.user_ports import Account, UserStore
from workstation.domain.names import Operator
from workstation.domain.rights import Role
from workstation.domain.tries import Attempt, Throttle, Tried
from workstation.domain.user import UserDid, UserRefused

ANNA = a_user("anna", Role.NIGHT, "0860", "0510")
IDA = replace(a_user("ida", Role.IT), kommuner=frozenset(), display="Ida Ærø")
THROTTLE = Throttle(tries=3, lock=timedelta(minutes=15))
TRY = Attempt(at=at(0), name="anna", source="desk-1", result=Tried.TRIED)


class UserStoreContract:
    """A subclass has the fixture `users`."""

    def test_users_come_back_by_name(self, users: UserStore) -> None:
        assert run(users.any()) is False
        assert run(users.users()) == []
        for user in (IDA, ANNA):
            run(users.add(user, f"hash of {user.name}"))
        assert run(users.any()) is True
        assert run(users.users()) == [ANNA, IDA]
        assert run(users.account("ida")) == Account(user=IDA, password_hash="hash of ida")
        assert run(users.account("nobody")) is None

    def test_a_name_is_given_once(self, users: UserStore) -> None:
        run(users.add(ANNA, "first"))
        with pytest.raises(UserRefused) as refused:
            run(users.add(replace(IDA, name=ANNA.name), "second"))
        assert (refused.value.reason, refused.value.facts) == ("exists", {"name": "anna"})
        assert run(users.account("anna")) == Account(user=ANNA, password_hash="first")
        assert len(run(users.steps("anna"))) == 1

    def test_each_change_is_a_step(self, users: UserStore) -> None:
        run(users.add(ANNA, "first"))
        other = replace(
            ANNA,
            display="Anna H",
            role=Role.SUPERVISOR,
            kommuner=frozenset(),
            changed_at=at(5),
            changed_by=Operator("bo"),
            disabled_at=at(5),
            version=1,
        )
        run(users.change(other, UserDid.DISABLED, expected_version=0))
        again = replace(other, version=2)
        run(users.change(again, UserDid.PASSWORD, expected_version=1, password_hash="second"))
        assert run(users.account("anna")) == Account(user=again, password_hash="second")
        steps = run(users.steps("anna"))
        assert [(one.did, one.by, one.role, one.kommuner) for one in steps] == [
            ("added", "it", Role.NIGHT, ANNA.kommuner),
            ("disabled", "bo", Role.SUPERVISOR, frozenset()),
            ("password", "bo", Role.SUPERVISOR, frozenset()),
        ]
        assert [one.at for one in steps] == [ANNA.changed_at, at(5), at(5)]

    def test_of_two_changes_at_once_the_later_is_told_what_stands(self, users: UserStore) -> None:
        run(users.add(ANNA, "first"))
        first = replace(ANNA, display="first", version=1)
        run(users.change(first, UserDid.CHANGED, expected_version=0))
        with pytest.raises(Changed) as refused:
            run(users.change(replace(ANNA, version=1), UserDid.CHANGED, expected_version=0))
        assert refused.value.current == first
        with pytest.raises(NotFound):
            run(users.change(IDA, UserDid.CHANGED, expected_version=0))
        assert len(run(users.steps("anna"))) == 2

    def test_attempts_are_admitted_until_there_are_too_many(self, users: UserStore) -> None:
        for number in range(3):
            attempt = replace(TRY, at=at(60 * number))
            assert run(users.admit(attempt, THROTTLE)).refusal is None
            run(users.log([replace(attempt, result=Tried.WRONG)]))
        stood = run(users.admit(replace(TRY, at=at(121)), THROTTLE))
        assert (stood.refusal, stood.failures) == (Tried.LOCKED, 3)
        assert stood.wait == timedelta(minutes=15, seconds=-1)
        for name, source in (("bo", "desk-1"), ("anna", "desk-2")):
            other = replace(TRY, at=at(121), name=name, source=source)
            assert run(users.admit(other, THROTTLE)).refusal is None
        results = [one.result for one in run(users.attempts(at(0)))]
        assert results == [*[Tried.TRIED, Tried.WRONG] * 3, "locked", "tried", "tried"]

    def test_too_many_on_their_way_wait_and_leave_no_line(self, users: UserStore) -> None:
        stood = [run(users.admit(TRY, THROTTLE)) for _ in range(4)]
        assert [one.busy for one in stood] == [False, False, False, True]
        assert len(run(users.attempts(at(0)))) == 3
        run(users.log([replace(TRY, result=Tried.SIGNED_IN)]))
        assert not run(users.admit(TRY, THROTTLE)).busy

    def test_a_long_past_changes_nothing(self, users: UserStore) -> None:
        old = [replace(TRY, result=result) for result in (Tried.TRIED, Tried.WRONG) * 50]
        run(users.log(old))
        run(users.log([replace(TRY, at=at(10_000), result=Tried.SIGNED_IN)]))
        assert run(users.admit(replace(TRY, at=at(10_001)), THROTTLE)).failures == 0

    def test_attempts_come_back_as_they_were(self, users: UserStore) -> None:
        every = [replace(TRY, at=at(n), result=one, offline=True) for n, one in enumerate(Tried)]
        run(users.log(every))
        run(users.log([]))
        assert run(users.attempts(at(0))) == every
        assert run(users.attempts(at(2))) == every[2:]

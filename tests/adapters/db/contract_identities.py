"""What any Identities does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.adapters.db.making import at, run
from tests.fakes_people import a_user
from workstation.application.errors import NotFound
from workstation.application.identity_ports import Identities, Identity
from workstation.application.user_ports import UserStore
from workstation.domain.names import Operator
from workstation.domain.user import UserRefused

ANNA = a_user("anna")
BOUND = Identity(
    issuer="https://login.hub.example",
    subject="5f2c",
    name=ANNA.name,
    bound_at=at(0),
    seen_at=at(0),
)


class IdentitiesContract:
    """A subclass has the fixture `stores`: the users and the identities of one database."""

    @pytest.fixture
    def users(self, stores: tuple[UserStore, Identities]) -> UserStore:
        return stores[0]

    @pytest.fixture
    def identities(self, stores: tuple[UserStore, Identities]) -> Identities:
        return stores[1]

    def test_a_new_user_is_bound(self, users: UserStore, identities: Identities) -> None:
        assert run(identities.of(BOUND.issuer, BOUND.subject)) is None
        assert run(identities.named("anna")) is None
        run(identities.bind(BOUND, ANNA))
        assert run(identities.of(BOUND.issuer, BOUND.subject)) == BOUND
        assert run(identities.named("anna")) == BOUND
        account = run(users.account("anna"))
        assert account is not None
        assert (account.user, account.password_hash) == (ANNA, "")
        assert [step.did for step in run(users.steps("anna"))] == ["added"]

    def test_a_user_who_is_there_is_bound(self, users: UserStore, identities: Identities) -> None:
        run(users.add(ANNA, "her hash"))
        run(identities.bind(BOUND, None))
        account = run(users.account("anna"))
        assert account is not None
        assert account.password_hash == "her hash"
        assert run(identities.named("anna")) == BOUND

    def test_a_name_has_one_subject_and_a_subject_one_name(
        self, users: UserStore, identities: Identities
    ) -> None:
        run(identities.bind(BOUND, ANNA))
        bo = a_user("bo")
        for other, new in (
            (replace(BOUND, subject="77aa"), None),
            (replace(BOUND, issuer="https://elsewhere.example"), None),
            (replace(BOUND, name=Operator("bo")), bo),
        ):
            with pytest.raises(UserRefused) as refused:
                run(identities.bind(other, new))
            assert refused.value.reason == "exists"
        assert run(users.account("bo")) is None
        with pytest.raises(UserRefused):
            run(identities.bind(replace(BOUND, subject="77aa", name=Operator("bo")), ANNA))
        assert run(identities.named("bo")) is None

    def test_when_somebody_was_seen(self, identities: Identities) -> None:
        run(identities.bind(BOUND, ANNA))
        later = replace(BOUND, seen_at=BOUND.seen_at + timedelta(hours=1), offline_hash="a hash")
        run(identities.seen(later))
        assert run(identities.of(BOUND.issuer, BOUND.subject)) == later
        with pytest.raises(NotFound):
            run(identities.seen(replace(BOUND, subject="77aa")))

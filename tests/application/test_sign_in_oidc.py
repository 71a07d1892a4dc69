"""Signing in at a provider: who is let in, who is not, what is written down, and what it never holds up."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from tests.builders import an_alarm
from tests.fakes import FakeClock
from tests.fakes_identity import (
    ISSUER,
    FakeBrowser,
    FakeIdentities,
    FakeListen,
    FakeProvider,
)
from tests.fakes_people import FakeUserStore, a_user
from tests.identity_desk import IdentityDesk
from workstation.application.errors import NotFound, RowRefused, StoreUnavailable
from workstation.application.identity_ports import Shown
from workstation.application.proving import SignInRefused
from workstation.complaints import sentence
from workstation.complaints.identity import IDENTITY
from workstation.domain.alarm import Alarm
from workstation.domain.names import Operator
from workstation.domain.rights import Role
from workstation.domain.tries import Tried
from workstation.domain.user import User, UserRefused

ANNA = Shown(
    issuer=ISSUER,
    subject="5f2c",
    name="Anna@kommune.example",
    display="Anna Holm",
    groups=frozenset({"/desk/operators", "/haderslev"}),
    hint="anna's hint",
)
NAME = Operator("anna")
BO = replace(ANNA, subject="77aa", name="bo", display="Bo", hint="bo's hint")
GOOD = "tre lamper og en bil"
AWAY = StoreUnavailable("no_answer")
NOT_LOGGED = {"provider_is_there", "not_from_provider"}
"""What is refused before anything is tried."""


class Desk(IdentityDesk):
    """A desk whose browser brings the right answer at once, unless told otherwise."""

    def __init__(self, clock: FakeClock, *alarms: Alarm, users: tuple[User, ...] = ()) -> None:
        self.provider, self.listening = FakeProvider(ANNA), FakeListen()
        self.browser = FakeBrowser()
        self.store = FakeUserStore(*users)
        self.reply: Callable[[], dict[str, str]] | None = self.right
        self.sent = asyncio.Event()
        super().__init__(
            clock,
            *alarms,
            users=self.store,
            identities=FakeIdentities(self.store),
            provider=self.provider,
            listen=self.listening,
            browser=self.browser,
            patience=timedelta(seconds=0.2),
        )

    def right(self) -> dict[str, str]:
        number = len(self.provider.asked) - 1
        return {"state": f"state-{number}", "code": f"code-{number}"}

    def run(self, act: Callable[[], Awaitable[object]]) -> None:
        async def whole() -> None:
            loop, self.sent = asyncio.get_running_loop(), asyncio.Event()

            def browse(_url: str) -> None:
                if self.reply is not None:
                    loop.call_soon_threadsafe(self.listening.opened[-1].bring, self.reply())
                loop.call_soon_threadsafe(self.sent.set)

            self.browser.act = browse
            await act()

        asyncio.run(whole())

    def enter(self, shown: Shown = ANNA, *, keep: bool = True) -> None:
        self.provider.shown = shown
        self.run(lambda: self.oidc.sign_in(keep=keep))

    def refused(self, act: Callable[[], Awaitable[object]] | None = None) -> SignInRefused:
        with pytest.raises(SignInRefused) as caught:
            self.run(act or self.oidc.sign_in)
        assert sentence(caught.value).count("{") == 0
        return caught.value

    def log(self) -> list[tuple[str, str]]:
        return [(one.name, str(one.result)) for one in self.store.log_lines]


@pytest.fixture
def desk(clock: FakeClock) -> Desk:
    return Desk(clock)


def test_somebody_new_becomes_a_user(desk: Desk) -> None:
    desk.enter()
    person = desk.session.signed_in
    assert person is not None
    assert (person.operator, person.name, person.role) == ("anna", "Anna Holm", Role.OPERATOR)
    assert ({*person.kommuner}, person.way) == ({"0510"}, "oidc")
    assert desk.store.accounts[NAME].password_hash == ""
    assert [(step.did, step.by) for step in desk.store.history] == [("added", "system")]
    assert desk.log() == [("anna", "signed_in")]
    assert desk.listening.closed == 1
    assert (desk.oidc.waiting, desk.oidc.url) == (False, "")
    assert desk.oidc.provider == "Hub-login"


def test_nobody_has_a_password_who_comes_from_the_provider(desk: Desk) -> None:
    desk.enter()
    for password in ("", "anna", GOOD):
        desk.refused(partial(desk.sign_in.sign_in, "anna", password))


def test_a_name_stays_whose_it_was_first(desk: Desk) -> None:
    """Names may be changed at a provider, and given to somebody else; subjects are for ever."""
    desk.enter()
    desk.enter(replace(ANNA, name="anna.married", display="Anna Sø"))
    assert desk.session.signed_in is not None
    assert (desk.session.signed_in.operator, desk.session.signed_in.name) == ("anna", "Anna Sø")
    desk.provider.shown = replace(BO, name="anna")
    assert desk.refused().reason == "name_taken"
    assert desk.log()[-1] == ("anna", "name_taken")
    assert desk.session.who() == "anna"


def test_a_user_of_the_hub_s_own_is_nobody_s_at_the_provider(clock: FakeClock) -> None:
    desk = Desk(clock, users=(a_user("anna"),))
    refused = desk.refused()
    assert (refused.reason, refused.facts["name"]) == ("name_taken", "anna")
    assert desk.session.signed_in is None


def test_whoever_sits_here_by_password_may_go_on_by_provider(clock: FakeClock) -> None:
    desk = Desk(clock, users=(a_user("anna", Role.NIGHT),))

    async def both() -> None:
        await desk.sign_in.sign_in("anna", "anna")
        await desk.oidc.sign_in()

    desk.run(both)
    assert desk.session.signed_in is not None
    assert (desk.session.signed_in.way, desk.session.signed_in.role) == ("oidc", Role.OPERATOR)
    # From now on anywhere, and without the password.
    desk.session.end()
    desk.enter()
    assert desk.session.who() == "anna"


def test_a_locked_desk_binds_nobody(clock: FakeClock) -> None:
    desk = Desk(clock, users=(a_user("anna"),))

    async def locked() -> None:
        await desk.sign_in.sign_in("anna", "anna")
        desk.session.lock()
        await desk.oidc.sign_in()

    assert desk.refused(locked).reason == "name_taken"


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        ((), "no_group"),
        (("/haderslev",), "no_group"),
        (("/desk/operators",), "no_kommune"),
        (("/desk/supervisors", "/elsewhere"), "no_kommune"),
    ],
)
def test_groups_that_are_not_enough(desk: Desk, groups: tuple[str, ...], reason: str) -> None:
    desk.provider.shown = replace(ANNA, groups=frozenset(groups))
    assert desk.refused().reason == reason
    assert desk.store.accounts == {}
    assert desk.log() == [("anna", reason)]


def test_it_needs_no_kommune(desk: Desk) -> None:
    desk.enter(replace(ANNA, groups=frozenset({"/desk/it"})))
    assert desk.session.signed_in is not None
    assert (desk.session.signed_in.role, {*desk.session.signed_in.kommuner}) == (Role.IT, set())


@pytest.mark.parametrize("name", ["", "@x", "Å", "a" * 33, "system", "break-glass", "a b", "../a"])
def test_a_name_that_cannot_be_one(desk: Desk, name: str) -> None:
    desk.provider.shown = replace(ANNA, name=name)
    assert desk.refused().reason == "no_name"


def test_a_display_name_that_cannot_be_shown_is_the_short_one(desk: Desk) -> None:
    desk.enter(replace(ANNA, display="x" * 100))
    assert desk.session.signed_in is not None
    assert desk.session.signed_in.name == "anna"


def test_who_is_disabled_here_stays_out(desk: Desk, clock: FakeClock) -> None:
    desk.enter()
    account = desk.store.accounts[NAME]
    user = replace(account.user, disabled_at=clock.now())
    desk.store.accounts[NAME] = replace(account, user=user)
    asyncio.run(desk.sign_in.look())
    assert desk.session.signed_in is None
    assert desk.refused().reason == "disabled"
    asyncio.run(desk.oidc.look())
    assert asyncio.run(desk.memory.names()) == []


def test_a_role_changed_here_is_not_seen_until_the_provider_says_so(desk: Desk) -> None:
    desk.enter()
    account = desk.store.accounts[NAME]
    user = replace(account.user, role=Role.IT)
    desk.store.accounts[NAME] = replace(account, user=user)
    asyncio.run(desk.sign_in.look())
    assert desk.session.signed_in is not None
    assert desk.session.signed_in.role is Role.OPERATOR


def test_a_colleague_takes_over_what_was_open(clock: FakeClock) -> None:
    desk = Desk(clock, an_alarm("a1"))
    desk.enter()
    desk.board.get(an_alarm("a1").id)
    desk.enter(BO)
    assert desk.session.who() == "bo"
    assert ("anna", "signed_out") in desk.log()


# --- the way to the provider and back -------------------------------------------------------


def test_each_answer_is_used_once(desk: Desk) -> None:
    desk.enter()
    desk.reply = lambda: {"state": desk.provider.asked[-1].state, "code": "code-0"}
    assert desk.refused().reason == "replayed"
    desk.reply = lambda: {"state": "state-0", "code": "another"}
    assert desk.refused().reason == "replayed"
    desk.reply = lambda: {"state": "forged", "code": "another"}
    assert desk.refused().reason == "replayed"
    desk.reply = lambda: {"state": "forged", "code": "new"}
    assert desk.refused().reason == "foreign_state"
    assert [result for _, result in desk.log()[1:]] == [*["replayed"] * 3, "foreign_state"]
    assert desk.provider.redeemed == ["code-0"]
    assert desk.listening.closed == 5


@pytest.mark.parametrize("reason", sorted(set(IDENTITY) - NOT_LOGGED))
def test_every_refusal_is_written_down_and_said(desk: Desk, reason: str) -> None:
    desk.provider.fault = SignInRefused(reason)
    refused = desk.refused()
    assert refused.reason == reason
    assert desk.log() == [("?", reason)]
    assert desk.session.signed_in is None
    assert "–" not in sentence(refused) or reason in (
        "provider_refused", "client_refused", "provider_untrusted", "name_taken", "other_person", "timed_out",
    )  # fmt: skip


def test_a_refusal_is_told_also_while_the_database_is_away(desk: Desk) -> None:
    desk.store.fault = AWAY
    desk.provider.fault = SignInRefused("bad_signature")
    assert desk.refused().reason == "bad_signature"
    assert [(one.name, one.result) for one in desk.attempts.lines] == [("?", Tried.BAD_SIGNATURE)]


def test_patience_ends(desk: Desk) -> None:
    desk.reply = None
    assert desk.refused().reason == "timed_out"
    assert desk.log() == [("?", "timed_out")]
    assert desk.listening.closed == 1
    # What comes too late finds nobody, and would not be taken.
    desk.reply = lambda: {"state": "state-0", "code": "late"}
    assert desk.refused().reason == "replayed"


def test_it_can_be_given_up(desk: Desk) -> None:
    desk.reply = None
    seen: list[tuple[bool, str]] = []

    async def give_up() -> None:
        waiting = asyncio.create_task(desk.oidc.sign_in())
        await desk.sent.wait()
        seen.append((desk.oidc.waiting, desk.oidc.url))
        desk.oidc.cancel()
        await waiting

    assert desk.refused(give_up).reason == "cancelled"
    assert seen == [(True, f"{ISSUER}/auth?state=state-0")]
    assert (desk.oidc.waiting, desk.oidc.url, desk.listening.closed) == (False, "", 1)


def test_a_second_click_gives_the_first_up(desk: Desk) -> None:
    async def twice() -> None:
        desk.reply = None
        first = asyncio.create_task(desk.oidc.sign_in())
        await desk.sent.wait()
        desk.reply = desk.right
        await desk.oidc.sign_in()
        with pytest.raises(SignInRefused) as caught:
            await first
        assert caught.value.reason == "cancelled"

    desk.run(twice)
    assert desk.session.who() == "anna"
    assert sorted(result for _, result in desk.log()) == ["cancelled", "signed_in"]
    assert desk.listening.closed == 2


def test_whoever_waits_may_go_away(desk: Desk) -> None:
    """The window closes: nothing is left behind."""
    desk.reply = None

    async def go() -> None:
        waiting = asyncio.create_task(desk.oidc.sign_in())
        await desk.sent.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    desk.run(go)
    assert (desk.oidc.waiting, desk.listening.closed) == (False, 1)


def test_without_a_browser(desk: Desk) -> None:
    desk.browser.there = False
    desk.reply = None
    assert desk.refused().reason == "no_browser"
    assert desk.log() == [("?", "no_browser")]


# --- locked, away, out ----------------------------------------------------------------------


def test_unlocking_is_for_the_same_person(desk: Desk) -> None:
    desk.enter()
    desk.session.lock()
    desk.provider.shown = BO
    refused = desk.refused(desk.oidc.unlock)
    assert (refused.reason, refused.facts["name"]) == ("other_person", "anna")
    assert desk.session.locked
    assert desk.log()[-1] == ("bo", "other_person")
    desk.provider.shown = ANNA
    desk.run(desk.oidc.unlock)
    assert not desk.session.locked
    assert desk.session.who() == "anna"


def test_a_colleague_may_sign_in_at_a_locked_desk(desk: Desk) -> None:
    desk.enter()
    desk.session.lock()
    desk.enter(BO)
    assert (desk.session.who(), desk.session.locked) == ("bo", False)


def test_the_provider_is_told_of_the_end(desk: Desk) -> None:
    desk.enter()
    desk.run(desk.oidc.sign_out)
    assert desk.session.signed_in is None
    assert desk.provider.left == ["anna's hint"]
    desk.run(desk.oidc.leave)
    assert desk.provider.left == ["anna's hint"]


def test_a_provider_that_is_away_keeps_nobody_from_going(desk: Desk) -> None:
    desk.enter()
    desk.provider.fault = SignInRefused("provider_away")
    desk.run(desk.oidc.sign_out)
    assert desk.session.signed_in is None


def test_known_people_sign_in_while_the_database_is_away(desk: Desk, clock: FakeClock) -> None:
    desk.enter()
    desk.session.end()
    desk.store.fault = AWAY
    clock.advance(23 * 3600)
    desk.enter(replace(ANNA, groups=frozenset({"/desk/night", "/hjorring"})))
    person = desk.session.signed_in
    assert person is not None
    assert (person.operator, person.offline) == ("anna", True)
    # What the provider says now counts.
    assert (person.role, {*person.kommuner}) == (Role.NIGHT, {"0860"})
    desk.provider.shown = BO
    assert desk.refused().reason == "unknown_here"
    desk.provider.shown = ANNA
    clock.advance(3600)
    assert desk.refused().reason == "unknown_here"


def offline(
    desk: Desk, name: str = "anna", password: str = GOOD
) -> Callable[[], Awaitable[object]]:
    return lambda: desk.oidc.sign_in_offline(name, password)


def known_offline(desk: Desk) -> None:
    desk.enter()
    desk.run(lambda: desk.oidc.set_offline_password(GOOD))
    desk.session.end()
    desk.provider.there = False


@pytest.mark.parametrize("database", [True, False])
def test_the_offline_password_counts_for_a_day(
    desk: Desk, clock: FakeClock, database: bool
) -> None:
    known_offline(desk)
    if not database:
        desk.store.fault = AWAY
    clock.advance(23 * 3600)
    desk.run(offline(desk))
    person = desk.session.signed_in
    assert person is not None
    assert (person.operator, person.role, person.offline, person.way) == (
        "anna", Role.OPERATOR, True, "oidc",
    )  # fmt: skip
    lines = desk.store.log_lines[1:] if database else desk.attempts.lines
    assert [(one.result, one.offline) for one in lines][:2] == [
        (Tried.TRIED, True),
        (Tried.SIGNED_IN, True),
    ]
    # Using it makes nothing last longer.
    desk.session.end()
    clock.advance(3600)
    assert desk.refused(offline(desk)).reason == ("wrong_password" if database else "offline")


def test_the_offline_password_does_not_count_while_the_provider_answers(desk: Desk) -> None:
    known_offline(desk)
    desk.provider.there = True
    assert desk.refused(offline(desk)).reason == "provider_is_there"
    assert desk.refused(lambda: desk.sign_in.sign_in("anna", GOOD)).reason == "wrong_password"


def test_wrong_offline_passwords_are_counted(desk: Desk, clock: FakeClock) -> None:
    known_offline(desk)
    reasons = []
    for _ in range(6):
        reasons.append(desk.refused(offline(desk, password="guessed")).reason)
        clock.advance(61)
    assert reasons == [*["wrong_password"] * 5, "locked_out"]
    assert desk.refused(offline(desk)).reason == "locked_out"
    assert desk.refused(offline(desk, "nobody")).reason == "wrong_password"


def test_a_new_sign_in_keeps_the_offline_password(desk: Desk, clock: FakeClock) -> None:
    known_offline(desk)
    clock.advance(12 * 3600)
    desk.enter()
    desk.session.end()
    clock.advance(13 * 3600)
    desk.run(offline(desk))
    assert desk.session.who() == "anna"


def test_unlocking_offline(desk: Desk) -> None:
    known_offline(desk)
    desk.run(offline(desk))
    desk.session.lock()
    assert desk.refused(lambda: desk.oidc.unlock_offline("guessed")).reason == "wrong_password"
    assert desk.session.locked
    desk.proving._clock.advance(10)  # type: ignore[attr-defined]  # a fake one
    desk.run(lambda: desk.oidc.unlock_offline(GOOD))
    assert not desk.session.locked


def test_who_may_set_an_offline_password(clock: FakeClock) -> None:
    desk = Desk(clock, users=(a_user("eva"),))
    act = desk.oidc.set_offline_password
    assert desk.refused(lambda: act(GOOD)).reason == "not_from_provider"
    desk.run(lambda: desk.sign_in.sign_in("eva", "eva"))
    assert desk.refused(lambda: act(GOOD)).reason == "not_from_provider"
    desk.enter()
    with pytest.raises(UserRefused) as weak:
        desk.run(lambda: act("anna-anna-anna"))
    assert weak.value.reason == "has_name"
    desk.session.lock()
    assert desk.refused(lambda: act(GOOD)).reason == "not_from_provider"


def test_an_offline_password_needs_a_binding(desk: Desk) -> None:
    desk.session.sit("anna")
    with pytest.raises(NotFound):
        desk.run(lambda: desk.oidc._offline.set(desk.session.who(), GOOD))


def test_somebody_whom_this_desk_may_not_see_has_the_name(desk: Desk) -> None:
    """PostgreSQL shows a desk only the users of its own kommuner; their names are taken all the same."""

    class Fenced(FakeUserStore):
        async def add(self, user: User, password_hash: str) -> None:
            raise RowRefused("constraint")

    desk.store.__class__ = Fenced
    assert desk.refused().reason == "name_taken"

"""One code, once, for our own question."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.application.identity_ports import Asked
from workstation.application.proving import SignInRefused
from workstation.application.replies import Replies


def asked(state: str = "state-1") -> Asked:
    return Asked(
        url="u",
        redirect="r",
        state=state,
        nonce="n",
        verifier="v",
        at=datetime(2026, 3, 14, tzinfo=UTC),
    )


def refused(replies: Replies, question: Asked, **reply: str) -> SignInRefused:
    with pytest.raises(SignInRefused) as caught:
        replies.code(question, reply)
    return caught.value


def test_the_code_of_our_own_question() -> None:
    assert Replies().code(asked(), {"state": "state-1", "code": "c"}) == "c"


def test_a_code_and_a_state_are_taken_once() -> None:
    replies = Replies()
    replies.code(asked(), {"state": "state-1", "code": "c"})
    assert refused(replies, asked(), state="state-1", code="d").reason == "replayed"
    assert refused(replies, asked("state-2"), state="state-2", code="c").reason == "replayed"
    assert refused(replies, asked("state-3"), state="state-1", code="e").reason == "replayed"
    # What came with a foreign state is used up as well.
    assert refused(replies, asked("state-4"), state="?", code="f").reason == "foreign_state"
    assert refused(replies, asked("state-4"), state="state-4", code="f").reason == "replayed"


def test_a_question_given_up_is_answered_no_more() -> None:
    replies = Replies()
    replies.spend(asked())
    assert refused(replies, asked(), state="state-1", code="c").reason == "replayed"


@pytest.mark.parametrize("state", ["", "State-1", "state-1 ", "state-2", "æ"])
def test_a_foreign_state(state: str) -> None:
    assert refused(Replies(), asked(), state=state, code="c").reason == "foreign_state"


@pytest.mark.parametrize("reply", [{}, {"code": "c"}, {"error": "access_denied"}])
def test_no_state_at_all(reply: dict[str, str]) -> None:
    assert refused(Replies(), asked(), **reply).reason == "foreign_state"


def test_what_the_provider_says_instead_of_a_code() -> None:
    declined = refused(Replies(), asked(), state="state-1", error="access_denied")
    assert declined.reason == "provider_declined"
    down = refused(Replies(), asked(), state="state-1", error="server_error", code="c")
    assert (down.reason, down.facts) == ("provider_refused", {"error": "server_error"})
    assert refused(Replies(), asked(), state="state-1").reason == "provider_garbled"


@given(st.dictionaries(st.sampled_from(["state", "code", "error", "iss"]), st.text()))
def test_any_reply(reply: dict[str, str]) -> None:
    try:
        code = Replies().code(asked(), reply)
    except SignInRefused:
        return
    assert reply["state"] == "state-1"
    assert reply["code"] == code


def test_it_keeps_no_secret() -> None:
    replies = Replies()
    replies.code(asked(), {"state": "state-1", "code": "a-long-code"})
    assert b"a-long-code" not in b"".join(replies._spent)
    assert len(replies._spent) == 2

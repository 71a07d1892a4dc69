"""The line and far ends on a bad day: SIPp plays them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.peers import scenarios_sipp as bad_day
from tests.peers import sipp as script
from tests.peers.sipp import Sipp
from tests.peers.telephone import Telephone
from tests.waiting import until
from workstation.domain.call import CallResult, CallState, LineState

pytestmark = pytest.mark.peer
NUMBER = "+4574621048"


@pytest.mark.parametrize("direction", ["sendrecv", "sendonly", "inactive"])
def test_a_far_end_that_offers_the_sound_anew(
    sipp: Callable[..., Sipp], telephone: Callable[..., Telephone], direction: str
) -> None:
    peer = sipp(bad_day.reinviting(direction))
    phone = telephone(peer.address)
    call = phone.answered(NUMBER)
    until(lambda: "CSeq: 9 ACK" in peer.messages, why=lambda: peer.messages)
    phone.line.hang_up(call)
    assert phone.ended(call).result is CallResult.ANSWERED
    assert not any(event.state is CallState.HELD for event in phone.of(call))


def test_everything_said_more_than_once_is_one_call(
    sipp: Callable[..., Sipp], telephone: Callable[..., Telephone]
) -> None:
    peer = sipp(bad_day.repeating())
    phone = telephone(peer.address)
    call = phone.answered(NUMBER)
    phone.line.hang_up(call)
    assert phone.ended(call).result is CallResult.ANSWERED
    states = [event.state for event in phone.of(call)]
    assert states.count(CallState.ENDED) == 1
    assert sorted(set(states), key=states.index)[-2:] == [CallState.IN_CALL, CallState.ENDED]


def test_a_slow_far_end_is_asked_again_and_called_once(
    sipp: Callable[..., Sipp], telephone: Callable[..., Telephone]
) -> None:
    peer = sipp(bad_day.late(1200))
    phone = telephone(peer.address)
    call = phone.answered(NUMBER)
    phone.line.hang_up(call)
    assert phone.ended(call).result is CallResult.ANSWERED
    assert peer.messages.count("INVITE sip:") >= 2
    assert peer.messages.count("SIP/2.0 200 OK") == 2


def test_a_far_end_that_falls_silent_is_told_and_stays(
    sipp: Callable[..., Sipp], telephone: Callable[..., Telephone], tmp_path: Path
) -> None:
    peer = sipp(bad_day.speaking(tmp_path / "speech.pcma", seconds=1))
    phone = telephone(peer.address)
    call = phone.answered(NUMBER)
    lost = phone.wait(call, lambda event: event.sound_lost)
    assert lost.state is CallState.IN_CALL
    phone.line.hang_up(call)
    assert phone.ended(call).result is CallResult.ANSWERED


@pytest.mark.parametrize(
    "body", ["", "v=9\n", "m=audio\n" * 50, "v=0\no=- 1 1 IN IP4 x\ns=-\nt=0 0\nm=video 9 X 1\n"]
)
def test_an_answer_that_cannot_be_read_ends_that_call_only(
    sipp: Callable[..., Sipp], telephone: Callable[..., Telephone], body: str
) -> None:
    peer = sipp(bad_day.answering_with(body))
    phone = telephone(peer.address)
    pid, call = phone.line.pid, phone.dial(NUMBER)
    phone.ended(call)
    other = sipp(script.refusing("486 Busy Here"))
    assert phone.ended(phone.dial(other.uri)).result is CallResult.BUSY
    assert phone.line.pid == pid
    assert phone.states[-1].state is LineState.READY

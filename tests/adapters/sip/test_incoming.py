"""Whoever calls the hub rings here, and is answered, turned away, or lost to another telephone."""

import os
import signal
from pathlib import Path

import pytest

from tests.hearing import tone_share
from tests.waiting import until
from workstation.domain.call import CallResult, CallState

pytestmark = pytest.mark.peer


_PURE = 0.8
_SECOND = 2 * 16_000  # bytes of a recording


def _heard_bytes(peer) -> bool:
    """Whether the latest recording has a second of sound."""
    files = peer.recordings()
    return bool(files) and sum(map(bool, files[-1].read_bytes()[64:])) > _SECOND // 2


def heard_tone(peer, hertz: float) -> float:
    """Return the share of a tone in what a telephone heard last, once its file is closed."""
    file: Path = peer.recordings()[-1]
    return until(lambda: tone_share(file, hertz), why=lambda: peer.output)


def test_who_calls_is_told_and_it_rings_until_it_is_answered(desk, telephone):
    hub, address = desk()
    citizen = telephone()
    call = citizen.dial(address)
    came = hub.rung()
    assert came.caller.startswith("sip:workstation@127.0.0.1")
    assert (came.called, came.number) == ("hub", "")
    citizen.wait_state(call, CallState.RINGING)
    assert hub.of(came.call)[-1].state is CallState.INCOMING
    hub.line.answer(came.call)
    hub.wait_state(came.call, CallState.IN_CALL)
    citizen.wait_state(call, CallState.IN_CALL)
    citizen.line.hang_up(call)
    assert hub.ended(came.call).result is CallResult.ANSWERED


def test_a_number_and_a_name_are_read_from_the_address(desk, raw_caller):
    hub, address = desk()
    raw_caller(address, caller='"Anna M\u00f8ller" <sip:004574621048@unit.test>').invite()
    came = hub.rung()
    assert (came.number, came.name) == ("+4574621048", "Anna M\u00f8ller")


def test_whoever_gives_up_is_abandoned(desk, telephone):
    hub, address = desk()
    citizen = telephone()
    call = citizen.dial(address)
    came = hub.rung()
    citizen.wait_state(call, CallState.RINGING)
    citizen.line.hang_up(call)
    assert hub.ended(came.call).result is CallResult.ABANDONED


@pytest.mark.parametrize(("busy", "result"), [(False, "no_answer"), (True, "busy")])
def test_turned_away(desk, telephone, busy, result):
    hub, address = desk()
    citizen = telephone()
    call = citizen.dial(address)
    came = hub.rung()
    hub.line.decline(came.call, busy=busy)
    assert hub.ended(came.call).result is CallResult.DECLINED
    assert citizen.ended(call).result is CallResult(result)


def test_another_telephone_answered(desk, raw_caller):
    hub, address = desk()
    caller = raw_caller(address)
    caller.invite()
    came = hub.rung()
    caller.answer(180)
    caller.cancel('Reason: SIP;cause=200;text="Call completed elsewhere"\n')
    assert hub.ended(came.call).result is CallResult.TAKEN_ELSEWHERE


def test_a_second_caller_rings_while_the_first_is_talked_to(desk, telephone):
    hub, address = desk()
    first, second = telephone(), telephone()
    first.dial(address)
    talking = hub.rung()
    hub.line.answer(talking.call)
    hub.wait_state(talking.call, CallState.IN_CALL)
    second.dial(address)
    waiting = hub.rung(after=1)
    hub.line.hold(talking.call, True)
    hub.wait_state(talking.call, CallState.HELD)
    hub.line.answer(waiting.call)
    hub.wait_state(waiting.call, CallState.IN_CALL)
    assert hub.of(talking.call)[-1].state is CallState.HELD


def test_a_killed_process_loses_the_call_and_can_be_called_again(desk, telephone):
    hub, address = desk()
    citizen = telephone()
    citizen.dial(address)
    came = hub.rung()
    told = len(hub.states)
    os.kill(hub.line.pid, signal.SIGKILL)
    assert hub.ended(came.call).result is CallResult.LINE_LOST
    until(lambda: any(e.state.value == "ready" for e in hub.states[told:]), why=lambda: hub.states)
    telephone().dial(address)
    assert hub.rung(after=1).call != came.call


def test_three_hear_each_other(desk, baresip):
    hub, _ = desk()
    one, two = baresip(tone=440), baresip(tone=1000)
    calls = [hub.answered(one.uri), hub.answered(two.uri)]
    hub.line.join(calls)
    for call in calls:
        hub.wait(call, lambda event: event.joined)
    until(lambda: all(_heard_bytes(peer) for peer in (one, two)))
    hub.line.join(())
    until(lambda: not any(hub.of(call)[-1].joined for call in calls))
    for call in calls:
        hub.line.hang_up(call)
        hub.ended(call)
    assert heard_tone(one, 1000) > _PURE
    assert heard_tone(two, 440) > _PURE


def test_a_call_is_handed_over(desk, baresip, telephone):
    hub, _ = desk()
    relative, relatives_address = desk()
    citizen = baresip()
    call = hub.answered(citizen.uri)
    hub.line.transfer(call, relatives_address)
    came = relative.rung()
    assert came.caller.startswith("sip:bs@")
    relative.line.answer(came.call)
    hub.wait(call, lambda e: e.transfer is not None and e.transfer.state.value == "done")
    assert hub.ended(call).result is CallResult.ANSWERED
    relative.wait_state(came.call, CallState.IN_CALL)


def test_a_call_is_handed_to_whom_was_asked_first(desk, baresip):
    hub, _ = desk()
    citizen, responder = baresip(), baresip(tone=1000)
    call, asked = hub.answered(citizen.uri), hub.answered(responder.uri)
    hub.line.hold(call, True)
    hub.wait_state(call, CallState.HELD)
    hub.line.transfer_to(call, asked)
    hub.ended(call)
    hub.ended(asked)
    until(lambda: _heard_bytes(citizen))
    for peer in (citizen, responder):
        peer.order("hangup")
    assert heard_tone(citizen, 1000) > _PURE


@pytest.mark.parametrize("library", ["ours"], indirect=True)  # it waits as long with either
def test_a_transfer_that_is_refused_leaves_the_call(desk, baresip, free_port):
    hub, _ = desk()
    citizen = baresip()
    call = hub.answered(citizen.uri)
    hub.line.transfer(call, f"sip:nobody@127.0.0.1:{free_port()}")
    failed = hub.wait(
        call, lambda e: e.transfer is not None and e.transfer.state.value == "failed", timeout=40
    )
    assert failed.state is CallState.IN_CALL


def test_how_well_the_far_end_is_heard(desk, baresip):
    hub, _ = desk()
    call = hub.answered(baresip().uri)
    heard = hub.wait(call, lambda event: event.quality is not None)
    assert heard.quality.mos > 4
    assert heard.quality.loss_percent == 0

"""The line at a registrar."""

from pathlib import Path

import pytest

from tests.peers import sipp as script
from tests.waiting import until
from workstation.adapters.sip.orders import Way
from workstation.domain.call import CallResult, CallState, LineState

pytestmark = pytest.mark.peer


def login(password: str = "secret", **more: object) -> dict[str, object]:
    return {"kind": "registrar", "username": "desk7@kommune.test", "password": password} | more


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_registers_calls_and_leaves(sipp, telephone, transport):
    peer = sipp(script.registrar("desk7", "secret"), calls=0, tcp=transport == "tcp")
    phone = telephone(peer.address, setup=login(transport=transport))
    call = phone.answered("+4574621048")
    phone.line.hang_up(call)
    assert phone.ended(call).result is CallResult.ANSWERED
    assert "INVITE sip:+4574621048@kommune.test" in peer.messages
    phone.stop()
    until(lambda: "Expires: 0" in peer.messages, why=lambda: peer.messages)


def test_a_wrong_password_is_told_and_calls_are_still_tried(sipp, telephone):
    peer = sipp(script.registrar("desk7", "secret"), calls=0)
    phone = telephone(peer.address, setup=login("wrong"), started=True)
    refused = phone.wait_line(LineState.UNREGISTERED)
    assert (refused.sip_code, refused.reason) == (403, "Forbidden")
    end = phone.ended(phone.dial("+4574621048"))
    assert (end.result, end.sip_code) == (CallResult.UNAUTHORISED, 403)


@pytest.mark.parametrize("library", ["ours"], indirect=True)  # it waits as long with either
def test_no_registrar_is_told_before_sip_gives_up(telephone, free_port):
    phone = telephone(f"127.0.0.1:{free_port()}", setup=login(), started=True)
    refused = phone.wait_line(LineState.UNREGISTERED, timeout=20)
    assert (refused.sip_code, refused.reason) == (408, "No reply")


@pytest.mark.parametrize("library", ["ours"], indirect=True)  # it waits as long with either
def test_an_account_that_vanishes_is_told_when_the_registrar_is_asked_again(sipp, telephone):
    peer = sipp(script.registrar("desk7", "secret", expires_s=7), calls=0)
    phone = telephone(peer.address, setup=login())
    peer.stop()
    gone = phone.wait_line(LineState.UNREGISTERED, timeout=30)
    assert gone.sip_code in (408, 503)
    peer.start()
    phone.wait_line(LineState.READY, timeout=30)


def test_the_password_is_never_shown(sipp, telephone):
    peer = sipp(script.registrar("desk7", "secret"), calls=0)
    phone = telephone(peer.address, setup=login())
    assert phone.line.pid is not None
    for told in ("cmdline", "environ"):
        assert b"secret" not in Path(f"/proc/{phone.line.pid}/{told}").read_bytes()
    assert "secret" not in peer.messages


def second(peer, password: str = "secret") -> dict[str, object]:
    way = Way(address=peer.address, username="desk7@kommune.test", password=password)
    return {"fallback": way}


@pytest.mark.parametrize("library", ["ours"], indirect=True)  # it waits as long with either
def test_calls_go_by_the_second_registrar_while_the_first_is_away(sipp, telephone, free_port):
    spare = sipp(script.registrar("desk7", "secret"), calls=0)
    phone = telephone(f"127.0.0.1:{free_port()}", setup=login() | second(spare), started=True)
    until(lambda: any(e.state is LineState.READY and e.fallback for e in phone.states), timeout=20)
    call = phone.answered("+4574621048")
    assert "INVITE sip:+4574621048@kommune.test" in spare.messages
    phone.line.hang_up(call)
    assert phone.ended(call).result is CallResult.ANSWERED


@pytest.mark.parametrize("library", ["ours"], indirect=True)  # it waits as long with either
def test_a_call_that_the_first_does_not_take_is_tried_by_the_second(sipp, telephone):
    first = sipp(script.registrar("desk7", "secret"), calls=0)
    spare = sipp(script.registrar("desk7", "secret"), calls=0)
    phone = telephone(first.address, setup=login() | second(spare))
    until(lambda: spare.messages.count("SIP/2.0 200 OK") >= 1)
    first.stop()
    call = phone.dial("+4574621048")
    phone.wait_state(call, CallState.IN_CALL, timeout=20)
    assert "INVITE" in spare.messages


@pytest.mark.parametrize("library", ["ours"], indirect=True)  # it waits as long with either
def test_the_first_is_used_again_when_it_is_back(sipp, telephone):
    first = sipp(script.registrar("desk7", "secret", expires_s=7), calls=0)
    spare = sipp(script.registrar("desk7", "secret"), calls=0)
    phone = telephone(first.address, setup=login() | second(spare))
    first.stop()
    until(lambda: phone.states[-1].fallback, timeout=30, why=lambda: phone.states)
    first.start()
    until(lambda: not phone.states[-1].fallback, timeout=40, why=lambda: phone.states)
    assert phone.states[-1].state is LineState.READY

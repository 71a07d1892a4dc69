"""The line at a registrar."""

from pathlib import Path

import pytest

from tests.peers import sipp as script
from tests.waiting import until
from workstation.domain.call import CallResult, LineState

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


def test_no_registrar_is_told_before_sip_gives_up(telephone, free_port):
    phone = telephone(f"127.0.0.1:{free_port()}", setup=login(), started=True)
    refused = phone.wait_line(LineState.UNREGISTERED, timeout=20)
    assert (refused.sip_code, refused.reason) == (408, "No reply")


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

"""An encrypted line: whose certificate is believed, what is said otherwise, and no voice in the clear."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.peers import sipp as script
from tests.peers.baresip import Baresip
from tests.peers.certificates import Authority, Pair
from tests.peers.sipp import Sipp
from tests.peers.telephone import Telephone
from tests.peers.tls_front import TlsFront
from tests.waiting import until
from workstation.adapters.sip.handshake import try_tls
from workstation.application.errors import LineFailed
from workstation.complaints import of_part, sentence
from workstation.domain.call import CallResult, LineState
from workstation.wire import certificates

pytestmark = pytest.mark.peer


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def front(sipp: Callable[..., Sipp]) -> Iterator[Callable[..., TlsFront]]:
    """`front(pair, steps=…)` is a telephone system behind TLS; a registrar when nothing is said."""
    with ExitStack() as stack:

        def start(pair: Pair, steps: list[str] | None = None) -> TlsFront:
            peer = sipp(steps or script.registrar("desk7", "secret"), calls=0, tcp=True)
            one = TlsFront(peer, pair)
            stack.callback(one.close)
            return one

        yield start


def setup(authority: Authority, **more: Any) -> dict[str, Any]:
    own = {"kind": "registrar", "username": "desk7", "password": "secret"}
    return own | {"transport": "tls", "ca_file": str(authority.file)} | more


def refused(phone: Telephone, reason: str) -> None:
    event = phone.wait_line(LineState.UNREGISTERED, timeout=20)
    assert event.reason == reason
    said = of_part("telephone", event.reason, {"sip_code": event.sip_code})
    assert "certificate" in said
    assert "another telephone" in said


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_it_registers_where_the_certificate_is_good(
    front: Callable[..., TlsFront],
    telephone: Callable[..., Telephone],
    authority: Authority,
    host: str,
) -> None:
    peer = front(authority.server())
    telephone(f"{host}:{peer.port}", setup=setup(authority))
    assert "transport=tls" in peer.peer.messages


def test_the_newest_tls_that_the_library_has_is_spoken(front, authority, telephone, library):
    peer = front(authority.server())
    telephone(f"localhost:{peer.port}", setup=setup(authority))
    assert peer.spoken[-1] == {"ours": "TLSv1.3", "installed": "TLSv1.2"}[library]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("expired", certificates.EXPIRED),
        ("not_yet_valid", certificates.EARLY),
        ("elsewhere", certificates.NAME),
        ("stranger", certificates.UNKNOWN),
    ],
)
def test_each_fault_of_a_certificate_is_told(
    front: Callable[..., TlsFront],
    telephone: Callable[..., Telephone],
    authority: Authority,
    fault: str,
    reason: str,
) -> None:
    peer = front(authority.faulty(fault))
    phone = telephone(f"localhost:{peer.port}", setup=setup(authority), started=True)
    refused(phone, reason)
    assert peer.peer.messages == ""


def test_a_renewed_certificate_is_believed_without_a_new_start(
    front: Callable[..., TlsFront], telephone: Callable[..., Telephone], authority: Authority
) -> None:
    peer = front(authority.expired())
    phone = telephone(f"localhost:{peer.port}", setup=setup(authority), started=True)
    refused(phone, certificates.EXPIRED)
    peer.present(authority.server())
    phone.wait_line(LineState.READY, timeout=40)


def test_a_call_without_a_registrar_tells_it_too_and_again_when_it_is_good(
    front: Callable[..., TlsFront], telephone: Callable[..., Telephone], authority: Authority
) -> None:
    busy = [script.receive("INVITE"), script.respond("486 Busy Here"), script.receive("ACK")]
    peer = front(authority.expired(), busy)
    phone = telephone(f"localhost:{peer.port}", setup=setup(authority, kind="direct", username=""))
    ended = phone.ended(phone.dial("+4574621048"))
    assert ended.sip_code == 503
    refused(phone, certificates.EXPIRED)
    peer.present(authority.server())
    before = len(phone.states)
    assert phone.ended(phone.dial("+4574621048")).sip_code == 486
    phone.wait_line(LineState.READY, after=before)


def test_no_word_is_spoken_in_the_clear(
    front: Callable[..., TlsFront], telephone: Callable[..., Telephone], authority: Authority
) -> None:
    answers = [script.receive("INVITE"), script.respond("200 OK", sdp=True), script.receive("ACK"),
               script.receive("BYE"), script.respond("200 OK")]  # fmt: skip
    peer = front(authority.server(), answers)
    phone = telephone(f"localhost:{peer.port}", setup=setup(authority, kind="direct", username=""))
    call = phone.dial("+4574621048")
    phone.ended(call, timeout=20)
    messages = peer.peer.messages
    until(lambda: "RTP/SAVP" in messages)
    assert "a=crypto:" in messages
    assert all(event.state.value != "in_call" for event in phone.of(call))


def test_a_call_whose_voice_is_encrypted_too(
    baresip: Callable[..., Baresip],
    telephone: Callable[..., Telephone],
    authority: Authority,
    tmp_path: Path,
) -> None:
    peer = baresip(tls=authority.server())
    phone = telephone(peer.secure_address, setup=setup(authority, kind="direct", username=""))
    heard = tmp_path / "heard.wav"
    call = phone.hearing(f"sip:bs@{peer.secure_address}", heard)
    phone.line.hang_up(call)
    assert phone.ended(call).result is CallResult.ANSWERED
    assert "srtp" in peer.output.lower(), peer.output


def test_check_looks_at_the_certificate_before_anybody_calls(
    front: Callable[..., TlsFront], sipp: Callable[..., Sipp], authority: Authority, tmp_path: Path
) -> None:
    def reason(port: int, ca_file: Path) -> str:
        try:
            try_tls(f"localhost:{port}", str(ca_file))
        except LineFailed as error:
            assert "Something outside" not in sentence(error)
            return error.reason
        return ""

    peer = front(authority.server())
    assert reason(peer.port, authority.file) == ""
    assert reason(peer.port, Authority(tmp_path).file) == certificates.UNKNOWN
    assert reason(front(authority.expired()).port, authority.file) == certificates.EXPIRED
    assert reason(front(authority.not_yet_valid()).port, authority.file) == certificates.EARLY
    plain = sipp(script.registrar("desk7", "secret"), calls=0, tcp=True)
    assert reason(plain.port, authority.file) == "no_tls"
    assert reason(1, authority.file) == ""

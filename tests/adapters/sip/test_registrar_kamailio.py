"""The line at a real registrar, and through it to somebody else's telephone."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.peers.baresip import Baresip
from tests.peers.certificates import Authority, Pair
from tests.peers.kamailio import DOMAIN, Kamailio
from tests.peers.process import free_port as find_free_port
from tests.peers.telephone import Telephone
from tests.waiting import until
from workstation.complaints import of_part
from workstation.complaints.telephone import registration_refused
from workstation.domain.call import CallResult, CallState, LineState
from workstation.wire import certificates

pytestmark = pytest.mark.peer

USERS = {"desk7": "secret", "unit": "pass"}
WAYS = ("udp", "tcp", "tls")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def kamailio(stack: ExitStack, tmp_path: Path, authority: Authority) -> Callable[..., Kamailio]:
    def start(tls: Pair | None = None, **wanted: Any) -> Kamailio:
        peer = Kamailio(
            tmp_path / f"kamailio-{find_free_port()}",
            USERS,
            tls=tls or authority.server(),
            **wanted,
        )
        stack.callback(peer.stop)
        peer.start()
        return peer

    return start


@pytest.fixture
def line(telephone: Callable[..., Telephone], authority: Authority) -> Callable[..., Telephone]:
    """`line(kamailio, "tls")` is registered there; `started=True` does not wait for that."""

    def start(
        peer: Kamailio, way: str = "udp", *, setup: dict[str, Any] | None = None, **more: Any
    ) -> Telephone:
        own = {"kind": "registrar", "username": f"desk7@{DOMAIN}", "password": "secret"}
        own |= {"transport": way, "ca_file": str(authority.file)}
        address = peer.tls_address if way == "tls" else peer.address
        return telephone(address, setup=own | (setup or {}), **more)

    return start


@pytest.fixture
def unit(baresip: Callable[..., Baresip], authority: Authority) -> Callable[..., Baresip]:
    """A telephone registered as `unit`, over TLS with SRTP or over UDP."""

    def start(peer: Kamailio, way: str = "udp", **more: Any) -> Baresip:
        one = baresip(
            registrar=peer.tls_address.replace("localhost", "127.0.0.1")
            if way == "tls"
            else peer.address,
            login=(f"unit@{DOMAIN}", "pass"),
            tls=authority.server("unit") if way == "tls" else None,
            **more,
        )
        until(lambda: peer.registrations("unit", by=way), why=lambda: one.output + peer.output)
        return one

    return start


class TestRegisters:
    @pytest.mark.parametrize("way", WAYS)
    def test_with_digest_and_leaves(
        self, kamailio: Callable[..., Kamailio], line: Callable[..., Telephone], way: str
    ) -> None:
        peer = kamailio()
        phone = line(peer, way)
        assert f"registered desk7 by {way} for 60" in peer.output
        phone.stop()
        until(lambda: f"registered desk7 by {way} for 0" in peer.output, why=lambda: peer.output)

    def test_again_after_its_process_was_killed(
        self, kamailio: Callable[..., Kamailio], line: Callable[..., Telephone]
    ) -> None:
        peer = kamailio()
        phone = line(peer)
        before = len(phone.states)
        assert phone.line.pid is not None
        os.kill(phone.line.pid, signal.SIGKILL)
        phone.wait_line(LineState.DOWN, after=before)
        phone.wait_line(LineState.READY, after=before, timeout=3)
        assert peer.registrations("desk7") == 2

    @pytest.mark.parametrize("way", ["udp", "tls"])
    def test_again_after_the_registrar_forgot_everything(
        self, kamailio: Callable[..., Kamailio], line: Callable[..., Telephone], way: str
    ) -> None:
        peer = kamailio(expires_s=7)
        line(peer, way)
        peer.stop()
        peer.start()
        until(lambda: peer.registrations("desk7", by=way), timeout=30, why=lambda: peer.output)


class TestIsRefused:
    @pytest.mark.parametrize(
        ("setup", "code"),
        [({"password": "wrong"}, 401), ({"username": f"desk8@{DOMAIN}"}, 404)],
    )
    def test_with_the_reason(
        self,
        kamailio: Callable[..., Kamailio],
        line: Callable[..., Telephone],
        setup: dict[str, Any],
        code: int,
    ) -> None:
        phone = line(kamailio(), setup=setup, started=True)
        assert phone.wait_line(LineState.UNREGISTERED).sip_code == code

    def test_where_there_is_no_registrar(
        self, kamailio: Callable[..., Kamailio], line: Callable[..., Telephone]
    ) -> None:
        peer = kamailio()
        peer.stop()
        phone = line(peer, started=True)
        assert phone.wait_line(LineState.UNREGISTERED, timeout=20).sip_code == 408
        peer.start()
        phone.wait_line(LineState.READY, timeout=40)

    @pytest.mark.parametrize(
        ("fault", "reason"),
        [
            ("expired", certificates.EXPIRED),
            ("elsewhere", certificates.NAME),
            ("stranger", certificates.UNKNOWN),
        ],
    )
    def test_for_a_certificate(
        self,
        kamailio: Callable[..., Kamailio],
        line: Callable[..., Telephone],
        authority: Authority,
        fault: str,
        reason: str,
    ) -> None:
        peer = kamailio(authority.faulty(fault))
        phone = line(peer, "tls", started=True)
        assert phone.wait_line(LineState.UNREGISTERED, timeout=20).reason == reason
        assert peer.registrations("desk7") == 0

    def test_each_in_a_sentence_of_its_own(self) -> None:
        told = [registration_refused(code) for code in (401, 404, 408)]
        faults = (certificates.EXPIRED, certificates.NAME, certificates.UNKNOWN)
        told += [of_part("telephone", fault, {}) for fault in faults]
        assert len(set(told)) == 6


class TestCalls:
    @pytest.mark.parametrize("way", ["udp", "tls"])
    def test_a_telephone_at_the_same_registrar(
        self,
        kamailio: Callable[..., Kamailio],
        line: Callable[..., Telephone],
        unit: Callable[..., Baresip],
        tmp_path: Path,
        way: str,
    ) -> None:
        peer = kamailio()
        far = unit(peer, way)
        phone = line(peer, way)
        call = phone.hearing(f"sip:unit@{DOMAIN}", tmp_path / "heard.wav")
        assert ("srtp" in far.output.lower()) == (way == "tls"), far.output
        phone.line.hang_up(call)
        assert phone.ended(call).result is CallResult.ANSWERED

    def test_the_first_of_two_has_it(
        self,
        kamailio: Callable[..., Kamailio],
        line: Callable[..., Telephone],
        unit: Callable[..., Baresip],
    ) -> None:
        peer = kamailio()
        unit(peer, answers=False)
        unit(peer)
        until(lambda: peer.registrations("unit") >= 2, why=lambda: peer.output)
        phone = line(peer)
        call = phone.answered(f"sip:unit@{DOMAIN}")
        phone.line.hang_up(call)
        assert phone.ended(call).result is CallResult.ANSWERED

    def test_nobody_is_registered(
        self, kamailio: Callable[..., Kamailio], line: Callable[..., Telephone]
    ) -> None:
        phone = line(kamailio())
        end = phone.ended(phone.dial(f"sip:unit@{DOMAIN}"))
        assert (end.result, end.sip_code) == (CallResult.NO_ANSWER, 480)

    def test_a_telephone_that_does_not_encrypt_is_never_spoken_to(
        self,
        kamailio: Callable[..., Kamailio],
        line: Callable[..., Telephone],
        unit: Callable[..., Baresip],
    ) -> None:
        peer = kamailio()
        unit(peer)
        phone = line(peer, "tls")
        call = phone.dial(f"sip:unit@{DOMAIN}")
        end = phone.ended(call)
        assert (end.result, end.sip_code) == (CallResult.NOT_ENCRYPTED, 488)
        assert all(event.state is not CallState.IN_CALL for event in phone.of(call))

    def test_no_codec_in_common(
        self,
        kamailio: Callable[..., Kamailio],
        line: Callable[..., Telephone],
        unit: Callable[..., Baresip],
    ) -> None:
        peer = kamailio()
        unit(peer, codec="PCMU/8000/1")
        phone = line(peer, setup={"codecs": ("G722",)})
        end = phone.ended(phone.dial(f"sip:unit@{DOMAIN}"))
        assert (end.result, end.sip_code) == (CallResult.NO_COMMON_SOUND, 488)

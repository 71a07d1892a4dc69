"""An encrypted broker, and each way in which its certificate, or ours, can be wrong."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.peers.certificates import Authority, Pair
from tests.peers.mosquitto import Mosquitto
from tests.waiting import until
from workstation.adapters.mqtt.address import Address
from workstation.adapters.mqtt.encryption import why_ended, why_not
from workstation.adapters.mqtt.network_thread import BlockClient
from workstation.adapters.mqtt.paho_feed import PahoFeed
from workstation.adapters.mqtt.publisher import Publisher
from workstation.adapters.system.clock import SystemClock
from workstation.application.errors import BrokerFailed
from workstation.application.ports import FeedState
from workstation.complaints import sentence
from workstation.wire import certificates

peer = pytest.mark.peer


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Of the same name, and with a key of its own."""
    return Authority(tmp_path_factory.mktemp("other"))


@pytest.fixture
def broker(mosquitto: Callable[..., Mosquitto]) -> Callable[..., Mosquitto]:
    """`broker(pair, more)` speaks nothing but TLS."""

    def start(pair: Pair, more: str = "") -> Mosquitto:
        lines = f"certfile {pair.certificate}\nkeyfile {pair.key}\n{more}"
        return mosquitto(settings=lines)

    return start


def address(broker: Mosquitto, authority: Authority, **how: object) -> Address:
    found = {
        "url": f"mqtts://localhost:{broker.port}",
        "client_id": "desk",
        "ca_file": str(authority.file),
        **how,
    }
    return Address(**found)


@contextmanager
def feed(where: Address) -> Iterator[list[FeedState]]:
    states: list[FeedState] = []
    one = PahoFeed(where, ["t/#"], SystemClock())
    one.start(lambda *_: None, states.append)
    yield states
    one.stop()


def first(where: Address) -> FeedState:
    with feed(where) as states:
        until(lambda: states, why=lambda: states)
        return states[0]


def reason_of(where: Address) -> str:
    """The feed's own reason, and that the publisher of `simulate` says the same."""
    state = first(where)
    assert not state.connected
    said = sentence(BrokerFailed(state.reason, **state.facts))
    assert "Something outside" not in said
    assert "{" not in said
    return state.reason


@peer
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_good_certificate(
    broker: Callable[..., Mosquitto], authority: Authority, host: str
) -> None:
    one = broker(authority.server())
    where = address(one, authority, url=f"mqtts://{host}:{one.port}")
    assert first(where).connected
    with Publisher(where) as publisher:
        publisher.publish("t/x", b"x")
        publisher.flush()


@peer
def test_another_authority_of_the_same_name(
    broker: Callable[..., Mosquitto], authority: Authority, other: Authority
) -> None:
    where = address(broker(authority.server()), other)
    assert reason_of(where) == "certificate_unknown"
    with pytest.raises(BrokerFailed, match="certificate_unknown"), Publisher(where):
        pass


@peer
def test_without_a_file_the_system_s_authorities_are_asked(
    broker: Callable[..., Mosquitto], authority: Authority
) -> None:
    assert reason_of(address(broker(authority.server()), authority, ca_file="")) == (
        "certificate_unknown"
    )


@peer
def test_a_certificate_for_another_name(
    broker: Callable[..., Mosquitto], authority: Authority
) -> None:
    one = broker(authority.server("elsewhere", names=["broker.example"]))
    assert reason_of(address(one, authority)) == "certificate_name"
    by_number = address(one, authority, url=f"mqtts://127.0.0.1:{one.port}")
    assert reason_of(by_number) == "certificate_name"


@peer
def test_dates(broker: Callable[..., Mosquitto], authority: Authority) -> None:
    assert reason_of(address(broker(authority.expired()), authority)) == "certificate_expired"
    assert reason_of(address(broker(authority.not_yet_valid()), authority)) == "certificate_early"


@peer
def test_plain_at_an_encrypted_port_and_the_reverse(
    broker: Callable[..., Mosquitto], mosquitto: Callable[..., Mosquitto], authority: Authority
) -> None:
    encrypted = broker(authority.server())
    plain = address(encrypted, authority, url=f"mqtt://localhost:{encrypted.port}")
    assert reason_of(plain) in ("wants_tls", "hung_up")
    assert reason_of(address(mosquitto(), authority)) == "no_tls"


@peer
@pytest.mark.parametrize("newest", ["tlsv1.2", "tlsv1.3"])
def test_a_broker_that_wants_to_know_who_connects(
    broker: Callable[..., Mosquitto], authority: Authority, other: Authority, newest: str
) -> None:
    wanting = f"cafile {authority.file}\nrequire_certificate true\nuse_identity_as_username true\n"
    wanting += f"tls_version {newest}\n"
    one = broker(authority.server(), wanting)

    def shown(pair: Pair, **how: object) -> Address:
        own = {"certificate_file": str(pair.certificate), "key_file": str(pair.key)}
        return address(one, authority, **own, **how)

    assert reason_of(address(one, authority)) == "own_certificate_missing"
    assert reason_of(shown(other.client())) == "own_certificate_refused"
    assert reason_of(shown(authority.client("old", expired=True))) == "own_certificate_refused"
    assert first(shown(authority.client("desk-7"))).connected
    assert "desk-7" in one.output
    secret = authority.client("secret", password="halv fire")
    assert first(shown(secret, key_password="halv fire")).connected


@peer
def test_a_broker_that_changes_its_mind_is_told_anew(
    broker: Callable[..., Mosquitto], authority: Authority
) -> None:
    """Connected, then refused: what is on the strip is the present reason, not the first."""
    pair = authority.server()
    one = broker(pair)
    with feed(address(one, authority)) as states:
        until(lambda: states and states[-1].connected)
        expired = authority.expired()
        pair.certificate.write_bytes(expired.certificate.read_bytes())
        pair.key.write_bytes(expired.key.read_bytes())
        one.restart()
        until(lambda: states[-1].reason == "certificate_expired", why=lambda: states)


@pytest.mark.parametrize("password", [None, "nej"])
def test_a_key_that_does_not_open(authority: Authority, password: str | None) -> None:
    pair = authority.client("locked", password="ja ja ja")
    assert refused(pair.certificate, pair.key, password) == "wrong_key_password"


def test_files_that_are_none_of_ours(authority: Authority, tmp_path: Path) -> None:
    pair, stranger = authority.client("one"), authority.client("two")
    assert refused(pair.certificate, stranger.key) == "wrong_key"
    assert refused(tmp_path / "none.pem", pair.key) == "no_certificate_file"
    assert refused(pair.certificate, tmp_path / "none.key") == "no_certificate_file"
    (tmp_path / "text.pem").write_text("no certificate")
    assert refused(tmp_path / "text.pem", pair.key) == "no_certificate_file"


def refused(certificate: Path, key: Path, password: str | None = None) -> str:
    own = {"certificate_file": str(certificate), "key_file": str(key), "key_password": password}
    with pytest.raises(BrokerFailed) as failure:
        BlockClient.of(Address(url="mqtts://hub", client_id="x", **own))
    assert str(key if "key" in failure.value.reason else "") in sentence(failure.value)
    return failure.value.reason


def test_a_key_in_the_certificate_s_own_file(authority: Authority, tmp_path: Path) -> None:
    pair = authority.client("both")
    both = tmp_path / "both.pem"
    both.write_bytes(pair.certificate.read_bytes() + pair.key.read_bytes())
    BlockClient.of(Address(url="mqtts://hub", client_id="x", certificate_file=str(both)))


def test_keys_and_their_passwords_are_never_shown() -> None:
    assert "geheim" not in repr(Address(url="mqtts://h", client_id="x", key_password="geheim"))


def test_only_tls_1_2_and_later() -> None:
    client = BlockClient.of(Address(url="mqtts://hub", client_id="x"))
    assert client._ssl_context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert client._ssl_context.verify_mode == ssl.CERT_REQUIRED
    assert client._ssl_context.check_hostname


@contextmanager
def somebody(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Somebody on a port who is no broker; `answer` is called for each connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    answer(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


def test_somebody_who_hangs_up_without_a_word(authority: Authority) -> None:
    with somebody(lambda connection: connection.recv(1000)) as where:
        assert reason_of(Address(url=f"mqtt://{where}", client_id="x")) == "hung_up"
        secure = Address(url=f"mqtts://{where}", client_id="x", ca_file=str(authority.file))
        assert reason_of(secure) == "no_tls"


def test_the_alert_of_a_port_that_wants_tls() -> None:
    def alert(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(bytes.fromhex("15030100020246"))

    with somebody(alert) as where:
        assert reason_of(Address(url=f"mqtt://{where}", client_id="x")) == "wants_tls"


@pytest.mark.parametrize(
    ("alert", "reason"),
    [
        ("TLSV1_ALERT_PROTOCOL_VERSION", "old_tls"),
        ("UNSUPPORTED_PROTOCOL", "old_tls"),
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", "own_certificate_missing"),
        ("TLSV13_ALERT_CERTIFICATE_REQUIRED", "own_certificate_missing"),
        ("TLSV1_ALERT_INTERNAL_ERROR", "tls_refused"),
        ("WRONG_VERSION_NUMBER", "no_tls"),
    ],
)
def test_what_openssl_names(alert: str, reason: str) -> None:
    error = ssl.SSLError(1, alert)
    error.reason = alert
    told = why_not(error, Address(url="mqtts://hub", client_id="x"))
    assert told["reason"] == reason


def test_an_end_without_a_connection_has_no_reason() -> None:
    assert why_ended(None, Address(url="mqtts://hub", client_id="x")) is None


@pytest.mark.parametrize("reason", certificates.REASONS)
def test_every_reason_has_a_sentence(reason: str) -> None:
    said = sentence(BrokerFailed(reason, host="hub", port=8883, detail="x"))
    assert "certificate" in said
    assert "Something outside" not in said

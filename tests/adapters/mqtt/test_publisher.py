"""The load generator's and the simulated devices' connection."""

from collections.abc import Callable

import pytest

from tests.peers.mosquitto import Mosquitto
from tests.waiting import until
from workstation.adapters.mqtt.address import Address
from workstation.adapters.mqtt.publisher import Publisher
from workstation.application.errors import BrokerFailed

pytestmark = pytest.mark.peer


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_what_is_flushed_is_at_the_broker(
    mosquitto: Callable[..., Mosquitto], protocol: str
) -> None:
    broker = mosquitto()
    listener = broker.listen("t/#")
    with Publisher(Address(url=broker.url, client_id="p", protocol=protocol)) as publisher:
        publisher.flush()  # nothing yet
        for number in range(100):
            publisher.publish("t/x", str(number).encode(), retain=number == 99)
        publisher.flush()
    assert [payload for _, payload in listener.wait_for(100)] == [str(n) for n in range(100)]
    assert broker.listen("t/#").wait_for(1) == [("t/x", "99")]


def test_nobody_there() -> None:
    with pytest.raises(BrokerFailed) as failure:
        Publisher(Address(url="mqtt://127.0.0.1:1", client_id="p")).__enter__()
    assert failure.value.reason == "unreachable"


def test_a_wrong_password(mosquitto: Callable[..., Mosquitto]) -> None:
    broker = mosquitto(passwords={"a": "right"})
    address = Address(url=broker.url, client_id="p", username="a", password="wrong")
    with pytest.raises(BrokerFailed) as failure:
        Publisher(address).__enter__()
    assert failure.value.reason == "refused_password"


def test_a_broker_that_went_away(mosquitto: Callable[..., Mosquitto]) -> None:
    broker = mosquitto()
    with Publisher(Address(url=broker.url, client_id="p")) as publisher:
        publisher.publish("t/x", b"1")
        publisher.flush()
        broker.kill()
        until(lambda: not publisher._client.is_connected())
        with pytest.raises(BrokerFailed) as failure:
            publisher.publish("t/x", b"2")
        assert failure.value.reason == "connection_lost"

"""Whole hubs: a broker and a main.py of each test's own, or shared where nothing is broken."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.devices import Devices
from tests.e2e.hub import Hub, Ingest
from tests.peers.mosquitto import Listener, Mosquitto


@pytest.fixture
def make_hub(tmp_path: Path) -> Iterator[Callable[..., Hub]]:
    """`make_hub(broker_url, more="")` is a hub with nothing running yet."""
    with ExitStack() as stack:

        def make(broker: str, more: str = "") -> Hub:
            hub = Hub(tmp_path / "hub", broker, more)
            stack.callback(hub.close)
            return hub

        yield make


@pytest.fixture
def broker(mosquitto: Callable[..., Mosquitto]) -> Mosquitto:
    """A broker of the test's own."""
    return mosquitto()


@pytest.fixture
def hub(broker: Mosquitto, make_hub: Callable[..., Hub]) -> Hub:
    """A hub of the test's own at `broker`, nothing running yet."""
    return make_hub(broker.url)


@pytest.fixture
def devices(broker: Mosquitto) -> Iterator[Devices]:
    with Devices(broker.port) as devices:
        yield devices


@pytest.fixture(scope="module")
def shared_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path_factory.mktemp("broker"))
    broker.start()
    yield broker
    broker.close()


@pytest.fixture(scope="module")
def shared_hub(shared_broker: Mosquitto, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    hub = Hub(tmp_path_factory.mktemp("hub"), shared_broker.url)
    yield hub
    hub.close()


@pytest.fixture(scope="module")
def running(shared_hub: Hub) -> Iterator[Ingest]:
    """One ingest for all tests of a file; each uses devices of its own, and none may break it."""
    with shared_hub.ingest() as ingest:
        yield ingest


@pytest.fixture
def live(shared_hub: Hub, running: Ingest) -> Iterator[Hub]:
    """The file's hub; behind each test it must still run, with no fault in its log."""
    yield shared_hub
    assert running.running
    assert "Traceback" not in running.log, running.log


@pytest.fixture
def say(shared_broker: Mosquitto) -> Callable[..., None]:
    """Publish at the file's broker with mosquitto_pub."""
    return shared_broker.publish


@pytest.fixture
def listen(shared_broker: Mosquitto) -> Iterator[Callable[..., Listener]]:
    """`listen(*topics)` is a mosquitto_sub at the file's broker that ends with the test."""
    with ExitStack() as stack:

        def start(*topics: str) -> Listener:
            listener = shared_broker.listen(*topics)
            stack.callback(listener.stop)
            return listener

        yield start

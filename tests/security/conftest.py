"""The sample configurations, running: shared by a file's tests, none of which may break them."""

from collections.abc import Iterator

import pytest

from tests.peers.fenced import Fenced
from tests.peers.postgres import Postgres
from tests.peers.sample_mosquitto import SampleMosquitto


@pytest.fixture(scope="module")
def shared_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleMosquitto]:
    """The Mosquitto of docs/examples."""
    one = SampleMosquitto(tmp_path_factory.mktemp("sample"))
    one.start()
    yield one
    one.close()


@pytest.fixture
def broker(shared_broker: SampleMosquitto) -> Iterator[SampleMosquitto]:
    """That one; whoever listens to it ends with the test."""
    yield shared_broker
    shared_broker.hush()


@pytest.fixture(scope="module")
def fenced(postgres_server: Postgres) -> Iterator[Fenced]:
    """A hub's database with its fences and logins, empty; a file's tests share it."""
    one = Fenced(postgres_server)
    yield one
    one.close()

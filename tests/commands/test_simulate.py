"""The load generator sends what it says it sent, and messages that our own reader understands."""

import io
import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import HADERSLEV, a_message
from tests.commands.conftest import HubFolder
from tests.fakes import FakeClock
from workstation.commands import simulate
from workstation.commands.simulate import Load, message
from workstation.domain.signal import Pressed, Reading
from workstation.wire.decode import Reader


class Kept:
    """A sender that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes]] = []
        self.flushed = False

    def publish(self, topic: str, payload: bytes) -> None:
        self.sent.append((topic, payload))

    def flush(self) -> None:
        self.flushed = True


class Hours(FakeClock):
    """A clock on which waiting takes no time."""

    def monotonic(self) -> float:
        return self.now().timestamp()

    def wait(self, seconds: float) -> bool:
        self.advance(seconds)
        return False


def test_it_sends_at_its_rate_and_says_so() -> None:
    clock, kept, out = Hours(), Kept(), io.StringIO()
    load = Load(kommune=HADERSLEV, devices=3, rate=10, seconds=2)
    assert simulate.run(load, kept, clock=clock, wait=clock.wait, out=out) == 0
    said = json.loads(out.getvalue())
    assert (said["sent"], said["devices"], said["kind"]) == (20, 3, "alarm")
    assert said["seconds"] == pytest.approx(1.9)
    assert kept.flushed
    topics = Counter(topic for topic, _ in kept.sent)
    assert set(topics) == {f"hub/v1/0510/sim-000{n}/alarm" for n in (1, 2, 3)}
    ids = [json.loads(payload)["id"] for _, payload in kept.sent]
    assert len(set(ids)) == 20
    assert all(one.startswith(said["ids"]) for one in ids)


def test_two_runs_share_no_id() -> None:
    clock, kept = Hours(), Kept()
    for _run in range(2):
        load = Load(kommune=HADERSLEV, devices=1, rate=5, seconds=1)
        simulate.run(load, kept, clock=clock, wait=clock.wait, out=io.StringIO())
    assert len({json.loads(payload)["id"] for _, payload in kept.sent}) == 10


def test_it_ends_early_when_asked() -> None:
    clock, kept, out = Hours(), Kept(), io.StringIO()
    load = Load(kommune=HADERSLEV, devices=3, rate=10, seconds=2)
    simulate.run(load, kept, clock=clock, wait=lambda _seconds: True, out=out)
    assert json.loads(out.getvalue())["sent"] == len(kept.sent) < 20
    assert kept.flushed


@given(
    number=st.integers(0, 10_000),
    devices=st.integers(1, 500),
    kind=st.sampled_from(["alarm", "reading"]),
)
def test_every_message_is_understood(number: int, devices: int, kind: str) -> None:
    load = Load(kommune=HADERSLEV, devices=devices, rate=1, seconds=1, kind=kind)
    topic, payload = message(load, number, "mark", FakeClock())
    decoded = Reader().read(a_message(payload, topic))
    assert decoded.problems == ()
    assert {type(signal) for signal in decoded.signals} == {Pressed if kind == "alarm" else Reading}


@pytest.mark.peer
@pytest.mark.parametrize("kind", ["alarm", "reading"])
def test_a_real_broker_gets_all_of_it(kind: str, mosquitto, make_hub) -> None:
    broker = mosquitto()
    hub: HubFolder = make_hub(broker.url)
    listener = broker.listen("hub/v1/#")
    said = hub.run(
        "simulate", "--devices", "5", "--rate", "500", "--seconds", "0.1", "--kind", kind
    )
    assert (said.code, said.err) == (0, "")
    assert json.loads(said.out)["sent"] == 50
    assert len(listener.wait_for(50)) == 50


def test_no_broker_is_told(hub: HubFolder) -> None:
    said = hub.run("simulate", "--rate", "1", "--seconds", "1")
    assert (said.code, said.out) == (1, "")
    assert "127.0.0.1:1 does not answer" in said.err

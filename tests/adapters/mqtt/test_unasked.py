"""Messages that come before what explains them."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.client import topic_matches_sub

from tests.fakes import FakeClock
from workstation.adapters.mqtt.unasked import Unasked

LEVELS = st.sampled_from(["a", "b", "", "+", "a.c", "(", "æ"])
TOPICS = st.lists(LEVELS.filter(lambda level: level != "+"), min_size=1, max_size=4).map("/".join)
FILTERS = st.builds(
    lambda levels, rest: "/".join([*levels, *rest]),
    st.lists(LEVELS, min_size=1, max_size=3),
    st.sampled_from([[], ["#"]]),
)


class Door:
    """Unasked with what it let through."""

    def __init__(self, clock: FakeClock, *topics: str) -> None:
        self.unasked = Unasked(topics, clock)
        self.through: list[str] = []

    def come(self, *topics: str) -> None:
        for topic in topics:
            self.unasked.deliver(topic, partial(self.through.append, topic))


@given(FILTERS, TOPICS)
def test_a_filter_asks_for_what_the_broker_would_send(wanted: str, topic: str) -> None:
    door = Door(FakeClock(), wanted)
    door.come(topic)
    assert (door.through == [topic]) is topic_matches_sub(wanted, topic)


def test_what_is_not_asked_for_waits_until_it_is(clock: FakeClock) -> None:
    door = Door(clock, "hub/#")
    door.come("bad/snor", "hub/x", "bad/lys")
    assert door.through == ["hub/x"]
    door.unasked.ask(["bad/snor"])
    door.unasked.look()
    assert door.through == ["hub/x", "bad/snor"]


def test_the_order_on_one_topic_is_kept(clock: FakeClock) -> None:
    door = Door(clock, "hub/#")
    door.come("bad/snor", "bad/lys")
    door.unasked.ask(["bad/snor"])
    door.come("bad/snor")
    assert door.through == ["bad/snor", "bad/snor"]


@pytest.mark.parametrize("waited", [2.9, 3.0])
def test_patience_begins_with_the_subscription_and_ends(clock: FakeClock, waited: float) -> None:
    door = Door(clock, "hub/#")
    clock.advance(60)
    door.come("bad/snor")
    door.unasked.look()
    assert door.through == []
    door.unasked.subscribed()
    clock.advance(waited)
    door.unasked.subscribed()
    door.unasked.look()
    assert (door.through == ["bad/snor"]) is (waited >= 3)
    door.come("bad/lys")
    assert ("bad/lys" in door.through) is (waited >= 3)


def test_no_more_is_held_than_lets_an_explanation_through(clock: FakeClock) -> None:
    door = Door(clock)
    door.come(*map(str, range(1002)))
    assert door.through == ["1000", "1001"]

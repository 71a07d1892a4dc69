"""The queue between threads: batches in order, nothing lost, nobody left waiting at the end."""

import threading
from collections.abc import Callable, Iterator

import pytest

from tests.waiting import until
from workstation.application.drain import Drain


class Batches:
    """What a drain handed on; `gate` holds its thread."""

    def __init__(self) -> None:
        self.taken: list[list[int]] = []
        self.gate = threading.Event()
        self.busy = threading.Event()

    def handle(self, batch: list[int]) -> None:
        self.busy.set()
        self.gate.wait(10)
        self.taken.append(batch)

    @property
    def items(self) -> list[int]:
        return [item for batch in self.taken for item in batch]


@pytest.fixture
def batches() -> Batches:
    return Batches()


@pytest.fixture
def drain(batches: Batches) -> Iterator[Drain[int]]:
    one: Drain[int] = Drain("drain", batches.handle, capacity=3, batch=2)
    one.start()
    yield one
    batches.gate.set()
    one.stop()


def busy(drain: Drain[int], batches: Batches) -> None:
    """Have the thread hold its first batch."""
    drain.put(0)
    assert batches.busy.wait(10)


def in_thread(act: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=act)
    thread.start()
    return thread


def test_what_has_arrived_is_taken_together_in_order_and_capped(
    drain: Drain[int], batches: Batches
) -> None:
    busy(drain, batches)
    for item in (1, 2, 3):
        drain.put(item)
    batches.gate.set()
    until(lambda: len(batches.items) == 4)
    assert batches.taken == [[0], [1, 2], [3]]


def test_an_offer_to_a_full_queue_is_refused_and_a_push_is_not(
    drain: Drain[int], batches: Batches
) -> None:
    busy(drain, batches)
    for item in (1, 2, 3):
        assert drain.offer(item)
    assert not drain.offer(4)
    drain.push(5)
    batches.gate.set()
    until(lambda: batches.items == [0, 1, 2, 3, 5])


def test_a_put_into_a_full_queue_waits_for_room(drain: Drain[int], batches: Batches) -> None:
    busy(drain, batches)
    for item in (1, 2, 3):
        drain.put(item)
    waiting = in_thread(lambda: drain.put(4))
    batches.gate.set()
    waiting.join(10)
    assert not waiting.is_alive()
    until(lambda: batches.items == [0, 1, 2, 3, 4])


def test_what_has_arrived_is_handled_before_the_end(batches: Batches) -> None:
    drain: Drain[int] = Drain("drain", batches.handle, capacity=3, batch=2)
    drain.start()
    busy(drain, batches)
    for item in (1, 2, 3):
        drain.put(item)
    stopping = in_thread(drain.stop)
    batches.gate.set()
    stopping.join(10)
    assert not stopping.is_alive()
    assert batches.items == [0, 1, 2, 3]


def test_the_end_frees_whoever_waits_for_room_and_lets_handle_give_up(batches: Batches) -> None:
    drain: Drain[int]

    def handle(batch: list[int]) -> None:
        batches.busy.set()
        drain.ending.wait(10)  # as a writer does whose database is away
        batches.taken.append(batch)

    drain = Drain("drain", handle, capacity=1, batch=2)
    drain.start()
    busy(drain, batches)
    drain.put(1)
    waiting = in_thread(lambda: drain.put(2))
    drain.stop()
    waiting.join(10)
    assert not waiting.is_alive()
    assert batches.items[:2] == [0, 1]


def test_the_last_word_is_said_on_the_drains_own_thread(batches: Batches) -> None:
    said: list[str] = []
    drain: Drain[int] = Drain(
        "drain",
        batches.handle,
        capacity=1,
        batch=1,
        last=lambda: said.append(threading.current_thread().name),
    )
    drain.start()
    drain.stop()
    assert said == ["drain"]


def test_a_drain_that_was_never_started_can_be_stopped(batches: Batches) -> None:
    Drain("drain", batches.handle, capacity=1, batch=1).stop()


def test_a_fault_in_handle_ends_nothing(caplog) -> None:
    taken: list[int] = []

    def handle(batch: list[int]) -> None:
        if batch == [1]:
            raise KeyError(1)
        taken.extend(batch)

    drain: Drain[int] = Drain("drain", handle, capacity=9, batch=1)
    drain.start()
    for item in (1, 2):
        drain.put(item)
    drain.stop()
    assert taken == [2]
    assert "drain failed on a batch of 1" in caplog.text

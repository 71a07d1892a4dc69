"""From any thread to the loop: in order, woken once, capped, and one failure keeps nobody else out."""

import threading
from collections import deque
from collections.abc import Callable

import pytest

from workstation.application.inbox import Inbox


class Loop:
    """`wake` as a loop has it: keeps what is to be called until the test runs it."""

    def __init__(self) -> None:
        self.calls: deque[Callable[[], None]] = deque()
        self.woken = 0

    def wake(self, act: Callable[[], None]) -> None:
        self.woken += 1
        self.calls.append(act)

    def run(self) -> int:
        """Run until nothing is left; return how often something was called."""
        turns = 0
        while self.calls:
            self.calls.popleft()()
            turns += 1
        return turns


@pytest.fixture
def loop() -> Loop:
    return Loop()


@pytest.fixture
def inbox(loop: Loop) -> Inbox:
    return Inbox(loop.wake)


def test_facts_come_in_order_to_everybody_of_their_type(inbox: Inbox, loop: Loop) -> None:
    numbers: list[int] = []
    again: list[int] = []
    texts: list[str] = []
    inbox.on(int, numbers.append)
    inbox.on(int, again.append)
    inbox.on(str, texts.append)
    for fact in (1, "a", 2):
        inbox.post(fact)
    assert numbers == []
    loop.run()
    assert (numbers, again, texts) == ([1, 2], [1, 2], ["a"])


def test_many_posts_wake_the_loop_once(inbox: Inbox, loop: Loop) -> None:
    for number in range(100):
        inbox.post(number)
    assert loop.woken == 1


def test_a_burst_is_delivered_in_capped_batches_so_that_the_screen_can_paint(
    inbox: Inbox, loop: Loop
) -> None:
    got: list[int] = []
    inbox.on(int, got.append)
    for number in range(1200):
        inbox.post(number)
    loop.calls.popleft()()
    assert got == list(range(500))
    assert loop.run() >= 2
    assert got == list(range(1200))


def test_a_fact_posted_while_others_are_delivered_is_not_forgotten(
    inbox: Inbox, loop: Loop
) -> None:
    got: list[int] = []

    def receive(fact: int) -> None:
        got.append(fact)
        if fact < 3:
            inbox.post(fact + 1)

    inbox.on(int, receive)
    inbox.post(0)
    loop.run()
    assert got == [0, 1, 2, 3]


def test_a_receiver_that_fails_keeps_nobody_else_from_the_fact(
    inbox: Inbox, loop: Loop, caplog
) -> None:
    got: list[int] = []

    def broken(_fact: int) -> None:
        raise KeyError

    inbox.on(int, broken)
    inbox.on(int, got.append)
    inbox.post(1)
    inbox.post(2)
    loop.run()
    assert got == [1, 2]
    assert "a receiver failed on int" in caplog.text


def test_facts_of_many_threads_all_arrive_each_threads_in_order() -> None:
    loop = Loop()
    inbox = Inbox(loop.wake)
    got: list[tuple[int, int]] = []
    inbox.on(tuple, got.append)
    start = threading.Barrier(5)

    def post(thread: int) -> None:
        start.wait()
        for number in range(500):
            inbox.post((thread, number))

    threads = [threading.Thread(target=post, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    start.wait()
    while any(thread.is_alive() for thread in threads):
        loop.run()
    loop.run()
    assert len(got) == 2000
    for poster in range(4):
        assert [number for one, number in got if one == poster] == list(range(500))


def test_a_fact_that_comes_after_the_loops_end_is_let_go(caplog) -> None:
    def closed(_act: Callable[[], None]) -> None:
        raise RuntimeError("Event loop is closed")

    Inbox(closed).post(1)
    assert caplog.text == "" or "ERROR" not in caplog.text

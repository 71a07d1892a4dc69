"""One window for each place: real processes, real locks, real channels."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from multiprocessing.connection import Client
from pathlib import Path
from queue import Queue

import pytest

from tests.waiting import until
from workstation.adapters.system import only_one, window_channel
from workstation.adapters.system.only_one import OnlyOne, Place, Turn
from workstation.application.errors import StillOpen
from workstation.paths import root

START = """
import sys, threading
from pathlib import Path
from workstation.adapters.system.only_one import OnlyOne, Place, Turn

only = OnlyOne(Place.of(Path(sys.argv[1]), *sys.argv[2:]))
turn = only.come(within_s=30)
print(turn.value, flush=True)
if turn is Turn.FIRST:
    closing = threading.Event()
    only.listen(lambda: print("front", flush=True), closing.set)
    closing.wait()
    only.hear_no_more()
    print("closing", flush=True)
    only.leave()
"""


class Start:
    """Another start of the program, as a process."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, str(folder), *words],
            cwd=root(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def says(self, word: str) -> None:
        until(lambda: word in self.said, timeout=40, why=lambda: f"{word} not in {self.said}")

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            self.said.extend(line.strip() for line in lines)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[type[Start]]:
    with ExitStack() as stack:

        def begin(*words: str) -> Start:
            made = Start(tmp_path / "running", *words)
            stack.callback(made.end)
            return made

        yield begin  # type: ignore[misc]  # called as the class would be


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[OnlyOne]:
    made = OnlyOne(Place.of(tmp_path / "running"))
    yield made
    made.leave()


def listening(only: OnlyOne) -> Queue[str]:
    heard: Queue[str] = Queue()
    only.listen(lambda: heard.put("front"), lambda: heard.put("close"))
    return heard


def test_the_second_brings_the_first_to_the_front_and_is_told_so(mine, tmp_path):
    assert mine.come() is Turn.FIRST
    heard = listening(mine)
    for _time in range(3):
        assert OnlyOne(Place.of(tmp_path / "running")).come() is Turn.SHOWN
        assert heard.get(timeout=10) == "front"


def test_who_was_killed_is_in_nobodys_way(start, mine):
    for _time in range(3):
        first = start()
        first.says("first")
        first.process.send_signal(signal.SIGKILL)
        assert mine.come() is Turn.FIRST
        mine.leave()


@pytest.mark.parametrize("race", range(3))
def test_of_ten_starts_at_once_one_is_first(start, race):
    starts = [start() for _number in range(10)]
    until(lambda: all(one.said for one in starts), timeout=60)
    first = [one for one in starts if "first" in one.said]
    assert len(first) == 1
    shown = [one for one in starts if one is not first[0]]
    assert all(one.process.wait(30) == 0 and one.said == ["shown"] for one in shown)
    until(lambda: first[0].said.count("front") == len(shown))
    assert first[0].process.poll() is None


def test_a_window_that_ends_is_waited_for(start, mine, tmp_path):
    first = start()
    first.says("first")
    assert only_one.close_all(tmp_path / "running", within_s=30) == 1
    assert "closing" in first.said or first.process.poll() is not None
    assert mine.come() is Turn.FIRST


def test_who_starts_while_the_first_ends_has_its_own_window(start, mine):
    assert mine.come() is Turn.FIRST
    listening(mine)
    mine.hear_no_more()
    second = start()
    until(lambda: second.process.poll() is None)
    mine.leave()
    second.says("first")


def test_another_instance_or_file_is_another_place(start):
    for words in ([], ["desk", "b"], ["desk", "", "/hub.toml"], ["demo"]):
        start(*words).says("first")


def test_a_window_that_hangs_is_told(start, tmp_path):
    first = start()
    first.says("first")
    first.process.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(StillOpen) as told:
            OnlyOne(Place.of(tmp_path / "running")).come(within_s=0.3)
        assert told.value.reason == "no_answer"
        with pytest.raises(StillOpen) as told:
            only_one.close_all(tmp_path / "running", within_s=0.3)
        assert told.value.reason == "not_closed"
    finally:
        first.process.send_signal(signal.SIGCONT)


def test_all_windows_are_closed_and_none_is_no_error(start, tmp_path):
    starts = [start(name) for name in ("a", "b", "c")]
    for one in starts:
        one.says("first")
    assert only_one.close_all(tmp_path / "running", within_s=30) == 3
    assert [one.process.wait(1) for one in starts] == [0, 0, 0]
    assert only_one.close_all(tmp_path / "running", within_s=1) == 0


def test_one_that_has_just_been_started_is_closed_as_soon_as_it_hears(mine, tmp_path):
    assert mine.come() is Turn.FIRST
    closed: Queue[object] = Queue()

    def close() -> None:
        try:
            closed.put(only_one.close_all(tmp_path / "running", within_s=30))
        except StillOpen as error:
            closed.put(error)

    closing = threading.Thread(target=close)
    closing.start()
    # This very process does not end: that it gives its place back is what is waited for.
    mine.leave()
    assert closed.get(timeout=30) in (0, 1)
    closing.join()


def test_who_connects_and_says_nothing_or_nonsense_keeps_nobody_away(mine, tmp_path, monkeypatch):
    monkeypatch.setattr(window_channel, "_WORD_S", 0.1)
    assert mine.come() is Turn.FIRST
    heard = listening(mine)
    place = Place.of(tmp_path / "running")
    address = window_channel.address(place.name)
    with Client(address), Client(address) as loud:
        loud.send_bytes(b"\xff" * 1000)
        assert window_channel.ask(place.name, "dance", within_s=0.5) is None
    assert OnlyOne(place).come() is Turn.SHOWN
    assert heard.get(timeout=10) == "front"
    assert heard.empty()


def test_one_whose_channel_hangs_is_not_taken_for_closed_by_who_cannot_see_its_lock(
    tmp_path, monkeypatch
):
    """So it is for the system's account of Windows, which installs."""
    monkeypatch.setattr(window_channel, "reachable", lambda: {"hangs"})
    monkeypatch.setattr(window_channel, "ask", lambda *_asked, **_within: None)
    with pytest.raises(StillOpen):
        only_one.close_all(tmp_path / "running", within_s=0.3)


def test_a_process_of_the_program_without_a_channel_is_waited_for(tmp_path, monkeypatch):
    starting = [{4711}, {4711}, set()]
    monkeypatch.setattr(window_channel, "open_windows", lambda: starting.pop(0))
    assert only_one.close_all(tmp_path / "running", within_s=30) == 0
    assert starting == []


def test_a_box_that_nobody_closes_keeps_no_upgrade_away(tmp_path, monkeypatch):
    monkeypatch.setattr(window_channel, "open_windows", lambda: {4711})
    assert only_one.close_all(tmp_path / "running", within_s=0.3) == 0


def test_another_users_window_is_not_this_one_s_to_close(tmp_path, monkeypatch):
    def refused(*_asked, **_within):
        raise PermissionError

    monkeypatch.setattr(window_channel, "reachable", lambda: {"other"})
    monkeypatch.setattr(window_channel, "ask", refused)
    assert only_one.close_all(tmp_path / "running", within_s=30) == 1


def test_another_user_is_not_heard(mine, tmp_path, monkeypatch):
    assert mine.come() is Turn.FIRST
    heard = listening(mine)
    monkeypatch.setattr(window_channel, "is_ours", lambda _other: False)
    assert window_channel.ask(Place.of(tmp_path / "running").name, "close", within_s=1) is None
    assert heard.empty()


def test_the_lock_is_the_users_own(mine, tmp_path):
    assert mine.come() is Turn.FIRST
    (lock,) = (tmp_path / "running").iterdir()
    assert lock.stat().st_mode & 0o077 == 0
    assert lock.stat().st_uid == os.getuid()

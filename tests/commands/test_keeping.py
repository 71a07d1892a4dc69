"""What dies is started again, but not for ever; what ends in order stays away."""

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.fakes import FakeClock
from workstation.adapters.system import black_box
from workstation.commands.keeping import Keeper
from workstation.paths import root

PROGRAM = """
import faulthandler, logging, os, pathlib, sys
from workstation.adapters.system.black_box import BlackBox
from workstation.adapters.system.log import open_log
from workstation.commands.lives import Life
open_log("info", None, more=BlackBox.named().listen())
lives = pathlib.Path(sys.argv[1])
with lives.open("a") as file:
    file.write("x")
logging.info("this is life %d", lives.stat().st_size)
how = sys.argv[1 + lives.stat().st_size]
if how.startswith("killed"):
    open_now = Life().lasting()
    open_now.__enter__()
    os._exit(int(how[-1]))
if how == "tells":
    with lives.with_name("told").open("a") as file:
        file.write(f"{Life().died_at} ")
    how = "0"
if how == "ends late":
    with Life().lasting():
        pass
    os._exit(1)
if how == "dies":
    faulthandler._sigsegv()
sys.exit(int(how))
"""


class Lives:
    """A program that lives as often as it is started, each time as it was told."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "lives"
        self.said: list[str] = []
        self.clock = FakeClock()
        self.reports_in = folder / "crashes"

    def keep(self, *hows: str) -> int:
        command = [sys.executable, "-c", PROGRAM, str(self.file), *hows]
        return Keeper(command, clock=self.clock, say=self.said.append).run()

    @property
    def count(self) -> int:
        return self.file.stat().st_size


@pytest.fixture
def lives(tmp_path, monkeypatch):
    before = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    monkeypatch.setenv("PYTHONPATH", str(root()))
    monkeypatch.setenv("WORKSTATION_MACHINE_DATA", str(tmp_path))
    made = Lives(tmp_path)
    made.reports_in.mkdir()
    yield made
    for name, what in before.items():
        signal.signal(name, what)


def test_what_ends_in_order_is_not_started_again(lives):
    assert lives.keep("0") == 0
    assert lives.count == 1
    assert list(lives.reports_in.iterdir()) == []


def test_a_sentence_and_exit_code_1_are_no_death(lives):
    assert lives.keep("1", "0") == 1
    assert lives.count == 1


@pytest.mark.parametrize("code", [0, 1])
def test_a_desk_that_somebody_kills_is_started_again(lives, code):
    """Task Manager, taskkill and WMI let it end as one that ends in order, or is refused."""
    assert lives.keep(f"killed {code}", "0") == 0
    assert lives.count == 2
    [report] = lives.reports_in.iterdir()
    assert f"ended: exit code {code}\n" in report.read_text()


def test_the_next_life_knows_when_the_one_before_died(lives):
    assert lives.keep("tells", "dies", "tells") == 0
    assert lives.count == 1
    lives.file.unlink()
    assert lives.keep("dies", "tells") == 0
    assert lives.file.with_name("told").read_text() == "None 2026-03-14 18:00:00+00:00 "


def test_an_end_that_took_too_long_is_an_end(lives):
    assert lives.keep("ends late", "0") == 1
    assert lives.count == 1
    assert list(lives.reports_in.iterdir()) == []


def test_what_dies_is_started_again_and_leaves_a_report(lives):
    assert lives.keep("dies", "0") == 0
    assert lives.count == 2
    [report] = lives.reports_in.iterdir()
    text = report.read_text()
    assert "this is life 1" in text
    assert "<string>" in text  # the program's own line
    # Windows' own handler ends it as abort() does, or with the number of the fault.
    ended = ("exit code 3", "0xC0000005") if sys.platform == "win32" else ("SIGSEGV",)
    assert any(f"ended: {one}\n" in text for one in ended)
    assert "at: 2026-03-14T18:00:00Z" in text
    assert lives.said == []


def test_a_fault_that_was_reported_where_it_happened_is_not_reported_again(lives):
    assert lives.keep(str(black_box.ENDED_BADLY), "0") == 0
    assert list(lives.reports_in.iterdir()) == []


def test_three_deaths_in_five_minutes_are_enough(lives):
    assert lives.keep("dies", "dies", "dies", "0") == black_box.ENDED_BADLY
    assert lives.count == 3
    [sentence] = lives.said
    assert str(lives.reports_in) in sentence
    assert len(list(lives.reports_in.iterdir())) == 3


def test_three_deaths_in_a_long_while_are_not(lives, monkeypatch):
    plain = Keeper._life

    def later(self, box):
        lives.clock.advance(200)
        return plain(self, box)

    monkeypatch.setattr(Keeper, "_life", later)
    assert lives.keep("dies", "dies", "dies", "0") == 0
    assert lives.count == 4
    assert lives.said == []


@pytest.mark.skipif(os.name == "nt", reason="nobody asks a program there to end by a signal")
def test_told_to_end_it_ends_what_it_keeps(lives):
    keeper = Keeper(
        [
            sys.executable,
            "-c",
            "import os, signal; os.kill(os.getppid(), signal.SIGTERM); signal.pause()",
        ],
        clock=lives.clock,
        say=lives.said.append,
    )
    assert keeper.run() == -signal.SIGTERM

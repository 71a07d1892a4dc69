"""What is left of a process that dies, and what is not left of the people in it."""

import logging
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from workstation import paths
from workstation.adapters.system import black_box, crash_report
from workstation.adapters.system.black_box import BlackBox, ending, is_death
from workstation.adapters.system.log import open_log
from workstation.paths import BLACK_BOX, root

OF_SOMEBODY = "Inger Hansen, 010190-1234"
NOW = datetime(2026, 3, 14, 18, 0, tzinfo=UTC)
DYING = """
import faulthandler, logging
from workstation.adapters.system.black_box import BlackBox
from workstation.adapters.system.log import open_log
open_log("info", None, more=BlackBox.named().listen())
for line in range(300):
    logging.info("line %d", line)
def in_this_function():
    faulthandler._sigsegv()
in_this_function()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="DYING dies of a signal")
def test_a_process_that_dies_leaves_where_it_was_and_its_last_lines(tmp_path: Path) -> None:
    box = BlackBox.new(tmp_path, NOW)
    done = subprocess.run(
        [sys.executable, "-c", DYING],
        env=box.environ | {"PYTHONPATH": str(root())},
        capture_output=True,
        check=False,
        timeout=30,
    )
    assert is_death(done.returncode), done.stderr
    report = box.death(done.returncode, NOW)
    assert report is not None
    text = report.read_text()
    assert "in_this_function" in text
    assert "line 299" in text
    assert "line 100" in text
    assert "line 99\n" not in text
    box.clear()
    assert list(tmp_path.iterdir()) == [report]


def test_nobody_s_child_has_no_box(tmp_path: Path) -> None:
    assert BlackBox.named({}) is None
    assert BlackBox.named({BLACK_BOX: str(tmp_path / "box")}) is not None


def test_a_box_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    assert BlackBox(tmp_path / "no" / "such" / "box").listen() == []
    assert BlackBox(tmp_path / "no" / "such" / "box").death(-11, NOW) is not None
    (tmp_path / "file").write_text("")
    assert BlackBox(tmp_path / "file" / "box").death(-11, NOW) is None


def fail() -> None:
    raise LookupError(OF_SOMEBODY)


def test_a_fault_is_reported_a_few_times_and_without_its_words(tmp_path: Path) -> None:
    box = BlackBox.new(tmp_path, NOW)
    with pytest.raises(LookupError) as caught:
        fail()
    written = [box.fault(caught.value, NOW) for _ in range(7)]
    reports = [one for one in written if one is not None]
    assert len(reports) == 5
    text = reports[0].read_text()
    assert "ended: LookupError" in text
    assert Path(__file__).name in text
    assert "Inger" not in text
    assert "010190" not in text


def test_the_newest_reports_are_kept(tmp_path: Path) -> None:
    for hour in range(25):
        crash_report.written(tmp_path, at=NOW + timedelta(hours=hour), ended="x", stack="", log=())
    names = sorted(one.name for one in tmp_path.iterdir())
    assert len(names) == crash_report.KEPT
    assert names[-1].startswith("crash-20260315T180000Z")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("called +45 74 62 10 48 now", "called [number] now"),
        ("called 74621048", "called [number]"),
        ("born 010190-1234.", "born [number]."),
        ("2026-03-14 18:00:00,123 INFO main: 12 alarms", None),
        ("2026-03-14 18:00:00,123 INFO main: 74621048", "2026-03-14 18:00:00,123 INFO main: [number]"),
        ('  File "main.py", line 1234 in run', None),
        ("broker 192.168.10.20:1883", None),
        ("Thread 0x00007f7d3c1f4740 (most recent call first):", None),
        ("alarm 01hzx3b5c8d9 stored", None),
        (f"in {Path.home()}/x.py", "in ~/x.py" if str(Path.home()) != "/" else None),
    ],
)  # fmt: skip
def test_numbers_of_people_are_hidden_and_others_are_not(line: str, told: str | None) -> None:
    assert crash_report.of_nobody(line) == (line if told is None else told)


@pytest.mark.parametrize(
    ("code", "died", "how"),
    [
        (0, False, "exit code 0"),
        (1, False, "exit code 1"),
        (2, False, "exit code 2"),
        (-11, True, "SIGSEGV"),
        (-9, True, "SIGKILL"),
        (-15, False, "SIGTERM"),
        (-2, False, "SIGINT"),
        (black_box.ENDED_BADLY, True, "exit code 70"),
        (3, True, "exit code 3"),
        (0xC0000005, True, "0xC0000005"),
        (0xC0000409, True, "0xC0000409"),
        (0xC000013A, False, "0xC000013A"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="the signals have other names")
def test_what_counts_as_a_death(code: int, died: bool, how: str) -> None:
    assert (is_death(code), ending(code)) == (died, how)


def test_reports_go_where_they_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSTATION_MACHINE_DATA", str(tmp_path))
    monkeypatch.setattr(paths, "data", lambda: tmp_path / "mine")
    assert black_box.folder() == tmp_path / "mine" / "crashes"
    (tmp_path / "crashes").mkdir()
    assert black_box.folder() == tmp_path / "crashes"


@pytest.fixture
def log_as_it_was():
    """pytest's own handlers afterwards."""
    top = logging.getLogger()
    before, level = list(top.handlers), top.level
    top.handlers = []  # open_log closes those it finds
    yield
    for one in top.handlers:
        one.close()
    top.handlers, top.level = before, level


def test_the_log_goes_to_the_other_file_when_the_first_cannot_be_written(
    tmp_path: Path, log_as_it_was
) -> None:
    (tmp_path / "file").write_text("")
    open_log("info", str(tmp_path / "file" / "x.log"), instead=str(tmp_path / "mine" / "x.log"))
    logging.getLogger("here").info("said")
    assert "said" in (tmp_path / "mine" / "x.log").read_text()


def test_a_log_that_cannot_be_rotated_is_written_all_the_same(
    tmp_path: Path, log_as_it_was, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    file = tmp_path / "desk.log"
    file.write_bytes(b"x" * 5_000_000)
    open_log("info", str(file))

    def refuse(*_args: object) -> None:
        raise PermissionError(13, "another desk has it open")

    with monkeypatch.context() as patched:
        patched.setattr("os.rename", refuse)
        for line in range(3):
            logging.getLogger("here").info("line %d", line)
    assert file.read_bytes().rstrip().endswith(b"line 2")
    assert "Traceback" not in capsys.readouterr().err
    assert file.stat().st_size > 5_000_000


def test_what_a_keeper_that_was_killed_has_left_goes_after_a_week(tmp_path: Path) -> None:
    for name, age in ((".box-7-old.log", timedelta(days=8)), (".box-8-new.log", timedelta(days=6)),
                      ("crash-1.txt", timedelta(days=80))):  # fmt: skip
        (tmp_path / name).touch()
        at = (NOW - age).timestamp()
        os.utime(tmp_path / name, (at, at))
    BlackBox.new(tmp_path, NOW)
    assert sorted(one.name for one in tmp_path.iterdir()) == [".box-8-new.log", "crash-1.txt"]

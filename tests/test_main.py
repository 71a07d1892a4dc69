"""The program from outside: what is wrong with a desk's settings is one sentence, exit code 1."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import until
from workstation.adapters.system import only_one
from workstation.paths import root

WHOLE = """
[hub]
kommuner = ["0510"]
[database]
url = "sqlite:///x"
[broker]
url = "{broker}"
[sip]
kind = "off"
"""
PAINTED = "Flushing"


def desk(config: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the desk; Qt tells of every picture."""
    told = {"QT_LOGGING_RULES": "qt.widgets.painting.info=true", "QT_LOGGING_TO_CONSOLE": "1"}
    return subprocess.run(
        [sys.executable, str(root() / "main.py"), "desk", "--config", str(config), *more],
        env=os.environ | told | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def sentences(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stderr.splitlines() if not line.startswith("qt.widgets.painting")]


@pytest.mark.parametrize("content", [None, "[hub", "[hub]\ntheme = 'pink'"])
def test_settings_that_cannot_be_read_are_told_before_any_window(
    tmp_path: Path, content: str | None
) -> None:
    config = tmp_path / "hub.toml"
    if content is not None:
        config.write_text(content)
    done = desk(config)
    assert (done.returncode, done.stdout) == (1, "")
    assert [str(config) in line for line in done.stderr.splitlines()] == [True]


def test_a_wrong_setting_is_told_as_in_every_word(tmp_path: Path) -> None:
    config = tmp_path / "hub.toml"
    config.write_text(WHOLE.format(broker="ftp://x"))
    done = desk(config)
    assert (done.returncode, done.stdout) == (1, "")
    told = sentences(done)
    assert [("broker.url" in line, str(config) in line) for line in told] == [(True, True)]


@pytest.mark.parametrize("asked", [["--help"], ["--no-such"]])
def test_a_question_opens_no_window(tmp_path: Path, asked: list[str]) -> None:
    config = tmp_path / "hub.toml"
    config.write_text(WHOLE.format(broker="embedded"))
    done = desk(config, *asked)
    assert done.returncode == (0 if asked == ["--help"] else 2)
    assert PAINTED not in done.stderr


@pytest.mark.parametrize("kept", [[], ["--restart"]])
def test_a_second_start_shows_the_first_window_and_close_ends_it(
    tmp_path: Path, kept: list[str]
) -> None:
    config = tmp_path / "hub.toml"
    config.write_text(WHOLE.format(broker="mqtt://127.0.0.1:9").replace("///x", f"///{tmp_path}/x"))
    before = set(only_one.places(only_one.folder()))
    command = [sys.executable, str(root() / "main.py")]
    first = subprocess.Popen(
        [*command, "desk", "--config", str(config), *kept],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        stdin=subprocess.DEVNULL,
    )
    try:
        until(lambda: set(only_one.places(only_one.folder())) - before, timeout=30)
        second = desk(config, *kept)
        assert (second.returncode, second.stdout.count("\n"), second.stderr) == (0, 1, "")
        assert PAINTED not in second.stderr
        closing = [*command, "close", "--timeout", "40"]
        for _time in range(2):
            subprocess.run(closing, timeout=60, check=True, capture_output=True)
            assert first.wait(1) == 0
    finally:
        first.kill()
        first.wait()


def test_no_more_is_loaded_than_the_first_picture_needs() -> None:
    """Half of what the program waits for would be these."""
    said = (
        "import sys; import main, ui.first_paint, workstation.commands.glance; print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", said],
        cwd=root(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    later = {
        "asyncio",
        "qasync",
        "zoneinfo",
        "ssl",
        "workstation.settings",
        "ui.times",
        "ui.views.columns",
    }
    assert later.isdisjoint(done.stdout.split())

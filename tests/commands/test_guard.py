"""What fails in a command is one sentence and an exit code; a reader that leaves is no failure."""

import io
import os
import subprocess
import sys

import pytest

from workstation.application.errors import StoreUnavailable
from workstation.commands.guard import guarded
from workstation.paths import root
from workstation.settings import SettingsError


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (StoreUnavailable("locked", url="sqlite:///x"), 1, "sqlite:///x"),
        (SettingsError("no_file", where="hub.toml"), 1, "hub.toml"),
        (ZeroDivisionError("secret"), 1, "Something went wrong"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_an_error_is_one_sentence_and_an_exit_code(
    error: BaseException, code: int, said: str
) -> None:
    def act() -> int:
        raise error

    err = io.StringIO()
    assert guarded(act, err=err) == code
    assert said in err.getvalue()
    assert "secret" not in err.getvalue()
    assert err.getvalue().count("\n") == bool(said)


def test_a_fault_of_ours_stands_in_the_log_that_it_is_asked_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def act() -> int:
        raise ZeroDivisionError("ours")

    assert guarded(act, err=io.StringIO()) == 1
    assert "ZeroDivisionError: ours" in caplog.text
    caplog.clear()

    def world() -> int:
        raise StoreUnavailable("full")

    assert guarded(world, err=io.StringIO()) == 1
    assert caplog.text == ""


def test_what_succeeds_keeps_its_code() -> None:
    assert guarded(lambda: 3, err=io.StringIO()) == 3


def test_a_reader_that_has_had_enough_is_no_error() -> None:
    code = (
        "import sys\n"
        "from workstation.commands.guard import guarded\n"
        "def act():\n"
        "    for _ in range(100_000): print('x' * 80)\n"
        "    return 0\n"
        "sys.exit(guarded(act, err=sys.stderr))\n"
    )
    read, write = os.pipe()
    os.close(read)
    try:
        ended = subprocess.run(
            [sys.executable, "-c", code],
            cwd=root(),
            stdout=write,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(write)
    assert (ended.returncode, ended.stderr) == (0, b"")

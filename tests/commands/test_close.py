"""What ends before an upgrade, and what the installer is told of a window that does not."""

import io

import pytest

from workstation.adapters.system import only_one
from workstation.application.errors import StillOpen
from workstation.commands import arguments, guard, headless


def close() -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    wanted = arguments.parse(["close", "--timeout", "1"])
    code = guard.guarded(lambda: headless.run(wanted, out, sound=lambda _s: "", err=err), err=err)
    return code, out.getvalue(), err.getvalue()


def test_where_no_window_is_open_there_is_nothing_to_close() -> None:
    assert close() == (0, "No window is open.\n", "")


def test_a_window_that_stays_open_is_told_from_a_program_that_is_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def hangs(_folder: object, *, within_s: float) -> int:
        raise StillOpen("not_closed", seconds=round(within_s))

    monkeypatch.setattr(only_one, "close_all", hangs)
    code, out, err = close()
    assert (code, out) == (4, "")
    assert "within 1 s" in err
    monkeypatch.setattr(only_one, "close_all", lambda _folder, *, within_s: 1 // 0)
    assert close()[0] == 1

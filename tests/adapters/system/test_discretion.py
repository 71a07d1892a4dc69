"""No error's own words reach a log: they can hold whatever was in hand."""

import logging
import subprocess
import sys
from collections.abc import Callable

import pytest

from workstation.adapters.system.discretion import DiscreetFormatter, told, trace
from workstation.application.errors import Changed, StoreUnavailable
from workstation.paths import root

NAME = "Inger Østergård"
FORM = DiscreetFormatter("%(levelname)s %(message)s")


def raised(act: Callable[[], object]) -> BaseException:
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - any
        act()
    return caught.value


def fail() -> None:
    raise KeyError(NAME)


def fail_in_turn() -> None:
    try:
        fail()
    except KeyError as error:
        raise StoreUnavailable("locked", url=NAME) from error


def fail_meanwhile() -> None:
    try:
        fail()
    finally:
        int(NAME)


def line(message: str, *args: object, error: BaseException | None = None) -> str:
    told_of = (type(error), error, error.__traceback__) if error is not None else None
    return FORM.format(logging.LogRecord("x", logging.ERROR, "", 1, message, args, told_of))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyError(NAME), "KeyError"),
        (StoreUnavailable("locked", url=NAME), "StoreUnavailable: locked"),
        (Changed(NAME), "Changed"),
        (FileNotFoundError(2, "gone", NAME), "FileNotFoundError: No such file or directory"),
        (OSError(NAME), "OSError"),
        (UnicodeDecodeError("utf-8", NAME.encode(), 0, 1, NAME), "UnicodeDecodeError"),
    ],
)
def test_an_error_is_told_by_its_kind(error: BaseException, said: str) -> None:
    assert told(error) == said
    assert line("failed: %r", error) == f"ERROR failed: {said}"
    assert line("failed: %s", error) == f"ERROR failed: {said}"


@pytest.mark.parametrize("act", [fail, fail_in_turn, fail_meanwhile])
def test_a_trace_says_where_and_of_what_kind(act: Callable[[], None]) -> None:
    written = line("a watch failed", error=raised(act))
    assert NAME not in written
    assert "Traceback" in written
    assert f"in {act.__name__}" in written
    assert "KeyError" in written
    assert ("direct cause" in written) == (act is fail_in_turn)


def test_a_group_tells_each() -> None:
    group = BaseExceptionGroup(NAME, [raised(fail), raised(fail_meanwhile)])
    written = trace(group)
    assert NAME not in written
    assert "ValueError" in written


def test_asyncio_does_not_show_what_it_called_with_what() -> None:
    message = f"Exception in callback act({NAME!r})\nhandle: <Handle act({NAME!r})>"
    record = logging.LogRecord("asyncio", logging.ERROR, "", 1, message, (), None)
    assert FORM.format(record) == "ERROR Exception in callback act"
    assert record.getMessage() == message


def test_other_lines_are_written_as_they_are() -> None:
    assert line("%d of %s", 3, "four") == "ERROR 3 of four"
    assert line("100 %") == "ERROR 100 %"
    named = logging.LogRecord("x", logging.ERROR, "", 1, "%(a)s", ({"a": "b"},), None)
    assert FORM.format(named) == "ERROR b"


@pytest.mark.parametrize("with_log", [True, False])
@pytest.mark.parametrize(
    "fault",
    [
        "raise KeyError(NAME)",
        "thread = threading.Thread(target=int, args=(NAME,)); thread.start(); thread.join()",
        "type('Gone', (), {'__del__': lambda self: int(NAME)})()",
    ],
)
def test_what_nobody_caught_is_written_as_discreetly(fault: str, with_log: bool) -> None:
    script = f"""
import logging, sys, threading
sys.path.insert(0, {str(root())!r})
from workstation.adapters.system.discretion import catch_faults
from workstation.adapters.system.log import open_log
NAME = "".join(map(chr, {list(map(ord, NAME))}))
catch_faults()
{"open_log('info', None)" if with_log else ""}
{fault}
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert NAME not in done.stderr
    assert "Traceback" in done.stderr
    assert ("KeyError" in done.stderr) or ("ValueError" in done.stderr)

"""The last resort of an end: only when it takes too long, and then at once."""

import subprocess
import sys

import pytest

from workstation.commands import ending
from workstation.paths import root

PROGRAM = """
import logging, threading
from workstation.commands import ending

logging.basicConfig()
with ending.bounded({limit}) as ends:
    ends()
    {then}
print("in order")
"""


def ended(limit: float, then: str) -> subprocess.CompletedProcess[str]:
    program = PROGRAM.format(limit=limit, then=then)
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=root(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_what_never_answers_does_not_keep_the_program() -> None:
    """It waits on a thread that no exit would end either."""
    done = ended(0.05, "thread = threading.Thread(target=threading.Event().wait); thread.start()\n"
                 "    thread.join()")  # fmt: skip
    assert (done.returncode, done.stdout) == (ending.NOT_IN_ORDER, "")
    assert "the end took too long" in done.stderr


def test_nor_does_a_log_on_a_disk_that_hangs() -> None:
    done = ended(0.05, "logging.lastResort = None; logging._lock.acquire()\n"
                 "    logging.getLogger().handlers[0].acquire(); threading.Event().wait()")  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (ending.NOT_IN_ORDER, "", "")


@pytest.mark.parametrize("limit", [30.0, ending.LIMIT_S])
def test_what_ends_in_time_is_left_alone(limit: float) -> None:
    done = ended(limit, "pass")
    assert (done.returncode, done.stdout, done.stderr) == (0, "in order\n", "")

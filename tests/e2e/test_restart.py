"""A desk that dies comes back by itself with its alarms, and leaves a report of nobody."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.e2e.devices import alarm, topic
from tests.e2e.hub import ROOT, Hub
from tests.peers.mosquitto import Mosquitto
from tests.waiting import until

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.peer,
    pytest.mark.skipif(sys.platform != "linux", reason="finds the desk below its parent by /proc"),
]
NAME, CPR, NUMBER = "Inger Østergård", "010190-1234", "74621048"
LISTENS = re.compile(r"Sending SUBACK to eteam-desk-(?!readings|presence|audit)")


class KeptDesk:
    """`main.py desk --restart`, with its window in memory."""

    def __init__(self, hub: Hub, machine: Path, env: Mapping[str, str]) -> None:
        self._log = hub.folder / "desk.log"
        self.reports_in = machine / "crashes"
        self.reports_in.mkdir(parents=True)
        command = [sys.executable, str(ROOT / "main.py"), "desk", "--config", str(hub.config)]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--restart"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={
                    **os.environ,
                    "QT_QPA_PLATFORM": "offscreen",
                    "WORKSTATION_MACHINE_DATA": str(machine),
                    **env,
                },
            )

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    @property
    def opened_with(self) -> list[int]:
        """With how many alarms it was opened, each time."""
        return [int(count) for count in re.findall(r"alarms that are open: (\d+)", self.log)]

    @property
    def reports(self) -> list[str]:
        return [one.read_text() for one in sorted(self.reports_in.glob("crash-*.txt"))]

    def desk(self) -> int:
        """The number of the process that has the window."""
        mine = self.process.pid
        [child] = Path(f"/proc/{mine}/task/{mine}/children").read_text().split()
        return int(child)

    def opens(self, times: int) -> None:
        until(
            lambda: len(self.opened_with) >= times or self.process.poll() is not None,
            timeout=60,
            why=lambda: self.log,
        )
        assert len(self.opened_with) == times, self.log

    def close(self) -> None:
        if self.process.poll() is None:
            os.kill(self.desk(), signal.SIGKILL)
            self.process.kill()
        self.process.wait(20)


@pytest.fixture
def kept(hub: Hub, tmp_path: Path) -> Iterator[KeptDesk]:
    desk = KeptDesk(hub, tmp_path / "machine", {"XDG_DATA_HOME": str(tmp_path / "data")})
    yield desk
    desk.close()


def test_a_desk_that_dies_is_back_with_its_alarms(
    hub: Hub, broker: Mosquitto, kept: KeptDesk
) -> None:
    kept.opens(1)
    until(lambda: LISTENS.search(broker.output) is not None, timeout=30)
    broker.publish(topic("knap"), alarm(text=f"{NAME} {CPR}"))
    broker.publish(topic(NUMBER), alarm(id="2"))
    until(lambda: len(hub.alarms()) == 2, timeout=30, why=lambda: kept.log)
    first = kept.desk()
    os.kill(first, signal.SIGSEGV)
    kept.opens(2)
    assert kept.opened_with[-1] == 2
    assert kept.desk() != first
    [report] = kept.reports
    assert "ended: SIGSEGV" in report
    assert "Fatal Python error: Segmentation fault" in report
    assert "most recent call first" in report
    assert "alarms that are open: 0" in report
    assert "the desk is open" in report
    assert re.search(r"^workstation \d", report)
    assert [one for one in (NAME, CPR, NUMBER, "Inger", "010190") if one in report] == []
    # In order, it stays away and leaves nothing but the report.
    kept.process.send_signal(signal.SIGTERM)
    assert kept.process.wait(30) == 0, kept.log
    assert [one.suffix for one in kept.reports_in.iterdir()] == [".txt"]
    assert "Traceback" not in kept.log, kept.log


def test_a_desk_that_dies_over_and_over_stays_away_and_says_what_to_do(
    hub: Hub, broker: Mosquitto, kept: KeptDesk
) -> None:
    for life, how in enumerate((signal.SIGABRT, signal.SIGKILL, signal.SIGBUS), 1):
        kept.opens(life)
        os.kill(kept.desk(), how)
    assert kept.process.wait(30) == 70
    last = kept.log.splitlines()[-1]
    assert str(kept.reports_in) in last
    ended = [re.findall(r"^ended: (.*)$", one, re.MULTILINE) for one in kept.reports]
    assert sorted(ended) == [["SIGABRT"], ["SIGBUS"], ["SIGKILL"]]

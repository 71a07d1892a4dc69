"""`main.py ingest` on a PostgreSQL that goes away: every alarm once, whoever is killed when."""

import asyncio
import os
import random
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.devices import Devices, alarm, topic
from tests.e2e.hub import Hub, Ingest
from tests.fakes import FakeClock
from tests.peers.mosquitto import Mosquitto
from tests.peers.postgres import Postgres
from tests.waiting import until
from workstation.adapters.db.database import Database, migrate
from workstation.adapters.db.journal import LocalJournal
from workstation.application.errors import JournalFailed
from workstation.domain.alarm import Alarm

pytestmark = [pytest.mark.e2e, pytest.mark.peer]


class Shared:
    """A hub on a PostgreSQL of its own; each ingest keeps its journal in a folder of the test's."""

    def __init__(self, hub: Hub, server: Postgres, data: Path) -> None:
        self.server = server
        self.data = data
        self.url = server.url(server.create())
        migrate(self.url)
        self._hub = hub

    def start(self) -> Ingest:
        where = {"WORKSTATION_DATABASE__URL": self.url, "XDG_DATA_HOME": str(self.data)}
        return self._hub.start("--instance", "one", env=where)

    @property
    def journal(self) -> Path | None:
        """The file of its journal, None as long as there is none."""
        folder = self.data / "e-team-workstation" / "journal"
        return next((file for file in folder.glob("*.sqlite") if "damaged" not in file.name), None)

    def kept(self) -> int:
        """Return how much is kept; nobody else may have the journal open."""
        file = self.journal
        if file is None:
            return 0
        journal = LocalJournal(file, FakeClock())
        try:
            return journal.pending()
        except JournalFailed:
            return -1
        finally:
            journal.close()

    def alarms(self) -> list[Alarm]:
        with closing(Database(self.url, clock=FakeClock(), machine="test")) as database:
            return asyncio.run(database.alarms.listed(everything=True, since=None))

    def ids(self) -> Counter[str]:
        rows = self.server.run("SELECT key FROM message", database=self.url.rpartition("/")[2])
        return Counter(str(key).split("/")[2] for (key,) in rows if key is not None)


def acknowledged(broker: Mosquitto, least: int) -> None:
    """Wait until the ingest has taken so many messages over from the broker."""
    mine = re.compile(r"Received PUBACK from eteam-ingest-(?!readings|presence)")
    until(lambda: len(mine.findall(broker.output)) >= least, timeout=40)


@pytest.fixture
def shared(hub: Hub, postgres: Callable[..., Postgres], tmp_path: Path) -> Shared:
    return Shared(hub, postgres(durable=True), tmp_path / "data")


def test_alarms_are_taken_from_the_broker_and_stored_when_the_database_is_back(
    shared: Shared, broker: Mosquitto
) -> None:
    receipts = broker.listen(topic("+", "receipt"))
    ingest = shared.start().ready()
    shared.server.kill()
    with Devices(broker.port) as devices:
        devices.send_all((topic(f"d{n}"), alarm(id=str(n))) for n in range(300))
    acknowledged(broker, 300)
    until(lambda: len(receipts.messages) == 300, timeout=60, why=lambda: ingest.log)
    ingest.kill()
    assert shared.kept() == 300
    again = shared.start()
    again.says("database server")
    broker.publish(topic("later"), alarm(id="later"))
    shared.server.start()
    until(lambda: len(receipts.messages) >= 601, timeout=60, why=lambda: again.log)
    again.stop()
    assert shared.kept() == 0
    assert set(shared.ids().values()) == {1}
    assert [row.repeats for row in shared.alarms()] == [0] * 301


def test_killed_again_and_again_at_any_point_each_alarm_is_there_once(
    shared: Shared, broker: Mosquitto
) -> None:
    seed = int(os.environ.get("OUTAGE_SEED", "20260314"))
    print(f"seed {seed}")
    dice = random.Random(seed)
    ingest = shared.start().ready()
    sent = 0
    with Devices(broker.port) as devices:
        for _round in range(6):
            sent = _send(devices, sent, 40)
            if dice.random() < 0.7:
                (shared.server.kill if dice.random() < 0.5 else shared.server.stop)()
            acknowledged(broker, dice.randrange(sent // 2))
            ingest.kill()
            if not shared.server.running:
                if dice.random() < 0.5:
                    during = shared.start()
                    sent = _send(devices, sent, 1)
                    during.says("database server")
                    during.kill()
                shared.server.start()
            ingest = shared.start()
            if dice.random() < 0.5:
                ingest.ready()
    until(lambda: len(shared.ids()) == sent, timeout=60, why=lambda: ingest.log)
    ingest.ready().stop()
    assert shared.kept() == 0
    assert shared.ids() == Counter({str(number): 1 for number in range(sent)})
    assert sorted(row.device for row in shared.alarms()) == sorted(f"d{n}" for n in range(sent))
    assert {row.repeats for row in shared.alarms()} == {0}


def _send(devices: Devices, sent: int, count: int) -> int:
    for number in range(sent, sent + count):
        devices.send(topic(f"d{number}"), alarm(id=str(number)))
    devices.arrived()
    return sent + count


def test_a_damaged_journal_is_put_aside_told_and_what_can_be_read_is_stored(
    shared: Shared, broker: Mosquitto
) -> None:
    ingest = shared.start().ready()
    shared.server.kill()
    text = "x" * 1500
    with Devices(broker.port) as devices:
        devices.send_all((topic(f"d{n}"), alarm(id=str(n), text=text)) for n in range(100))
    acknowledged(broker, 100)
    ingest.stop()
    assert shared.kept() == 100
    assert shared.journal is not None
    content = bytearray(shared.journal.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xa5" * 4096
    shared.journal.write_bytes(content)
    shared.server.start()
    again = shared.start().ready()
    until(lambda: any(row.code == "journal_damaged" for row in shared.alarms()), timeout=30)
    again.stop()
    assert "damaged" in again.log
    stored = [row for row in shared.alarms() if row.code == "pendant"]
    assert 80 < len(stored) < 100
    folder = shared.journal.parent
    assert len([one for one in folder.iterdir() if "damaged" in one.name]) >= 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_for_the_journal_leaves_alarms_with_the_broker(
    shared: Shared, broker: Mosquitto, small_disk: Path
) -> None:
    shared.data = small_disk
    ingest = shared.start().ready()
    shared.server.kill()
    ballast = small_disk / "ballast"
    broker.publish(topic("first"), alarm(id="first"))
    ingest.says("alarms cannot be stored")
    with ballast.open("wb") as file:
        file.write(b"x" * max(0, shutil.disk_usage(small_disk).free - 4096))
    text = "x" * 1900
    with Devices(broker.port) as devices:
        devices.send_all((topic(f"d{n}"), alarm(id=str(n), text=text)) for n in range(60))
    ingest.says("journal_full")
    ingest.kill()
    ballast.unlink()
    shared.server.start()
    again = shared.start().ready()
    until(lambda: len(shared.ids()) == 61, timeout=60, why=lambda: again.log)
    again.stop()
    assert set(shared.ids().values()) == {1}

"""What docs/backup.md says is done as it stands there, and the restored hub is the one that was."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.adapters.db.contract_register import INGER
from tests.adapters.db.making import make_alarm, make_report, run
from tests.builders import ANNA, NOW
from tests.e2e.hub import ROOT
from tests.fakes import FakeClock
from tests.peers.postgres import OWNER, Postgres
from workstation.adapters.db.database import Database
from workstation.application.ports import RegisterEntry
from workstation.commands import arguments, headless
from workstation.domain.access import Look, Looked
from workstation.domain.kind import Outcome
from workstation.domain.names import DeviceName
from workstation.domain.steps import Resolved, Taken

pytestmark = [pytest.mark.e2e, pytest.mark.peer]
MAIN = f"{sys.executable} {ROOT / 'main.py'}"
SETTINGS = """
[hub]
kommuner = ["0510", "0860"]
language = "en"
[database]
url = "{url}"
[broker]
url = "mqtt://127.0.0.1:1"
[sip]
kind = "off"
"""


def blocks(section: str) -> list[str]:
    """The commands of one section of the page, in their order."""
    page = (ROOT / "docs" / "backup.md").read_text(encoding="utf-8")
    [text] = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE)
    return re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def shell(commands: str, **env: object) -> subprocess.CompletedProcess[str]:
    told = {name: str(value) for name, value in env.items()}
    return subprocess.run(
        ["sh", "-c", commands],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **told},
    )


@dataclass(frozen=True)
class Place:
    """A database and the settings that name it."""

    url: str
    config: Path

    def open(self) -> Database:
        return Database(self.url, clock=FakeClock(), machine="1a2b3c4d", role="desk")

    def main(self, *words: str, code: int = 0) -> str:
        """Run a word as main.py does, and return what it printed."""
        out, err = io.StringIO(), io.StringIO()
        wanted = arguments.parse([*words, "--config", str(self.config)])
        found = headless.run(wanted, out, sound=lambda _settings: "card", err=err)
        assert found == code, out.getvalue() + err.getvalue()
        return out.getvalue()

    def told(self) -> list[str]:
        """What the commands say of everything in it."""
        said = [self.main(word, "--json", "--all") for word in ("alarms", "round")]
        # Not by `calls`: that is a look, and one entry more of what is compared.
        database = self.open()
        calls = str(run(database.calls.listed()))
        database.close()
        return [*said, calls, self.main("audit", "verify", "--json")]

    def is_checked(self) -> bool:
        rows = [json.loads(line) for line in self.main("check", "--json", code=1).splitlines()]
        return all(row["ok"] for row in rows if row["what"] in ("settings", "database"))


@pytest.fixture
def place(tmp_path: Path) -> Callable[..., Place]:
    def make(name: str, url: str) -> Place:
        config = tmp_path / f"{name}.toml"
        config.write_text(SETTINGS.format(url=url), encoding="utf-8")
        return Place(url, config)

    return make


def work(one: Place, *names: str) -> None:
    """A citizen, an alarm for each name that is taken and closed, and a look at each."""
    database = one.open()
    run(database.register.put([RegisterEntry(citizen=INGER, cpr="3102380000")], []))
    for name in names:
        alarm = make_alarm(device=DeviceName(name), received_at=NOW, raw=b"\xff\x00raw")
        writer = database.alarm_writer()
        writer.file([make_report(alarm)])
        writer.close()
        for step in (Taken(at=NOW, by=ANNA), Resolved(at=NOW, by=ANNA, outcome=Outcome.TEST)):
            now = run(database.alarms.find(alarm.id))
            run(database.alarms.save(now.after(step), step, expected_version=now.version))
        look = Look(at=NOW, operator=ANNA, citizen=INGER.id, what=Looked.CARD, alarm=alarm.id)
        run(database.access.log(look))
    database.close()


def compare(before: Place, after: Place, told: list[str], heads: Path) -> None:
    """The restored hub says what the old one said, and goes on from there."""
    [behind] = blocks("Behind every restore")
    done = shell(f"{behind} >&2", MAIN=MAIN, CONFIG=after.config, HEADS=heads)
    assert "All hold" in done.stderr + done.stdout, done.stderr
    assert after.told() == told
    assert after.is_checked()
    assert before.config != after.config
    work(after, "next")
    assert after.main("alarms", "--all", "--json").count("\n") == told[0].count("\n") + 1
    assert json.loads(after.main("audit", "verify", "--json"))["entries"] == 3


def test_sqlite(place: Callable[..., Place], tmp_path: Path) -> None:
    old = place("old", f"sqlite:///{tmp_path / 'old.sqlite'}")
    new = place("new", f"sqlite:///{tmp_path / 'new.sqlite'}")
    backup = tmp_path / "backup"
    backup.mkdir()
    old.main("migrate")
    work(old, "one", "two")
    heads = tmp_path / "heads.jsonl"
    heads.write_text(old.main("audit", "heads", "--json"), encoding="utf-8")
    told = old.told()
    back_up, restore = blocks("SQLite")
    desk = old.open()  # works while the backup is made
    try:
        done = shell(f"set -e\n{back_up}", DATABASE=tmp_path / "old.sqlite", BACKUP=backup)
        assert (done.returncode, done.stderr) == (0, "")
        assert (backup / "hub.sqlite").stat().st_mode & 0o777 == 0o600
        for name in ("new.sqlite", "new.sqlite-wal", "new.sqlite-shm"):
            (tmp_path / name).write_bytes(b"what was broken")
        done = shell(f"set -e\n{restore}", DATABASE=tmp_path / "new.sqlite", BACKUP=backup)
        assert (done.returncode, done.stderr) == (0, "")
    finally:
        desk.close()
    compare(old, new, told, heads)


def test_postgresql(
    place: Callable[..., Place], tmp_path: Path, postgres: Callable[..., Postgres]
) -> None:
    one, other = postgres(), postgres()
    backup = tmp_path / "backup"
    backup.mkdir()
    one.run("CREATE ROLE hub_owner LOGIN CREATEROLE")
    one.run("CREATE DATABASE hub OWNER hub_owner")
    old = place("old", one.url("hub", user="hub_owner"))
    new = place("new", other.url("hub", user="hub_owner"))
    old.main("migrate")
    work(old, "one", "two")
    heads = tmp_path / "heads.jsonl"
    heads.write_text(old.main("audit", "heads", "--json"), encoding="utf-8")
    told = old.told()
    back_up, restore = blocks("PostgreSQL")
    desk = old.open()
    try:
        assert run(desk.alarms.listed(everything=True, since=None))
        done = on_server(one, f"set -e\n{back_up}", backup)
        assert (done.returncode, done.stderr) == (0, "")
    finally:
        desk.close()
    one.stop()
    done = on_server(other, restore, backup)
    assert done.returncode == 0, done.stderr
    assert f'role "{OWNER}" already exists' in done.stderr
    compare(old, new, told, heads)
    # History is guarded there as it was, and the fences are up.
    assert other.run("SELECT count(*) FROM pg_policies", database="hub") != [(0,)]
    with pytest.raises(Exception, match="history is never edited"):
        other.run("DELETE FROM alarm_step", database="hub")


def on_server(server: Postgres, commands: str, backup: Path) -> subprocess.CompletedProcess[str]:
    return shell(
        commands,
        PATH=f"{server.bins}:{os.environ['PATH']}",
        PGHOST="127.0.0.1",
        PGPORT=server.port,
        PGUSER=OWNER,
        DATABASE="hub",
        OWNER="hub_owner",
        BACKUP=backup,
    )

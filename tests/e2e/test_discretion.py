"""No name, address, number or CPR number of anybody stands in any log of a whole evening."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.hub import ROOT

pytestmark = pytest.mark.e2e
HUB = """
[hub]
kommuner = ["0510", "0860"]
language = "en"
[database]
url = "sqlite:///{folder}/evening/workstation.sqlite"
[broker]
url = "mqtt://127.0.0.1:1"
[sip]
kind = "off"
[log]
level = "debug"
file = "{folder}/commands.log"
"""
QUERIES = (
    "SELECT name FROM citizen",
    "SELECT address FROM citizen",
    "SELECT access FROM citizen",
    "SELECT name FROM contact WHERE relation = 'relative'",
    "SELECT text FROM instruction",
)
NUMBERS = "SELECT number FROM phone_number"
CPR = "SELECT number FROM cpr"


class Evening:
    """A folder with everything that an evening leaves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "evening"
        self.config = folder / "hub.toml"
        self.config.write_text(HUB.format(folder=folder.as_posix()), encoding="utf-8")
        self.env = {
            **os.environ,
            **{f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("DATA", "CONFIG")},
            "QT_QPA_PLATFORM": "offscreen",
            "WORKSTATION_LOG__LEVEL": "debug",
            "WORKSTATION_PASSWORD": "tre-grønne-heste-i-regn",
        }

    def start(self, name: str, *words: object, **env: str) -> subprocess.Popen[bytes]:
        """Start a process; what it says goes into NAME.out, its log into NAME.log."""
        log = str(self.folder / f"{name}.log")
        with (self.folder / f"{name}.out").open("wb") as out:
            return subprocess.Popen(
                [sys.executable, *map(str, words)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**self.env, "WORKSTATION_LOG__FILE": log, **env},
            )

    def main(self, name: str, *words: object, **env: str) -> subprocess.Popen[bytes]:
        """Start a word of main.py on the evening's database."""
        return self.start(name, ROOT / "main.py", *words, "--config", self.config, **env)

    def people(self) -> Iterator[str]:
        """Whatever of the made-up citizens may stand in no log, as it may be written."""
        database = self.data / "workstation.sqlite"
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            for query in QUERIES:
                yield from (text for (text,) in connection.execute(query) if text)
            for (number,) in connection.execute(NUMBERS):
                yield from (number, number.removeprefix("+"), number.removeprefix("+45"))
            for (number,) in connection.execute(CPR):
                yield from (number, f"{number[:6]}-{number[6:]}")

    def logs(self) -> dict[str, str]:
        """Everything that was written but the databases themselves, and the names of all files."""
        kept = (".sqlite", ".sqlite-wal", ".sqlite-shm", ".csv", ".db", ".png")
        found = {
            str(path.relative_to(self.folder)): path.read_text(encoding="utf-8", errors="replace")
            for path in self.folder.rglob("*")
            if path.is_file() and not path.name.endswith(kept) and "broker" not in path.parts
        }
        found["names of files"] = "\n".join(str(path) for path in self.folder.rglob("*"))
        return found


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    """An evening's alarms, calls and mishaps, at a window and without one."""
    one = Evening(tmp_path_factory.mktemp("discretion"))
    window = one.start(
        "window", ROOT / "main.py", "demo", "--data", one.folder / "window", "--quit-after", "8"
    )
    desk = one.start("desk", "-m", "tests.e2e.discreet_desk", one.data)
    assert (desk.wait(120), window.wait(120)) == (0, 0)
    made = ("user", "add", "anna", "--role", "supervisor", "--kommuner", "0510,0860")
    assert one.main("user", *made).wait(60) == 0
    refused = [*_break_in(one), *_import_what_is_broken(one)]
    exported = one.main("audit", "audit", "export", "demo-001", "--as", "anna", "--full")
    assert exported.wait(60) == 0
    assert all(process.wait(60) != 0 for process in refused)
    return one


def _break_in(one: Evening) -> Iterator[subprocess.Popen[bytes]]:
    """Try a wrong password, and names that are somebody's."""
    someone = next(one.people())
    for number, (user, password) in enumerate((("anna", someone), (someone, "wrong"))):
        tried = ("alarm", "take", "a1", "--as", user)
        yield one.main(f"sign-in-{number}", *tried, WORKSTATION_PASSWORD=password)


def _import_what_is_broken(one: Evening) -> Iterator[subprocess.Popen[bytes]]:
    """Import the citizens with every line moved by a column, and without the line of headings."""
    texts = list(one.people())
    head = "record;citizen;kommune;name;numbers;cpr;born;kind"
    moved = (f"{text};citizen;{text};c1;{text};{text};{text};{text}" for text in texts)
    wrong = (f"citizen;{text};0510;{text};{text};{text};{text};" for text in texts)
    rounds = (f"{text};{text};{text};{text}" for text in texts)
    for word, lines in (
        ("register", [head, *moved, *wrong]),
        ("register", [";".join(texts[:12]), "x"]),
        ("round", ["id;at;citizen;kind", *rounds]),
    ):
        broken = one.folder / f"{word}-{len(lines)}.csv"
        broken.write_text("\n".join(lines), encoding="utf-8")
        yield one.main(broken.stem, word, "--import", broken)


def test_nobody_stands_in_any_log(evening: Evening) -> None:
    people = sorted(set(evening.people()))
    assert len(people) > 300
    anybody = re.compile("|".join(map(re.escape, people)))
    found = [
        f"{name}: {line[:200]}"
        for name, text in evening.logs().items()
        for line in text.splitlines()
        if anybody.search(line)
    ]
    assert found == []


def test_it_was_an_evening(evening: Evening) -> None:
    """What is looked for was in hand: alarms, calls, looks, refusals, faults, each in a log."""
    logs = evening.logs()
    with closing(sqlite3.connect(evening.data / "workstation.sqlite")) as connection:
        counts = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("alarm_step", "call_log", "access_log", "sign_in_attempt")
        }
    assert counts["alarm_step"] > 20
    assert counts["call_log"] >= 3
    assert counts["access_log"] > 100
    assert counts["sign_in_attempt"] >= 3
    for name, words in (
        ("desk.out", ("Traceback", "KeyError", "ValueError", "RowRefused", "locked")),
        ("desk.out", ("workstation.adapters.sip",)),
        ("window.out", ("workstation.",)),
        ("register-2.out", ("Line 1",)),
        ("sign-in-0.out", ("password is wrong",)),
    ):
        for word in words:
            assert word in logs[name], f"{word} not in {name}"

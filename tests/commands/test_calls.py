"""`main.py calls` as a supervisor asks it."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.commands.conftest import HubFolder, Said
from tests.fakes import FakeClock
from workstation.adapters.db.database import Database
from workstation.application.ports import RegisterEntry
from workstation.commands import arguments, call_words
from workstation.domain.call import CallRecord, CallResult
from workstation.domain.call_history import Order
from workstation.domain.citizen import Citizen
from workstation.domain.kind import Kind
from workstation.domain.names import SYSTEM, CallId, CitizenId, Kommune, Operator

AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
KAREN = Citizen(id=CitizenId("c1"), kommune=Kommune("0510"), name="Karen Ærø")
TALKED = CallRecord(
    id=CallId("k1"),
    operator=Operator("anna"),
    target="+4574621048",
    started_at=AT,
    answered_at=AT + timedelta(seconds=4),
    ended_at=AT + timedelta(seconds=94),
    result=CallResult.ANSWERED,
    citizen=KAREN.id,
)
BUSY = replace(
    TALKED,
    id=CallId("k2"),
    operator=Operator("=bo"),
    started_at=AT + timedelta(hours=1),
    answered_at=None,
    ended_at=AT + timedelta(hours=1, seconds=2),
    result=CallResult.BUSY,
    citizen=None,
)


@pytest.fixture
def filled(hub: HubFolder, clock: FakeClock) -> Iterator[HubFolder]:
    database = Database.open(f"sqlite:///{hub.database}", clock=clock, machine="desk-1")

    async def fill() -> None:
        await database.register.put([RegisterEntry(citizen=KAREN)], [])
        for call in (TALKED, BUSY):
            await database.calls.begin(call)

    asyncio.run(fill())
    yield hub
    database.close()


def asked(hub: HubFolder, *argv: str) -> list[str]:
    said = hub.run("calls", "--as", "eva", "--json", *argv)
    assert (said.code, said.err) == (0, "")
    return [json.loads(line)["id"] for line in said.out.splitlines()]


def looks(hub: HubFolder) -> list[tuple[str, str, str]]:
    database = Database.open(f"sqlite:///{hub.database}", clock=FakeClock(), machine="test")

    async def read() -> list[tuple[str, str, str]]:
        found = []
        for writer in await database.access.tails():
            entries = await database.access.entries(writer, after=-1, most=99)
            found += [(str(one.what), one.citizen, one.why) for one in entries]
        return found

    try:
        return asyncio.run(read())
    finally:
        database.close()


def test_filters_and_orders(filled: HubFolder) -> None:
    assert asked(filled) == ["k2", "k1"]
    assert asked(filled, "--sort", "oldest", "--limit", "1") == ["k1"]
    assert asked(filled, "--unanswered") == ["k2"]
    assert asked(filled, "--outgoing", "--longer", "60") == ["k1"]
    assert asked(filled, "--incoming") == []
    assert asked(filled, "--text", "ærø") == ["k1"]
    assert asked(filled, "--since", "2026-03-02T09:00:00Z", "--result", "busy") == ["k2"]
    assert asked(filled, "--until", "2026-03-02T09:00:00Z", "--shorter", "100") == ["k1"]
    assert asked(filled, "--kommune", "0510", "--unreviewed") == ["k1"]
    assert ("calls", "", "calls unanswered=True") in looks(filled)


def test_without_a_name_the_look_is_the_system_s(filled: HubFolder) -> None:
    said = filled.run("calls", "--since", "2026-03-02T09:00:00Z", "--json")
    assert [json.loads(line)["id"] for line in said.out.splitlines()] == ["k2"]
    assert looks(filled) == [("calls", "", "calls since=2026-03-02T09:00:00+00:00")]
    database = Database.open(f"sqlite:///{filled.database}", clock=FakeClock(), machine="test")
    [(writer, _head)] = asyncio.run(database.access.tails()).items()
    [entry] = asyncio.run(database.access.entries(writer, after=-1, most=9))
    database.close()
    assert entry.operator == SYSTEM


def test_a_look_that_cannot_be_logged_is_none(filled: HubFolder) -> None:
    with closing(sqlite3.connect(filled.database)) as file:
        file.execute(
            "CREATE TRIGGER full BEFORE INSERT ON access_log BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    for argv in ((), ("--as", "eva")):
        said = filled.run("calls", *argv)
        assert (said.code != 0, said.out) == (True, "")
        assert said.err


def test_what_only_a_supervisor_sees_needs_a_name(
    filled: HubFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    for argv in (["--unanswered"], ["--export", "x.csv"], ["--unreviewed"], ["--outgoing"]):
        with pytest.raises(SystemExit):
            filled.run("calls", *argv)
        assert "--as" in capsys.readouterr().err


def test_an_operator_is_refused(filled: HubFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_PASSWORD", "to køer på marken")
    filled.add('[sign_in]\npassword_env = "THE_PASSWORD"')
    for name, role in (("ida", "it"), ("anna", "operator"), ("eva", "supervisor")):
        argv = ("user", "add", name, "--role", role, "--kommuner", "" if role == "it" else "0510")
        assert filled.run(*argv).code == 0
    said = filled.run("calls", "--as", "anna", "--json")
    assert (said.code, said.out) == (4, "")
    assert said.err
    assert asked(filled) == ["k2", "k1"]


@pytest.mark.parametrize("name", ["calls.csv", "calls.xlsx"])
def test_export(filled: HubFolder, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    said = filled.run("calls", "--as", "eva", "--export", str(path))
    assert said == Said(0, "", f"2 calls written to {path}.\n")
    if path.suffix == ".csv":
        assert ",'=bo," in path.read_text(encoding="utf-8-sig")
    assert looks(filled) == [("export", "", "calls"), ("export", "c1", "calls")]


def test_an_export_that_cannot_be_written(filled: HubFolder, tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "calls.csv"
    said = filled.run("calls", "--as", "eva", "--export", str(path))
    assert (said.code, said.out) == (1, "")
    assert "cannot be written (No such file or directory)" in said.err


def test_the_draw_and_the_review(filled: HubFolder) -> None:
    drawn = asked(filled, "--draw", "2026-03")
    assert drawn == ["k2", "k1"]
    said = filled.run("calls", "--as", "eva", "--review", "k1", "--text", "Calm and clear.")
    assert said == Said(0, "", "")
    assert asked(filled, "--drawn", "2026-03", "--unreviewed") == ["k2"]
    assert filled.run("calls", "--as", "eva", "--review", "none").code == 1


def test_figures(filled: HubFolder) -> None:
    said = filled.run("calls", "--as", "eva", "--figures", "--json")
    found = json.loads(said.out)
    assert (found["calls"], found["within_60_s"], found["curve"]) == (2, 0.5, [[4, 0.5]])
    assert (found["heat"][0][9], found["heat"][0][10]) == (1, 1)
    lines = filled.run("calls", "--as", "eva", "--figures").out.splitlines()
    assert lines[0] == "2 calls, 1 answered; 50.0 % within 60 s, 50.0 % within 180 s"
    assert len(lines) == 25


def test_the_words_are_those_of_the_domain() -> None:
    assert tuple(Kind) == call_words.KINDS
    assert tuple(CallResult) == call_words.RESULTS
    assert tuple(Order) == call_words.ORDERS


@pytest.mark.parametrize(
    "argv",
    [
        ["--export", "calls.txt"],
        ["--drawn", "2026-13"],
        ["--drawn", "march"],
        ["--longer", "nan"],
        ["--limit", "0"],
    ],
)
def test_what_does_not_fit(argv: list[str]) -> None:
    with pytest.raises(SystemExit):
        arguments.parse(["calls", "--config", "x", "--as", "eva", *argv])

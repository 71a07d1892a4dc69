"""`main.py audit`: exit code 0 for a log that is whole, 1 for one that is not, and who looked."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.adapters.db.contract_register import INGER
from tests.adapters.db.making import run
from tests.builders import ANNA, BO, NOW
from tests.commands.conftest import HubFolder
from tests.fakes import FakeClock
from tests.peers.mosquitto import Mosquitto
from workstation.adapters.db.database import Database
from workstation.adapters.mqtt.address import Address
from workstation.adapters.mqtt.published_heads import MqttHeads
from workstation.adapters.system.signing import Seals, Signer
from workstation.application.ports import RegisterEntry
from workstation.domain.access import Look, Looked
from workstation.domain.chain import Head
from workstation.domain.names import AlarmId, CitizenId

LOOK = Look(at=NOW, operator=ANNA, citizen=INGER.id, what=Looked.CARD, alarm=AlarmId("a1"))


@pytest.fixture
def desk(hub: HubFolder, clock: FakeClock) -> Iterator[Database]:
    """A desk with four looks in its chain; it goes on while the commands run."""
    database = Database(f"sqlite:///{hub.database}", clock=clock, machine="1a2b3c4d", role="desk")
    run(database.register.put([RegisterEntry(citizen=INGER)], []))
    for number, who in enumerate((ANNA, BO, ANNA, BO)):
        look = replace(LOOK, at=NOW + timedelta(seconds=number), operator=who, why="search")
        run(database.access.log(look))
    yield database
    database.close()


def tamper(hub: HubFolder, *edits: str) -> None:
    with closing(sqlite3.connect(hub.database)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for edit in edits:
            connection.execute(edit)
        connection.commit()


def verified(hub: HubFolder, *words: str) -> tuple[int, dict[str, dict[str, object]]]:
    said = hub.run("audit", "verify", "--json", *words)
    assert said.err == ""
    rows = [json.loads(line) for line in said.out.splitlines()]
    return said.code, {row["writer"]: row for row in rows}


def test_a_log_that_is_whole(hub: HubFolder, desk: Database) -> None:
    said = hub.run("audit", "verify")
    assert said.code == 0
    assert "desk-1a2b3c4d: 4 entries to number 4, 0 removed and signed for: ok" in said.out
    assert "All hold: 1 chains, 4 entries." in said.out
    code, rows = verified(hub)
    tail = run(desk.access.tails())["desk-1a2b3c4d"]
    assert (code, rows) == (
        0,
        {
            "desk-1a2b3c4d": {
                "writer": "desk-1a2b3c4d",
                "ok": True,
                "entries": 4,
                "purged": 0,
                "last": 4,
                "hash": tail.hash,
                "faults": [],
                "more": 0,
            }
        },
    )


def test_a_log_nobody_wrote_in(hub: HubFolder) -> None:
    assert verified(hub) == (0, {})
    assert hub.run("audit", "heads", "--json").out == ""


def test_a_changed_entry_is_named(hub: HubFolder, desk: Database) -> None:
    tamper(hub, "UPDATE access_log SET citizen = 'c9' WHERE number = 2")
    code, rows = verified(hub)
    assert code == 1
    assert rows["desk-1a2b3c4d"]["faults"] == [{"number": 2, "until": None, "what": "changed"}]
    said = hub.run("audit", "verify")
    assert "desk-1a2b3c4d: entry 2 was changed." in said.out
    assert "1 chain is broken" in said.out


def test_a_cut_at_the_end_is_found_by_the_file_that_it_keeps(
    hub: HubFolder, desk: Database
) -> None:
    heads = hub.config.parent / "heads.jsonl"
    heads.write_text(hub.run("audit", "heads", "--json").out, encoding="utf-8")
    run(desk.access.log(LOOK))
    assert verified(hub, "--heads", str(heads))[0] == 0
    tamper(hub, "DELETE FROM access_log WHERE number > 2", "DELETE FROM access_head")
    assert verified(hub)[0] == 0
    code, rows = verified(hub, "--heads", str(heads))
    assert code == 1
    assert rows["desk-1a2b3c4d"]["faults"] == [
        {"number": 3, "until": 4, "what": "removed_at_end"},
        {"number": 4, "until": None, "what": "head_missing"},
    ]


@pytest.mark.peer
def test_a_cut_at_the_end_is_found_by_what_hangs_at_the_broker(
    make_hub: Callable[..., HubFolder], mosquitto: Callable[..., Mosquitto]
) -> None:
    broker = mosquitto()
    hub = make_hub(broker.url)
    head = Head(writer="desk-x", number=7, hash="ab" * 32, at=NOW)
    run(MqttHeads(Address(url=broker.url, client_id="desk")).publish([head]))
    assert verified(hub)[0] == 0
    code, rows = verified(hub, "--broker")
    assert code == 1
    assert rows["desk-x"]["faults"] == [
        {"number": 1, "until": 7, "what": "removed_at_end"},
        {"number": 7, "until": None, "what": "head_missing"},
    ]


def test_a_file_of_heads_that_cannot_be_used(hub: HubFolder) -> None:
    missing = hub.run("audit", "verify", "--heads", str(hub.config.parent / "none"))
    assert (missing.code, missing.out) == (2, "")
    assert "none cannot be read" in missing.err
    other = hub.run("audit", "verify", "--heads", str(hub.config))
    assert (other.code, other.out) == (2, "")
    assert "holds no heads" in other.err


def test_a_key_is_made_and_not_kept(hub: HubFolder) -> None:
    made = json.loads(hub.run("audit", "key", "--json").out)
    signature = Signer(made["private"]).sign(b"x")
    assert Seals([made["public"]]).hold(b"x", signature)
    said = hub.run("audit", "key")
    assert said.code == 0
    assert len([line for line in said.out.splitlines() if line.endswith("=")]) == 2
    assert made["private"] not in said.out


def test_a_public_key_that_is_none(hub: HubFolder) -> None:
    hub.add('[audit]\npublic_key = "xyz"')
    said = hub.run("audit", "verify")
    assert said.code == 1
    assert "audit.public_key" in said.err


# --- Who looked -----------------------------------------------------------------------------------


def test_the_citizen_learns_what_and_when_and_not_who(hub: HubFolder, desk: Database) -> None:
    said = hub.run("audit", "export", "c1", "--as", "carla", "--json")
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert rows[0] == {"at": NOW.isoformat(), "what": "card"}
    assert len(rows) == 4
    assert ANNA not in said.out
    assert BO not in hub.run("audit", "export", "c1", "--as", "carla").out


def test_the_supervisor_learns_who_and_why(hub: HubFolder, desk: Database) -> None:
    said = hub.run("audit", "export", "c1", "--as", "carla", "--full", "--json")
    row = json.loads(said.out.splitlines()[1])
    assert row == {
        "at": (NOW + timedelta(seconds=1)).isoformat(),
        "what": "card",
        "operator": BO,
        "writer": "desk-1a2b3c4d",
        "alarm": "a1",
        "why": "search",
        "number": 2,
    }


def test_an_export_is_a_look_too(hub: HubFolder, desk: Database) -> None:
    hub.run("audit", "export", "c1", "--as", "carla")
    hub.run("audit", "export", "c1", "--as", "carla", "--full")
    looks = run(desk.register.looks(INGER.id))[-2:]
    assert [(look.operator, look.what, look.why) for look in looks] == [
        ("carla", Looked.AUDIT, ""),
        ("carla", Looked.AUDIT, "full"),
    ]
    assert verified(hub)[0] == 0


def test_nobody_ever_looked_at_somebody_who_is_not_there(hub: HubFolder) -> None:
    said = hub.run("audit", "export", "nobody", "--as", "carla")
    assert said.code == 1
    assert said.out == ""


def test_who_is_no_longer_in_the_register_was_looked_at_all_the_same(
    hub: HubFolder, desk: Database
) -> None:
    run(desk.access.log(replace(LOOK, citizen=CitizenId("gone"))))
    assert hub.run("audit", "export", "gone", "--as", "carla", "--json").out.count("\n") == 1


@pytest.fixture
def people(hub: HubFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator and a supervisor of the citizen's kommune, one of another, and one of IT."""
    monkeypatch.setenv("WORKSTATION_PASSWORD", "tre-grønne-heste-i-regn")
    for name, role, kommuner in (
        ("carla", "supervisor", "0510"),
        ("otto", "operator", "0510"),
        ("fritz", "supervisor", "0860"),
        ("ida", "it", ""),
    ):
        words = ["user", "add", name, "--role", role]
        words += ["--kommuner", kommuner] if kommuner else []
        made = hub.run(*words)
        assert made.code == 0, made.err


def test_who_may_know_who_looked(
    hub: HubFolder, desk: Database, people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The citizen's own list for whoever may see the card, the full one for its supervisor."""
    for who, words, code in (
        ("carla", ["--full"], 0),
        ("otto", [], 0),
        ("otto", ["--full"], 4),
        ("fritz", ["--full"], 4),
        ("fritz", [], 4),
        ("ida", [], 4),
    ):
        said = hub.run("audit", "export", "c1", "--as", who, *words)
        assert (said.code, bool(said.out)) == (code, code == 0), said
        look = run(desk.register.looks(INGER.id))[-1]
        assert (look.operator, look.what) == (who, Looked.AUDIT)
        assert ("refused" in look.why) == (code == 4)
    monkeypatch.setenv("WORKSTATION_PASSWORD", "wrong")
    said = hub.run("audit", "export", "c1", "--as", "carla", "--full")
    assert (said.code, said.out) == (4, "")

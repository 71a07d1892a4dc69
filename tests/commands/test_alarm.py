"""`main.py alarm`: one alarm as a user, with the rights, the history and the log of the window."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

import pytest

from tests.builders import HJORRING, NOW, a_report, an_alarm
from tests.commands.conftest import HubFolder, Said
from tests.peers.mosquitto import Mosquitto
from workstation.adapters.db.database import Database
from workstation.adapters.system.clock import SystemClock
from workstation.domain.kind import Kind

PASSWORD = "hest i stalden 7"


@contextmanager
def opened(hub: HubFolder) -> Iterator[Database]:
    url = f"sqlite:///{hub.database}"
    with closing(Database.open(url, clock=SystemClock(), machine="test")) as database:
        yield database


def file(hub: HubFolder, *alarms: Any) -> None:
    with opened(hub) as database, closing(database.alarm_writer()) as writer:
        writer.file([a_report(alarm) for alarm in alarms])


def user(hub: HubFolder, name: str, role: str = "operator", *kommuner: str) -> None:
    served = ",".join(kommuner or ("0510", "0860"))
    assert hub.run("user", "add", name, "--role", role, "--kommuner", served).code == 0


def steps(hub: HubFolder, alarm: str = "a1") -> list[tuple[str, str]]:
    with opened(hub) as database:
        found = asyncio.run(database.alarms.steps(an_alarm(alarm).id))
    return [(type(one.step).__name__, str(one.step.by)) for one in found]


@pytest.fixture
def staffed(hub: HubFolder, monkeypatch: pytest.MonkeyPatch) -> HubFolder:
    """A hub with Anna and Bo and an untaken emergency."""
    monkeypatch.setenv("WORKSTATION_PASSWORD", PASSWORD)
    for name in ("anna", "bo"):
        user(hub, name)
    file(hub, an_alarm())
    return hub


def act(hub: HubFolder, word: str, *more: str, by: str = "anna", alarm: str = "a1") -> Said:
    return hub.run("alarm", word, alarm, "--as", by, *more)


def told(said: Said) -> dict[str, object]:
    [line] = said.out.splitlines()
    found: dict[str, object] = json.loads(line)
    return found


def test_an_alarm_is_taken_noted_on_and_resolved(staffed: HubFolder) -> None:
    alarm = told(act(staffed, "take", "--json"))
    assert (alarm["id"], alarm["state"], alarm["taken_by"]) == ("a1", "taken", "anna")
    assert act(staffed, "note", "--text", "ringer op").code == 0
    said = act(staffed, "resolve", "--outcome", "solved_by_phone", "--text", "alt vel", "--json")
    assert (said.code, told(said)["outcome"], told(said)["state"]) == (
        0,
        "solved_by_phone",
        "resolved",
    )
    assert steps(staffed) == [
        ("Raised", "system"),
        ("Taken", "anna"),
        ("Noted", "anna"),
        ("Noted", "anna"),
        ("Resolved", "anna"),
    ]


def test_without_json_it_is_a_line_for_people(staffed: HubFolder) -> None:
    said = act(staffed, "take")
    assert said.code == 0
    assert "anna" in said.out
    assert act(staffed, "release", "--text", "ringet forgæves").code == 0
    assert steps(staffed)[-2:] == [("Noted", "anna"), ("Released", "anna")]


def test_what_somebody_else_has_is_theirs(staffed: HubFolder) -> None:
    act(staffed, "take")
    for word, more in (("take", ()), ("release", ()), ("resolve", ("--outcome", "test"))):
        said = act(staffed, word, *more, "--json", by="bo")
        assert said.code == 3
        assert (told(said)["error"], told(said)["by"]) == ("already_taken", "anna")
    said = act(staffed, "take", by="bo")
    assert (said.code, said.out) == (3, "")
    assert "Taken by anna" in said.err
    assert act(staffed, "take", "--json").code == 0, "one's own stays as it is"


def test_a_supervisor_may_give_it_back(staffed: HubFolder) -> None:
    user(staffed, "eva", "supervisor")
    act(staffed, "take")
    assert act(staffed, "release", by="eva").code == 0
    assert steps(staffed)[-1] == ("Released", "eva")


@pytest.mark.parametrize(
    ("role", "kommuner", "why"),
    [("it", ["0510"], "role"), ("operator", ["0860"], "kommune")],
)
def test_whoever_may_not_is_told_so(
    staffed: HubFolder, role: str, kommuner: list[str], why: str
) -> None:
    user(staffed, "kim", role, *kommuner)
    said = act(staffed, "take", "--json", by="kim")
    assert said.code == 4
    assert (told(said)["error"], told(said)["why"]) == ("not_allowed", why)
    assert steps(staffed) == [("Raised", "system")]


def test_a_wrong_password_is_counted_and_locks_out(
    staffed: HubFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    staffed.add("[sign_in]\ntries = 3\nlock_min = 7")
    monkeypatch.setenv("WORKSTATION_PASSWORD", "wrong")
    said = act(staffed, "take", "--json")
    assert (said.code, told(said)) == (4, {"error": "wrong_password"})
    said = act(staffed, "take", "--json", by="nobody")
    assert (said.code, told(said)) == (4, {"error": "wrong_password"})
    _as_if_it_had_failed(staffed, "anna", 3)
    monkeypatch.setenv("WORKSTATION_PASSWORD", PASSWORD)
    said = act(staffed, "take", "--json")
    assert (said.code, told(said)) == (4, {"error": "locked_out", "minutes": 7})
    assert act(staffed, "take", by="bo").code == 0, "the lock is one user's"


def _as_if_it_had_failed(hub: HubFolder, name: str, times: int) -> None:
    with opened(hub) as database:
        [tried, wrong, *_rest] = asyncio.run(database.users.attempts(NOW))
        now = SystemClock().now()
        lines = [replace(one, name=name, at=now) for one in (tried, wrong)] * times
        asyncio.run(database.users.log(lines))


def test_no_password_and_a_disabled_user(
    staffed: HubFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    staffed.run("user", "disable", "anna")
    said = act(staffed, "take", "--json")
    assert (said.code, told(said)) == (4, {"error": "disabled"})
    monkeypatch.delenv("WORKSTATION_PASSWORD")
    said = act(staffed, "take", "--json")
    assert said.code == 4
    assert told(said) == {"error": "no_password", "variable": "WORKSTATION_PASSWORD"}


def test_what_the_alarm_does_not_allow(staffed: HubFolder) -> None:
    said = act(staffed, "resolve", "--outcome", "test", "--json")
    assert said.code == 5
    assert told(said) == {
        "error": "illegal_step",
        "rule": "not_in_this_state",
        "state": "raised",
    }
    act(staffed, "take")
    said = act(staffed, "resolve", "--outcome", "responder_sent", "--json")
    assert (said.code, told(said)["rule"]) == (5, "arrival_not_confirmed")


def test_what_is_not_there(staffed: HubFolder) -> None:
    said = act(staffed, "take", "--json", alarm="gone")
    assert (said.code, told(said)) == (6, {"error": "not_found"})


def test_a_database_that_is_away(staffed: HubFolder) -> None:
    with closing(sqlite3.connect(staffed.database, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("UPDATE level SET active = active")
        said = act(staffed, "take", "--json")
    assert (said.code, told(said)["reason"]) == (1, "locked")


def test_a_hub_without_users_asks_nobody(hub: HubFolder) -> None:
    file(hub, an_alarm("a1", kind=Kind.TECHNICAL), an_alarm("a2", code="x", kommune=HJORRING))
    assert told(act(hub, "take", "--json", by="Anna"))["taken_by"] == "Anna"
    hub.add('[sign_in]\nkind = "password"')
    said = act(hub, "take", "--json", by="Anna", alarm="a2")
    assert (said.code, told(said)["error"]) == (4, "no_password")


def test_a_hub_that_asks_and_has_no_user_says_how_to_make_one(
    hub: HubFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSTATION_PASSWORD", PASSWORD)
    hub.add('[sign_in]\nkind = "password"')
    said = act(hub, "take", by="anna")
    assert said.code == 4
    assert "main.py user add NAME" in said.err


def test_the_transmitter_is_told(
    make_hub: Callable[..., HubFolder],
    mosquitto: Callable[..., Mosquitto],
) -> None:
    broker = mosquitto()
    hub = make_hub(broker=broker.url)
    file(hub, an_alarm(message_id="17"))
    listener = broker.listen("hub/v1/+/+/receipt")
    assert act(hub, "take", by="Anna").code == 0
    [(topic, body)] = listener.wait_for(1)
    listener.stop()
    assert topic == "hub/v1/0510/pendant-1/receipt"
    assert json.loads(body)["state"] == "taken"


def test_taking_is_idempotent_for_whoever_has_it(staffed: HubFolder) -> None:
    for _again in range(2):
        assert act(staffed, "take").code == 0
    assert [name for name, _by in steps(staffed)] == ["Raised", "Taken"]

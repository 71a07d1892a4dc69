"""`main.py user`: makes, lists and changes those who may sign in, and never says a password."""

import json
import re
import sqlite3
from contextlib import closing

import pytest

from tests.commands.conftest import HubFolder, Said

PASSWORD = "hest i stalden 7"


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSTATION_PASSWORD", PASSWORD)


def add(hub: HubFolder, name: str = "anna", *more: str) -> Said:
    return hub.run("user", "add", name, *(more or ("--role", "night", "--kommuner", "0510,0860")))


def test_a_user_is_made_and_listed(hub: HubFolder) -> None:
    said = add(hub, "anna", "--role", "night", "--kommuner", "0860,0510", "--name", "Anna Holm")
    assert (said.code, said.err) == (0, "")
    assert said.out == "anna (Anna Holm) may sign in: night staff, 0510, 0860.\n"
    [row] = [json.loads(line) for line in hub.run("user", "list", "--json").out.splitlines()]
    assert (row["name"], row["display"], row["role"]) == ("anna", "Anna Holm", "night")
    assert (row["kommuner"], row["disabled_at"]) == (["0510", "0860"], None)
    assert re.fullmatch(r".+@.+", row["created_by"])
    table = hub.run("user", "list").out.splitlines()
    assert table[0].split()[:3] == ["name", "display", "role"]
    assert "Anna Holm" in table[1]


def test_it_serves_no_kommune(hub: HubFolder) -> None:
    assert add(hub, "ida", "--role", "it").code == 0


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (("Anna", "--role", "night", "--kommuner", "0510"), "cannot be a user name"),
        (("system", "--role", "night", "--kommuner", "0510"), "The hub itself"),
        (("anna", "--role", "night", "--kommuner", "0511"), "0511 is no kommune's code"),
        (("anna", "--role", "operator"), "name at least one kommune"),
        (("hest", "--role", "night", "--kommuner", "0510"), "name stands in the password"),
    ],
)
def test_what_cannot_be_made_is_told_in_a_sentence(
    hub: HubFolder, argv: tuple[str, ...], sentence: str
) -> None:
    said = add(hub, *argv)
    assert (said.code, said.out) == (1, "")
    assert sentence in said.err


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (None, "set the environment variable WORKSTATION_PASSWORD"),
        ("", "set the environment variable WORKSTATION_PASSWORD"),
        ("kort", "too short"),
        ("password123", "easily guessed"),
    ],
)
def test_there_is_no_default_and_no_weak_password(
    hub: HubFolder, monkeypatch: pytest.MonkeyPatch, given: str | None, sentence: str
) -> None:
    if given is None:
        monkeypatch.delenv("WORKSTATION_PASSWORD")
    else:
        monkeypatch.setenv("WORKSTATION_PASSWORD", given)
    said = add(hub)
    assert said.code == 1
    assert sentence in said.err
    assert hub.run("user", "list", "--json").out == ""


def test_another_variable_may_hold_it(hub: HubFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.add('[sign_in]\npassword_env = "MY_SECRET"')
    assert "set the environment variable MY_SECRET" in add(hub).err
    monkeypatch.setenv("MY_SECRET", "ko i stalden 8")
    assert add(hub).code == 0


def test_a_name_is_given_once(hub: HubFolder) -> None:
    add(hub)
    said = add(hub)
    assert said.code == 1
    assert "There is a user anna already" in said.err


def test_disable_enable_and_password(hub: HubFolder) -> None:
    add(hub)
    for act, word in (("disable", "no more"), ("enable", "again"), ("password", "new password")):
        said = hub.run("user", act, "anna")
        assert said.code == 0
        assert word in said.out
    said = hub.run("user", "disable", "nobody")
    assert said.code == 1
    with closing(sqlite3.connect(hub.database)) as connection:
        steps = connection.execute("SELECT name, did, by FROM user_step ORDER BY seq").fetchall()
    assert [did for _name, did, _by in steps] == ["added", "disabled", "enabled", "password"]
    assert {by for _name, _did, by in steps} == {steps[0][2]}


def test_no_password_stands_anywhere(hub: HubFolder) -> None:
    said = add(hub)
    with closing(sqlite3.connect(hub.database)) as connection:
        [(stored,)] = connection.execute("SELECT password_hash FROM user_account").fetchall()
    assert stored.startswith("$argon2id$")
    assert PASSWORD.encode() not in hub.database.read_bytes()
    assert PASSWORD not in said.out + said.err + hub.run("user", "list", "--json").out

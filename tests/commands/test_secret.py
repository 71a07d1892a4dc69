"""Secrets are set from standard input, never shown, and found before the key store's."""

import io
import json
import sys

import keyring
import keyring.backend
import pytest

from tests.adapters.windows.test_secret_store import StandInKey
from tests.commands.conftest import Said
from workstation.adapters.windows.secret_store import SecretStore
from workstation.bootstrap import secrets
from workstation.commands import arguments, guard, headless
from workstation.paths import APP

NAME = "BROKER_PASSWORD"


class Kept(keyring.backend.KeyringBackend):
    """A key store in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service, username):
        return self.entries.get((service, username))

    def set_password(self, service, username, password):
        self.entries[service, username] = password

    def delete_password(self, service, username):
        del self.entries[service, username]


@pytest.fixture(autouse=True)
def key_store():
    before = keyring.get_keyring()
    mine = Kept()
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


@pytest.fixture
def store(tmp_path, monkeypatch):
    """This machine's store, as Windows has one."""
    made = SecretStore(tmp_path / "secrets", StandInKey())
    monkeypatch.setattr(secrets, "machine_store", lambda: made)
    return made


@pytest.fixture
def no_store(monkeypatch):
    monkeypatch.setattr(secrets, "machine_store", lambda: None)


def run(*argv, given="", monkeypatch) -> Said:
    monkeypatch.setattr(sys, "stdin", io.StringIO(given))
    out, err = io.StringIO(), io.StringIO()
    wanted = arguments.parse(["secret", *argv])
    code = guard.guarded(lambda: headless.run(wanted, out, sound=lambda _s: "", err=err), err=err)
    return Said(code, out.getvalue(), err.getvalue())


def test_a_secret_is_set_listed_found_and_deleted(store, monkeypatch):
    said = run("set", NAME, given="hemmelig\r\nrest", monkeypatch=monkeypatch)
    assert (said.code, said.err) == (0, "")
    assert "this machine" in said.out
    assert store.get(NAME) == "hemmelig"
    assert secrets.secret(NAME, {}) == "hemmelig"
    assert secrets.place_of(NAME, {}) == "machine"
    listed = run("list", monkeypatch=monkeypatch)
    assert listed.out == f"{NAME}\n"
    assert json.loads(run("list", "--json", monkeypatch=monkeypatch).out) == {"name": NAME}
    assert run("delete", NAME, monkeypatch=monkeypatch).code == 0
    assert secrets.secret(NAME, {}) is None
    gone = run("delete", NAME, monkeypatch=monkeypatch)
    assert (gone.code, NAME in gone.err) == (1, True)
    assert "hemmelig" not in said.out + listed.out


def test_the_environment_goes_first_and_the_key_store_last(store, key_store):
    key_store.set_password(APP, NAME, "third")
    assert (secrets.secret(NAME, {}), secrets.place_of(NAME, {})) == ("third", "key_store")
    store.put(NAME, "second")
    assert secrets.secret(NAME, {}) == "second"
    assert secrets.secret(NAME, {NAME: "first"}) == "first"
    assert secrets.place_of(NAME, {NAME: "first"}) == "environment"
    assert secrets.place_of("OTHER", {}) is None


def test_a_store_that_cannot_be_opened_has_none(store, tmp_path, caplog):
    store.put(NAME, "x")
    (tmp_path / "secrets" / NAME).write_bytes(b"damaged" * 10)
    assert secrets.secret(NAME, {}) is None
    assert f"did not give {NAME}" in caplog.text


def test_elsewhere_the_key_store_keeps_it_and_the_word_says_so(no_store, key_store, monkeypatch):
    said = run("set", NAME, given="x\n", monkeypatch=monkeypatch)
    assert "key store" in said.out
    assert key_store.get_password(APP, NAME) == "x"
    assert "key store" in run("list", monkeypatch=monkeypatch).out
    assert run("delete", NAME, monkeypatch=monkeypatch).code == 0
    assert run("delete", NAME, monkeypatch=monkeypatch).code == 1


@pytest.mark.parametrize(("name", "given", "words"), [
    (NAME, "\n", "No secret was given"),
    ("no name", "x", "cannot be a secret's name"),
])  # fmt: skip
def test_what_cannot_be_kept_is_a_sentence(store, monkeypatch, name, given, words):
    said = run("set", name, given=given, monkeypatch=monkeypatch)
    assert (said.code, words in said.err) == (1, True)
    assert store.names() == []


def test_a_secret_is_never_an_argument(capsys):
    with pytest.raises(SystemExit):
        arguments.parse(["secret", "set", NAME, "hemmelig"])
    assert "not known here" in capsys.readouterr().err

"""`main.py recordings`: what was recorded, taken out by a supervisor, and the hub's key."""

import asyncio
import json
import wave
from pathlib import Path

import pytest

from tests.adapters.db.contract_recordings import ENDED
from tests.commands.conftest import HubFolder
from tests.commands.test_calls import looks
from tests.fakes import FakeClock
from workstation.adapters.db.database import Database
from workstation.adapters.system.sealed_recordings import SealedRecordings, make_key
from workstation.domain.recording import RATE, Recording
from workstation.wire.sealed_sound import Sealing

PRIVATE, PUBLIC = make_key()
SOUND = b"\1\2" * RATE


@pytest.fixture
def recorded(hub: HubFolder, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Recording:
    folder = hub.config.parent / "recordings"
    folder.mkdir()
    monkeypatch.setenv("THE_KEY", PRIVATE)
    hub.add(f'[recording]\nfolder = "{folder.as_posix()}"\nkey_env = "THE_KEY"')
    files = SealedRecordings(folder, announcement=folder, public=PUBLIC, private=lambda: None)
    order = files.order()
    sealing = Sealing(order.recording, order.key)
    order.file.write_bytes(order.head + sealing.piece(SOUND, last=True))
    values = {name: getattr(ENDED, name) for name in ENDED.__slots__}
    recording = Recording(**(values | {"id": order.recording, "sha256": "", "kommune": "0510"}))
    database = Database.open(f"sqlite:///{hub.database}", clock=clock, machine="desk-1")
    try:
        asyncio.run(database.recordings.keep(recording))
    finally:
        database.close()
    return recording


def test_they_are_listed(hub: HubFolder, recorded: Recording) -> None:
    said = hub.run("recordings", "list", "--as", "eva", "--json")
    assert (said.code, said.err) == (0, "")
    found = json.loads(said.out)
    assert (found["id"], found["call"], found["length_s"]) == (recorded.id, "k1", 88.5)
    assert hub.run("recordings", "list", "--as", "eva", "--since", "2030-01-01", "--json").out == ""


def test_one_is_taken_out_and_that_is_logged(
    hub: HubFolder, recorded: Recording, tmp_path: Path
) -> None:
    target = tmp_path / "call.wav"
    said = hub.run("recordings", "export", recorded.id, "--as", "eva", "--to", str(target))
    assert said.code == 0
    assert "not sealed" in said.err
    with wave.open(str(target)) as file:
        assert (file.getframerate(), file.getnchannels()) == (RATE, 1)
        assert file.readframes(file.getnframes()) == SOUND
    assert target.stat().st_mode & 0o077 == 0
    assert ("recording", "c1", f"exported {recorded.id} of call k1") in looks(hub)


def test_a_wrong_key_is_told_and_leaves_no_file(
    hub: HubFolder, recorded: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THE_KEY", make_key()[0])
    target = tmp_path / "call.wav"
    said = hub.run("recordings", "export", recorded.id, "--as", "eva", "--to", str(target))
    assert said.code == 1
    assert said.err.startswith("The private key in THE_KEY does not open this recording")
    assert not target.exists()


def test_what_is_not_there_and_where_nothing_can_be_written(
    hub: HubFolder, recorded: Recording, tmp_path: Path
) -> None:
    argv = ("--as", "eva", "--to", str(tmp_path / "none" / "call.wav"))
    said = hub.run("recordings", "export", "another", *argv)
    assert (said.code, said.err) == (1, "There is no such recording: another.\n")
    said = hub.run("recordings", "export", recorded.id, *argv)
    assert said.code == 1
    assert "cannot be written" in said.err


def test_an_operator_is_refused(
    hub: HubFolder, recorded: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THE_PASSWORD", "to køer på marken")
    hub.add('[sign_in]\npassword_env = "THE_PASSWORD"')
    for name, role in (("ida", "it"), ("anna", "operator"), ("eva", "supervisor")):
        argv = ("user", "add", name, "--role", role, "--kommuner", "" if role == "it" else "0510")
        assert hub.run(*argv).code == 0
    target = str(tmp_path / "call.wav")
    for name in ("ida", "anna"):
        assert hub.run("recordings", "list", "--as", name).code == 4
        took = hub.run("recordings", "export", recorded.id, "--as", name, "--to", target)
        assert took.code == 4
    assert not any(what == "recording" for what, _citizen, _why in looks(hub))
    assert hub.run("recordings", "export", recorded.id, "--as", "eva", "--to", target).code == 0


def test_a_key_is_made_and_opens_what_it_sealed(hub: HubFolder, tmp_path: Path) -> None:
    made = json.loads(hub.run("recordings", "key", "--json").out)
    assert set(made) == {"private", "public"}
    said = hub.run("recordings", "key")
    assert said.code == 0
    assert len(said.out.splitlines()) == 5
    files = SealedRecordings(
        tmp_path, announcement=tmp_path, public=made["public"], private=lambda: made["private"]
    )
    assert files.order().head


def test_what_is_missing_is_told(hub: HubFolder, capsys: pytest.CaptureFixture[str]) -> None:
    for argv, missing in ((["list"], "--as"), (["export", "--as", "eva"], "ID, --to")):
        with pytest.raises(SystemExit):
            hub.run("recordings", *argv)
        assert missing in capsys.readouterr().err

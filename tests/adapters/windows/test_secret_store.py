"""The machine's secrets, sealed by this machine's key on Windows and by a stand-in elsewhere."""

import hashlib
import hmac
import sys

import pytest

from tests.adapters.windows.contract_secret_store import NAME, SecretStoreContract
from workstation.adapters.windows.dpapi import MachineKey
from workstation.adapters.windows.secret_store import SecretStore, machine_store


class StandInKey:
    """Seals so that nothing can be read, and opens nothing that was changed."""

    def seal(self, plain: bytes, label: bytes) -> bytes:
        hidden = bytes(255 - one for one in plain)
        return hmac.digest(label, hidden, hashlib.sha256) + hidden

    def open(self, sealed: bytes, label: bytes) -> bytes:
        hidden = sealed[32:]
        if not hmac.compare_digest(sealed[:32], hmac.digest(label, hidden, hashlib.sha256)):
            raise OSError("another label")
        return bytes(255 - one for one in hidden)


@pytest.fixture
def folder(tmp_path):
    return tmp_path


class TestWithAStandIn(SecretStoreContract):
    @pytest.fixture
    def store(self, folder):
        return SecretStore(folder / "secrets", StandInKey())


@pytest.mark.skipif(sys.platform != "win32", reason="DPAPI is Windows'")
class TestOnWindows(SecretStoreContract):
    @pytest.fixture
    def store(self, folder):
        return SecretStore(folder / "secrets", MachineKey())

    def test_it_is_the_machine_s(self, folder, monkeypatch):
        monkeypatch.setenv("WORKSTATION_MACHINE_DATA", str(folder))
        store = machine_store()
        assert store is not None
        store.put(NAME, "x")
        assert SecretStore(folder / "secrets", MachineKey()).get(NAME) == "x"


@pytest.mark.skipif(sys.platform == "win32", reason="there is one")
def test_elsewhere_there_is_no_such_store(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKSTATION_MACHINE_DATA", str(tmp_path))
    assert machine_store() is None
    with pytest.raises(OSError, match="CryptProtectData"):
        MachineKey().seal(b"x", b"")


def test_a_draft_that_was_left_is_no_secret(folder):
    store = SecretStore(folder / "secrets", StandInKey())
    store.put(NAME, "x")
    (folder / "secrets" / "0a.draft").write_bytes(b"")
    assert store.names() == [NAME]

"""The machine's own registry: what an administrator writes there is the policy."""

import sys

import pytest

if sys.platform != "win32":
    pytest.skip("needs Windows' registry", allow_module_level=True)

import winreg

from workstation.adapters.windows import registry
from workstation.adapters.windows.policy import machine_policy
from workstation.paths import default_config
from workstation.settings import SettingsError, load

ACCESS = winreg.KEY_ALL_ACCESS | winreg.KEY_WOW64_64KEY


@pytest.fixture
def key(monkeypatch):
    """A key of this test's own in the policies' place."""
    path = registry.KEY + r"\Test"
    monkeypatch.setattr(registry, "KEY", path)
    with winreg.CreateKeyEx(winreg.HKEY_LOCAL_MACHINE, path, 0, ACCESS) as made:
        yield made
    winreg.DeleteKeyEx(winreg.HKEY_LOCAL_MACHINE, path, winreg.KEY_WOW64_64KEY, 0)


def test_no_key_is_no_policy(monkeypatch):
    monkeypatch.setattr(registry, "KEY", registry.KEY + r"\NoSuch")
    assert machine_policy() is None


def test_each_kind_of_value_becomes_a_setting(key):
    winreg.SetValueEx(key, "hub.name", 0, winreg.REG_SZ, "Hub i Næstved")
    winreg.SetValueEx(key, "sip.ice", 0, winreg.REG_DWORD, 1)
    winreg.SetValueEx(key, "sip.port", 0, winreg.REG_DWORD, 5070)
    winreg.SetValueEx(key, "sip.stun", 0, winreg.REG_MULTI_SZ, ["one", "two:3478"])
    winreg.SetValueEx(key, "**delvals.", 0, winreg.REG_SZ, " ")
    found = load(None, {}, defaults=default_config(), policy=machine_policy())
    assert found.hub.name == "Hub i Næstved"
    assert found.sip.ice is True
    assert found.sip.port == 5070
    assert found.sip.stun == ("one", "two:3478")
    assert sorted(found.origins.managed) == ["hub.name", "sip.ice", "sip.port", "sip.stun"]


@pytest.mark.parametrize(("kind", "value"), [(winreg.REG_SZ, "loud"), (winreg.REG_BINARY, b"\0\1")])
def test_a_wrong_value_is_told_by_its_place(key, kind, value):
    winreg.SetValueEx(key, "log.level", 0, kind, value)
    with pytest.raises(SettingsError) as caught:
        load(None, {}, defaults=default_config(), policy=machine_policy())
    assert caught.value.where == registry.WHERE + "log.level"

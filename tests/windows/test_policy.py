"""Group policy on an installed desk: Windows' own registry, the installed program."""

from pathlib import Path
from typing import Any

import pytest

from installer.lab.machine import windows_path
from tests.windows.desk import WindowsDesk
from workstation.adapters.windows.registry import KEY

HKLM = f"HKLM\\{KEY}"
VALUES = (
    ("hub.name", "REG_SZ", "Nord"),
    ("hub.theme", "REG_SZ", "dark"),
    ("hub.lease_s", "REG_DWORD", "45"),
    ("sip.noise_suppression", "REG_DWORD", "0"),
    ("hub.kommuner", "REG_MULTI_SZ", "0510\\00860"),
)
"""One of each shape that a policy editor writes."""


@pytest.fixture
def governed(another: WindowsDesk) -> WindowsDesk:
    """A desk whose IT has set policies."""
    for name, kind, value in VALUES:
        set_policy(another, name, kind, value)
    return another


def set_policy(desk: WindowsDesk, name: str, kind: str, value: str) -> None:
    words = ("/v", name, "/t", kind, "/d", value, "/f")
    done = desk.run("reg", "add", HKLM, *words)
    assert done.returncode == 0, done.stdout


def settings_row(desk: WindowsDesk) -> dict[str, Any]:
    """What `workstationctl check` says of the settings."""
    return desk.rows("check")[0]


def test_what_policy_gives_is_managed_and_the_rest_is_the_files(governed: WindowsDesk) -> None:
    row = settings_row(governed)
    assert row["ok"]
    assert set(row["managed"]) == {name for name, _, _ in VALUES}
    assert row["given"]["hub.theme"] == {"layer": "policy", "where": f"{HKLM}\\hub.theme"}
    assert row["given"]["database.url"]["layer"] == "file"


def test_a_policy_that_does_not_fit_is_told_by_its_registry_value(governed: WindowsDesk) -> None:
    set_policy(governed, "sip.port", "REG_SZ", "many")
    row = settings_row(governed)
    assert not row["ok"]
    assert f"{HKLM}\\sip.port" in row["todo"]


def test_policies_are_its_it_s_and_stay_when_the_desk_goes(
    governed: WindowsDesk, built: Path
) -> None:
    governed.msiexec("/x", windows_path(built))
    assert "hub.lease_s" in governed.registry(HKLM)

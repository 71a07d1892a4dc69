"""What of a policy key's values counts; the registry itself is asked in tests/windows."""

import sys

import pytest

from workstation.adapters.windows.policy import as_policy, machine_policy
from workstation.adapters.windows.registry import policy_values, usable
from workstation.settings import Policy


def test_texts_numbers_and_lists_count_and_nothing_else() -> None:
    rows: list[tuple[str, object]] = [
        ("broker.url", "mqtts://broker"),
        ("sip.port", 5060),
        ("hub.kommuner", ["0510", "0860"]),
        ("log.file", b"\0"),
        ("log.level", None),
        ("", "the key's own value"),
        ("**delvals.", " "),
    ]
    assert usable(rows) == {
        "broker.url": "mqtts://broker",
        "sip.port": 5060,
        "hub.kommuner": ["0510", "0860"],
    }


def test_a_value_is_told_with_its_whole_key() -> None:
    found = as_policy({"log.level": "info"})
    assert found == Policy(
        where="HKLM\\SOFTWARE\\Policies\\E-Team\\Workstation\\", values={"log.level": "info"}
    )
    assert as_policy({}) is None


@pytest.mark.skipif(sys.platform == "win32", reason="a machine that may have a policy")
def test_elsewhere_there_is_no_policy() -> None:
    assert policy_values() == {}
    assert machine_policy() is None

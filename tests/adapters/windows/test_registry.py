"""What of a policy key's values counts; the registry itself is asked in tests/windows."""

import sys

import pytest

from workstation.adapters.windows.policy import as_policy, machine_policy
from workstation.adapters.windows.registry import named, policy_values
from workstation.paths import default_config
from workstation.settings import Policy, SettingsError, load


def test_what_has_a_setting_s_name_counts_and_an_editor_s_marks_do_not() -> None:
    rows: list[tuple[str, object]] = [
        ("broker.url", "mqtts://broker"),
        ("sip.port", 5060),
        ("hub.kommuner", ["0510", "0860"]),
        ("log.level", b"\0"),
        ("", "the key's own value"),
        ("**delvals.", " "),
    ]
    assert named(rows) == {
        "broker.url": "mqtts://broker",
        "sip.port": 5060,
        "hub.kommuner": ["0510", "0860"],
        "log.level": b"\0",
    }


@pytest.mark.parametrize("value", [b"\0", None])
def test_a_value_of_no_type_that_settings_have_keeps_the_desk_from_opening(value: object) -> None:
    with pytest.raises(SettingsError) as caught:
        load(None, {}, defaults=default_config(), policy=as_policy({"log.level": value}))
    assert caught.value.reason == "wrong_value"
    assert "Workstation\\log.level" in str(caught.value.where)


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

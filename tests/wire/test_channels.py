import pytest

from workstation.domain.telemetry import BATTERY, LINK
from workstation.wire.channels import channel, part_of


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("battery", BATTERY),
        ("Battery_Percent", BATTERY),
        ("LQI", LINK),
        ("linkquality", LINK),
        ("co2", "co2"),
    ],
)
def test_one_name_for_a_channel(key, expected):
    assert channel(key) == expected


def test_a_name_can_be_stored():
    assert channel("a\0" + "b" * 1000) == "a\ufffd" + "b" * 118


def test_the_tables_key_stands_before_the_colon():
    assert part_of("temperature", "100").partition(":")[0] == "temperature"

import pytest

from ui.plots.values import breach, number, value_text
from workstation.domain.telemetry import channel


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("pulse", 104.4, "104/min"),
        ("spo2", 97.0, "97 %"),
        ("temperature", -2.04, "−2.0 °C"),
        ("activity", 12.0, "12"),
        ("in_bed", 1.0, "yes"),
        ("in_bed", 0.0, "no"),
        ("in_bed", 0.4, "0"),
        ("of_their_own", 1.234, "1.23"),
    ],
)
def test_a_value_has_its_unit_and_decimals(key, value, said):
    assert value_text(channel(key), value) == said


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("pulse", 121.0, "▲ above 120"),
        ("pulse", 44.0, "▼ below 45"),
        ("pulse", 120.0, ""),
        ("spo2", 89.0, "▼ below 90"),
        ("activity", 1e9, ""),
    ],
)
def test_which_limit_a_value_is_beyond_is_a_shape_and_a_word(key, value, said):
    assert breach(channel(key), value) == said


def test_a_minus_is_a_minus():
    assert number(-3.25, 1) == "−3.2"

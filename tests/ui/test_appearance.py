"""Which theme is shown, and how large."""

from datetime import datetime

import pytest
from PySide6.QtCore import Qt

from ui.appearance import Appearance, other, system_scale, theme_name

NOON = datetime.fromisoformat("2026-03-14T12:00:00+01:00")


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-14T{clock}+01:00")


@pytest.mark.parametrize(
    ("clock", "name"),
    [
        ("06:59:59", "dark"),
        ("07:00:00", "light"),
        ("20:59:59", "light"),
        ("21:00:00", "dark"),
        ("00:00:00", "dark"),
    ],
)
def test_the_clock_makes_it_dark_from_nine_to_seven(clock, name):
    scheme = Qt.ColorScheme.Light
    assert theme_name(Appearance.CLOCK, scheme=scheme, local=at(clock)) == name


@pytest.mark.parametrize(
    ("scheme", "name"),
    [
        (Qt.ColorScheme.Dark, "dark"),
        (Qt.ColorScheme.Light, "light"),
        (Qt.ColorScheme.Unknown, "light"),
    ],
)
def test_auto_follows_the_system(scheme, name):
    assert theme_name(Appearance.AUTO, scheme=scheme, local=NOON) == name


@pytest.mark.parametrize("wanted", [Appearance.LIGHT, Appearance.DARK])
def test_a_choice_by_hand_is_kept(wanted):
    assert theme_name(wanted, scheme=Qt.ColorScheme.Dark, local=at("23:00:00")) == wanted.value


def test_the_key_switches_to_the_other():
    assert (other("light"), other("dark")) == ("dark", "light")


@pytest.mark.parametrize(
    ("points", "platform", "scale"),
    [(9, "win32", 1.0), (13.5, "win32", 1.5), (30, "win32", 2.0), (9, "linux", 1.0),
     (22, "linux", 2.0), (13, "darwin", 1.0)],
)  # fmt: skip
def test_the_scale_follows_the_systems_font(points, platform, scale):
    assert system_scale(points, platform) == pytest.approx(scale)

"""The installed programs against a broker, a database and a telephone on Linux."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QColor, QImage

from tests.waiting import until
from tests.windows.conftest import Screen
from tests.windows.desk import Hub, WindowsDesk

pytestmark = pytest.mark.peer
WITHIN_S = 120


def test_check_finds_settings_database_broker_and_telephone(installed: WindowsDesk) -> None:
    rows = {row["what"]: row for row in installed.rows("check")}
    for part in ("settings", "database", "broker", "sip"):
        assert rows[part]["ok"], rows[part]
    assert "settings.toml" in rows["settings"]["detail"]
    # Wine has no sound device here; a desk has one, and hears so when it has not.
    assert "sound" in rows


def test_a_call_to_a_telephone_connects(installed: WindowsDesk, hub: Hub) -> None:
    said = installed.ctl("call", hub.phone.uri, "--json", "--seconds", "3")
    assert '"answered"' in said.stdout, said.stdout
    assert said.returncode == 0, said.stdout


def test_an_alarm_from_mosquitto_pub_shows_in_the_window(
    another: WindowsDesk, hub: Hub, screen: Screen, tmp_path: Path
) -> None:
    window = screen.opens(another)
    before = QImage(str(window.picture(tmp_path / "before.png")))

    def listed() -> list[dict[str, Any]]:
        # A device says it again until somebody has heard it; it stays one alarm.
        hub.publish("pendant-1", id="windows-1", code="pendant")
        return [one for one in another.rows("alarms") if one["device"] == "pendant-1"]

    row = until(listed, timeout=WITHIN_S, why=lambda: window.output)
    assert row[0]["kind"] == "emergency"
    kept = tmp_path / "alarm.png"
    until(lambda: shows_red(QImage(str(window.picture(kept)))), timeout=WITHIN_S)
    assert not shows_red(before)
    assert another.ctl("close", "--timeout", "30").returncode == 0
    assert window.wait(60) == 0


def shows_red(picture: QImage) -> bool:
    """Whether the colour of an open emergency covers something that can be seen."""
    assert not picture.isNull()
    small = picture.scaled(picture.width() // 4, picture.height() // 4)
    colours = (
        QColor(small.pixel(x, y)) for x in range(small.width()) for y in range(small.height())
    )
    red = sum(one.red() > 150 and one.green() < 80 and one.blue() < 90 for one in colours)
    return red > small.width()

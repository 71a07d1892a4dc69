"""workstation.exe where something goes wrong: started twice, ended by force, signed out, misconfigured."""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tests.waiting import until
from tests.windows.conftest import Screen
from tests.windows.desk import Hub, WindowsDesk, on_screen
from tests.windows.test_desk_at_work import shows_red

pytestmark = pytest.mark.peer
WITHIN_S = 120
BOX = "^E-team$"
PERSON, CPR = "Inger Hansen", "010190-1234"


def opened_with(desk: WindowsDesk) -> list[int]:
    """With how many alarms the desk was opened, each time."""
    return [int(count) for count in re.findall(r"alarms that are open: (\d+)", desk.log())]


def test_a_desk_that_is_killed_comes_back_with_its_alarms_and_signing_out_ends_it_in_order(
    another: WindowsDesk, hub: Hub, screen: Screen, tmp_path: Path
) -> None:
    window = screen.opens(another)
    until(lambda: opened_with(another), timeout=WITHIN_S, why=lambda: window.output)

    def listed() -> bool:
        hub.publish("pendant-7", id="windows-7", code="pendant", text=f"{PERSON} {CPR}")
        return any(one["device"] == "pendant-7" for one in another.rows("alarms"))

    until(listed, timeout=WITHIN_S, why=lambda: window.output)

    # A second start brings the first to the front, and no box is in its way.
    second = another.run(
        another.program / "workstation.exe", env=on_screen(another, screen.display)
    )
    assert second.returncode == 0, second.stdout
    assert window.running
    assert window.title(BOX) == ""

    keeper, desk = another.processes("workstation.exe")
    another.run("taskkill", "/F", "/PID", desk)
    until(lambda: len(opened_with(another)) == 2, timeout=WITHIN_S, why=lambda: window.output)
    assert opened_with(another)[-1] > 0
    assert another.processes("workstation.exe")[0] == keeper
    [report] = (another.data / "crashes").glob("crash-*.txt")
    text = report.read_text(encoding="utf-8")
    assert "ended: exit code" in text
    assert "the desk is open" in text
    assert [one for one in (PERSON, CPR, "Inger", "010190") if one in text] == []
    kept = tmp_path / "again.png"
    until(lambda: shows_red(QImage(str(window.picture(kept)))), timeout=WITHIN_S)

    goodbyes = hub.broker.output.count("Received DISCONNECT from eteam-desk")
    another.run("wineboot", "--end-session", "--shutdown")
    assert window.wait(60) == 0, window.output
    assert hub.broker.output.count("Received DISCONNECT from eteam-desk") > goodbyes
    assert len(opened_with(another)) == 2


def test_settings_that_cannot_be_read_are_told_in_a_box(
    another: WindowsDesk, screen: Screen, tmp_path: Path
) -> None:
    (another.data / "settings.toml").write_text("[hub\nname = 1\n", encoding="utf-8")
    window = screen.shows(another, BOX)
    window.picture(tmp_path / "box.png")
    window.press("Return", BOX)
    assert window.wait(60) == 1

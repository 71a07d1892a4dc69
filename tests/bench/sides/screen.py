"""What the sides with a window share: the program's looks, and alarms as an evening has them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from PySide6.QtWidgets import QApplication

from tests.builders import an_alarm
from ui import theme
from ui.fonts import load_fonts
from workstation import paths, texts
from workstation.domain.alarm import Alarm
from workstation.domain.citizen import Device, DeviceClass
from workstation.domain.kind import Kind
from workstation.domain.names import CitizenId, DeviceName, Kommune

NOW = datetime(2026, 3, 14, 18, 0, tzinfo=UTC)
LIGHT = theme.light()
_KINDS = (Kind.EMERGENCY, Kind.SUPERVISION, Kind.EMERGENCY, Kind.MEDICATION)
_CODES = ("pendant", "door", "fall", "not_taken")
_NAMES = ("Karen Margrethe Holm", "Svend Aage Bruun", "Holger Friis", "Inger Toft", "Bent Ravn")


def dressed() -> QApplication:
    """Return the application as the product dresses it, in Danish, by day."""
    app = QApplication(["bench"])
    texts.speak("da")
    load_fonts(paths.resources())
    theme.apply(app, LIGHT, paths.resources())
    return app


def looks() -> theme.Theme:
    """Return the theme that is on."""
    return LIGHT


def alarms(count: int) -> Iterator[Alarm]:
    """Yield alarms of people, half of them emergencies, each from a device of its own."""
    for number in range(count):
        at = NOW + timedelta(milliseconds=number)
        yield an_alarm(
            f"a{number:07d}",
            kind=_KINDS[number % 4],
            code=_CODES[number % 4],
            device=DeviceName(f"device-{number}"),
            citizen=CitizenId(f"c{number % 5}"),
            location="Stue, ved døren",
            raised_at=at,
            received_at=at,
        )


class Names:
    """Citizens' names without a register."""

    def name_of(self, citizen: CitizenId | None) -> str:
        return _NAMES[int(citizen[1:])] if citizen else ""

    def device(self, kommune: Kommune, name: DeviceName) -> Device | None:
        return Device(
            name=name, kommune=kommune, device_class=DeviceClass.PENDANT, title="Halskæde"
        )

    def watch(self, changed: object) -> None:
        """They never change."""

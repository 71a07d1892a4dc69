"""The screen stays on: a desktop's own bus, with one who listens on it as a desktop does."""

import os
import shutil
import subprocess
import sys

import pytest

from workstation.paths import root

DESKTOP = """
import sys
from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, QTimer, Slot
from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher
from ui.screen_saver import ScreenSaver

NAME = "org.freedesktop.ScreenSaver"
app = QCoreApplication([])


@ClassInfo({"D-Bus Interface": NAME})
class Desktop(QObject):
    @Slot(str, str, result="uint")
    def Inhibit(self, who, why):
        print("held by", who, bool(why), flush=True)
        QTimer.singleShot(0, saver.release)
        return 7


def gone(name, old, new):
    # A bus tells of each connection that ends; ours has no name but its number.
    if name == old and not new:
        print("released", flush=True)
        app.quit()


bus = QDBusConnection.sessionBus()
desktop = Desktop()
assert bus.registerService(NAME)
assert bus.registerObject("/org/freedesktop/ScreenSaver", desktop,
                          QDBusConnection.RegisterOption.ExportAllSlots)
watcher = QDBusServiceWatcher("*", bus)
watcher.setWatchMode(QDBusServiceWatcher.WatchModeFlag.WatchForUnregistration)
watcher.serviceOwnerChanged.connect(gone)
saver = ScreenSaver("E-team")
QTimer.singleShot(0, saver.hold)
QTimer.singleShot(20000, app.quit)
app.exec()
"""
NOBODY = """
from PySide6.QtCore import QCoreApplication
from ui.screen_saver import ScreenSaver

app = QCoreApplication([])
saver = ScreenSaver("E-team")
saver.hold()
saver.release()
saver.release()
print("went on")
"""

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("dbus-run-session") is None, reason="needs D-Bus"
)


def run(program: str, *before: str, bus: str = "") -> list[str]:
    environ = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": bus}
    done = subprocess.run(
        [*before, sys.executable, "-c", program],
        cwd=root(), env=environ, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_desktop_is_asked_and_let_go() -> None:
    assert run(DESKTOP, "dbus-run-session", "--") == ["held by E-team True", "released"]


def test_a_machine_without_a_desktop_goes_on() -> None:
    assert run(NOBODY, bus="unix:path=/nowhere") == ["went on"]
    assert run(NOBODY, "dbus-run-session", "--") == ["went on"]

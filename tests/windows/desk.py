"""What IT and an operator do on a Windows machine of the lab."""

import json
import re
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installer import product
from installer.lab.machine import Machine, windows_path
from tests.e2e.devices import alarm, topic
from tests.peers.baresip import Baresip
from tests.peers.mosquitto import Mosquitto
from tests.peers.process import program

KOMMUNE = "0510"
NAME = "Hub Nord"
"""What the window is called, so that it is found on the screen."""
_CONFIG = """
[hub]
name = "{name}"
operator = "Anna"
theme = "light"
[sign_in]
kind = "off"
[sip]
kind = "direct"
address = "127.0.0.1:{phone}"
sound = "null"
"""
_ENDS_WITHIN_S = 600
_GONE_WITHIN_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """What a desk is connected to; all of it on Linux."""

    folder: Path
    broker: Mosquitto
    phone: Baresip
    database: str

    def properties(self) -> list[str]:
        """Return what IT gives to msiexec."""
        config = self.folder / "hub.toml"
        config.write_text(_CONFIG.format(name=NAME, phone=self.phone.port), encoding="utf-8")
        return [
            f"CONFIG={windows_path(config)}",
            f"DATABASE_URL={self.database}",
            f"BROKER_URL={self.broker.url}",
            f"KOMMUNER={KOMMUNE}",
            "AUTOSTART=1",
            "DESKTOPSHORTCUT=1",
        ]

    def publish(self, device: str, **fields: object) -> None:
        """Have mosquitto_pub send an alarm of a device."""
        self.broker.publish(topic(device, kommune=KOMMUNE), alarm(**fields))


class WindowsDesk:
    """One machine, and the program on it."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.program = machine.drive / "Program Files" / product.NAME
        self.data = machine.drive / "ProgramData" / product.NAME

    def install(self, msi: Path, *properties: str, code: int = 0) -> str:
        """Have msiexec install silently; returns its log."""
        return self.msiexec("/i", windows_path(msi), *properties, code=code)

    def msiexec(self, *words: str, code: int = 0) -> str:
        """Run msiexec silently and return its log; fails when it ends with another code."""
        log = self.machine.drive / "msi.log"
        log.unlink(missing_ok=True)
        done = self.run("msiexec", *words, "/qn", "/l*v", "C:\\msi.log")
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        # A process under Linux ends with the last byte of Windows' code.
        assert done.returncode == code & 0xFF, text[-8000:]
        return text

    def run(
        self, *command: object, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a Windows program to its end; what it printed is UTF-8."""
        process = self.machine.start(*command, env=env)
        out, _ = process.communicate(timeout=_ENDS_WITHIN_S)
        text = out.decode("utf-8", errors="replace")
        return subprocess.CompletedProcess(process.args, process.returncode, text, "")

    def ctl(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the installed workstationctl.exe."""
        return self.run(self.program / "workstationctl.exe", *words)

    def rows(self, *words: str) -> list[dict[str, Any]]:
        """Return the JSON objects that a word of workstationctl prints, one a line."""
        said = self.ctl(*words, "--json").stdout
        # Wine and its sound library write into the same lines.
        found = (line[line.find("{") :] for line in said.splitlines() if "{" in line)
        return [json.loads(line) for line in found if line.endswith("}")]

    def registry(self, key: str) -> str:
        """Return what `reg query` says of a key, "" when it is not there."""
        said = self.run("reg", "query", key, "/s")
        return said.stdout if said.returncode == 0 else ""

    def shortcuts(self) -> list[str]:
        """Return the names of the links on this machine's desktops and in its menus."""
        return sorted({link.stem for link in self.machine.drive.rglob("*.lnk")})

    def processes(self, name: str) -> list[int]:
        """Return Windows' numbers of the processes so named, a child behind its parent."""
        said = self.run("winedbg", "--command", "info proc").stdout
        found = re.findall(r"^[ =>]*([0-9a-f]{8}) [^'\n]*'([^'\n]+)'", said, re.MULTILINE)
        return [int(number, 16) for number, program in found if program == name]

    def log(self) -> str:
        """Return what the desk has logged in the folder that all users of the machine share."""
        file = self.data / "logs/desk.log"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

    def files(self) -> list[str]:
        """Return what lies in the installation folder."""
        return sorted(
            file.relative_to(self.program).as_posix()
            for file in self.program.rglob("*")
            if file.is_file()
        )


def on_screen(desk: WindowsDesk, display: str) -> dict[str, str]:
    """Return what a program needs in its environment to show a window."""
    return {
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "windows",
        # A program that dies ends; Wine's debugger would wait for somebody.
        "WINEDLLOVERRIDES": f"{desk.machine.environment['WINEDLLOVERRIDES']};winedbg.exe=d",
    }


class OpenWindow:
    """The installed workstation.exe on a virtual screen."""

    def __init__(self, desk: WindowsDesk, display: str) -> None:
        self._desk = desk
        self._display = display
        self._process = desk.machine.start(
            desk.program / "workstation.exe",
            env=on_screen(desk, display),
        )
        self._said = bytearray()
        self._reader = threading.Thread(target=self._read, name="window-output", daemon=True)
        self._reader.start()

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def output(self) -> str:
        return self._said.decode("utf-8", errors="replace")

    def title(self, name: str = NAME) -> str:
        """Return the title of the first window on the screen with that name in it, "" for none."""
        return self._xdotool("search", "--onlyvisible", "--name", name, "getwindowname").partition(
            "\n"
        )[0]

    def names(self) -> list[str]:
        """Return the names of all windows on the screen, also of those that are not shown."""
        return self._xdotool("search", "--name", ".", "getwindowname", "%@").splitlines()

    def press(self, key: str, name: str) -> None:
        """Press a key in the window of that name."""
        self._xdotool("search", "--onlyvisible", "--name", name, "windowfocus", "key", key)

    def picture(self, file: Path) -> Path:
        """Keep a picture of the screen."""
        subprocess.run(
            [program("import"), "-display", self._display, "-window", "root", str(file)],
            check=True, timeout=60,
        )  # fmt: skip
        return file

    def _xdotool(self, *words: str) -> str:
        done = subprocess.run(
            [program("xdotool"), *words],
            capture_output=True, text=True, check=False, env={"DISPLAY": self._display}, timeout=60,
        )  # fmt: skip
        return done.stdout.strip()

    def wait(self, timeout: float) -> int:
        """Return its exit code; fails when it does not end."""
        return self._process.wait(timeout)

    def kill(self) -> None:
        """End all that runs on its machine: whoever holds the output holds the reader, too."""
        self._desk.machine.stop()
        self._process.wait(_GONE_WITHIN_S)
        self._reader.join(_GONE_WITHIN_S)
        assert not self._reader.is_alive(), "somebody still holds the window's output"
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said += line

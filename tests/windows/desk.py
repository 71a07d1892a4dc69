"""What IT and an operator do on a Windows machine of the lab."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installer import product
from installer.lab.machine import Machine, windows_path
from tests.peers.baresip import Baresip
from tests.peers.mosquitto import Mosquitto

KOMMUNE = "0510"
_CONFIG = """
[hub]
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
        config.write_text(_CONFIG.format(phone=self.phone.port), encoding="utf-8")
        return [
            f"CONFIG={windows_path(config)}",
            f"DATABASE_URL={self.database}",
            f"BROKER_URL={self.broker.url}",
            f"KOMMUNER={KOMMUNE}",
            "AUTOSTART=1",
            "DESKTOPSHORTCUT=1",
        ]


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

    def files(self) -> list[str]:
        """Return what lies in the installation folder."""
        return sorted(
            file.relative_to(self.program).as_posix()
            for file in self.program.rglob("*")
            if file.is_file()
        )

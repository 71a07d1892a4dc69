"""A hub with a receiver of alarm units, as a process of its own: `main.py ingest` on SQLite."""

from __future__ import annotations

import array
import fcntl
import io
import json
import os
import signal
import socket
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.peers.process import free_port
from tests.waiting import until

ROOT = Path(__file__).parents[2]
REGISTER = """record,citizen,kommune,name,device,class,location
citizen,c1,0510,Karen Test,,,
device,c1,0510,,4711,gateway,Stue
"""


class ScaipHub:
    """One such hub; `alarms` are those it has stored."""

    def __init__(
        self, folder: Path, broker: str, *, account: str = "", database: str = "", more: str = ""
    ) -> None:
        """`account` is the receiver's own in `[scaip]`; without it units send straight to `to`.

        `more` are other settings of `[scaip]`.

        `database` is a server that several of these share, each in a folder of its own.
        """
        port = free_port(socket.SOCK_DGRAM)
        self.to = f"sip:scaip@127.0.0.1:{port}"
        account = account or f'kind = "direct"\naddress = "127.0.0.1"\nport = {port}\n'
        self._config, self._log = folder / "hub.toml", folder / "ingest.log"
        database = database or f"sqlite:///{folder / 'hub.sqlite'}"
        self._config.write_text(
            f'[hub]\nkommuner = ["0510"]\n[database]\nurl = "{database}"\n'
            f'[broker]\nurl = "{broker}"\n[sip]\nkind = "off"\n'
            f"[scaip]\n{account}{more}",
            encoding="utf-8",
        )
        register = folder / "register.csv"
        register.write_text(REGISTER, encoding="utf-8")
        self._do("migrate")
        self._do("register", "--import", str(register))
        command = [sys.executable, "main.py", "ingest", "--config", str(self._config)]
        command += ["--instance", folder.name]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                env=os.environ,
            )
        until(lambda: "units: registered" in self.log, timeout=60, why=lambda: self.log)

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def alarms(self) -> list[dict[str, Any]]:
        """Return every alarm that is stored."""
        said = self._do("alarms", "--all", "--json")
        return [json.loads(line) for line in io.StringIO(said)]

    def calls(self) -> list[dict[str, Any]]:
        """Return every call that has ended."""
        found = [json.loads(line) for line in io.StringIO(self._do("calls", "--json"))]
        return [one for one in found if one["ended_at"]]

    def close(self) -> None:
        """End it in order."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(20)

    def stand_still(self) -> None:
        """Stop it between two instructions; its telephone goes on."""
        self._process.send_signal(signal.SIGSTOP)

    def has_something_to_read(self) -> bool:
        """Whether its telephone has told it what it has not read yet."""
        unread = array.array("i", [0])
        for fd in Path(f"/proc/{self._process.pid}/fd").iterdir():
            if not str(fd.readlink()).startswith("pipe:"):
                continue
            with suppress(OSError), fd.open("rb", buffering=0) as pipe:
                fcntl.ioctl(pipe, termios.FIONREAD, unread)
                if unread[0]:
                    return True
        return False

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait(20)

    def _do(self, *words: str) -> str:
        command = [sys.executable, "main.py", words[0], "--config", str(self._config), *words[1:]]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        return done.stdout

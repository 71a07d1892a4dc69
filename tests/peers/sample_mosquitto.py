"""The Mosquitto of docs/examples, run as it stands there, but for its places and ports."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from tests.peers.certificates import Authority
from tests.peers.mosquitto import Listener
from tests.peers.process import PeerProcess, accepts, free_port, program

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "mosquitto"
DESKS = ("workstation", "workstation-0510", "ingest")
DEVICES = ("0510/pendant-7", "0510/pendant-8", "0860/pendant-7", "0510/broker",
           "zigbee2mqtt", "zigbee2mqtt-0510", "homeassistant", "shelly-1")  # fmt: skip

Door = Literal["desks", "devices"]


class SampleMosquitto:
    """Its two doors, `desks` and `devices`, each with users and passwords (`passwords`) of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.authority = Authority(folder)
        self.authority.server()
        self.ports: dict[Door, int] = {"desks": free_port(), "devices": free_port()}
        self.passwords: dict[str, str] = {}
        for door, names in (("desks", DESKS), ("devices", DEVICES)):
            self._make_passwords(folder / f"passwords-{door}", names)
        for name in ("mosquitto.conf", "acl-desks", "acl-devices"):
            self._copy(name)
        self._process: PeerProcess | None = None
        self._listeners: list[Listener] = []

    @property
    def ca(self) -> Path:
        return self.authority.file

    @property
    def log(self) -> str:
        """What its unit leaves of its log."""
        assert self._process is not None, "not started"
        return self._process.output

    def url(self, door: Door = "desks") -> str:
        return f"mqtts://localhost:{self.ports[door]}"

    def start(self) -> None:
        """Start it by the very line of its unit."""
        unit = (EXAMPLES / "mosquitto.service.d" / "eteam.conf").read_text(encoding="utf-8")
        (line,) = re.findall(r"^ExecStart=(.+)$", unit, re.MULTILINE)
        line = line.replace("/etc/mosquitto", str(self.folder))
        command = shlex.split(line.replace(" mosquitto ", f" {program('mosquitto')} "))
        process = PeerProcess(command)
        self._process = process.ready(lambda: all(map(accepts, self.ports.values())))

    def hush(self) -> None:
        """End everybody who listens."""
        while self._listeners:
            self._listeners.pop().stop()

    def close(self) -> None:
        self.hush()
        if self._process is not None:
            self._process.terminate()

    def publish(
        self, user: str, topic: str, payload: str, *, door: Door = "devices", retain: bool = False
    ) -> str:
        """Publish as that user; returns what mosquitto_pub complained of, "" for nothing."""
        words = ["-t", topic, "-q", "1", "-m", payload, *(["-r"] if retain else [])]
        return self.client("mosquitto_pub", *self.login(user, door), *words)

    def client(self, name: str, *words: str) -> str:
        """Run one of mosquitto's own clients to its end; returns what it wrote on stderr."""
        command = [program(name), *words]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=20, check=False
        ).stderr

    def listen(self, user: str, *topics: str, door: Door = "devices") -> Listener:
        """A `mosquitto_sub` of that user."""
        self._listeners.append(Listener(self.login(user, door), topics))
        return self._listeners[-1]

    def login(self, user: str, door: Door = "devices", password: str | None = None) -> list[str]:
        """The options of mosquitto's clients that sign a user in."""
        secret = self.passwords.get(user, "") if password is None else password
        return [*self.reach(door), "-u", user, "-P", secret]

    def reach(self, door: Door) -> list[str]:
        where = ["-h", "localhost", "-p", str(self.ports[door]), "--cafile", str(self.ca)]
        return [*where, "-V", "mqttv5"]

    def _make_passwords(self, file: Path, names: Sequence[str]) -> None:
        made = subprocess.run(
            [EXAMPLES / "make-passwords", file],
            input="".join(f"{name}\n" for name in names),
            capture_output=True,
            text=True,
            check=True,
        )
        self.passwords |= dict(line.rsplit(" ", 1) for line in made.stdout.splitlines())

    def _copy(self, name: str) -> None:
        text = (EXAMPLES / name).read_text(encoding="utf-8")
        text = text.replace("/etc/mosquitto/eteam", str(self.folder))
        text = text.replace("/var/lib/mosquitto", str(self.folder))
        text = text.replace("listener 8883", f"listener {self.ports['desks']} 127.0.0.1")
        text = text.replace("listener 8884", f"listener {self.ports['devices']} 127.0.0.1")
        if name == "mosquitto.conf":
            # Started by root, mosquitto changes to its own user, who cannot read a test's folder.
            text += "user root\n"
        (self.folder / name).write_text(text, encoding="utf-8")

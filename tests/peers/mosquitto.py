"""A real mosquitto on a free loopback port."""

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.peers.process import PeerProcess, accepts, free_port, program
from tests.waiting import until

MARK = "|"
"""Tells messages from what mosquitto_sub says of its connection."""


class Mosquitto:
    """A broker that can be stopped, killed and started again with what it had stored.

    `settings` are further lines of its configuration; `passwords` (user → password) refuse
    everybody else. It keeps its sessions and messages in `folder`.
    """

    def __init__(
        self, folder: Path, *, settings: str = "", passwords: Mapping[str, str] | None = None
    ) -> None:
        self.port = free_port()
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._config = folder / "mosquitto.conf"
        self._config.write_text(self._lines(settings, passwords or {}), encoding="utf-8")
        self._process: PeerProcess | None = None
        self._listeners: list[Listener] = []

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        """What the running broker has logged."""
        return "" if self._process is None else self._process.output

    @property
    def pid(self) -> int:
        assert self._process is not None, "not started"
        return self._process.pid

    def start(self) -> None:
        process = PeerProcess([program("mosquitto"), "-v", "-c", self._config])
        self._process = process.ready(lambda: accepts(self.port))

    def stop(self) -> None:
        """End it in order: it saves what it holds."""
        if self._process is not None:
            self._process.terminate()
            self._process = None

    def kill(self) -> None:
        """End it as a power cut would: what was not saved is lost."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def publish(
        self,
        topic: str,
        payload: bytes | str,
        *,
        retain: bool = False,
        qos: int = 1,
        login: tuple[str, str] | None = None,
    ) -> None:
        """Publish one message as another program does; returns when the broker has it."""
        message = payload.encode() if isinstance(payload, str) else payload
        command = [program("mosquitto_pub"), *self._client(login)]
        command += ["-t", topic, "-q", str(qos), *(["-r"] if retain else [])]
        command += ["-s"] if message else ["-n"]
        subprocess.run(command, input=message or None, check=True, timeout=20)

    def listen(self, *topics: str, login: tuple[str, str] | None = None) -> "Listener":
        """Return a `mosquitto_sub` that is subscribed to the topics; it ends with `close`."""
        self._listeners.append(Listener(self._client(login), topics))
        return self._listeners[-1]

    def close(self) -> None:
        """End it and everything that listens to it."""
        for listener in self._listeners:
            listener.stop()
        self.stop()

    def _client(self, login: tuple[str, str] | None) -> list[str]:
        user = [] if login is None else ["-u", login[0], "-P", login[1]]
        return ["-h", "127.0.0.1", "-p", str(self.port), "-V", "mqttv5", *user]

    def _lines(self, settings: str, passwords: Mapping[str, str]) -> str:
        lines = [
            f"listener {self.port} 127.0.0.1",
            "log_dest stdout",
            "persistence true",
            f"persistence_location {self.folder}/",
            f"allow_anonymous {'false' if passwords else 'true'}",
            "max_queued_messages 0",
        ]
        if passwords:
            lines.append(f"password_file {self._password_file(passwords)}")
        # Started by root, mosquitto changes to its own user, who cannot read a test's folder.
        lines.append("user root")
        return "\n".join([*lines, settings, ""])

    def _password_file(self, passwords: Mapping[str, str]) -> Path:
        path = self.folder / "passwords"
        path.touch(mode=0o600)
        for user, password in passwords.items():
            subprocess.run(
                [program("mosquitto_passwd"), "-b", path, user, password],
                check=True,
                capture_output=True,
            )
        return path


class Listener:
    """What other programs would see: the messages published on some topics."""

    def __init__(self, client: Iterable[str], topics: Iterable[str]) -> None:
        wanted = [part for topic in topics for part in ("-t", topic)]
        process = PeerProcess(
            [program("mosquitto_sub"), *client, "-d", "-q", "1", "-F", MARK + "%t %p", *wanted]
        )
        self._process = process.ready(lambda: "received SUBACK" in process.output)

    @property
    def messages(self) -> list[tuple[str, str]]:
        """Topic and payload of what has come so far (payloads without line breaks)."""
        lines = (
            line.removeprefix(MARK)
            for line in self._process.output.splitlines()
            if line.startswith(MARK)
        )
        return [(topic, payload) for topic, _, payload in (line.partition(" ") for line in lines)]

    def wait_for(self, count: int, *, timeout: float = 10) -> list[tuple[str, str]]:
        """Return the messages as soon as there are at least `count`."""
        until(lambda: len(self.messages) >= count, timeout=timeout, why=lambda: self.messages)
        return self.messages

    def stop(self) -> None:
        self._process.terminate()

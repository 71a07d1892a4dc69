"""The demo's own broker on a free loopback port: mosquitto where it is installed, else amqtt."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from workstation.application.errors import BrokerFailed
from workstation.paths import NO_CONSOLE

_log = logging.getLogger(__name__)
_STARTS_WITHIN_S = 15.0
_MOSQUITTO = """listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
autosave_interval 5
max_queued_messages 0
max_inflight_messages 1000
log_dest stderr
log_type error
log_type warning
"""


class EmbeddedBroker:
    """A broker process that lives as long as the desk; its sessions are kept in `folder`."""

    def __init__(
        self, folder: Path, *, own_command: Sequence[str], mosquitto: str | None = ""
    ) -> None:
        """`own_command` starts this program; with `embedded-broker --port N` it is an amqtt broker.

        `mosquitto` is that program's path, None for none; "" looks for it.
        """
        self._mosquitto = _find_mosquitto() if mosquitto == "" else mosquitto
        self._folder = folder
        self._own_command = list(own_command)
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.name = ""
        self.protocol: Literal["5", "3.1.1"] = "5"

    def start(self) -> None:
        """Start it and wait until it accepts connections; raises BrokerFailed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self.port = _free_port()
        if self._mosquitto:
            self.name = "mosquitto"
            config = self._folder / "mosquitto.conf"
            text = _MOSQUITTO.format(port=self.port, folder=self._folder.resolve())
            if _is_root():
                # Else it would drop to a user of its own, who may not write into our folder.
                text += "user root\n"
            config.write_text(text, encoding="utf-8")
            command = [*_with_us(), self._mosquitto, "-c", str(config)]
        else:
            # amqtt speaks MQTT 3.1.1 only and loses what is unacknowledged: for looking, never for care.
            self.name, self.protocol = "amqtt", "3.1.1"
            command = [*self._own_command, "embedded-broker", "--port", str(self.port)]
        # The pipe is never written to: it closes when we end, however we end.
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            command, stdin=subprocess.PIPE, creationflags=NO_CONSOLE
        )
        self._wait_until_it_listens()

    def stop(self) -> None:
        """End it; mosquitto saves its sessions first."""
        if self._process is None:
            return
        with self._process as process:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        self._process = None

    def _wait_until_it_listens(self) -> None:
        pause = threading.Event()
        for _attempt in range(int(_STARTS_WITHIN_S / 0.05)):
            if self._process is not None and self._process.poll() is not None:
                raise BrokerFailed("embedded_ended", code=self._process.returncode)
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", self.port), 0.2),
            ):
                return
            pause.wait(0.05)
        self.stop()
        raise BrokerFailed("unreachable", host="127.0.0.1", port=self.port)


def run_amqtt(port: int) -> int:
    """Be an amqtt broker on loopback until stdin closes (the hidden subcommand `embedded-broker`)."""
    from amqtt.broker import Broker  # noqa: PLC0415 - only this process needs it

    config = {
        "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
        "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
    }

    async def serve() -> None:
        broker = Broker(config)
        await broker.start()
        try:
            await asyncio.to_thread(sys.stdin.buffer.read)
        finally:
            await broker.shutdown()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve())
    return 0


def _with_us() -> list[str]:
    """Return what makes a foreign program end when this one is killed, where the system can."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []


def _find_mosquitto() -> str | None:
    # Debian puts it where only root's PATH looks.
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0

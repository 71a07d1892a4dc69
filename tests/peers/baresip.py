"""A real baresip on free loopback ports: somebody else's idea of a telephone."""

import json
import socket
from pathlib import Path

from tests.peers.certificates import Pair
from tests.peers.process import PeerProcess, free_port, program
from tests.waiting import until

_MODULES = next(Path("/usr/lib").glob("**/baresip/modules"), Path("/usr/lib/baresip/modules"))
_CONFIG = """
sip_listen 127.0.0.1:{port}
call_local_timeout 120
call_max_calls 4
audio_player aubridge,speaker
audio_source ausine,{tone}
audio_alert aubridge,bell
ausrc_srate 48000
auplay_srate 48000
ausrc_channels 2
auplay_channels 1
audio_buffer 20-160
rtp_ports {rtp}-{rtp_end}
module_path {modules}
module g711.so
module g722.so
module ausine.so
module sndfile.so
module aubridge.so
module uuid.so
module_app account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
snd_path {folder}
"""
_ACCOUNT = (
    "<sip:{name};transport={way}>;regint={regint};answermode={mode};audio_codecs={codec}{more}\n"
)


def _port_and_next() -> int:
    """Return a port free for UDP and TCP, whose next one is free for TLS; 0 when it was not so."""
    port = free_port(socket.SOCK_DGRAM)
    try:
        for one in (port, port + 1):
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", one))
    except (OSError, OverflowError):
        return 0
    return port


class Baresip:
    """Answers at once (`answers=False`: rings on), speaks `tone` hertz and records what it hears."""

    def __init__(
        self,
        folder: Path,
        *,
        answers: bool = True,
        codec: str = "G722/16000/1",
        tone: int = 440,
        tls: Pair | None = None,
        registrar: str = "",
        login: tuple[str, str] = ("", ""),
    ) -> None:
        """With `tls` it speaks encrypted only, the voice as well, at `secure_address`.

        With `registrar` it registers there as `login`: `user@domain` and password.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = until(_port_and_next)
        self.control = free_port()
        """Where it takes commands and tells what happens, as netstrings of JSON."""
        self._process: PeerProcess | None = None
        rtp = 40_000 + self.port % 10_000 // 2 * 2
        config = _CONFIG.format(
            port=self.port,
            control=self.control,
            tone=tone,
            rtp=rtp,
            rtp_end=rtp + 100,
            modules=_MODULES,
            folder=folder,
        )
        if tls is not None:
            both = folder / "server.pem"
            both.write_bytes(tls.certificate.read_bytes() + tls.key.read_bytes())
            config += f"sip_certificate {both}\nmodule srtp.so\n"
        way = "udp" if tls is None else "tls"
        more = "" if tls is None else ";mediaenc=srtp-mand"
        if registrar:
            user, password = login
            more += f";auth_user={user.partition('@')[0]};auth_pass={password}"
            more += f';outbound="sip:{registrar};transport={way}"'
        account = _ACCOUNT.format(
            name=login[0] if registrar else f"bs@127.0.0.1:{self.port}",
            regint=60 if registrar else 0,
            mode="auto" if answers else "manual",
            codec=codec,
            way=way,
            more=more,
        )
        (folder / "config").write_text(config, encoding="utf-8")
        (folder / "accounts").write_text(account, encoding="utf-8")
        (folder / "contacts").write_text("", encoding="utf-8")

    @property
    def uri(self) -> str:
        return f"sip:bs@127.0.0.1:{self.port}"

    @property
    def secure_address(self) -> str:
        """Where it listens encrypted: the port behind the plain one."""
        return f"127.0.0.1:{self.port + 1}"

    @property
    def output(self) -> str:
        """What it has said so far."""
        return "" if self._process is None else self._process.output

    @property
    def pid(self) -> int:
        assert self._process is not None, "not started"
        return self._process.pid

    def start(self, dial: str | None = None) -> None:
        """Start it; with `dial`, it calls that address."""
        self._process = PeerProcess([program("baresip"), "-f", self.folder])
        self._process.ready(lambda: "baresip is ready" in self.output)
        if dial is not None:
            self.order("dial", dial)

    def order(self, command: str, params: str = "") -> None:
        """Give a command over its control connection, e.g. `hangup`."""
        text = json.dumps({"command": command, "params": params}).encode()
        with socket.create_connection(("127.0.0.1", self.control), timeout=5) as control:
            control.sendall(b"%d:%s," % (len(text), text))
            control.recv(4096)

    def wait_until_said(self, words: str, *, timeout: float = 10) -> None:
        until(lambda: words in self.output, timeout=timeout, why=lambda: self.output)

    def recordings(self) -> list[Path]:
        """Return the WAV files of what it heard, the oldest first."""
        return sorted(self.folder.glob("dump*dec.wav"), key=lambda path: path.stat().st_mtime)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process = None

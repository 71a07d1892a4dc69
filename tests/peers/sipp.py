"""A real SIPp on a free loopback port that plays a scripted far end."""

import re
import socket
from collections.abc import Sequence
from pathlib import Path

from tests.peers.process import PeerProcess, free_port, program

_DIALOG = """[last_Via:]
[last_From:]
[last_To:];tag=peer[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port];transport=[transport]>
"""
_SDP = """v=0
o=peer 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
"""


def receive(request: str, *, optional: bool = False, actions: str = "") -> str:
    """Wait for a request; SIPp's `actions` look at it."""
    more = ' optional="true"' if optional else ""
    return f'<recv request="{request}"{more}><action>{actions}</action></recv>'.replace(
        "<action></action>", ""
    )


def respond(status: str, *, sdp: bool = False, headers: str = "") -> str:
    """Answer the latest request, e.g. with `486 Busy Here`; `headers` are whole lines."""
    body = f"Content-Type: application/sdp\nContent-Length: [len]\n\n{_SDP}"
    body = body if sdp else "Content-Length: 0\n\n"
    return f"<send><![CDATA[\nSIP/2.0 {status}\n{_DIALOG}{headers}{body}]]></send>"


def refusing(status: str, *, headers: str = "") -> list[str]:
    """A far end that answers every INVITE with `status`."""
    return [receive("INVITE"), respond(status, headers=headers), receive("ACK")]


def ringing_for_ever() -> list[str]:
    """A far end that rings until it is cancelled."""
    return [
        receive("INVITE"),
        respond("180 Ringing"),
        receive("CANCEL"),
        respond("200 OK"),
        respond("487 Request Terminated").replace("[last_CSeq:]", "CSeq: 1 INVITE"),
        receive("ACK"),
    ]


def answering() -> list[str]:
    """A far end that answers and then sends no sound at all, as a half-duplex unit does."""
    return [
        receive("INVITE"),
        respond("180 Ringing"),
        respond("200 OK", sdp=True),
        receive("ACK"),
        receive("BYE"),
        respond("200 OK"),
    ]


_CHALLENGE = (
    'WWW-Authenticate: Digest realm="kommune.test", nonce="5d4877b383027d28", algorithm=MD5\n'
)


def registrar(user: str, password: str, *, expires_s: int = 300) -> list[str]:
    """A registrar that demands the password, accepts for a time, and takes calls of who is known.

    The wrong password gets 403; each dialog is a run of the scenario of its own.
    """
    check = f'<verifyauth assign_to="right" username="{user}" password="{password}"/>'
    accepted = _reply("200 OK", f"[last_Contact:]\nExpires: {expires_s}\n")
    return [
        receive("INVITE", optional=True).replace("<recv ", '<recv next="call" '),
        receive("REGISTER"),
        _reply("401 Unauthorized", _CHALLENGE),
        receive("REGISTER", actions=check),
        '<nop test="right" next="welcome"/>',
        _reply("403 Forbidden", "", jump="end"),
        '<label id="welcome"/>',
        accepted,
        receive("REGISTER"),
        _reply("200 OK", "Expires: 0\n", jump="end"),
        '<label id="call"/>',
        respond("401 Unauthorized", headers=_CHALLENGE),
        receive("ACK"),
        receive("INVITE", actions=check),
        '<nop test="right" next="through"/>',
        respond("403 Forbidden"),
        receive("ACK").replace("<recv ", '<recv next="end" '),
        '<label id="through"/>',
        *answering()[1:],
        '<label id="end"/>',
    ]


def _reply(status: str, headers: str, *, jump: str = "") -> str:
    """Answer a REGISTER."""
    head = _DIALOG.rpartition("Contact:")[0]
    to = f' next="{jump}"' if jump else ""
    return f"<send{to}><![CDATA[\nSIP/2.0 {status}\n{head}{headers}Content-Length: 0\n\n]]></send>"


class Sipp:
    """Follows `steps` for each of `calls` calls (0: any number), over UDP or TCP."""

    def __init__(
        self, folder: Path, steps: Sequence[str], *, calls: int = 1, tcp: bool = False
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = free_port(socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM)
        self._tcp = tcp
        self._calls = calls
        self._process: PeerProcess | None = None
        (folder / "scenario.xml").write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<scenario name="peer">{"".join(steps)}</scenario>\n',
            encoding="utf-8",
        )

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def uri(self) -> str:
        return f"sip:peer@{self.address}"

    @property
    def messages(self) -> str:
        """Everything sent and received so far."""
        file = self.folder / "messages"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

    def start(self) -> None:
        command = [program("sipp"), "-sf", self.folder / "scenario.xml", "-nostdin"]
        command += ["-i", "127.0.0.1", "-p", str(self.port), "-t", "t1" if self._tcp else "u1"]
        command += ["-m", str(self._calls)] if self._calls else []
        command += ["-trace_err", "-error_file", self.folder / "errors"]
        command += ["-trace_msg", "-message_file", self.folder / "messages"]
        process = PeerProcess(command, cwd=self.folder)
        self._process = process.ready(lambda: _is_bound(self.port, tcp=self._tcp))

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process = None


def _is_bound(port: int, *, tcp: bool) -> bool:
    """Whether somebody holds the loopback port; asks the kernel, for a trial would hold it too."""
    table = Path("/proc/net/tcp" if tcp else "/proc/net/udp").read_text(encoding="ascii")
    return re.search(rf"0100007F:{port:04X} ", table) is not None

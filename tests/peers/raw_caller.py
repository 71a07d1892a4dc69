"""A caller of a few lines of SIP over UDP, for headers that no telephone would send."""

import re
import socket
import uuid

_HEAD = """{method} {uri} SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{branch};rport
From: {caller};tag={tag}
To: <{uri}>
Call-ID: {call}
CSeq: 1 {method}
Max-Forwards: 70
{more}Content-Length: {length}

"""
_WITH_SOUND = """Contact: <sip:raw@127.0.0.1:{port}>
Content-Type: application/sdp
"""
_WITH_SCAIP = "Content-Type: application/scaip+xml\n"
_SDP = """v=0
o=raw 1 1 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio 40000 RTP/AVP 8
a=rtpmap:8 PCMA/8000
"""


class RawCaller:
    """Calls `uri` as `caller`, a whole `From` value; reads answers by their code."""

    def __init__(self, uri: str, *, caller: str = "<sip:raw@unit.test>") -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(10)
        host, port = uri.partition("@")[2].split(":")
        self._to = (host, int(port))
        self._facts = {
            "uri": uri,
            "caller": caller,
            "port": self._socket.getsockname()[1],
            "branch": uuid.uuid4().hex,
            "tag": uuid.uuid4().hex,
            "call": uuid.uuid4().hex,
        }

    def invite(self) -> None:
        body = _SDP.replace("\n", "\r\n").encode()
        self._send("INVITE", _WITH_SOUND.format(port=self._facts["port"]), body)

    def cancel(self, headers: str = "") -> None:
        """Take the call back; `headers` are whole lines."""
        self._send("CANCEL", headers)

    def message(self, body: bytes) -> None:
        """Write `body` to it."""
        self._send("MESSAGE", _WITH_SCAIP, body)

    def send(self, datagram: bytes) -> None:
        self._socket.sendto(datagram, self._to)

    def answer(self, code: int) -> str:
        """Return the first answer of this code."""
        while True:
            text = self._socket.recv(65_535).decode("utf-8", "replace")
            if re.match(rf"SIP/2\.0 {code} ", text):
                return text

    def asked(self, method: str) -> tuple[str, int]:
        """Return where the first request of this method came from."""
        while True:
            datagram, (host, port) = self._socket.recvfrom(65_535)
            if datagram.startswith(method.encode() + b" "):
                return host, port

    @property
    def at(self) -> str:
        """Its own address."""
        return f"sip:raw@127.0.0.1:{self._facts['port']}"

    def close(self) -> None:
        self._socket.close()

    def _send(self, method: str, more: str, body: bytes = b"") -> None:
        """Send a request; `more` are whole lines."""
        head = _HEAD.format(method=method, more=more, length=len(body), **self._facts)
        self.send(head.replace("\n", "\r\n").encode() + body)

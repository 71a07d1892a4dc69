"""A caller of a few lines of SIP over UDP, for headers that no telephone would send."""

import re
import socket
import uuid

_INVITE = """INVITE {uri} SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{branch};rport
From: {caller};tag={tag}
To: <{uri}>
Call-ID: {call}
CSeq: 1 INVITE
Contact: <sip:raw@127.0.0.1:{port}>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: {length}

"""
_CANCEL = """CANCEL {uri} SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{branch};rport
From: {caller};tag={tag}
To: <{uri}>
Call-ID: {call}
CSeq: 1 CANCEL
Max-Forwards: 70
{more}Content-Length: 0

"""
_MESSAGE = """MESSAGE {uri} SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{branch};rport
From: {caller};tag={tag}
To: <{uri}>
Call-ID: {call}
CSeq: 1 MESSAGE
Max-Forwards: 70
Content-Type: application/scaip+xml
Content-Length: {length}

"""
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
        self._send(_INVITE.format(length=len(body), **self._facts), body)

    def cancel(self, headers: str = "") -> None:
        """Take the call back; `headers` are whole lines."""
        self._send(_CANCEL.format(more=headers, **self._facts))

    def message(self, body: bytes) -> None:
        """Write `body` to it."""
        self._send(_MESSAGE.format(length=len(body), **self._facts), body)

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

    def _send(self, head: str, body: bytes = b"") -> None:
        self.send(head.replace("\n", "\r\n").encode() + body)

"""Far ends that do what real ones do on bad days, as SIPp scenarios."""

from pathlib import Path

from tests.peers.sipp import receive, respond

_NOTE = (
    '<ereg regexp=".*" search_in="hdr" header="To:" assign_to="1"/>'
    '<ereg regexp=".*" search_in="hdr" header="From:" assign_to="2"/>'
    '<ereg regexp="sip:[^;>]*" search_in="hdr" header="Contact:" assign_to="3"/>'
)
_SDP = (
    "v=0\no=peer 1 {version} IN IP4 [local_ip]\ns=-\nc=IN IP4 [media_ip]\nt=0 0\n"
    "m=audio [media_port] RTP/AVP 8 101\na=rtpmap:8 PCMA/8000\n"
    "a=rtpmap:101 telephone-event/8000\na={direction}\n"
)
_GOODBYE = [receive("BYE"), respond("200 OK")]


def reinviting(direction: str) -> list[str]:
    """Answers, offers the sound anew (`sendonly`: puts us on hold), and waits for our goodbye."""
    body = _SDP.format(version=2, direction=direction)
    return [
        receive("INVITE", actions=_NOTE),
        respond("200 OK", sdp=True),
        receive("ACK"),
        _ask("INVITE", 9, f"Content-Type: application/sdp\nContent-Length: [len]\n\n{body}"),
        '<recv response="100" optional="true"/>',
        '<recv response="200"/>',
        _ask("ACK", 9, "Content-Length: 0\n\n"),
        *_GOODBYE,
    ]


def repeating() -> list[str]:
    """Says everything more than once, as over a network that loses packets."""
    return [
        receive("INVITE"),
        respond("180 Ringing"),
        respond("180 Ringing"),
        respond("200 OK", sdp=True),
        respond("200 OK", sdp=True),
        respond("200 OK", sdp=True),
        receive("ACK"),
        *_GOODBYE,
    ]


def late(milliseconds: int) -> list[str]:
    """Says nothing for so long that it is asked again, and then answers once."""
    return [
        receive("INVITE"),
        f'<pause milliseconds="{milliseconds}"/>',
        respond("200 OK", sdp=True),
        receive("ACK"),
        *_GOODBYE,
    ]


def speaking(file: Path, seconds: int) -> list[str]:
    """Answers, sends `seconds` of sound (written to `file`), falls silent and stays."""
    file.write_bytes(b"\xd5" * 8000 * seconds)
    play = f'<nop><action><exec rtp_stream="{file},1,8,PCMA/8000"/></action></nop>'
    return [receive("INVITE"), respond("200 OK", sdp=True), receive("ACK"), play, *_GOODBYE]


def answering_with(body: str) -> list[str]:
    """Answers with a description of the sound that is none, and hears out what comes."""
    answer = respond("200 OK", sdp=True)
    head, _, rest = answer.partition("\n\n")
    tail = rest[rest.index("]]></send>") :]
    return [receive("INVITE"), f"{head}\n\n{body}{tail}", receive("ACK", optional=True), *_GOODBYE]


def _ask(method: str, number: int, rest: str) -> str:
    """Send a request of the far end's own within the dialog that `_NOTE` noted."""
    return (
        f"<send><![CDATA[\n{method} [$3] SIP/2.0\n"
        "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n"
        "From: [$1];tag=peer[call_number]\nTo: [$2]\nCall-ID: [call_id]\n"
        f"CSeq: {number} {method}\nContact: <sip:[local_ip]:[local_port]>\nMax-Forwards: 70\n"
        f"{rest}]]></send>"
    )

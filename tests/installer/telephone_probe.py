"""Asks a pjsua2 wheel, in a process of its own, what it has and can; prints one JSON object.

telephone_probe.py facts
telephone_probe.py devices
telephone_probe.py serve CA CERTIFICATE KEY             until its standard input ends
telephone_probe.py misuse
telephone_probe.py call CA CERTIFICATE KEY CODEC SUITE TONE HEARD
"""

import contextlib
import gc
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# The library's first words go to fd 1, before its log can be configured.
_OUT = os.dup(1)
os.dup2(2, 1)

import pjsua2 as pj  # noqa: E402 - as said above

PATIENCE_S = 20.0
HEARD_S = 1.5
SETTLED_PACKETS = 50
"""A second of sound."""


def said(**facts: Any) -> None:
    with os.fdopen(_OUT, "w", closefd=False) as out:
        out.write(json.dumps(facts) + "\n")


@contextlib.contextmanager
def library() -> Iterator[Any]:
    endpoint = pj.Endpoint()
    endpoint.libCreate()
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.logConfig.level = config.logConfig.consoleLevel = 4
    config.medConfig.noVad = True
    endpoint.libInit(config)
    endpoint.libStart()
    try:
        yield endpoint
    finally:
        gc.collect()
        endpoint.libDestroy()


def until(endpoint: Any, fact: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not fact():
        if time.monotonic() > deadline:
            raise SystemExit(f"never: {what}")
        endpoint.libHandleEvents(10)


def tls(endpoint: Any, authority: str, certificate: str, key: str) -> tuple[int, int]:
    """Return the number and the port of a transport that says nothing about TLS versions."""
    config = pj.TransportConfig()
    config.boundAddress = "127.0.0.1"
    config.tlsConfig.CaListFile = authority
    config.tlsConfig.certFile = certificate
    config.tlsConfig.privKeyFile = key
    config.tlsConfig.verifyServer = True
    number = endpoint.transportCreate(pj.PJSIP_TRANSPORT_TLS, config)
    address = str(endpoint.transportGetInfo(number).localName)
    return number, int(address.rpartition(":")[2])


def facts() -> None:
    with library() as endpoint:
        codecs = [str(codec.codecId) for codec in endpoint.codecEnum2()]
        suites = [str(suite) for suite in endpoint.srtpCryptoEnum()]
        said(
            version=str(endpoint.libVersion().full),
            module=str(pj.__file__),
            codecs=codecs,
            suites=suites,
        )


def devices(name: str) -> None:
    """List them, open the one of that name for both ways, and then none."""
    with library() as endpoint:
        audio = endpoint.audDevManager()
        listed = [
            {
                "id": device.id,
                "driver": str(device.driver),
                "name": str(device.name),
                "inputs": int(device.inputCount),
                "outputs": int(device.outputCount),
            }
            for device in audio.enumDev2()
        ]
        number = next((device["id"] for device in listed if device["name"] == name), None)
        if number is not None:
            audio.setCaptureDev(number)
            audio.setPlaybackDev(number)
            # It is opened once somebody listens.
            audio.getCaptureDevMedia().startTransmit(audio.getPlaybackDevMedia())
        opened = bool(audio.sndIsActive())
        audio.setNullDev()
        said(devices=listed, opened=opened)


def serve(authority: str, certificate: str, key: str) -> None:
    ended = threading.Event()

    def wait_for_the_end() -> None:
        sys.stdin.read()
        ended.set()

    waiting = threading.Thread(target=wait_for_the_end)
    with library() as endpoint:
        _, port = tls(endpoint, authority, certificate, key)
        said(port=port)
        waiting.start()
        while not ended.is_set():
            endpoint.libHandleEvents(10)
    waiting.join()


# --- misuse ---------------------------------------------------------------------------------


def misuse() -> None:
    with library() as endpoint:
        outcome = outcomes(endpoint)
        said(outcome=outcome, alive=str(endpoint.libVersion().full))


def outcomes(endpoint: Any) -> dict[str, str]:
    """Return for each thing that nobody should do the error it gives, or "nothing"."""
    endpoint.audDevManager().setNullDev()
    endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, pj.TransportConfig())
    account, settings = pj.Account(), pj.AccountConfig()
    settings.idUri = "sip:wrong@127.0.0.1"
    account.create(settings)
    call, answer, empty = pj.Call(account), pj.CallOpParam(True), pj.CallOpParam()
    answer.statusCode = 200
    nonsense = pj.AccountConfig()
    nonsense.idUri = "nonsense"
    audio = endpoint.audDevManager()
    wrong: dict[str, Callable[[], object]] = {
        "answer a call that never was": lambda: call.answer(answer),
        "answer it with no status": lambda: call.answer(empty),
        "hang up a call that never was": lambda: call.hangup(answer),
        "look at a call that never was": call.getInfo,
        "hold a call that never was": lambda: call.setHold(answer),
        "transfer a call that never was": lambda: call.xfer("sip:a@127.0.0.1", answer),
        "listen to a call that never was": lambda: call.getAudioMedia(-1),
        "dial digits into nothing": lambda: call.dialDtmf("112"),
        "a call of a number out of range": lambda: pj.Call(account, 4711).getInfo(),
        "answer another's call": lambda: pj.Call(account, 0).answer(empty),
        "call what is no address": lambda: call.makeCall("not an address", answer),
        "an account twice": lambda: account.create(settings),
        "an account without an address": lambda: pj.Account().create(nonsense),
        "register without a registrar": lambda: account.setRegistration(True),
        "a codec it does not have": lambda: endpoint.codecSetPriority("none/1/1", 255),
        "a sound device it does not have": lambda: audio.setCaptureDev(99),
        "a file that is not there": lambda: pj.AudioMediaPlayer().createPlayer("/none.wav"),
        "sound from nowhere": lambda: pj.AudioMedia().startTransmit(pj.AudioMedia()),
        "a transport that never was": lambda: endpoint.transportGetInfo(77),
        "a second endpoint": pj.Endpoint,
        "another thread": lambda: in_a_thread(call.getInfo),
    }
    found = {what: tried(one) for what, one in wrong.items()}
    account.shutdown()
    return found


def tried(wrong: Callable[[], object]) -> str:
    try:
        wrong()
    except (pj.Error, TypeError, ValueError, OverflowError) as refused:
        return type(refused).__name__
    return "nothing"


def in_a_thread(work: Callable[[], object]) -> None:
    thread = threading.Thread(target=lambda: tried(work))
    thread.start()
    thread.join()


# --- a call ---------------------------------------------------------------------------------


class Call(pj.Call):  # type: ignore[misc]  # pjsua2 carries no types
    def __init__(self, account: Any, number: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(account, number)
        self.states: list[int] = []

    def onCallState(self, prm: Any) -> None:
        self.states.append(int(self.getInfo().state))

    def hears(self) -> bool:
        info = self.getInfo()  # what it holds goes with it
        return len(info.media) > 0 and int(info.media[0].status) == pj.PJSUA_CALL_MEDIA_ACTIVE


class Account(pj.Account):  # type: ignore[misc]  # pjsua2 carries no types
    def __init__(self) -> None:
        super().__init__()
        self.taken: list[Call] = []

    def onIncomingCall(self, prm: Any) -> None:
        taken = Call(self, prm.callId)
        answer = pj.CallOpParam()
        answer.statusCode = 200
        taken.answer(answer)
        self.taken.append(taken)


def account(user: str, transport: int, suite: str) -> Account:
    made = Account()
    config = pj.AccountConfig()
    config.idUri = f"sip:{user}@127.0.0.1"
    config.sipConfig.transportId = transport
    config.mediaConfig.srtpUse = pj.PJMEDIA_SRTP_MANDATORY
    config.mediaConfig.srtpSecureSignaling = 1
    config.mediaConfig.transportConfig.boundAddress = "127.0.0.1"
    crypto = pj.SrtpCrypto()
    crypto.name = suite
    config.mediaConfig.srtpOpt.cryptos.append(crypto)
    made.create(config)
    return made


def call(
    authority: str, certificate: str, key: str, codec: str, suite: str, tone: str, heard: str
) -> None:
    with library() as endpoint:
        endpoint.audDevManager().setNullDev()
        for known in endpoint.codecEnum2():
            wanted = str(known.codecId).lower().startswith(codec.lower() + "/")
            endpoint.codecSetPriority(known.codecId, 255 if wanted else 0)
        number, port = tls(endpoint, authority, certificate, key)
        target = f"sip:two@127.0.0.1:{port};transport=tls"
        introduce(endpoint, number, suite, target, tone, heard)


def introduce(
    endpoint: Any, transport: int, suite: str, target: str, tone: str, heard: str
) -> None:
    """Have two accounts of its own, which are gone when this returns, so before the library is."""
    one, two = account("one", transport, suite), account("two", transport, suite)
    converse(endpoint, one, two, target, tone, heard)
    for each in (one, two):
        each.taken.clear()
        each.shutdown()


def converse(endpoint: Any, one: Account, two: Account, target: str, tone: str, heard: str) -> None:
    calling = Call(one)
    calling.makeCall(target, pj.CallOpParam(True))
    until(endpoint, lambda: pj.PJSIP_INV_STATE_CONFIRMED in calling.states, "answered")
    until(endpoint, lambda: two.taken and two.taken[0].hears(), "heard")
    answered = two.taken[0]
    player, recorder = pj.AudioMediaPlayer(), pj.AudioMediaRecorder()
    player.createPlayer(tone)
    player.startTransmit(calling.getAudioMedia(-1))
    # A jitter buffer finds its length first, and stretches sound while it does.
    settled = SETTLED_PACKETS + int(answered.getStreamStat(0).rtcp.rxStat.pkt)
    until(
        endpoint,
        lambda: int(answered.getStreamStat(0).rtcp.rxStat.pkt) > settled,
        "settled",
    )
    recorder.createRecorder(heard)
    answered.getAudioMedia(-1).startTransmit(recorder)
    # 16-bit samples at 16 kHz, the bridge's own rate.
    enough = HEARD_S * 16_000 * 2
    until(endpoint, lambda: Path(heard).stat().st_size > enough, "recorded")
    stream, statistics = calling.getStreamInfo(0), answered.getStreamStat(0)
    said(
        codec=f"{stream.codecName}/{stream.codecClockRate}",
        dump=calling.dump(True, ""),
        received=int(statistics.rtcp.rxStat.pkt),
        lost=int(statistics.rtcp.rxStat.loss),
    )
    calling.hangup(pj.CallOpParam(True))
    both = (calling, answered)
    gone = pj.PJSIP_INV_STATE_DISCONNECTED
    until(endpoint, lambda: all(gone in end.states for end in both), "ended")


if __name__ == "__main__":
    word, *more = sys.argv[1:]
    globals()[word](*more)

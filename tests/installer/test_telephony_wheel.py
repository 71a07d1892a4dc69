"""The wheel that `installer.telephony` built, in processes of its own, so that it alone is loaded."""

import json
import math
import os
import socket
import ssl
import struct
import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from installer.telephony.sources import listed
from tests.hearing import usual_share
from tests.peers.certificates import Authority
from tests.peers.telephone_library import MISSING, is_needed, unpack

PROBE: Final = Path(__file__).with_name("telephone_probe.py")
RATE: Final = 16_000

pytestmark = pytest.mark.skipif(not is_needed(), reason=MISSING)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack(tmp_path_factory.mktemp("wheel"))


def started(unpacked: Path, *words: object, **more: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, PROBE, *(str(word) for word in words)],
        # Before anything installed, so that it is ours that is found.
        env=os.environ | {"PYTHONPATH": str(unpacked)} | more,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def told(unpacked: Path, *words: object, **more: Any) -> dict[str, Any]:
    with started(unpacked, *words, **more) as probe:
        said, log = probe.communicate(timeout=60)
    assert probe.returncode == 0, f"ended with {probe.returncode}:\n{log[-6000:]}"
    return dict(json.loads(said))


@pytest.fixture(scope="module")
def facts(unpacked: Path) -> dict[str, Any]:
    return told(unpacked, "facts")


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    authority = Authority(tmp_path_factory.mktemp("certificates"))
    pair = authority.server()
    return authority.file, pair.certificate, pair.key


def test_it_is_ours_and_the_pjproject_we_chose(unpacked: Path, facts: dict[str, Any]) -> None:
    assert Path(facts["module"]).parent == unpacked
    assert facts["version"].split("-")[0] == listed("linux")["pjproject"].version


def test_every_codec_an_alarm_unit_or_a_registrar_speaks_is_there(facts: dict[str, Any]) -> None:
    names = {codec.split("/")[0].lower() for codec in facts["codecs"]}
    assert {"g722", "pcma", "pcmu", "opus"} <= names


def test_the_strongest_srtp_suites_come_first(facts: dict[str, Any]) -> None:
    assert facts["suites"][0] == "AEAD_AES_256_GCM"
    assert {"AEAD_AES_128_GCM", "AES_256_CM_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_80"} <= set(
        facts["suites"]
    )


def test_sound_devices_are_listed_and_one_can_be_taken(unpacked: Path, tmp_path: Path) -> None:
    alsa = tmp_path / "asound.conf"
    alsa.write_text(
        "</usr/share/alsa/alsa.conf>\n"
        'pcm.quiet { type null\n hint { show on\n description "A quiet headset" } }\n'
    )
    found = told(unpacked, "devices", "quiet", ALSA_CONFIG_PATH=str(alsa))
    (quiet,) = (device for device in found["devices"] if device["name"] == "quiet")
    assert quiet["driver"] == "ALSA"
    assert quiet["inputs"]
    assert quiet["outputs"]
    assert found["opened"]


def test_misuse_is_an_error_and_not_the_end_of_the_process(unpacked: Path) -> None:
    result = told(unpacked, "misuse")
    assert result["alive"]
    assert set(result["outcome"].values()) <= {"Error", "nothing", "TypeError"}
    assert result["outcome"]["look at a call that never was"] == "Error"
    assert result["outcome"]["a second endpoint"] == "Error"


@pytest.fixture
def served(unpacked: Path, secured: tuple[Path, Path, Path]) -> Iterator[int]:
    with started(unpacked, "serve", *secured) as probe:
        assert probe.stdin
        assert probe.stdout
        yield json.loads(probe.stdout.readline())["port"]
        probe.communicate(timeout=30)
    assert probe.returncode == 0


def agreed(port: int, authority: Path, version: ssl.TLSVersion) -> str | None:
    context = ssl.create_default_context(cafile=str(authority))
    context.minimum_version = context.maximum_version = version
    context.set_ciphers("ALL:@SECLEVEL=0")  # or we would be the side that refuses
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        return connection.version()


def test_tls_is_1_3_or_1_2_unless_settings_say_so(
    served: int, secured: tuple[Path, Path, Path]
) -> None:
    authority = secured[0]
    assert agreed(served, authority, ssl.TLSVersion.TLSv1_3) == "TLSv1.3"
    assert agreed(served, authority, ssl.TLSVersion.TLSv1_2) == "TLSv1.2"
    with (
        pytest.warns(DeprecationWarning, match="TLSv1_1"),
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        agreed(served, authority, ssl.TLSVersion.TLSv1_1)


@pytest.mark.parametrize(
    ("codec", "spoken", "suite"),
    [
        ("G722", "G722/16000", "AEAD_AES_256_GCM"),
        ("PCMA", "PCMA/8000", "AEAD_AES_128_GCM"),
        ("PCMU", "PCMU/8000", "AES_CM_128_HMAC_SHA1_80"),
        ("opus", "opus/48000", "AES_256_CM_HMAC_SHA1_80"),
    ],
)
def test_two_accounts_call_each_other_encrypted_and_the_tone_is_heard(
    unpacked: Path,
    secured: tuple[Path, Path, Path],
    tmp_path: Path,
    codec: str,
    spoken: str,
    suite: str,
) -> None:
    tone, heard = tmp_path / "tone.wav", tmp_path / "heard.wav"
    _write_tone(tone, 440.0)
    result = told(unpacked, "call", *secured, codec, suite, tone, heard)
    assert result["codec"] == spoken
    assert f"Crypto-suite: {suite}" in result["dump"], result["dump"]
    assert usual_share(heard, 440.0) >= 0.98


def _write_tone(path: Path, hertz: float) -> None:
    samples = (
        round(9_000 * math.sin(2 * math.pi * hertz * place / RATE)) for place in range(2 * RATE)
    )
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))

"""What a desk remembers of people: nothing that anybody can read, change or move."""

import asyncio
import stat
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.fakes_people import START, a_user
from workstation.adapters.system.remembered import SealedMemory
from workstation.application.errors import CacheUnavailable
from workstation.application.identity_ports import Identity, Remembered
from workstation.domain.rights import Role

T = TypeVar("T")
ISSUER = "https://login.hub.example"
ANNA = Remembered(
    user=a_user("anna", Role.NIGHT, "0510"),
    identity=Identity(
        issuer=ISSUER,
        subject="5f2c",
        name=a_user("anna").name,
        bound_at=START,
        seen_at=START,
        offline_hash="$argon2id$made",
    ),
    until=START + timedelta(hours=24),
)
LATER = START + timedelta(hours=23)


def run(act: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(act)


def memory(folder: Path, key: bytes = b"k" * 32) -> SealedMemory:
    return SealedMemory(folder / "people", lambda: key)


def files(folder: Path) -> list[Path]:
    return sorted((folder / "people").iterdir())


def test_it_remembers_over_a_start(tmp_path: Path) -> None:
    run(memory(tmp_path).keep(ANNA))
    again = memory(tmp_path)
    assert run(again.of(ISSUER, "5f2c", LATER)) == ANNA
    assert run(again.named("anna", LATER)) == ANNA
    assert run(again.names()) == ["anna"]
    assert run(again.of(ISSUER, "77aa", LATER)) is None
    assert run(again.of("https://elsewhere.example", "5f2c", LATER)) is None
    assert run(again.named("bo", LATER)) is None


def test_its_time_ends(tmp_path: Path) -> None:
    run(memory(tmp_path).keep(ANNA))
    assert run(memory(tmp_path).named("anna", ANNA.until)) is None
    assert files(tmp_path) == []


def test_the_newest_counts_and_can_be_forgotten(tmp_path: Path) -> None:
    here = memory(tmp_path)
    run(here.keep(ANNA))
    newer = replace(ANNA, until=ANNA.until + timedelta(hours=1))
    run(here.keep(newer))
    assert run(here.named("anna", LATER)) == newer
    assert len(files(tmp_path)) == 1
    run(here.forget("anna"))
    assert run(here.names()) == []


def test_nobody_else_reads_it(tmp_path: Path) -> None:
    run(memory(tmp_path).keep(ANNA))
    (file,) = files(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    body = file.read_bytes()
    assert not any(part in body for part in (b"anna", b"argon2", b"5f2c", b"night", b"0510"))
    assert "anna" not in file.name


def test_what_was_changed_or_sealed_elsewhere_is_not_believed(tmp_path: Path) -> None:
    run(memory(tmp_path).keep(ANNA))
    assert run(memory(tmp_path, b"x" * 32).named("anna", LATER)) is None
    assert files(tmp_path) == []
    for at in (0, 20, -1):
        run(memory(tmp_path).keep(ANNA))
        (file,) = files(tmp_path)
        body = bytearray(file.read_bytes())
        body[at] ^= 1
        file.write_bytes(body)
        assert run(memory(tmp_path).named("anna", LATER)) is None
    for short in (b"", b"e-team person 1\n"):
        (tmp_path / "people" / "a.sealed").write_bytes(short)
        assert run(memory(tmp_path).names()) == []


def test_a_machine_without_a_key_store_remembers_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def none() -> bytes:
        raise CacheUnavailable("no_key_store")

    here = SealedMemory(tmp_path / "people", none)
    run(here.keep(ANNA))
    assert run(here.named("anna", LATER)) is None
    assert "CacheUnavailable" in caplog.text


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "people").write_text("a file", encoding="utf-8")
    run(memory(tmp_path).keep(ANNA))
    assert run(memory(tmp_path).names()) == []

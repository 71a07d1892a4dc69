"""Sealed by anybody with the public key, opened by the private one alone; each fault by its name."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.adapters.db.contract_recordings import BEGUN
from workstation.adapters.system.sealed_recordings import SealedRecordings, make_key
from workstation.application.errors import RecordingFailed
from workstation.application.recording_ports import TapeOrder
from workstation.domain.recording import Recording, RecordingId
from workstation.wire.sealed_sound import Sealing

PRIVATE, PUBLIC = make_key()
SOUND = bytes(range(256)) * 40


class Shelf:
    """A folder with one recording in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "recordings"
        self.folder.mkdir()
        self.private: str | None = PRIVATE
        self.files = self.with_public(PUBLIC)
        self.order = self.files.order()
        self.write(self.order)
        self.recording = replace(BEGUN, id=self.order.recording)

    def with_public(self, public: str | None) -> SealedRecordings:
        return SealedRecordings(
            self.folder,
            announcement=Path("tone.wav"),
            public=public,
            private=lambda: self.private,
            variable="THE_KEY",
        )

    def write(self, order: TapeOrder) -> None:
        sealing = Sealing(order.recording, order.key)
        order.file.write_bytes(order.head + sealing.piece(SOUND) + sealing.piece(b"", last=True))

    def refused(self, recording: Recording | None = None) -> tuple[str, object]:
        with pytest.raises(RecordingFailed) as caught:
            self.files.open(recording or self.recording)
        return caught.value.reason, caught.value.facts.get("variable")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_the_private_key_opens_what_the_public_one_sealed(shelf: Shelf) -> None:
    assert shelf.files.open(shelf.recording) == SOUND


def test_each_file_has_a_random_name_and_a_key_of_its_own(shelf: Shelf) -> None:
    other = shelf.files.order()
    assert other.recording != shelf.order.recording
    assert other.key != shelf.order.key
    assert other.key_name == shelf.order.key_name
    assert other.file.name == f"{other.recording}.recording"
    assert shelf.order.key not in shelf.order.file.read_bytes()


@pytest.mark.parametrize(
    ("private", "reason"),
    [(None, "no_key"), ("", "no_key"), ("no key", "bad_key"), (make_key()[0], "wrong_key")],
)
def test_without_the_right_private_key_nothing_is_heard(
    shelf: Shelf, private: str | None, reason: str
) -> None:
    shelf.private = private
    assert shelf.refused() == (reason, "THE_KEY")


@pytest.mark.parametrize(
    ("public", "reason"),
    [(None, "no_public_key"), ("x", "bad_public_key"), ("eHg=", "bad_public_key")],
)
def test_without_a_public_key_nothing_is_recorded(
    shelf: Shelf, public: str | None, reason: str
) -> None:
    with pytest.raises(RecordingFailed, match=reason):
        shelf.with_public(public).order()


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def turned(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-40] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (Path.unlink, "missing"),
        (emptied, "no_recording"),
        (turned, "damaged"),
        (lambda file: file.unlink() or file.mkdir(), "unreadable"),
    ],
)
def test_each_fault_of_a_file_has_its_name(
    shelf: Shelf, act: Callable[[Path], None], reason: str
) -> None:
    act(shelf.order.file)
    assert shelf.refused()[0] == reason


def test_a_file_that_took_another_s_place_is_found(shelf: Shelf) -> None:
    other = shelf.files.order()
    shelf.write(other)
    shelf.order.file.write_bytes(other.file.read_bytes())
    assert shelf.refused()[0] == "changed"


def test_a_file_that_is_not_the_one_that_was_recorded_is_found(shelf: Shelf) -> None:
    assert shelf.refused(replace(shelf.recording, sha256="ab" * 32))[0] == "changed"


def test_a_row_leads_nowhere_else(shelf: Shelf) -> None:
    strange = RecordingId("../../etc/passwd")
    assert shelf.refused(replace(shelf.recording, id=strange))[0] == "missing"
    with pytest.raises(RecordingFailed):
        shelf.files.remove(strange)


def test_files_are_removed(shelf: Shelf) -> None:
    shelf.files.remove(shelf.recording.id)
    shelf.files.remove(shelf.recording.id)
    assert list(shelf.folder.iterdir()) == []
    shelf.folder.rmdir()
    with pytest.raises(RecordingFailed, match="no_folder"):
        shelf.files.remove(shelf.recording.id)
    assert shelf.refused()[0] == "no_folder"


def test_old_files_go_whoever_forgot_them_and_nobody_else_s(shelf: Shelf) -> None:
    now = datetime(2026, 3, 14, tzinfo=UTC)
    young, strange = shelf.files.order().file, shelf.folder / "letter.recording"
    for file, days in ((shelf.order.file, 40), (young, 1), (strange, 40)):
        file.touch()
        then = (now - timedelta(days=days)).timestamp()
        os.utime(file, (then, then))
    assert shelf.files.remove_older(now - timedelta(days=31)) == 1
    assert {file.name for file in shelf.folder.iterdir()} == {young.name, strange.name}

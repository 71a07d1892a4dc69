"""Calls that are recorded, with real far ends: what is in the file, and what is not."""

import os
import resource
import signal
import wave
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.hearing import seconds_of, tone, tone_share, usual_share
from tests.peers.telephone import Telephone
from tests.waiting import until
from workstation import paths
from workstation.adapters.system.sealed_recordings import SealedRecordings, make_key
from workstation.application.recording_ports import TapeOrder
from workstation.domain.call import CallState, LineState
from workstation.domain.names import CallId, Kommune
from workstation.domain.recording import BYTES_A_SECOND, RATE, Recording, TapeEvent, TapeState

pytestmark = pytest.mark.peer
BEEP = 1400
OURS, THEIRS = 1000, 440
SECOND = BYTES_A_SECOND + 20
"""Bytes of a file that a second of sound takes: a length and a tag beside it."""


def save(path: Path, sound: bytes) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound)
    return path


class Recorder:
    """What a desk has: keys, a folder, and what the line tells."""

    def __init__(self, folder: Path) -> None:
        self.private, public = make_key()
        self.folder = folder
        self.told: list[TapeEvent] = []
        self.files = SealedRecordings(
            folder / "recordings",
            announcement=paths.resources() / "announcements/recording_tone.wav",
            public=public,
            private=lambda: self.private,
        )

    def begin(self, phone: Telephone, call: CallId, order: TapeOrder | None = None) -> TapeOrder:
        order = order or self.files.order()
        phone.line.taping.listen(self.told.append)
        phone.line.taping.begin(call, order)
        return order

    def wait(self, state: TapeState, *, after: int = 0) -> TapeEvent:
        return until(
            lambda: next((one for one in self.told[after:] if one.state is state), None),
            why=lambda: self.told,
        )

    def heard(self, order: TapeOrder, *, sha256: str = "") -> Path:
        """Return what was recorded as a WAV file."""
        recording = Recording(
            id=order.recording,
            call=CallId("call-1"),
            kommune=Kommune("0510"),
            started_at=datetime(2026, 3, 1, tzinfo=UTC),
            key="",
            sha256=sha256,
        )
        return save(self.folder / f"{order.recording}.wav", self.files.open(recording))


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    return Recorder(tmp_path)


def grown(order: TapeOrder, seconds: int) -> Callable[[], bool]:
    return lambda: order.file.exists() and order.file.stat().st_size > seconds * SECOND


def test_both_are_heard_in_the_file_and_the_file_tells_nothing(
    baresip, telephone, recorder, tmp_path
):
    peer, phone = baresip(tone=THEIRS), telephone()
    call = phone.answered(peer.uri)
    phone.line.play(call, tone(tmp_path / "ours.wav", OURS))
    order = recorder.begin(phone, call)
    until(grown(order, 4))
    on = recorder.wait(TapeState.ON)
    phone.line.hang_up(call)
    phone.ended(call)
    # It is complete when the end of the call is told.
    end = recorder.told[-1]
    assert (end.state, end.reason, end.recording) == (TapeState.ENDED, "", on.recording)
    file = recorder.heard(order, sha256=end.sha256)
    assert end.length.total_seconds() == pytest.approx(seconds_of(file), abs=0.01)
    assert end.size == order.file.stat().st_size
    # The operator, the far end, and nothing else once the announcement is over.
    ours, theirs = (usual_share(file, hertz, last_s=2) for hertz in (OURS, THEIRS))
    assert min(ours, theirs) > 0.02  # baresip speaks louder
    assert ours + theirs >= 0.95
    content = order.file.read_bytes()
    assert b"RIFF" not in content
    assert b"WAVE" not in content
    sound = file.read_bytes()[44:]
    pieces = [sound[at : at + 64] for at in range(BYTES_A_SECOND, len(sound) - 64, 640)]
    assert pieces
    assert not any(piece in content for piece in pieces if any(piece))
    assert order.file.stat().st_mode & 0o777 == 0o600


def test_the_far_end_hears_the_announcement(baresip, telephone, recorder):
    peer, phone = baresip(), telephone()
    call = phone.answered(peer.uri)
    order = recorder.begin(phone, call)
    until(grown(order, 2))
    phone.line.hang_up(call)
    phone.ended(call)
    (heard,) = until(peer.recordings)
    assert tone_share(heard, BEEP) > 0.8
    assert seconds_of(heard) > 1


def test_what_is_paused_muted_or_on_hold_is_not_there(baresip, telephone, recorder, tmp_path):
    peer, phone = baresip(tone=THEIRS), telephone()
    call = phone.answered(peer.uri)
    phone.line.play(call, tone(tmp_path / "ours.wav", OURS))
    phone.line.mute(call, True)
    phone.wait(call, lambda event: event.muted)
    order = recorder.begin(phone, call)
    until(grown(order, 3))
    phone.line.taping.pause(call, paused=True)
    recorder.wait(TapeState.PAUSED)
    size = until(lambda: (order.file.stat().st_size // SECOND) * SECOND)
    phone.line.hold(call, True)
    phone.wait_state(call, CallState.HELD)
    phone.line.hold(call, False)
    until(lambda: phone.of(call)[-1].state is CallState.IN_CALL)
    before = len(recorder.told)
    assert order.file.stat().st_size <= size + SECOND
    phone.line.taping.pause(call, paused=False)
    recorder.wait(TapeState.ON, after=before)
    until(lambda: order.file.stat().st_size > size + 3 * SECOND)
    phone.line.taping.stop(call)
    end = recorder.wait(TapeState.ENDED)
    assert phone.of(call)[-1].state is CallState.IN_CALL
    file = recorder.heard(order, sha256=end.sha256)
    assert usual_share(file, THEIRS) >= 0.8
    assert usual_share(file, OURS) < 0.01


@pytest.mark.parametrize("folder", ["none/recordings", "a-file"])
def test_a_recording_that_cannot_be_made_harms_no_call(
    folder, baresip, telephone, recorder, tmp_path
):
    (tmp_path / "a-file").write_text("", encoding="ascii")
    recorder.files = SealedRecordings(
        tmp_path / folder,
        announcement=paths.resources() / "announcements/recording_tone.wav",
        public=make_key()[1],
        private=lambda: None,
    )
    phone = telephone()
    call = phone.answered(baresip().uri)
    recorder.begin(phone, call)
    assert recorder.wait(TapeState.FAILED).reason in ("no_folder", "disk_failed")
    assert phone.of(call)[-1].state is CallState.IN_CALL
    phone.line.mute(call, True)
    phone.wait(call, lambda event: event.muted)


def test_without_an_announcement_nothing_is_recorded(baresip, telephone, recorder, tmp_path):
    recorder.files = SealedRecordings(
        tmp_path / "recordings",
        announcement=tmp_path / "none.wav",
        public=make_key()[1],
        private=lambda: None,
    )
    phone = telephone()
    call = phone.answered(baresip().uri)
    order = recorder.begin(phone, call)
    assert recorder.wait(TapeState.FAILED).reason == "no_announcement"
    assert not order.file.exists()


@pytest.mark.skipif(os.name != "posix", reason="a limit of files' sizes is POSIX's")
def test_a_full_disk_ends_the_recording_and_not_the_call(baresip, telephone, recorder):
    # A file beyond the limit is refused as one on a full disk is; Python ignores the signal.
    phone = telephone()
    call = phone.answered(baresip().uri)
    limit = (SECOND + SECOND // 2, resource.RLIM_INFINITY)
    resource.prlimit(phone.line.pid, resource.RLIMIT_FSIZE, limit)
    order = recorder.begin(phone, call)
    end = recorder.wait(TapeState.FAILED)
    assert end.reason == "disk_full"
    assert phone.of(call)[-1].state is CallState.IN_CALL
    assert 0.9 < seconds_of(recorder.heard(order)) <= end.length.total_seconds() + 0.1


def test_a_line_that_dies_leaves_what_was_said_until_then(simulated_phone, telephone, recorder):
    phone = telephone(simulated_phone().address)
    call = phone.answered("+4500000017")
    order = recorder.begin(phone, call)
    until(grown(order, 2))
    before = len(phone.states)
    os.kill(phone.line.pid, signal.SIGKILL)
    assert recorder.wait(TapeState.FAILED).reason == "line_lost"
    assert seconds_of(recorder.heard(order)) >= 1.9
    phone.wait_line(LineState.READY, after=before)


def test_calls_one_after_another_are_recorded_each_into_its_own_file(baresip, telephone, recorder):
    peer, phone = baresip(), telephone()
    orders = []
    for _ in range(3):
        call = phone.answered(peer.uri)
        orders.append(recorder.begin(phone, call))
        until(grown(orders[-1], 1))
        phone.line.hang_up(call)
        phone.ended(call)
    assert [one.state for one in recorder.told] == [TapeState.ON, TapeState.ENDED] * 3
    assert all(seconds_of(recorder.heard(order)) >= 1 for order in orders)


def test_the_key_is_never_shown(recorder):
    order = recorder.files.order()
    assert repr(order.key) not in repr(order)

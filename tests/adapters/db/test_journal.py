"""The journal on a real disk: durable, in order, private, this process's own, and never silently lost."""

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import ANNA, NOW, a_report, an_alarm
from tests.fakes import FakeClock
from workstation.adapters.db import journal_records as records
from workstation.adapters.db.journal import LocalJournal
from workstation.application.errors import JournalFailed, RowRefused
from workstation.application.journal import Entry, Heard, Keeping, OwnStep, Record, placed
from workstation.domain.access import Look, Looked
from workstation.domain.claim import Claim, ClaimId, Said
from workstation.domain.kind import Outcome
from workstation.domain.names import AlarmId, CallId, CitizenId
from workstation.domain.steps import Called, Noted, Resolved, ResponderCalled, Taken

CLAIM = Claim(
    id=ClaimId("c1"),
    what=Said.TAKEN,
    operator=ANNA,
    desk="a",
    at=NOW,
    fold_key=an_alarm().fold_key,
    raised_at=NOW,
)
LOOK = Look(at=NOW, operator=ANNA, citizen=CitizenId("c1"), what=Looked.CARD)
STEPS = [
    Taken(at=NOW, by=ANNA),
    Noted(at=NOW, by=ANNA, text="Nøglen ligger til højre 🔑"),
    Called(at=NOW, by=ANNA, call=CallId("k1"), whom="citizen"),
    ResponderCalled(at=NOW, by=ANNA, responder="Per", until=NOW + timedelta(minutes=20)),
    Resolved(at=NOW, by=ANNA, outcome=Outcome.SOLVED_BY_PHONE),
]
RECORDS: list[Record] = [
    a_report(an_alarm(raw=b"\0\xff")),
    *(OwnStep(claim=CLAIM, alarm=an_alarm(), step=step) for step in STEPS),
    Heard(claim=replace(CLAIM, outcome=Outcome.TEST), heard_at=NOW),
    LOOK,
]


def reports(count: int, start: int = 0) -> list[Record]:
    return [a_report(an_alarm(f"a{number}")) for number in range(start, start + count)]


@pytest.fixture
def opened(tmp_path: Path, clock: FakeClock) -> Iterator[Callable[..., LocalJournal]]:
    """`opened()` opens the test's journal; closed with the test."""
    with ExitStack() as stack:

        def one(file: Path = tmp_path / "own" / "journal.sqlite") -> LocalJournal:
            journal = LocalJournal(file, clock)
            stack.callback(journal.close)
            return journal

        yield one


@pytest.fixture
def journal(opened: Callable[..., LocalJournal]) -> LocalJournal:
    return opened()


def kept(journal: LocalJournal) -> list[Record]:
    return [entry.record for entry in journal.kept()]


def test_what_is_kept_comes_back_in_order_also_after_a_restart(
    opened: Callable[..., LocalJournal],
) -> None:
    first = opened()
    seqs = first.keep(RECORDS) + first.keep(reports(3))
    assert seqs == sorted(set(seqs))
    name = first.name
    first.close()
    second = opened()
    assert kept(second) == [*RECORDS, *reports(3)]
    assert [entry.seq for entry in second.kept()] == seqs
    assert (second.name, second.troubles()) == (name, [])


def test_it_is_read_piece_by_piece(journal: LocalJournal) -> None:
    journal.keep(reports(7))
    first = journal.kept(limit=4)
    assert [*first, *journal.kept(after=first[-1].seq, limit=4)] == journal.kept()


def test_numbers_are_never_used_twice(journal: LocalJournal) -> None:
    seqs = journal.keep(reports(2))
    journal.forget(seqs)
    assert kept(journal) == []
    assert min(journal.keep(reports(1))) > max(seqs)


def test_looks_and_others_claims_do_not_hold_up_the_database(journal: LocalJournal) -> None:
    journal.keep([LOOK, Heard(claim=CLAIM, heard_at=NOW)])
    assert journal.pending() == 0
    journal.keep([OwnStep(claim=CLAIM, alarm=an_alarm(), step=STEPS[0]), a_report()])
    assert journal.pending() == 2


def test_what_an_alarm_became_is_known_until_nothing_is_pending(journal: LocalJournal) -> None:
    ours, theirs = AlarmId("ours"), AlarmId("theirs")
    report, step = journal.keep([a_report(), OwnStep(claim=CLAIM, alarm=an_alarm(), step=STEPS[0])])
    journal.forget([report], {ours: theirs})
    assert journal.became(ours) == theirs
    journal.note({ours: ours})
    assert journal.became(ours) == ours
    journal.forget([step])
    assert journal.became(ours) is None


def test_only_its_owner_may_read_it(journal: LocalJournal) -> None:
    journal.keep(RECORDS)
    files = [journal.file, *journal.file.parent.iterdir()]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(journal.file.parent.stat().st_mode) == 0o700


def test_what_is_forgotten_is_overwritten(opened: Callable[..., LocalJournal]) -> None:
    journal = opened()
    note = Noted(at=NOW, by=ANNA, text="Kendeord-i-en-note" * 20)
    seqs = journal.keep([OwnStep(claim=CLAIM, alarm=an_alarm(), step=note)])
    journal.forget(seqs)
    journal.close()
    assert b"Kendeord-i-en-note" not in journal.file.read_bytes()


def test_a_second_process_is_refused_until_the_first_has_ended(
    opened: Callable[..., LocalJournal],
) -> None:
    first, second = opened(), opened()
    first.keep(reports(1))
    with pytest.raises(JournalFailed) as refused:
        second.keep(reports(1, 1))
    assert refused.value.reason == "locked"
    first.close()
    assert kept(second) == reports(1)


def test_unicode_halves_are_refused_as_the_database_refuses_them(journal: LocalJournal) -> None:
    with pytest.raises(RowRefused):
        journal.keep([*reports(1), a_report(an_alarm(text="\ud800"))])
    assert kept(journal) == []


def test_what_no_longer_fits_stays_in_its_log_for_a_while(
    journal: LocalJournal, clock: FakeClock
) -> None:
    def logged() -> list[str]:
        journal.close()
        with closing(sqlite3.connect(journal.file)) as other:
            return [why for (why,) in other.execute("SELECT why FROM log ORDER BY seq")]

    first, second = journal.keep(reports(2))
    journal.set_aside([first], "taken by Bo")
    assert kept(journal) == reports(1, 1)
    assert logged() == ["taken by Bo"]
    clock.advance(timedelta(days=91).total_seconds())
    journal.set_aside([second], "resolved by Bo")
    assert logged() == ["resolved by Bo"]


# --- a file that is not as it should be ---


def test_a_file_that_is_no_journal_is_kept_under_another_name_and_told(
    opened: Callable[..., LocalJournal],
) -> None:
    journal = opened()
    journal.file.parent.mkdir()
    journal.file.write_bytes(b"This is no journal. " * 500)
    journal.keep(reports(1))
    assert kept(journal) == reports(1)
    (trouble,) = journal.troubles()
    assert (trouble.what, trouble.saved) == ("damaged", 0)
    assert Path(trouble.file).read_bytes().startswith(b"This is no journal")
    assert journal.troubles() == []


def test_of_a_damaged_file_everything_that_can_be_read_is_kept_on(
    opened: Callable[..., LocalJournal],
) -> None:
    journal = opened()
    text = "x" * 1500
    many = [a_report(an_alarm(f"a{number}", text=text)) for number in range(200)]
    journal.keep(many)
    name = journal.name
    journal.close()
    content = bytearray(journal.file.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 8192] = b"\xa5" * 8192
    journal.file.write_bytes(content)
    rescued = kept_all(journal)
    assert 150 < len(rescued) < 200
    assert all(report in many for report in rescued)
    (trouble,) = [one for one in journal.troubles() if one.what == "damaged"]
    assert trouble.saved >= len(rescued)
    assert Path(trouble.file).exists()
    assert journal.name != name


def kept_all(journal: LocalJournal) -> list[Record]:
    return [entry.record for entry in journal.kept(limit=100_000)]


def test_a_changed_letter_is_noticed_told_and_takes_no_other_entry_with_it(
    opened: Callable[..., LocalJournal],
) -> None:
    journal = opened()
    journal.keep([a_report(an_alarm("a0", text="Hjertestop")), *reports(1, 1), LOOK])
    journal.close()
    content = journal.file.read_bytes()
    assert content.count(b"Hjertestop") == 1
    journal.file.write_bytes(content.replace(b"Hjertestop", b"Hjortestop"))
    assert kept(journal) == [*reports(1, 1), LOOK]
    (trouble,) = journal.troubles()
    assert (trouble.what, trouble.alarm) == ("unreadable", True)
    assert b"Hjortestop" in trouble.raw
    assert kept(journal) == [*reports(1, 1), LOOK]
    assert journal.troubles() == []


def test_a_record_of_a_newer_program_is_told_and_kept(
    opened: Callable[..., LocalJournal],
) -> None:
    journal = opened()
    journal.keep(reports(2))
    journal.close()
    with closing(sqlite3.connect(journal.file)) as other, other:
        other.execute("UPDATE entry SET version = 99 WHERE seq = 1")
    assert kept(journal) == reports(1, 1)
    assert [one.what for one in journal.troubles()] == ["unreadable"]


def test_a_file_that_is_removed_under_it_loses_nothing(journal: LocalJournal) -> None:
    journal.keep(reports(2))
    for file in list(journal.file.parent.iterdir()):
        file.unlink()
    journal.keep(reports(1, 2))
    assert kept(journal) == reports(3)
    journal.close()
    assert kept(journal) == reports(3)


def test_a_folder_that_takes_no_file(tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / "own").write_text("no folder")
    journal = LocalJournal(tmp_path / "own" / "journal.sqlite", clock)
    with pytest.raises(JournalFailed) as refused:
        journal.keep(reports(1))
    assert refused.value.reason == "unreachable"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_keeps_nothing_by_halves_and_works_again_when_there_is_room(
    small_disk: Path, clock: FakeClock
) -> None:
    journal = LocalJournal(small_disk / "journal.sqlite", clock)
    journal.keep(reports(1))
    ballast = small_disk / "ballast"
    with ballast.open("wb") as file:
        file.write(b"x" * (shutil.disk_usage(small_disk).free - 8192))
    large = [a_report(an_alarm(f"b{n}", text="x" * 1900)) for n in range(100)]
    with pytest.raises(JournalFailed) as refused:
        journal.keep(large)
    assert refused.value.reason == "full"
    assert kept(journal) == reports(1)
    ballast.unlink()
    journal.keep(large)
    assert kept(journal) == [*reports(1), *large]
    journal.close()


KILLED = """
import sys
from pathlib import Path
from tests.builders import a_report, an_alarm
from tests.fakes import FakeClock
from workstation.adapters.db.journal import LocalJournal
journal = LocalJournal(Path(sys.argv[1]), FakeClock())
number = 0
while True:
    (seq,) = journal.keep([a_report(an_alarm(f"a{number}"))])
    print(seq, flush=True)
    number += 1
"""


@pytest.mark.parametrize("lines", [1, 7, 40])
def test_killed_at_any_point_what_was_kept_is_there(
    opened: Callable[..., LocalJournal], tmp_path: Path, lines: int
) -> None:
    file = tmp_path / "own" / "journal.sqlite"
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(file)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert process.stdout is not None
    with process.stdout as out:
        said = [int(out.readline()) for _ in range(lines)]
        process.kill()
        process.wait(10)
        said += [int(line) for line in out.read().split("\n") if line.strip()]
    journal = opened(file)
    seqs = [entry.seq for entry in journal.kept(limit=100_000)]
    assert seqs[: len(said)] == said
    assert journal.troubles() == []


# --- the records ---


@pytest.mark.parametrize("record", RECORDS, ids=lambda one: type(one).__name__)
def test_every_kind_of_record_comes_back(record: Record) -> None:
    word, text = records.encode(record)
    assert records.decode(word, records.VERSION, text, records.sum_of(text)) == record


def test_how_far_an_alarm_was_stored_is_not_kept() -> None:
    shown = an_alarm(raw=b"secret", provisional=CLAIM)
    word, text = records.encode(OwnStep(claim=CLAIM, alarm=shown, step=STEPS[0]))
    read = records.decode(word, 1, text, records.sum_of(text))
    assert read == OwnStep(claim=CLAIM, alarm=an_alarm(), step=STEPS[0])
    report = placed("j", Entry(seq=3, record=a_report()), 1)
    assert report.kept_at is not None
    word, text = records.encode(report)
    assert records.decode(word, 1, text, records.sum_of(text)) == a_report()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
WORDS = st.sampled_from([records.REPORT, records.STEP, records.HEARD, records.LOOK, "", "other"])


@given(WORDS, st.integers(-1, 3), st.binary())
def test_any_bytes_are_a_record_or_unreadable(word: str, version: int, text: bytes) -> None:
    with pytest.raises(records.Unreadable):
        records.decode(word, version, text, records.sum_of(text))


@given(st.sampled_from(RECORDS), st.data())
def test_any_change_of_a_record_is_a_record_or_unreadable(
    record: Record, data: st.DataObject
) -> None:
    word, text = records.encode(record)
    body = json.loads(text)
    key = data.draw(st.sampled_from(sorted(body)))
    body[key] = data.draw(JSON)
    changed = json.dumps(body).encode("utf-8", "surrogatepass")
    with suppress(records.Unreadable):
        assert records.decode(word, 1, changed, records.sum_of(changed)) is not None


@given(st.none() | st.text() | st.integers(), st.none() | st.text(), st.none() | st.text())
def test_columns_of_any_type_are_unreadable(word: object, version: object, text: object) -> None:
    with pytest.raises(records.Unreadable):
        records.decode(word, version, text, b"")


# --- when the journal is written ---


def test_from_the_first_failure_until_it_is_empty_everything_goes_there(
    journal: LocalJournal,
) -> None:
    keeping = Keeping(journal)
    assert not keeping.keep_if_on(reports(1))
    keeping.keep(reports(1))
    assert keeping.is_on
    assert keeping.keep_if_on(reports(1, 1))
    assert not keeping.end()
    journal.forget([entry.seq for entry in journal.kept()])
    assert keeping.end()
    assert not keeping.is_on


def test_a_transmitter_that_repeats_is_kept_once(journal: LocalJournal) -> None:
    keeping = Keeping(journal)
    with_key, other = a_report(key="k"), a_report(key="k", body_hash="other")
    keeping.keep([with_key, a_report()])
    assert keeping.has(with_key)
    assert not keeping.has(other)
    assert not keeping.has(a_report())
    journal.forget([entry.seq for entry in journal.kept()])
    assert keeping.end()
    assert not keeping.has(with_key)


def test_a_redelivery_is_kept_once_by_its_number(journal: LocalJournal) -> None:
    keeping = Keeping(journal)
    keeping.keep([a_report(packet=7)])
    assert keeping.has(a_report(packet=7, duplicate=True))
    assert not keeping.has(a_report(packet=7))
    assert not keeping.has(a_report(packet=8, duplicate=True))
    assert not keeping.has(a_report(packet=7, duplicate=True, body_hash="other"))
    keeping.forget_numbers()
    assert not keeping.has(a_report(packet=7, duplicate=True))


def test_a_writer_waits_for_the_last_of_a_journal_and_then_uses_the_database(
    journal: LocalJournal,
) -> None:
    keeping = Keeping(journal)
    keeping.keep(reports(1))
    keeping.pause()
    assert keeping.is_pausing
    with ThreadPoolExecutor(1) as writer:
        kept = writer.submit(keeping.keep_if_on, reports(1))
        journal.forget([entry.seq for entry in journal.kept()])
        assert keeping.end()
        keeping.resume()
        assert not kept.result()
    assert journal.kept() == []


def test_a_writer_goes_on_where_the_journal_is_written_still(journal: LocalJournal) -> None:
    keeping = Keeping(journal)
    keeping.keep(reports(1))
    keeping.pause()
    with ThreadPoolExecutor(1) as writer:
        kept = writer.submit(keeping.keep_if_on, reports(1))
        keeping.resume()
        assert kept.result()
    assert not keeping.is_pausing
    assert len(journal.kept()) == 2

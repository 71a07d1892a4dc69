"""The machine's id is made once and stays."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from workstation.adapters.system.machine import client_id, machine_id


def test_it_is_made_once_and_kept(tmp_path: Path) -> None:
    made = machine_id(tmp_path)
    assert re.fullmatch(r"[0-9a-f]{8}", made)
    assert machine_id(tmp_path) == made
    assert [file.name for file in tmp_path.iterdir()] == ["machine-id"]


def test_programs_that_start_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(machine_id, [tmp_path] * 32))
    assert len(made) == 1
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("damage", [b"", b"nonsense\n", b"\xff\xfe"])
def test_a_damaged_one_is_made_anew(damage: bytes, tmp_path: Path) -> None:
    (tmp_path / "machine-id").write_bytes(damage)
    made = machine_id(tmp_path)
    assert re.fullmatch(r"[0-9a-f]{8}", made)
    assert machine_id(tmp_path) == made


def test_where_nothing_can_be_kept_it_is_still_the_same(tmp_path: Path) -> None:
    nowhere = tmp_path / "file"
    nowhere.touch()
    assert machine_id(nowhere) == machine_id(nowhere)
    assert re.fullmatch(r"[0-9a-f]{8}", machine_id(nowhere))


def test_a_session_s_name_tells_role_machine_and_instance() -> None:
    assert client_id("hub", "desk", "1a2b3c4d") == "hub-desk-1a2b3c4d"
    assert client_id("hub", "ingest", "1a2b3c4d", "2") == "hub-ingest-1a2b3c4d-2"

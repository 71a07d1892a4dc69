"""What is imported stands in the database; of a file with an error nothing does."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from tests.commands.conftest import HubFolder
from workstation.adapters.db.database import Database
from workstation.adapters.record.register import COLUMNS, Record
from workstation.adapters.record.round_csv import COLUMNS as ROUND_COLUMNS
from workstation.adapters.system.clock import SystemClock
from workstation.domain.access import Looked
from workstation.domain.citizen import DeviceClass
from workstation.domain.names import CitizenId, DeviceName
from workstation.domain.round import VisitKind
from workstation.paths import root

EXAMPLES = root() / "docs" / "examples"
MARCH = (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
Found = TypeVar("Found")


def ask(hub: HubFolder, question: Callable[[Database], Awaitable[Found]]) -> Found:
    async def answered() -> Found:
        database = Database.open(f"sqlite:///{hub.database}", clock=SystemClock(), machine="desk-1")
        try:
            return await question(database)
        finally:
            database.close()

    return asyncio.run(answered())


@pytest.mark.parametrize("example", ["register.csv", "register.json"])
def test_the_examples_are_imported_and_say_the_same(example: str, hub: HubFolder) -> None:
    said = hub.run("register", "--import", str(EXAMPLES / example))
    assert (said.code, said.err) == (0, "")
    assert said.out == "1 citizen imported. 4 devices imported.\n"
    (citizen,) = ask(hub, lambda database: database.register.citizens())
    assert citizen.name == "Karen Østergård"
    assert citizen.numbers == ("+4500620017", "+4500620018")
    assert [contact.name for contact in citizen.contacts] == ["Anne Østergård", "Hjemmepleje aften"]
    assert list(citizen.instructions.values()) == ["Ring først; send udkørende ved fald"]
    devices = ask(hub, lambda database: database.register.devices())
    assert {device.name: device.citizen for device in devices} == {
        "pendant-17": "b-0017",
        "smoke-17": "b-0017",
        "pendant-99": None,
        "0042001": "b-0017",
    }
    assert {device.name for device in devices if device.profile == "volume_3_up"} == {"0042001"}


def test_the_import_stands_in_the_access_log(hub: HubFolder) -> None:
    hub.run("register", "--import", str(EXAMPLES / "register.csv"))
    (look,) = ask(hub, lambda database: database.register.looks(CitizenId("b-0017")))
    assert (look.what, look.operator, look.why) == (Looked.EDIT, "Anna", "import register.csv")


def test_a_file_with_an_error_imports_nothing(hub: HubFolder, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    text = (EXAMPLES / "register.csv").read_text(encoding="utf-8")
    wrong.write_text(
        text.replace("+4500620117", "12").replace(";pendant-99;", ";a/b;"), encoding="utf-8"
    )
    said = hub.run("register", "--import", str(wrong))
    assert (said.code, said.out) == (1, "")
    first, second, last = said.err.splitlines()
    assert first.startswith("Line 3, numbers: 12 is no telephone number")
    assert second.startswith("Line 8, device: a/b is no name of a device")
    assert last.startswith(f"{wrong}: nothing was imported")
    assert ask(hub, lambda database: database.register.citizens()) == []
    assert ask(hub, lambda database: database.register.devices()) == []


def test_a_second_import_replaces_cards_and_leaves_others(hub: HubFolder, tmp_path: Path) -> None:
    hub.run("register", "--import", str(EXAMPLES / "register.csv"))
    more = tmp_path / "more.csv"
    more.write_text(
        "record,citizen,kommune,name,device,class\n"
        "citizen,b-0018,0860,Ole Holm,,\n"
        "device,b-0017,0510,,pendant-99,pull_cord\n",
        encoding="utf-8",
    )
    assert hub.run("register", "--import", str(more)).code == 0
    names = [one.name for one in ask(hub, lambda database: database.register.citizens())]
    assert names == ["Karen Østergård", "Ole Holm"]
    devices = {one.name: one for one in ask(hub, lambda database: database.register.devices())}
    assert len(devices) == 4
    replaced = devices[DeviceName("pendant-99")]
    assert (replaced.citizen, replaced.device_class) == ("b-0017", DeviceClass.PULL_CORD)


def test_the_round_of_the_example(hub: HubFolder) -> None:
    hub.run("register", "--import", str(EXAMPLES / "register.csv"))
    for _twice in range(2):
        said = hub.run("round", "--import", str(EXAMPLES / "round.csv"))
        assert (said.code, said.out, said.err) == (0, "3 visits imported.\n", "")
    visits = hub.run("round", "--all").out.splitlines()
    assert len(visits) == 1 + 3


def test_a_round_of_unknown_citizens_is_refused(hub: HubFolder) -> None:
    said = hub.run("round", "--import", str(EXAMPLES / "round.csv"))
    assert said.code == 1
    assert said.err.startswith("Line 2, citizen: there is no citizen b-0017")
    assert len(said.err.splitlines()) == 3 + 1


def test_the_tolerance_is_the_settings_own(hub: HubFolder) -> None:
    hub.add("[visit.tolerance_min]\nscreen_visit = 7")
    hub.run("register", "--import", str(EXAMPLES / "register.csv"))
    hub.run("round", "--import", str(EXAMPLES / "round.csv"))
    visits = ask(hub, lambda database: database.round.visits(*MARCH))
    minutes = {visit.kind: visit.tolerance.total_seconds() / 60 for visit in visits}
    assert minutes == {
        VisitKind.SCREEN_VISIT: 7,
        VisitKind.PLANNED_CALL: 30,
        VisitKind.NIGHT_CHECK: 15,
    }


@pytest.mark.parametrize("word", ["register", "round"])
@pytest.mark.parametrize("content", [None, b"", b"\x81\0", b"{", b"a;b\n1;2\n"])
def test_a_file_that_is_none_is_told(
    word: str, content: bytes | None, hub: HubFolder, tmp_path: Path
) -> None:
    file = tmp_path / "file.csv"
    if content is not None:
        file.write_bytes(content)
    said = hub.run(word, "--import", str(file))
    assert (said.code, said.out) == (1, "")
    assert str(file) in said.err


def test_every_column_stands_in_the_document() -> None:
    text = (root() / "docs" / "register.md").read_text(encoding="utf-8")
    cells = {
        word
        for line in text.splitlines()
        if line.startswith("| `")
        for word in line.split("|")[1].replace("`", "").replace(",", " ").split()
    }
    assert cells == {"record", *ROUND_COLUMNS, *(one for own in COLUMNS.values() for one in own)}


def test_the_document_says_which_record_has_which_column() -> None:
    text = (root() / "docs" / "register.md").read_text(encoding="utf-8")
    register = text.partition("\n## Register\n")[2].partition("\n## Round\n")[0]
    rows = [line.split("|")[1:6] for line in register.splitlines() if line.startswith("| `")]
    said = {
        (column, record)
        for names, *filled in rows
        for column in names.replace("`", "").replace(",", " ").split()
        for record, cell in zip(Record, filled, strict=True)
        if cell.strip()
    }
    assert said == {
        *(("record", record) for record in Record),
        *((column, record) for record, own in COLUMNS.items() for column in own),
    }

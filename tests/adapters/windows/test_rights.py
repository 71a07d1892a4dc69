"""The machine's folders, in a place where somebody else may have been first."""

import os
import sys
from pathlib import Path

import pytest

from workstation.adapters.windows import rights

if sys.platform == "win32":
    import _winapi  # what else makes a junction is a program of its own

    def lead(place: Path, target: Path) -> None:
        try:
            _winapi.CreateJunction(str(target), str(place))
        except OSError as error:
            pytest.skip(f"no junctions here: {error.strerror}")  # Wine 8 has none
else:

    def lead(place: Path, target: Path) -> None:
        place.symlink_to(target, target_is_directory=True)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder that whoever set the trap wants to reach."""
    made = tmp_path / "elsewhere"
    made.mkdir()
    (made / "file").write_text("of the system")
    return made


@pytest.fixture
def stranger_s(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is there was made by somebody who is no administrator."""
    monkeypatch.setattr(rights, "_is_ours", lambda _place: False)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "machine" / "logs"


def test_a_link_in_its_place_is_put_aside_and_not_followed(place: Path, elsewhere: Path) -> None:
    place.parent.mkdir()
    lead(place, elsewhere)
    before = elsewhere.stat().st_mode
    aside = rights.make_folder(place, rights.WRITTEN_BY_ALL)
    assert aside is not None
    assert aside.parent == place.parent
    assert list(place.iterdir()) == []
    assert (elsewhere.stat().st_mode, (elsewhere / "file").read_text()) == (before, "of the system")


@pytest.mark.usefixtures("stranger_s")
def test_what_a_stranger_made_is_put_aside_with_all_that_is_in_it(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.mkdir(parents=True)
    (place / "settings.toml").write_text("planted")
    aside = rights.put_aside(place)
    assert aside is not None
    assert (aside / "settings.toml").read_text() == "planted"
    assert not place.exists()


def test_what_is_ours_stays_where_it_is(place: Path) -> None:
    assert rights.make_folder(place, rights.WRITTEN_BY_ALL) is None
    (place / "desk.log").write_text("line")
    assert rights.make_folder(place, rights.WRITTEN_BY_ALL) is None
    assert rights.put_aside(place / "desk.log") is None
    assert rights.put_aside(place / "none") is None
    assert (place / "desk.log").read_text() == "line"


def test_removing_it_takes_its_files_and_follows_nothing(place: Path, elsewhere: Path) -> None:
    rights.make_folder(place, rights.WRITTEN_BY_ALL)
    (place / "desk.log").write_text("line")
    lead(place / "trap", elsewhere)
    rights.remove_folder(place)
    assert (elsewhere / "file").read_text() == "of the system"
    assert not (place / "desk.log").exists()
    if os.path.lexists(place / "trap"):
        (place / "trap").rmdir()
        rights.remove_folder(place)
    assert not place.exists()
    rights.remove_folder(place)


def test_a_link_is_not_removed_into(place: Path, elsewhere: Path) -> None:
    place.parent.mkdir()
    lead(place, elsewhere)
    rights.remove_folder(place)
    assert (elsewhere / "file").read_text() == "of the system"


def test_a_folder_in_it_is_not_ours_to_remove(place: Path) -> None:
    rights.make_folder(place, rights.WRITTEN_BY_ALL)
    (place / "own").mkdir()
    (place / "desk.log").write_text("line")
    rights.remove_folder(place)
    assert [one.name for one in place.iterdir()] == ["own"]

"""Folders that are kept by what went in, and commands whose last words are told."""

import sys

import pytest

from installer.shop import BuildFailedError, kept, key_of, run


def test_what_is_kept_is_made_once(tmp_path):
    made = []

    def make(folder):
        made.append(folder)
        (folder / "it").write_text("made", encoding="utf-8")

    first = kept("thing", "key", make, tmp_path)
    assert kept("thing", "key", make, tmp_path) == first
    assert (first / "it").read_text(encoding="utf-8") == "made"
    assert len(made) == 1
    kept("thing", "other", make, tmp_path)
    assert len(made) == 2


def test_what_broke_off_is_made_anew(tmp_path):
    def breaks(folder):
        (folder / "half").touch()
        raise BuildFailedError("no more room")

    with pytest.raises(BuildFailedError):
        kept("thing", "key", breaks, tmp_path)
    folder = kept("thing", "key", lambda empty: (empty / "whole").touch(), tmp_path)
    assert [file.name for file in folder.iterdir()] == ["whole"]


def test_a_key_changes_with_a_file_s_name_and_content_and_with_nothing_else(tmp_path):
    folder = tmp_path / "source"
    (folder / "__pycache__").mkdir(parents=True)
    (folder / "a.py").write_text("1", encoding="utf-8")
    before = key_of(folder, "x")
    (folder / "__pycache__/a.pyc").touch()
    assert key_of(folder, "x") == before
    assert key_of(folder, "y") != before
    (folder / "a.py").write_text("2", encoding="utf-8")
    assert key_of(folder, "x") != before


def test_a_command_that_fails_tells_its_last_words():
    with pytest.raises(BuildFailedError, match=r"(?s)so it ended.*exit code 3"):
        run(sys.executable, "-c", "print('so it ended'); raise SystemExit(3)")
    with pytest.raises(BuildFailedError, match="is not installed"):
        run("no-such-program-at-all")

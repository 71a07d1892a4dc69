"""The program without a console says in a box what another would print."""

import sys
from pathlib import Path

import pytest

import main
from workstation import paths
from workstation.adapters.system import black_box
from workstation.adapters.windows import message_box
from workstation.application.errors import SchemaMismatch
from workstation.commands import boxed
from workstation.commands.arguments import parser
from workstation.complaints import sentence


class Boxes(list[tuple[str, str]]):
    def tell(self, title: str, sentence: str) -> None:
        self.append((title, sentence))


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> Boxes:
    # So it is without a console.
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    return Boxes()


def test_settings_that_cannot_be_read_are_told_in_a_box(
    boxes: Boxes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(paths.BLACK_BOX, str(tmp_path / "box"))  # one that is kept, not the keeper
    config = tmp_path / "hub.toml"
    code = boxed.run(["--config", str(config)], main._do, tell=boxes.tell)
    assert code == 1
    [(title, sentence)] = boxes
    assert title == "E-team"
    assert str(config) in sentence


def test_what_is_not_understood_is_told_in_a_box(boxes: Boxes) -> None:
    with pytest.raises(SystemExit):
        boxed.run(["--no-such"], main._do, tell=boxes.tell)
    assert "--no-such" in boxes[0][1]


def test_a_desk_without_a_word_is_kept_and_silence_opens_no_box(boxes: Boxes) -> None:
    asked = []

    def do(wanted, argv, _out, _err):
        asked.append((wanted.word, wanted.restart, list(argv)))
        return 0

    assert boxed.run([], do, tell=boxes.tell) == 0
    assert asked == [("desk", True, [])]
    assert boxes == []


def test_a_second_start_brings_the_window_forward_without_a_word(boxes: Boxes) -> None:
    def do(_wanted, _argv, out, _err):
        out.write("The window is open already; it has come to the front.\n")
        return 0

    assert boxed.run(["--config", "hub.toml"], do, tell=boxes.tell) == 0
    assert boxes == []


def test_what_a_word_prints_is_shown(boxes: Boxes) -> None:
    def do(_wanted, _argv, out, _err):
        out.write("everything is well\n")
        return 0

    boxed.run(["check", "--config", "hub.toml"], do, tell=boxes.tell)
    assert boxes == [("E-team", "everything is well")]


def test_a_desk_that_is_started_again_waits_for_nobody_to_close_a_box(
    boxes: Boxes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_wanted, _argv, _out, err):
        err.write("It ended badly.\n")
        return black_box.ENDED_BADLY

    monkeypatch.setenv(paths.BLACK_BOX, str(tmp_path / "box"))
    assert boxed.run([], die, tell=boxes.tell) == black_box.ENDED_BADLY
    assert boxes == []
    # The keeper, which has given up, is the last that can say it.
    monkeypatch.delenv(paths.BLACK_BOX)
    boxed.run([], die, tell=boxes.tell)
    assert boxes == [("E-team", "It ended badly.")]


@pytest.mark.skipif(sys.platform == "win32", reason="it would wait for somebody to close it")
def test_elsewhere_there_are_no_boxes() -> None:
    assert message_box.tell("title", "sentence") is False


def test_which_program_this_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not paths.is_window_program()
    assert (
        paths.own_command()
        == paths.this_program()
        == [sys.executable, str(paths.root() / "main.py")]
    )
    window, console = tmp_path / "workstation.exe", tmp_path / "workstationctl.exe"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(window))
    assert paths.is_window_program()
    assert paths.own_command() == [str(window)]
    console.write_text("")
    assert paths.own_command() == [str(console)]
    assert paths.this_program() == [str(window)]
    monkeypatch.setattr(sys, "executable", str(console))
    assert not paths.is_window_program()
    assert paths.own_command() == [str(console)]


@pytest.mark.parametrize(
    ("executable", "own", "typed"),
    [
        (None, "main.py", "main.py"),
        ("workstation.exe", "workstation", "workstationctl"),
        ("workstationctl.exe", "workstationctl", "workstationctl"),
        ("Workstation.EXE", "workstation", "workstationctl"),
    ],
)
def test_usage_and_sentences_call_the_program_by_its_name(
    executable: str | None,
    own: str,
    typed: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if executable is not None:
        monkeypatch.setattr(sys, "frozen", True, raising=False)
        monkeypatch.setattr(sys, "executable", str(tmp_path / executable))
    assert parser().format_usage().startswith(f"usage: {own} ")
    assert f"run {typed} migrate," in sentence(SchemaMismatch("older", have="1", want="2"))

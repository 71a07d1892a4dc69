"""Every call of the contract is understood, and what is not is told in a sentence with exit 2."""

import shlex
from argparse import Namespace
from datetime import date
from pathlib import Path

import pytest

from workstation import __version__
from workstation.adapters.simulated.devices import SCENARIOS
from workstation.commands import arguments, machine_words, people_words
from workstation.commands.arguments import parse
from workstation.commands.headless import WORDS
from workstation.domain.kind import Outcome
from workstation.domain.rights import Role


def asked(line: str) -> Namespace:
    return parse(shlex.split(line))


def refused(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    with pytest.raises(SystemExit) as caught:
        parse(argv)
    assert caught.value.code == 2
    usage, _, sentence = capsys.readouterr().err.rstrip("\n").rpartition("\n")
    assert usage.startswith("usage: ")
    return sentence


@pytest.mark.parametrize("argv", [[], ["--config", "x"], ["desk", "--config", "x"]])
def test_without_a_word_it_is_the_desk(argv: list[str]) -> None:
    wanted = parse(argv)
    assert wanted.word == "desk"
    assert wanted.config == (Path("x") if argv else None)
    assert wanted.instance == ""


def test_the_demo() -> None:
    wanted = asked("demo --seed 7 --data d --scenario storm --shot a.png --quit-after 2.5")
    assert (wanted.seed, wanted.data, wanted.scenario) == (7, Path("d"), "storm")
    assert (wanted.shot, wanted.quit_after) == (Path("a.png"), 2.5)
    assert parse(["demo"]).scenario == "evening"


def test_a_simulated_unit_needs_no_hub_of_its_own() -> None:
    wanted = parse(["scaip-unit", "--to", "sip:scaip@hub.example"])
    assert (wanted.config, wanted.scenario, wanted.cid) == (None, "alarm-with-voice", "4711")


def test_every_word_that_needs_no_window_wants_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    more = {
        "call": ["+4574621048"],
        "register": ["--import", "x.csv"],
        "alarm": ["take", "a1", "--as", "anna"],
        "user": ["list"],
        "audit": ["verify"],
        "recordings": ["list", "--as", "eva"],
    }
    for word in WORDS - {"scaip-unit", "close", *machine_words.WORDS}:
        assert parse([word, "--config", "x", *more.get(word, [])]).word == word
        assert refused(capsys, word, *more.get(word, [])).endswith(
            "--config is missing; see --help."
        )


def test_listings() -> None:
    for word in ("alarms", "calls", "round"):
        wanted = parse([word, "--config", "x", "--json", "--all", "--since", "2h"])
        assert wanted.json
        assert wanted.all
        assert wanted.since is not None
    assert parse(["round", "--config", "x", "--day", "2026-03-14"]).day == date(2026, 3, 14)


def test_a_call() -> None:
    wanted = parse(
        ["call", "sip:a@b", "--config", "x", "--seconds", "5", "--record", "r.wav", "--json"]
    )
    assert (wanted.target, wanted.seconds, wanted.record) == ("sip:a@b", 5.0, Path("r.wav"))


def test_a_load() -> None:
    wanted = asked("simulate --config x --devices 40 --rate 100 --seconds 1.5 --kind reading")
    assert (wanted.devices, wanted.rate, wanted.seconds) == (40, 100.0, 1.5)
    assert wanted.kind == "reading"


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["nonsense"], "nonsense"),
        (["alarms", "--config", "x", "--since", "soon"], "soon does not fit --since"),
        (["alarms", "--config", "x", "--nonsense"], "--nonsense is not known here"),
        (["alarms", "--config"], "--config needs a value"),
        (["demo", "--scenario", "party"], "party is not one of 'quiet'"),
        (["demo", "--quit-after", "nan"], "nan does not fit --quit-after"),
        (["simulate", "--config", "x", "--devices", "0"], "0 does not fit --devices"),
        (["desk", "--instance", "a b"], "a b does not fit --instance"),
        (["round", "--config", "x", "--day", "2026-03-14", "--import", "f"], "does not go with"),
        (["register", "--config", "x"], "--import is missing"),
        (["alarm", "resolve", "a1", "--config", "x", "--as", "anna"], "--outcome is missing"),
        (["alarm", "note", "a1", "--config", "x", "--as", "anna"], "--text is missing"),
        (["alarm", "take", "a1", "--config", "x"], "--as is missing"),
        (["alarm", "eat", "a1", "--config", "x", "--as", "anna"], "eat is not one of 'take'"),
        (["user", "add", "bo", "--config", "x"], "--role is missing"),
        (["user", "disable", "--config", "x"], "NAME is missing"),
        (["user", "add", "bo", "--config", "x", "--role", "boss"], "boss is not one of"),
    ],
)
def test_what_is_not_understood_is_told(
    argv: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sentence in refused(capsys, *argv)


def test_alarm_and_user() -> None:
    wanted = asked("alarm resolve a1 --config x --as anna --outcome test --text ok --json")
    assert (wanted.act, wanted.alarm, wanted.by, wanted.outcome) == (
        "resolve",
        "a1",
        "anna",
        "test",
    )
    assert (wanted.text, wanted.json) == ("ok", True)
    wanted = asked('user add bo --role it --kommuner 0510,0860 --name "Bo B" --config x')
    assert (wanted.act, wanted.user, wanted.role, wanted.name) == ("add", "bo", "it", "Bo B")
    assert wanted.kommuner == "0510,0860"


def test_their_choices_are_the_domain_s() -> None:
    assert tuple(Role) == people_words.ROLES
    assert tuple(Outcome) == people_words.OUTCOMES


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out.strip() == __version__


def test_the_scenarios_are_the_demo_s() -> None:
    assert set(arguments.SCENARIOS) == set(SCENARIOS)

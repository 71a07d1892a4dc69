"""The recipe for a Windows build machine: well-formed, and what it starts is there."""

import re
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

from installer import build
from installer.telephony import build as telephony
from installer.telephony.targets import TARGETS
from tests import drawings

TEXT = (drawings.ROOT / ".ci" / "windows.yml").read_text(encoding="utf-8")
# Brought along by the broker that is embedded; it carries no types.
RECIPE: Any = import_module("yaml").safe_load(TEXT)
STEPS = [(job, step) for job, one in RECIPE["jobs"].items() for step in one["steps"]]
RUNS = [(job, step["run"]) for job, step in STEPS if "run" in step]
OURS = re.compile(r"(?<![\w./\\-])(?:installer|tests|requirements)[\w./-]*")
MODULE = re.compile(r"python3? -m ([\w.]+)")
SCRIPT = re.compile(r"python3? ([\w./]+\.py)")
ACTION = re.compile(r"actions/[a-z-]+@v[0-9]+")


def test_it_has_the_parts_of_a_workflow():
    # YAML 1.1 reads the key `on` as true.
    assert set(RECIPE) == {"name", True, "permissions", "jobs"}
    assert RECIPE["permissions"] == {"contents": "read"}
    for job in RECIPE["jobs"].values():
        assert set(job) <= {
            "needs", "runs-on", "container", "timeout-minutes", "defaults", "env", "steps",
        }  # fmt: skip
        assert job.get("needs", "telephony") in RECIPE["jobs"]


@pytest.mark.parametrize(("job", "step"), STEPS)
def test_each_step_runs_or_uses_one_thing(job, step):
    assert set(step) <= {"name", "uses", "with", "run", "env", "if"}
    assert ("run" in step) != ("uses" in step)
    if "uses" in step:
        assert ACTION.fullmatch(step["uses"])


@pytest.mark.parametrize(("job", "run"), RUNS)
def test_what_it_starts_is_there(job, run):
    for module in MODULE.findall(run):
        assert find_spec(module), module
    for path in (*SCRIPT.findall(run), *OURS.findall(run)):
        module = path.replace(".", "/") + ".py"
        assert list(drawings.ROOT.glob(path)) or (drawings.ROOT / module).exists(), path


def test_the_builds_know_their_options():
    source = (drawings.ROOT / build.__file__).read_text(encoding="utf-8")
    known = set(re.findall(r'add_argument\("(--[a-z]+)"', source))
    steps = [run for _, run in RUNS if "installer/build.py" in run]
    asked = [set(re.findall(r"(?<![\w-])--[a-z]+", step)) for step in steps]
    assert asked == [
        {"--telephony", "--into", "--certificate", "--timestamp"},
        {"--telephony", "--into", "--version"},
    ]
    assert set.union(*asked) <= known
    source = (drawings.ROOT / telephony.__file__).read_text(encoding="utf-8")
    assert '"--needs"' in source
    assert "windows" in TARGETS


def test_secrets_reach_a_command_by_its_environment_only():
    assert [run for _, run in RUNS if "secrets." in run] == []
    named = set(re.findall(r"secrets\.(\w+)", TEXT))
    assert named == {"SIGNING_CERTIFICATE", "SIGNING_PASSWORD"}
    assert all(name in TEXT.partition("\nname:")[0] for name in named)


def test_artifacts_that_are_fetched_were_put_there():
    put = {step["with"]["name"] for _, step in STEPS if "upload" in step.get("uses", "")}
    fetched = {step["with"]["name"] for _, step in STEPS if "download" in step.get("uses", "")}
    assert fetched == {"telephony"}
    assert fetched <= put


def test_it_is_the_python_that_the_program_is_frozen_by():
    setup = next(step for _, step in STEPS if "setup-python" in step.get("uses", ""))
    assert setup["with"]["python-version"] == "3.12"

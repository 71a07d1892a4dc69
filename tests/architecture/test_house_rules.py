"""Rules of CONTRIBUTING.md that the linters cannot see."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    path
    for folder in ("workstation", "ui", "tests", ".ci")
    for path in (ROOT / folder).rglob("*.py")
)
PRODUCT = [path for path in SOURCES if path.relative_to(ROOT).parts[0] in {"workstation", "ui"}]

VAGUE = re.compile(r"(Manager|Helper|Util|Utils|Data|Info|Handler|Impl)$")
SPINS = {
    "processEvents": "re-enters the loop",
    "qWait": "waits for time, not for a fact",
    "sleep": "waits for time, not for a fact",
}

LONGEST = 300
EXCUSED_FOR_NOTHING = re.compile(r"# (noqa: [A-Z0-9, ]+|noqa|type: ignore(\[[a-z, -]+\])?)$")


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_classes_are_named_after_what_they_are():
    vague = [
        f"{place(path)}: {node.name}"
        for path in PRODUCT
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef) and VAGUE.search(node.name)
    ]
    assert vague == []


def is_pace(path: Path, call: ast.Call) -> bool:
    """A pace in the product or the bench; `asyncio.sleep(0)`, which waits for nothing, anywhere."""
    said = ast.unparse(call)
    paced = path in PRODUCT or place(path).startswith("tests/bench/")
    return said == "asyncio.sleep(0)" or (paced and said.startswith("asyncio.sleep("))


def test_a_module_fits_in_a_head():
    long = [
        place(path)
        for path in PRODUCT
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST
    ]
    assert long == []


def test_an_exemption_has_its_reason_on_the_same_line():
    unexplained = [
        f"{place(path)}:{number}: {line.strip()}"
        for path in (*SOURCES, ROOT / "main.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if EXCUSED_FOR_NOTHING.search(line)
    ]
    assert unexplained == []


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_nobody_spins_or_sleeps(path):
    found = [
        f"line {node.lineno}: {node.func.attr} {SPINS[node.func.attr]}"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in SPINS
        and not is_pace(path, node)
    ]
    assert found == []


def test_nothing_names_this_machine_or_a_registry():
    words = ("/work/", "pypi.org", "pythonhosted.org")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = [
        f"{name}: {word}"
        for name in listed.stdout.split("\0")
        if (ROOT / name).is_file() and ROOT / name != Path(__file__)
        for word in words
        if word.encode() in (ROOT / name).read_bytes()
    ]
    assert found == []


def test_dev_explains_itself():
    answer = subprocess.run(
        [ROOT / "dev", "dance"], capture_output=True, text=True, check=False, timeout=20
    )
    assert answer.returncode == 2
    assert all(
        f"./dev {word}" in answer.stderr
        for word in ("setup", "demo", "run", "test", "check", "bench")
    )

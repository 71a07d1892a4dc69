"""docs/security.md promises nothing that no test tries."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (?P<promise>[^|]+) \| (?P<tests>[^|]*`tests/[^|]+) \|$", re.MULTILINE)
NAMED = sorted(set(re.findall(r"`(tests/[a-z_/0-9]+\.py(?:::[A-Za-z_0-9]+)?)`", TEXT)))


def test_every_row_of_a_promise_names_a_test() -> None:
    promised = TEXT.partition("## Promises")[2].partition("## Where refusals")[0]
    rows = [
        line
        for line in promised.splitlines()
        if line.startswith("| ") and not line.startswith("| Promise")
    ]
    assert len(rows) > 30
    assert [row for row in rows if ROW.match(row) is None] == []


@pytest.mark.parametrize("named", NAMED)
def test_the_test_exists(named: str) -> None:
    file, _, name = named.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    found = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert not name or name in found

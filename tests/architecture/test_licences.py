"""The licence check refuses what may not be shipped and keeps its own lists tidy."""

import runpy
import shutil

import pytest


@pytest.fixture
def tree(tmp_path, root):
    (tmp_path / "docs").mkdir()
    for name in ("requirements.txt", "requirements-dev.txt", "docs/licences.md"):
        shutil.copy(root / name, tmp_path / name)
    return tmp_path


def test_our_own_dependencies_pass(tree, guard):
    verdict = guard("licences.py", "--root", tree)
    assert verdict.returncode == 0, verdict.stdout


def test_a_dependency_that_says_nothing_is_refused(tree, guard):
    lock = tree / "requirements-dev.txt"
    lock.write_text(f"{lock.read_text(encoding='utf-8')}mystery==1.0 \\\n", encoding="utf-8")
    verdict = guard("licences.py", "--root", tree)
    assert verdict.returncode == 1
    assert "mystery: licence 'unknown' is not allowed" in verdict.stdout


def test_a_list_that_is_not_up_to_date_is_refused(tree, guard):
    page = tree / "docs/licences.md"
    page.write_text(page.read_text(encoding="utf-8").replace("MIT", "BSD"), encoding="utf-8")
    assert "not up to date" in guard("licences.py", "--root", tree).stdout
    assert guard("licences.py", "--root", tree, "--update").returncode == 0


@pytest.mark.parametrize(
    ("name", "expression", "fine"),
    [
        ("a", "MIT", True),
        ("a", "GPL-3.0-only", False),
        ("a", "LGPL-3.0-only OR GPL-3.0-only", True),
        ("a", "MIT AND GPL-3.0-only", False),
        ("a", "GPL-2.0-or-later", False),
        ("pjsua2-python", "GPL-2.0-or-later", True),
        ("a", "", False),
    ],
)
def test_one_side_of_or_and_every_side_of_and_must_be_allowed(root, name, expression, fine):
    script = runpy.run_path(str(root / ".ci/licences.py"))
    assert script["is_allowed"](name, expression) is fine

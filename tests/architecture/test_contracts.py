"""The import contracts catch what they promise: each is broken once, on purpose."""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

PACKAGES = (
    "ui",
    "ui/views",
    "workstation",
    "workstation/adapters",
    "workstation/adapters/db",
    "workstation/adapters/headset",
    "workstation/adapters/identity",
    "workstation/adapters/mqtt",
    "workstation/adapters/record",
    "workstation/adapters/simulated",
    "workstation/adapters/sip",
    "workstation/adapters/system",
    "workstation/adapters/windows",
    "workstation/application",
    "workstation/commands",
    "workstation/domain",
    "workstation/wire",
)
MODULES = (
    "workstation/bootstrap.py",
    "workstation/complaints.py",
    "workstation/paths.py",
    "workstation/settings.py",
    "workstation/texts.py",
)

LAWFUL = {
    "ui/tasks.py": "import qasync\nfrom PySide6.QtCore import QObject\n",
    "workstation/adapters/db/engine.py": "import alembic\nimport psycopg\nimport sqlalchemy\n",
    "workstation/adapters/headset/hid.py": "import hid\nimport hidraw\n",
    "workstation/adapters/identity/provider.py": "import authlib\nimport httpx\nimport joserfc\n",
    "workstation/adapters/mqtt/feed.py": "import amqtt\nimport paho.mqtt.client\n",
    "workstation/adapters/record/sheets.py": "import xlsxwriter\n",
    "workstation/adapters/sip/process.py": "import pjsua2\n",
}

VIOLATIONS = [
    # Arrows point inwards
    ("workstation/domain/alarm.py", "import workstation.application", "Arrows point inwards"),
    ("workstation/wire/hub.py", "import workstation.adapters.mqtt", "Arrows point inwards"),
    ("workstation/application/desk.py", "import workstation.wire", "Arrows point inwards"),
    ("workstation/adapters/db/store.py", "import workstation.bootstrap", "Arrows point inwards"),
    ("ui/views/queue.py", "import workstation.adapters.db", "Arrows point inwards"),
    ("workstation/adapters/system/clock.py", "import ui.views", "Arrows point inwards"),
    ("workstation/domain/call.py", "import workstation.paths", "Arrows point inwards"),
    # the others
    ("workstation/helpers.py", "", "workstation/ holds these layers and no others"),
    (
        "workstation/adapters/sip/line.py",
        "import workstation.adapters.db",
        "Adapters do not know each other",
    ),
    ("workstation/adapters/fax.py", "", "Adapters do not know each other"),
    ("workstation/domain/queue.py", "import random", "Domain and wire are pure"),
    ("workstation/wire/shelly.py", "import asyncio", "Domain and wire are pure"),
    (
        "workstation/application/inbox.py",
        "from PySide6.QtCore import QObject",
        "The workstation runs without a screen",
    ),
    ("ui/views/panel.py", "import paho.mqtt.client", "paho stops in its adapter"),
    ("workstation/bootstrap.py", "import amqtt", "amqtt stops in its adapter"),
    ("workstation/application/call.py", "import pjsua2", "pjsua2 stops in its adapter"),
    ("workstation/application/call.py", "import hid", "hidapi stops in its adapter"),
    ("workstation/commands/calls.py", "import xlsxwriter", "xlsxwriter stops in its adapter"),
    ("workstation/bootstrap.py", "import sqlalchemy", "The database stops in its adapter"),
    ("workstation/bootstrap.py", "import psycopg", "The database stops in its adapter"),
    ("workstation/application/desk.py", "import alembic", "The database stops in its adapter"),
    *(
        (
            "workstation/bootstrap.py",
            f"import {library}",
            "The identity provider's libraries stop in its adapter",
        )
        for library in ("authlib", "httpx", "joserfc")
    ),
]


@pytest.fixture
def skeleton(plant, root) -> Path:
    files = {f"{package}/__init__.py": "" for package in PACKAGES}
    tree: Path = plant(files | dict.fromkeys(MODULES, "") | LAWFUL)
    shutil.copy(root / "pyproject.toml", tree)
    return tree


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sysconfig.get_path("scripts")) / "lint-imports", "--no-cache"],
        cwd=tree,
        # A wide "terminal": a contract's name and its verdict stay on one line.
        env=os.environ | {"PYTHONPATH": str(tree), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_an_innocent_tree_keeps_every_contract(skeleton):
    verdict = lint(skeleton)
    assert verdict.returncode == 0, verdict.stdout
    assert " 0 broken" in verdict.stdout


@pytest.mark.parametrize(("path", "line", "contract"), VIOLATIONS)
def test_a_planted_import_breaks_its_contract(skeleton, plant, path, line, contract):
    plant({path: f"{line}\n"})
    verdict = lint(skeleton)
    assert verdict.returncode != 0
    assert f"{contract} BROKEN" in verdict.stdout


def test_a_circle_between_siblings_is_seen(skeleton, plant):
    plant(
        {
            "workstation/domain/alarm.py": "import workstation.domain.queue\n",
            "workstation/domain/queue.py": "import workstation.domain.alarm\n",
        }
    )
    assert "Siblings make no circles BROKEN" in lint(skeleton).stdout

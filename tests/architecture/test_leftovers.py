"""Whatever a test leaves behind fails it: each kind is left behind once, on purpose."""

import os
import re
import subprocess
import sys

LEAKS = """
import asyncio
import logging
import threading
import warnings

from PySide6.QtCore import QTimer, qWarning
from PySide6.QtWidgets import QWidget

kept = []


def test_thread():
    door = threading.Event()
    threading.Thread(target=door.wait, daemon=True).start()


def test_timer(qapp):
    timer = QTimer()
    timer.start(1000)
    kept.append(timer)


def test_task():
    async def fail():
        raise ValueError

    async def forget():
        task = asyncio.create_task(fail())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task

    asyncio.run(forget())


def test_warning():
    warnings.warn("old", DeprecationWarning)


def test_qt_warning(qapp):
    qWarning("bad")


def test_coroutine():
    async def never():
        pass

    never()


def test_innocent(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    timer = QTimer(window)
    timer.start(1000)
"""


def test_leftovers_fail_their_test(plant, root):
    tree = plant({"test_leaks.py": LEAKS})
    verdict = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-c",
            root / "pyproject.toml",
            "-p",
            "tests.conftest",
            "-p",
            "no:cacheprovider",
            tree,
        ],
        cwd=root,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    guilty = set(re.findall(r"^(?:FAILED|ERROR) \S+::test_(\w+)", verdict.stdout, re.MULTILINE))
    assert guilty == {"thread", "timer", "task", "warning", "qt_warning", "coroutine"}

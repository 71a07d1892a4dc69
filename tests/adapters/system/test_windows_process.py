"""What Windows says of processes."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

if sys.platform != "win32":
    pytest.skip("needs Windows' processes", allow_module_level=True)

import ctypes

from workstation.adapters.system import window_channel, windows_process
from workstation.adapters.system.window_channel import Channel

IS_WINE = hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")  # it does not list pipes
WAITS = "import sys; sys.stdin.read()"


def test_the_processes_of_a_program_are_found_by_its_path(tmp_path):
    here = Path(sys.executable)
    other = subprocess.Popen([here, "-c", WAITS], stdin=subprocess.PIPE)
    found = windows_process.running(Path(str(here).upper()))
    assert {os.getpid(), other.pid} <= found
    assert windows_process.running(tmp_path / here.name) == set()
    assert not windows_process.has_ended(other.pid, within_s=0)
    other.communicate(b"")
    assert windows_process.has_ended(other.pid, within_s=30)


def test_a_window_is_asked_through_its_pipe():
    heard = []
    channel = Channel("test-of-the-pipe", {"front": lambda: heard.append("front")}, [os.getpid()])
    serving = threading.Thread(target=channel.serve)
    serving.start()
    try:
        assert IS_WINE or "test-of-the-pipe" in window_channel.reachable()
        assert window_channel.ask("test-of-the-pipe", "front", within_s=10) == [os.getpid()]
        assert heard == ["front"]
    finally:
        channel.close()
        serving.join()
    assert window_channel.ask("test-of-the-pipe", "front", within_s=1) is None

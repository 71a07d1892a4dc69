"""Desks and ingest as processes on one PostgreSQL and one broker: who is lost, and who watches."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.devices import alarm, topic
from tests.e2e.hub import Hub, Ingest
from tests.peers.headless_desk import HeadlessDesk
from tests.peers.mosquitto import Mosquitto
from tests.waiting import until
from workstation.adapters.system.clock import SystemClock

pytestmark = [pytest.mark.e2e, pytest.mark.peer]

QUICK = """
[sign_in]
kind = "off"
"""
BLUR = timedelta(seconds=2)
"""By how much a busy machine's heartbeats may misjudge the time."""
COMMAND = """
import os, sys
with open(sys.argv[1], "a") as file:
    print(os.environ["WORKSTATION_WATCH_KOMMUNER"], os.environ["WORKSTATION_WATCH_WHY"], file=file)
"""


class Room:
    """A hub of several processes with heartbeats every second and a lease of eight."""

    def __init__(self, folder: Path, broker: Mosquitto, database: str, stack: ExitStack) -> None:
        self.broker = broker
        self.called = folder / "called"
        command = json.dumps([sys.executable, "-c", COMMAND, str(self.called)])
        more = f"{QUICK}[watch]\ncommand = {command}\n"
        self._hub = Hub(folder, broker.url, more)
        text = self._hub.config.read_text()
        text = text.replace("unwatched_after_s = 86400", "unwatched_after_s = 4")
        text = text.replace('language = "en"', 'language = "en"\nheartbeat_s = 1\nlease_s = 8')
        sqlite = next(line for line in text.splitlines() if line.startswith('url = "sqlite'))
        self._hub.config.write_text(text.replace(sqlite, f'url = "{database}"'))
        stack.callback(self._hub.close)
        self._stack = stack

    def patient(self) -> None:
        """Let a desk be silent for two minutes: where many tests run, one may be for a while."""
        text = self._hub.config.read_text()
        self._hub.config.write_text(text.replace("lease_s = 8", "lease_s = 120"))

    def desk(self, name: str, operator: str, **wanted: Any) -> HeadlessDesk:
        one = HeadlessDesk(self._hub.config, name, operator=operator, **wanted)
        self._stack.callback(one.close)
        return one

    def ingest(self) -> Ingest:
        return self._hub.start().ready()

    def press(self, device: str = "pendant-1") -> None:
        self.broker.publish(topic(device), alarm())

    def calls(self) -> list[str]:
        return self.called.read_text().splitlines() if self.called.exists() else []


@pytest.fixture
def room(tmp_path: Path, mosquitto: Callable[..., Mosquitto], postgres_url: str) -> Iterator[Room]:
    with ExitStack() as stack:
        yield Room(tmp_path / "hub", mosquitto(), postgres_url, stack)


def only(desk: HeadlessDesk, code: str = "pendant") -> dict[str, Any]:
    """Return the one alarm of that code that the desk shows, as soon as it does.

    For a moment there may be two: as it was heard here, and as another desk stored it.
    """

    def found() -> list[dict[str, Any]] | None:
        shown = [one for one in desk.alarms().values() if one["code"] == code]
        return shown if len(shown) == 1 else None

    shown: list[dict[str, Any]] = desk.until(found)
    return shown[0]


def stored(desk: HeadlessDesk) -> str:
    """Return the id of the pendant's alarm, as it is everywhere once it is stored."""
    desk.until(lambda: desk.ask("steps", alarm=only(desk)["id"]).get("steps"))
    return str(only(desk)["id"])


def reraised(desk: HeadlessDesk, name: str) -> list[list[str]]:
    steps = desk.ask("steps", alarm=name)["steps"]
    return [step for step in steps if step[0] == "Reraised"]


def test_a_desk_that_is_killed_gives_its_alarm_back_exactly_once(room: Room) -> None:
    room.ingest()
    anna, bo, cai = room.desk("a", "anna"), room.desk("b", "bo"), room.desk("c", "cai")
    for desk in (anna, bo, cai):
        desk.ready()
    bo.until(lambda: len(bo.ask("presence")["living"]) == 4)
    room.press()
    name = stored(anna)
    assert anna.ask("take", alarm=name).get("taken_by") == "anna", anna.ask("steps", alarm=name)
    bo.until(lambda: only(bo)["state"] == "taken")
    cai.until(lambda: only(cai)["state"] == "taken")
    refused = cai.ask("take", alarm=name)
    assert refused.get("error") == "AlreadyTaken", cai.ask("steps", alarm=name)
    anna.kill()
    bo.until(lambda: only(bo)["state"] == "raised")
    cai.until(lambda: only(cai)["state"] == "raised")
    assert bo.ask("take", alarm=name)["taken_by"] == "bo"
    cai.until(lambda: only(cai)["taken_by"] == "bo")
    assert reraised(bo, name) == [["Reraised", "system", "desk_lost"]]
    listed = {desk: operator for desk, operator, *_rest in bo.ask("presence")["listed"]}
    assert sorted(filter(None, listed.values())) == ["anna", "bo", "cai"]


def test_a_desk_that_only_pauses_keeps_its_alarm_and_a_longer_one_loses_it(room: Room) -> None:
    anna, bo = room.desk("a", "anna").ready(), room.desk("b", "bo").ready()
    bo.until(lambda: len(bo.ask("presence")["living"]) == 2)
    room.press()
    name = stored(anna)
    anna.ask("take", alarm=name)
    bo.until(lambda: only(bo)["state"] == "taken")
    anna.freeze()
    bo.until(lambda: only(bo)["state"] == "raised")
    anna.thaw()
    anna.until(lambda: only(anna)["state"] == "raised")
    assert len(reraised(anna, name)) == 1
    assert "error" in anna.ask("resolve", alarm=name, outcome="test")


def test_with_all_desks_gone_the_ingest_raises_it_and_calls_for_help(room: Room) -> None:
    ingest = room.ingest()
    anna = room.desk("a", "anna").ready()
    anna.until(lambda: "ingest" in str(anna.ask("presence")["living"]))
    assert room.calls() == []
    anna.kill()
    until(room.calls, timeout=30, why=lambda: ingest.log)
    # Its last will at the broker is known before its lease is over.
    assert room.calls() in (["0510,0860 no_broker"], ["0510,0860 no_desk"])
    bo = room.desk("b", "bo").ready()

    def told() -> dict[str, dict[str, Any]]:
        shown = bo.alarms().values()
        return {one["kommune"]: one for one in shown if one["code"] == "nobody_watches"}

    bo.until(lambda: set(told()) == {"0510", "0860"})
    for one in told().values():
        assert (one["kind"], one["source"], one["device"]) == ("emergency", "watch", "hub")
        assert one["text"].startswith(("no_broker ", "no_desk "))
    bo.until(lambda: all(one["restored_at"] for one in told().values()))
    for one in told().values():
        assert bo.ask("take", alarm=one["id"])["taken_by"] == "bo"
        assert "error" not in bo.ask("resolve", alarm=one["id"], outcome="technical")
    bo.ask("sound", works=False)
    until(lambda: len(room.calls()) == 2, timeout=30, why=lambda: ingest.log)
    assert room.calls()[1] == "0510,0860 no_sound"
    bo.until(lambda: set(told()) == {"0510", "0860"})
    bo.ask("sound", works=True)
    bo.until(lambda: all(one["restored_at"] for one in told().values()))
    bo.stop()
    assert "Traceback" not in ingest.log


def test_an_end_in_order_leaves_nothing_at_the_broker_and_a_kill_leaves_no_lie(room: Room) -> None:
    heard = room.broker.listen("eteam/presence/#")

    def said(instance: str) -> list[str]:
        return [body for name, body in heard.messages if name.endswith(f"-{instance}")]

    anna, bo = room.desk("a", "anna").ready(), room.desk("b", "bo").ready()
    until(lambda: any('"anna"' in one for one in said("a")), why=lambda: heard.messages)
    anna.stop()
    until(lambda: said("a")[-1] == "")
    bo.kill()
    until(lambda: said("b")[-1] == "", why=lambda: heard.messages)
    late = room.broker.listen("eteam/presence/#")
    room.broker.publish("eteam/presence/mark", "x")
    late.wait_for(1)
    assert [body for _name, body in late.messages] == ["x"]


# --- Clocks ---------------------------------------------------------------------------------------


def test_a_machine_whose_clock_is_off_has_the_databases_time_and_says_so(
    room: Room, tmp_path: Path
) -> None:
    room.patient()
    skewed = Skewed(tmp_path, "+90s")
    anna = room.desk("a", "anna", env=skewed.env)
    bo = room.desk("b", "bo").ready()
    anna.until(lambda: anna.ask("health")["parts"]["database"][1] == "clock_off")
    state, _reason, facts = anna.ask("health")["parts"]["database"]
    assert (state, facts) == ("warn", {"seconds": "90"})
    assert "database" in anna.ask("health")["works"]
    told = clock_of(anna)
    assert told["offset"] == pytest.approx(-90, abs=2)
    ahead = datetime.fromisoformat(told["machine"]) - datetime.fromisoformat(told["now"])
    assert ahead.total_seconds() == pytest.approx(90, abs=2)
    room.press()
    name = stored(anna)
    before = SystemClock().now() - BLUR
    taken = anna.ask("take", alarm=name)
    assert before <= datetime.fromisoformat(taken["taken_at"]) <= SystemClock().now() + BLUR
    bo.until(lambda: only(bo)["taken_at"] == taken["taken_at"])


def test_a_clock_that_is_set_while_a_desk_runs_makes_nobodys_alarm_untouched(
    room: Room, tmp_path: Path
) -> None:
    room.patient()
    skewed = Skewed(tmp_path, "+0s")
    anna = room.desk("a", "anna").ready()
    bo = room.desk("b", "bo", env=skewed.env).ready()
    room.press()
    name = stored(anna)
    anna.ask("take", alarm=name)
    bo.until(lambda: only(bo)["state"] == "taken")
    skewed.set("+2h")
    bo.until(lambda: bo.ask("clock")["offset"] == pytest.approx(-7200, abs=2))
    clock_of(bo)
    skewed.set("-1h")
    bo.until(lambda: bo.ask("clock")["offset"] == pytest.approx(3600, abs=2))
    skewed.set("+0s")
    bo.until(lambda: "clock_off" not in str(bo.ask("health")))
    assert only(bo)["state"] == "taken"
    assert reraised(bo, name) == []
    # Whatever its clock said, it never wrote another time than the database's.
    assert "Traceback" not in bo.log


class Skewed:
    """What makes a process believe in another time, by libfaketime; its monotonic clock is real."""

    def __init__(self, folder: Path, offset: str) -> None:
        self._file = folder / "faketime"
        self.set(offset)
        (library,) = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
        self.env = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, offset: str) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(offset)
        new.replace(self._file)


def clock_of(desk: HeadlessDesk) -> dict[str, Any]:
    """Return what its clock says, which is the time of this machine's database."""
    before = SystemClock().now() - BLUR
    told = desk.ask("clock")
    assert before <= datetime.fromisoformat(told["now"]) <= SystemClock().now() + BLUR
    return told

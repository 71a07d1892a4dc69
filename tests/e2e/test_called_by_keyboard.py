"""A call by the keyboard alone: what the unit is told, whom it is handed to, and calling again later."""

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any

import qasync
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.e2e.test_called import KAREN, SVEND, UNIT, Bench, bench, in_call, lines, logged, press
from tests.e2e.test_desk import fact, loop
from workstation.domain.call import CallState

__all__ = ["bench", "loop"]  # fixtures

CTRL = Qt.KeyboardModifier.ControlModifier
TOLD = {
    Qt.Key.Key_7: "7",
    Qt.Key.Key_8: "8",
    Qt.Key.Key_4: "4",
    Qt.Key.Key_Plus: "3",
    Qt.Key.Key_Minus: "1",
    Qt.Key.Key_9: "9",
    Qt.Key.Key_0: "0",
}
"""Listen, speak, both, louder, quieter, output, clear down: the unit's row says `volume_3_up`."""


def test_the_unit_hears_its_own_tones(
    bench: Bench, qapp: QApplication, loop: qasync.QEventLoop
) -> None:
    async def shift() -> None:
        async with bench.desk(qapp) as (window, desk):
            bench.call(UNIT)
            await fact(lambda: lines(window) == ["Karen Margrethe Holm"])
            press(window, Qt.Key.Key_F10)
            await fact(lambda: desk.phone.view.state is CallState.IN_CALL)
            await fact(lambda: not window._screens.panel.phone.several._unit.isHidden())
            for count, (key, digit) in enumerate(TOLD.items(), start=1):
                press(window, key, CTRL)
                await fact(partial(has_heard, bench, count))
                assert bench.phones.heard("dtmf", user=UNIT)[-1]["digit"] == digit
            press(window, Qt.Key.Key_F6)
            await fact(lambda: desk.phone.is_free)

    loop.run_until_complete(shift())


def test_a_call_is_handed_over_after_asking(
    bench: Bench, qapp: QApplication, loop: qasync.QEventLoop
) -> None:
    async def shift() -> None:
        async with bench.desk(qapp) as (window, desk):
            await in_call(bench, window, desk)
            page = window._screens.panel.phone.several
            press(window, Qt.Key.Key_F7)
            field = page._to.lineEdit()
            await fact(lambda: QApplication.focusWidget() in (field, page._to))
            field.selectAll()
            QTest.keyClicks(field, SVEND)
            QTest.keyClick(field, Qt.Key.Key_Return)
            await fact(lambda: desk.phone.view.target == SVEND)
            await fact(lambda: desk.phone.view.state is CallState.IN_CALL)
            assert [one.held for one in desk.phone.view.others] == [True]
            press(window, Qt.Key.Key_F7)
            await fact(lambda: desk.phone.is_free)
            (call,) = [one for one in await logged(desk, 2) if one.incoming]
            assert [one.target for one in call.transfers] == [SVEND]

    loop.run_until_complete(shift())


def test_whom_one_wanted_to_call_again_is_called_also_after_a_start(
    bench: Bench, qapp: QApplication, loop: qasync.QEventLoop
) -> None:
    async def shift() -> None:
        async with bench.desk(qapp) as (window, desk):
            await in_call(bench, window, desk)
            press(window, Qt.Key.Key_F6)
            await fact(lambda: desk.phone.view.state is CallState.ENDED)
            press(window, Qt.Key.Key_R, CTRL | Qt.KeyboardModifier.ShiftModifier)
            reminders = desk.station.database.reminders
            (kept,) = await listed(reminders)
            assert (kept.target, kept.by, kept.kommune) == (KAREN, "Anna", "0510")
            await reminders.put(replace(kept, at=desk.station.clock.now()))

    async def next_shift() -> None:
        async with bench.desk(qapp) as (window, desk):
            await fact(lambda: lines(window) == ["Karen Margrethe Holm"])
            press(window, Qt.Key.Key_F10)
            # What her telephone makes of it is not what is tried here.
            await fact(lambda: (desk.phone.view.target, desk.phone.view.incoming) == (KAREN, False))
            assert (desk.phone.view.citizen, desk.phone.view.alarm) == (
                "c1",
                desk.station.board.alarms()[0].id,
            )
            press(window, Qt.Key.Key_F6)
            await fact(lambda: desk.phone.is_free)
            assert lines(window) == []
            assert await desk.station.database.reminders.listed() == []
            assert [one.incoming for one in await logged(desk, 2)] == [True, False]

    loop.run_until_complete(shift())
    loop.run_until_complete(next_shift())


def has_heard(bench: Bench, digits: int) -> bool:
    return len(bench.phones.heard("dtmf", user=UNIT)) == digits


async def listed(reminders: Any) -> list[Any]:
    """Return what is stored, once something is."""
    async with asyncio.timeout(15):
        while not (found := await reminders.listed()):
            pass
        return list(found)

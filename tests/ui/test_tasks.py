import asyncio
import gc

from ui.tasks import Tasks


def test_a_failure_reaches_its_place():
    failures: list[BaseException] = []
    own: list[BaseException] = []

    async def break_down():
        raise LookupError("gone")

    async def main():
        tasks = Tasks(failures.append)
        tasks.start(break_down())
        tasks.start(break_down(), failed=own.append)
        await asyncio.sleep(0)  # they run
        await asyncio.sleep(0)  # and are told of

    asyncio.run(main())
    assert [type(error) for error in failures + own] == [LookupError, LookupError]
    assert len(own) == 1


def test_a_task_nobody_holds_lives_on():
    done: list[object] = []

    async def main():
        tasks = Tasks(done.append)
        gate, ended = asyncio.Event(), asyncio.Event()

        async def wait():
            await gate.wait()
            done.append("done")
            ended.set()

        tasks.start(wait())
        await asyncio.sleep(0)
        gc.collect()
        gate.set()
        await ended.wait()

    asyncio.run(main())
    assert done == ["done"]


def test_cancelling_waits_for_the_end_and_is_no_failure():
    failures: list[BaseException] = []
    ended: list[bool] = []

    async def main():
        tasks = Tasks(failures.append)

        async def wait():
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(True)

        tasks.start(wait())
        await asyncio.sleep(0)
        await tasks.cancel()
        await asyncio.sleep(0)
        assert len(tasks) == 0

    asyncio.run(main())
    assert (failures, ended) == ([], [True])

"""Looking at what others did: at once when it is told, once for many words, by the clock without."""

import asyncio
from contextlib import closing

import pytest

from tests.fakes import FakeClock
from workstation.adapters.db.database import Database
from workstation.application.inbox import Inbox
from workstation.bootstrap.background import Background
from workstation.bootstrap.news import News, _Told


class Looking:
    """Counts the looks; each lasts until `go_on`."""

    def __init__(self, url: str) -> None:
        self.database = Database(url, clock=FakeClock(), machine="m")
        self.inbox = Inbox(asyncio.get_running_loop().call_soon_threadsafe)
        self.background = Background()
        self.looks = 0
        self.seen = 0
        self.looked = asyncio.Event()
        self.go_on = asyncio.Event()
        self.news = News(
            database=self.database,
            inbox=self.inbox,
            background=self.background,
            look=self.look,
            seen=lambda: self.seen,
        )

    async def look(self) -> None:
        self.looks += 1
        self.looked.set()
        await self.go_on.wait()

    async def told(self, *numbers: int) -> None:
        for number in numbers:
            self.inbox.post(_Told(number))
        for _ in range(5):
            await asyncio.sleep(0)

    async def stop(self) -> None:
        await self.background.stop()
        await self.news.stop()
        self.database.close()


def test_many_words_while_it_looks_are_one_more_look(tmp_path: object) -> None:
    async def act() -> None:
        one = Looking(f"sqlite:///{tmp_path}/x.db")
        await one.told(1)
        await one.told(2, 3, 4)
        assert one.looks == 1
        one.go_on.set()
        await one.told()
        assert one.looks == 2
        await one.stop()

    asyncio.run(act())


def test_word_of_what_is_shown_already_is_no_news(tmp_path: object) -> None:
    async def act() -> None:
        one = Looking(f"sqlite:///{tmp_path}/x.db")
        one.go_on.set()
        one.seen = 7
        await one.told(6, 7)
        assert one.looks == 0
        await one.told(8)
        assert one.looks == 1
        await one.told(0)  # the line was made anew: nobody knows what was missed
        assert one.looks == 2
        await one.stop()

    asyncio.run(act())


@pytest.mark.peer
def test_a_server_s_line_is_looked_at_from_its_start(postgres_url: str) -> None:
    async def act() -> None:
        one = Looking(postgres_url)
        one.go_on.set()
        one.news.start()
        await one.looked.wait()
        await one.stop()

    asyncio.run(asyncio.wait_for(act(), 20))
    with closing(Database(postgres_url, clock=FakeClock(), machine="m")) as database:
        assert database.change_feed() is not None

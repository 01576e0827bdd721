"""The loop of the exchange process: woken once a turn, and never missed."""

import asyncio
import threading

from motcua.exchange.turning import Loop


class Counting(Loop):
    """Counts how often the bell is really rung."""

    rung = 0

    def _write_to_self(self):
        self.rung += not self.is_woken
        super()._write_to_self()


def test_whatever_threads_hand_over_is_done():
    done = []

    async def story():
        loop, end = asyncio.get_running_loop(), asyncio.Event()

        def call(number):
            done.append(number)
            if len(done) == 40_000:
                end.set()

        def hand_over(first):
            for number in range(first, first + 10_000):
                loop.call_soon_threadsafe(call, number)

        threads = [threading.Thread(target=hand_over, args=(first,)) for first in range(0, 40_000, 10_000)]
        for thread in threads:
            thread.start()
        await asyncio.wait_for(end.wait(), 60)
        await asyncio.to_thread(lambda: [thread.join() for thread in threads])

    asyncio.run(story(), loop_factory=Loop)
    assert sorted(done) == list(range(40_000))


def test_a_loop_at_rest_is_woken_each_time():
    async def story():
        for number in range(300):
            assert await asyncio.wait_for(asyncio.to_thread(lambda number=number: number), 20) == number

    asyncio.run(story(), loop_factory=Loop)


def test_what_comes_in_one_turn_rings_once():
    async def story():
        loop = asyncio.get_running_loop()
        await asyncio.sleep(0)
        before, done = loop.rung, []
        for number in range(50):
            loop.call_soon_threadsafe(done.append, number)
        assert loop.rung - before <= 1
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert done == list(range(50))

    asyncio.run(story(), loop_factory=Counting)

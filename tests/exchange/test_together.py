"""Questions to one place: alone at once, many together, and a slow one in nobody's way."""

import asyncio

import pytest

from motcua.exchange.together import MOST, MOST_BYTES, PLACES, Together


class There:
    """The place that is asked; it answers when it is let."""

    def __init__(self, *, is_open=True, size=lambda _: 1):
        self.asked, self.go_on = [], asyncio.Event()
        self.together = Together(self.bring, size)
        if is_open:
            self.go_on.set()

    async def bring(self, several):
        self.asked.append(list(several))
        await self.go_on.wait()
        return [ValueError(one) if one == "spoilt" else f"{one}!" for one in several]

    async def all(self, *questions):
        return await asyncio.gather(*map(self.together.ask, questions), return_exceptions=True)


def test_a_lone_question_goes_at_once_and_those_that_come_at_once_go_together():
    async def story():
        there = There()
        assert await there.together.ask("a") == "a!"
        assert await there.all("b", "c", "d") == ["b!", "c!", "d!"]
        assert there.asked == [["a"], ["b", "c", "d"]]

    asyncio.run(story())


def test_what_comes_while_all_places_are_taken_waits_and_goes_together(monkeypatch):
    monkeypatch.setattr("motcua.exchange.together.PATIENCE", 60)

    async def story():
        there = There(is_open=False)
        asking = []
        for number in range(PLACES + 3):
            asking.append(asyncio.create_task(there.together.ask(number)))
            await asyncio.wait(asking, timeout=0.001)
        assert there.asked == [[number] for number in range(PLACES)]
        there.go_on.set()
        assert await asyncio.gather(*asking) == [f"{number}!" for number in range(PLACES + 3)]
        assert there.asked[PLACES:] == [[PLACES, PLACES + 1, PLACES + 2]]

    asyncio.run(story())


def test_slow_answers_hold_up_nobody_for_long():
    async def story():
        there = There(is_open=False)
        asking = []
        for number in range(PLACES + 1):
            asking.append(asyncio.create_task(there.together.ask(number)))
            await asyncio.wait(asking, timeout=0.001)
        async with asyncio.timeout(10):
            while len(there.asked) <= PLACES:  # noqa: ASYNC110 — nothing else tells that it went
                await asyncio.sleep(0.001)
        there.go_on.set()
        await asyncio.gather(*asking)

    asyncio.run(story())


def test_each_hears_of_their_own_failure_and_all_of_the_one_that_concerns_all():
    async def story():
        there = There()
        first, second, third = await there.all("a", "spoilt", "c")
        assert (first, type(second), third) == ("a!", ValueError, "c!")
        there.go_on = None  # nobody can be asked any more
        assert [type(one) for one in await there.all("a", "b")] == [AttributeError, AttributeError]

    asyncio.run(story())


def test_who_no_longer_waits_takes_nothing_from_the_others():
    async def story():
        there = There(is_open=False)
        gone, stays = (asyncio.create_task(there.together.ask(one)) for one in "ab")
        await asyncio.wait([gone], timeout=0.001)
        gone.cancel()
        there.go_on.set()
        assert await stays == "b!"

    asyncio.run(story())


@pytest.mark.parametrize(
    ("size", "count", "expected"),
    [(1, MOST + 1, [MOST, 1]), (MOST_BYTES // 2, 3, [2, 1]), (MOST_BYTES + 1, 2, [1, 1])],
)
def test_a_request_holds_so_many_questions_and_bytes(size, count, expected):
    async def story():
        there = There(size=lambda _: size)
        await there.all(*range(count))
        assert [len(one) for one in there.asked] == expected

    asyncio.run(story())

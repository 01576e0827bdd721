import asyncio

from tests.exchange.nodes import eventually, running


def test_a_message_reaches_the_other_node_and_its_receipt_comes_back(country):
    laocai, vpcp = country.nodes

    async def story():
        async with running(laocai), running(vpcp):
            sent = laocai.send("G22", b'{"a":1}')
            await eventually(lambda: laocai.states() == {"received": 1})
            assert vpcp.received() == [(sent, 0)]

    asyncio.run(story())

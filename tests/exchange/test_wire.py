"""HTTP as nodes speak it, against a server that plays every trick."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from motcua.exchange.wire import Client, Cut

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


@asynccontextmanager
async def server(*answers, close_after=None):
    """Answers requests in turn; yields its address and what it was asked."""
    asked, waiting, connections = [], list(answers), []

    async def serve(reader, writer):
        connections.append(writer)
        while True:
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
            except asyncio.IncompleteReadError:
                break
            length = next(
                (int(line[16:]) for line in head.split("\r\n") if line.startswith("content-length: ")), None
            )
            body = (
                await reader.readexactly(length)
                if length is not None
                else await reader.readuntil(b"0\r\n\r\n")
            )
            asked.append((head, body))
            for piece in waiting.pop(0) if waiting else (OK,):
                writer.write(piece)
                await writer.drain()
            if close_after is not None and len(asked) >= close_after:
                break
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}", asked
    finally:
        for writer in connections:
            writer.close()
        listening.close()


def run(story):
    asyncio.run(story)


async def post(client, url, body=b"hello", seconds=5.0):
    return await client.request("POST", f"{url}/x?y=1", {"a": "b"}, body, seconds)


def test_a_request_is_sent_as_given_and_the_whole_answer_read():
    async def story():
        client = Client()
        async with server(
            (b"HTTP/1.1 201 Created\r\nX-Is: It\r\ncontent-le", b"ngth: 4\r\n\r\nab", b"cd")
        ) as (url, asked):
            response = await post(client, url)
            assert (response.status, response.headers["x-is"], response.body) == (201, "It", b"abcd")
            head, body = asked[0]
            assert head.startswith("POST /x?y=1 HTTP/1.1\r\nhost: 127.0.0.1:")
            assert ("\r\na: b\r\n" in head, body) == (True, b"hello")
            client.close()

    run(story())


def test_a_connection_is_used_again():
    async def story():
        client = Client()
        async with server() as (url, asked):
            for _ in range(3):
                assert (await post(client, url)).body == b"ok"
            assert len(asked) == 3
            assert [len(idle) for idle in client._idle.values()] == [1]
            client.close()

    run(story())


def test_chunks_are_put_together():
    async def story():
        client = Client()
        chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
        async with server((chunked, b"3\r\nabc\r", b"\n2;x=y\r\nde\r\n0\r\n\r\n")) as (url, _):
            assert (await post(client, url)).body == b"abcde"
            client.close()

    run(story())


def test_a_long_body_is_streamed():
    async def pieces():
        for piece in (b"abc", b"defg"):
            yield piece

    async def story():
        client = Client()
        async with server() as (url, asked):
            assert (await post(client, url, pieces())).body == b"ok"
            assert asked[0][1] == b"3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"
            client.close()

    run(story())


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/2 200 OK\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffff\r\n",
        b"x" * 70_000,
    ],
)
def test_what_is_no_http_is_cut(answer):
    async def story():
        client = Client()
        async with server((answer,)) as (url, _):
            with pytest.raises(Cut, match="no HTTP as agreed"):
                await post(client, url)
            assert not any(client._idle.values())

    run(story())


def test_a_connection_that_ends_in_the_middle_is_cut():
    async def story():
        client = Client()
        async with server((b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab",), close_after=1) as (url, _):
            with pytest.raises(Cut, match="the connection ended"):
                await post(client, url)

    run(story())


def test_a_connection_the_other_side_closed_meanwhile_is_made_anew():
    async def story():
        client = Client()
        async with server(close_after=1) as (url, asked):
            await post(client, url)
            for idle in client._idle.values():
                idle[0].is_open = True  # as if word of the end had not come yet
            await asyncio.sleep(0)
            assert (await post(client, url)).body == b"ok"
            assert len(asked) == 2

    run(story())


def test_no_answer_in_time_is_a_timeout():
    async def story():
        client = Client()
        async with server((b"",)) as (url, _):
            with pytest.raises(TimeoutError):
                await post(client, url, seconds=0.05)

    run(story())


def test_nobody_there_is_an_error_of_the_system():
    async def story():
        with pytest.raises(OSError, match="Connect call failed"):
            await post(Client(), "http://127.0.0.1:1")

    run(story())


def test_a_header_cannot_smuggle_another():
    async def story():
        with pytest.raises(ValueError, match="line break"):
            await Client().request("GET", "http://127.0.0.1:1/", {"a": "b\r\nc: d"}, b"", 1)

    run(story())


def test_an_answer_that_says_close_is_the_last_of_its_connection():
    async def story():
        client = Client()
        async with server((b"HTTP/1.1 200 OK\r\nConnection: close\r\ncontent-length: 0\r\n\r\n",)) as (
            url,
            _,
        ):
            assert (await post(client, url)).body == b""
            assert not any(client._idle.values())

    run(story())

"""Synchronous calls: from a page of one node to a service of another and back."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client

from motcua.config.wsgi import application
from motcua.exchange import calls
from motcua.exchange.bundle import MEDIA_TYPE as BUNDLE
from motcua.exchange.bundle import bundled, unbundled
from motcua.exchange.calls import Broken, Call, Denied, Failed, SaidNo, Unreachable, answers, call
from motcua.exchange.directory import Right
from motcua.exchange.once import Calls
from motcua.exchange.parcel import MEDIA_TYPE, Item, packed, unpacked
from motcua.exchange.server import Call as Knock
from motcua.exchange.server import Reply
from motcua.exchange.wire import Response
from tests.exchange.nodes import beside, in_memory, web
from tests.exchange.test_intake import request
from tests.exchange.test_intake import sent as messages_of

SECRET = "s" * 40


def durable():
    """Whether the next commit of this connection waits for the disk."""
    with connection.cursor() as cursor:
        return cursor.execute("SHOW synchronous_commit").fetchone() == ("on",)


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_with_the_answer_waits_for_no_disk_and_whatever_comes_after_does():
    with transaction.atomic():
        calls.kept_with_the_answer()
        assert not durable()
    assert durable()


@pytest.fixture
def services(monkeypatch):
    """A register of answers for this test only, and no connection left open after it."""
    monkeypatch.setattr(calls, "ANSWERS", own := {})
    yield own
    kept = getattr(calls.KEPT, "connection", None)
    if kept:
        kept.close()
        calls.KEPT.connection = None


@pytest.fixture
def joined(country, services, settings):
    """Both nodes run; this process plays the web process of both."""
    laocai, vpcp = country.nodes
    settings.NODE = settings.NODE.model_copy(update={"secret": SECRET, "exchange_port": laocai.exchange_port})
    with web(application) as port:
        laocai.web_port = vpcp.web_port = port
        with beside(laocai, vpcp):
            yield laocai, vpcp


def ask(body=b"{}", kind="test.ask", sender="H38", recipient="G22", timeout=5.0):
    return call(kind, body, sender=sender, recipient=recipient, timeout=timeout)


def test_a_call_is_answered_by_the_other_nodes_service(joined):
    @answers("test.ask")
    def greet(asked: Call) -> bytes:
        return json.dumps(
            {"hello": asked.json()["name"], "from": asked.sender, "at": asked.recipient}
        ).encode()

    assert json.loads(ask(b'{"name":"Xin"}')) == {"hello": "Xin", "from": "H38", "at": "G22"}


def test_request_and_answer_are_logged_and_signed_on_both_sides(joined):
    answers("test.ask")(lambda asked: b"[]")
    ask()
    for node in joined:
        logged = node.query("SELECT what FROM exchange_leaf ORDER BY number")
        assert sorted(row[0] for row in logged) == ["message", "receipt"]
        assert len(node.query("SELECT * FROM exchange_peerhead")) == 1
    assert joined[1].query("SELECT effect FROM exchange_incoming") == [("answered",)]


def test_bodies_of_calls_are_not_kept(joined):
    answers("test.ask")(lambda asked: b"an answer")
    ask(b'"a question"')
    for node in joined:
        assert node.query("SELECT count(*)::int FROM exchange_leaf WHERE body IS NOT NULL") == [(0,)]


@pytest.mark.parametrize(
    ("raised", "expected", "words"),
    [
        (Denied("Not for this purpose."), Denied, "Not for this purpose."),
        (SaidNo("No such person."), SaidNo, "No such person."),
        (Failed("No such person."), Failed, "No such person."),
        (Broken("No such service."), Broken, "No such service."),
        (KeyError("spouse"), Broken, "The service failed; the fault was logged there."),
    ],
)
def test_the_words_of_the_service_reach_the_one_who_asked(joined, raised, expected, words):
    @answers("test.ask")
    def refuse(asked: Call) -> bytes:
        raise raised

    with pytest.raises(expected) as failure:
        ask()
    assert (str(failure.value), type(failure.value)) == (words, expected)


def test_a_kind_nobody_answers_is_told_in_words(joined):
    with pytest.raises(Broken, match=r"Nobody answers test\.ask at G22\."):
        ask()


def test_without_a_right_the_call_is_denied_and_the_refusal_logged(joined):
    with pytest.raises(Denied, match=r"H38 has no right to send other\.ask to G22\."):
        ask(kind="other.ask")
    states = joined[1].query("SELECT text FROM exchange_leaf WHERE what = 'receipt'")
    assert json.loads(bytes(states[0][0]))["state"] == "refused"


def test_nobody_asks_in_the_name_of_an_agency_hosted_elsewhere(joined):
    with pytest.raises(Denied, match="G22 is not hosted by this node"):
        ask(sender="G22")


def test_an_unknown_agency_is_unreachable(joined):
    with pytest.raises(Unreachable, match="X99 stands in no directory known here"):
        ask(recipient="X99")


def test_a_malformed_question_is_refused_before_it_leaves(joined):
    with pytest.raises(Failed, match=r"message\.kind"):
        ask(kind="Not A Kind")
    assert joined[0].query("SELECT count(*)::int FROM exchange_leaf") == [(0,)]


def test_a_question_that_is_too_long_is_refused(joined):
    with pytest.raises(Failed, match="A question holds at most 65536 bytes"):
        ask(b"x" * 65537)


def test_a_node_that_is_down_is_unreachable_in_words(country, services, settings):
    laocai, vpcp = country.nodes
    settings.NODE = settings.NODE.model_copy(update={"secret": SECRET, "exchange_port": laocai.exchange_port})
    with beside(laocai), pytest.raises(Unreachable, match=f"{vpcp.url}/exchange/calls cannot be reached"):
        ask()


def test_without_the_exchange_process_of_this_node_a_call_fails_in_words(country, services, settings):
    settings.NODE = settings.NODE.model_copy(
        update={"secret": SECRET, "exchange_port": country.nodes[0].exchange_port}
    )
    with pytest.raises(Unreachable, match="The exchange of this node does not answer"):
        ask()


def test_a_web_process_that_is_down_is_a_failure_in_words(country, services, settings):
    laocai, vpcp = country.nodes
    settings.NODE = settings.NODE.model_copy(update={"secret": SECRET, "exchange_port": laocai.exchange_port})
    with beside(laocai, vpcp), pytest.raises(Failed, match="The service at vpcp did not answer"):
        ask()


def test_the_inner_address_answers_only_this_node(services, settings):
    settings.NODE = settings.NODE.model_copy(update={"secret": SECRET})
    answers("test.ask")(lambda asked: b"[]")
    head = json.dumps({"id": "1", "kind": "test.ask", "sender": "H38", "recipient": "G22"})
    good = {"Authorization": f"Bearer {SECRET}", "Motcua-Call": head}

    def status(remote="127.0.0.1", **headers):
        return Client().post(
            "/internal/calls/", b"{}", "application/json", headers=good | headers, REMOTE_ADDR=remote
        )

    assert status().status_code == 200
    assert status(Authorization="Bearer wrong").status_code == 404
    assert status(remote="10.0.0.1").status_code == 404
    assert status(**{"Motcua-Call": "{}"}).status_code == 422


async def asked_by_hand(here, there, key):
    """A call as it goes over the wire, to send it twice."""
    sent = []
    post = here.dispatch.transport.post

    async def keep(url, media_type, body, *how):
        sent.append(body)
        return await post(url, media_type, body, *how)

    here.dispatch.transport.post = keep
    headers = {
        "authorization": f"Bearer {SECRET}",
        "motcua-call": json.dumps({"kind": "test.ask", "sender": "H38", "recipient": "G22"}),
    }

    async def receive():
        return {"body": b"{}"}

    reply = await here.answer(Knock("POST", "/local/calls", headers, receive))
    return reply, request(sent[0], key, there.station.me.exchange_url, path="/exchange/calls")


class Own:
    """The web process of a node, which always gives this answer."""

    def __init__(self, content):
        self.content, self.asked = content, 0

    async def request(self, *_):
        self.asked += 1
        return Response(200, {"content-type": "application/json"}, self.content)


def test_a_call_sent_again_is_not_answered_again(country):
    laocai, vpcp = country.nodes
    own = Own(b"[1]")

    async def story():
        async with in_memory(laocai, vpcp, web=own) as (here, there):
            reply, again = await asked_by_hand(here, there, laocai.key)
            assert (reply.status, reply.body) == (200, b"[1]")
            second = await there.answer(again)
            assert (second.status, json.loads(second.body)["detail"], own.asked) == (
                409,
                "This call was answered before; make a new one.",
                1,
            )
            # A node that has been started anew knows it from its log: something is read again, but no answer leaves.
            there.station.calls = Calls()
            third = await there.answer(again)
            assert (third.status, third.body, own.asked) == (409, second.body, 2)

    asyncio.run(story())
    # Receipt and answer stand under one head.
    assert vpcp.query("SELECT what, batch FROM exchange_leaf ORDER BY number") == [
        ("receipt", 1),
        ("message", 1),
    ]


def test_a_call_that_comes_twice_at_once_is_answered_once(country):
    laocai, vpcp = country.nodes

    class Slow(Own):
        async def request(self, *_):
            asked.set()
            await go_on.wait()
            return await super().request()

    asked, go_on, own = asyncio.Event(), asyncio.Event(), Slow(b"[1]")

    async def story():
        async with in_memory(laocai, vpcp, web=own) as (here, _there):
            post = here.dispatch.transport.post

            async def twice(url, media_type, body, *how):
                first = asyncio.ensure_future(post(url, media_type, body, *how))
                await asked.wait()
                second = await post(url, media_type, body, *how)
                go_on.set()
                assert (second.status, own.asked) == (409, 0)
                return await first

            here.dispatch.transport.post = twice
            headers = {
                "authorization": f"Bearer {SECRET}",
                "motcua-call": json.dumps({"kind": "test.ask", "sender": "H38", "recipient": "G22"}),
            }

            async def receive():
                return {"body": b"{}"}

            reply = await here.answer(Knock("POST", "/local/calls", headers, receive))
            assert (reply.status, reply.body, own.asked) == (200, b"[1]", 1)

    asyncio.run(story())


class Both(Own):
    """A web process that answers bundles as well, each call with its own body."""

    async def request(self, _method, _url, headers, body, _seconds):
        self.asked += 1
        if headers["content-type"] != BUNDLE:
            return Response(200, {"content-type": "application/json"}, body)
        parts = [({"status": 200, "type": "application/json"}, asked) for _, asked in unbundled(body)]
        return Response(200, {"content-type": BUNDLE}, bundled(parts))


async def asked_at_once(here, *bodies):
    """Calls that are made in the same moment."""

    async def ask_one(body):
        headers = {
            "authorization": f"Bearer {SECRET}",
            "motcua-call": json.dumps({"kind": "test.ask", "sender": "H38", "recipient": "G22"}),
        }

        async def receive():
            return {"body": body}

        return await here.answer(Knock("POST", "/local/calls", headers, receive))

    return await asyncio.gather(*(ask_one(body) for body in bodies))


def test_calls_made_at_once_travel_in_one_parcel_and_each_gets_its_own_answer(country):
    laocai, vpcp = country.nodes
    own, sent = Both(b""), []

    async def story():
        async with in_memory(laocai, vpcp, web=own) as (here, _there):
            post = here.dispatch.transport.post

            async def keep(url, media_type, body, *how):
                sent.append(len(unpacked(body).items))
                return await post(url, media_type, body, *how)

            here.dispatch.transport.post = keep
            replies = await asked_at_once(here, b"[1]", b"[2]", b"[3]")
            assert [(one.status, one.body) for one in replies] == [
                (200, b"[1]"),
                (200, b"[2]"),
                (200, b"[3]"),
            ]
            assert (sent, own.asked) == ([3], 1)

    asyncio.run(story())
    # Each of them is logged and signed on both sides all the same, and whose head it was is kept once.
    for node in (laocai, vpcp):
        logged = node.query("SELECT what, count(*)::int FROM exchange_leaf GROUP BY 1 ORDER BY 1")
        assert logged == [("message", 3), ("receipt", 3)]
        assert node.query("SELECT count(*)::int FROM exchange_peerhead") == [(1,)]


def test_of_calls_made_at_once_one_that_came_before_is_refused_alone(country):
    laocai, vpcp = country.nodes
    own, sent = Both(b""), []

    async def story():
        async with in_memory(laocai, vpcp, web=own) as (here, _there):
            post = here.dispatch.transport.post

            async def with_the_first(url, media_type, body, *how):
                parcel = unpacked(body)
                sent.append((list(parcel.heads.values()), parcel.items))
                if len(sent) > 1:
                    heads, items = [*sent[0][0], *sent[1][0]], [*sent[0][1], *sent[1][1][1:]]
                    body = packed(heads, items)
                return await post(url, media_type, body, *how)

            here.dispatch.transport.post = with_the_first
            (first,) = await asked_at_once(here, b"[1]")
            assert (first.status, first.body) == (200, b"[1]")
            again, other = await asked_at_once(here, b"[2]", b"[3]")
            # 409 is the answering node's word about its own message; to whoever asked here it is a fault there.
            assert (again.status, json.loads(again.body)["detail"]) == (
                502,
                "This call was answered before; make a new one.",
            )
            assert (other.status, other.body) == (200, b"[3]")

    asyncio.run(story())


@pytest.mark.parametrize("refused", [7, [[0]], [["a", "b", "c"], [0, 403]]])
def test_refusals_in_another_form_are_told_and_logged(country, refused):
    laocai, vpcp = country.nodes

    async def story():
        async with in_memory(laocai, vpcp, web=Both(b"")) as (here, there):

            async def spoiled(_knock):
                return Reply(200, MEDIA_TYPE, packed([], [], refused))

            there.routes["POST", "/exchange/calls"] = spoiled
            assert [one.status for one in await asked_at_once(here, b"[1]", b"[2]")] == [502, 502]
            await here.station.log.drained()
            assert "manifest.refused" in laocai.refusals()[0]

    asyncio.run(story())


def put_together(*bodies, kind="test.ask"):
    """Several calls as the exchange process puts them to the web process; status and body of each answer."""
    heads = [{"id": str(n), "kind": kind, "sender": "H38", "recipient": "G22"} for n in range(len(bodies))]
    content = bundled(list(zip(heads, bodies, strict=True)))
    reply = Client().post(
        "/internal/calls/",
        content,
        BUNDLE,
        headers={"Authorization": f"Bearer {SECRET}"},
        REMOTE_ADDR="127.0.0.1",
    )
    assert reply["content-type"] == BUNDLE
    return [(said["status"], body) for said, body in unbundled(reply.content)]


def test_calls_put_together_are_answered_together_or_each_alone(services, settings, monkeypatch):
    settings.NODE = settings.NODE.model_copy(update={"secret": SECRET})
    monkeypatch.setattr(calls, "TOGETHER", {})
    heard = []

    def several(asked):
        heard.append(len(asked))
        if any(one.body == b"no" for one in asked):
            raise SaidNo("No.")
        return [b"together " + one.body for one in asked]

    @answers("test.ask", together=several)
    def alone(asked: Call) -> bytes:
        if asked.body == b"no":
            raise SaidNo("No.")
        return b"alone " + asked.body

    assert put_together(b"a", b"b") == [(200, b"together a"), (200, b"together b")]
    first, second = put_together(b"a", b"no")
    assert (first, second[0], json.loads(second[1])["answer"]) == ((200, b"alone a"), 422, "no")
    assert heard == [2, 2]
    assert [status for status, _ in put_together(b"a", b"b", kind="other.ask")] == [404, 404]


@pytest.mark.parametrize("spoil", ["body", "correlation", "empty"])
def test_an_answer_that_does_not_hold_is_refused_and_logged(country, spoil):
    laocai, vpcp = country.nodes

    async def story():
        async with in_memory(laocai, vpcp, web=Own(b"[1]")) as (here, there):
            first, _ = await asked_by_hand(here, there, laocai.key)
            assert first.status == 200
            honest = there.call
            kept = []

            async def spoiled(knock):
                reply = await honest(knock)
                parcel = unpacked(reply.body)
                kept.append((list(parcel.heads.values()), parcel.items))
                heads, items = kept[-1]
                if spoil == "body":
                    items = [Item(items[0].text, b"[2]", items[0].place)]
                if spoil == "correlation" and len(kept) > 1:
                    heads, items = kept[0]
                if spoil == "empty":
                    items = []
                return type(reply)(200, MEDIA_TYPE, packed(heads, items))

            there.routes["POST", "/exchange/calls"] = spoiled
            for _ in range(2):
                reply, _ = await asked_by_hand(here, there, laocai.key)
            assert reply.status == 502
            await here.station.log.drained()
            assert len(laocai.refusals()) >= 1

    asyncio.run(story())


def test_a_call_made_ahead_of_time_is_refused_for_nobody_waits_for_it(country):
    laocai, vpcp = country.nodes
    ahead, own = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=7), Own(b"[1]")

    async def story():
        async with in_memory(laocai, vpcp, web=own) as (here, there):
            heads, items = await messages_of(here, laocai, b"{}", created=ahead)
            url = there.station.me.exchange_url
            call = request(packed(heads.values(), items), laocai.key, url, path="/exchange/calls")
            reply = await there.answer(call)
            assert (reply.status, own.asked) == (403, 0)
            assert json.loads(reply.body)["detail"].startswith("The message was created in the future")

    asyncio.run(story())


def test_rights_of_a_new_directory_hold_for_calls_at_once(country):
    laocai, vpcp = country.nodes

    async def story():
        async with in_memory(laocai, vpcp, web=Own(b"[1]")) as (here, there):
            there.station.adopt(country.publish(rights=(Right(sender="G22", kind="*", recipient="*"),)))
            reply, _ = await asked_by_hand(here, there, laocai.key)
            assert reply.status == 403

    asyncio.run(story())


def test_the_local_door_asks_for_the_secret(country):
    async def story():
        async with in_memory(*country.nodes) as (here, _there):
            for path in ("/local/calls", "/local/wake", "/exchange/messages"):
                reply = await here.answer(Knock("POST", path, {"authorization": "Bearer wrong"}, None))
                assert (path, reply.status) == (path, 401)

    asyncio.run(story())

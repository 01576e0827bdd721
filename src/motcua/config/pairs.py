"""The API measured: dossiers brought in and received over HTTP, in pairs of calls, and the statements each call takes."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from motcua.config.children import answer_of_child
from motcua.config.country import Country
from motcua.config.measured import Figure
from motcua.config.processes import end
from motcua.demo.nodes import SA_PA

NODE = "laocai"
CONNECTIONS, SECONDS = 8, 10.0
# With a fee and a register asked at once, receiving takes three statements more (`tests/api/test_dossiers.py`).
PLAINEST = "a procedure without fee and register"
MOST = 10_000_000  # calls a minute: the limit is not what is measured


def pairs(country: Country) -> Iterator[Figure]:
    """Pairs a second at the province's web processes, and the statements of each call; jobs and deliveries rest meanwhile."""
    known = answer_of_child(country.home / NODE, prepared)
    yield count(f"statements to bring in a dossier over the API ({PLAINEST})", known["bringing"], 12)
    yield count("statements to receive it (code, clock, first steps, messages out)", known["receiving"], 8)
    for words, number in known["further"]:
        yield count(f"statements to {words} ({PLAINEST})", number, 8)
    web = [one for one in country.supervisor.processes if (one.home.name, one.name) == (NODE, "web")]
    end([one.pid for one in country.supervisor.processes if one.pid and one not in web])
    port = int(country.addresses[NODE].url.rpartition(":")[2])
    done, took = asyncio.run(load(port, known["token"], json.dumps(known["body"]).encode()))
    how = f"the same, {CONNECTIONS} connections, durable, journaled; worker and exchange stand still"
    words = f"create a dossier + receive it over the API ({how})"
    yield words, f"{done / took:.0f} pairs/s", "≥ 150 pairs/s", done / took >= 150


def count(what: str, number: int, most: int) -> Figure:
    return what, str(number), f"≤ {most}", number <= most


# At the node


def prepared() -> dict[str, Any]:
    """In the node's process: a system that may call, a dossier that holds, and the statements both calls take."""
    from motcua.api import actions, tokens  # noqa: PLC0415 — needs the child's settings
    from motcua.api.models import Client  # noqa: PLC0415
    from motcua.api.scopes import Scope  # noqa: PLC0415
    from motcua.lib.actors import Actor  # noqa: PLC0415

    scopes = [Scope.FILE, Scope.RECEIVE, Scope.HANDLE]
    client = Client(agency=SA_PA, name="Bench", scopes=scopes, per_minute=MOST)
    actions.register(client, by=Actor.system("bench"))
    token = tokens.issue(client, scopes)
    body, first = fitting(token)
    post(token, f"/dossiers/{first}/accept", {})  # what is read once for all is read
    with asked_of_database() as bringing:
        _status, line = post(token, "/dossiers", body)
    with asked_of_database() as receiving:
        status, received = post(token, f"/dossiers/{line['id']}/accept", {})
    assert (status, received["state"]) == (200, 2), received  # noqa: S101 — what fails has no measure
    further(token, body)  # as above
    return {
        "token": token,
        "body": body,
        "bringing": counted(bringing),
        "receiving": counted(receiving),
        "further": further(token, body),
    }


def further(token: str, body: dict[str, Any]) -> list[tuple[str, int]]:
    """The other transitions with their statements, in the order of a dossier's life; only a person signs, so that is no call."""
    from motcua.dossiers import actions  # noqa: PLC0415 — as above
    from motcua.dossiers.models import Dossier  # noqa: PLC0415

    def called(number: str, deed: str, told: dict[str, Any], state: int) -> int:
        with asked_of_database() as asked:
            status, line = post(token, f"/dossiers/{number}/{deed}", told)
        assert (status, line["state"]) == (200, state), (deed, line)  # noqa: S101 — what fails has no measure
        return counted(asked)

    refused, mended, done = (post(token, "/dossiers", body)[1]["id"] for _dossier in range(3))
    found = [
        ("refuse it over the API", called(refused, "refuse", {"reason": "Sai nơi nộp."}, 3)),
        ("ask for a supplement", called(mended, "request-supplement", {"reason": "Thiếu bản sao."}, 5)),
        ("take the supplement in", called(mended, "supply", {"note": "Đã bổ sung."}, 1)),
    ]
    post(token, f"/dossiers/{done}/accept", {})
    found.append(("propose the result", called(done, "propose", {"opinion": "Đủ điều kiện."}, 4)))
    dossier, chair = Dossier.objects.with_procedures().get(pk=done), signer()
    with asked_of_database() as asked:
        actions.sign(dossier, by=chair)
    found.append(("sign it, sealed, within the process", counted(asked)))
    return [*found, ("hand it over", called(done, "hand-over", {"to": ""}, 10))]


def signer() -> Any:
    """The chair of the agency."""
    from motcua.demo.load import actor  # noqa: PLC0415 — as above

    return actor("lua")


@contextmanager
def asked_of_database() -> Iterator[list[dict[str, str]]]:
    """Keeps the statements made within, and for good: what Django kept of them it drops with the next request."""
    from django.db import connection  # noqa: PLC0415 — as above
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    kept: list[dict[str, str]] = []
    with CaptureQueriesContext(connection) as asked:
        yield kept
    kept += asked.captured_queries


def counted(asked: Sequence[dict[str, str]]) -> int:
    """Statements between the beginning and the end of the transaction."""
    return sum(one["sql"] not in {"BEGIN", "COMMIT"} for one in asked)


def fitting(token: str) -> tuple[dict[str, Any], str]:
    """The first procedure of the catalogue without fee and without another agency that takes answers nobody thought about."""
    from django.utils import timezone  # noqa: PLC0415 — as above

    from motcua.procedures.models import Version  # noqa: PLC0415
    from motcua.procedures.vocabulary import StepKind  # noqa: PLC0415

    offered = Version.objects.in_force(timezone.localdate()).offered().select_related("procedure")
    for version in offered.order_by("procedure__code"):
        definition = version.definition
        alone = all(step.kind is not StepKind.SERVICE for step in definition.steps)
        if not alone or any(fee.amount for fee in definition.fees) or not definition.cases:
            continue
        body = thought_up(definition)
        status, line = post(token, "/dossiers", body)
        if status == 201:
            return body, line["id"]
    raise LookupError("No procedure can be filed without thinking.")


def thought_up(definition: Any) -> dict[str, Any]:
    """A whole dossier: something fitting for every question, every paper on paper."""
    from motcua.demo.people import BY_KEY  # noqa: PLC0415 — as above
    from motcua.procedures.vocabulary import FieldType  # noqa: PLC0415

    may, case = BY_KEY["may"], definition.cases[0].id if definition.cases else None
    given = {
        FieldType.DATE: may.born_on,
        FieldType.YESNO: False,
        FieldType.NUMBER: 1,
        FieldType.PERSONAL_NUMBER: may.number,
        FieldType.PHONE: "0912345678",
        FieldType.EMAIL: "may@example.vn",
    }
    fields = [field for group in definition.form for field in group.fields]
    answers = {
        one.id: one.choices[0].value if one.choices else given.get(one.type, "Phường Sa Pa") for one in fields
    }
    papers = [{"paper": one.id, "copy": "original"} for one in definition.papers_for(case, "direct")]
    applicant = {"name": may.name, "number": may.number}
    return {
        "procedure": definition.code,
        "case": case,
        "applicant": applicant,
        "answers": answers,
        "papers": papers,
    }


def post(token: str, path: str, body: dict[str, Any]) -> tuple[int, Any]:
    """One call, within this process."""
    from django.test import Client  # noqa: PLC0415 — as above

    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}
    browser = Client(HTTP_HOST="127.0.0.1")
    answer = browser.generic(
        "POST", f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers
    )
    return answer.status_code, answer.json()


# From outside


async def load(port: int, token: str, body: bytes) -> tuple[int, float]:
    """Bring in and receive, over and over on so many connections; how many pairs, in how many seconds."""
    began = time.perf_counter()
    until = began + SECONDS
    counts = await asyncio.gather(*(keep_on(port, token, body, until) for _ in range(CONNECTIONS)))
    return sum(counts), time.perf_counter() - began


async def keep_on(port: int, token: str, body: bytes, until: float) -> int:
    """One connection: pair after pair."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    done = 0
    while time.perf_counter() < until:
        line = json.loads(await ask(reader, writer, token, "/dossiers", body))
        await ask(reader, writer, token, f"/dossiers/{line['id']}/accept", b"{}")
        done += 1
    writer.close()
    return done


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str, path: str, body: bytes
) -> bytes:
    """One request on a connection that stays open; raises what the server said if it is no success."""
    head = (
        f"POST /api/v1{path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n"
        f"idempotency-key: {uuid4().hex}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
    length = next(int(line.partition(":")[2]) for line in lines if line.startswith("content-length:"))
    content = await reader.readexactly(length)
    if lines[0].split()[1] not in {"200", "201"}:
        raise RuntimeError(content.decode())
    return content

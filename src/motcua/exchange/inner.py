"""What the web process of this node answers to calls of other nodes: those that come at once are put to it together."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from motcua.exchange.bundle import MEDIA_TYPE as BUNDLE
from motcua.exchange.bundle import bundled, unbundled
from motcua.exchange.envelope import Envelope
from motcua.exchange.problems import MEDIA_TYPE as PROBLEM
from motcua.exchange.problems import NO, Problem, detail_of, is_no
from motcua.exchange.station import Station
from motcua.exchange.together import Together
from motcua.exchange.wire import Client

UNREADABLE = (ValueError, KeyError, TypeError)


class Put(NamedTuple):
    """A call that holds, to be put to the web process."""

    request: Envelope
    body: bytes

    @property
    def head(self) -> dict[str, Any]:
        """What the web process must know of it beside its body."""
        asked = self.request
        return {
            "id": str(asked.id),
            "kind": asked.kind,
            "sender": asked.sender,
            "recipient": asked.recipient,
        }


class Answered(NamedTuple):
    """Media type and body of an answer; refusals are answers too, as problem details."""

    media_type: str
    body: bytes


class Inner:
    """The web process, as the exchange process of the same node asks it."""

    def __init__(self, station: Station, web: Client) -> None:
        self.station, self.web = station, web
        self._together = Together(self._bring, lambda one: len(one.body))

    async def answer(self, request: Envelope, body: bytes) -> Answered:
        """What is to be answered to a call: the service's answer, or in its words why there is none."""
        return await self._together.ask(Put(request, body))

    async def _bring(self, several: Sequence[Put]) -> Sequence[Answered]:
        left = max((one.request.expires - self.station.now()).total_seconds() for one in several)
        try:
            if len(several) == 1:
                return [await self._alone(several[0], max(left, 0.05))]
            return await self._bundle(several, max(left, 0.05))
        except OSError as error:
            words = f"The service at {self.station.name} did not answer ({type(error).__name__})."
            return [Answered(PROBLEM, Problem(500, words).body)] * len(several)

    async def _alone(self, one: Put, seconds: float) -> Answered:
        headers = {"content-type": one.request.content_type, "motcua-call": json.dumps(one.head)}
        status, media_type, body = await self._asked(headers, one.body, seconds)
        return self._read(status, media_type or "application/json", body)

    async def _bundle(self, several: Sequence[Put], seconds: float) -> Sequence[Answered]:
        content = bundled([(one.head, one.body) for one in several])
        status, media_type, body = await self._asked({"content-type": BUNDLE}, content, seconds)
        try:
            parts = unbundled(body) if (status, media_type) == (200, BUNDLE) else []
            answers = [self._read(said["status"], said["type"], part) for said, part in parts]
        except UNREADABLE:
            answers = []
        return answers if len(answers) == len(several) else [self._read(500, "", body)] * len(several)

    async def _asked(self, headers: Mapping[str, str], body: bytes, seconds: float) -> tuple[int, str, bytes]:
        url = f"http://127.0.0.1:{self.station.web_port}/internal/calls/"
        secret = {"authorization": f"Bearer {self.station.secret}"}
        response = await self.web.request("POST", url, {**secret, **headers}, body, seconds)
        return response.status, response.headers.get("content-type", ""), response.body

    def _read(self, status: int, media_type: str, body: bytes) -> Answered:
        if status == 200:
            return Answered(media_type, body)
        detail = detail_of(body, f"The service at {self.station.name} failed.")
        extra = NO if status == 422 and is_no(body) else {}
        return Answered(
            PROBLEM,
            Problem(status if status in {403, 404, 422} else 500, detail, extra=dict(extra)).body,
        )

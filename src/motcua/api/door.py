"""The door: who calls, may they, how often, can it be read; then one handler, and every answer in one form."""

import logging
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import UnreadablePostError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, ValidationError

from motcua.api import actions, tokens
from motcua.api.actions.asking import Admitted
from motcua.api.models import Client, actor_of
from motcua.api.operations import FORM, JSON, Operation
from motcua.api.problems import Problem, unreadable
from motcua.api.shapes.parts import Here, Somewhere
from motcua.lib.actions import Invalid, NotNow, Refused, whole
from motcua.lib.actors import Actor, anonymous

MINUTE = 60
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
SAFE = ("GET", "HEAD")
LOG = logging.getLogger(__name__)


@dataclass
class Call:
    """One call that got through the door."""

    request: HttpRequest
    operation: Operation
    client: Client
    actor: Actor
    query: Any = None
    body: Any = None
    key: str = ""

    @property
    def agency(self) -> str:
        """The agency it is about: the one it names, of those where the machine acts; the machine's own if it names none."""
        return self.named_agency or self.client.agency

    @property
    def agencies(self) -> frozenset[str]:
        """Of which agencies it shows: of the one it names, or of all where the machine acts."""
        return frozenset({self.named_agency}) if self.named_agency else self.client.places

    @property
    def named_agency(self) -> str:
        """Raises Problem if the machine does not act there."""
        for given, where in ((self.query, "?agency"), (self.body, "#/agency")):
            code = given.agency if isinstance(given, Somewhere | Here) else None
            if code and code not in self.client.places:
                words = _("This machine does not act for %(agency)s. Leave it out, or name one it acts for.")
                what = words % {"agency": code}
                raise Problem(422, what, [{"where": where, "what": what}])
            if code:
                return code
        return ""

    @contextmanager
    def once(self) -> Iterator[bool]:
        """One deed in one transaction: whether it is to be done, or was done before under the same key."""
        request = f"{self.request.method} {self.request.path}\n".encode() + self.request.body
        with whole():
            yield actions.remember(self.client, key=self.key, digest=sha256(request).digest())

    def made(self, made: Any) -> None:
        """Note what the deed made, inside `once`."""
        actions.note_made(self.client, key=self.key, made=made)

    @property
    def made_before(self) -> str:
        """The key of what the deed made when it was done."""
        return actions.made_before(self.client, key=self.key)


class Door:
    """All operations at one address, as a Django view."""

    csrf_exempt = True  # a machine shows its token; no browser would send it along by itself

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = {operation.method: operation for operation in operations}

    def __call__(self, request: HttpRequest, **values: str) -> HttpResponseBase:
        admitted: list[Admitted] = []
        try:
            answer = self.answer(request, values, admitted)
        except Exception as fault:  # noqa: BLE001 — whatever happens, the answer has the one form
            answer = told(fault).answer()
        answer.headers.setdefault("Cache-Control", "no-store")
        for one in admitted:
            show_allowance(answer, one)
        return answer

    def answer(
        self, request: HttpRequest, values: dict[str, str], admitted: list[Admitted]
    ) -> HttpResponseBase:
        operation = self.operations.get("GET" if request.method == "HEAD" else request.method or "")
        if operation is None:
            allowed = ", ".join(self.operations)
            raise Problem(
                405, _("Here only: %(methods)s.") % {"methods": allowed}, headers={"Allow": allowed}
            )
        call = Call(request, operation, Client(), anonymous)
        if operation.scope:
            known, token = admit(request)
            admitted.append(known)
            hold_to(known, token, operation)
            call.client, call.actor = known.client, actor_of(known.client, operation.scope)
        read_into(call)
        given = operation.handler(call, **{name: value_of(name, text) for name, text in values.items()})
        return shown(given, operation.status)


def admit(request: HttpRequest) -> tuple[Admitted, tokens.Token]:
    """Who calls; each call counts."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    token = tokens.read(text.strip()) if scheme.lower() == "bearer" else None
    known = actions.admit(token.client, minute=int(time.time()) // MINUTE) if token else None
    if token is None or known is None or known.client.generation != token.generation:
        raise Problem(
            401,
            _(
                "Send `Authorization: Bearer …` with a token that has not run out; POST /api/v1/token gives one."
            ),
            headers={"WWW-Authenticate": 'Bearer realm="motcua", error="invalid_token"'},
        )
    return known, token


def hold_to(known: Admitted, token: tokens.Token, operation: Operation) -> None:
    """How often, and what for: deny by default."""
    if known.used > known.client.per_minute:
        wait = left()
        raise Problem(
            429,
            _(
                "%(most)s calls a minute are allowed. Come back in %(seconds)s s; nothing of this request was kept."
            )
            % {"most": known.client.per_minute, "seconds": wait},
            headers={"Retry-After": str(wait)},
        )
    scope = operation.scope
    if scope not in token.scopes or scope not in known.client.scopes:
        raise Problem(
            403,
            _(
                "This needs the scope %(scope)s. Ask for it with the token; who looks after the node grants it."
            )
            % {"scope": scope},
            headers={
                "WWW-Authenticate": f'Bearer realm="motcua", error="insufficient_scope", scope="{scope}"'
            },
        )


def show_allowance(answer: HttpResponseBase, admitted: Admitted) -> None:
    """How many calls are left in this minute (draft-ietf-httpapi-ratelimit-headers)."""
    most = admitted.client.per_minute
    answer.headers["RateLimit-Policy"] = f'"minute";q={most};w={MINUTE}'
    answer.headers["RateLimit"] = f'"minute";r={max(0, most - admitted.used)};t={left()}'


def left() -> int:
    """Seconds until the next minute begins."""
    return MINUTE - int(time.time()) % MINUTE


def read_into(call: Call) -> None:
    """Query, key and body, held to what the operation declares."""
    operation, request = call.operation, call.request
    if operation.is_deed:
        call.key = key_of(request)
    call.query = query_of(request, operation.query)
    if request.method in SAFE:
        return
    media = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if (operation.body or operation.takes_file) and media not in operation.media:
        raise Problem(415, _("Send it as %(media)s.") % {"media": ", ".join(operation.media)})
    if operation.body:
        call.body = body_of(request, operation.body, media)


def key_of(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(key):
        raise Problem(
            400,
            _(
                "Send `Idempotency-Key`: 8 to 64 letters, digits, - or _. "
                "Each deed has a new one; a deed tried again has the same."
            ),
            [{"where": "Idempotency-Key", "what": _("This is missing or not written as expected.")}],
        )
    return key


def query_of(request: HttpRequest, shape: type[BaseModel] | None) -> Any:
    """The query as typed values; each name once, and none that is not known."""
    given: Mapping[str, Sequence[str]] = dict(request.GET.lists())
    if twice := [name for name, values in given.items() if len(values) > 1]:
        raise Problem(422, _("Each of these may stand once only: %(names)s.") % {"names": ", ".join(twice)})
    values = {name: one[0] for name, one in given.items()}
    if shape is None:
        if values:
            raise Problem(422, _("There are no parameters here: %(names)s.") % {"names": ", ".join(values)})
        return None
    try:
        return shape.model_validate(values)
    except ValidationError as fault:
        raise unreadable(fault, where="?") from fault


def body_of(request: HttpRequest, shape: type[BaseModel], media: str) -> Any:
    try:
        if media == FORM:
            return shape.model_validate({name: values[-1] for name, values in request.POST.lists()})
        if media == JSON:
            return shape.model_validate_json(request.body)
    except ValidationError as fault:
        raise unreadable(fault, where="#") from fault
    raise AssertionError(media)


IDENTIFIERS = (
    *("dossier", "subscription", "document", "question"),
    *("petition", "payment", "draft", "appointment"),
)
SERIALS = ("posting", "refund", "ticket")
SERIAL = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


def value_of(name: str, text: str) -> Any:
    """A value of the path; identifiers are UUIDs or numbers, and what can be none names nothing."""
    if "\x00" in text or (name in SERIALS and not SERIAL.fullmatch(text)):
        raise Http404
    if name in SERIALS:
        return int(text)
    if name not in IDENTIFIERS:
        return text
    try:
        return UUID(text)
    except ValueError as fault:
        raise Http404 from fault


def shown(given: Any, status: int) -> HttpResponseBase:
    """What a handler gave, as an answer."""
    if isinstance(given, HttpResponseBase):
        return given
    if given is None:
        return HttpResponse(status=204)
    return HttpResponse(cast("BaseModel", given).model_dump_json(by_alias=True), JSON, status)


# Whatever an action or Django may raise: the status, and what is said where the fault has no words for the reader.
FAULTS: dict[type[Exception], tuple[int, Promise | None]] = {
    Refused: (403, None),
    NotNow: (409, None),
    Invalid: (422, None),
    Http404: (404, gettext_lazy("What you ask for is not here, or it is not your agency's.")),
    ObjectDoesNotExist: (404, gettext_lazy("What you ask for is not here, or it is not your agency's.")),
    RequestDataTooBig: (413, gettext_lazy("At most 1 MB of JSON is read, and files of at most 10 MB.")),
    UnreadablePostError: (400, gettext_lazy("The body broke off before its end. Send it again.")),
}


def told(fault: Exception) -> Problem:
    """Whatever hindered us, in words; what we did not foresee is written down and told without its inside."""
    if isinstance(fault, Problem):
        return fault
    for kind, (status, words) in FAULTS.items():
        if isinstance(fault, kind):
            places = faults_of(fault) if isinstance(fault, Invalid) else []
            return Problem(status, str(words or fault), places)
    LOG.error("A call could not be answered.", exc_info=fault)
    return Problem(
        500, _("Nothing of this request was kept. Try again; if it stays so, tell who runs this node.")
    )


def faults_of(fault: Invalid) -> list[dict[str, str]]:
    """Where an action's own check found what does not hold; answers stand one level deeper than the rest of a body."""
    answers: Mapping[str, str] = getattr(fault, "faults", {})
    if answers:
        return [
            {"where": "#/papers" if name == "papers" else f"#/answers/{name}", "what": str(what)}
            for name, what in answers.items()
        ]
    return [{"where": f"#/{fault.field.replace('.', '/')}", "what": str(fault)}] if fault.field else []

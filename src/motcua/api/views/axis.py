"""The national document axis for existing document systems: the calls they know, answered by this node.

Every answer has the one form `{status, ErrorCode, ErrorDesc, data, DocId}`; what is refused says why, with the HTTP status as code.
"""

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from motcua.api import actions, axis, edocs
from motcua.api.door import MINUTE, told
from motcua.api.models import Client, actor_of
from motcua.api.problems import Problem
from motcua.api.scopes import Scope
from motcua.dispatches import actions as dispatches
from motcua.dispatches.messages import state_message
from motcua.dispatches.models import Delivery, Incoming, Outgoing
from motcua.dispatches.secrecy import may_leave
from motcua.documents.edxml.message import Document
from motcua.documents.edxml.reading import read
from motcua.documents.edxml.trees import UnreadableError
from motcua.documents.models import store
from motcua.lib.actors import Actor
from motcua.organisations.models import Agency

LARGEST = 50 * 1024 * 1024
MOST = 500
FETCHED = ("processing", "done", "fail")
RECALL = "-recall"  # ends the identifier of the message by which a document is asked back


class Asked:
    """A call that is believed: by which system, for which agency, with what."""

    def __init__(self, request: HttpRequest, client: Client, body: bytes) -> None:
        self.client, self.body = client, body
        self.actor: Actor = actor_of(client, Scope.AXIS)
        self.agency = header(request, "from")
        self.kind = header(request, "messagetype")
        self.document = header(request, "docId")
        self.status = header(request, "status")


def header(request: HttpRequest, name: str) -> str:
    return request.headers.get(axis.PREFIX + name, "").strip()


@csrf_exempt
def serve(request: HttpRequest, service: str) -> HttpResponse:
    """One call; whatever happens, the answer has the one form."""
    try:
        return handler_of(request, service)(believed(request))
    except Exception as fault:  # noqa: BLE001 — whatever happens, the answer has the one form
        problem = told(fault)
        return JsonResponse(
            {
                "status": "FAIL",
                "ErrorCode": str(problem.status),
                "ErrorDesc": problem.detail,
                "data": None,
                "DocId": "",
            },
            status=problem.status,
        )


def handler_of(request: HttpRequest, service: str) -> Callable[[Asked], HttpResponse]:
    if request.method != "POST":
        raise Problem(405, _("Here only: %(methods)s.") % {"methods": "POST"})
    if service not in SERVICES:
        raise Problem(404, _("There is no such call: %(name)s.") % {"name": service[:40]})
    return SERVICES[service]


def believed(request: HttpRequest) -> Asked:
    """Who calls, proven by the shared key; only for its own agency, or one below it if it may.

    Whose signature does not hold is neither counted as a call of the system it names, nor is what it sends read.
    """
    client = known(header(request, "systemid"))
    axis.check(client.axis_key, request.headers, timezone.now())
    count(client)
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise Problem(413, _("At most 50 MB are taken at once."))
    axis.check_file(request.headers, body)
    asked = Asked(request, client, body)
    if asked.agency not in client.places:
        words = {"sender": client.agency, "agency": asked.agency[:40]}
        raise Problem(403, _("%(sender)s cannot speak for %(agency)s.") % words)
    if asked.kind not in {"edoc", "status"}:
        raise Problem(422, _("messagetype is edoc or status."))
    return asked


def known(system: str) -> Client:
    """The system of this identifier, if it may use the axis."""
    try:
        found = Client.objects.filter(pk=UUID(system), ended_at=None).first()
    except ValueError:
        found = None
    if found is None or Scope.AXIS not in found.scopes:
        raise Problem(401, _("No system with this identifier may exchange documents here (systemid)."))
    return found


def count(client: Client) -> None:
    """Each call counts."""
    admitted = actions.admit(client.pk, minute=int(time.time()) // MINUTE)
    if admitted is None or admitted.used > client.per_minute:
        raise Problem(429, _("Too many calls in this minute"))


def good(data: Any = None, document: str = "") -> HttpResponse:
    return JsonResponse({"status": "OK", "ErrorCode": "0", "ErrorDesc": "", "data": data, "DocId": document})


def send(asked: Asked) -> HttpResponse:
    """A document goes to its receivers byte for byte, or a state to whoever sent the document."""
    try:
        reading = read(asked.body)
    except UnreadableError as fault:
        raise Problem(422, str(fault)) from fault
    sender = reading.message.header.sender
    if sender is None or sender.organ_id != asked.agency:
        raise Problem(403, _("The message does not say that it is from who sends it."))
    if isinstance(reading.message, Document):
        edocs.check_own(reading, reading.message, asked.agency)
    done = edocs.take(reading, asked.body, agency=asked.agency, by=asked.actor)
    return good(document=str(done.pk))


def received(asked: Asked) -> HttpResponse:
    """What came and was not yet fetched for good, the oldest first: documents, or states of documents that were sent."""
    if asked.kind == "edoc":
        mine = (
            Incoming.objects.filter(agency=asked.agency, secrecy=0)
            .exclude(message="")
            .order_by("arrived_at", "pk")
        )
        rows = [
            line(str(one.pk), one.sender, one.document_id, one.subject, one.arrived_at, one.fetched)
            for one in mine.exclude(fetched="done")[:MOST]
        ]
        rows += [
            line(f"{one.pk}{RECALL}", one.sender, one.document_id, one.recall_reason, one.recall_asked_at, "")
            for one in mine.exclude(recall_message="").exclude(recall_fetched="done")[:MOST]
        ]
        return good(rows[:MOST])
    deliveries = Delivery.objects.with_news({"done"}).filter(outgoing__agency=asked.agency)
    rows = [
        line(
            f"{one.pk}-{place}",
            one.agency,
            (one.outgoing.document_id if one.outgoing else "") or "",
            news["state"],
            news["at"],
            news.get("fetched", ""),
        )
        for one in deliveries.select_related("outgoing").order_by("pk")[:MOST]
        for place, news in enumerate(one.told)
        if news.get("fetched") != "done"
    ]
    return good(rows[:MOST])


def line(document: str, sender: str, identifier: str, title: str, at: Any, status: str) -> dict[str, str]:
    moment = at if isinstance(at, str) else at.isoformat()
    return {
        "docId": document,
        "from": sender,
        "documentId": identifier,
        "title": title,
        "created": moment,
        "status": status,
    }


def sent(asked: Asked) -> HttpResponse:
    """What this agency sent lately, and where it stands at each receiver."""
    documents = Outgoing.objects.filter(
        agency=asked.agency, secrecy=0, issued_at__isnull=False
    ).prefetch_related("deliveries")
    return good(
        [
            line(str(one.pk), one.agency, one.document_id or "", one.subject, one.issued_at, one.state)
            | {
                "receivers": [
                    {"code": to.agency, "name": to.agency_name, "status": to.state}
                    for to in one.deliveries.all()
                ]
            }
            for one in documents.order_by("-issued_at", "pk")[:MOST]
        ]
    )


def fetch(asked: Asked) -> HttpResponse:
    """The message itself as it came; a state as it was told."""
    if asked.kind == "edoc":
        document, is_recall = incoming(asked)
        if not is_recall:
            may_leave(document)
            dispatches.open_document(document, by=asked.actor, what=f"{document.pk}.edxml")
        content = store().read(document.recall_message if is_recall else document.message)
    else:
        content = state_message(*delivery(asked))
    return HttpResponse(content, content_type="application/octet-stream")


def update(asked: Asked) -> HttpResponse:
    """What became of a message on its way into the system: processing, done (it is not listed again) or fail."""
    if asked.status not in FETCHED:
        raise Problem(422, _("status is one of: %(names)s.") % {"names": ", ".join(FETCHED)})
    if asked.kind == "edoc":
        came, is_recall = incoming(asked)
        dispatches.note_fetched(came, by=asked.actor, how=asked.status, is_recall=is_recall)
    else:
        document, found, place = delivery(asked)
        dispatches.note_news_fetched(document, by=asked.actor, delivery=found, place=place, how=asked.status)
    return good(document=asked.document)


def incoming(asked: Asked) -> tuple[Incoming, bool]:
    """The document that came, and whether its recall is meant."""
    key, is_recall = asked.document.removesuffix(RECALL), asked.document.endswith(RECALL)
    try:
        found = Incoming.objects.exclude(message="").get(pk=UUID(key), agency=asked.agency)
    except (ValueError, Incoming.DoesNotExist) as fault:
        raise Problem(404, _("There is no such message (docId).")) from fault
    if is_recall and not found.recall_message:
        raise Problem(404, _("There is no such message (docId)."))
    return found, is_recall


def delivery(asked: Asked) -> tuple[Outgoing, Delivery, int]:
    """The document and the delivery a state belongs to, and which of its news it is."""
    key, _dash, place = asked.document.partition("-")
    if key.isdecimal() and place.isdecimal() and len(key) < 18:
        found = (
            Delivery.objects.select_related("outgoing")
            .filter(pk=int(key), outgoing__agency=asked.agency)
            .first()
        )
        if found and found.outgoing and int(place) < len(found.told):
            return found.outgoing, found, int(place)
    raise Problem(404, _("There is no such message (docId)."))


def agencies(_asked: Asked) -> HttpResponse:
    """Every agency documents can be sent to today."""
    return good(
        [
            {
                "id": one.code,
                "code": one.code,
                "name": one.name_vi,
                "pid": one.code.rpartition(".")[0],
                "isAgency": True,
            }
            for one in Agency.objects.in_force().order_by("code")
        ]
    )


SERVICES: dict[str, Callable[[Asked], HttpResponse]] = {
    "sendEdoc": send,
    "getReceivedEdocList": received,
    "getSentEdocList": sent,
    "getEdoc": fetch,
    "updateStatus": update,
    "getAgenciesList": agencies,
}

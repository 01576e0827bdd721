"""What the pages of documents that come in and go out have in common: finding one, deciding about it, opening its files."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from motcua.desk.access import led_by
from motcua.desk.doing import Acts, form_of, refused
from motcua.dispatches import actions
from motcua.dispatches.models import Copy, Incoming, Look, Outgoing, Reader
from motcua.dispatches.printing import printed
from motcua.dispatches.rules import OFFICERS, clerk, head
from motcua.documents.intake import PDF
from motcua.documents.models import newest
from motcua.documents.serving import served
from motcua.dossiers.papers import title_of
from motcua.lib.actions import Can, Invalid, NotNow
from motcua.lib.actors import Actor
from motcua.organisations.models import Agency
from motcua.people.middleware import ActorRequest

# How many openings a page shows, the latest first.
LOOKS = 50
# The page of a document: drawn again with a form that says what is wrong.
type Drawn[Document] = Callable[[ActorRequest, Document, dict[str, forms.Form]], HttpResponse]


PAGES = {Incoming: "desk:incoming_one", Outgoing: "desk:outgoing_one", Copy: "desk:copy"}


def found[Document: (Incoming, Outgoing, Copy)](
    request: ActorRequest, kind: type[Document], pk: UUID
) -> Document:
    """A document one may see; others are not there."""
    led_by(request, *OFFICERS)
    rows: Any = kind.objects.visible_to(request.actor, *OFFICERS)
    document: Document = get_object_or_404(rows, pk=pk)
    return document


def shown_to[Document: (Incoming, Outgoing)](
    request: ActorRequest, document: Document | None
) -> Document | None:
    """A document that another one speaks of, if this officer may see it as well."""
    if document is None:
        return None
    rows = document.__class__.objects.visible_to(request.actor, *OFFICERS)
    return document if rows.filter(pk=document.pk).exists() else None


def seen(request: ActorRequest, document: Incoming | Outgoing, what: str = "") -> None:
    """It is written down that this officer opens the document, or a file of it, and from where."""
    place = request.META.get("REMOTE_ADDR", "")
    actions.open_document(document, by=request.actor, what=what, place=place)


def watched(request: ActorRequest, document: Incoming | Outgoing) -> dict[str, Any]:
    """For clerk and head: who else may read it, and who opened it lately; for others nothing, and no statement."""
    if not (clerk | head)(request.actor, document):
        return {}
    looks = Look.objects.filter(document=document.pk).order_by("-at", "pk")
    readers = Reader.objects.filter(document=document.pk).order_by("name", "pk")
    return {"watches": True, "looks": list(looks[:LOOKS]), "readers": list(readers)}


def offered(
    request: ActorRequest, document: Incoming | Outgoing | Copy, acts: Acts, failed: dict[str, forms.Form]
) -> dict[str, forms.Form]:
    """The forms of what can be decided now, by this officer; one that failed says what is wrong."""
    can = Can(request.actor, document, "dispatches")
    pointless = out_of_place(document)
    forms_ = {
        verb: form_of(acts, verb, about=document) for verb in acts if verb not in pointless and can[verb]
    }
    return {verb: form for verb, form in forms_.items() if not getattr(form, "is_idle", False)} | failed


def signing_as(actor: Actor, agency: str) -> dict[str, str]:
    """In which post somebody signs, to begin with: a deputy under *KT.* and the head's title."""
    title = title_of(actor, agency)
    position = title.removeprefix("KT. ")
    return {"position": position, "power": "" if position == title else "KT."}


def out_of_place(document: Incoming | Outgoing | Copy) -> set[str]:
    """What may be done at any time, and is not offered where nobody asked for it, or it would be refused."""
    if isinstance(document, Outgoing):
        owed = document.answer_by and not document.secrecy and document.deliveries.owing().exists()
        unasked = set() if owed else {"remind"}
        return unasked | ({"enclose", "submit", "issue", "copy"} if document.secrecy else {"issue_on_paper"})
    if not isinstance(document, Incoming):
        return set()
    unasked = set() if document.recall_asked_at else {"give_back", "keep_on"}
    stays = {"forward", "copy"} if document.secrecy else set() if document.signed_by else {"forward"}
    return unasked | stays


def decided[Document: (Incoming, Outgoing, Copy)](
    request: ActorRequest, document: Document, verb: str, acts: Acts, drawn: Drawn[Document]
) -> HttpResponse:
    """One decision carried out, or the page that says why not."""
    if verb not in acts:
        raise Http404
    form = refused(request, acts, verb, document)
    if form:
        return drawn(request, document, {verb: form})
    return redirect(PAGES[type(document)], document.pk)


def printed_pdf(document: Outgoing, agency: Agency) -> HttpResponse:
    """A document in print as it would be now, for whoever looks before it is signed."""
    try:
        pdf = printed(document, agency)
    except Invalid as fault:
        raise NotNow(str(fault)) from fault
    return HttpResponse(
        pdf, content_type=PDF, headers={"Content-Disposition": 'inline; filename="draft.pdf"'}
    )


def opened(
    request: ActorRequest, document: Incoming | Outgoing, files: Sequence[dict[str, Any]], number: int
) -> HttpResponse:
    """One of the files of a document, and that it was opened; what could run is not handed out."""
    if number >= len(files) or files[number].get("fault") == "program":
        raise Http404
    seen(request, document, files[number]["name"])
    return served(newest(files[number]["digest"]), files[number]["media"], files[number]["name"])

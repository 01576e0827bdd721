"""A dossier as a machine is given it: one line, or all there is."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from motcua.api.models import Client, actor_of
from motcua.api.scopes import POSTS, Scope
from motcua.api.shapes import dossiers as shapes
from motcua.documents.actions import outgoing
from motcua.documents.models import Document
from motcua.dossiers.clock import is_fitting
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import State
from motcua.journal.models import Entry
from motcua.lib.actions import may
from motcua.opinions.models import Inquiry
from motcua.oversight.words import said
from motcua.payments.models import Charge

# What a machine can do with a dossier: the word in the address → the action, and the scope it takes.
DEEDS: dict[str, tuple[str, Scope]] = {
    "accept": ("accept", Scope.RECEIVE),
    "refuse": ("refuse", Scope.RECEIVE),
    "request-supplement": ("request_supplement", Scope.RECEIVE),
    "supply": ("resume", Scope.RECEIVE),
    "withdraw": ("give_back", Scope.RECEIVE),
    "forward": ("forward", Scope.RECEIVE),
    "add-papers": ("file_paper", Scope.RECEIVE),
    "take-cash": ("take_cash", Scope.RECEIVE),
    "waive-fee": ("waive_fee", Scope.RECEIVE),
    "decide-at-once": ("decide_at_once", Scope.DECIDE),
    "hand-over": ("hand_over", Scope.RECEIVE),
    "assign": ("assign", Scope.HANDLE),
    "consult": ("consult", Scope.HANDLE),
    "complete": ("complete", Scope.HANDLE),
    "propose": ("propose", Scope.HANDLE),
    "retry": ("retry", Scope.HANDLE),
    "stop": ("stop", Scope.HANDLE),
    "restart": ("restart", Scope.HANDLE),
}
# What is decided here for an agency below goes back there; these speak with the applicant, and are refused.
NOT_OF_PARTS = {"forward", "request-supplement"}
MOST_MOMENTS = 500


def line(dossier: Dossier) -> dict[str, Any]:
    """What a list shows of a dossier."""
    return {
        "id": dossier.pk,
        "code": dossier.code,
        "procedure": dossier.version.code,
        "case": dossier.case,
        "agency": dossier.agency,
        "channel": dossier.channel,
        "state": dossier.state,
        "state_name": str(State(dossier.state).label),
        "applicant_name": dossier.applicant_name,
        "sent_at": dossier.sent_at,
        "arrived_at": dossier.arrived_at,
        "receive_by": dossier.receive_by if dossier.state == State.NEW else None,
        "answer_by": dossier.answer_by if dossier.state == State.SUPPLEMENT else None,
        "accepted_at": dossier.accepted_at,
        "due_at": dossier.due_at,
        "ended_at": dossier.ended_at,
    }


def brief(dossier: Dossier) -> shapes.DossierLine:
    return shapes.DossierLine(**line(dossier))


def in_full(dossier: Dossier, client: Client) -> shapes.Dossier:
    """Everything, in seven queries more."""
    charge = Charge.objects.about(dossier).first()
    moments = Entry.objects.about(dossier)[:MOST_MOMENTS]
    return shapes.Dossier(
        **line(dossier),
        applicant_number=dossier.applicant_number,
        contact={name: str(value) for name, value in dossier.contact.items()},
        answers=dossier.answers,
        reason=dossier.reason,
        opinion=dossier.opinion,
        steps=[step(one) for one in dossier.steps.all()],
        papers=[paper(one) for one in dossier.papers.order_by("added_at", "pk")],
        documents=[document(one) for one in Document.objects.about(dossier).issued()],
        fee=fee(charge) if charge else None,
        assigned_to=dossier.assigned_to_id,
        notes=[
            shapes.InternalNote(text=one.text, author=one.author.name, added_at=one.added_at)
            for one in dossier.notes.select_related("author")
        ],
        opinions=[inquiry(one) for one in Inquiry.objects.about(dossier)],
        timeline=[
            shapes.Moment(
                at=one.at, event=one.event, words=str(said(one.event)), by=one.actor.get("name", "")
            )
            for one in moments
        ],
        can=possible(dossier, client),
    )


def possible(dossier: Dossier, client: Client) -> list[str]:
    """The deeds this machine may do with it now."""
    actors = {scope: actor_of(client, scope) for scope in POSTS if scope in client.scopes}
    return [
        deed
        for deed, (verb, scope) in DEEDS.items()
        if scope in actors
        and may(actors[scope], f"dossiers.{verb}", dossier)
        and not (deed == "add-papers" and dossier.has_ended)
        and not (deed in NOT_OF_PARTS and dossier.is_part)
        and is_fitting(verb, dossier, timezone.now())
    ]


def inquiry(one: Inquiry) -> shapes.Inquiry:
    names = ("agency", "agency_name", "question", "state", "due_at", "verdict", "answer", "answered_at")
    return shapes.Inquiry(**{name: getattr(one, name) for name in names})


def step(one: Any) -> shapes.Step:
    names = ("key", "kind", "agency", "state", "started_at", "due_at", "ended_at", "trouble")
    return shapes.Step(**{name: getattr(one, name) for name in names})


def paper(one: Any) -> shapes.FiledPaper:
    names = ("paper", "name", "media", "size", "digest", "copy")
    return shapes.FiledPaper(**{name: getattr(one, name) for name in names})


def document(one: Document) -> shapes.IssuedDocument:
    """As it is handed out: the digest told here is that of the file, so a form that awaits its seal is sealed before.

    Where the store has lost its file it is told as it stood, and only asking for it comes to nothing.
    """
    try:
        outgoing(one)
    except FileNotFoundError:
        one.refresh_from_db()
    names = ("kind", "title", "number", "state", "code", "check_url", "media", "digest")
    return shapes.IssuedDocument(id=one.pk, **{name: getattr(one, name) for name in names})


def fee(charge: Charge) -> shapes.FeeState:
    page = settings.NODE.web_url + reverse("payments:pay", args=[charge.pk])
    return shapes.FeeState(
        state=charge.state, code=charge.code, amount=charge.amount, open=charge.open, page=page
    )

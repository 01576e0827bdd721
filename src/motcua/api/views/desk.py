"""What else lies at the desk: who works there, results that go by post, what other agencies ask."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.api.door import Call
from motcua.api.operations import operation
from motcua.api.pages import paged
from motcua.api.scopes import Scope
from motcua.api.shapes import desk as shapes
from motcua.api.shapes.parts import Somewhere
from motcua.documents.models import Document
from motcua.documents.serving import served
from motcua.dossiers import actions as dossiers
from motcua.dossiers.postings import Posting
from motcua.lib.actions import Invalid, take
from motcua.opinions import actions as opinions
from motcua.opinions.models import Question
from motcua.people.models import Appointment

ABOUT = "desk"


@operation(
    "GET",
    "/officers",
    gettext_lazy("Who works at the agency today, with their posts: whom a dossier can be assigned to"),
    about=ABOUT,
    scope=Scope.READ,
    query=Somewhere,
    gives=shapes.Officers,
)
def list_officers(call: Call) -> shapes.Officers:
    """By name; names and posts only."""
    held = Appointment.objects.in_force().filter(post__agency=call.agency)
    found: dict[UUID, tuple[str, list[shapes.Post]]] = {}
    for one in held.select_related("account", "post").order_by("account__name", "account_id", "post_id"):
        _name, posts = found.setdefault(one.account_id, (one.account.name, []))
        posts.append(shapes.Post(role=one.post.role, title=one.post.title))
    items = [shapes.Officer(id=pk, name=name, posts=posts) for pk, (name, posts) in found.items()]
    return shapes.Officers(items=items)


@operation(
    "GET",
    "/postings",
    gettext_lazy("Results that go by post: to whom, what the postman takes, under which number"),
    about=ABOUT,
    scope=Scope.RECEIVE,
    query=shapes.Postings,
    gives=shapes.PostingPage,
)
def list_postings(call: Call) -> shapes.PostingPage:
    """The oldest first."""
    asked, own = call.query, postings(call)
    rows = own.filter(state=asked.state) if asked.state else own
    found, after = paged(call, rows, by="made_at", among=own)
    return shapes.PostingPage(items=[posting_shown(one) for one in found], next=after)


@operation(
    "POST",
    "/postings/{posting}/consign",
    gettext_lazy("The post has the result; the applicant is told the number to follow it by"),
    about=ABOUT,
    scope=Scope.RECEIVE,
    body=shapes.Consigned,
    gives=shapes.Posting,
    is_deed=True,
)
def consign_posting(call: Call, posting: int) -> shapes.Posting:
    """Each number of the post is used once."""
    with call.once() as is_first:
        found = take(postings(call), pk=posting)
        if is_first:
            dossiers.consign(found, by=call.actor, waybill=call.body.waybill)
    return posting_shown(found)


def postings(call: Call) -> QuerySet[Posting]:
    return Posting.objects.with_dossiers().filter(agency__in=call.agencies)


def posting_shown(one: Posting) -> shapes.Posting:
    names = ("agency", "state", "name", "phone", "postage", "waybill", "made_at", "sent_at")
    return shapes.Posting(
        id=one.pk,
        dossier=one.dossier_id,
        code=one.dossier.code,
        address=one.lines,
        **{name: getattr(one, name) for name in names},
    )


@operation(
    "GET",
    "/questions",
    gettext_lazy("What other agencies ask this one for its opinion"),
    about=ABOUT,
    scope=Scope.OPINIONS,
    query=shapes.Questions,
    gives=shapes.QuestionPage,
)
def list_questions(call: Call) -> shapes.QuestionPage:
    """The most urgent first."""
    asked, own = call.query, questions(call)
    rows = own.filter(state=asked.state) if asked.state else own
    found, after = paged(call, rows, by="due_at", among=own)
    return shapes.QuestionPage(items=[shapes.QuestionLine(**line(one)) for one in found], next=after)


@operation(
    "GET",
    "/questions/{question}",
    gettext_lazy("One question, with its papers, and what was answered"),
    about=ABOUT,
    scope=Scope.OPINIONS,
    gives=shapes.Question,
)
def show_question(call: Call, question: UUID) -> shapes.Question:
    """The papers themselves come by their digest."""
    found = questions(call).get(pk=question)
    opinions.open_question(found, by=call.actor)
    return in_full(found)


@operation(
    "GET",
    "/questions/{question}/papers/{digest}",
    gettext_lazy("A paper that came with a question; that it was opened is written down"),
    about=ABOUT,
    scope=Scope.OPINIONS,
)
def show_enclosure(call: Call, question: UUID, digest: str) -> HttpResponseBase:
    """The bytes, compared with their digest."""
    found = questions(call).get(pk=question)
    held = next((one for one in found.papers if one["digest"] == digest), None)
    if held is None:
        raise Question.DoesNotExist
    opinions.open_enclosure(found, by=call.actor, digest=digest)
    return served(held["digest"], held["media"], held["name"])


@operation(
    "POST",
    "/questions/{question}/answer",
    gettext_lazy("Send the agency's opinion to who asked, with its signed letter if there is one"),
    about=ABOUT,
    scope=Scope.OPINIONS,
    body=shapes.OpinionGiven,
    gives=shapes.Question,
    is_deed=True,
)
def answer_question(call: Call, question: UUID) -> shapes.Question:
    """What officers decided in a system of the agency's own; it answers for having asked them."""
    given: shapes.OpinionGiven = call.body
    with call.once() as is_first:
        found = take(questions(call), pk=question)
        if is_first:
            opinions.answer_question(
                found, by=call.actor, verdict=given.verdict, answer=given.answer, file=letter(call, given)
            )
    return in_full(found)


def letter(call: Call, given: shapes.OpinionGiven) -> dict[str, Any] | None:
    """The letter this machine brought in under its digest."""
    if given.digest is None:
        return None
    held = Document.objects.filter(owner=call.client.urn, digest=given.digest).first()
    if held is None:
        raise Invalid(
            _("Bring in the file first (PUT /api/v1/files/…): %(digests)s") % {"digests": given.digest},
            field="digest",
        )
    name = given.name or given.digest
    return {"name": name, "media": held.media, "size": held.size, "digest": held.digest}


def questions(call: Call) -> QuerySet[Question]:
    return Question.objects.filter(agency__in=call.agencies)


def line(one: Question) -> dict[str, Any]:
    names = (
        "agency",
        "asker",
        "asker_name",
        "name",
        "reference",
        "state",
        "asked_at",
        "due_at",
        "answered_at",
    )
    return {"id": one.pk, **{name: getattr(one, name) for name in names}}


def in_full(one: Question) -> shapes.Question:
    names = ("question", "silence_agrees", "verdict", "answer", "answered_by")
    return shapes.Question(
        **line(one),
        papers=[shapes.EnclosedPaper(**paper) for paper in one.papers],
        **{name: getattr(one, name) for name in names},
    )

"""What opinions do when messages come in."""

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.exchange.messages import Message, Unfit, receives
from motcua.journal.actions import on
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow
from motcua.lib.actors import Actor
from motcua.notices import actions as notices
from motcua.notices.models import Notice
from motcua.notices.wording import wording
from motcua.opinions import actions
from motcua.opinions.events import EnclosureOpened, QuestionCame, QuestionOpened, QuestionPassedOn
from motcua.opinions.models import Inquiry, Question
from motcua.organisations.estates import Passing, left_behind
from motcua.organisations.heirs import answering, speaks_for
from motcua.organisations.models import Post
from motcua.people.models import acting_at

OPINIONS = Actor.system("opinions")
EXAMINING = (Post.Role.REGISTRAR, Post.Role.SPECIALIST)
ASKED = wording(
    "opinions.asked",
    subject=gettext_lazy("%(asker)s asks for your agency's opinion"),
    body=gettext_lazy("It is about “%(name)s”. Answer by %(due_at)s."),
)


@receives("opinion.asked")
def take_question(message: Message) -> None:
    """Another agency asks for an opinion."""
    body = message.json()
    actions.take_question(
        Question(
            pk=uuid5(NAMESPACE_URL, f"inquiry:{body['inquiry']}@{message.recipient}"),
            inquiry=UUID(body["inquiry"]),
            agency=answering(message.recipient),
            asker=message.sender,
            asker_name=body["asker_name"],
            name=body["name"],
            reference=body["reference"],
            question=body["question"],
            papers=body["papers"],
            concerned=body.get("concerned", []),
            silence_agrees=body["silence_agrees"],
            asked_at=datetime.fromisoformat(body["asked_at"]),
            due_at=datetime.fromisoformat(body["due_at"]),
        ),
        by=OPINIONS,
    )


@left_behind(
    "questions",
    gettext_lazy("Opinions to be given"),
    rows=lambda: Question.objects.filter(state=Question.State.WAITING),
)
def pass_on(passing: Passing) -> int:
    """What is still to be answered goes to who follows."""
    return actions.pass_on(passing, by=OPINIONS)


@receives("opinion.given")
def take_answer(message: Message) -> None:
    """The agency that was asked has answered; only it may, and once."""
    inquiry, body = asked_from_here(message), message.json()
    try:
        actions.take_answer(inquiry, by=OPINIONS, told=body, agency=message.sender)
    except NotNow:
        return  # it has come before
    except Invalid as fault:
        raise Unfit(str(fault)) from fault


@receives("opinion.opened")
def take_opening(message: Message) -> None:
    """The agency that was asked says who opened the question there, or a paper of it; only it may."""
    inquiry, body = asked_from_here(message), message.json()
    actions.learn_opening(inquiry, by=OPINIONS, told=body, agency=message.sender)


def asked_from_here(message: Message) -> Inquiry:
    """What an agency that was asked speaks of. Raises Unfit where nobody here has asked it."""
    body = message.json()
    inquiry = Inquiry.objects.filter(pk=body["inquiry"], asker=message.recipient).first()
    told = body.get("formerly", ())
    if inquiry is None or not speaks_for(message.sender, inquiry.agency, told=told, said_at=message.created):
        raise Unfit(_("Nobody here has asked you this."))
    return inquiry


@on(QuestionOpened)
def tell_opened(event: QuestionOpened, entry: Entry) -> None:
    """Who asked learns that the question was opened, for whose matter it is may know."""
    actions.tell_opened(question_of(entry), by=OPINIONS, entry=entry)


@on(EnclosureOpened)
def tell_enclosure(event: EnclosureOpened, entry: Entry) -> None:
    """The same of a paper that came with it."""
    actions.tell_opened(question_of(entry), by=OPINIONS, entry=entry)


def question_of(entry: Entry) -> Question:
    return Question.objects.get(pk=entry.about.removeprefix("question:"))


@on(QuestionCame)
def tell_asked(event: QuestionCame, entry: Entry) -> None:
    """Whoever may answer at our agency hears that another asks."""
    tell_answerers(entry)


@on(QuestionPassedOn)
def tell_who_follows(event: QuestionPassedOn, entry: Entry) -> None:
    """The same at the agency that follows one that has ended."""
    tell_answerers(entry)


def tell_answerers(entry: Entry) -> None:
    """A notice to the examining officers, or to the head where there are none; once an agency."""
    question = question_of(entry)
    acting = acting_at([question.agency])
    examiners = [one for role in EXAMINING for one in acting.get((question.agency, role), ())]
    accounts = {one.pk: one for one in examiners or acting.get((question.agency, Post.Role.CHAIR), [])}
    told = [
        Notice(
            recipient=account,
            code=ASKED,
            parameters={
                "asker": question.asker_name,
                "name": question.name,
                "due_at": question.due_at.isoformat(),
            },
            about=question.urn,
            link=f"/desk/asked/{question.pk}/",
            key=f"{question.urn}:came:{question.agency}",
        )
        for account in accounts.values()
    ]
    if told and question.state == Question.State.WAITING:
        notices.tell_many(told, by=OPINIONS)

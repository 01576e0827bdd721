"""What officers are told of documents: of those they work on, and of what is due."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy

from motcua.dispatches.models import Incoming, Outgoing, Review, SentMail
from motcua.dispatches.models.routing import HEADS
from motcua.lib.actors import Actor
from motcua.notices import actions as notices
from motcua.notices.models import Notice
from motcua.notices.wording import wording
from motcua.people.models import Account, acting_at

DISPATCHES = Actor.system("dispatches")
CHANGED = wording(
    "dispatches.changed",
    subject=gettext_lazy("%(sender)s has sent a later version of document %(number)s"),
    body=gettext_lazy(
        "You work on document %(number)s, “%(subject)s”. %(sender)s changes or replaces it by document %(later)s. Look at the "
        "later one before you go on; your task moves to it as soon as the records clerk has entered it in the register."
    ),
)
MOVED = wording(
    "dispatches.moved",
    subject=gettext_lazy("Your task has moved to document %(later)s"),
    body=gettext_lazy(
        "Document %(later)s has taken the place of document %(number)s, “%(subject)s”. Go on with the later one: what is asked "
        "of you and until when is the same, and the earlier one can still be read."
    ),
)
TO_SIGN = wording(
    "dispatches.to_sign",
    subject=gettext_lazy("A document waits for your signature: %(subject)s"),
    body=gettext_lazy(
        "Read it and sign it, or hand it back and say why. It is asked of you until %(due_at)s; where several heads may sign, "
        "the first one does."
    ),
)
TO_REVIEW = wording(
    "dispatches.to_review",
    subject=gettext_lazy("A draft waits for you: %(subject)s"),
    body=gettext_lazy(
        "You are asked for an opinion or for initials, until %(due_at)s. Read the version that stands and answer on its page."
    ),
)
GIVEN = wording(
    "dispatches.given",
    subject=gettext_lazy("Document %(number)s was given to you"),
    body=gettext_lazy("“%(subject)s” from %(sender)s. What is to be done: %(instruction)s"),
)
SECRET_CAME = wording(
    "dispatches.secret_came",
    subject=gettext_lazy("A state secret was sent by network and refused"),
    body=gettext_lazy(
        "%(sender)s sent document %(name)s with a degree of secrecy by network. It was refused, and its sender was told to "
        "send it on paper. Report it to who looks after state secrets at your agency: the message reached this machine."
    ),
    urgent=True,
)
REMINDED = wording(
    "dispatches.reminded",
    subject=gettext_lazy("%(sender)s reminds of the answer to document %(number)s"),
    body=gettext_lazy("On document %(number)s, “%(subject)s”: %(words)s"),
    urgent=True,
)
DUE = wording(
    "dispatches.due",
    subject=gettext_lazy("Document %(number)s is due tomorrow"),
    body=gettext_lazy(
        "You work on document %(number)s of %(sender)s, “%(subject)s”. Its last day is %(last_on)s."
    ),
)
DUE_TODAY = wording(
    "dispatches.due_today",
    subject=gettext_lazy("Document %(number)s is due today"),
    body=gettext_lazy(
        "You work on document %(number)s of %(sender)s, “%(subject)s”. Today, %(last_on)s, is its last day."
    ),
)
OVERDUE = wording(
    "dispatches.overdue",
    subject=gettext_lazy("Document %(number)s is overdue"),
    body=gettext_lazy(
        "You work on document %(number)s of %(sender)s, “%(subject)s”. Its last day was %(last_on)s. Finish it, or tell the head "
        "of your agency what hinders it."
    ),
)

MAIL_FAILED = wording(
    "dispatches.mail_failed",
    subject=gettext_lazy("A document did not reach %(to)s by e-mail"),
    body=gettext_lazy(
        "The mail with document %(number)s to %(to)s was refused or could not be sent: %(reason)s. See that the address is right, "
        "send the mail again from the page of the document, or send the document on paper."
    ),
)


def tell_asked(document: Outgoing) -> None:
    """Who is asked about a draft now is told, once for each time they are asked; where any head may sign, all heads are."""
    asked = list(document.reviews.waiting())
    named = {one.officer.removeprefix("person:") for one in asked if one.officer}
    accounts = {str(one.pk): one for one in Account.objects.filter(pk__in=named)}
    heads = [] if all(one.officer for one in asked) else acting_as(HEADS, document.agency)
    told = [
        Notice(
            recipient=who,
            code=TO_SIGN if one.wanted == Review.Wanted.SIGNATURE else TO_REVIEW,
            parameters={"subject": document.subject, "due_at": one.due_at.isoformat() if one.due_at else ""},
            about=document.urn,
            link=f"/desk/outgoing/{document.pk}/",
            key=f"{document.urn}:asked:{one.pk}",
        )
        for one in asked
        for who in ([accounts[one.officer.removeprefix("person:")]] if one.officer else heads)
    ]
    if told:
        notices.tell_many(told, by=DISPATCHES)


def acting_as(roles: Iterable[str], agency: str) -> list[Account]:
    """Who has one of these roles at an agency today, each once."""
    acting = acting_at([agency])
    return list({one.pk: one for role in roles for one in acting.get((agency, role), ())}.values())


def tell_holder(document: Incoming, code: str, *, key: str, link: str = "", **about: Any) -> None:
    """Whoever works on a document is told, once for each occasion; of one nobody works on nobody is."""
    if document.holder:
        tell(holders_of([document]).values(), document, code, key=key, link=link, **about)


def holders_of(documents: Iterable[Incoming]) -> dict[str, Account]:
    """Who works on these documents, by their urns."""
    keys = {one.holder.removeprefix("person:") for one in documents if one.holder}
    return {f"person:{one.pk}": one for one in Account.objects.filter(pk__in=keys)}


def tell(
    accounts: Iterable[Account], document: Incoming, code: str, *, key: str, link: str = "", **about: Any
) -> None:
    """These officers are told of a document, once for each occasion."""
    tell_all(notices_of(accounts, document, code, key=key, link=link, **about), by=DISPATCHES)


def notices_of(
    accounts: Iterable[Account], document: Incoming, code: str, *, key: str, link: str = "", **about: Any
) -> list[Notice]:
    """What each of these officers is told of a document."""
    # What a state secret is about goes by no mail either.
    subject = document.get_secrecy_display() if document.secrecy else document.subject
    said = {"number": document.number, "subject": subject, "sender": document.sender_name}
    return [
        Notice(
            recipient=one,
            code=code,
            parameters={**said, **about},
            about=document.urn,
            link=link or f"/desk/incoming/{document.pk}/",
            key=f"{document.urn}:{key}",
        )
        for one in {one.pk: one for one in accounts}.values()
    ]


def tell_all(told: list[Notice], *, by: Actor) -> None:
    """All of them at once; none for none."""
    if told:
        notices.tell_many(told, by=by)


def tell_mail_failed(accounts: Iterable[Account], mail: SentMail) -> None:
    """These officers are told that a mail did not reach whom it was for."""
    delivery, document = mail.delivery, mail.document
    place = "incoming" if isinstance(document, Incoming) else "outgoing"
    told = {
        "to": delivery.agency_name if delivery else mail.address,
        "number": document.number if document else "–",
        "reason": mail.trouble,
    }
    tell_all(
        [
            Notice(
                recipient=one,
                code=MAIL_FAILED,
                parameters=told,
                about=mail.urn,
                link=f"/desk/{place}/{document.pk}/" if document else "/desk/incoming/",
                key=f"{mail.urn}:failed",
            )
            for one in accounts
        ],
        by=DISPATCHES,
    )

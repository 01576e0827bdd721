"""What officers are told of documents: of those they work on, and of what is due."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy

from motcua.dispatches.models import Incoming
from motcua.lib.actors import Actor
from motcua.notices import actions as notices
from motcua.notices.models import Notice
from motcua.notices.wording import wording
from motcua.people.models import Account

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
SECRET_CAME = wording(
    "dispatches.secret_came",
    subject=gettext_lazy("A state secret was sent by network and refused"),
    body=gettext_lazy(
        "%(sender)s sent document %(name)s with a degree of secrecy by network. It was refused, and its sender was told to "
        "send it on paper. Report it to who looks after state secrets at your agency: the message reached this machine."
    ),
    urgent=True,
)


def tell_holder(document: Incoming, code: str, *, key: str, link: str = "", **about: Any) -> None:
    """Whoever works on a document is told, once for each occasion; of one nobody works on nobody is."""
    if document.holder:
        holders = Account.objects.filter(pk=document.holder.removeprefix("person:"))
        tell(holders, document, code, key=key, link=link, **about)


def tell(
    accounts: Iterable[Account], document: Incoming, code: str, *, key: str, link: str = "", **about: Any
) -> None:
    """These officers are told of a document, once for each occasion."""
    # What a state secret is about goes by no mail either.
    subject = document.get_secrecy_display() if document.secrecy else document.subject
    said = {"number": document.number, "subject": subject, "sender": document.sender_name}
    told = [
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
    if told:
        notices.tell_many(told, by=DISPATCHES)

"""Whom notices tell of what happened below them: those whose posts are lent, or whose second step the operator removed."""

from django.utils.translation import gettext_lazy

from motcua.journal.actions import on
from motcua.journal.models import Entry
from motcua.lib.actors import Actor
from motcua.notices import actions
from motcua.notices.models import Notice
from motcua.notices.wording import wording
from motcua.people.events import SecondStepsDropped, SubstitutionArranged
from motcua.people.models import Account, Substitution

NOTICES = Actor.system("notices")
STANDS_IN = wording(
    "notices.stands_in",
    subject=gettext_lazy("You stand in for %(absent)s"),
    body=gettext_lazy(
        "From %(since_on)s to %(until_on)s you stand in for %(absent)s as %(post)s. What you do in their stead is noted as such."
    ),
)
STOOD_IN_FOR = wording(
    "notices.stood_in_for",
    subject=gettext_lazy("%(stand_in)s stands in for you"),
    body=gettext_lazy(
        "From %(since_on)s to %(until_on)s %(stand_in)s stands in for you as %(post)s. You can end this at any time."
    ),
)
SECOND_STEP_GONE = wording(
    "notices.second_step_gone",
    urgent=True,
    subject=gettext_lazy("The second step of your account was removed"),
    body=gettext_lazy(
        "The operator removed the second step and the passkeys of your account, because somebody said that the device is lost; "
        "you were signed out everywhere. If that was not you, tell the operator and your head today. "
        "If it was, set up a second step anew under your account."
    ),
)


@on(SecondStepsDropped)
def tell_owner(event: SecondStepsDropped, entry: Entry) -> None:
    """Whoever can sign in by password alone again hears of it; a counter that asked for it tells of the new password, too."""
    account = Account.objects.filter(pk=event.account).first()
    if account is None or not event.count or entry.actor["urn"] != "system:operator":
        return
    gone = Notice(recipient=account, code=SECOND_STEP_GONE, about=account.urn, link="/account/")
    gone.key = f"{account.urn}:second step:{entry.pk}"
    actions.tell(gone, by=NOTICES)


@on(SubstitutionArranged)
def tell_both(event: SubstitutionArranged, entry: Entry) -> None:
    """Who stands in is told, and who is stood in for."""
    found = Substitution.objects.select_related("stand_in", "appointment__account", "appointment__post")
    lent = found.filter(pk=event.substitution).first()
    if lent is None:
        return
    tell(lent, lent.stand_in, STANDS_IN)
    tell(lent, lent.appointment.account, STOOD_IN_FOR)


def tell(lent: Substitution, to: Account, code: str) -> None:
    """One of the two, once."""
    actions.tell(
        Notice(
            recipient=to,
            code=code,
            parameters={
                "absent": lent.appointment.account.name,
                "stand_in": lent.stand_in.name,
                "post": lent.appointment.post.title_vi,
                "since_on": lent.since.isoformat(),
                "until_on": lent.until.isoformat(),
            },
            about=lent.urn,
            link="/desk/substitutions/",
            key=lent.urn,
        ),
        by=NOTICES,
    )

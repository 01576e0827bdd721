"""Who asked other agencies about a dossier hears when an opinion comes, and when it does not."""

from django.utils.translation import gettext_lazy

from motcua.dossiers.actions.warning import Watch
from motcua.dossiers.models import Dossier
from motcua.journal.actions import on
from motcua.journal.models import Entry
from motcua.lib.actors import Actor
from motcua.notices import actions as notices
from motcua.notices.models import Notice
from motcua.notices.wording import wording
from motcua.opinions.events import OpinionOverdue, OpinionPresumed, OpinionReceived
from motcua.organisations.models import Post

DOSSIERS = Actor.system("dossiers")
CAME = wording(
    "dossiers.opinion_came",
    subject=gettext_lazy("Dossier %(code)s: %(agency)s has given its opinion"),
    body=gettext_lazy("It stands on the dossier's page."),
)
PRESUMED = wording(
    "dossiers.opinion_presumed",
    subject=gettext_lazy("Dossier %(code)s: %(agency)s stayed silent, and so agrees"),
    body=gettext_lazy("Its time to answer is up; by the procedure silence is consent."),
)
OVERDUE = wording(
    "dossiers.opinion_overdue",
    subject=gettext_lazy("Dossier %(code)s: %(agency)s is late with its opinion"),
    body=gettext_lazy("It was asked to answer by %(due_at)s. The legal term of the dossier runs on."),
)


@on(OpinionReceived)
def tell_opinion(event: OpinionReceived, entry: Entry) -> None:
    """Whose turn it is hears that it has come."""
    tell(entry, CAME, event.inquiry, event.agency_name)


@on(OpinionPresumed)
def tell_presumed(event: OpinionPresumed, entry: Entry) -> None:
    """The same, of silence that is consent."""
    tell(entry, PRESUMED, event.inquiry, event.agency_name)


@on(OpinionOverdue)
def tell_overdue(event: OpinionOverdue, entry: Entry) -> None:
    """Whose turn it is hears that it has not come, and so does the head (decree 61/2018, art. 19.5)."""
    tell(entry, OVERDUE, event.inquiry, event.agency_name, due_at=event.due_at)


def tell(entry: Entry, code: str, inquiry: str, agency: str, *, due_at: str = "") -> None:
    """A notice to each of them; to nobody once the dossier has ended."""
    dossier = Dossier.objects.filter(pk=entry.about.removeprefix("dossier:")).first()
    if dossier is None or dossier.has_ended:
        return
    watch = Watch.over([dossier])
    roles = dossier.roles_in_turn or watch.examining[dossier.pk]
    heads = watch.held.get((dossier.agency, Post.Role.CHAIR), ()) if due_at else ()
    told = {account.pk: account for account in (*watch.told(dossier, roles), *heads)}
    notices.tell_many(
        [
            Notice(
                recipient=account,
                code=code,
                parameters={"code": dossier.number, "agency": agency}
                | ({"due_at": due_at} if due_at else {}),
                about=dossier.urn,
                link=f"/desk/dossiers/{dossier.pk}/",
                key=f"{dossier.urn}:{code}:{inquiry}",
            )
            for account in told.values()
        ],
        by=DOSSIERS,
    )

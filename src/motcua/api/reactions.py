"""What happens at an agency is told to the machines that asked for it."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from motcua.api import actions
from motcua.api.events import SubscriptionDisabled
from motcua.api.kinds import KINDS
from motcua.api.models import Client, Subscription
from motcua.api.national.portal import NationalPortal
from motcua.journal.actions import on
from motcua.journal.followers import follows
from motcua.journal.models import Entry
from motcua.lib.actors import Actor
from motcua.notices import actions as notices
from motcua.notices.models import Notice
from motcua.notices.wording import wording
from motcua.organisations.estates import Passing, left_behind
from motcua.people.models import Account, Appointment
from motcua.procedures.importing import asks_portal

API = Actor.system("api")

asks_portal(NationalPortal)

UNREACHED = wording(
    "api.unreached",
    subject=_("A machine can no longer be told of what happens"),
    body=_(
        "%(name)s of %(agency)s did not answer %(failures)s times in a row and is told nothing more (%(trouble)s). "
        "What was to be told is kept; whoever looks after it turns its subscription on again."
    ),
)


@follows("api.notices", KINDS)
def tell(entries: Sequence[Entry]) -> None:
    """The next entries of the sealed journal, to whoever asked for their kind."""
    actions.tell(entries, by=API)


@follows("api.national", KINDS)
def synchronise(entries: Sequence[Entry]) -> None:
    """The next entries, to the national portal if one is set."""
    actions.synchronise_later(entries, by=API)


@left_behind("clients", _("Systems that may call"), rows=Client.objects.in_force)
def pass_on(passing: Passing) -> int:
    """Systems go on working for the agency that follows."""
    return actions.pass_on(passing, by=API)


@on(SubscriptionDisabled)
def tell_administrators(event: SubscriptionDisabled, entry: Entry) -> None:
    """The administrators of the agency hear that a machine cannot be reached."""
    subscription = Subscription.objects.select_related("client").get(
        pk=entry.about.removeprefix("subscription:")
    )
    posts = Appointment.objects.in_force().filter(post__agency=event.agency, post__role="administrator")
    told = {
        "name": subscription.client.name,
        "agency": event.agency,
        "failures": event.failures,
        "trouble": event.trouble,
    }
    notices.tell_many(
        [
            Notice(
                recipient=account,
                code=UNREACHED,
                parameters=told,
                about=subscription.urn,
                link="/desk/",
                key=f"{subscription.urn}:{entry.pk}",
            )
            for account in Account.objects.filter(pk__in=posts.values("account"))
        ],
        by=API,
    )

"""What this node does when another tells of a reorganisation."""

from contextlib import suppress
from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from pydantic import ValidationError

from motcua.exchange.messages import Message, Unfit, receives
from motcua.exchange.questions import hosted_with
from motcua.journal.actions import on
from motcua.journal.models import Entry
from motcua.lib.actors import Actor
from motcua.organisations.decisions import codes_above
from motcua.organisations.models import Agency
from motcua.reorganisations import actions
from motcua.reorganisations.actions.carrying import KIND
from motcua.reorganisations.events import PlanApproved
from motcua.reorganisations.models import place_of
from motcua.reorganisations.scheme import Scheme

CARRY_OUT = "reorganisations.carry_out"
REORGANISATIONS = Actor.system("reorganisations")


@on(PlanApproved)
def begin_today(event: PlanApproved, entry: Entry) -> None:
    """A plan whose day is today, or past, is not kept waiting for the next round."""
    if date.fromisoformat(event.on) <= timezone.localdate():
        with suppress(AlreadyEnqueued):
            task = app.configure_task(CARRY_OUT, queueing_lock="reorganisations", lock="reorganisations")
            task.defer(timestamp=0)


@receives(KIND)
def take_reorganisation(message: Message) -> None:
    """Agencies of another node end and begin; only who stands above them all may say so, or hosts those that end and begin."""
    body = message.json()
    try:
        scheme, plan = Scheme.from_content(body["scheme"]), str(body["plan"])
    except (ValidationError, KeyError, TypeError) as fault:
        raise Unfit(_("The reorganisation cannot be read.")) from fault
    if not may_tell(message.sender, scheme):
        raise Unfit(_("Only the agency above all of them tells of their reorganisation."))
    known = set(Agency.objects.filter(code__in=scheme.codes).values_list("code", flat=True))
    named = {one.code for one in scheme.new if one.name_vi and one.short_name}
    if missing := sorted(set(scheme.codes) - known - named):
        raise Unfit(_("These agencies are not known here: %(codes)s.") % {"codes": ", ".join(missing)})
    actions.learn(scheme, by=REORGANISATIONS, sender=message.sender, plan=plan)


def may_tell(sender: str, scheme: Scheme) -> bool:
    """Whether a node is to be believed: it speaks for the agency above all of them, or for the nation.

    Above provinces and ministries stands only the nation, whose node carries nothing out. There the signed directory decides:
    the node that hosts every agency that ends or begins speaks for each of them already, and says who follows it.
    """
    if sender == settings.NODE.national or all(sender in codes_above(code)[1:] for code in scheme.codes):
        return True
    own = {one.code for one in scheme.old} | {one.code for one in scheme.new}
    return place_of(scheme) == settings.NODE.national and own <= hosted_with(sender)

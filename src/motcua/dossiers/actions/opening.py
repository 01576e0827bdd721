"""Who opened a dossier and its papers: told by the agency, kept where its applicant looks."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.utils import timezone

from motcua.dossiers.actions.bringing import learn_brought, whose
from motcua.dossiers.actions.telling import post
from motcua.dossiers.events import DossierOpened, OpeningLearned
from motcua.dossiers.models import Application, Brought, Dossier, Look, Opening
from motcua.dossiers.rules import reader, reading_machine
from motcua.journal.actions import as_text, record, recording
from motcua.journal.models import Entry
from motcua.lib.actions import action
from motcua.lib.actors import Actor
from motcua.lib.rows import Part, inserted, write
from motcua.lib.rules import system
from motcua.organisations.models import Agency

LOG = logging.getLogger(__name__)
# An opening as one agency tells another of it: "key", "at", "who", "agency" and "paper".
type Told = dict[str, Any]

# The entry of the journal, if the look was not written down before: both in one statement, which a page can bear.
WRITTEN = recording(DossierOpened, source="(SELECT %s::text AS about FROM looked) AS opened", order="about")


@action(who=reader | reading_machine, locks=False, alone=True)
def open_dossier(dossier: Dossier, *, by: Actor) -> None:
    """An officer or a system opens a dossier; the first time on a day it is written down, as opening a paper is."""
    now = timezone.now()
    look = Look(
        id=uuid5(dossier.pk, f"{by.urn} {timezone.localdate(now)}"),
        agency=dossier.agency,
        dossier_id=dossier.pk,
        looker=by.urn[:80],
        who=by.name[:120],
        at=now,
    )
    written = Part("written", WRITTEN, (as_text(by.as_json()), dossier.urn))
    write(inserted([look], otherwise="DO NOTHING", name="looked"), written)


@action(who=system)
def tell_looks(dossier: Dossier, *, by: Actor) -> None:
    """Who opened the dossier since this was last told goes to where its applicant looks for it; not that it was themselves."""
    looks = list(dossier.looks.filter(is_told=False).order_by("at", "pk"))
    names = dict(Agency.objects.filter(code__in={one.agency for one in looks}).values_list("code", "name_vi"))
    told = [
        {
            "key": f"{one.agency}:{one.pk}",
            "at": one.at.isoformat(),
            "who": one.who,
            "agency": names.get(one.agency, one.agency),
            "paper": "",
        }
        for one in looks
        if not is_own(dossier, one.looker)
    ]
    send_openings(dossier, told)
    dossier.looks.filter(pk__in=[one.pk for one in looks]).update(is_told=True)


def tell_all_looks(*, by: Actor) -> None:
    """All that was opened and not yet told; of what was told the day before nothing need be kept.

    What cannot be told of one dossier holds up no other: it is told the next time.
    """
    waiting = Look.objects.filter(is_told=False).values("dossier")
    for dossier in Dossier.objects.filter(pk__in=waiting).with_procedures().iterator():
        try:
            tell_looks(dossier, by=by)
        except Exception:
            LOG.exception("Who opened %s could not be told.", dossier.urn)
    Look.objects.filter(is_told=True, at__lt=timezone.now() - timedelta(days=2)).delete()


@action(who=system)
def tell_opening(dossier: Dossier, *, by: Actor, entry: Entry) -> None:
    """That a paper of the dossier was opened goes to where its applicant looks for it; not that it was themselves."""
    if is_own(dossier, entry.actor["urn"]):
        return
    names = dossier.papers.filter(digest=entry.facts["digest"]).values_list("name", flat=True)
    agencies = Agency.objects.filter(code=dossier.agency).values_list("name_vi", flat=True)
    opened = {
        "key": f"{dossier.agency}:{entry.pk}",
        "at": entry.at.isoformat(),
        "who": entry.actor.get("name", ""),
        "agency": agencies.first() or dossier.agency,
        "paper": names.first() or entry.facts["paper"],
    }
    send_openings(dossier, [opened])


@action(who=system)
def pass_on_openings(dossier: Dossier, *, by: Actor, told: Sequence[Told]) -> None:
    """What the agency that has it from us tells of who opened it there goes on to where its applicant looks."""
    send_openings(dossier, told)


def is_own(dossier: Dossier, looker: str) -> bool:
    """Whether who opened it is whose it is."""
    return looker in {f"person:{account}" for account in dossier.owners}


def send_openings(dossier: Dossier, told: Sequence[Told]) -> None:
    """To the applicant's page; by way of the agency the dossier came from, where that is who knows it.

    Of one brought to a counter that page is the national portal's, which may not have heard of it yet, and is told whose it is.
    """
    if not told:
        return
    which: dict[str, Any]
    if dossier.is_part:
        which, recipient = {"dossier": str(dossier.below)}, dossier.origin
    elif "brought_as" in dossier.filing:
        which, recipient = {"dossier": dossier.filing["brought_as"]}, dossier.filing["brought_to"]
    elif dossier.was_filed_here:
        which, recipient = {"brought": whose(dossier)}, settings.NODE.national
    else:
        which, recipient = {"application": str(dossier.followed_as)}, dossier.origin
    body = {"openings": list(told), "formerly": dossier.former_agencies, **which}
    post(dossier, "dossier.opened", body, recipient=recipient, confirm=False)


@action(who=system)
def learn_openings(application: Application, *, by: Actor, told: Sequence[Told]) -> None:
    """The agency says who opened the dossier, or which paper, and when; each is written down once."""
    for one in told:
        write_down(Opening(application=application), one, by=by)


@action(who=system, locks=False)
def learn_openings_at_counter(
    dossier: UUID, *, by: Actor, told: Sequence[Told], brought: dict[str, Any], agency: str
) -> None:
    """The same of a dossier that was brought to the counter of the agency, and of which we may hear the first time."""
    learn_brought(dossier, by=by, told=brought, agency=agency)
    known = Brought.objects.get(pk=dossier)
    for one in told:
        write_down(Opening(brought=known), one, by=by)


def write_down(opening: Opening, told: Told, *, by: Actor) -> None:
    """What an agency told of an opening is kept, and stands in the journal of the dossier; told twice it is kept once."""
    seen = {name: str(told[name])[:most] for name, most in (("who", 120), ("agency", 200), ("paper", 200))}
    of = {"application": opening.application, "brought": opening.brought}
    at = datetime.fromisoformat(told["at"])
    kept, is_new = Opening.objects.get_or_create(key=str(told["key"])[:80], defaults={**of, "at": at, **seen})
    if is_new:
        record(OpeningLearned(kept.agency), about=opening.matter, by=by)

"""Ask other agencies about a dossier, each with its own clock; the step waits for all of them, or for one."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from motcua.dossiers.declaration import in_one, titled
from motcua.dossiers.events import PaperOpened
from motcua.dossiers.models import BY_PEOPLE, Dossier, Step
from motcua.dossiers.rules import in_turn, independent, reader
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, NotNow, action
from motcua.lib.actors import Actor
from motcua.lib.worded import worded_once
from motcua.opinions import actions as opinions
from motcua.opinions.models import Inquiry, waited_for
from motcua.organisations.models import Agency
from motcua.ui.words import day


@action(who=in_turn & independent)
def consult(
    dossier: Dossier,
    *,
    by: Actor,
    agencies: Sequence[Agency],
    question: str,
    papers: Sequence[int],
    days: int,
    one_is_enough: bool,
) -> list[Inquiry]:
    """Whoever's turn it is asks other agencies for their opinions; until they are here the step cannot be finished."""
    if not agencies:
        raise Invalid(_("Choose at least one agency."), field="agencies")
    step, round_ = asking_step(dossier, by), uuid4()
    held = dossier.papers.filter(pk__in=list(papers)).exclude(digest="")
    enclosed = [
        {"name": in_one(title, one.name), "media": one.media, "size": one.size, "digest": one.digest}
        for title, one in titled(dossier.definition, held, "vi")
    ]
    return [
        opinions.ask_agency(
            Inquiry(
                subject=dossier.urn,
                step=step.key,
                asker=dossier.agency,
                agency=agency.code,
                agency_name=agency.name_vi,
                name=dossier.definition.name.vi[:300],
                reference=dossier.code or "",
                question=question,
                papers=enclosed,
                concerned=dossier.owner_numbers,
                silence_agrees=dossier.definition.step(step.key).silence_agrees,
                round=round_,
                one_is_enough=one_is_enough,
            ),
            by=by.acting_as(step.role, at=dossier.agency),
            days=days,
        )
        for agency in agencies
    ]


@action(who=reader, locks=False)
def open_letter(dossier: Dossier, *, by: Actor, inquiry: Inquiry) -> None:
    """An officer opens the letter that came with an opinion; it is written down as for a paper of the dossier."""
    record(PaperOpened("opinion", inquiry.file["digest"]), about=dossier, by=by)


def asking_step(dossier: Dossier, by: Actor) -> Step:
    """The step on whose behalf is asked: the running one of who asks."""
    for step in dossier.steps.filter(kind__in=BY_PEOPLE, state=Step.State.RUNNING):
        if by.holds(step.role, at=dossier.agency):
            return step
    raise NotNow(_("It is not yet the turn of this step: others have not finished theirs."))


@worded_once
def with_opinions(dossier: UUID, urn: str) -> QuerySet[Step]:
    """The steps of a dossier in their order, each with whether other agencies were asked for their opinion in it."""
    asked = Inquiry.objects.filter(subject=urn, step=OuterRef("key"))
    return Step.objects.filter(dossier=dossier).annotate(has_asked=Exists(asked))


def check_answered(dossier: Dossier, step: Step) -> None:
    """A step (`with_opinions`) ends only when what it asked for is here. Raises NotNow with who is awaited, and until when."""
    if not step.has_asked:  # type: ignore[attr-defined]
        return
    waiting = waited_for(list(Inquiry.objects.about(dossier).filter(step=step.key)))
    if waiting:
        names = ", ".join(
            _("%(agency)s (until %(day)s)") % {"agency": one.agency_name, "day": day(one.due_at)}
            for one in waiting
        )
        raise NotNow(_("Opinions are still awaited from: %(agencies)s.") % {"agencies": names})

"""A register's answer stands for a paper, as long as what it was asked is what the form says."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from motcua.dossiers.events import PaperProven, PaperRemoved
from motcua.dossiers.models import Application, Attachment
from motcua.dossiers.proving import Question, question
from motcua.dossiers.rules import applicant
from motcua.dossiers.states import Reuse
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor

KEPT = ("name", "media", "size", "reuse")


@action(who=applicant)
def prove(application: Application, *, by: Actor, asked: Question, answer: Mapping[str, Any]) -> Attachment:
    """What a register answered is laid beside the papers; it takes the place of an earlier answer."""
    wanted = next((one for one in papers_of(application) if one.id == asked.paper.id), None)
    if wanted is None or question(wanted, application.facts()) != asked:
        raise Invalid(_("The form says something else by now. Have it read again."), field="paper")
    read_for(application, asked.paper.id).exclude(digest=answer["digest"]).delete()
    attachment, is_new = Attachment.objects.get_or_create(
        application=application,
        paper=asked.paper.id,
        digest=answer["digest"],
        defaults={name: answer[name] for name in KEPT},
    )
    if is_new:
        application.save()
        record(PaperProven(asked.paper.id, asked.service, attachment.digest), about=application, by=by)
    return attachment


def drop_stale(application: Application, before: Mapping[str, Any], *, by: Actor) -> None:
    """An answer about another child, another business than the form now names proves nothing any more."""
    earlier = application.facts() | {"form": before}
    for paper in papers_of(application):
        was = question(paper, earlier)
        if was and was != question(paper, application.facts()):
            for held in read_for(application, paper.id):
                held.delete()
                record(PaperRemoved(paper.id, held.digest), about=application, by=by)


def papers_of(application: Application) -> list[Any]:
    """The papers asked for online that a register may prove."""
    papers = application.definition.papers_for(application.case, "online")
    return [paper for paper in papers if paper.unnecessary_if]


def read_for(application: Application, paper: str) -> Any:
    """What was read in place of a paper and not sent yet."""
    held = application.attachments.filter(paper=paper, reuse=Reuse.REGISTER)
    return held.filter(added_at__gt=application.sent_at) if application.sent_at else held

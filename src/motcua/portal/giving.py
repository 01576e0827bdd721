"""The papers a procedure asks for, each with what was given for it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from motcua.dossiers import facts
from motcua.dossiers.models import Application, Attachment
from motcua.dossiers.states import Reuse
from motcua.lib.actors import Actor
from motcua.portal.holdings import Line, fitting
from motcua.portal.prefilling import provable
from motcua.procedures.vocabulary import Channel


@dataclass(frozen=True)
class Wanted:
    """One paper on the page of papers."""

    id: str
    line: facts.PaperLine
    is_required: bool
    takes_files: bool
    files: list[Attachment]
    fault: str
    url: str
    # What the wallet holds that serves as this paper and was not given yet.
    held: list[Line]
    # The register that would be read in its place, if the person agrees; nothing where none could, or it has been.
    register: str = ""


def listed(application: Application, faults: dict[str, str], *, by: Actor) -> list[Wanted]:
    """Each paper with the files given for it; those nobody needs to send come last."""
    given = list(application.attachments.filter(kind=Attachment.Kind.GIVEN).order_by("added_at", "pk"))
    asked = application.definition.papers_for(application.case, Channel.ONLINE)
    offered = fitting(asked, by=by, today=timezone.localdate())
    there = {(file.paper, file.digest) for file in given}
    read = {file.paper for file in given if file.reuse == Reuse.REGISTER}
    known = {one.paper.id: one.register for one in provable(application) if one.paper.id not in read}
    papers = [
        Wanted(
            id=paper.id,
            line=facts.paper_line(paper),
            is_required=paper.required,
            takes_files=paper.upload and paper.id not in read,
            files=[file for file in given if file.paper == paper.id and not is_sent(application, file)],
            fault=faults.get(paper.id, ""),
            url=reverse("portal:upload", args=[application.pk, paper.id]),
            held=[
                line
                for line in offered.get(paper.id, [])
                if (paper.id, line.holding.digest) not in there
                and line.holding.owner == application.principal_number
            ],
            register=known.get(paper.id, ""),
        )
        for paper in asked
    ]
    return sorted(papers, key=lambda paper: not paper.takes_files)


def is_sent(application: Application, file: Attachment) -> bool:
    """What has gone to the agency stays there."""
    return application.sent_at is not None and file.added_at <= application.sent_at

"""What a result is: the paper that is signed, what it is called, and which kind of paper it is in a wallet."""

import io
from dataclasses import replace

from django.conf import settings

from motcua.documents.intake import examine
from motcua.documents.papers import Certificate, Check
from motcua.documents.papers import Paper as Printed
from motcua.dossiers import certifying, papers
from motcua.dossiers.models import Dossier, ResultDraft
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.procedures.kinds import kind_of_result

CERTIFIED = "certified_copy"


def result_of(dossier: Dossier, *, signer: Actor, check: Check) -> tuple[Printed, dict[str, bytes]]:
    """The result the chair signs, and the files it shows (the scans of a certified copy)."""
    if not is_certified_copy(dossier):
        paper = papers.result_of(dossier, signer=signer, check=check)
        return (as_drafted(paper, dossier.drafts.first()) if isinstance(paper, Certificate) else paper), {}
    files = certifying.files_of(dossier)
    pages = {name: examine(io.BytesIO(content))[1] for name, content in files.items()}
    return certifying.certified_copy(dossier, signer=signer, check=check, pages=pages), files


def is_worded_freely(dossier: Dossier) -> bool:
    """Whether there is a result, and it has no form of its own, so that an officer words it."""
    try:
        template = papers.signed_result(dossier).template
    except Invalid:
        return False
    return template not in {*papers.RESULTS, CERTIFIED}


def as_drafted(paper: Certificate, draft: ResultDraft | None) -> Certificate:
    """The certificate as an officer worded it; as it comes from the declaration where nobody did."""
    if draft is None:
        return paper
    return replace(
        paper,
        granted=draft.granted,
        facts=tuple((label, value) for label, value in draft.facts if value),
        terms=tuple(draft.terms.splitlines()),
        initials=draft.initialled_by.name if draft.initialled_by else "",
    )


def preview(dossier: Dossier, draft: ResultDraft) -> Certificate:
    """The draft as it would be printed: without number, signature or a code to check."""
    check = Check(url=settings.NODE.web_url, shown=settings.NODE.web_url)
    nobody = Actor(urn="", name="")
    paper = papers.certificate(dossier, nobody, check)
    return replace(as_drafted(paper, draft), number=f"dự thảo {draft.number}")


def check_ready(dossier: Dossier) -> None:
    """What is proposed to be signed must be there to sign; raises Invalid."""
    if dossier.definition.results and is_certified_copy(dossier):
        certifying.scans(dossier)


def is_certified_copy(dossier: Dossier) -> bool:
    return papers.signed_result(dossier).template == CERTIFIED


def title_of_result(dossier: Dossier) -> str:
    """What the result is called where papers are listed."""
    name, original = papers.signed_result(dossier).name.vi, dossier.answers.get("paper_name")
    return (f"Bản sao chứng thực: {original}" if is_certified_copy(dossier) and original else name)[:200]


def result_kind(dossier: Dossier) -> str:
    """The kind of paper the result is in a wallet; a certified copy is of the kind of its original."""
    if is_certified_copy(dossier):
        return str(dossier.answers.get("paper_kind") or "")
    return kind_of_result(papers.signed_result(dossier).code)

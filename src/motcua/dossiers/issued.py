"""What a result is: the paper that is signed, what it is called, and which kind of paper it is in a wallet."""

import io

from motcua.documents.intake import examine
from motcua.documents.papers import Check
from motcua.documents.papers import Paper as Printed
from motcua.dossiers import certifying, papers
from motcua.dossiers.models import Dossier
from motcua.lib.actors import Actor
from motcua.procedures.kinds import kind_of_result

CERTIFIED = "certified_copy"


def result_of(dossier: Dossier, *, signer: Actor, check: Check) -> tuple[Printed, dict[str, bytes]]:
    """The result the chair signs, and the files it shows (the scans of a certified copy)."""
    if not is_certified_copy(dossier):
        return papers.result_of(dossier, signer=signer, check=check), {}
    files = certifying.files_of(dossier)
    pages = {name: examine(io.BytesIO(content))[1] for name, content in files.items()}
    return certifying.certified_copy(dossier, signer=signer, check=check, pages=pages), files


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

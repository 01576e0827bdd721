"""What a result is to whoever receives it: what it is called, and which kind of paper it is in a wallet."""

from motcua.dossiers.models import Dossier
from motcua.dossiers.papers import signed_result
from motcua.procedures.kinds import kind_of_result

CERTIFIED = "certified_copy"


def title_of_result(dossier: Dossier) -> str:
    """What the result is called where papers are listed."""
    return signed_result(dossier).name.vi[:200]


def result_kind(dossier: Dossier) -> str:
    """The kind of paper the result is in a wallet; a certified copy is of the kind of its original."""
    result = signed_result(dossier)
    return (
        str(dossier.answers.get("paper_kind") or "")
        if result.template == CERTIFIED
        else kind_of_result(result.code)
    )

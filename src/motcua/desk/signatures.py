"""The applicant's signature on the form, as the officer sees it: who, when, and whether it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from motcua.documents.inquiries import faults_in_words
from motcua.dossiers.models import Dossier, Paper
from motcua.dossiers.signed_form import SIGNED_FORM
from motcua.dossiers.states import Channel
from motcua.procedures.vocabulary import Signing


@dataclass(frozen=True)
class Line:
    """What the dossier's page says of the signature; without a paper, that one is missing."""

    state: str
    title: str
    name: str = ""
    at: datetime | None = None
    faults: tuple[str | Promise, ...] = ()
    paper: Paper | None = None


def signature(dossier: Dossier, papers: Sequence[Paper]) -> Line | None:
    """None where nothing was signed and nothing had to be: whoever comes to the counter signs on paper."""
    signed = next((one for one in reversed(papers) if one.paper == SIGNED_FORM), None)
    if signed is None:
        must = dossier.channel == Channel.ONLINE and dossier.definition.signature is Signing.REQUIRED
        return Line("late", _("The form came without the signature it needs")) if must else None
    found = signed.verdict or {}
    signer: dict[str, Any] = next(iter(found.get("signers", ())), {})
    stands = bool(found.get("stands"))
    return Line(
        "ok" if stands else "late",
        _("The form is signed electronically") if stands else _("The signature on the form does not hold"),
        str(signer.get("name", "")),
        datetime.fromisoformat(signer["at"]) if signer.get("at") else None,
        () if stands else tuple(why(found)),
        signed,
    )


def why(found: dict[str, object]) -> list[str | Promise]:
    """Why a signature does not hold, each reason a sentence."""
    words: list[str | Promise] = list(faults_in_words(found))
    if not found.get("is_theirs"):
        words.append(_("The certificate is not that of the applicant or of who filed for them."))
    if not found.get("is_same"):
        words.append(_("What was signed is not what is declared here."))
    return words

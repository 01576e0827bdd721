"""To which of the agencies that follow a divided one a dossier goes: by procedure, or by what an answer of the form says."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from motcua.dossiers.filing import address
from motcua.dossiers.models import Dossier
from motcua.lib.letters import bare
from motcua.organisations.heirs import shares


class Follower(NamedTuple):
    """Who handles what is sent to an agency; `divided` names one that was divided and whose plan is silent about this."""

    code: str
    divided: str = ""


def follower(dossier: Dossier, code: str) -> Follower:
    """Who handles this dossier today, sent to `code`: that agency if it is in force, or whoever follows it, step by step."""
    divided = ""
    while heirs := shares(code):
        to = by_share(dossier, heirs) if len(heirs) > 1 else heirs[0][0]
        divided = divided or ("" if to else code)
        code = to or heirs[0][0]
    return Follower(code, divided)


def led_on(dossier: Dossier) -> Dossier:
    """The same dossier, not saved yet, at whoever follows the agency it was sent to."""
    sent_to = dossier.agency
    dossier.agency, dossier.divided = follower(dossier, sent_to)
    if dossier.agency != sent_to:
        dossier.former_agencies = [sent_to]
    return dossier


def by_share(dossier: Dossier, heirs: Sequence[tuple[str, Sequence[Mapping[str, Any]]]]) -> str:
    """The heir whose share the dossier is by the first rule that fits; nothing if none does."""
    rules = sorted(
        ((rule["place"], code, rule) for code, share in heirs for rule in share), key=lambda r: r[:2]
    )
    return next((code for _place, code, rule in rules if fits(dossier, rule)), "")


def fits(dossier: Dossier, rule: Mapping[str, Any]) -> bool:
    """Whether a rule {"procedures", "field", "contains"} is about this dossier: all it says must hold."""
    if rule.get("procedures") and dossier.version.procedure.code not in rule["procedures"]:
        return False
    if field := rule.get("field"):
        told = folded(address(dossier) if field == "address" else dossier.answers.get(field))
        return any(folded(words) in told for words in rule.get("contains", ()))
    return True


def folded(words: object) -> str:
    """As two who write the same place compare it: without marks and capitals."""
    return bare(str(words or "")).casefold()

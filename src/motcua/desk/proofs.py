"""At the counter: a paper that a register proves is read there, by the officer and with their name in the register's log."""

from typing import Any

from django.utils.translation import gettext as _

from motcua.desk.intake import Intake
from motcua.desk.reception import Reception
from motcua.dossiers import proving
from motcua.exchange.calls import Denied, Unreachable
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.organisations.models import Agency
from motcua.procedures.models import Version
from motcua.procedures.schema import Paper
from motcua.sharing.asking import NotKnown
from motcua.sharing.registers import name_of


def proofs(form: Intake, reception: Reception, version: Version, *, by: Actor) -> list[dict[str, Any]]:
    """What registers said for each paper the officer ticked so; where one does not, the form says why.

    What was read once for the same question is not read again, however often the page must be mended.
    """
    ticked = [paper for paper in form.papers if form.cleaned_data.get(f"read-{paper.id}")]
    if not ticked:
        return []
    agency = Agency.objects.get(code=reception.agency)
    reader = proving.Reader(by, agency.code, agency.name_vi, version.name_vi, reception.id)
    facts = {"form": form.typed(), "applicant": {"number": reception.number}}
    found = []
    for paper in ticked:
        try:
            found.append(proof(paper, reception, facts, reader))
        except (NotKnown, Invalid) as reason:
            form.add_error(f"read-{paper.id}", _("%(reason)s Ask for the paper.") % {"reason": reason})
        except (Unreachable, Denied):
            words = _("The %(register)s does not answer just now. Ask for the paper, or try again.")
            form.add_error(f"read-{paper.id}", words % {"register": name_of(paper.unnecessary_if or "")})
    return found


def proof(
    paper: Paper, reception: Reception, facts: dict[str, Any], reader: proving.Reader
) -> dict[str, Any]:
    """The answer as a paper. Raises NotKnown, Unreachable, Denied; Invalid where the form lacks what is to be asked."""
    asked = proving.question(paper, facts)
    if asked is None:
        raise Invalid(_("The form does not say yet whom it is about."))
    kept = reception.proofs.get(paper.id, {})
    if kept.get("params") != asked.params:
        kept = {
            "params": asked.params,
            "paper": proving.printed(asked, known(asked, reception, reader), reader),
        }
        reception.proofs[paper.id] = kept
    answer: dict[str, Any] = kept["paper"]
    return answer


def known(asked: proving.Question, reception: Reception, reader: proving.Reader) -> dict[str, Any]:
    """What the register said of the person when the reception began, or else what it says now."""
    if reception.read_at and asked.service == reception.service and asked.params == reception.asked_by:
        return dict(reception.register)
    return proving.ask(asked, reader)

"""A dossier as another agency needs it: to handle it in our place, or to decide about it above us."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.dossiers.models import Dossier
from motcua.lib.actions import Invalid
from motcua.organisations.models import Agency
from motcua.procedures.schema import Step as Defined

KEPT = ("paper", "name", "media", "size", "digest", "copy", "reuse")


def whole(dossier: Dossier) -> dict[str, Any]:
    """All that another agency needs to handle it in our place."""
    return {
        "dossier": str(dossier.pk),
        # Under which who filed online follows it, and where.
        "application": "" if dossier.was_filed_here else str(dossier.followed_as),
        "followed_at": "" if dossier.was_filed_here else dossier.origin,
        "formerly": dossier.former_agencies,
        "procedure": dossier.version.code,
        "effective_from": dossier.version.effective_from.isoformat(),
        "digest": dossier.version.digest,
        "case": dossier.case,
        "channel": dossier.channel,
        "applicant": {"name": dossier.applicant_name, "number": dossier.applicant_number},
        "contact": dossier.contact,
        "filing": dossier.filing,
        "visit": str(dossier.visit) if dossier.visit else None,
        "answers": dossier.answers,
        "papers": list(dossier.papers.order_by("added_at", "id").values(*KEPT)),
        "sent_at": dossier.sent_at.isoformat(),
    }


def digests_of(dossier: Dossier) -> list[str]:
    """The files that go with it."""
    return sorted(set(dossier.papers.exclude(digest="").values_list("digest", flat=True)))


def above(dossier: Dossier, step: Defined) -> str:
    """Who decides a step above: the agency it names, or the one directly above. Raises Invalid where that is nobody else."""
    here = Agency.objects.filter(code=dossier.agency).values_list("parent", "short_name").first()
    code = step.agency or (here and here[0])
    if not code or code == dossier.agency:
        raise Invalid(
            _("The step “%(step)s” is decided by an agency above, and %(agency)s has none above it.")
            % {
                "step": step.name.said_in(get_language() or "vi"),
                "agency": here[1] if here else dossier.agency,
            }
        )
    return str(code)

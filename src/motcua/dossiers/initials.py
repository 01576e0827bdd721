"""Who could initial the wording of a result (ký nháy), and whether its signature waits for them."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from motcua.dossiers.models import Dossier, ResultDraft
from motcua.dossiers.rules import INITIALLING
from motcua.lib.actors import Actor
from motcua.people.models import Appointment


def awaited(dossier: Dossier, *, signer: Actor) -> list[str]:
    """The colleagues one of whom must initial the latest wording first; nobody, where it is done or there are none.

    A text is checked by another than its author before it is signed (decree 30/2020, art. 11); an agency that has nobody
    but who wrote it and who signs it is not held up by that.
    """
    latest = dossier.drafts.first()
    return able(latest, signer=signer) if latest is not None and latest.initialled_by_id is None else []


def able(draft: ResultDraft, *, signer: Actor | None = None) -> list[str]:
    """Who may initial this wording, by name: neither who wrote it, nor whose matter it is, nor who signs."""
    today = Appointment.objects.in_force().filter(post__agency=draft.agency)
    heads = today.filter(post__role="chair").values("account")
    held = today.filter(post__role__in=INITIALLING).exclude(account__in=heads)
    out = {draft.author_id, *draft.dossier.owners}
    names = held.exclude(account__in=out).order_by("account__name").values_list("account", "account__name")
    return list(dict.fromkeys(name for pk, name in names if signer is None or signer.urn != f"person:{pk}"))


def waiting_for(names: Sequence[str]) -> str:
    """What whoever wants to sign reads."""
    return _("The wording of the result has no initials yet. Somebody who can give them: %(names)s.") % {
        "names": ", ".join(names)
    }

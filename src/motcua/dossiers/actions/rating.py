"""How people found it: ratings from the portal and by the receipt; the country hears the answers and nothing of who gave them."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers.actions.telling import post
from motcua.dossiers.bearing import bears
from motcua.dossiers.events import DossierRated
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import Satisfaction, State
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system

FINISHED = frozenset({State.DONE, State.RETURNED})


@action(who=system)
def take_rating(dossier: Dossier, *, by: Actor, rating: dict[str, int]) -> None:
    """The applicant's rating has come in; the first one counts."""
    check_finished(dossier)
    if dossier.rating is None:
        keep_rating(dossier, rating, by=by)


@action(who=system)
def rate_by_receipt(dossier: Dossier, *, by: Actor, digits: str, rating: dict[str, int]) -> bool:
    """Who filed at the counter rates by what stands on the receipt, once; False if that cannot be, and nothing is written down.

    Why not is not told: whoever tries digits on would learn from it which are right. Raises Invalid for answers there are not.
    """
    check_answers(rating)
    if not bears(dossier, digits) or not is_to_be_rated(dossier):
        return False
    keep_rating(dossier, rating, by=by)
    return True


def is_to_be_rated(dossier: Dossier) -> bool:
    """Whether it is finished, and nobody has rated it."""
    return dossier.state in FINISHED and dossier.rating is None


def keep_rating(dossier: Dossier, rating: dict[str, int], *, by: Actor) -> None:
    """Note the answers and tell them to who counts for the country."""
    check_answers(rating)
    dossier.rating = rating
    dossier.save()
    record(DossierRated(dossier.code or "", **rating), about=dossier, by=by)
    told = {
        "dossier": str(dossier.pk),
        "code": dossier.code or "",
        "procedure": dossier.version.code,
        "agency": dossier.agency,
        "channel": dossier.channel,
        "at": timezone.now().isoformat(),
        **rating,
    }
    post(dossier, "dossier.rating", told, recipient=settings.NODE.national, confirm=False)


def check_finished(dossier: Dossier) -> None:
    if dossier.state not in FINISHED:
        raise Invalid(_("Only finished dossiers are rated."))


def check_answers(rating: dict[str, int]) -> None:
    """Each answer is one of the three. Raises Invalid."""
    if wrong := [name for name, value in rating.items() if value not in Satisfaction.values]:
        raise Invalid(_("Choose one of the three answers."), field=wrong[0])

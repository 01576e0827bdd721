"""How people found it: ratings from the portal and by the receipt; the country hears the answers and nothing of who gave them."""

from datetime import timedelta
from secrets import compare_digest

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers.actions.telling import post
from motcua.dossiers.events import DossierRated, RatingNotTaken
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import Satisfaction, State
from motcua.journal.actions import record
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system

DIGITS = 4
# Ten thousand endings are possible: five tries a day make guessing one hopeless.
MOST_TRIES, TRIES_IN = 5, timedelta(days=1)


@action(who=system)
def take_rating(dossier: Dossier, *, by: Actor, rating: dict[str, int]) -> None:
    """The applicant's rating has come in; the first one counts."""
    check_finished(dossier)
    if dossier.rating is None:
        keep_rating(dossier, rating, by=by)


@action(who=system)
def rate_by_receipt(dossier: Dossier, *, by: Actor, digits: str, rating: dict[str, int]) -> bool:
    """Who filed at the counter rates by what stands on the receipt, once; False if these are not its digits, which is noted.

    Raises NotNow after too many wrong tries, or where the dossier is rated elsewhere or has been; Invalid before it is finished.
    """
    if tries(dossier) >= MOST_TRIES:
        raise NotNow(_("Too many tries with wrong digits. Try again tomorrow, with the receipt at hand."))
    known = digits_of(dossier)
    if not known or not compare_digest(known.encode(), digits.encode()):
        record(RatingNotTaken(dossier.code or ""), about=dossier, by=by)
        return False
    if not dossier.was_filed_here:
        raise NotNow(_("This dossier was filed online. Sign in where you filed it, and rate it on its page."))
    check_finished(dossier)
    if dossier.rating is not None:
        raise NotNow(_("This dossier has been rated already; each is rated once. Thank you."))
    keep_rating(dossier, rating, by=by)
    return True


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
    if dossier.state not in {State.DONE, State.RETURNED}:
        raise Invalid(_("Only finished dossiers are rated."))


def check_answers(rating: dict[str, int]) -> None:
    """Each answer is one of the three. Raises Invalid."""
    if wrong := [name for name, value in rating.items() if value not in Satisfaction.values]:
        raise Invalid(_("Choose one of the three answers."), field=wrong[0])


def digits_of(dossier: Dossier) -> str:
    """The last digits of the number that stands on the receipt: personal or enterprise code, else the telephone."""
    number = dossier.applicant_number or dossier.contact.get("phone", "")
    return "".join(filter(str.isdigit, number))[-DIGITS:]


def tries(dossier: Dossier) -> int:
    """How often it was tried with wrong digits of late."""
    since = timezone.now() - TRIES_IN
    return Entry.objects.filter(about=dossier.urn, event="dossiers.RatingNotTaken", at__gte=since).count()

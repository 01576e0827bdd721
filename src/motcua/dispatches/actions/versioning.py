"""Each change of a draft is kept as a version; initials given for the one before count no longer and are asked for anew."""

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dispatches.actions.asking import ask_in_turn
from motcua.dispatches.events import DraftChanged
from motcua.dispatches.models import Outgoing, Review, Version
from motcua.journal.actions import record
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor


def keep(document: Outgoing, *, by: Actor, note: str = "") -> Version:
    """Save the draft as it is now under its next number. Raises Invalid if nothing differs."""
    before = document.versions.filter(number=document.version).first()
    made = Version(
        outgoing=document,
        number=document.version + 1,
        kind=document.kind,
        subject=document.subject,
        text=document.text,
        receivers=document.receivers,
        files=document.files,
        urgency=document.urgency,
        answer_by=document.answer_by,
        note=" ".join(note.split())[:300],
        written_by=by.urn,
        written_by_name=by.name,
    )
    if before is not None and before.content == made.content:
        raise Invalid(_("Nothing has changed."))
    document.version = made.number
    document.save()
    made.save(force_insert=True)
    if before is not None:
        fallen = ask_anew(document)
        record(DraftChanged(document.agency, made.number, made.note, fallen), about=document, by=by)
    return made


def ask_anew(document: Outgoing) -> int:
    """Initials fall with the version they were given for; who gave them, or sent the draft back, is asked once more.

    Opinions stay: they say of which version they speak. Returns how many initials fell.
    """
    given = list(
        document.reviews.filter(fell_at=None, answer__in=["agreed", "returned"]).exclude(wanted="signature")
    )
    falling = [one for one in given if one.is_initials or one.answer == Review.Answer.RETURNED]
    for one in falling:
        one.fell_at = timezone.now()
    Review.objects.bulk_update(falling, ["fell_at"])
    Review.objects.bulk_create(
        Review(
            outgoing=document,
            stage=one.stage,
            wanted=one.wanted,
            officer=one.officer,
            officer_name=one.officer_name,
            words=one.words,
            days=one.days,
        )
        for one in falling
    )
    if falling:
        ask_in_turn(document)
    return sum(one.is_initials and one.answer == Review.Answer.AGREED for one in falling)

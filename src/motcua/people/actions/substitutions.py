"""Stand in for a colleague who is away."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor, Grant
from motcua.lib.rules import system
from motcua.organisations.estates import Passing
from motcua.people.events import SubstitutionArranged, SubstitutionEnded
from motcua.people.models import Account, Appointment, Substitution, may_stand_in
from motcua.people.rules import arranger


@action(who=arranger)
def stand_in(substitution: Substitution, *, by: Actor) -> Substitution:
    """A colleague stands in for a post while its holder is away; for a head of agency only a deputy does."""
    check_days(substitution)
    check_stand_in(substitution)
    # Two at once wait for each other, so that a post is lent to one at a time.
    appointment = Appointment.objects.select_for_update(of=("self",)).get(pk=substitution.appointment_id)
    lent = Substitution.objects.filter(
        appointment=appointment, ended_at=None, since__lte=substitution.until, until__gte=substitution.since
    ).select_related("stand_in")
    if other := lent.first():
        if (other.stand_in_id, other.since, other.until) == (
            substitution.stand_in_id,
            substitution.since,
            substitution.until,
        ):
            return other
        raise Invalid(
            _("On these days %(name)s stands in for this post already. End that first.")
            % {"name": other.stand_in.name},
            field="since",
        )
    substitution.save(force_insert=True)
    post = appointment.post
    record(
        SubstitutionArranged(
            substitution.pk,
            post.role,
            post.agency_id,
            substitution.since.isoformat(),
            substitution.until.isoformat(),
        ),
        about=substitution,
        by=by,
    )
    return substitution


def check_days(substitution: Substitution) -> None:
    """From today on, and to an end. Raises Invalid."""
    if substitution.since < timezone.localdate():
        raise Invalid(_("This day has passed. Choose today or a later day."), field="since")
    if substitution.until < substitution.since:
        raise Invalid(_("The last day comes before the first."), field="until")


def check_stand_in(substitution: Substitution) -> None:
    """A colleague of the same agency whose own post permits it. Raises Invalid."""
    appointment, person = substitution.appointment, substitution.stand_in
    role, agency = appointment.post.role, appointment.post.agency_id
    if role not in Substitution.LENDABLE:
        raise Invalid(_("Nobody stands in for this post. Appoint another to it."), field="appointment")
    if person.pk == appointment.account_id:
        raise Invalid(_("Choose somebody else: nobody stands in for themselves."), field="stand_in")
    if not may_stand_in(role, agency, own_posts(person)):
        raise Invalid(
            _("Only a deputy head of the agency stands in for its head.")
            if role == "chair"
            else _("%(name)s holds no post at this agency.") % {"name": person.name},
            field="stand_in",
        )


def own_posts(person: Account, on: date | None = None) -> list[Grant]:
    """What the person holds on a day (today) by their own appointments."""
    held = Appointment.objects.in_force(on).filter(account=person).select_related("post")
    return [Grant(one.post.role, one.post.agency_id) for one in held]


@action(who=system, locks=False)
def pass_on(passing: Passing, *, by: Actor) -> int:
    """An agency ends: colleagues go on standing in for each other where both have gone; where they part, it ends.

    To be called after the officers hold their posts at the agency that follows.
    """
    lent = Substitution.objects.to_come().filter(appointment__post__agency=passing.old)
    kept = 0
    for one in list(
        lent.select_related("appointment__post", "appointment__account", "stand_in").order_by("pk")
    ):
        if (there := same_post(one.appointment, passing)) and arrange_there(one, there, passing.on, by=by):
            kept += 1
        one.ended_at = timezone.now()
        one.save(update_fields=["ended_at"])
        role, agency = one.appointment.post.role, one.appointment.post.agency_id
        record(SubstitutionEnded(one.pk, role, agency), about=one, by=by)
    return kept


def same_post(appointment: Appointment, passing: Passing) -> Appointment | None:
    """What the holder of a post holds in its place from the day on."""
    to, post = passing.officers.get(appointment.account_id), appointment.post
    held = Appointment.objects.in_force(passing.on).filter(account=appointment.account_id, post__agency=to)
    same = held.filter(post__role=post.role).select_related("post")
    return min(same, key=lambda one: one.post.title_vi != post.title_vi, default=None)


def arrange_there(one: Substitution, appointment: Appointment, on: date, *, by: Actor) -> bool:
    """The same substitution for the post in its place; whether whoever stands in may do so there."""
    post, since = appointment.post, max(one.since, on)
    if one.until < since or not may_stand_in(post.role, post.agency_id, own_posts(one.stand_in, on)):
        return False
    there = Substitution.objects.create(
        appointment=appointment, stand_in=one.stand_in, since=since, until=one.until, reason=one.reason
    )
    until = one.until.isoformat()
    told = SubstitutionArranged(there.pk, post.role, post.agency_id, since.isoformat(), until)
    record(told, about=there, by=by)
    return True


@action(who=arranger)
def end_substitution(substitution: Substitution, *, by: Actor) -> None:
    """The holder of the post is back early, or was not away at all; ended twice, it ended once."""
    if substitution.ended_at is not None:
        return
    substitution.ended_at = timezone.now()
    substitution.save(update_fields=["ended_at"])
    post = substitution.appointment.post
    record(SubstitutionEnded(substitution.pk, post.role, post.agency_id), about=substitution, by=by)

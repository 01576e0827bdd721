"""Stand in for a colleague who is away."""

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor, Grant
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


def own_posts(person: Account) -> list[Grant]:
    """What the person holds today by their own appointments."""
    held = Appointment.objects.in_force().filter(account=person).select_related("post")
    return [Grant(one.post.role, one.post.agency_id) for one in held]


@action(who=arranger)
def end_substitution(substitution: Substitution, *, by: Actor) -> None:
    """The holder of the post is back early, or was not away at all; ended twice, it ended once."""
    if substitution.ended_at is not None:
        return
    substitution.ended_at = timezone.now()
    substitution.save(update_fields=["ended_at"])
    post = substitution.appointment.post
    record(SubstitutionEnded(substitution.pk, post.role, post.agency_id), about=substitution, by=by)

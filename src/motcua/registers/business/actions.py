"""Take enterprises into the register, register household businesses, enter what changes."""

from dataclasses import asdict
from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.registers.actions import enter
from motcua.registers.business import codes
from motcua.registers.business.events import EnterpriseChanged, EnterpriseRecorded, HouseholdRegistered
from motcua.registers.business.models import Enterprise, EnterpriseVersion, enterprise_on
from motcua.registers.business.records import EnterpriseRecord, checked
from motcua.registers.business.rules import keeper
from motcua.registers.records import Basis, version_of


@action(who=system)
def record_enterprise(
    enterprise: Enterprise, *, by: Actor, known: EnterpriseRecord, basis: Basis
) -> Enterprise:
    """An enterprise that has a code already is taken into the register; one that is in it stays as it is."""
    enterprise.code = codes.checked(enterprise.code, demo=settings.DEMO)
    there = Enterprise.objects.filter(code=enterprise.code).first()
    if there is not None:
        return there
    # The code tells a household business; of an enterprise and a co-operative (Luật Hợp tác xã 17/2023) it is of one form.
    if codes.is_household(enterprise.code):
        enterprise.kind = Enterprise.Kind.HOUSEHOLD
    elif enterprise.kind != Enterprise.Kind.COOPERATIVE:
        enterprise.kind = Enterprise.Kind.ENTERPRISE
    fit = checked(known)
    enterprise.save(force_insert=True)
    enter(version_of(EnterpriseVersion, enterprise, fit, since=enterprise.registered_on, basis=basis))
    record(EnterpriseRecorded(enterprise.kind, **asdict(basis)), about=enterprise, by=by)
    return enterprise


@action(who=keeper | system)
def register_household(
    enterprise: Enterprise, *, by: Actor, declared: EnterpriseRecord, basis: Basis
) -> Enterprise:
    """A household business is registered under its owner's number: one for each person in the whole country; once an occasion.

    An owner whose business has ended takes it up again under the same code: what it was before stays readable.
    """
    known = Enterprise.objects.filter(occasion=enterprise.occasion).first()
    if known is not None:
        return known
    fit = checked(declared)
    enterprise.kind = Enterprise.Kind.HOUSEHOLD
    enterprise.code, enterprise.registered_on = fit.representative_number, timezone.localdate()
    ended = Enterprise.objects.select_for_update().filter(code=enterprise.code).first()
    refuse_twice(enterprise.code)
    if ended:
        enterprise.pk = ended.pk
    try:
        with transaction.atomic():
            enterprise.save(force_insert=ended is None, force_update=ended is not None)
    except IntegrityError:  # two errands at once: the second learns what the first has entered
        known = Enterprise.objects.filter(occasion=enterprise.occasion).first()
        if known is not None:
            return known
        refuse_twice(enterprise.code)
        raise
    enter(version_of(EnterpriseVersion, enterprise, fit, since=enterprise.registered_on, basis=basis))
    record(HouseholdRegistered(enterprise.registered_at, **asdict(basis)), about=enterprise, by=by)
    return enterprise


def refuse_twice(code: str) -> None:
    """Each person registers one household business in the whole country (Nghị định 168/2025); which it is stays untold."""
    version = enterprise_on(code)
    if version is None or not version.is_active:
        return
    raise Invalid(
        _(
            "This person has a household business already, and each person has one in the whole country. "
            "If something about it changes, register the change."
        ),
        field="owner_number",
    )


@action(who=keeper | system)
def change(
    enterprise: Enterprise,
    *,
    by: Actor,
    held: EnterpriseRecord,
    since: date,
    basis: Basis,
    until: date | None = None,
) -> EnterpriseVersion:
    """What the register holds of an enterprise changes from a day on: its name, place, trade, who speaks for it, its end.

    With `until`, for so long: a pause.
    """
    if since < enterprise.registered_on:
        raise Invalid(_("Nothing can hold before the registration."), field="since")
    fit = checked(held)
    if enterprise.kind == Enterprise.Kind.HOUSEHOLD and fit.representative_number != enterprise.code:
        raise Invalid(
            _("A household business stays with its owner; another owner registers one of their own."),
            field="representative_number",
        )
    version = enter(version_of(EnterpriseVersion, enterprise, fit, since=since, until=until, basis=basis))
    ends = until.isoformat() if until else ""
    record(EnterpriseChanged(since.isoformat(), **asdict(basis), until=ends), about=enterprise, by=by)
    return version

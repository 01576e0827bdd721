"""Who of several colleagues does a step; and what an officer keeps to find dossiers again."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.dossiers.actions.receiving import said
from motcua.dossiers.actions.steps import roles_of
from motcua.dossiers.events import DossierAssigned, FilterDropped, FilterSaved
from motcua.dossiers.models import Dossier, SavedFilter, Step
from motcua.dossiers.rules import in_turn, independent, own_filter
from motcua.dossiers.states import State
from motcua.journal.actions import record, record_many
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.notices import actions as notices
from motcua.notices.models import Notice
from motcua.notices.wording import wording
from motcua.organisations.estates import Passing
from motcua.people.models import Account, actor_of

MOST_FILTERS = 12
ASSIGNED = wording(
    "dossiers.assigned",
    subject=gettext_lazy("Dossier %(code)s is yours now"),
    body=gettext_lazy("%(who)s has given you dossier %(code)s: %(reason)s"),
)


@action(who=in_turn & independent)
def assign(dossier: Dossier, *, by: Actor, to: Account, reason: str) -> None:
    """The dossier is given to one colleague, who does the step it stands at; with that step the assignment ends."""
    why, step = said(reason), step_for(dossier, to)
    if (dossier.assigned_to_id, dossier.assigned_for) == (to.pk, step):
        return
    before = dossier.assigned_to.name if dossier.assigned_to else ""
    dossier.assigned_to, dossier.assigned_for = to, step
    dossier.save(update_fields=["assigned_to", "assigned_for"])
    entry = record(DossierAssigned(step, to.name, before, why), about=dossier, by=by)
    if by.urn != to.urn:
        notices.tell(
            Notice(
                recipient=to,
                code=ASSIGNED,
                parameters={"code": dossier.number, "who": by.name, "reason": why},
                about=dossier.urn,
                link=f"/desk/dossiers/{dossier.pk}/",
                key=f"{dossier.urn}:assigned:{entry.pk}",
            ),
            by=Actor.system("dossiers"),
        )


def step_for(dossier: Dossier, to: Account) -> str:
    """The step this colleague would do now; raises `Invalid` for one who may not."""
    if to.pk in dossier.owners:
        raise Invalid(
            _("This is %(name)s's own dossier. Another colleague decides about it.") % {"name": to.name},
            field="to",
        )
    colleague, steps = actor_of(to), list(dossier.steps.all())
    is_new = dossier.state == State.NEW
    for step in steps:
        roles = {step.role} if is_new and step.place == 0 else roles_of(step, steps)
        is_in_turn = step.place == 0 if is_new else step.state in {Step.State.RUNNING, Step.State.REFUSED}
        if is_in_turn and colleague.holds(*roles, at=dossier.agency):
            return step.key
    raise Invalid(
        _("%(name)s does not hold the post that does this step.") % {"name": to.name},
        field="to",
    )


@action(who=own_filter)
def save_filter(kept: SavedFilter, *, by: Actor) -> SavedFilter:
    """An officer keeps a question to the work list under a name; the same name again replaces what it meant."""
    kept.name = " ".join(kept.name.split())[:40]
    if not kept.name:
        raise Invalid(_("Give the filter a name."), field="name")
    # Two at once wait for each other, so that neither the number nor the name is overrun.
    Account.objects.select_for_update().get(pk=kept.account_id)
    own = SavedFilter.objects.filter(account=kept.account)
    known = own.filter(name=kept.name).first()
    if known is None and own.count() >= MOST_FILTERS:
        raise Invalid(
            _("You have %(count)d saved filters. Delete one before you save another.")
            % {"count": MOST_FILTERS},
            field="name",
        )
    if known is not None:
        kept.pk = known.pk
    kept.save()
    record(FilterSaved(kept.pk), about=kept, by=by)
    return kept


@action(who=system, locks=False)
def pass_on_filters(passing: Passing, *, by: Actor) -> int:
    """An agency ends: filters that ask for it ask for the one their officer goes to, or else for who follows it."""
    rows = list(SavedFilter.objects.select_for_update().filter(wanted__agency=passing.old).order_by("pk"))
    for one in rows:
        one.wanted = {**one.wanted, "agency": passing.officers.get(one.account_id, "") or passing.new}
    SavedFilter.objects.bulk_update(rows, ["wanted"])
    if rows:
        record_many([(FilterSaved(one.pk), one.urn) for one in rows], by=by)
    return len(rows)


@action(who=own_filter)
def drop_filter(kept: SavedFilter, *, by: Actor) -> None:
    """An officer needs a filter no longer."""
    urn, number = kept.urn, kept.pk
    kept.delete()
    record(FilterDropped(number), about=urn, by=by)

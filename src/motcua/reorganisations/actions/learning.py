"""A reorganisation that another node carries out becomes known here."""

from django.db.models import Q

from motcua.journal.actions import record
from motcua.lib.actions import action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.organisations import actions as organisations
from motcua.organisations.models import Agency
from motcua.reorganisations.actions.carrying import begin
from motcua.reorganisations.events import ReorganisationLearned
from motcua.reorganisations.scheme import Scheme
from motcua.reorganisations.trial import Trial


@action(who=system, locks=False)
def learn(scheme: Scheme, *, by: Actor, sender: str, plan: str) -> None:
    """Agencies end and begin here as the node that hosts them tells; told twice, it is done once."""
    trial = Trial(scheme)
    for heir in scheme.new:
        begin(heir, trial, by=by)
    codes = Q(code__in=scheme.codes)
    agencies = {one.code: one for one in Agency.objects.select_for_update().filter(codes).order_by("code")}
    fresh = [one for one in scheme.old if (old := agencies.get(one.code)) and old.valid_to is None]
    for ending in fresh:
        main, *parts = (agencies[code] for code in ending.heirs)
        organisations.close(
            agencies[ending.code],
            by=by,
            on=scheme.eve,
            successor=main,
            parts=parts,
            shares=ending.shares,
        )
    if fresh:
        ended, heirs = " ".join(one.code for one in fresh), " ".join(scheme.heirs)
        record(
            ReorganisationLearned(sender, scheme.decision, ended, heirs),
            about=f"reorganisation:{plan}",
            by=by,
        )

"""Keep the national portal in step with what happens here."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from procrastinate.contrib.django import app

from motcua.api.events import AxisRefused, SynchronisationRefused
from motcua.api.kinds import KINDS
from motcua.dossiers.models import Dossier
from motcua.journal.actions import record
from motcua.journal.models import Entry
from motcua.lib.actions import action
from motcua.lib.actors import Actor
from motcua.lib.rules import system


@action(who=system)
def synchronise_later(entries: Sequence[Entry], *, by: Actor) -> None:
    """What happened with dossiers is to be told to the portal, in order: one job after another."""
    told: list[Any] = [entry.pk for entry in entries if entry.event in KINDS and "state" in entry.facts]
    if told and settings.NODE.national_portal:
        app.configure_task("api.synchronise", queue="api", lock="api.national").defer(entries=told)


@action(who=system)
def note_refused(dossier: Dossier, *, by: Actor, service: str, reason: str) -> None:
    """The portal did not take a row; why stands in the journal about the dossier, for whoever puts it right."""
    record(SynchronisationRefused(dossier.code or "", service, reason[:300]), about=dossier, by=by)


@action(who=system, locks=False)
def note_axis_refused(document: str, *, by: Actor, agency: str, reason: str) -> None:
    """A message did not pass to or from the axis; why stands in the journal, for whoever puts it right."""
    record(AxisRefused(agency, document[:120], reason[:300]), about=f"axis:{document[:80]}", by=by)

"""Mandates as they are shown: for whom, in what, until when, and how they stand."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from motcua.lib.actors import Actor
from motcua.mandates.models import Mandate
from motcua.ui import words


@dataclass(frozen=True)
class Power:
    """One mandate in a list."""

    number: str
    url: str
    who: str
    kind: str
    scope: str
    term: str
    tag: tuple[str, str]
    is_mine: bool
    is_offered: bool


def powers(mandates: Iterable[Mandate], *, by: Actor) -> list[Power]:
    return [power(one, by=by) for one in mandates]


def power(mandate: Mandate, *, by: Actor) -> Power:
    """As whoever looks is concerned: who acts names the principal, who is acted for names the agent."""
    is_mine = by.urn == f"person:{mandate.agent_id}"
    names = {"agent": mandate.agent.name, "principal": mandate.principal_name}
    mine, others = _("You act for %(principal)s"), _("%(agent)s acts for %(principal)s")
    return Power(
        number=mandate.number,
        url=reverse("portal:mandate", args=[mandate.pk]),
        who=(mine if is_mine else others) % names,
        kind=mandate.get_kind_display(),
        scope=scope(mandate),
        term=term(mandate),
        tag=tag(mandate),
        is_mine=is_mine,
        is_offered=mandate.state == Mandate.State.OFFERED,
    )


def scope(mandate: Mandate) -> str:
    """In what."""
    if mandate.procedures:
        return _("Procedures %(codes)s") % {"codes": ", ".join(mandate.procedures)}
    if mandate.fields:
        return _("Fields: %(fields)s") % {"fields": ", ".join(mandate.fields)}
    return _("All procedures")


def term(mandate: Mandate) -> str:
    since = words.day(mandate.valid_from)
    if mandate.valid_until is None:
        return _("from %(since)s") % {"since": since}
    return _("from %(since)s until %(until)s") % {"since": since, "until": words.day(mandate.valid_until)}


def tag(mandate: Mandate) -> tuple[str, str]:
    """State class and words; what has run out says so."""
    if mandate.state in {Mandate.State.OFFERED, Mandate.State.CLAIMED}:
        return "soon", mandate.get_state_display()
    if mandate.state != Mandate.State.IN_FORCE:
        return "plain", mandate.get_state_display()
    if reason := mandate.ended():
        return "plain", capfirst(reason)
    return "ok", mandate.get_state_display()

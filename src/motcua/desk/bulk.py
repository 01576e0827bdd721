"""Many dossiers at once: what would happen to each, and what did."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.desk.access import places
from motcua.desk.decisions import VERBS, Decision, decision
from motcua.desk.forms import Finding, HandOn, Nothing, Opinion
from motcua.desk.process import name_of
from motcua.desk.worklist import ACTING
from motcua.documents.models import Document
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.lib.actions import Invalid, NotNow, Refused, may
from motcua.lib.actors import Actor
from motcua.people.models import Account, Appointment

MOST = 100


@dataclass(frozen=True)
class Deed:
    """What can be done to many at once: its words, what it asks for, and by whom it may be offered."""

    name: str
    form: type[forms.Form]
    button: Promise
    title: Promise
    roles: tuple[str, ...]


COUNTER, EXAMINERS = ("receiver", "registrar"), ("registrar", "specialist")
DEEDS = {
    deed.name: deed
    for deed in (
        Deed(
            "accept",
            Nothing,
            gettext_lazy("Receive"),
            gettext_lazy("Receive several dossiers"),
            COUNTER,
        ),
        Deed(
            "propose",
            Opinion,
            gettext_lazy("Propose alike"),
            gettext_lazy("Propose the same result for several dossiers"),
            EXAMINERS,
        ),
        Deed(
            "complete",
            Finding,
            gettext_lazy("Finish the step"),
            gettext_lazy("Finish the step of several dossiers"),
            ACTING,
        ),
        Deed(
            "forward",
            Nothing,
            gettext_lazy("Send it on"),
            gettext_lazy("Send several dossiers to where they belong"),
            COUNTER,
        ),
        Deed(
            "assign",
            HandOn,
            gettext_lazy("Give to a colleague"),
            gettext_lazy("Give several dossiers to a colleague"),
            ACTING,
        ),
        Deed(
            "receipts",
            Nothing,
            gettext_lazy("Print form 01"),
            gettext_lazy("Print the receipts of several dossiers"),
            COUNTER,
        ),
    )
}


@dataclass(frozen=True)
class Line:
    """One dossier: its name, the step it is about, and why nothing will happen to it, if so."""

    dossier: Dossier
    name: str
    key: str = ""
    hindrance: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of one dossier; without trouble it was done."""

    dossier: str
    trouble: str = ""


def offered(by: Actor) -> list[Deed]:
    """What this officer's posts may do to many at once."""
    return [deed for deed in DEEDS.values() if by.holds(*deed.roles)]


def lines(deed: Deed, dossiers: Sequence[Dossier], *, by: Actor) -> list[Line]:
    """What would happen to each; `dossiers` come with their owners, extensions and steps, so that nothing is asked row by row."""
    look = LOOKS.get(deed.name, partial(next_step, deed))
    if deed.name == "receipts":
        printed = receipts(dossiers)
        look = partial(receipt_of, printed)
    return [Line(one, name_of(one), *look(one, by)) for one in dossiers]


def next_step(deed: Deed, dossier: Dossier, by: Actor) -> tuple[str, str]:
    """Whether this is the one thing to be done now, and for which step."""
    found = decision(dossier, list(dossier.steps.all()), by=by)
    if found.primary is VERBS[deed.name]:
        return found.key, ""
    return "", why_not(found)


def why_not(found: Decision) -> str:
    if found.primary:
        return _("The next thing to be done is another: %(title)s.") % {"title": found.primary.title}
    return found.why_not


def handing_on(dossier: Dossier, by: Actor) -> tuple[str, str]:
    """Whether this officer may give it to a colleague."""
    if may(by, "dossiers.assign", dossier):
        return "", ""
    return "", decision(dossier, list(dossier.steps.all()), by=by).why_not or _("It is not your turn.")


LOOKS: Mapping[str, Callable[[Dossier, Actor], tuple[str, str]]] = {"assign": handing_on}


def receipts(dossiers: Sequence[Dossier]) -> dict[str, Document]:
    """The receipts of these dossiers, by what they are about."""
    made = Document.objects.filter(
        kind=Document.Kind.RECEIPT, about__in=[one.urn for one in dossiers]
    ).exclude(state=Document.State.REVOKED)
    return {document.about: document for document in made}


def receipt_of(printed: Mapping[str, Document], dossier: Dossier, by: Actor) -> tuple[str, str]:
    """Whether there is a receipt to print."""
    return "", "" if dossier.urn in printed else _("There is no receipt of this dossier.")


def colleagues(by: Actor) -> QuerySet[Account]:
    """Who works on dossiers at this officer's agencies today, but not themself."""
    return at_work(places(by, *ACTING)).exclude(pk=by.urn.removeprefix("person:"))


def at_work(codes: Sequence[str]) -> QuerySet[Account]:
    """Who holds a post that works on dossiers at these agencies today, by name."""
    held = Appointment.objects.in_force().filter(post__agency__in=codes, post__role__in=ACTING)
    return Account.objects.filter(pk__in=held.values("account")).order_by("name", "pk")


def carry_out(deed: Deed, found: Sequence[Line], *, by: Actor, given: Mapping[str, Any]) -> list[Outcome]:
    """Do it to each in a transaction of its own; what hinders one is said and hinders no other."""
    act: Callable[..., Any] = actions.assign if deed.name == "assign" else VERBS[deed.name].act
    outcomes = []
    for line in found:
        trouble = line.hindrance
        if not trouble:
            about = {"key": line.key} if deed.name == "complete" else {}
            try:
                act(line.dossier, by=by, **given, **about)
            except (Refused, NotNow, Invalid) as fault:
                trouble = str(fault)
        outcomes.append(Outcome(str(line.dossier.pk), trouble))
    return outcomes


def uuids(texts: Sequence[str]) -> list[UUID]:
    """What can be read as identifiers; the rest is nobody's dossier."""
    found = []
    for text in texts[:MOST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found

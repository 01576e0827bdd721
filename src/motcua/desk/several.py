"""Several documents at once: entered and assigned, signed and sent; what would happen to each, and what did."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.desk.bulk import MOST, uuids
from motcua.desk.forms import Nothing
from motcua.desk.forms.dispatches import Assign, Signing
from motcua.desk.remarks import remarks
from motcua.dispatches import actions
from motcua.dispatches.models import Incoming, Outgoing
from motcua.dispatches.rules import OFFICERS
from motcua.lib.actions import Invalid, NotNow, Refused, why_not
from motcua.lib.actors import Actor

# Each is printed and signed while whoever signs waits.
MOST_SIGNED = 20


@dataclass(frozen=True)
class Deed:
    """What can be done to many documents at once: its words, what it asks for, to whom it is offered."""

    name: str
    kind: type[Incoming | Outgoing]
    act: Callable[..., Any]
    button: Promise
    title: Promise
    roles: tuple[str, ...]
    form: type[forms.Form] = Nothing
    most: int = MOST
    signs: bool = False

    @property
    def address(self) -> str:
        """The name of the list it belongs to."""
        return "desk:incoming" if self.kind is Incoming else "desk:outgoing"

    @property
    def page(self) -> str:
        """The name of the page of one document."""
        return f"{self.address}_one"


HEADS = ("chair", "deputy")
DEEDS = {
    deed.name: deed
    for deed in (
        Deed(
            "register",
            Incoming,
            actions.register,
            gettext_lazy("Enter in the register"),
            gettext_lazy("Enter several documents in the register"),
            ("clerk",),
        ),
        Deed(
            "assign",
            Incoming,
            actions.assign,
            gettext_lazy("Assign"),
            gettext_lazy("Assign several documents with one sentence"),
            HEADS,
            Assign,
        ),
        Deed(
            "sign",
            Outgoing,
            actions.sign,
            gettext_lazy("Sign"),
            gettext_lazy("Sign several documents"),
            HEADS,
            Signing,
            most=MOST_SIGNED,
            signs=True,
        ),
        Deed(
            "issue",
            Outgoing,
            actions.issue,
            gettext_lazy("Seal and send"),
            gettext_lazy("Seal and send several documents"),
            ("clerk",),
            most=MOST_SIGNED,
            signs=True,
        ),
    )
}


@dataclass(frozen=True)
class Line:
    """One document: what is to be looked at first, and why nothing will happen to it, if so."""

    document: Incoming | Outgoing
    remarks: Sequence[str] = ()
    hindrance: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of one document; without trouble it was done."""

    document: str
    trouble: str = ""


def offered(by: Actor, kind: type[Incoming | Outgoing]) -> list[Deed]:
    """What this officer's posts may do to many of one list."""
    return [deed for deed in DEEDS.values() if deed.kind is kind and by.holds(*deed.roles)]


def address(verb: str, keys: Sequence[Any]) -> str:
    """Where this is looked over for these documents, as many as are taken at once."""
    named = [("verb", verb), *(("document", str(key)) for key in keys[: DEEDS[verb].most])]
    return f"{reverse('desk:several')}?{urlencode(named)}"


def chosen(deed: Deed, texts: Sequence[str], *, by: Actor) -> list[Any]:
    """The documents named, in the order in which they came or were drafted; what one may not see is not among them."""
    rows: Any = deed.kind.objects.visible_to(by, *OFFICERS).filter(pk__in=uuids(texts)[: deed.most])
    if deed.kind is Incoming:
        return list(rows.knowing_likes().select_related("replaced_by").order_by("arrived_at", "pk"))
    return list(rows.order_by("drafted_at", "pk"))


def lines(deed: Deed, documents: Sequence[Any], *, by: Actor) -> list[Line]:
    """What would happen to each; nothing is asked of the database row by row."""
    first = documents[0].agency if documents else ""
    return [
        Line(
            one,
            remarks(one) if deed.name == "register" else (),
            why_not(by, f"dispatches.{deed.name}", one)
            or ("" if one.agency == first else _("It belongs to another agency than the first one chosen.")),
        )
        for one in documents
    ]


def carry_out(
    deed: Deed, found: Sequence[Line], *, by: Actor, given: Mapping[str, Any], seen: Mapping[str, int]
) -> list[Outcome]:
    """Do it to each in a transaction of its own; what hinders one hinders no other. `seen`: the version read of each draft."""
    outcomes = []
    for line in found:
        key, trouble = str(line.document.pk), line.hindrance
        about = {"seen": seen.get(key, 0)} if deed.name == "sign" else {}
        if not trouble:
            try:
                deed.act(line.document, by=by, **given, **about)
            except (Refused, NotNow, Invalid) as fault:
                trouble = str(fault)
        outcomes.append(Outcome(key, trouble))
    return outcomes

"""What the address of the work list asks for, and the tabs and pills that lead to other answers."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from motcua.desk.counting import Counts
from motcua.desk.process import office
from motcua.dossiers.states import Channel
from motcua.ui.context import Link

PILLS: dict[str, Promise] = {
    "all": _("All"),
    "late": _("Overdue"),
    "today": _("Today"),
    "next": _("Next working day"),
    "week": _("This week"),
    "paused": _("Standing still"),
    "new": _("To be received"),
    "sign": _("To be signed"),
}
TABS = {"mine": _("Your turn"), "agency": _("Whole agency"), "closed": _("Ended in 30 days")}
FLAGS = {
    "fee": _("Waiting for the fee"),
    "paper": _("Waiting for papers"),
    "unanswered": _("Not supplemented in time"),
    "refused": _("Another agency said no"),
}
# What may be chosen beside whose turn and by when; each stands in the address under its name.
FACETS = ("procedure", "field", "step", "channel", "person", "flag")
LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """The address, with everything unknown replaced by what is usual."""

    show: str
    due: str = "all"
    text: str = ""
    agency: str = ""
    after: str = ""
    procedure: str = ""
    field: str = ""
    step: str = ""
    channel: str = ""
    person: str = ""
    flag: str = ""

    @property
    def address(self) -> str:
        """The address that asks for this."""
        whole = self.wanted | {"q": self.text, "after": self.after}
        return "?" + urlencode({name: value for name, value in whole.items() if value})

    @property
    def wanted(self) -> dict[str, str]:
        """What a saved filter keeps: all but the words searched for and the page."""
        whole = {
            "show": self.show,
            "due": self.due if self.due != "all" else "",
            "agency": self.agency,
            **self.facets,
        }
        return {name: value for name, value in whole.items() if value}

    @property
    def facets(self) -> dict[str, str]:
        """What was chosen beside whose turn and by when."""
        return {name: getattr(self, name) for name in FACETS if getattr(self, name)}


def asked(request: HttpRequest, *, acts: bool) -> Asked:
    """Read the address; who acts on dossiers begins with their own turn, who only reads with the agency's."""
    return read(request.GET.items(), acts=acts)


def read(values: Iterable[tuple[str, object]], *, acts: bool) -> Asked:
    """What these values ask for; what cannot be asked for is left out."""
    given = {name: str(value).replace("\0", "")[:LONGEST].strip() for name, value in values}
    shows = tuple(TABS) if acts else ("agency", "closed")
    show, due = given.get("show", ""), given.get("due", "")
    return Asked(
        show=show if show in shows else shows[0],
        due=due if due in PILLS else "all",
        text=given.get("q", ""),
        agency=given.get("agency", ""),
        after=given.get("after", ""),
        procedure=given.get("procedure", ""),
        field=given.get("field", ""),
        step=given.get("step", ""),
        channel=one_of(given.get("channel", ""), [str(one.value) for one in Channel]),
        person=person(given.get("person", "")),
        flag=one_of(given.get("flag", ""), FLAGS),
    )


def one_of(value: str, known: Container[str]) -> str:
    return value if value in known else ""


def person(value: str) -> str:
    """A colleague's account, or `none` for dossiers given to nobody."""
    try:
        return value if value in {"", "none"} else str(UUID(value))
    except ValueError:
        return ""


def tabs(asked: Asked, counts: Counts, tally: Mapping[str, int], *, acts: bool) -> list[Link]:
    """Whose dossiers: one's own turn, the agency's, those that ended; then what one has saved."""
    now = replace(asked, after="").address
    saved = [
        Link(one.name, read(one.wanted.items(), acts=acts).address, count=one.count) for one in counts.saved
    ]
    chosen = now in {link.url for link in saved} or asked.flag == "unanswered"
    return [
        *(
            Link(
                label,
                Asked(name, agency=asked.agency).address,
                name == asked.show and not chosen,
                tally.get(name),
            )
            for name, label in TABS.items()
            if acts or name != "mine"
        ),
        *(
            [Link(_("Asked for our opinion"), reverse("desk:asked"), count=counts.questions)]
            if counts.questions and acts
            else []
        ),
        *unanswered(asked, counts, now),
        *(replace(link, current=link.url == now) for link in saved),
    ]


def unanswered(asked: Asked, counts: Counts, now: str) -> list[Link]:
    """What was to be added and has not come by its last day, for whoever decides what becomes of it."""
    url = Asked("agency", agency=asked.agency, flag="unanswered").address
    return [Link(FLAGS["unanswered"], url, url == now, counts.unanswered)] if counts.unanswered else []


def chosen(asked: Asked, counts: Counts, *, steps: Mapping[str, str]) -> list[Link]:
    """What was chosen beside the deadline; each leads to the list without it."""
    said = {
        "procedure": Truncator(counts.procedure or asked.procedure).chars(40),
        "field": asked.field,
        "step": steps.get(asked.step, asked.step),
        "channel": Channel(int(asked.channel)).label if asked.channel else "",
        "person": _("Given to nobody") if asked.person == "none" else counts.person or asked.person,
        "flag": FLAGS.get(asked.flag, ""),
    }
    return [
        Link(said[name], replace(asked, **{name: "", "after": ""}).address, current=True)
        for name in FACETS
        if getattr(asked, name)
    ]


def pills(asked: Asked, tally: Mapping[str, int], *, next_day: str) -> list[Link]:
    """By deadline: those with something in them, and the one that is chosen."""
    labels: dict[str, str | Promise] = {**PILLS, "next": next_day}
    return [
        Link(
            label=labels[name],
            url=replace(asked, due=name, after="").address,
            current=name == asked.due,
            count=tally.get(name, 0),
            state="late" if name == "late" else "",
        )
        for name in PILLS
        if tally.get(name, 0) or name in {"all", asked.due}
    ]


def agencies(asked: Asked, of: Sequence[Any]) -> list[Link]:
    """For an officer of several agencies: all of them, or one; for an officer of one agency nothing."""
    if len(of) < 2:
        return []
    one = asked.agency if asked.agency in {agency.code for agency in of} else ""
    return [
        Link(_("All agencies"), replace(asked, agency="", after="").address, not one),
        *(
            Link(office(agency), replace(asked, agency=agency.code, after="").address, agency.code == one)
            for agency in of
        ),
    ]

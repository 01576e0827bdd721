"""What the address of the work list asks for, and the tabs and pills that lead to other answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from motcua.desk.process import office
from motcua.ui.context import Link

PILLS: dict[str, Promise] = {
    "all": _("All"),
    "late": _("Overdue"),
    "today": _("Today"),
    "next": _("Next working day"),
    "paused": _("Standing still"),
    "new": _("To be received"),
    "sign": _("To be signed"),
}
TABS = {"mine": _("Your turn"), "agency": _("Whole agency"), "closed": _("Ended in 30 days")}
LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """The address, with everything unknown replaced by what is usual."""

    show: str
    due: str = "all"
    text: str = ""
    agency: str = ""
    after: str = ""

    @property
    def address(self) -> str:
        """The address that asks for this."""
        wanted = {
            "show": self.show,
            "due": self.due if self.due != "all" else "",
            "agency": self.agency,
            "q": self.text,
            "after": self.after,
        }
        return "?" + urlencode({name: value for name, value in wanted.items() if value})


def asked(request: HttpRequest, *, acts: bool) -> Asked:
    """Read the address; who acts on dossiers begins with their own turn, who only reads with the agency's."""
    given = {name: str(value).replace("\0", "")[:LONGEST].strip() for name, value in request.GET.items()}
    shows = tuple(TABS) if acts else ("agency", "closed")
    show, due = given.get("show", ""), given.get("due", "")
    return Asked(
        show=show if show in shows else shows[0],
        due=due if due in PILLS else "all",
        text=given.get("q", ""),
        agency=given.get("agency", ""),
        after=given.get("after", ""),
    )


def tabs(asked: Asked, tally: Mapping[str, int], *, acts: bool) -> list[Link]:
    """Whose dossiers: one's own turn, the agency's, those that ended."""
    return [
        Link(label, Asked(name, agency=asked.agency).address, name == asked.show, tally.get(name))
        for name, label in TABS.items()
        if acts or name != "mine"
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

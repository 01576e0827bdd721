"""The way of a document at one receiver, as a picture: which stages it has passed, since when, at whom, and what is still ahead."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.dispatches.models import Delivery, SentMail
from motcua.documents.edxml.message import State
from motcua.ui import words

WAY = (State.ARRIVED, State.REGISTERED, State.ASSIGNED, State.IN_PROGRESS, State.DONE)
TITLES = {
    State.ARRIVED: gettext_lazy("Arrived"),
    State.REFUSED: gettext_lazy("Refused"),
    State.REGISTERED: gettext_lazy("In the register of the year"),
    State.ASSIGNED: gettext_lazy("Assigned"),
    State.IN_PROGRESS: gettext_lazy("Being worked on"),
    State.DONE: gettext_lazy("Done"),
    State.CHANGE_AGREED: gettext_lazy("Given back to the sender"),
    State.CHANGE_REFUSED: gettext_lazy("Not given back"),
}


@dataclass(frozen=True)
class Way:
    """One receiver: how far the document is there, and through whom it came there."""

    delivery: Delivery
    stages: list[dict[str, Any]]
    through: str = ""
    # The mails that went there, where no node reaches it; the last first.
    mails: Sequence[SentMail] = ()


def ways(deliveries: Iterable[Delivery]) -> list[Way]:
    """All who have a document, by name; behind each those it was sent on to from there."""
    found = sorted(deliveries, key=lambda one: one.agency_name)
    names = {one.agency: one.agency_name for one in found}
    mails: dict[int, list[SentMail]] = {}
    for mail in SentMail.objects.filter(delivery__in=found).order_by("-made_at") if found else ():
        mails.setdefault(mail.delivery_id or 0, []).append(mail)

    def behind(via: str) -> Iterator[Way]:
        for one in found:
            if (one.via if one.via in names else "") == via:
                yield Way(one, stages(one), names.get(one.via, ""), mails.get(one.pk, ()))
                yield from behind(one.agency)

    return list(behind(""))


def stages(delivery: Delivery) -> list[dict[str, Any]]:
    """The stages as the picture of a process draws them."""
    told = {State(one["state"]): one for one in reversed(delivery.told)}
    standing = delivery.standing
    if standing in {State.REFUSED, State.CHANGE_AGREED}:
        found = [passed(state, told) for state in (*WAY, standing) if state in told]
        # The same answer to two questions: whether it is given back, and whether a later one takes its place.
        if standing is State.CHANGE_AGREED and not delivery.recall_asked_at:
            found[-1]["title"] = _("The later document has taken its place")
        return found
    return list(ahead(told, standing))


def ahead(told: dict[State, Any], standing: State | None) -> Iterator[dict[str, Any]]:
    """What is behind is done, where it stands is now, the rest is to come; a stage that was skipped is behind all the same."""
    place = WAY.index(standing) if standing in WAY else -1
    for number, state in enumerate(WAY):
        if number <= place:
            yield passed(state, told) | (
                {"state": "now"} if number == place and state is not State.DONE else {}
            )
        else:
            yield {"state": "", "title": TITLES[state], "who": "", "time": _("still to come")}


def passed(state: State, told: dict[State, Any]) -> dict[str, Any]:
    one = told.get(state)
    time = words.short_moment(datetime.fromisoformat(one["at"])) if one else ""
    return {"state": "done", "title": TITLES[state], "who": one["by"] if one else "", "time": time}

"""What people who filed at a counter are told where they can be reached: they have no page of their own to look at."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from motcua.dossiers.bearing import receipt_url
from motcua.dossiers.models import Dossier
from motcua.dossiers.notifying import MONEY, MOVED, going_back
from motcua.dossiers.states import State
from motcua.lib.actors import Actor
from motcua.notices import actions as notices
from motcua.notices.models import Outgoing
from motcua.notices.wording import wording
from motcua.organisations.models import Agency
from motcua.ui.words import day

DOSSIERS = Actor.system("dossiers")

# Decree 61/2018, art. 17.5, 19.5 and 20.4: told by mail or text message, and not only by paper.
AT_COUNTER = {
    State.SUPPLEMENT: wording(
        "dossiers.counter_supplement",
        urgent=True,
        subject=gettext_lazy("Dossier %(code)s: something is missing, add it online or at the counter"),
        body=gettext_lazy(
            "%(agency)s asks you to add to your dossier: %(reason)s Add it by %(until)s, at the address below with the "
            "receipt in hand or at the counter; the clock stands still until you have."
        ),
    ),
    State.FEE: wording(
        "dossiers.counter_fee",
        urgent=True,
        subject=gettext_lazy("Dossier %(code)s waits for the fee: %(amount)s đồng, code %(payment)s"),
        body=gettext_lazy(
            "Pay %(amount)s đồng to %(agency)s: at the address below, by transfer with the code %(payment)s alone as its "
            "purpose, or at the counter. The clock stands still until the fee is paid. %(follow)s"
        ),
    ),
    State.DONE: wording(
        "dossiers.counter_done",
        urgent=True,
        subject=gettext_lazy("Dossier %(code)s has its result, it waits at the counter"),
        body=gettext_lazy(
            "Come to %(agency)s with your receipt or your identity card and take the result. %(follow)s"
        ),
    ),
    State.WITHDRAWN: wording(
        "dossiers.counter_withdrawn",
        urgent=True,
        subject=gettext_lazy("Dossier %(code)s has been withdrawn"),
        body=gettext_lazy(
            "%(agency)s has ended the work on it, as whoever holds the receipt asked. If you did not ask for it, "
            "speak to the agency at once."
        ),
    ),
    State.STOPPED: wording(
        "dossiers.counter_stopped",
        urgent=True,
        subject=gettext_lazy("Work on dossier %(code)s was stopped"),
        body=gettext_lazy(
            "%(agency)s has stopped work on it, because: %(reason)s Your papers wait at the counter. %(follow)s"
        ),
    ),
}
EXTENDED = wording(
    "dossiers.counter_extended",
    urgent=True,
    subject=gettext_lazy("Dossier %(code)s is late: we apologise, the new date is %(due_at)s"),
    body=gettext_lazy(
        "%(agency)s cannot keep the date promised, because: %(explained)s We apologise; there will be no other date. "
        "The letter waits for you at the counter. %(follow)s"
    ),
)

ACCOUNT = wording(
    "dossiers.counter_account",
    urgent=True,
    subject=gettext_lazy("Dossier %(code)s: money goes back to the account ending in %(ending)s"),
    body=gettext_lazy(
        "Whoever holds the receipt has named the account to %(agency)s. If it was not you, speak to the agency before the "
        "money is sent."
    ),
)
TO_PUT_RIGHT = wording(
    "dossiers.counter_put_right",
    urgent=True,
    subject=gettext_lazy("Dossier %(code)s: part of the form must be put right, at the counter"),
    body=gettext_lazy(
        "%(agency)s asks you to add to your dossier: %(reason)s Bring or post the corrected form to the counter by %(until)s; "
        "the clock stands still until you have. %(follow)s"
    ),
)
SUPPLIED = wording(
    "dossiers.counter_supplied",
    subject=gettext_lazy("Dossier %(code)s: what was missing has come in"),
    body=gettext_lazy(
        "Whoever holds the receipt has sent it to %(agency)s, and the time limit starts from zero. If it was not you, speak "
        "to the agency at once."
    ),
)
# What whoever holds the receipt has something to do about.
BY_RECEIPT = {AT_COUNTER[State.SUPPLEMENT], AT_COUNTER[State.WITHDRAWN], MONEY["refund_owed"]}


def reach_of_deed(dossier: Dossier, code: str, *, occasion: str, told: dict[str, str]) -> None:
    """Tell who filed here of what was done or answered by the receipt, with the way to the page the receipt opens."""
    link = receipt_url(dossier).removeprefix(settings.NODE.web_url)
    send(dossier, code, occasion=occasion, number=dossier.code, told={**told, "link": link})


def reach_for(dossier: Dossier, state: State, *, code: str) -> None:
    """Tell who filed here of a state the dossier reached elsewhere, under the code it has there."""
    send(dossier, AT_COUNTER[state], occasion=str(int(state)), number=code, told={"explained": ""})


def reach(dossier: Dossier, *, why: str, explained: str, fee: dict[str, Any] | None = None) -> None:
    """Tell who filed at the counter, by mail and text message, what they have to know or do; each occasion once.

    `fee` is what is to be paid or goes back, as news carry it.
    """
    told: dict[str, Any] = {"explained": explained}
    occasion = why or str(int(dossier.state))
    if why in MONEY and fee:
        told["amount"] = going_back(fee, fee["refund"])
        occasion = f"{why}:{fee['refund']}"
    elif not why and dossier.state == State.FEE:
        if not fee or not fee["open"]:
            return  # form 01 goes out, nothing else: the fee has been told
        told |= {
            "amount": fee["open"],
            "payment": fee["code"],
            "link": fee["url"].removeprefix(settings.NODE.web_url),
        }
        occasion = f"{occasion}:{fee['code']}:{fee['open']}"
    elif why and (moment := dossier.answer_by or dossier.due_at):
        occasion = f"{why}:{moment.isoformat()}"
    elif dossier.state == State.STOPPED and dossier.ended_at:  # it can be taken up and stopped again
        occasion = f"{occasion}:{dossier.ended_at.isoformat()}"
    send(dossier, code_of(dossier, why), occasion=occasion, number=dossier.code, told=told)


def send(dossier: Dossier, code: str, *, occasion: str, number: str | None, told: dict[str, Any]) -> None:
    """Where there is something to tell, and somewhere to tell it."""
    if not code or not (dossier.contact.get("phone") or dossier.contact.get("email")):
        return
    due_at = dossier.due_at.isoformat() if dossier.due_at else ""
    until = day(dossier.answer_by) if dossier.answer_by else ""
    notices.tell_outside(
        Outgoing(
            code=code,
            name=dossier.applicant_name[:120],
            email=dossier.contact.get("email", ""),
            phone=dossier.contact.get("phone", ""),
            parameters={
                "code": number or dossier.definition.name.vi,
                "agency": name_of(dossier.agency),
                "reason": dossier.reason,
                **told,
                "until": until,
                "follow": f"{settings.NODE.tracking_url or settings.NODE.web_url}/tracking/",
                **link_of(dossier, code),
                **({"due_at": due_at} if due_at else {}),
            },
            about=dossier.urn,
            key=f"{dossier.urn}:{occasion}",
        ),
        by=DOSSIERS,
    )


def link_of(dossier: Dossier, code: str) -> dict[str, str]:
    """Where whoever holds the receipt does what is asked, for news there is something to do about."""
    page = receipt_url(dossier) if code in BY_RECEIPT else ""
    return {"link": page.removeprefix(settings.NODE.web_url)} if page else {}


def code_of(dossier: Dossier, why: str) -> str:
    """Which words fit; empty where there is nothing to tell."""
    if why == "extended":
        return EXTENDED
    if why:
        return MOVED.get(why) or MONEY.get(why, "")
    # What is given while one waits, what the post brings, and what goes to where it was filed does not wait at the counter.
    if dossier.state == State.DONE and (
        dossier.is_at_once or "brought_to" in dossier.filing or hasattr(dossier, "posting")
    ):
        return ""
    if dossier.state == State.SUPPLEMENT and dossier.asked_pages:
        return TO_PUT_RIGHT
    return AT_COUNTER.get(State(dossier.state), "")


def name_of(agency: str) -> str:
    return Agency.objects.filter(code=agency).values_list("name_vi", flat=True).first() or agency

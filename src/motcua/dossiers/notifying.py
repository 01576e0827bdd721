"""What people are told about their applications, in which words, and who is told."""

from typing import Any

from django.utils.translation import gettext_lazy

from motcua.dossiers.models import Application
from motcua.dossiers.states import State
from motcua.journal.models import Entry
from motcua.mandates.models import speakers
from motcua.notices.models import Notice
from motcua.notices.wording import wording
from motcua.people.models import Account

NOTICES = {
    State.ACCEPTED: wording(
        "dossiers.accepted",
        subject=gettext_lazy("Dossier %(code)s has been received"),
        body=gettext_lazy(
            "%(agency)s has received your dossier %(code)s. The result is due at %(due_at)s. "
            "The receipt is on your dossier's page."
        ),
    ),
    State.REFUSED: wording(
        "dossiers.refused",
        urgent=True,
        subject=gettext_lazy("Your dossier was not received"),
        body=gettext_lazy("%(agency)s did not receive your dossier, because: %(reason)s"),
    ),
    State.SUPPLEMENT: wording(
        "dossiers.supplement",
        urgent=True,
        subject=gettext_lazy("Something is missing in your dossier"),
        body=gettext_lazy(
            "%(agency)s asks you to add to your dossier: %(reason)s Add it by %(until)s; the clock stands still until you have."
        ),
    ),
    State.FEE: wording(
        "dossiers.fee",
        urgent=True,
        subject=gettext_lazy("Dossier %(code)s waits for the fee"),
        body=gettext_lazy(
            "%(agency)s asks for a fee of %(amount)s đồng for dossier %(code)s. How to pay is on your dossier's page. "
            "The clock stands still until the fee is paid."
        ),
    ),
    State.STOPPED: wording(
        "dossiers.stopped",
        subject=gettext_lazy("Dossier %(code)s has been stopped"),
        body=gettext_lazy("%(agency)s has stopped work on dossier %(code)s, because: %(reason)s"),
    ),
    State.WITHDRAWN: wording(
        "dossiers.withdrawn",
        subject=gettext_lazy("Your dossier has been withdrawn"),
        body=gettext_lazy("%(agency)s has given dossier %(code)s back to you, as you asked."),
    ),
    State.RETURNED: wording(
        "dossiers.returned",
        urgent=True,
        subject=gettext_lazy("Dossier %(code)s is finished: the result is yours"),
        body=gettext_lazy(
            "The result of dossier %(code)s is on your dossier's page. How was the service? Tell us there."
        ),
    ),
}

# Where the state stays and only the due date is another.
MOVED = {
    "extended": wording(
        "dossiers.extended",
        urgent=True,
        subject=gettext_lazy("Dossier %(code)s is late: we apologise and name a new date"),
        body=gettext_lazy(
            "%(agency)s cannot keep the date promised for dossier %(code)s, because: %(explained)s We apologise. "
            "The result comes by %(due_at)s; there will be no other date. The letter is on your dossier's page."
        ),
    ),
    "restarted": wording(
        "dossiers.restarted",
        urgent=True,
        subject=gettext_lazy("Work on dossier %(code)s goes on"),
        body=gettext_lazy(
            "%(agency)s has taken up the work on dossier %(code)s again, because: %(explained)s The result is due at "
            "%(due_at)s."
        ),
    ),
    "answer_soon": wording(
        "dossiers.answer_soon",
        urgent=True,
        subject=gettext_lazy("Your dossier still waits for what is missing, until %(until)s"),
        body=gettext_lazy(
            "%(agency)s has not got it yet: %(reason)s Add it by %(until)s. After that the agency may end the dossier."
        ),
    ),
    "waits_again": wording(
        "dossiers.waits_again",
        urgent=True,
        subject=gettext_lazy("Your dossier waits for what is missing again, until %(until)s"),
        body=gettext_lazy(
            "%(agency)s has taken your dossier up again, because: %(explained)s What is missing: %(reason)s Add it by "
            "%(until)s."
        ),
    ),
    "in_time": wording(
        "dossiers.in_time",
        urgent=True,
        subject=gettext_lazy("Your dossier goes on: what was missing had been sent in time"),
        body=gettext_lazy(
            "%(agency)s had ended it before what you added came in. You had sent it by the last day, so it counts and the work "
            "goes on. You need not do anything more."
        ),
    ),
    "passed_on": wording(
        "dossiers.passed_on",
        subject=gettext_lazy("Another agency handles dossier %(code)s"),
        body=gettext_lazy(
            "Agencies have been reorganised, and %(agency)s handles your dossier now. Its code and its due date stay as "
            "they are; you need not do anything."
        ),
    ),
    "forwarded": wording(
        "dossiers.forwarded",
        subject=gettext_lazy("Another agency handles your dossier"),
        body=gettext_lazy(
            "The agency you sent your dossier to is not the one that handles this matter, and has sent it on: "
            "%(explained)s handles it now. You need not file again."
        ),
    ),
    "waits": wording(
        "dossiers.waits",
        urgent=True,
        subject=gettext_lazy("Dossier %(code)s has its result: come to the one-stop desk for it"),
        body=gettext_lazy(
            "Bring your identity card to the one-stop desk of %(agency)s and take the paper. "
            "The electronic copy is on your dossier's page already."
        ),
    ),
    "posted": wording(
        "dossiers.posted",
        urgent=True,
        subject=gettext_lazy("The result of dossier %(code)s is with the post"),
        body=gettext_lazy(
            "%(agency)s has handed the result of dossier %(code)s to the post, number %(explained)s. "
            "Whoever receives it pays the postage to the postman."
        ),
    ),
    "moved": wording(
        "dossiers.moved",
        subject=gettext_lazy("Dossier %(code)s has another due date"),
        body=gettext_lazy(
            "The working days of %(agency)s have changed. The result of dossier %(code)s is now due at %(due_at)s."
        ),
    ),
}


# What goes back of a fee; read by those who filed at a counter as well.
MONEY = {
    "refund_owed": wording(
        "dossiers.refund_owed",
        urgent=True,
        subject=gettext_lazy("Dossier %(code)s: %(amount)s đồng are owed back to you"),
        body=gettext_lazy(
            "%(agency)s gives back %(amount)s đồng that were paid for dossier %(code)s. The reason: %(explained)s You hear "
            "again when it has gone."
        ),
    ),
    "refund_made": wording(
        "dossiers.refund_made",
        urgent=True,
        subject=gettext_lazy("Dossier %(code)s: %(amount)s đồng have gone back to you"),
        body=gettext_lazy(
            "%(agency)s has returned %(amount)s đồng that were paid for dossier %(code)s, by the transfer or slip %(explained)s. "
            "Ask the agency, with this number, if it does not reach you within some days."
        ),
    ),
}
FEE_PART = wording(
    "dossiers.fee_part",
    urgent=True,
    subject=gettext_lazy("Dossier %(code)s: a part of the fee is still to be paid"),
    body=gettext_lazy(
        "%(agency)s has received %(paid)s đồng for dossier %(code)s; %(amount)s đồng are still to be paid. How to pay is on "
        "your dossier's page. The clock stands still until the fee is paid."
    ),
)


FILED_FOR = wording(
    "dossiers.filed_for",
    urgent=True,
    subject=gettext_lazy("%(agent)s has filed a dossier for %(principal)s"),
    body=gettext_lazy(
        "“%(procedure)s” went to %(agency)s. You see all of it among your dossiers, and can withdraw it there."
    ),
)
REOPENED = wording(
    "dossiers.reopened",
    urgent=True,
    subject=gettext_lazy("Your dossier did not arrive: please look at it again"),
    body=gettext_lazy(
        "The system of %(agency)s did not take your dossier, because: %(reason)s It is a draft again and nothing of it is "
        "lost: open it, and send it once more."
    ),
)
SUPPLEMENT_BACK = wording(
    "dossiers.supplement_back",
    urgent=True,
    subject=gettext_lazy("What you added to your dossier did not arrive: please send it again"),
    body=gettext_lazy(
        "The system of %(agency)s did not take it, because: %(reason)s Nothing of it is lost: open the dossier, and send it "
        "once more."
    ),
)
FOR_ANOTHER = wording(
    "dossiers.for_another",
    subject="",
    body=gettext_lazy("It is a matter of %(principal)s, filed by %(agent)s under %(mandate)s."),
)


def going_back(fee: dict[str, Any], refund: int) -> int:
    """How much one refund is, of those the news of a fee carry."""
    return next(int(one["amount"]) for one in fee["returns"] if one["refund"] == refund)


def application_of(entry: Entry) -> Application | None:
    known = Application.objects.select_related("account", "version", "mandate__agent")
    return known.filter(pk=entry.about.removeprefix("application:")).first()


def followers(application: Application) -> list[Account]:
    """Who is told where it stands: who filed it, as long as they may act, and whose matter it is."""
    mandate = application.mandate
    if mandate is None:
        return [application.account]
    agents = [application.account] if mandate.is_in_force else []
    return list(dict.fromkeys([*agents, *speakers(mandate)]))


def notice(
    application: Application, account: Account, code: str, told: dict[str, Any], *, occasion: str
) -> Notice:
    """One notice about an application; under a mandate it names both. Who filed it hears where the form says, too."""
    mandate = application.mandate
    reached = application.given_contact if account == application.account else {}
    parties = (
        {"principal": mandate.principal_name, "agent": application.account.name, "mandate": mandate.number}
        if mandate
        else {}
    )
    return Notice(
        recipient=account,
        code=code,
        parameters={
            "procedure": application.definition.name.vi,
            "agency": application.agency_name,
            **told,
            **parties,
            **({"besides": FOR_ANOTHER} if mandate else {}),
        },
        about=application.urn,
        link=f"/applications/{application.pk}/",
        key=f"{application.urn}:{occasion}",
        **reached,
    )

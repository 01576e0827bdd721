"""What dossiers do when messages come in and when others have done their part."""

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models.fields.json import KT
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.dossiers import actions
from motcua.dossiers.actions.enclosing import receive
from motcua.dossiers.events import (
    DossierAccepted,
    DossierPassedOn,
    DossierRefused,
    DossierStopped,
    DueDateMoved,
    FeeAsked,
    ReceptionMoved,
    SupplementReminded,
    SupplementRequested,
    TransitionAgreed,
)
from motcua.dossiers.inheriting import led_on
from motcua.dossiers.models import Application, Dossier, SavedFilter, Transition
from motcua.dossiers.reactions import (  # noqa: F401 — they declare what they react to
    applicants,
    bringing,
    calendar,
    catalogue,
    consulting,
    levels,
    opening,
    refunds,
    returning,
)
from motcua.dossiers.reactions.arriving import arrive, dossier_of, may_tell
from motcua.dossiers.states import Channel, State
from motcua.dossiers.versions import version_of
from motcua.exchange.messages import Message, Unfit, receives
from motcua.journal.actions import on
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow
from motcua.lib.actors import Actor
from motcua.organisations.estates import Passing, left_behind
from motcua.organisations.events import DayCleared, DaySet, HolidaysLoaded, HoursCleared, HoursSet
from motcua.payments import actions as payments
from motcua.payments.events import ChargeSettled, PaymentReceived
from motcua.payments.models import Charge
from motcua.sharing.events import AnswerReceived
from motcua.sharing.models import Request

DOSSIERS = Actor.system("dossiers")


@receives("dossier.submitted")
def take_submission(message: Message) -> None:
    """A citizen's application arrives at the agency."""
    body = message.json()
    version = version_of(body, message.created)
    applicant = body["applicant"]
    dossier = Dossier(
        pk=UUID(body["application"]),
        version=version,
        case=body["case"],
        channel=Channel[body["channel"].upper()],
        agency=message.recipient,
        origin=message.sender,
        applicant_name=applicant["name"],
        applicant_number=applicant["number"],
        contact={"email": applicant["email"], "phone": applicant["phone"], "page": body.get("page", "")},
        filing=body.get("filing", {}),
        answers=body["answers"],
        sent_at=datetime.fromisoformat(body["sent_at"]),
    )
    arrive(led_on(dossier), body["papers"])


@receives("dossier.forwarded")
def take_forwarded(message: Message) -> None:
    """A dossier that was brought or sent to another agency arrives where it belongs."""
    body = message.json()
    version, application = version_of(body, message.created), body.get("application")
    brought = {} if application else {"brought_to": message.sender, "brought_as": body["dossier"]}
    dossier = Dossier(
        pk=uuid5(NAMESPACE_URL, f"dossier:{body['dossier']}@{message.recipient}"),
        application=UUID(application) if application else None,
        version=version,
        case=body["case"],
        channel=body["channel"],
        agency=message.recipient,
        applicant_name=body["applicant"]["name"],
        applicant_number=body["applicant"]["number"],
        contact=body["contact"],
        filing={**body["filing"], **brought},
        visit=body["visit"],
        answers=body["answers"],
        sent_at=datetime.fromisoformat(body["sent_at"]),
    )
    dossier.origin = led_on(dossier).agency
    if application:
        dossier.origin = body["followed_at"]
        before = [*body["formerly"], message.sender]
        dossier.former_agencies = [*before, *dossier.former_agencies]
    arrive(dossier, body["papers"])


@receives("dossier.brought")
def take_brought(message: Message) -> None:
    """The result of a dossier that was filed at our counter and sent on comes to where it was filed."""
    body = message.json()
    dossier = Dossier.objects.filter(pk=body["dossier"]).first()
    if dossier is None or not (dossier.was_forwarded and may_tell(message, dossier.forward_to)):
        raise Unfit(_("There is no such dossier here."))
    actions.take_brought(dossier, by=DOSSIERS, code=body["code"], paper=body["paper"])


@receives("dossier.supplied")
def take_supplement(message: Message) -> None:
    """What was asked for arrives."""
    body, dossier = message.json(), dossier_of(message)
    if dossier.was_forwarded:
        actions.send_after(dossier, by=DOSSIERS, kind=message.kind, body=body)
        return
    try:
        actions.take_supply(
            dossier,
            by=DOSSIERS,
            papers=body["papers"],
            note=body["note"],
            sent_at=datetime.fromisoformat(body["sent_at"]),
            answers=body.get("answers"),
        )
    except NotNow as refusal:
        raise Unfit(str(refusal)) from refusal


@receives("dossier.withdrawn")
def take_withdrawal(message: Message) -> None:
    """The applicant takes the dossier back."""
    dossier = dossier_of(message)
    if dossier.was_forwarded:
        actions.send_after(dossier, by=DOSSIERS, kind=message.kind, body=message.json())
        return
    try:
        actions.give_back(dossier, by=DOSSIERS, reason=message.json()["reason"])
    except NotNow as refusal:
        raise Unfit(str(refusal)) from refusal


@receives("dossier.rated")
def take_rating(message: Message) -> None:
    """The applicant's rating arrives."""
    try:
        actions.take_rating(dossier_of(message), by=DOSSIERS, rating=message.json()["rating"])
    except Invalid as refusal:
        raise Unfit(str(refusal)) from refusal


@receives("dossier.news")
def take_news(message: Message) -> None:
    """The agency tells where a dossier stands; only the agency it was sent to may, or one that has followed it."""
    body = message.json()
    application = Application.objects.filter(pk=body["application"]).first()
    if application is None or not (
        message.sender == application.handed_to or may_tell(message, application.agency)
    ):
        raise Unfit(_("No such application was sent to you from here."))
    actions.learn(application, by=DOSSIERS, news=body, agency=message.sender)


@receives("dossier.result")
def take_result(message: Message) -> None:
    """The result of a dossier filed at an agency's counter comes into the wallet of whoever it was given to."""
    body = message.json()
    receive(body["owner"], body["paper"], about=f"dossier:{body['dossier']}", issuer=body["issuer"])


@left_behind("filters", gettext_lazy("Saved filters"), rows=SavedFilter.objects.all, at=KT("wanted__agency"))
def pass_on_filters(passing: Passing) -> int:
    """What officers saved goes on asking about the dossiers of their agency."""
    return actions.pass_on_filters(passing, by=DOSSIERS)


@on(AnswerReceived)
def take_step_answer(event: AnswerReceived, entry: Entry) -> None:
    """Another agency has answered a step."""
    if not event.correlation.startswith("dossier:"):
        return
    _kind, dossier_id, key, _try = event.correlation.split(":")
    dossier, request = Dossier.objects.get(pk=dossier_id), Request.objects.get(pk=event.request)
    if event.is_refused:
        actions.refuse_step(dossier, by=DOSSIERS, key=key, reason=request.reason)
    else:
        actions.complete_step(dossier, by=DOSSIERS, key=key, answer=request.answer or {})


@on(DaySet, patient=True)
def follow_day(event: DaySet, entry: Entry) -> None:
    """A day works or is off: due dates move with it."""
    follow_calendar(event.agency)


@on(DayCleared, patient=True)
def follow_cleared_day(event: DayCleared, entry: Entry) -> None:
    """A day is an ordinary one again: due dates move with it."""
    follow_calendar(event.agency)


@on(HolidaysLoaded, patient=True)
def follow_holidays(event: HolidaysLoaded, entry: Entry) -> None:
    """The holidays of a year are known: due dates move with them."""
    follow_calendar("")


@on(HoursSet, patient=True)
def follow_hours(event: HoursSet, entry: Entry) -> None:
    """An agency has other hours: due dates move with them."""
    follow_calendar(event.agency)


@on(HoursCleared, patient=True)
def follow_cleared_hours(event: HoursCleared, entry: Entry) -> None:
    """An agency's hours are as before: due dates move with them."""
    follow_calendar(event.agency)


def follow_calendar(agency: str) -> None:
    """All running clocks at the agency and below it, some hundred in each transaction."""
    place = actions.follow_calendar(agency, by=DOSSIERS)
    while place:
        place = actions.follow_calendar(agency, by=DOSSIERS, after=place)


@on(ReceptionMoved, patient=True)
def tell_reception_moved(event: ReceptionMoved, entry: Entry) -> None:
    """Whoever follows the dossier sees by when it is to be received now."""
    actions.tell_reception_moved(Dossier.objects.get(pk=entry.about.removeprefix("dossier:")), by=DOSSIERS)


@on(DueDateMoved, patient=True)
def tell_moved(event: DueDateMoved, entry: Entry) -> None:
    """Whoever follows the dossier hears of the other date."""
    actions.tell_moved(Dossier.objects.get(pk=entry.about.removeprefix("dossier:")), by=DOSSIERS)


@on(SupplementReminded)
def tell_reminder(event: SupplementReminded, entry: Entry) -> None:
    """The applicant is reminded of what is missing."""
    actions.tell_reminder(Dossier.objects.get(pk=entry.about.removeprefix("dossier:")), by=DOSSIERS)


@on(DossierPassedOn)
def tell_passed_on(event: DossierPassedOn, entry: Entry) -> None:
    """Whoever follows the dossier hears which agency handles it now."""
    actions.tell_passed_on(Dossier.objects.get(pk=entry.about.removeprefix("dossier:")), by=DOSSIERS)


@on(TransitionAgreed)
def bring_over(event: TransitionAgreed, entry: Entry) -> None:
    """A transition is agreed: the running dossiers go over, one after another."""
    transition = Transition.objects.get(pk=entry.about.removeprefix("transition:"))
    if transition.state == Transition.State.AGREED:
        actions.carry_over(transition, by=DOSSIERS)


@on(ChargeSettled)
def go_on(event: ChargeSettled, entry: Entry) -> None:
    """The fee is paid: the work goes on; money for a dossier that has ended meanwhile is given back."""
    dossier = Dossier.objects.filter(pk=event.subject.removeprefix("dossier:")).first()
    charge = Charge.objects.get(code=event.code)
    if dossier is None or not event.subject.startswith("dossier:"):
        return
    if dossier.state == State.FEE and charge.is_paid:
        actions.take_fee(dossier, by=DOSSIERS, charge=charge)
    elif dossier.has_ended and dossier.state != State.RETURNED and charge.is_paid:
        payments.give_back(charge, by=DOSSIERS, reason=_("The dossier had ended before the fee came in."))


@on(FeeAsked)
def reach_payer(event: FeeAsked, entry: Entry) -> None:
    """A fee waits: who filed at the counter, and has no page to look at, hears of it."""
    dossier = Dossier.objects.get(pk=entry.about.removeprefix("dossier:"))
    if charge := Charge.objects.about(dossier).first():
        actions.reach_payer(dossier, by=DOSSIERS, charge=charge)


@on(PaymentReceived)
def tell_of_part(event: PaymentReceived, entry: Entry) -> None:
    """A payment that is not the whole fee: the applicant is told what is left."""
    charge = Charge.objects.filter(code=event.code, state=Charge.State.DUE, paid__gt=0).first()
    dossier = charge and Dossier.objects.filter(pk=charge.subject.removeprefix("dossier:")).first()
    if charge and dossier:
        actions.tell_fee(dossier, by=DOSSIERS, charge=charge)


@on(DossierAccepted)
def give_receipt(event: DossierAccepted, entry: Entry) -> None:
    """Form 01 for every received dossier that wants one; what was filed at the counter is told to where its owner looks."""
    dossier = Dossier.objects.get(pk=entry.about.removeprefix("dossier:"))
    if dossier.wants_receipt:
        issue(entry, "receipt")
    if dossier.was_filed_here:
        actions.tell_owner(dossier, by=DOSSIERS)


@on(SupplementRequested)
def give_request(event: SupplementRequested, entry: Entry) -> None:
    """Form 02 for every request to supplement."""
    issue(entry, "supplement")


@on(DossierRefused)
def give_refusal(event: DossierRefused, entry: Entry) -> None:
    """Form 03 for every refusal."""
    issue(entry, "refusal")


@on(DossierStopped)
def give_notice_of_stop(event: DossierStopped, entry: Entry) -> None:
    """Form 05 for every dossier that ends without a result."""
    issue(entry, "stop")


def issue(entry: Entry, form: str) -> None:
    """Make out a form for the dossier an entry is about."""
    actions.issue(Dossier.objects.get(pk=entry.about.removeprefix("dossier:")), by=DOSSIERS, form=form)

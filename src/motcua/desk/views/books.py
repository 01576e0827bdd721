"""The books of fees: what was to come and what came, by day; what nobody knows; what is to go back."""

from datetime import date, timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.desk.access import led_by, officers
from motcua.desk.forms import FeeBack, Matched, Period, Returned, Sent, StatementFile
from motcua.dossiers.actions.fees import give_fee_back
from motcua.organisations.models import Agency
from motcua.payments import actions, reconciliation
from motcua.payments.actions.asking import GRACE, SAID, Answer
from motcua.payments.gateway import LIFE
from motcua.payments.models import READERS, Attempt, Charge, Payment, Refund
from motcua.payments.providers import described, the_gateway
from motcua.payments.reconciliation import Unreadable
from motcua.payments.rules import account_holder, bookkeeper, head, keeps_all
from motcua.people.middleware import ActorRequest
from motcua.ui.forms import did

SHOWN = 50
LONGEST = timedelta(days=400)


@require_safe
@officers
def show(request: ActorRequest) -> HttpResponseBase:
    """The period asked for, today if none; and what waits for someone."""
    return shown(request)


@require_safe
@officers
def table(request: ActorRequest) -> HttpResponseBase:
    """Every payment of the period, for other programs."""
    led_by(request, *READERS)
    since, until = period(request)
    begin, end = reconciliation.bounds(since, until)
    payments = Payment.objects.visible_to(request.actor).filter(paid_at__gte=begin, paid_at__lt=end)
    found = payments.select_related("charge").order_by("paid_at", "pk")
    answer = HttpResponse(reconciliation.as_csv(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="payments-{since}-{until}.csv"'
    return answer


@require_POST
@officers
def statement(request: ActorRequest) -> HttpResponseBase:
    """A provider's statement is read."""
    led_by(request, *READERS)
    form = StatementFile(request.POST, request.FILES)
    if form.is_valid():
        provider = form.cleaned_data["provider"]
        try:
            text = form.cleaned_data["file"].read().decode()
            lines = reconciliation.read_csv(text, provider=provider)
        except (Unreadable, UnicodeDecodeError) as fault:
            place = str(fault) if isinstance(fault, Unreadable) else "UTF-8"
            form.add_error(
                "file", _("The file cannot be read (%(place)s). Nothing was taken over.") % {"place": place}
            )
        else:
            read = actions.read_statement(lines, by=request.actor, provider=provider)
            said = _("%(lines)s lines read: %(new)s new to the books, %(differing)s with another amount.")
            messages.success(
                request, said % {"lines": read.lines, "new": read.new, "differing": read.differing}
            )
            if read.elsewhere:
                others = _(
                    "%(count)s lines are for other agencies, or nobody knows for whom, and were left out:"
                    " they, or the agency that holds the account, read them."
                )
                messages.warning(request, others % {"count": read.elsewhere})
            return redirect("desk:books")
    return shown(request, statement=form)


@require_POST
@officers
def ask(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The gateway is asked what became of a payment; the answer is shown where it was asked for."""
    led_by(request, *READERS)
    charge, provider = get_object_or_404(Charge.objects.visible_to(request.actor), pk=pk), the_gateway()
    if provider is None:
        raise Http404
    address = request.META.get("REMOTE_ADDR", "")
    answer = actions.ask_gateway(charge, by=request.actor, provider=provider, address=address)
    said = messages.success if answer is Answer.PAID else messages.warning
    said(request, str(SAID[answer]))
    if "dossier" in request.GET and charge.subject.startswith("dossier:"):
        return redirect("desk:dossier", charge.subject.removeprefix("dossier:"))
    return redirect("desk:books")


@require_POST
@officers
def match(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """An officer says what a payment was for."""
    payment = get_object_or_404(Payment.objects.visible_to(request.actor), pk=pk)
    form = Matched(request.POST)
    if form.is_valid():
        charge = Charge.objects.matchable_by(request.actor).filter(code=form.cleaned_data["code"]).first()
        if charge is None:
            form.add_error("code", _("There is no such code among what is owed to your agency."))
        elif did(form, lambda: actions.match(payment, by=request.actor, charge=charge)):
            messages.success(request, _("The payment counts for %(code)s.") % {"code": charge.code})
            return redirect("desk:books")
    return shown(request, wrong=(str(pk), form))


@require_POST
@officers
def give_back(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """What belongs to nothing here is to go back."""
    payment = get_object_or_404(Payment.objects.visible_to(request.actor), pk=pk)
    form = Returned(request.POST)
    if form.is_valid() and did(
        form,
        lambda: actions.return_payment(payment, by=request.actor, reason=form.cleaned_data["reason"]),
    ):
        messages.success(request, _("The money is among what is to be returned."))
        return redirect("desk:books")
    return shown(request, wrong=(str(pk), form))


@require_POST
@officers
def fee_back(request: ActorRequest) -> HttpResponseBase:
    """A fee that was paid goes back in full: taken by mistake, or the applicant was exempt all along."""
    led_by(request, *READERS)
    form = FeeBack(request.POST, auto_id="id_back_%s")
    if form.is_valid():
        charge = Charge.objects.visible_to(request.actor).filter(code=form.cleaned_data["code"]).first()
        if charge is None:
            form.add_error("code", _("There is no such code among what is owed to your agency."))
        elif did(
            form,
            lambda: give_fee_back(charge, by=request.actor, reason=form.cleaned_data["reason"]),
        ):
            messages.success(request, _("The money is among what is to be returned."))
            return redirect("desk:books")
    return shown(request, back=form)


@require_POST
@officers
def refund(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Money has gone back."""
    owed = get_object_or_404(
        Refund.objects.visible_to(request.actor).select_related("payment__charge"), pk=pk
    )
    form = Sent(request.POST)
    if form.is_valid() and did(
        form, lambda: actions.make_refund(owed, by=request.actor, reference=form.cleaned_data["reference"])
    ):
        messages.success(request, _("The refund is written down."))
        return redirect("desk:books")
    return shown(request, wrong=(str(pk), form))


def shown(
    request: ActorRequest,
    *,
    statement: forms.Form | None = None,
    wrong: tuple[str, forms.Form] | None = None,
    back: forms.Form | None = None,
) -> HttpResponseBase:
    led_by(request, *READERS)
    since, until = period(request)
    payments = Payment.objects.visible_to(request.actor)
    charges = Charge.objects.visible_to(request.actor)
    names = {provider.key: provider.name for provider in described()}
    page = {
        "since": since,
        "until": until,
        "form": wrong[1] if wrong else back or statement,
        "back": back or FeeBack(auto_id="id_back_%s"),
        "period": Period(initial={"since": since, "until": until}),
        "expected": reconciliation.expected(charges, since=since, until=until),
        "rows": [
            (names.get(row.provider, row.provider), row)
            for row in reconciliation.rows(payments, since=since, until=until)
        ],
        "unsettled": [
            (one, names.get(one.provider, one.provider))
            for one in payments.unsettled().select_related("charge")[:SHOWN]
        ],
        "lost": lost(charges) if the_gateway() else [],
        "refunds": [
            (one, names.get(one.payment.provider, one.payment.provider))
            for one in Refund.objects.visible_to(request.actor).owed()[:SHOWN]
        ],
        "statement": statement or StatementFile(),
        "keeps": bookkeeper(request.actor, None),
        "heads": head(request.actor, None),
        "holder": "" if keeps_all(request.actor) else holder_of_the_account(),
    }
    return render(request, "desk/books.html", page, status=422 if statement or wrong or back else 200)


def holder_of_the_account() -> str:
    """Who looks after money nobody knows, where it is another agency than one's own."""
    found = Agency.objects.filter(code=account_holder()).first()
    return found.name if found else account_holder()


def lost(charges: QuerySet[Charge]) -> list[tuple[Charge, Attempt]]:
    """Tries to pay through the gateway that should have come back by now, the oldest first."""
    found = Attempt.objects.touching(charges.filter(state=Charge.State.DUE)).lost(
        timezone.now() - LIFE - GRACE
    )
    tries = found.order_by("opened_at", "pk").prefetch_related("bundle__items__charge")[:SHOWN]
    return [(charge_of(one), one) for one in tries]


def charge_of(attempt: Attempt) -> Charge:
    """The fee that was to be paid; of several in one payment, the first: by any of them the gateway is asked about all."""
    owed = attempt.subject
    return owed if isinstance(owed, Charge) else owed.items.all()[0].charge


def period(request: ActorRequest) -> tuple[date, date]:
    """The days asked for; today for what is none, and never more than some years at once."""
    today = timezone.localdate()
    form = Period(request.GET)
    if not form.is_valid():
        return today, today
    since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    return (since, until) if since <= until <= since + LONGEST else (today, today)

"""The page of one charge, open to whoever holds its address; and the address where the gateway gives notice."""

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.csp import CSP, build_policy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.lib import qr
from motcua.lib.actions import NotNow
from motcua.organisations.models import Agency
from motcua.payments import actions, gateway
from motcua.payments.models import Charge
from motcua.payments.providers import the_gateway, transfer
from motcua.people.middleware import ActorRequest
from motcua.ui import words
from motcua.ui.middleware import POLICY

# The published words beside the published codes.
SAID = {
    "00": "Confirm Success",
    "01": "Order not found",
    "02": "Order already confirmed",
    "04": "Invalid amount",
    "97": "Invalid signature",
}
TAGS = {Charge.State.DUE: "soon", Charge.State.PAID: "ok"}


@require_safe
def pay(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is to be paid, and every way that is open."""
    return page(request, get_object_or_404(Charge, pk=pk))


@require_POST
def start(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """Off to the gateway."""
    charge, provider = get_object_or_404(Charge, pk=pk), the_gateway()
    if provider is None:
        raise Http404
    try:
        attempt = actions.attempt(charge, by=request.actor, provider=provider.key)
    except NotNow:
        return redirect("payments:pay", pk)  # paid meanwhile; the page says so
    home = settings.NODE.web_url + reverse("payments:back", args=[pk])
    return redirect(provider.redirect(attempt, back=home, address=request.META.get("REMOTE_ADDR", "")))


@require_safe
def back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Back from the gateway: what the browser brings along is shown, never booked."""
    charge, provider = get_object_or_404(Charge, pk=pk), the_gateway()
    if not charge.is_due or provider is None:
        return page(request, charge)
    try:
        told = gateway.read(provider.terminal, request.GET.dict())
    except gateway.Forged:
        return page(request, charge)
    if told.is_paid:
        lead = _(
            "The bank has let you through; its confirmation to us is on its way. Open this page again in a minute."
        )
    else:
        lead = _("The bank says that nothing was paid. You can try again, or pay another way.")
    return page(request, charge, lead=lead)


@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """The gateway's server tells of a payment; it is answered with the published codes and may tell again."""
    provider = the_gateway()
    if provider is None:
        raise Http404
    code = actions.take_notice(provider.terminal, request.GET.dict())
    return JsonResponse({"RspCode": code, "Message": SAID[code]})


def page(request: HttpRequest, charge: Charge, *, lead: str = "") -> HttpResponse:
    sent, gate = transfer(charge) if charge.is_due else None, the_gateway()
    agency = Agency.objects.filter(code=charge.payee).first()
    shown = {
        "charge": charge,
        "verdict": verdict(charge),
        "lead": lead or meaning(charge),
        "tag": TAGS.get(Charge.State(charge.state), "plain"),
        "payee": agency.name_vi if agency else charge.payee,
        "gateway": gate,
        "transfer": sent,
        "qr": qr.svg(sent["payload"]) if sent else "",
    }
    answer = render(request, "payments/pay.html", shown)
    if gate and charge.is_due:
        # The form leads on to the gateway's own site, and browsers ask this policy also about where a form leads on to.
        allowed = [CSP.SELF, origin(gate.address)]
        answer.headers[str(CSP.HEADER_ENFORCE)] = build_policy(POLICY | {"form-action": allowed})
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def verdict(charge: Charge) -> str:
    """What stands at the head of the page."""
    match Charge.State(charge.state):
        case Charge.State.DUE:
            return _("%(amount)s to be paid") % {"amount": words.money(charge.open)}
        case Charge.State.PAID:
            return _("%(amount)s has been paid") % {"amount": words.money(charge.amount)}
        case Charge.State.CANCELLED:
            return _("Nothing is to be paid any more")
    return _("The fee is given back")


def meaning(charge: Charge) -> str:
    """What it means for the payer."""
    match Charge.State(charge.state):
        case Charge.State.DUE if charge.paid:
            return _("A part has come in. The work goes on when the rest is here.")
        case Charge.State.DUE:
            return _("The work goes on as soon as the money is here. You can also pay for someone else.")
        case Charge.State.PAID:
            return _("You need not do anything more. The receipt is with the dossier.")
    return _("What has come in is returned to you.")


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"

"""The page of one charge, open to whoever holds its address; and the address where the gateway gives notice."""

from collections.abc import Iterable
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.csp import CSP, build_policy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.lib import qr
from motcua.lib.actions import Invalid, NotNow
from motcua.organisations.models import Agency
from motcua.payments import actions, gateway
from motcua.payments.actions.asking import ASKED_FOR
from motcua.payments.actions.owing import MOST_TOGETHER
from motcua.payments.gateway import Told
from motcua.payments.models import Attempt, Bundle, Charge
from motcua.payments.providers import Gateway, the_gateway, transfer
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
    charge = get_object_or_404(Charge, pk=pk)
    return page(request, charge, told=brought(request, charge))


def brought(request: HttpRequest, owed: Charge | Bundle) -> Told | None:
    """What the gateway gave the browser along; nothing where the gateway did not sign it, or not for a try to pay this.

    That it was paid is said as long as nothing else is known of it.
    """
    provider = the_gateway()
    if provider is None:
        return None
    try:
        told = gateway.read(provider.terminal, request.GET.dict())
    except gateway.Forged:
        return None
    tries = owed.attempts.awaited() if told.is_paid else owed.attempts.all()
    return told if tries.filter(order=told.order).exists() else None


def said(told: Told) -> str:
    """What it means for who comes back."""
    if told.is_paid:
        return _(
            "The bank has let you through; its confirmation to us is on its way. Open this page again in a minute."
        )
    return _("The bank says that nothing was paid. You can try again, or pay another way.")


def under_way(charges: Iterable[Charge]) -> Attempt | None:
    """The last time someone set out to pay any of these at the bank, if nobody knows yet what became of it."""
    found = Attempt.objects.touching(charges).unanswered(provider="gateway")
    return found.filter(opened_at__gt=timezone.now() - ASKED_FOR).first()


@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """The gateway's server tells of a payment; it is answered with the published codes and may tell again."""
    provider = the_gateway()
    if provider is None:
        raise Http404
    code = actions.take_notice(provider.terminal, request.GET.dict())
    return JsonResponse({"RspCode": code, "Message": SAID[code]})


def page(request: HttpRequest, charge: Charge, *, told: Told | None = None) -> HttpResponse:
    """The charge with the ways to pay it; whoever the bank has let through a moment ago is not asked to pay again."""
    told = told if charge.is_due else None
    waits = bool(told and told.is_paid)
    is_open = charge.is_due and not waits
    sent, gate = transfer(charge) if is_open else None, the_gateway() if is_open else None
    agency = Agency.objects.filter(code=charge.payee).first()
    shown = {
        "charge": charge,
        "verdict": verdict(charge),
        "lead": said(told) if told else meaning(charge),
        "is_open": is_open,
        "under_way": under_way([charge]) if gate and not told else None,
        "tag": TAGS.get(Charge.State(charge.state), "plain"),
        "payee": agency.name_vi if agency else charge.payee,
        "gateway": gate,
        "transfer": sent,
        "qr": qr.svg(sent["payload"]) if sent else "",
    }
    return led_on(render(request, "payments/pay.html", shown), gate)


@require_http_methods(["GET", "HEAD", "POST"])
def together(request: ActorRequest) -> HttpResponseBase:
    """Several charges, by their addresses: looked at, then taken together."""
    asked = [UUID(one) for one in request.GET.getlist("of")[:MOST_TOGETHER] if is_uuid(one)]
    charges = list(Charge.objects.filter(pk__in=asked).order_by("raised_at", "pk"))
    if len(charges) < 2:
        raise Http404
    due = [one for one in charges if one.is_due]
    why = ""
    if request.method == "POST":
        try:
            return redirect("payments:bundle", actions.bundle(due, by=request.actor).pk)
        except Invalid as refusal:
            why = str(refusal)
    shown = {
        "charges": charges,
        "due": due,
        "total": sum(one.open for one in due),
        "why": why,
        "payees": names([one.payee for one in charges]),
    }
    answer = render(request, "payments/together.html", shown, status=422 if why else 200)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@require_safe
def bundle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A bundle: its fees, and the ways to pay all of it."""
    return bundle_page(request, get_object_or_404(Bundle, pk=pk))


@require_safe
def back_bundle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Back from the gateway: what the browser brings along is shown, never booked."""
    found = get_object_or_404(Bundle, pk=pk)
    return bundle_page(request, found, told=brought(request, found))


@require_POST
def start_bundle(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """Off to the gateway with all of it."""
    found, provider = get_object_or_404(Bundle, pk=pk), the_gateway()
    if provider is None:
        raise Http404
    try:
        attempt = actions.attempt_together(found, by=request.actor, provider=provider.key)
    except NotNow:
        return redirect("payments:bundle", pk)  # paid meanwhile; the page says so
    home = settings.NODE.web_url + reverse("payments:back_bundle", args=[pk])
    return redirect(provider.redirect(attempt, back=home, address=request.META.get("REMOTE_ADDR", "")))


def bundle_page(request: HttpRequest, found: Bundle, *, told: Told | None = None) -> HttpResponse:
    """Whole, it can be paid; paid, it says so; anything between is put together anew."""
    items = list(found.items.select_related("charge").order_by("charge__raised_at", "charge__code"))
    is_whole, is_paid = (
        all(one.charge.open == one.amount for one in items),
        all(one.charge.is_paid for one in items),
    )
    told = told if is_whole else None
    is_open = is_whole and not (told and told.is_paid)
    sent, gate = transfer(found) if is_open else None, the_gateway() if is_open else None
    amount = {"amount": words.money(found.amount)}
    shown = {
        "bundle": found,
        "charges": [one.charge for one in items],
        "is_whole": is_whole,
        "is_open": is_open,
        "lead": said(told) if told else "",
        "under_way": under_way([one.charge for one in items]) if gate and not told else None,
        "is_paid": is_paid,
        "verdict": (_("%(amount)s has been paid") if is_paid else _("%(amount)s to be paid")) % amount,
        "payees": names([found.payee]),
        "again": reverse("payments:together")
        + "?"
        + urlencode([("of", one.charge_id) for one in items if one.charge.is_due]),
        "left": sum(one.charge.is_due for one in items),
        "gateway": gate,
        "transfer": sent,
        "qr": qr.svg(sent["payload"]) if sent else "",
    }
    return led_on(render(request, "payments/bundle.html", shown), gate)


def names(codes: list[str]) -> str:
    """Agencies by name."""
    known = dict(Agency.objects.filter(code__in=codes).values_list("code", "name_vi"))
    return ", ".join(dict.fromkeys(known.get(code, code) for code in codes))


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def led_on(answer: HttpResponse, gate: Gateway | None) -> HttpResponse:
    """The form leads on to the gateway's own site, and browsers ask this policy also about where a form leads on to."""
    if gate:
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

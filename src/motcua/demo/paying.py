"""Pages of the demo's bank: where one pays, its ledger, and how it is told to misbehave."""

import json
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.demo import gateway
from motcua.demo.gateway import Manner
from motcua.lib.actors import Actor
from motcua.payments import actions
from motcua.payments.actions.receiving import Money
from motcua.payments.gateway import HUNDREDTHS, SIGNATURE, Terminal
from motcua.payments.models import Charge, Payment
from motcua.payments.providers import the_gateway

BANK = Actor.system("demo")
MANNERS = {
    Manner.GOOD: gettext_lazy("Pay, and tell the agency at once"),
    Manner.LATE: gettext_lazy("Pay, and tell late: only when the ledger says so"),
    Manner.TWICE: gettext_lazy("Pay once, and tell twice"),
    Manner.PAID_TWICE: gettext_lazy("Take the money twice"),
    Manner.WRONG_AMOUNT: gettext_lazy("Take 1,000 đồng too little"),
    Manner.FORGED: gettext_lazy("Take nothing, and tell with a forged signature"),
    Manner.NEVER: gettext_lazy("Pay, and never tell: only who asks, or the statement, knows"),
    Manner.CANCELLED: gettext_lazy("Pay nothing, and go back"),
}


@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest) -> HttpResponseBase:
    """The bank's payment page, with a choice of how it behaves."""
    terminal, asked = our_terminal(), request.GET.dict()
    if not gateway.is_ours(terminal, asked):
        raise Http404
    order, amount = asked["vnp_TxnRef"], int(asked["vnp_Amount"]) // HUNDREDTHS
    manner = request.POST.get("manner", "")
    if request.method == "POST" and manner in set(Manner):
        back = gateway.behave(terminal, order, amount, Manner(manner))
        brought = {name: value for name, value in back.items() if name != SIGNATURE or value}
        return redirect(f"{asked['vnp_ReturnUrl']}?{urlencode(brought)}")
    return render(
        request, "demo/gateway.html", {"order": order, "amount": amount, "manners": MANNERS.items()}
    )


@require_safe
def ledger(request: HttpRequest) -> HttpResponseBase:
    """What was truly taken."""
    lines = [
        {
            "reference": one.reference,
            "order": one.order,
            "amount": one.amount,
            "at": datetime.fromisoformat(one.at),
        }
        for one in reversed(gateway.taken())
    ]
    return render(request, "demo/ledger.html", {"lines": lines})


@require_POST
def tell(request: HttpRequest) -> HttpResponseBase:
    """Every notice that can still be given is given, once more."""
    terminal = our_terminal()
    codes = [gateway.deliver(gateway.notice(terminal, line)) for line in gateway.taken()]
    said = _("The agency answered: %(codes)s.")
    messages.info(request, said % {"codes": ", ".join(codes) or "–"})
    return redirect("demo_ledger")


@require_POST
def state(request: HttpRequest) -> HttpResponseBase:
    """The bank hands over its statement."""
    lines = [
        Money(
            "gateway",
            one.reference,
            one.amount,
            datetime.fromisoformat(one.at),
            Payment.Source.STATEMENT,
            one.order,
        )
        for one in gateway.taken()
    ]
    read = actions.read_statement(lines, by=BANK, provider="gateway")
    said = _("%(lines)s lines handed over; %(new)s the agency did not know.")
    messages.info(request, said % {"lines": read.lines, "new": read.new})
    return redirect("demo_ledger")


@require_POST
def transfer(request: HttpRequest) -> HttpResponseBase:
    """A transfer as if made with a bank's app: the code in its purpose, any amount."""
    purpose, typed = request.POST.get("purpose", "")[:200], request.POST.get("amount", "")
    charge = Charge.objects.filter(code=purpose.strip().upper()).first()
    amount = int(typed) if typed.isdecimal() else charge.open if charge else 0
    if amount:
        now = timezone.now()
        line = Money(
            "vietqr", f"FT{now:%y%m%d%H%M%S%f}", amount, now, Payment.Source.STATEMENT, purpose=purpose
        )
        actions.read_statement([line], by=BANK, provider="vietqr")
        messages.info(request, _("The transfer is on the agency's account."))
    else:
        messages.info(request, _("Type an amount: nothing is open under this code."))
    return redirect("demo_ledger")


@csrf_exempt  # other servers ask here; what they ask changes nothing
@require_POST
def api(request: HttpRequest) -> HttpResponseBase:
    """The gateway's answers to queries."""
    try:
        asked = dict(json.loads(request.body))
    except (ValueError, TypeError) as fault:
        raise Http404 from fault
    return JsonResponse(gateway.answer(our_terminal(), asked))


def our_terminal() -> Terminal:
    provider = the_gateway()
    if provider is None:
        raise Http404
    return provider.terminal

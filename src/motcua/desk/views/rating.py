"""How was it? Whoever filed at a counter here says so with the receipt in hand, and needs no account."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.desk.forms.receipt import Shown
from motcua.desk.receipts import RECEIPT, counted, found
from motcua.dossiers import actions
from motcua.dossiers.ratings import QUESTIONS, Rating
from motcua.people import tries
from motcua.tracking.codes import LONGEST


class ByReceipt(Shown, Rating):
    """What stands on the receipt, and the four answers."""

    field_order = ("code", "digits", *QUESTIONS)


@never_cache
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest) -> HttpResponseBase:
    """Ask how it was; the code may come from the QR code of the receipt."""
    form = ByReceipt(request.POST or None, initial={"code": request.GET.get("code", "")[:LONGEST]})
    if request.method != "POST":
        return render(request, "desk/rate.html", {"form": form})
    if form.is_valid() and is_taken(form, request):
        return redirect("desk:rated")
    return render(request, "desk/rate.html", {"form": form}, status=422)


@require_safe
def thanks(request: HttpRequest) -> HttpResponseBase:
    """It has been counted; nothing of what was said stands here."""
    return render(request, "desk/rated.html")


def is_taken(form: ByReceipt, request: HttpRequest) -> bool:
    """Whether the rating counts now; if not, the form says so, in the same words whatever the reason."""
    told = form.cleaned_data
    counts = counted(request, told["code"])
    if not counts:
        form.add_error(
            None, _("Too many tries with wrong digits. Try again tomorrow, with the receipt at hand.")
        )
        return False
    dossier = found(told["code"])
    rating = {name: told[name] for name in QUESTIONS}
    if dossier and actions.rate_by_receipt(dossier, by=RECEIPT, digits=told["digits"], rating=rating):
        tries.forget(*counts)
        return True
    form.add_error(
        "digits",
        _(
            "The two codes do not belong together, or this is not rated here: only once, when finished, not if filed online."
        ),
    )
    return False

"""How was it? Whoever filed at a counter here says so with the receipt in hand, and needs no account."""

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.dossiers.ratings import QUESTIONS, Rating
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.people import tries
from motcua.tracking.codes import LONGEST, read_code

RECEIPT = Actor.system("receipt")


class ByReceipt(Rating):
    """What stands on the receipt, and the four answers."""

    code = forms.CharField(
        label=gettext_lazy("Dossier code"),
        help_text=gettext_lazy("It stands on the receipt, beside the QR code."),
        max_length=LONGEST + 20,
        error_messages={"required": gettext_lazy("Enter the code of the dossier. It stands on the receipt.")},
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    digits = forms.RegexField(
        r"^\s*[0-9]{4}\s*$",
        label=gettext_lazy("Last four digits of the number on the receipt"),
        help_text=gettext_lazy(
            "The personal number or enterprise code; if there is none, the telephone number. So nobody else can rate your dossier."
        ),
        widget=forms.TextInput(
            {"inputmode": "numeric", "class": "tiny", "maxlength": 4, "autocomplete": "off"}
        ),
        error_messages={
            "required": gettext_lazy("Enter the last four digits."),
            "invalid": gettext_lazy("Enter four digits, as they stand on the receipt."),
        },
    )
    field_order = ("code", "digits", *QUESTIONS)

    def clean_code(self) -> str:
        try:
            return read_code(self.cleaned_data["code"])
        except Invalid as fault:
            raise forms.ValidationError(str(fault)) from fault


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
    a_try = tries.begin(request, at="rating")
    if a_try is None:
        form.add_error(
            None, _("Too many tries with wrong digits. Try again tomorrow, with the receipt at hand.")
        )
        return False
    told = form.cleaned_data
    dossier = Dossier.objects.filter(code=told["code"]).first()
    rating = {name: told[name] for name in QUESTIONS}
    if dossier and actions.rate_by_receipt(dossier, by=RECEIPT, digits=told["digits"].strip(), rating=rating):
        tries.forget(a_try)
        return True
    form.add_error(
        "digits",
        _(
            "Code and digits do not belong together, or this is not rated here: only once, when finished, not if filed online."
        ),
    )
    return False

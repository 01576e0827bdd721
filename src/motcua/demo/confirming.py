"""The demo's remote signing service as its users see it: the agreement's three questions, and the page to confirm on."""

import base64
import binascii
import json
import secrets

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from motcua.demo import signer
from motcua.demo.signer import PIN, Manner

MANNERS = {
    Manner.GOOD: _("Sign"),
    Manner.REFUSED: _("Refuse to sign"),
    Manner.NEVER: _("Do nothing: the signature is never confirmed"),
    Manner.WRONG: _("Sign something else: the signature does not fit the form"),
    Manner.OTHER: _("Sign with another person's certificate"),
}


class Confirmation(forms.Form):
    """The second factor, and what the service does."""

    pin = forms.CharField(label=_("PIN"), help_text=_("In the demo everybody's is 000000."), max_length=12)
    manner = forms.ChoiceField(
        label=_("What the service does"), choices=list(MANNERS.items()), widget=forms.RadioSelect
    )

    def clean_pin(self) -> str:
        """Only the right one."""
        if not secrets.compare_digest(str(self.cleaned_data["pin"]).encode(), PIN.encode()):
            raise forms.ValidationError(_("This is not the PIN. Try again."))
        return PIN


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, transaction: str) -> HttpResponseBase:
    """Who the key belongs to confirms, or not."""
    try:
        asked = signer.read(transaction)
    except KeyError as fault:
        raise Http404 from fault
    form = Confirmation(
        request.POST if request.method == "POST" else None, initial={"manner": Manner.GOOD.value}
    )
    if form.is_bound and form.is_valid():
        return redirect(signer.confirm(transaction, Manner(form.cleaned_data["manner"])).back)
    page = {"asked": asked, "form": form, "number": f"•••• {asked.number[-4:]}"}
    return render(request, "demo/signing.html", page, status=422 if form.is_bound else 200)


@csrf_exempt  # servers ask here, with their secret
@require_POST
def api(request: HttpRequest, what: str) -> HttpResponseBase:
    """The three questions of the agreement."""
    if not is_known(request):
        return HttpResponse(status=401)
    try:
        asked = {name: str(value) for name, value in dict(json.loads(request.body)).items()}
        return JsonResponse(signer.answer(what, asked))
    except (KeyError, TypeError, ValueError) as fault:
        raise Http404 from fault


def is_known(request: HttpRequest) -> bool:
    """Whether it is the node itself that asks."""
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    try:
        secret = (settings.KEYS / "signing.key").read_bytes().strip()
        said = base64.b64decode(given, validate=True)
    except (FileNotFoundError, binascii.Error, ValueError):
        return False
    wanted = settings.NODE.signing_client.encode() + b":" + secret
    return scheme == "Basic" and secrets.compare_digest(said, wanted)

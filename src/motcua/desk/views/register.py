"""The register of dossiers (form 07): choose the days, look at them, print them."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from motcua.desk.access import led_by, officers
from motcua.documents.serving import served
from motcua.dossiers import actions
from motcua.dossiers.actions.register import Span
from motcua.dossiers.rules import COLLEAGUES
from motcua.lib.actions import Invalid
from motcua.organisations.models import Agency
from motcua.people.middleware import ActorRequest
from motcua.ui.forms import DatePartsField


class Days(forms.Form):
    """From which day to which."""

    since = DatePartsField(label=_("First day"), error_messages={"required": _("Enter the day.")})
    until = DatePartsField(label=_("Last day"), error_messages={"required": _("Enter the day.")})


@require_http_methods(["GET", "POST"])
@officers
def show(request: ActorRequest) -> HttpResponseBase:
    """Ask for the days; the green button prints the register of the agency."""
    (code, *_others) = led_by(request, *COLLEAGUES)
    today: date = timezone.localdate()
    form = Days(request.POST or None, initial={"since": today.replace(day=1), "until": today})
    if request.method == "POST" and form.is_valid():
        days: dict[str, Any] = form.cleaned_data
        try:
            made = actions.print_register(Span(code, days["since"], days["until"]), by=request.actor)
        except Invalid as fault:
            form.add_error(fault.field or None, str(fault))
        else:
            return served(made.digest, made.media, made.file_name)
    page = {"form": form, "agency": Agency.objects.get(code=code)}
    return render(request, "desk/register.html", page, status=422 if form.is_bound else 200)

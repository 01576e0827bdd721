"""Documents by e-mail: the addresses an agency keeps, mails that lie aside, and mails sent once more."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.desk.access import led_by, officers
from motcua.desk.doing import Act, refused
from motcua.desk.forms.mails import Keep, TakeIn
from motcua.dispatches import actions
from motcua.dispatches.models import Correspondent, ReceivedMail, SentMail
from motcua.people.middleware import ActorRequest
from motcua.ui.forms import did

SHOWN = 100
ACTS = {
    "take_in": Act(actions.take_in, _("Taken in; it stands among the incoming documents."), TakeIn),
    "dismiss": Act(actions.dismiss, _("Put away; nothing is to be done about it.")),
}


@require_safe
@officers
def index(request: ActorRequest) -> HttpResponseBase:
    """The mails that lie aside, the oldest first, each with its reason."""
    return drawn(request)


def drawn(request: ActorRequest, wrong: dict[UUID, Form] | None = None) -> HttpResponse:
    """Each with a form of its own; what is wrong with one stands there."""
    wrong = wrong or {}
    rows = [
        (mail, wrong.get(mail.pk) or (TakeIn(auto_id=f"id_{place}_%s") if mail.can_be_opened else None))
        for place, mail in enumerate(ReceivedMail.objects.aside(led_by(request, "clerk"))[:SHOWN])
    ]
    page = {"rows": rows, "form": next(iter(wrong.values()), None)}
    return render(request, "desk/dispatches/mails.html", page, status=422 if wrong else 200)


@require_POST
@officers
def decide(request: ActorRequest, pk: UUID, verb: str) -> HttpResponseBase:
    """It is taken in or put away."""
    codes = led_by(request, "clerk")
    if verb not in ACTS:
        raise Http404
    mail = get_object_or_404(ReceivedMail, pk=pk, agency__in=codes)
    form = refused(request, ACTS, verb, mail)
    if form:
        return drawn(request, {mail.pk: form})
    if mail.incoming_id:
        return redirect("desk:incoming_one", mail.incoming_id)
    return redirect("desk:mails")


@require_http_methods(["GET", "POST"])
@officers
def correspondents(request: ActorRequest) -> HttpResponseBase:
    """Whose addresses are kept; one that is written again is the new address."""
    codes = led_by(request, "clerk", "administrator")
    form = Keep(request.POST or None)
    if form.is_bound and form.is_valid():
        one = Correspondent(agency=codes[0], **form.cleaned_data)
        if did(form, lambda: actions.keep_correspondent(one, by=request.actor)):
            messages.success(request, gettext("The address is kept."))
            return redirect("desk:correspondents")
    rows = Correspondent.objects.filter(agency__in=codes).order_by("name", "pk")[:SHOWN]
    page = {"rows": list(rows), "form": form}
    return render(request, "desk/dispatches/correspondents.html", page, status=422 if form.is_bound else 200)


@require_POST
@officers
def again(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """A mail that was refused or could not be sent goes out once more, to the address kept today."""
    rows = SentMail.objects.select_related("delivery").filter(agency__in=led_by(request, "clerk"))
    mail = get_object_or_404(rows, pk=pk, delivery__isnull=False)
    actions.send_again(mail, by=request.actor)
    messages.success(request, gettext("The mail is on its way again."))
    delivery = mail.delivery
    if delivery and delivery.outgoing_id:
        return redirect("desk:outgoing_one", delivery.outgoing_id)
    return redirect("desk:incoming_one", delivery.forwarded_id if delivery else mail.pk)

"""One's own page of contacts: where one is told, confirmed by a code, and by which ways."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.lib.actions import Invalid
from motcua.notices import actions
from motcua.notices.forms import Channels, Code, Mailbox, Phone
from motcua.notices.models import Contact
from motcua.notices.texts import gateway
from motcua.people.middleware import ActorRequest
from motcua.people.models import Account

FORMS: dict[str, type[forms.Form]] = {Contact.Channel.MAIL: Mailbox, Contact.Channel.TEXT: Phone}


@login_required
@require_safe
def contact(request: ActorRequest) -> HttpResponse:
    """Where one is told, and by which ways."""
    return page(request)


def page(request: ActorRequest, status: int = 200, **bound: forms.Form) -> HttpResponse:
    """The page, with what was typed wrongly if something was."""
    account = own(request)
    shown: dict[str, Any] = {
        "mailbox": bound.get("mail") or Mailbox(),
        "phone": bound.get("text") or Phone(),
        "channels": Channels(initial={"mail": account.wants_mail, "text": account.wants_text}),
        "sends_texts": gateway() is not None,
        "next": goal_of(request),
        "faulty": next(iter(bound.values()), None),
    }
    return render(request, "notices/contact.html", shown, status=status)


def own(request: ActorRequest) -> Account:
    """The account of who is signed in."""
    assert isinstance(request.user, Account)  # noqa: S101 — only behind `login_required`
    return request.user


def goal_of(request: ActorRequest) -> str:
    """Where one came from, if it is a page of ours."""
    goal = request.GET.get("next", "") or request.POST.get("next", "")
    return goal if url_has_allowed_host_and_scheme(goal, allowed_hosts=None) else ""


def with_goal(address: str, request: ActorRequest) -> str:
    goal = goal_of(request)
    return f"{address}?{urlencode({'next': goal})}" if goal else address


@login_required
@require_POST
def ask(request: ActorRequest, channel: str) -> HttpResponse:
    """A code goes to the address or number that was typed."""
    if channel not in FORMS or (channel == Contact.Channel.TEXT and gateway() is None):
        raise Http404
    form = FORMS[channel](request.POST)
    if form.is_valid():
        try:
            asked = actions.ask_contact(
                Contact(account=own(request), channel=channel, value=form.cleaned_data["value"]),
                by=request.actor,
            )
        except Invalid as fault:
            form.add_error("value", str(fault))
        else:
            return redirect(with_goal(reverse("notices:confirm", args=[asked.pk]), request))
    return page(request, 422, **{channel: form})


@login_required
@require_http_methods(["GET", "POST"])
def confirm(request: ActorRequest, pk: Any) -> HttpResponse:
    """The code is typed."""
    asked = get_object_or_404(Contact, pk=pk, account=own(request))
    form = Code(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and is_right(request, asked, form):
        messages.success(request, _("Confirmed. From now on you are told there as well."))
        return redirect(goal_of(request) or "notices:contact")
    shown = {"contact": asked, "form": form, "next": goal_of(request)}
    return render(request, "notices/confirm.html", shown, status=422 if form.is_bound else 200)


def is_right(request: ActorRequest, asked: Contact, form: Code) -> bool:
    """Whether it was the code; if not, the form says so."""
    try:
        if actions.confirm_contact(asked, by=request.actor, code=form.cleaned_data["code"]):
            return True
    except Invalid as fault:
        form.add_error("code", str(fault))
        return False
    form.add_error("code", _("This is not the code that was sent. Look at it again."))
    return False


@login_required
@require_POST
def remove(request: ActorRequest, channel: str) -> HttpResponse:
    """An address or number is taken away."""
    if channel not in FORMS:
        raise Http404
    actions.remove_contact(own(request), by=request.actor, channel=channel)
    messages.success(request, _("Removed."))
    return redirect("notices:contact")


@login_required
@require_POST
def choose(request: ActorRequest) -> HttpResponse:
    """By which ways one wants to be told."""
    form = Channels(request.POST)
    form.is_valid()
    actions.choose_channels(
        own(request), by=request.actor, mail=form.cleaned_data["mail"], text=form.cleaned_data["text"]
    )
    messages.success(request, _("Kept."))
    return redirect("notices:contact")

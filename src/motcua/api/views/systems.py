"""The systems of an agency, for its administrators: let one call, change what it may, give it a new secret, see what it is told."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.api import actions, signing
from motcua.api.administering import NewSubscription, NewSystem, Rights
from motcua.api.models import Allowance, Client, Delivery, Subscription
from motcua.api.scopes import WORDS, Scope
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.people.middleware import ActorRequest

SHOWN = 50
SECONDS = 60

type View = Callable[..., HttpResponseBase]


def administrators(view: View) -> View:
    """Only for who administers an agency; the view is given the codes. What it answers may hold a secret, so nothing keeps it."""

    @wraps(view)
    def answer(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        codes = sorted({one.place for one in request.actor.grants if one.role == "administrator"})
        if not codes:
            raise Refused(_("This page belongs to another post."))
        return view(request, codes, *args, **kwargs)

    return login_required(never_cache(answer))


@require_http_methods(["GET", "POST"])
@administrators
def index(request: ActorRequest, codes: list[str]) -> HttpResponseBase:
    """The systems that may call, and a form to let one more."""
    form = NewSystem(request.POST if request.method == "POST" else None, codes=codes)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        if Client.objects.filter(pk=given["key"], agency__in=codes).exists():
            return redirect(
                "api:system", given["key"]
            )  # pressed twice: it is there, and its secret has been shown
        system = Client(
            pk=given["key"],
            agency=given["agency"].code,
            name=given["name"].strip(),
            below=given["below"],
            scopes=given["scopes"],
            per_minute=given["per_minute"],
        )
        if secret := did(form, lambda: actions.register(system, by=request.actor)):
            return shown_once(request, system, "client_secret", secret)
    page = {"systems": listed(codes), "above": above(codes), "form": form}
    return render(request, "api/systems.html", page, status=422 if form.is_bound else 200)


@require_GET
@administrators
def show(request: ActorRequest, codes: list[str], pk: UUID) -> HttpResponseBase:
    """One system: its rights, where it is told, and what came of it."""
    return picture(request, opened(codes, pk))


@require_POST
@administrators
def change(request: ActorRequest, codes: list[str], pk: UUID) -> HttpResponseBase:
    """It may do something else, or call more or less often."""
    system, form = opened(codes, pk), Rights(request.POST)
    if form.is_valid() and did(
        form, lambda: actions.change(system, by=request.actor, **form.cleaned_data) or True
    ):
        messages.success(request, _("The rights are changed; they hold from the next call on."))
        return redirect("api:system", pk)
    return picture(request, system, rights=form)


@require_POST
@administrators
def renew(request: ActorRequest, codes: list[str], pk: UUID) -> HttpResponseBase:
    """It gets a new secret, shown this once; the old one is worth nothing from now on."""
    system = opened(codes, pk)
    if request.POST.get("generation") != str(system.generation):  # pressed twice, or on an old page
        messages.warning(
            request, _("This system has had a new secret meanwhile. If it is lost, make another.")
        )
        return redirect("api:system", pk)
    return shown_once(request, system, "client_secret", actions.renew_secret(system, by=request.actor))


@require_POST
@administrators
def stop(request: ActorRequest, codes: list[str], pk: UUID) -> HttpResponseBase:
    """It may no longer call, and is told nothing more."""
    system = opened(codes, pk)
    actions.end(system, by=request.actor)
    messages.success(request, _("%(name)s may no longer call.") % {"name": system.name})
    return redirect("api:systems")


@require_POST
@administrators
def subscribe(request: ActorRequest, codes: list[str], pk: UUID) -> HttpResponseBase:
    """It is told of what happens, at an address; the secret that signs is shown this once."""
    system, form = opened(codes, pk), NewSubscription(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        if Subscription.objects.filter(pk=given["key"]).exists():
            return redirect("api:system", pk)
        made = Subscription(pk=given["key"], client=system, url=given["url"].strip(), kinds=given["kinds"])
        if did(form, lambda: actions.subscribe(made, by=request.actor) or True):
            return shown_once(request, system, "webhook_secret", signing.shown(made.secret))
    return picture(request, system, subscription=form)


@require_POST
@administrators
def decide(request: ActorRequest, codes: list[str], pk: UUID, verb: str) -> HttpResponseBase:
    """It is told no more at an address, or told again."""
    found = get_object_or_404(
        Subscription.objects.select_related("client"), pk=pk, client__agency__in=codes, ended_at=None
    )
    {"end": actions.unsubscribe, "enable": actions.enable}[verb](found, by=request.actor)
    done = {
        "end": _("It is told nothing more there."),
        "enable": _("It is told again, first of what has waited."),
    }
    messages.success(request, done[verb])
    return redirect("api:system", found.client_id)


@require_POST
@administrators
def again(request: ActorRequest, codes: list[str], pk: UUID) -> HttpResponseBase:
    """One notice is sent once more."""
    found = get_object_or_404(
        Delivery.objects.select_related("subscription__client"), pk=pk, subscription__client__agency__in=codes
    )
    try:
        actions.send_again(found, by=request.actor)
    except NotNow as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("It is on its way again, under the same number."))
    return redirect("api:system", found.subscription.client_id)


def did(form: forms.Form, act: Callable[[], Any]) -> Any:
    """What was done; nothing if it could not be, and then the form says what to mend."""
    try:
        return act()
    except Invalid as fault:
        form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        return None


def opened(codes: list[str], pk: UUID) -> Client:
    return get_object_or_404(Client.objects.in_force(), pk=pk, agency__in=codes)


def listed(codes: list[str]) -> list[dict[str, Any]]:
    """Each system with its rights in words, when it called last, and how many addresses are told: one statement."""
    told = Count("subscriptions", filter=Q(subscriptions__ended_at=None))
    minutes = Allowance.objects.filter(client=OuterRef("pk"))
    found = Client.objects.in_force().filter(agency__in=codes).order_by("agency", "name", "pk")
    found = found.annotate(
        told=told, minute=Subquery(minutes.values("minute")), used=Subquery(minutes.values("used"))
    )
    return [{"system": one, "rights": words_of(one), **last_call(one)} for one in found]


def above(codes: list[str]) -> list[Client]:
    """Systems of agencies above these that act here as well: who let them in looks after them, there."""
    parts = [code.split(".") for code in codes]
    higher = {".".join(one[:count]) for one in parts for count in range(1, len(one))}
    found = Client.objects.in_force().filter(below=True, agency__in=higher - set(codes))
    return list(found.order_by("agency", "name", "pk"))


def words_of(system: Client) -> list[str]:
    """What it may do, in words; a right the program no longer knows is named as it is kept."""
    known = {scope.value: str(WORDS[scope]) for scope in Scope}
    return [known.get(one, one) for one in system.scopes]


def last_call(system: Any) -> dict[str, Any]:
    """In which minute it called last and how often in that, as the counter of calls has it; after a fall nothing."""
    if system.minute is None:
        return {"called_at": None, "used": 0}
    return {"called_at": datetime.fromtimestamp(system.minute * SECONDS, tz=UTC), "used": system.used}


def shown_once(request: ActorRequest, system: Client, name: str, secret: str) -> HttpResponse:
    """The page that shows a secret: never again, and kept by nobody."""
    return render(request, "api/secret.html", {"system": system, "name": name, "secret": secret})


def picture(
    request: ActorRequest,
    system: Client,
    *,
    rights: Rights | None = None,
    subscription: NewSubscription | None = None,
) -> HttpResponse:
    """All the page of a system shows."""
    told = Subscription.objects.of(system).annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state=Delivery.State.WAITING))
    )
    sent = Delivery.objects.filter(subscription__client=system).select_related("subscription")
    page = {
        "system": system,
        "refused": rights or subscription,
        "rights": rights or Rights(initial={name: getattr(system, name) for name in Rights.base_fields}),
        "new": subscription or NewSubscription(),
        "told": told,
        "deliveries": sent.order_by("-created_at", "-pk")[:SHOWN],
        **last_call(
            Client.objects.annotate(
                minute=Subquery(Allowance.objects.filter(client=OuterRef("pk")).values("minute")),
                used=Subquery(Allowance.objects.filter(client=OuterRef("pk")).values("used")),
            ).get(pk=system.pk)
        ),
    }
    return render(request, "api/system.html", page, status=422 if rights or subscription else 200)

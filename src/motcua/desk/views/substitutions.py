"""Who stands in for whom, and until when; and what an officer has been told."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.desk.access import officers, places
from motcua.desk.forms import StandIn
from motcua.lib.actions import may
from motcua.notices import actions as notices
from motcua.notices.models import Notice
from motcua.people import actions
from motcua.people.middleware import ActorRequest
from motcua.people.models import Account, Appointment, Substitution
from motcua.ui.forms import did

ON_A_PAGE = 20


@require_http_methods(["GET", "POST"])
@officers
def show(request: ActorRequest) -> HttpResponseBase:
    """The substitutions that concern this officer, or the agencies they lead or administer; and a form for one more."""
    typed = request.POST if request.method == "POST" else None
    form = StandIn(typed, posts=lendable(request), people=colleagues(request), today=timezone.localdate())
    if form.is_bound and arranged(request, form):
        messages.success(request, _("It is arranged. Both have been told."))
        return redirect("desk:substitutions")
    lent = list(concerning(request))
    page = {
        "lent": [(one, may(request.actor, "people.end_substitution", one)) for one in lent],
        "form": form,
        "today": timezone.localdate(),
    }
    return render(request, "desk/substitutions.html", page, status=422 if form.is_bound else 200)


def arranged(request: ActorRequest, form: StandIn) -> bool:
    """Whether it could be arranged; if not, the form says what to mend."""
    return form.is_valid() and did(
        form, lambda: actions.stand_in(Substitution(**form.cleaned_data), by=request.actor)
    )


@require_POST
@officers
def end(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The holder of the post is back."""
    lent = get_object_or_404(concerning(request), pk=pk)
    actions.end_substitution(lent, by=request.actor)
    messages.success(request, _("The substitution has ended."))
    return redirect("desk:substitutions")


def own(request: ActorRequest) -> str:
    """The account of who looks."""
    return request.actor.urn.removeprefix("person:")


def arranges_at(request: ActorRequest) -> list[str]:
    """Agencies whose substitutions this officer arranges by their own post."""
    return places(request.actor.with_posts_of(), "chair", "administrator")


def lendable(request: ActorRequest) -> QuerySet[Appointment]:
    """The posts this officer may have another stand in for: their own, or all of the agencies they lead or administer."""
    found = Appointment.objects.in_force().filter(
        Q(account=own(request)) | Q(post__agency__in=arranges_at(request)),
        post__role__in=Substitution.LENDABLE,
    )
    return found.select_related("account", "post__agency").order_by("account__name", "pk")


def colleagues(request: ActorRequest) -> QuerySet[Account]:
    """Who holds a post at the same agencies today."""
    there = Appointment.objects.in_force().filter(post__agency__in=request.actor.with_posts_of().places)
    return Account.objects.filter(pk__in=there.values("account")).order_by("name", "pk")


def concerning(request: ActorRequest) -> QuerySet[Substitution]:
    """Those that hold or will, of this officer or of the agencies they lead or administer."""
    whose = (
        Q(stand_in=own(request))
        | Q(appointment__account=own(request))
        | Q(appointment__post__agency__in=arranges_at(request))
    )
    found = Substitution.objects.to_come().filter(whose)
    return found.select_related("stand_in", "appointment__account", "appointment__post__agency").order_by(
        "since", "pk"
    )


@require_GET
@officers
def inbox(request: ActorRequest) -> HttpResponseBase:
    """What this officer has been told, newest first."""
    page = Paginator(Notice.objects.filter(recipient__pk=own(request)).order_by("-sent_at", "-id"), ON_A_PAGE)
    return render(request, "desk/inbox.html", {"page": page.get_page(request.GET.get("page"))})


@require_POST
@officers
def open_notice(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """A notice is read, and leads to what it is about."""
    notice = get_object_or_404(Notice, pk=pk, recipient=own(request))
    notices.read(notice, by=request.actor)
    return redirect(notice.link or "desk:inbox")

"""Apply: choose where, answer one group of questions a page, check, send."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.dossiers import actions
from motcua.dossiers.actions.applying import InvalidAnswers
from motcua.dossiers.declaration import declared
from motcua.dossiers.models import Application
from motcua.dossiers.questions import missing
from motcua.exchange.questions import recipients
from motcua.lib.actions import Invalid
from motcua.organisations.models import Agency
from motcua.people.middleware import ActorRequest
from motcua.portal import prefilling
from motcua.portal.forms import Answers, Beginning
from motcua.procedures.answers import clean
from motcua.procedures.models import Version
from motcua.procedures.schema import Definition, Group
from motcua.ui import words
from motcua.ui.context import Link


@login_required
@require_http_methods(["GET", "POST"])
def begin(request: ActorRequest, code: str) -> HttpResponse:
    """Say which case it is and which commune is to handle it."""
    version = get_object_or_404(Version.objects.in_force(timezone.localdate()), procedure__code=code)
    definition, language = version.definition, get_language() or "vi"
    offices = Agency.objects.in_force().filter(
        code__in=recipients("dossier.submitted", sender=settings.NODE.agency)
    )
    names = {office.code: office.name for office in offices.exclude(parent=None).order_by("name_vi")}
    cases = [(case.id, case.name.said_in(language)) for case in definition.cases]
    form = Beginning(request.POST or None, cases=cases, agencies=list(names.items()))
    if form.is_bound and form.is_valid():
        case = form.cleaned_data["case"] or (cases[0][0] if cases else "")
        agency = form.cleaned_data["agency"]
        application = actions.begin(
            version, by=request.actor, case=case, agency=agency, agency_name=names[agency]
        )
        prefilling.read_register(request, application, by=request.actor, sender=settings.NODE.agency)
        return onward(request, application)
    page = {"version": version, "name": definition.name.said_in(language), "form": form}
    return render(request, "portal/application/begin.html", page, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def answer(request: ActorRequest, pk: UUID, group: str) -> HttpResponse:
    """One group of questions."""
    application = own_draft(request, pk)
    groups = groups_of(application)
    asked = next((one for one in groups if one.id == group), None)
    if asked is None:
        return onward(request, application)
    form = Answers(
        asked, request.POST or None, initial=initial(application, asked), sources=sources(application)
    )
    if form.is_bound and form.is_valid() and filled(request, application, asked, form):
        return onward(request, application, after=group)
    place = groups.index(asked)
    back = reverse("portal:answer", args=[pk, groups[place - 1].id]) if place else ""
    page = {
        **skeleton(application, place + 1),
        "form": form,
        "back": back,
        "title": asked.title.said_in(get_language() or "vi"),
        "intro": asked.intro.said_in(get_language() or "vi") if asked.intro else "",
        "register": prefilling.told(request, application),
    }
    return render(request, "portal/application/answer.html", page, status=422 if form.is_bound else 200)


def filled(request: ActorRequest, application: Application, group: Group, form: Answers) -> bool:
    """Whether the answers were kept; if not, the form says what to mend."""
    try:
        actions.fill(application, by=request.actor, group=group.id, answers=form.typed())
    except InvalidAnswers as refusal:
        form.blame(refusal.faults)
        return False
    return True


@login_required
@require_POST
def read_again(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The register did not answer before: ask once more."""
    application = own_draft(request, pk)
    prefilling.read_register(request, application, by=request.actor, sender=settings.NODE.agency)
    return onward(request, application)


@login_required
@require_GET
def resume(request: ActorRequest, pk: UUID) -> HttpResponse:
    """A draft goes on at the first page that is not yet complete."""
    application = own_draft(request, pk)
    today = timezone.localdate()
    for group in groups_of(application):
        if not clean(group, application.answers, earlier=application.answers, on=today).is_good:
            return redirect("portal:answer", pk, group.id)
    return redirect("portal:check" if application.attachments.exists() else "portal:papers", pk)


@login_required
@require_GET
def check(request: ActorRequest, pk: UUID) -> HttpResponse:
    """All answers on one page, each with its way back."""
    application = own_draft(request, pk)
    pages = declared(application.version.definition, application.case, application.answers)
    page = {
        **skeleton(application, len(groups_of(application)) + 2),
        "pages": [
            {
                "facts": one,
                "change": reverse("portal:answer", args=[pk, one.id]),
                "sources": sources(application),
            }
            for one in pages
        ],
        "papers": application.attachments.filter(kind="given").order_by("added_at", "id"),
        "missing": missing(application),
    }
    return render(request, "portal/application/check.html", page)


@login_required
@require_POST
def send(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The application goes to the agency."""
    application = get_object_or_404(Application.objects.visible_to(request.actor), pk=pk)
    try:
        actions.send(application, by=request.actor)
    except Invalid as refusal:
        messages.error(request, str(refusal))
        return redirect("portal:check", pk)
    request.session.pop(prefilling.key_of(application), None)
    messages.success(
        request, _("Your dossier is on its way to %(agency)s.") % {"agency": application.agency_name}
    )
    return redirect("portal:application", pk)


@login_required
@require_POST
def discard(request: ActorRequest, pk: UUID) -> HttpResponse:
    """A draft is thrown away."""
    application = own_draft(request, pk)
    actions.discard(application, by=request.actor)
    messages.success(request, _("The draft is gone."))
    return redirect("portal:my")


def onward(request: ActorRequest, application: Application, *, after: str = "") -> HttpResponse:
    """The next page: the first group, the one after `after`, or the papers; filled in with what the register knows."""
    application.refresh_from_db()
    groups = groups_of(application)
    ids = [group.id for group in groups]
    place = ids.index(after) + 1 if after in ids else 0
    if place >= len(groups):
        return redirect("portal:papers", application.pk)
    prefilling.prefill(request, application, groups[place], by=request.actor)
    return redirect("portal:answer", application.pk, groups[place].id)


def own_draft(request: ActorRequest, pk: UUID) -> Application:
    """One's own application, as long as it is a draft."""
    drafts = Application.objects.visible_to(request.actor).select_related("version__procedure", "account")
    return get_object_or_404(drafts, pk=pk, state=Application.State.DRAFT)


def groups_of(application: Application) -> tuple[Group, ...]:
    """The pages to ask, as far as the answers so far decide it."""
    return application.version.definition.groups_for(application.case, application.answers)


def skeleton(application: Application, current: int) -> dict[str, Any]:
    """What every page of applying shows: what it is about, how far one is, when it was saved."""
    definition: Definition = application.version.definition
    language, groups = get_language() or "vi", groups_of(application)
    steps = [
        Link(one.title.said_in(language), reverse("portal:answer", args=[application.pk, one.id]))
        for one in groups
    ]
    steps.append(Link(_("Papers"), reverse("portal:papers", args=[application.pk])))
    steps.append(Link(_("Check and send"), ""))
    for place in range(current, len(steps)):
        steps[place] = Link(steps[place].label, "")
    return {
        "application": application,
        "name": definition.name.said_in(language),
        "steps": steps,
        "current": current,
        "count": len(steps),
    }


def initial(application: Application, group: Group) -> dict[str, Any]:
    """The answers so far; yes-no questions as the form's buttons name them."""
    found = {}
    for field in group.fields:
        value = application.answers.get(field.id)
        if isinstance(value, bool):
            value = "true" if value else "false"
        found[field.id] = date_of(value) if field.type == "date" and value else value
        if value is None and field.type == "yesno" and follows(application, group, field.id):
            found[field.id] = "true"
    return found


def follows(application: Application, group: Group, field: str) -> bool:
    """Whether something that depends on this question has been filled in from a register."""
    return any(
        application.answers.get(other.id)
        for other in group.fields
        if other.when and other.when.field == field
    )


def date_of(value: Any) -> Any:
    """An ISO date for the three boxes."""
    moment = parse_datetime(f"{value}T00:00")
    return moment.date() if moment else None


def sources(application: Application) -> dict[str, str]:
    """For each field that came from a register, the words that say so."""
    said = {}
    for field, source in application.sources.items():
        at = parse_datetime(source["at"])
        when = words.short_moment(at) if at else ""
        said[field] = _("From the national population register, %(when)s") % {"when": when}
    return said

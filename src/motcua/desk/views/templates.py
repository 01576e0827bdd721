"""Templates of an agency's documents: its administrators write them, look at them in print, and drop them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.desk.access import led_by, officers
from motcua.desk.dispatching import printed_pdf
from motcua.desk.forms.templates import Written
from motcua.dispatches import actions
from motcua.dispatches.beginning import as_document, begun_from
from motcua.dispatches.models import Template
from motcua.organisations.models import Agency
from motcua.people.middleware import ActorRequest
from motcua.ui.forms import did

KEEPER = "administrator"
SHOWN = 200


@require_safe
@officers
def index(request: ActorRequest) -> HttpResponseBase:
    """All templates of the agencies one looks after."""
    codes = led_by(request, KEEPER)
    rows = Template.objects.filter(agency__in=codes).order_by("kind", "name")[:SHOWN]
    return render(request, "desk/dispatches/templates.html", {"rows": list(rows)})


@require_http_methods(["GET", "POST"])
@officers
def begin(request: ActorRequest) -> HttpResponseBase:
    """A new template."""
    return write(request, Template(agency=led_by(request, KEEPER)[0]))


@require_http_methods(["GET", "POST"])
@officers
def show(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """One template in its form."""
    return write(request, found(request, pk))


def write(request: ActorRequest, template: Template) -> HttpResponseBase:
    form = Written(request.POST or None, about=template)
    if (
        form.is_bound
        and form.is_valid()
        and did(form, lambda: actions.keep_template(template, by=request.actor, **form.cleaned_data))
    ):
        messages.success(request, gettext("The template is kept. Look at it in print."))
        return redirect("desk:template", template.pk)
    page = {"form": form, "template": None if template._state.adding else template}
    return render(request, "desk/dispatches/template.html", page, status=422 if form.is_bound else 200)


def found(request: ActorRequest, pk: UUID) -> Template:
    return get_object_or_404(Template, pk=pk, agency__in=led_by(request, KEEPER))


@require_safe
@officers
def preview(request: ActorRequest, pk: UUID) -> HttpResponse:
    """A document begun from it today, in print."""
    template = found(request, pk)
    agency = Agency.objects.get(pk=template.agency)
    values = begun_from(template, agency, drafter=request.actor.name, on=timezone.localdate())
    return printed_pdf(as_document(values, agency), agency)


@require_POST
@officers
def drop(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """It is not offered any more."""
    actions.drop_template(found(request, pk), by=request.actor)
    messages.success(request, gettext("The template is dropped."))
    return redirect("desk:templates")

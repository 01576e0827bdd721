"""A procedure begins that is not there yet: with a few answers, or from a file."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from motcua.desk.access import officers
from motcua.desk.beginning import Begins, Brought, New, owners
from motcua.lib.actions import Invalid, Refused
from motcua.people.middleware import ActorRequest
from motcua.procedures import actions
from motcua.procedures.models import Draft
from motcua.procedures.reading import Faulty


@require_http_methods(["GET", "POST"])
@officers
def new(request: ActorRequest) -> HttpResponseBase:
    """The two ways to begin."""
    whose = owners(request.actor)
    if not whose:
        raise Refused(_("Only administrators of a ministry or a province begin procedures."))
    is_posted, is_file = request.method == "POST", "from_file" in request.POST
    typed = New(*((request.POST,) if is_posted and not is_file else ()), owners=whose)
    brought = Brought(*((request.POST, request.FILES) if is_file else ()), owners=whose)
    form: Begins = brought if is_file else typed
    draft = begun(request, form) if form.is_bound and form.is_valid() else None
    if draft is not None:
        messages.success(request, _("The draft is there. What is still missing stands on its page."))
        return redirect("desk:draft", draft.pk)
    context = {"new": typed, "brought": brought, "form": form}
    return render(request, "desk/new_procedure.html", context, status=422 if form.is_bound else 200)


def begun(request: ActorRequest, form: Begins) -> Draft | None:
    """The draft; or nothing, and the form says why."""
    owner = form.cleaned_data["owner"]
    try:
        if isinstance(form, New):
            content = form.definition(timezone.localdate()).as_content()
            return actions.begin_new(Draft(owner=owner, content=content), by=request.actor)
        return actions.bring(form.cleaned_data["file"], owner=owner, by=request.actor)
    except Faulty as faulty:
        for fault in faulty.faults:
            form.add_error(None, f"{fault.field}: {fault.message}")
    except Invalid as fault:
        form.add_error(fault.field if fault.field in form.fields else None, str(fault))
    return None

"""When a question of a draft is asked, from where it is filled in, what its answer is held to: each on a page of its own."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from motcua.desk.access import officers
from motcua.desk.asking import FilledFrom, HeldTo, WhenAsked
from motcua.desk.views.drafts import opened
from motcua.desk.views.questions import edited, kept, one_of, posted
from motcua.people.middleware import ActorRequest
from motcua.procedures import form_editing

FORMS: Mapping[str, type[WhenAsked | FilledFrom | HeldTo]] = {
    "when": WhenAsked,
    "filled": FilledFrom,
    "held": HeldTo,
}


@require_http_methods(["GET", "POST"])
@officers
def question(request: ActorRequest, pk: UUID, field: str, about: str) -> HttpResponseBase:
    """One thing about a question that is not its words."""
    draft = opened(request, pk)
    known = one_of(draft.definition.fields_by_id.values(), field)
    if about not in FORMS:
        raise Http404
    form = FORMS[about](posted(request), definition=draft.definition, known=known)
    return edited(
        request,
        draft,
        form,
        lambda definition: form_editing.put_field(definition, field, form.changes()),
        field=field,
        about=about,
    )


@require_http_methods(["GET", "POST"])
@officers
def page(request: ActorRequest, pk: UUID, group: str) -> HttpResponseBase:
    """When a page of questions is asked."""
    draft = opened(request, pk)
    known = one_of(draft.definition.form, group)
    form = WhenAsked(posted(request), definition=draft.definition, known=known)
    return edited(
        request,
        draft,
        form,
        lambda definition: form_editing.put_group(definition, group, form.changes()),
        group=group,
        about="when",
    )


@require_POST
@officers
def take_in(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """A page of questions that many procedures share is asked as well."""
    draft, name = opened(request, pk), request.POST.get("name", "")
    faults = kept(request, draft, lambda definition: form_editing.take_in(definition, name))
    for fault in faults:
        messages.error(request, fault)
    if not faults:
        messages.success(request, _("The page is taken in."))
    return redirect(reverse("desk:questions", args=[pk]) + ("" if faults else f"#page-{name}"))

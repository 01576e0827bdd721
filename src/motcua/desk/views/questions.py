"""The questions of a draft, edited page by page and question by question; the file stays the one truth."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.desk.access import officers
from motcua.desk.asking import in_words, source_in_words
from motcua.desk.handing import said
from motcua.desk.previewing import Questions
from motcua.desk.questioning import TYPES, AskedPage, AskedQuestion, NewPage, NewQuestion
from motcua.desk.views.drafts import name_of, opened
from motcua.lib.actions import Can, Invalid
from motcua.people.middleware import ActorRequest
from motcua.procedures import actions, form_editing
from motcua.procedures.models import Draft
from motcua.procedures.reading import Faulty
from motcua.procedures.schema import Case, Definition, Exemption, FormField, Group, Paper
from motcua.procedures.vocabulary import Signing
from motcua.procedures.words import SIGNINGS
from motcua.ui.context import Link

type Change = Callable[[Definition], Definition]

ABOUT: dict[str, Promise] = {
    "when": gettext_lazy("When it is asked"),
    "filled": gettext_lazy("Filled in from"),
    "held": gettext_lazy("What the answer is held to"),
}


@require_GET
@officers
def index(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """Every page with its questions, in their order."""
    draft = opened(request, pk)
    definition, language = draft.definition, get_language() or "vi"
    context = {
        "draft": draft,
        "name": name_of(draft),
        "pages": [
            (group, group.title.said_in(language), conditions(group, definition), rows(group, definition))
            for group in definition.form
        ],
        "shared": shared(definition),
        "signings": SIGNINGS.items(),
        "can": Can(request.actor, draft, "procedures"),
    }
    return render(request, "desk/questions.html", context)


def rows(group: Group, definition: Definition) -> list[tuple[FormField, str, Promise, list[str]]]:
    """The questions of a page, each with its kind, when it is asked and from where it is filled in."""
    return [
        (
            field,
            said(field.label),
            TYPES[field.type],
            list(filter(None, [in_words(field.when, definition), filled(field)])),
        )
        for field in group.fields
    ]


def filled(field: FormField) -> str:
    """From where a question is filled in, in words."""
    return _("Filled in: %(source)s") % {"source": source_in_words(field.prefill)} if field.prefill else ""


def conditions(group: Group, definition: Definition) -> list[str]:
    """When a page is asked, in words; nothing for one that is always asked."""
    cases = [said(case.name) for case in definition.cases if case.id in group.cases]
    only = _("Only in these cases: %(cases)s") % {"cases": ", ".join(cases)} if cases else ""
    return list(filter(None, [only, in_words(group.when, definition)]))


def shared(definition: Definition) -> list[tuple[str, str, str]]:
    """The shared pages that can still be taken in: name, title, what they ask."""
    asked, there = definition.fields_by_id, {group.id for group in definition.form}
    pages = {
        name: Group.model_validate(page, strict=False) for name, page in form_editing.shared_pages().items()
    }
    return [
        (name, said(page.title), ", ".join(said(field.label) for field in page.fields))
        for name, page in pages.items()
        if name not in there and not any(field.id in asked for field in page.fields)
    ]


@require_POST
@officers
def sign(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """Whether the applicant signs the form."""
    draft, asked = opened(request, pk), request.POST.get("signature", "")
    if asked not in set(Signing):
        raise Http404
    faults = kept(request, draft, lambda definition: form_editing.put_signature(definition, Signing(asked)))
    for fault in faults:
        messages.error(request, fault)
    if not faults:
        messages.success(request, _("The draft is saved."))
    return redirect("desk:questions", pk)


@require_POST
@officers
def arrange(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """A page or question goes up, down or out."""
    draft, what = opened(request, pk), request.POST.get("what", "")
    ways: dict[str, Change] = {
        "up": lambda definition: form_editing.move(definition, what, by=-1),
        "down": lambda definition: form_editing.move(definition, what, by=1),
        "out": lambda definition: form_editing.remove(definition, what),
    }
    change = ways.get(request.POST.get("way", ""))
    if change is None:
        raise Http404
    for fault in kept(request, draft, change):
        messages.error(request, fault)
    return redirect("desk:questions", pk)


@require_http_methods(["GET", "POST"])
@officers
def page(request: ActorRequest, pk: UUID, group: str) -> HttpResponseBase:
    """What a page of questions is called."""
    draft = opened(request, pk)
    known = one_of(draft.definition.form, group)
    form = AskedPage(posted(request), initial=AskedPage.of(known))
    return edited(
        request,
        draft,
        form,
        lambda definition: form_editing.put_group(definition, group, form.changes()),
        group=group,
    )


@require_http_methods(["GET", "POST"])
@officers
def add_page(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """A page more, with a first question to be changed at once."""
    draft = opened(request, pk)
    form = NewPage(posted(request), taken={one.id for one in draft.definition.form})

    def change(definition: Definition) -> Definition:
        id_ = form.cleaned_data["id"]
        first = {"id": f"{id_}_1", "label": form.changes()["title"], "type": "text"}
        said = {key: value for key, value in form.changes().items() if value}
        return form_editing.add_group(definition, {"id": id_, **said, "fields": [first]})

    return edited(request, draft, form, change)


@require_http_methods(["GET", "POST"])
@officers
def question(request: ActorRequest, pk: UUID, field: str) -> HttpResponseBase:
    """One question."""
    draft = opened(request, pk)
    known = one_of(draft.definition.fields_by_id.values(), field)
    form = AskedQuestion(posted(request), initial=AskedQuestion.of(known))
    return edited(
        request,
        draft,
        form,
        lambda definition: form_editing.put_field(definition, field, form.changes()),
        field=field,
    )


@require_http_methods(["GET", "POST"])
@officers
def add_question(request: ActorRequest, pk: UUID, group: str) -> HttpResponseBase:
    """A question more on a page."""
    draft = opened(request, pk)
    first = {"required": True, "type": "text"}
    form = NewQuestion(posted(request), taken=draft.definition.fields_by_id, initial=first)

    def change(definition: Definition) -> Definition:
        said = {key: value for key, value in form.changes().items() if value is not None}
        return form_editing.add_field(definition, group, {"id": form.cleaned_data["id"], **said})

    return edited(request, draft, form, change)


def one_of[Part: (FormField, Group, Paper, Exemption, Case)](parts: Iterable[Part], id_: str) -> Part:
    """The part of a draft an address names; 404 if there is none."""
    for one in parts:
        if one.id == id_:
            return one
    raise Http404


def posted(request: ActorRequest) -> Any:
    return request.POST if request.method == "POST" else None


def edited(
    request: ActorRequest,
    draft: Draft,
    form: forms.Form,
    change: Change,
    *,
    group: str = "",
    field: str = "",
    about: str = "",
) -> HttpResponse:
    """The form, or, once it holds, the draft changed by it; what the draft does not take is said in the form."""
    if form.is_bound and form.is_valid() and taken(request, draft, form, change):
        messages.success(request, _("The draft is saved."))
        return redirect("desk:questions", draft.pk)
    context = {
        "draft": draft,
        "name": name_of(draft),
        "form": form,
        "tabs": tabs(draft, group, field, about),
    } | spoken_of(draft.definition, group, field)
    return render(request, "desk/question.html", context, status=422 if form.is_bound else 200)


def tabs(draft: Draft, group: str, field: str, about: str) -> list[Link]:
    """The pages on which things are said of one question, or of a page of them; none for what is new."""
    if field:
        ways = (
            ("", _("Question"), "asked_question"),
            *((key, str(words), "asked_about") for key, words in ABOUT.items()),
        )
        args = [draft.pk, field]
    elif group:
        ways, args = (
            (("", _("Page"), "asked_page"), ("when", str(ABOUT["when"]), "page_when")),
            [draft.pk, group],
        )
    else:
        return []
    return [
        Link(
            words, reverse(f"desk:{name}", args=[*args, key] if name == "asked_about" else args), key == about
        )
        for key, words, name in ways
    ]


def spoken_of(definition: Definition, group: str, field: str) -> dict[str, Any]:
    """What the page is about: the question or the page in its words, and the page of questions as it will look."""
    here = (one for one in definition.form if one.id == group or field in {asked.id for asked in one.fields})
    page = next(here, None)
    if page is None:
        return {"title": _("Add"), "page": None}
    return {
        "title": said(definition.fields_by_id[field].label if field else page.title),
        "page": Questions(page),
    }


def taken(request: ActorRequest, draft: Draft, form: forms.Form, change: Change) -> bool:
    """Whether the draft is changed by a form; if not, each fault stands at the box it is about."""
    faults = refused(request, draft, change)
    for place, says in faults:
        box = box_of(form, place)
        form.add_error(box, says if box or not place else f"{place}: {says}")
    return not faults


# What leads to the part a form is about: `papers[2].` of `papers[2].name.vi`.
AROUND = re.compile(r"^(?:\w+\[\d+\]\.)+")


def box_of(form: forms.Form, place: str) -> str | None:
    """The box in which a field of the file is written; none for what has no box of its own."""
    inner = AROUND.sub("", place)
    names = (inner, inner.replace(".", "_"), re.split(r"[.\[]", inner)[0])
    return next((name for name in names if name in form.fields), None)


def kept(request: ActorRequest, draft: Draft, change: Change) -> list[str]:
    """Save what a change makes of a draft; what speaks against it, in the words a file gets, and then nothing is saved."""
    return [f"{place}: {says}" if place else says for place, says in refused(request, draft, change)]


def refused(request: ActorRequest, draft: Draft, change: Change) -> list[tuple[str, str]]:
    """The same, with the field of the file each fault is about."""
    try:
        actions.edit(draft, by=request.actor, definition=change(draft.definition))
    except Faulty as faulty:
        return [(fault.field, fault.message) for fault in faulty.faults]
    except Invalid as fault:
        return [("", str(fault))]
    return []

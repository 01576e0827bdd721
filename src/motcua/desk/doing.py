"""What is decided with a form: carried out, or the form says what to mend."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.utils.functional import Promise

from motcua.desk.forms import Nothing
from motcua.people.middleware import ActorRequest
from motcua.ui.forms import did


@dataclass(frozen=True)
class Act:
    """One thing that can be decided about what a page shows: how, what is said when it is done, what it asks for."""

    do: Callable[..., Any]
    done: Promise
    form: type[forms.Form] = Nothing
    knows: bool = False  # its form is told what it is about


type Acts = Mapping[str, Act]


def forms_of(acts: Acts) -> dict[str, forms.Form]:
    """The form of each, by its verb."""
    return {verb: form_of(acts, verb) for verb in acts}


def form_of(acts: Acts, verb: str, typed: Any = None, *, about: Any = None, files: Any = None) -> forms.Form:
    """The form of one; two on one page have different ids."""
    told = {"about": about} if acts[verb].knows else {}
    if files:
        told["files"] = files
    return acts[verb].form(typed, auto_id=f"id_{verb}_%s", **told)


def refused(request: ActorRequest, acts: Acts, verb: str, subject: Any) -> forms.Form | None:
    """The form that says why it could not be carried out; nothing, and the message that it is done, if it could."""
    form = form_of(acts, verb, request.POST, about=subject, files=request.FILES)
    act = acts[verb]
    if form.is_valid() and did(form, lambda: act.do(subject, by=request.actor, **form.cleaned_data)):
        messages.success(request, str(act.done))
        return None
    return form

"""Questions about readings, and complaints for the head: read them, answer them."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from motcua.desk.access import READERS, led_by, officers
from motcua.lib.actions import Invalid, may
from motcua.people.middleware import ActorRequest
from motcua.petitions import actions
from motcua.petitions.models import LONGEST, Kind, Received, State

SHOWN = 100


UPHELD = (("yes", gettext_lazy("The complaint is right")), ("no", gettext_lazy("The complaint is not right")))


class Answer(forms.Form):
    """What the person will read; of a complaint also whether it is right."""

    use_required_attribute = False

    upheld = forms.ChoiceField(
        label=gettext_lazy("What was found?"),
        help_text=gettext_lazy("Complaints that are right count in the indicators of the agency."),
        choices=UPHELD,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether the complaint is right.")},
    )

    answer = forms.CharField(
        label=gettext_lazy("The answer"),
        help_text=gettext_lazy("The person reads these words, with your name beneath."),
        widget=forms.Textarea({"rows": 6}),
        max_length=LONGEST,
        error_messages={"required": gettext_lazy("Write the answer.")},
    )

    def __init__(self, received: Received, typed: QueryDict | None = None) -> None:
        super().__init__(typed)
        if received.kind != Kind.COMPLAINT:
            del self.fields["upheld"]

    @property
    def said(self) -> dict[str, Any]:
        """As the action takes it."""
        typed = self.cleaned_data
        return {"answer": typed["answer"], "upheld": typed["upheld"] == "yes" if "upheld" in typed else None}


@require_safe
@officers
def index(request: ActorRequest) -> HttpResponseBase:
    """What waits for an answer, the most urgent first; then what was answered last."""
    led_by(request, *READERS)
    mine = Received.objects.visible_to(request.actor)
    page = {
        "waiting": mine.filter(state=State.WAITING).order_by("due_at", "pk")[:SHOWN],
        "answered": mine.filter(state=State.ANSWERED).order_by("-answered_at", "pk")[:SHOWN],
    }
    return render(request, "desk/petitions.html", page)


@require_http_methods(["GET", "POST"])
@officers
def show(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """One of them, and the form to answer it."""
    received = get_object_or_404(Received.objects.visible_to(request.actor), pk=pk)
    form = Answer(received, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.reply(received, by=request.actor, **form.said)
        except Invalid as fault:
            form.add_error("answer", str(fault))
        else:
            messages.success(request, _("The answer is on its way."))
            return redirect("desk:petitions")
    actions.open_petition(received, by=request.actor)
    page = {
        "received": received,
        "verdict": None if received.upheld is None else dict(UPHELD)["yes" if received.upheld else "no"],
        "form": form if may(request.actor, "petitions.reply", received) else None,
    }
    return render(request, "desk/petition.html", page, status=422 if form.is_bound else 200)

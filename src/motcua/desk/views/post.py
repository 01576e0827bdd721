"""Results that go by post: print the slips, hand them over, note each number."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from motcua.desk.access import led_by, officers
from motcua.desk.process import name_of
from motcua.documents.papers import Check
from motcua.documents.postal import PostLine, PostSlips
from motcua.documents.press import print_paper
from motcua.dossiers import actions, papers
from motcua.dossiers.models import Dossier
from motcua.dossiers.postings import Posting
from motcua.lib.actions import Invalid
from motcua.people.middleware import ActorRequest
from motcua.ui import words

POSTERS = ("receiver", "registrar")
SHOWN, LATELY = 50, 10


class Consignment(forms.Form):
    """The number on the post's receipt."""

    use_required_attribute = False

    waybill = forms.CharField(
        label=gettext_lazy("Number on the post's receipt"),
        max_length=40,
        error_messages={"required": gettext_lazy("Write the number on the post's receipt.")},
    )


@require_GET
@officers
def show(request: ActorRequest) -> HttpResponseBase:
    """What waits for the post, the oldest first, and what went last."""
    return shown(request)


def shown(request: ActorRequest, *, typed: Consignment | None = None, about: int = 0) -> HttpResponseBase:
    own = Posting.objects.filter(agency__in=led_by(request, *POSTERS)).with_dossiers()
    waiting = list(own.waiting()[: SHOWN + 1])
    lines = [
        (
            one,
            name_of(one.dossier),
            typed if one.pk == about and typed else Consignment(auto_id=f"id_{one.pk}_%s"),
        )
        for one in waiting[:SHOWN]
    ]
    page = {
        "lines": lines,
        "more": len(waiting) > SHOWN,
        "sent": own.filter(state=Posting.State.SENT).order_by("-sent_at")[:LATELY],
        "form": typed,
    }
    return render(request, "desk/post.html", page, status=422 if typed else 200)


@require_POST
@officers
def consign(request: ActorRequest, pk: int) -> HttpResponseBase:
    """One result is with the post."""
    posting = get_object_or_404(Posting, pk=pk, agency__in=led_by(request, *POSTERS))
    form = Consignment(request.POST, auto_id=f"id_{pk}_%s")
    if form.is_valid():
        try:
            actions.consign(posting, by=request.actor, waybill=form.cleaned_data["waybill"])
        except Invalid as fault:
            form.add_error("waybill", str(fault))
        else:
            said = _("%(name)s: with the post, number %(waybill)s. The applicant has been told.")
            messages.success(request, said % {"name": posting.name, "waybill": posting.waybill})
            return redirect("desk:post")
    return shown(request, typed=form, about=pk)


@require_GET
@officers
def slips(request: ActorRequest) -> HttpResponseBase:
    """A slip for each result that waits, and the list the post signs for; printed anew each time and not kept."""
    codes = led_by(request, *POSTERS)
    waiting = list(Posting.objects.filter(agency=codes[0]).waiting().with_dossiers()[:SHOWN])
    if not waiting:
        messages.info(request, _("Nothing waits for the post."))
        return redirect("desk:post")
    paper = PostSlips(
        office=papers.office(Dossier(agency=codes[0])),
        number="",
        on=timezone.localdate(),
        lines=tuple(
            PostLine(
                code=one.dossier.number,
                what=one.dossier.definition.name.vi,
                name=one.name,
                phone=one.phone,
                address=tuple(one.lines),
                postage=words.money(one.postage),
            )
            for one in waiting
        ),
        officer=request.actor.name,
        check=Check(url=settings.NODE.web_url, shown=""),
    )
    answer = HttpResponse(print_paper(paper, at=timezone.now()), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="phieu-gui.pdf"'
    return answer

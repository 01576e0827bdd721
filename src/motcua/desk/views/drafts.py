"""The versions of a procedure, how they differ, and the draft of the next one: written, proposed, approved."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.desk.access import KEEPERS, led_by, officers, places
from motcua.desk.beginning import owners
from motcua.desk.doing import Act, forms_of, refused
from motcua.desk.drafting import Written
from motcua.desk.forms import Change, Propose
from motcua.desk.unread import unread
from motcua.lib.actions import Can, may
from motcua.organisations.models import Agency
from motcua.people.middleware import ActorRequest
from motcua.procedures import actions, proofs
from motcua.procedures.difference import SECTIONS, differences
from motcua.procedures.going_online import goes_online, hindered
from motcua.procedures.models import Draft, Version
from motcua.procedures.reading import Place, spelled
from motcua.procedures.schema import Definition
from motcua.procedures.step_editing import keys_at
from motcua.procedures.writing import written
from motcua.ui.forms import did

ACTS = {
    "propose": Act(
        actions.propose, gettext_lazy("Proposed. Another administrator is to approve it."), Propose
    ),
    "send_back": Act(actions.send_back, gettext_lazy("Sent back to be changed."), Change),
    "approve": Act(
        actions.approve,
        gettext_lazy("Approved. It holds from its day on; dossiers filed before keep their version."),
    ),
    "discard": Act(actions.discard, gettext_lazy("The draft is given up.")),
}


@require_GET
@officers
def index(request: ActorRequest) -> HttpResponseBase:
    """What is being written, and every procedure that can be filed here."""
    led_by(request, *KEEPERS)
    language = get_language() or "vi"
    versions = (
        Version.objects.in_force(timezone.localdate()).offered().select_related("procedure").defer("content")
    )
    context = {
        "left": Version.objects.with_work_left().count(),
        "may_begin": bool(owners(request.actor)),
        "may_bring_over": bool(places(request.actor, "administrator")),
        "drafts": [(draft, draft.name_in(language)) for draft in Draft.objects.open().order_by("-begun_at")],
        "lines": [
            (version.code, version.name_in(language), version.field_in(language), version.effective_from)
            for version in versions.order_by("procedure__code")
        ],
    }
    return render(request, "desk/procedures.html", context)


@require_GET
@officers
def versions(request: ActorRequest, code: str) -> HttpResponseBase:
    """The versions of one procedure, the newest first, each with what it changed."""
    led_by(request, *KEEPERS)
    found = list(
        Version.objects.coded(code)
        .select_related("procedure")
        .order_by("-effective_from", "-pk")
        .defer("content")
    )
    if not found:
        return redirect("desk:procedures")
    context = {
        "versions": list(zip(found, [*found[1:], None], strict=True)),
        "name": found[0].name_in(get_language() or "vi"),
        "code": code,
        "draft": Draft.objects.open().filter(code=code).first(),
        "can_revise": may(request.actor, "procedures.revise", found[0]),
        "today": timezone.localdate(),
    }
    return render(request, "desk/versions.html", context)


@require_GET
@officers
def compare(request: ActorRequest, code: str, old: int, new: int) -> HttpResponseBase:
    """What one version changed against another."""
    led_by(request, *KEEPERS)
    both = Version.objects.coded(code).select_related("procedure")
    before, after = get_object_or_404(both, pk=old), get_object_or_404(both, pk=new)
    context = {
        "before": before,
        "after": after,
        "name": after.name_in(get_language() or "vi"),
        "changes": differences(before.definition, after.definition),
    }
    return render(request, "desk/difference.html", context)


@require_GET
@officers
def file(request: ActorRequest, code: str, pk: int) -> HttpResponseBase:
    """A version as its file."""
    led_by(request, *KEEPERS)
    version = get_object_or_404(Version.objects.coded(code), pk=pk)
    return as_file(version.definition)


@require_POST
@officers
def revise(request: ActorRequest, code: str) -> HttpResponseBase:
    """Begin the draft of the next version, or go on with the one that is open."""
    version = get_object_or_404(Version.objects.latest().coded(code).select_related("procedure"))
    return redirect("desk:draft", actions.revise(version, by=request.actor).pk)


@require_GET
@officers
def show(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """A draft: what it changes, what still keeps it from being used, and what can be done with it."""
    return render(request, "desk/draft.html", picture(request, opened(request, pk)))


@require_http_methods(["GET", "POST"])
@officers
def write(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The draft as a file, to be written in the browser."""
    draft = opened(request, pk)
    typed, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = Written(typed, files, initial={"text": written(draft.definition)})
    if form.is_valid() and did(
        form, lambda: actions.edit(draft, by=request.actor, definition=form.content), field="text"
    ):
        messages.success(request, _("The draft is saved."))
        return redirect("desk:draft", pk)
    context = {"draft": draft, "form": form, "name": name_of(draft)}
    return render(request, "desk/write.html", context, status=422 if form.is_bound else 200)


@require_GET
@officers
def download(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The draft as its file."""
    return as_file(opened(request, pk).definition)


@require_POST
@officers
def decide(request: ActorRequest, pk: UUID, verb: str) -> HttpResponseBase:
    """Propose, send back, approve or give up a draft."""
    draft = opened(request, pk)
    form = refused(request, ACTS, verb, draft)
    if form is None:
        return redirect("desk:draft", pk)
    page = picture(request, draft) | {"refused": form, verb: form}
    return render(request, "desk/draft.html", page, status=422)


def opened(request: ActorRequest, pk: UUID) -> Draft:
    led_by(request, *KEEPERS)
    return get_object_or_404(Draft.objects.select_related("base__procedure"), pk=pk)


def name_of(draft: Draft) -> str:
    return draft.definition.name.said_in(get_language() or "vi")


def picture(request: ActorRequest, draft: Draft) -> dict[str, Any]:
    """All the page shows."""
    draft.refresh_from_db(fields=["state"])
    definition = draft.definition
    return {
        "draft": draft,
        "name": name_of(draft),
        "definition": definition,
        "changes": differences(draft.before, definition) if draft.before else [],
        "faults": [faulty(draft, place, says) for place, says in proofs.blocking(definition)],
        "untranslated": sum(1 for _fault in proofs.untranslated(definition)),
        "opens": goes_online(draft.before, definition),
        "hindered": hindered(draft.before, definition, timezone.localdate()),
        "can": Can(request.actor, draft, "procedures"),
        "unread": unread(draft),
        "owner": Agency.objects.filter(code=draft.owner).first() if draft.owner else None,
        **forms_of(ACTS),
    }


# On which page of the draft a part is written; all others on that of the facts.
PAGES = {
    "cases": "cases",
    "papers": "draft_papers",
    "channels": "ways",
    "fees": "ways",
    "terms": "ways",
    "steps": "steps",
    "pattern": "steps",
    "form": "questions",
    "exemptions": "exemptions",
    "cut_off": "ways",
}

# On which page of a question what is said of it is written.
ASKED = {"when": "when", "prefill": "filled", "prefill_when": "filled", "checks": "held", "pattern": "held"}


def faulty(draft: Draft, place: Place, says: str) -> tuple[str, str, str, str]:
    """What is to be mended: the part in words, its place in the file, what is wrong, and the address where it is written."""
    part = str(place[0]) if place else ""
    words = str(SECTIONS.get(part, part))
    return words, spelled(place), says, mending(draft, part, place)


def mending(draft: Draft, part: str, place: Place) -> str:
    """The page on which a place of the file is written: of one paper, one step and one question their own."""
    match place:
        case ("papers", int(number), *_rest):
            return reverse("desk:asked_paper_of", args=[draft.pk, draft.definition.papers[number].id])
        case ("steps", *_rest) if keys := keys_at(draft.definition, place)[0]:
            return reverse("desk:asked_step", args=[draft.pk, ".".join(keys)])
        case ("exemptions", int(number), *_rest):
            return reverse("desk:exemption", args=[draft.pk, draft.definition.exemptions[number].id])
        case ("form", int(number), "fields", int(field), *rest):
            id_ = draft.definition.form[number].fields[field].id
            about = ASKED.get(str(rest[0]) if rest else "")
            return reverse(
                "desk:asked_about" if about else "desk:asked_question",
                args=[draft.pk, id_, *([about] if about else [])],
            )
        case ("form", int(number), "when" | "cases"):
            return reverse("desk:page_when", args=[draft.pk, draft.definition.form[number].id])
    return reverse(f"desk:{PAGES.get(part, 'facts')}", args=[draft.pk])


def as_file(definition: Definition) -> HttpResponse:
    """The file of a definition, to be kept."""
    return HttpResponse(
        written(definition),
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{definition.code}.yaml"'},
    )

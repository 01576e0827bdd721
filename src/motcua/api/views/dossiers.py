"""The agency's dossiers: read them, bring them in."""

from typing import Any
from uuid import UUID, uuid5

from django.db.models import Q
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.api import showing
from motcua.api.door import Call
from motcua.api.operations import operation
from motcua.api.pages import cut, next_page
from motcua.api.scopes import Scope
from motcua.api.shapes import dossiers as shapes
from motcua.documents.models import Document
from motcua.documents.serving import handed_out, served
from motcua.dossiers import actions
from motcua.dossiers.actions.counter import Brought, Verdict
from motcua.dossiers.models import Dossier, DossierQuerySet
from motcua.dossiers.states import Way
from motcua.lib.actions import Invalid
from motcua.procedures.offered import offered_under

ABOUT = "dossiers"


@operation(
    "GET",
    "/dossiers",
    gettext_lazy("The agency's dossiers, the latest first"),
    about=ABOUT,
    scope=Scope.READ,
    query=shapes.Dossiers,
    gives=shapes.DossierPage,
)
def list_dossiers(call: Call) -> shapes.DossierPage:
    """By state, procedure, code or days of arrival; one page after another by `next`."""
    asked = call.query
    held = own(call).filter(agency__in=call.agencies) if asked.agency else own(call)
    rows = held.with_procedures().filter(**named(asked)).order_by("-arrived_at", "-id")
    if asked.after:
        last = held.filter(pk=asked.after).values_list("arrived_at", flat=True).first()
        # The bound alone says nothing new; by it the index is entered where the page begins, however far back that is.
        beyond = Q(arrived_at__lte=last) & (Q(arrived_at__lt=last) | Q(pk__lt=asked.after))
        rows = rows.filter(beyond) if last else rows.none()
    dossiers, more = cut(list(rows[: asked.limit + 1]), asked.limit)
    after = next_page(call, after=dossiers[-1].pk) if more else None
    return shapes.DossierPage(items=[showing.brief(one) for one in dossiers], next=after)


def named(asked: shapes.Dossiers) -> dict[str, Any]:
    """What was asked for, as the database is asked."""
    wanted = {
        "state": asked.state,
        "version__procedure__code": asked.procedure,
        "code": asked.code,
        "arrived_at__date__gte": asked.arrived_from,
        "arrived_at__date__lte": asked.arrived_until,
    }
    return {name: value for name, value in wanted.items() if value is not None}


@operation(
    "GET",
    "/dossiers/{dossier}",
    gettext_lazy(
        "One dossier: answers, papers, steps, documents, fee, story, and what this machine can do now"
    ),
    about=ABOUT,
    scope=Scope.READ,
    gives=shapes.Dossier,
)
def show_dossier(call: Call, dossier: UUID) -> shapes.Dossier:
    """Of agencies where the machine acts only; others' do not exist here."""
    found = own(call).with_procedures().get(pk=dossier)
    actions.open_dossier(found, by=call.actor)
    return showing.in_full(found, call.client)


@operation(
    "GET",
    "/dossiers/{dossier}/documents/{document}",
    gettext_lazy("A form or a result that was made out for a dossier, as PDF"),
    about=ABOUT,
    scope=Scope.READ,
)
def show_document(call: Call, dossier: UUID, document: UUID) -> HttpResponseBase:
    """The bytes, compared with their digest."""
    found = own(call).get(pk=dossier)
    held = Document.objects.about(found).get(pk=document)
    actions.open_dossier(found, by=call.actor)
    return handed_out(held)


@operation(
    "GET",
    "/dossiers/{dossier}/papers/{digest}",
    gettext_lazy("A paper the applicant gave"),
    about=ABOUT,
    scope=Scope.READ,
)
def show_paper(call: Call, dossier: UUID, digest: str) -> HttpResponseBase:
    """The bytes, compared with their digest."""
    found = own(call).get(pk=dossier)
    held = found.papers.exclude(digest="").filter(digest=digest).first()
    if held is None:
        raise Dossier.DoesNotExist
    actions.open_paper(found, by=call.actor, paper=held)
    return served(held.digest, held.media, held.name)


@operation(
    "POST",
    "/dossiers",
    gettext_lazy("Bring in a dossier; it waits for the desk to receive it"),
    about=ABOUT,
    scope=Scope.FILE,
    body=shapes.NewDossier,
    gives=shapes.DossierLine,
    status=201,
    is_deed=True,
)
def bring_dossier(call: Call) -> shapes.DossierLine:
    """Its identifier follows from the machine and the idempotency key: tried again, it is the same dossier."""
    pk = uuid5(call.client.pk, call.key)
    with call.once() as is_first:
        if not is_first:
            return showing.brief(own(call).with_procedures().get(pk=pk))
        dossier = laid_down(call, pk)
        brought = Brought(call.body.answers, papers_of(call, dossier), Verdict.WAIT)
        actions.receive(dossier, by=call.actor, brought=brought)
    return showing.brief(dossier)


def laid_down(call: Call, pk: UUID) -> Dossier:
    """The dossier before it is taken; raises Invalid for a procedure or case that cannot be filed."""
    given, now = call.body, timezone.now()
    version = offered_under.first(given.procedure, timezone.localdate())
    if version is None:
        raise Invalid(
            _("Procedure %(code)s cannot be filed here.") % {"code": given.procedure}, field="procedure"
        )
    cases = [case.id for case in version.definition.cases]
    if given.case not in cases and (cases or given.case):
        raise Invalid(_("Choose one of: %(expected)s.") % {"expected": ", ".join(cases)}, field="case")
    bringer = {"name": given.brought_by} if given.brought_by else {}
    return Dossier(
        pk=pk,
        version=version,
        case=given.case or "",
        channel=Way(given.way).channel,
        agency=call.agency,
        origin=call.agency,
        applicant_name=given.applicant.name.strip(),
        applicant_number=given.applicant.number,
        contact=given.contact.model_dump(),
        filing={"way": given.way, **bringer},
        sent_at=now,
        arrived_at=now,
    )


def papers_of(call: Call, dossier: Dossier) -> list[dict[str, Any]]:
    """The papers as a dossier keeps them; a digest must name a file this machine has brought in."""
    given = call.body.papers
    known = {one.id: one.name.vi for one in dossier.definition.papers} | {"other": ""}
    if strange := [one.paper for one in given if one.paper not in known]:
        raise Invalid(
            _("This procedure asks for no such paper: %(papers)s. What it does not name is `other`.")
            % {"papers": ", ".join(strange)},
            field="papers",
        )
    digests = {one.digest for one in given if one.digest}
    files = files_of(call, digests) if digests else {}
    if missing := sorted(digests - set(files)):
        raise Invalid(
            _("Bring in the file first (PUT /api/v1/files/…): %(digests)s") % {"digests": ", ".join(missing)},
            field="papers",
        )
    nothing = {"media": "", "size": 0, "digest": ""}
    return [
        {
            "paper": one.paper,
            **files.get(one.digest or "", nothing),
            "name": (known[one.paper] or one.name or one.paper)[:200],
            "copy": one.copy_,
        }
        for one in given
    ]


def files_of(call: Call, digests: set[str]) -> dict[str, dict[str, Any]]:
    """Of these digests, the files this machine has brought in."""
    held = Document.objects.filter(owner=call.client.urn, digest__in=digests)
    return {one["digest"]: dict(one) for one in held.values("digest", "media", "size")}


def own(call: Call) -> DossierQuerySet:
    """The dossiers of the machine's agency, and of those below it if it acts there."""
    return Dossier.objects.visible_to(call.actor)

"""What the state already knows: read once, filled in where it answers a question, laid in where it proves a paper."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers import actions, proving
from motcua.dossiers.models import Application
from motcua.dossiers.states import Reuse
from motcua.exchange.calls import Denied, Unreachable
from motcua.lib.actions import Invalid
from motcua.people.middleware import ActorRequest
from motcua.portal.sources import ACCOUNT
from motcua.procedures.answers import Unreadable, answer
from motcua.procedures.schema import Answer, Definition, FormField, Group
from motcua.procedures.services import BUSINESS, FIRST
from motcua.sharing.asking import NotKnown, read
from motcua.sharing.registers import keeper_of, name_of

LONGEST_PURPOSE = 200
# The page where an organisation says who files on its behalf.
ORGANISATION = "organisation"


def readable(definition: Definition) -> list[str]:
    """The services this procedure would have read: at its beginning, in their order, then once the form says of whom."""
    prefilled = {(field.prefill or "").rpartition(".")[0] for field in definition.fields_by_id.values()}
    proven = {paper.unnecessary_if or "": True for paper in definition.papers if paper.upload}
    first = [service for service in FIRST if service in prefilled | proven.keys()]
    return [*first, *(service for service in proven if service not in FIRST and name_of(service))]


def registers(definition: Definition) -> str:
    """The registers that would be read, in words; nothing where there is none."""
    return _(" and ").join(dict.fromkeys(name_of(service) for service in readable(definition)))


def wanted(application: Application) -> list[str]:
    """The services to be read now: of a business no person's register knows anything, so none is asked."""
    services = [service for service in readable(application.definition) if service in FIRST]
    if application.mandate and application.mandate.is_of_business:
        return [service for service in services if service == BUSINESS]
    return services


def consent(request: ActorRequest, application: Application, *, may_read: bool) -> None:
    """Note for each register what the person said, and read those they allow."""
    for service in readable(application.definition):
        actions.consent(application, by=request.actor, service=service, may_read=may_read)
    say_who_files(request, application)
    if may_read:
        read_registers(request, application)


def read_registers(request: ActorRequest, application: Application) -> None:
    """Read the records of whose matter it is and use what they answer; where that fails, keep why, in words.

    What was read stays with the visit, not with the draft: pages still to come may depend on answers yet to be given.
    """
    kept: dict[str, Any] = {"answers": {}, "troubles": [], "at": timezone.now().isoformat()}
    for service in wanted(application):
        try:
            kept["answers"][service] = ask(request, application, service)
        except NotKnown as reason:
            kept["troubles"].append({"register": name_of(service), "unknown": str(reason)})
        except (Unreachable, Denied):
            kept["troubles"].append({"register": name_of(service)})
    request.session[key_of(application)] = kept
    prefill(request, application)
    prove(request, application, kept["answers"])


def say_who_files(request: ActorRequest, application: Application) -> None:
    """For a business its account's own holder files: who that is they have told us already, and no register is asked."""
    if not (application.mandate and application.mandate.is_of_business):
        return
    account = application.account
    known = {
        "applicant_name": account.name,
        "applicant_number": account.username,
        "applicant_phone": account.phone,
        "applicant_email": account.email,
    }
    for group in application.definition.groups_for(application.case, application.answers):
        if group.id == ORGANISATION:
            fields = [field for field in group.fields if not application.answers.get(field.id)]
            values = {
                field.id: value
                for field in fields
                if (value := fitting(field, known.get(field.id), application)) is not None
            }
            source = {"service": ACCOUNT, "at": timezone.now().isoformat()}
            if values:
                actions.fill(application, by=request.actor, group=group.id, answers=values, source=source)


def read_rest(request: ActorRequest, application: Application) -> None:
    """The form is filled in: what it now lets a register prove is read under the consent given at the beginning of this visit.

    What a register does not know, or does not answer now, is not asked for again by itself: the page of papers offers it.
    """
    kept = told(request, application)
    if "answers" not in kept:
        return
    read_for = application.attachments.filter(reuse=Reuse.REGISTER).values_list("paper", flat=True)
    known, tried, reader = set(read_for), kept.get("tried", []), reader_of(request, application)
    for asked in list(provable(application)):
        once = [asked.service, asked.params]
        if asked.paper.id in known or once in tried:
            continue
        tried = [*tried, once]
        try:
            answer = proving.printed(asked, proving.ask(asked, reader), reader)
            actions.prove(application, by=request.actor, asked=asked, answer=answer)
        except (NotKnown, Invalid, Unreachable, Denied):
            continue
    request.session[key_of(application)] = kept | {"tried": tried}


def ask(request: ActorRequest, application: Application, service: str) -> dict[str, Any]:
    """The record as the register tells it. Raises NotKnown, Unreachable, Denied."""
    return read(
        service,
        {FIRST[service]: application.principal_number},
        sender=settings.NODE.agency,
        to=keeper_of(service),
        purpose=purpose_of(application),
        dossier=str(application.pk),
        by=request.actor,
    )


def purpose_of(application: Application) -> str:
    """What the register writes into its log, always in Vietnamese; under a mandate, by which, so that its principal sees it."""
    name, mandate = application.definition.name.vi, application.mandate
    by_which = f" (nộp thay, số {mandate.number})" if mandate else ""
    return name[: LONGEST_PURPOSE - len(by_which)] + by_which


def told(request: HttpRequest, application: Application) -> dict[str, Any]:
    """What the registers said, or why they did not; nothing if they were not asked on this visit."""
    found: dict[str, Any] = request.session.get(key_of(application), {})
    return found


def prefill(request: ActorRequest, application: Application) -> None:
    """Fill in what the registers know; after an answer it may be more: who is the mother, whose household it is."""
    kept = told(request, application)
    for service, known in kept.get("answers", {}).items():
        source = {"service": service, "at": kept["at"]}
        for group in application.definition.groups_for(application.case, application.answers):
            values = {
                field.id: value
                for field in wanting(group, application)
                if service_of(field) == service and (value := value_of(field, known, application)) is not None
            }
            if values:
                actions.fill(application, by=request.actor, group=group.id, answers=values, source=source)


def wanting(group: Group, application: Application) -> list[FormField]:
    """The questions of a page that stand empty and that a register could answer now."""
    services = wanted(application)
    return [
        field
        for field in group.fields
        if service_of(field) in services
        and application.answers.get(field.id) in {None, ""}
        and (field.prefill_when is None or field.prefill_when.holds(application.answers))
    ]


def service_of(field: FormField) -> str:
    """`population.person.full_name` → `population.person`."""
    return (field.prefill or "").rpartition(".")[0]


def value_of(field: FormField, known: dict[str, Any], application: Application) -> Answer:
    """What the register says, if it is an answer to this question at all."""
    return fitting(field, known.get((field.prefill or "").rpartition(".")[2]), application)


def fitting(field: FormField, value: Any, application: Application) -> Answer:
    """What is known, if it is an answer to this question at all."""
    if value in {None, ""}:
        return None
    try:
        return answer(field, value, application.answers, timezone.localdate())
    except Unreadable:
        return None


def prove(request: ActorRequest, application: Application, answers: dict[str, Any]) -> None:
    """Lay in what was just read for each paper it stands for."""
    reader = reader_of(request, application)
    for asked in provable(application):
        if asked.params == {FIRST.get(asked.service): application.principal_number} and (
            known := answers.get(asked.service)
        ):
            paper = proving.printed(asked, known, reader)
            actions.prove(application, by=request.actor, asked=asked, answer=paper)


def provable(application: Application) -> Iterator[proving.Question]:
    """The papers that would have to be sent, and that a register could prove now."""
    is_of_business = application.mandate is not None and application.mandate.is_of_business
    facts = application.facts()
    for paper in application.definition.papers_for(application.case, "online"):
        asked = proving.question(paper, facts) if paper.upload else None
        if asked and (not is_of_business or asked.service == BUSINESS):
            yield asked


def reader_of(request: ActorRequest, application: Application) -> proving.Reader:
    """Who reads in place of a paper: the person at the portal, and it is they who are told."""
    return proving.Reader(
        by=request.actor,
        agency=settings.NODE.agency,
        agency_name=settings.NODE.title_vi,
        purpose=purpose_of(application),
        dossier=str(application.pk),
        told_to=application.principal_number,
    )


def forget(request: HttpRequest, application: Application) -> None:
    """What was read is no longer needed."""
    request.session.pop(key_of(application), None)


def key_of(application: Application) -> str:
    """Where the session keeps what was read for this application."""
    return f"register:{application.pk}"

"""What the state already knows: the record of whose matter it is, read once, and filled in wherever it answers a question."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers import actions
from motcua.dossiers.models import Application
from motcua.exchange.calls import Denied, Unreachable
from motcua.people.middleware import ActorRequest
from motcua.procedures.answers import Unreadable, answer
from motcua.procedures.schema import Answer, FormField, Group
from motcua.sharing.asking import NotKnown, read

SERVICE, REGISTER, HOLDER = "population.person", "population.person.", "G01"
LONGEST_PURPOSE = 200


def read_register(request: ActorRequest, application: Application) -> None:
    """Read the record of whose matter it is and fill in what it answers; if that fails, keep why, in words.

    Of a business it knows nothing, so it is not asked.

    What was read stays with the visit, not with the draft: pages still to come may depend on answers yet to be given.
    """
    if application.mandate and application.mandate.is_of_business:
        return
    try:
        kept: dict[str, Any] = {"answer": ask(request, application), "at": timezone.now().isoformat()}
    except NotKnown as reason:
        kept = {"unknown": str(reason)}
    except (Unreachable, Denied):
        kept = {
            "unreachable": _(
                "The population register does not answer just now. You can fill in by hand, or try again."
            )
        }
    request.session[key_of(application)] = kept
    prefill(request, application)


def ask(request: ActorRequest, application: Application) -> dict[str, Any]:
    """The record as the register tells it. Raises NotKnown, Unreachable, Denied."""
    return read(
        SERVICE,
        {"personal_number": application.principal_number},
        sender=settings.NODE.agency,
        to=HOLDER,
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
    """What the register said, or why it did not; nothing if it was not asked on this visit."""
    found: dict[str, Any] = request.session.get(key_of(application), {})
    return found


def prefill(request: ActorRequest, application: Application) -> None:
    """Fill in what the register knows; after an answer it may be more: who is the mother, whose household it is."""
    kept = told(request, application)
    known = kept.get("answer")
    if not known:
        return
    source = {"service": SERVICE, "at": kept["at"]}
    for group in application.definition.groups_for(application.case, application.answers):
        values = {field.id: value_of(field, known, application) for field in wanting(group, application)}
        values = {id_: value for id_, value in values.items() if value is not None}
        if values:
            actions.fill(application, by=request.actor, group=group.id, answers=values, source=source)


def wanting(group: Group, application: Application) -> list[FormField]:
    """The questions of a page that stand empty and that the register could answer now."""
    return [
        field
        for field in group.fields
        if (field.prefill or "").startswith(REGISTER)
        and application.answers.get(field.id) in {None, ""}
        and (field.prefill_when is None or field.prefill_when.holds(application.answers))
    ]


def value_of(field: FormField, known: dict[str, Any], application: Application) -> Answer:
    """What the register says, if it is an answer to this question at all."""
    value = known.get((field.prefill or "").removeprefix(REGISTER))
    if value in {None, ""}:
        return None
    try:
        return answer(field, value, application.answers, timezone.localdate())
    except Unreadable:
        return None


def forget(request: HttpRequest, application: Application) -> None:
    """What was read is no longer needed."""
    request.session.pop(key_of(application), None)


def key_of(application: Application) -> str:
    """Where the session keeps what was read for this application."""
    return f"register:{application.pk}"

"""Never ask what the state already knows: read the register once, and fill in what it says, page by page."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers import actions
from motcua.dossiers.models import Application
from motcua.exchange.calls import Denied, Unreachable
from motcua.lib.actors import Actor
from motcua.procedures.schema import FormField, Group
from motcua.sharing.asking import NotKnown, read

SERVICE, REGISTER, HOLDER = "population.person", "population.person.", "G01"


def read_register(request: HttpRequest, application: Application, *, by: Actor, sender: str) -> None:
    """Read the applicant's own record and keep it with the session; if that fails, keep why, in words."""
    key = key_of(application)
    try:
        request.session[key] = {
            "answer": read(
                SERVICE,
                {"personal_number": application.account.username},
                sender=sender,
                to=HOLDER,
                purpose=application.version.definition.name.vi,
                dossier=str(application.pk),
                by=by,
            ),
            "at": timezone.now().isoformat(),
        }
    except NotKnown as reason:
        request.session[key] = {"unknown": str(reason)}
    except (Unreachable, Denied):
        request.session[key] = {
            "unreachable": _(
                "The population register does not answer just now. You can fill in by hand, or try again."
            )
        }


def told(request: HttpRequest, application: Application) -> dict[str, Any]:
    """What the register said, or why it did not."""
    found: dict[str, Any] = request.session.get(key_of(application), {})
    return found


def prefill(request: HttpRequest, application: Application, group: Group, *, by: Actor) -> None:
    """Fill in what the register knows for one page; what the citizen has answered stays."""
    kept = told(request, application)
    known = kept.get("answer", {})
    values = {
        field.id: known[name]
        for field in group.fields
        if (name := known_by(field, application))
        and known.get(name)
        and not application.answers.get(field.id)
    }
    if values:
        actions.fill(
            application, by=by, group=group.id, answers=values, source={"service": SERVICE, "at": kept["at"]}
        )


def known_by(field: FormField, application: Application) -> str:
    """The item of the register this field is filled from now, or nothing."""
    if not field.prefill or not field.prefill.startswith(REGISTER):
        return ""
    if field.prefill_when is not None and not field.prefill_when.holds(application.answers):
        return ""
    return field.prefill.removeprefix(REGISTER)


def key_of(application: Application) -> str:
    """Where the session keeps what was read for this application."""
    return f"register:{application.pk}"

"""Let a machine call, give it a new secret, end it."""

import secrets
from collections.abc import Sequence
from hashlib import sha256

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.api.events import ClientChanged, ClientEnded, ClientPassedOn, ClientRegistered, SecretRenewed
from motcua.api.models import Client
from motcua.api.rules import agency_administrator
from motcua.api.scopes import Scope
from motcua.journal.actions import record, record_many
from motcua.lib.actions import Invalid, NotNow, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.organisations.estates import Passing
from motcua.organisations.models import Agency


@action(who=system | agency_administrator)
def register(client: Client, *, by: Actor) -> str:
    """A machine of an agency may call from now on; return its secret, which is nowhere kept."""
    if not Agency.objects.in_force().filter(code=client.agency).exists():
        raise Invalid(_("There is no agency %(code)s today.") % {"code": client.agency}, field="agency")
    check_scopes(client.scopes)
    if not client.name.strip():
        raise Invalid(_("Give the machine a name people will know it by."), field="name")
    secret = new_secret(client)
    client.save(force_insert=True)
    told = (client.agency, client.name, " ".join(client.scopes), client.below)
    record(ClientRegistered(*told), about=client, by=by)
    return secret


@action(who=system | agency_administrator)
def change(
    client: Client, *, by: Actor, scopes: Sequence[str], per_minute: int, below: bool | None = None
) -> None:
    """A machine may do something else, or call more or less often; tokens it has may do no more than it may itself.

    `below`: whether it acts at the agencies below its own as well; None leaves that as it is.
    """
    if client.is_ended:
        raise NotNow(_("This machine may no longer call."))
    check_scopes(scopes)
    if per_minute < 1:
        raise Invalid(_("At least one call a minute."), field="per_minute")
    wanted = (set(scopes), per_minute, client.below if below is None else below)
    if (set(client.scopes), client.per_minute, client.below) == wanted:
        return
    client.scopes, client.per_minute, client.below = list(scopes), *wanted[1:]
    client.save()
    told = (client.agency, " ".join(client.scopes), per_minute, client.below)
    record(ClientChanged(*told), about=client, by=by)


def check_scopes(scopes: Sequence[str]) -> None:
    """At least one, and none that is not known. Raises Invalid."""
    known = {scope.value for scope in Scope}
    if not scopes or set(scopes) - known:
        raise Invalid(
            _("Name one or more of: %(scopes)s.") % {"scopes": ", ".join(sorted(known))}, field="scopes"
        )


@action(who=system | agency_administrator)
def renew_secret(client: Client, *, by: Actor) -> str:
    """A machine gets a new secret; the old one and the tokens made with it are worth nothing at once."""
    if client.is_ended:
        raise NotNow(_("This machine may no longer call."))
    client.generation += 1
    secret = new_secret(client)
    client.save()
    record(SecretRenewed(client.agency), about=client, by=by)
    return secret


@action(who=system, locks=False)
def pass_on(passing: Passing, *, by: Actor) -> int:
    """An agency ends: its machines are those of who follows it, with the same secret, scopes and subscriptions."""
    rows = list(Client.objects.in_force().select_for_update().filter(agency=passing.old).order_by("pk"))
    Client.objects.filter(pk__in=[one.pk for one in rows]).update(agency=passing.new)
    if rows:
        record_many([(ClientPassedOn(passing.old, passing.new), one.urn) for one in rows], by=by)
    return len(rows)


@action(who=system | agency_administrator)
def end(client: Client, *, by: Actor) -> None:
    """A machine may no longer call; what it was told about stops as well."""
    if client.is_ended:
        return
    client.ended_at = timezone.now()
    client.save()
    record(ClientEnded(client.agency), about=client, by=by)


def new_secret(client: Client) -> str:
    """Draw 256 bits; one round of SHA-256 keeps them, since nobody can guess what nobody has thought up."""
    secret = secrets.token_urlsafe(32)
    client.secret = digest(secret)
    return secret


def digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()

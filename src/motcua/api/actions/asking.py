"""Each call is counted, and each deed done once: one statement for either."""

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.api.models import Asked, Client
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.lib.statements import prepared

KEPT = timedelta(days=7)

# The machine, if it may still call, and how often it has in this minute.
ADMIT = """
WITH known AS (
    SELECT id, agency, below, name, scopes, generation, per_minute FROM api_client WHERE id = %s AND ended_at IS NULL
), counted AS (
    INSERT INTO api_allowance AS a (client, minute, used) SELECT id, %s, 1 FROM known
    ON CONFLICT (client) DO UPDATE SET
        used = CASE WHEN a.minute = excluded.minute THEN a.used + 1 ELSE 1 END, minute = excluded.minute
    RETURNING used
)
SELECT known.id, agency, below, name, scopes, generation, per_minute, used FROM known, counted
"""

ADMITTED = ("id", "agency", "below", "name", "scopes", "generation", "per_minute")

# A second request under the same key waits here until the first has committed.
REMEMBER = """
INSERT INTO api_asked (client_id, key, digest, made, at) VALUES (%s, %s, %s, '', now())
ON CONFLICT (client_id, key) DO NOTHING RETURNING true
"""


class Admitted(NamedTuple):
    """A machine at the door, and how often it has called in this minute."""

    client: Client
    used: int


def admit(client: UUID, *, minute: int) -> Admitted | None:
    """Count a call; None if there is no such machine or it may no longer call."""
    with prepared() as cursor:
        cursor.execute(ADMIT, [client, minute])
        row = cursor.fetchone()
    if row is None:
        return None
    *known, used = row
    return Admitted(Client.from_db("default", ADMITTED, known), used)


def remember(client: Client, *, key: str, digest: bytes) -> bool:
    """Whether this deed is asked for the first time; raises Invalid if the key was used for another one."""
    with prepared() as cursor:
        cursor.execute(REMEMBER, [client.pk, key, digest])
        if cursor.fetchone():
            return True
    before = Asked.objects.values_list("digest", flat=True).get(client=client, key=key)
    if bytes(before) != digest:
        raise Invalid(
            _("This idempotency key was used for another request. Take a new key for each deed."),
            field="Idempotency-Key",
        )
    return False


def note_made(client: Client, *, key: str, made: Any) -> None:
    """What a deed made, to be shown to who asks for it again."""
    Asked.objects.filter(client=client, key=key).update(made=str(made))


def made_before(client: Client, *, key: str) -> str:
    """The key of what the deed made when it was done; empty if it made nothing."""
    return Asked.objects.values_list("made", flat=True).get(client=client, key=key)


@action(who=system)
def forget_old(before: timedelta, *, by: Actor) -> int:
    """Keys older than this are forgotten; return how many."""
    gone, _rows = Asked.objects.filter(at__lt=timezone.now() - before).delete()
    return gone

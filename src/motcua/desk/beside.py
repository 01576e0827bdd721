"""What stands beside a dossier on its page: one query for all that is only shown, whoever of them there are."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from motcua.desk.process import office
from motcua.dossiers.models import Dossier, Paper, Segment
from motcua.exchange.questions import Progress, progress_of
from motcua.lib.statements import prepared
from motcua.organisations.models import Agency
from motcua.payments.models import Charge

# Whose it is, its papers, the clock, notes, other agencies that were asked, names of those that hold steps, the latest charge, and
# which message carries the latest request of each step.
BESIDE = """
SELECT json_build_object(
    'owners', (SELECT json_agg(id) FROM people_account WHERE username = ANY(%(numbers)s)),
    'papers', (SELECT json_agg(given ORDER BY added_at, id) FROM dossiers_paper given WHERE dossier_id = %(id)s),
    'segments', (
        SELECT json_agg(json_build_object('kind', kind, 'cause', cause, 'began_at', began_at, 'ended_at', ended_at)
            ORDER BY id)
        FROM dossiers_segment WHERE dossier_id = %(id)s),
    'notes', (
        SELECT json_agg(json_build_object('text', note.text, 'author', author.name, 'at', note.added_at)
            ORDER BY note.added_at DESC, note.id DESC)
        FROM dossiers_note note JOIN people_account author ON author.id = note.author_id WHERE note.dossier_id = %(id)s),
    'asked', (
        SELECT json_agg(json_build_object('id', id, 'agency_name', agency_name, 'question', question, 'state', state,
            'verdict', verdict, 'answer', answer, 'due_at', due_at, 'answered_by', answered_by, 'file', file)
            ORDER BY asked_at, id)
        FROM opinions_inquiry WHERE subject = %(urn)s),
    'agencies', (
        SELECT json_agg(json_build_object('code', code, 'name_vi', name_vi, 'name_en', name_en, 'short_name', short_name))
        FROM organisations_agency WHERE code IN (SELECT agency FROM dossiers_step WHERE dossier_id = %(id)s)),
    'charge', (
        SELECT json_build_object('id', id, 'code', code, 'payee', payee, 'note', note, 'amount', amount, 'paid', paid,
            'state', state)
        FROM payments_charge WHERE subject = %(urn)s ORDER BY raised_at DESC, id DESC LIMIT 1),
    'messages', (
        SELECT json_object_agg(split_part(correlation, ':', 3), message ORDER BY asked_at)
        FROM sharing_request WHERE correlation LIKE %(requests)s)
)::text
"""


@dataclass(frozen=True)
class Beside:
    """All of it, as the page draws it."""

    owners: Sequence[UUID]
    papers: Sequence[Paper]
    segments: Sequence[Segment]
    notes: Sequence[Mapping[str, Any]]
    asked: Sequence[dict[str, Any]]
    offices: Mapping[str, str]
    charge: Charge | None
    messages: Mapping[str, UUID]

    def progress(self, keys: Sequence[str]) -> dict[str, Progress]:
        """How far the requests of these steps are on their way, by the steps' keys; one more query if there are any."""
        wanted = {key: self.messages[key] for key in keys if key in self.messages}
        known = progress_of(wanted.values())
        return {key: known[message] for key, message in wanted.items() if message in known}


def beside(dossier: Dossier) -> Beside:
    """Ask for it; of a dossier that the one who looks may open."""
    numbers = [dossier.applicant_number, dossier.filing.get("number", "")]
    given: dict[str, Any] = {
        "id": dossier.pk,
        "urn": dossier.urn,
        "numbers": [number for number in numbers if number],
        "requests": f"{dossier.urn}:%",
    }
    with prepared() as cursor:
        cursor.execute(BESIDE, given)
        found = json.loads(cursor.fetchone()[0])
    return Beside(
        owners=[UUID(one) for one in found["owners"] or ()],
        papers=[
            Paper(**one | {"added_at": datetime.fromisoformat(one["added_at"])})
            for one in found["papers"] or ()
        ],
        segments=[segment(one) for one in found["segments"] or ()],
        notes=[one | {"at": datetime.fromisoformat(one["at"])} for one in found["notes"] or ()],
        asked=found["asked"] or [],
        offices={one["code"]: office(Agency(**one)) for one in found["agencies"] or ()},
        charge=Charge(**found["charge"]) if found["charge"] else None,
        messages={key: UUID(one) for key, one in (found["messages"] or {}).items() if one},
    )


def segment(told: Mapping[str, Any]) -> Segment:
    """A stretch of the clock, read again from its text."""
    ended = told["ended_at"]
    return Segment(
        kind=told["kind"],
        cause=told["cause"],
        began_at=datetime.fromisoformat(told["began_at"]),
        ended_at=datetime.fromisoformat(ended) if ended else None,
    )

"""The counts of the work list, all of them from one query: heaps of open dossiers, and the officer's saved filters."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils import timezone

from motcua.desk.worklist import ACTING, RUNNING, Days
from motcua.dispatches.models.routing import HEADS
from motcua.dossiers.states import OPEN, PAUSED, State
from motcua.lib.actors import Actor
from motcua.lib.statements import prepared
from motcua.organisations.models import Agency

# Whether a dossier is as wanted: the same that `worklist.having` asks for, read from the JSON of an address or of a
# saved filter, so that any number of filters is counted where they stand.
HAVING = """(
    ({wanted} ->> 'procedure' IS NULL OR EXISTS (
        SELECT FROM procedures_version version JOIN procedures_procedure known ON known.id = version.procedure_id
        WHERE version.id = dossier.version_id AND known.code = {wanted} ->> 'procedure'))
    AND ({wanted} ->> 'field' IS NULL OR EXISTS (
        SELECT FROM procedures_version version
        WHERE version.id = dossier.version_id AND version.field_vi = {wanted} ->> 'field'))
    AND ({wanted} ->> 'step' IS NULL
        OR dossier.standing @> jsonb_build_array(jsonb_build_object('key', {wanted} ->> 'step')))
    AND ({wanted} ->> 'channel' IS NULL OR dossier.channel::text = {wanted} ->> 'channel')
    AND CASE {wanted} ->> 'person'
        WHEN 'none' THEN dossier.assigned_to_id IS NULL
        ELSE coalesce(coalesce(dossier.assigned_to_id, dossier.held_by_id)::text = {wanted} ->> 'person',
            {wanted} ->> 'person' IS NULL) END
    AND CASE {wanted} ->> 'flag'
        WHEN 'fee' THEN dossier.state = %(fee)s
        WHEN 'paper' THEN dossier.state = %(supplement)s
        WHEN 'unanswered' THEN dossier.state = %(supplement)s AND dossier.answer_by <= %(now)s IS TRUE
        WHEN 'refused' THEN dossier.standing @> '[{{"state": "refused"}}]'
        ELSE true END
)"""
# Whether it stands under the pill a saved filter names; the same as `worklist.under`.
UNDER = """CASE kept.wanted ->> 'due'
    WHEN 'paused' THEN dossier.state = ANY(%(paused)s)
    WHEN 'new' THEN dossier.state = %(new)s
    WHEN 'sign' THEN dossier.state = ANY(%(running)s) AND 'chair' = ANY(dossier.turns)
    WHEN 'late' THEN dossier.state = ANY(%(running)s) AND dossier.due_at < %(now)s
    WHEN 'today' THEN dossier.state = ANY(%(running)s) AND dossier.due_at >= %(now)s AND dossier.due_at < %(tonight)s
    WHEN 'next' THEN dossier.state = ANY(%(running)s) AND dossier.due_at >= %(tonight)s AND dossier.due_at < %(then)s
    WHEN 'week' THEN dossier.state = ANY(%(running)s) AND dossier.due_at >= %(now)s AND dossier.due_at < %(sunday)s
    ELSE true END"""
# Whether it is this officer's turn; the same as `worklist.turn_of`.
MINE = """(
    (dossier.assigned_to_id IS NULL OR dossier.assigned_to_id = %(account)s::uuid)
    AND EXISTS (
        SELECT FROM unnest(%(places)s::text[], %(roles)s::text[]) AS held(place, role)
        WHERE held.place = dossier.agency AND (
            dossier.state = ANY(%(running)s) AND held.role = ANY(dossier.turns)
            OR dossier.state = %(new)s AND held.role = 'receiver'))
)"""
BESIDE = """
SELECT json_build_object(
    'saved', (
        SELECT coalesce(json_agg(json_build_array(kept.id, kept.name, kept.wanted, (
            SELECT count(*) FROM dossiers_dossier dossier
            WHERE dossier.agency = ANY(%(agencies)s) AND dossier.state = ANY(%(open)s)
                AND (kept.wanted ->> 'agency' IS NULL OR dossier.agency = kept.wanted ->> 'agency')
                AND (kept.wanted ->> 'show' <> 'mine' OR {mine})
                AND {under} AND {having}
        )) ORDER BY kept.id), '[]'::json)
        FROM dossiers_savedfilter kept WHERE kept.account_id = %(account)s::uuid),
    'unread', (
        SELECT count(*) FROM notices_notice notice
        WHERE notice.recipient_id = %(account)s::uuid AND notice.read_at IS NULL),
    'questions', (
        SELECT count(*) FROM opinions_question question
        WHERE question.agency = ANY(%(agencies)s) AND question.state = 'waiting'),
    'drafts', (
        SELECT count(*) FROM dispatches_review review
        WHERE review.answered_at IS NULL AND review.asked_at IS NOT NULL AND (
            review.officer = 'person:' || %(account)s OR review.officer = '' AND EXISTS (
                SELECT FROM dispatches_outgoing document
                WHERE document.id = review.outgoing_id AND document.agency = ANY(%(heads)s::text[])))),
    'unanswered', (
        SELECT count(*) FROM dossiers_dossier dossier
        WHERE dossier.agency = ANY(%(agencies)s) AND dossier.state = %(supplement)s AND dossier.answer_by <= %(now)s),
    'lent', (
        SELECT coalesce(json_agg(json_build_array(absent.name, stand_in.name, lent.until) ORDER BY lent.id), '[]'::json)
        FROM people_substitution lent
        JOIN people_appointment held ON held.id = lent.appointment_id
        JOIN people_account absent ON absent.id = held.account_id
        JOIN people_account stand_in ON stand_in.id = lent.stand_in_id
        WHERE lent.ended_at IS NULL AND %(today)s BETWEEN lent.since AND lent.until
            AND (lent.stand_in_id = %(account)s::uuid OR held.account_id = %(account)s::uuid)),
    'procedure', (
        SELECT version.name_vi FROM procedures_version version
        JOIN procedures_procedure known ON known.id = version.procedure_id
        WHERE known.code = %(wanted)s::jsonb ->> 'procedure' ORDER BY version.effective_from DESC LIMIT 1),
    'person', (
        SELECT person.name FROM people_account person
        WHERE person.id::text = %(wanted)s::jsonb ->> 'person' AND EXISTS (
            SELECT FROM people_appointment held JOIN organisations_post post ON post.id = held.post_id
            WHERE held.account_id = person.id AND post.agency_id = ANY(%(agencies)s)))
)
""".format(mine=MINE, under=UNDER, having=HAVING.format(wanted="kept.wanted"))  # noqa: S608 — the parts stand above; what people typed are parameters
# Every open dossier stands in exactly one of these heaps; a pill shows some of them, or all. An agency without any
# stands in one row all the same, so that the names of the agencies cost no query of their own; what is not a heap
# stands beside the first row.
HEAPS = """
SELECT agency.code, agency.name_vi, agency.name_en, agency.short_name,
    heap.turns, heap.due, heap.week, heap.theirs, heap.wanted, heap.overlooked, heap.count,
    CASE WHEN row_number() OVER (ORDER BY agency.code) = 1 THEN ({beside})::text END AS beside
FROM organisations_agency agency
LEFT JOIN (
SELECT dossier.agency, turns,
    CASE
        WHEN state = ANY(%(paused)s) THEN 'paused'
        WHEN state = %(new)s THEN 'new'
        WHEN due_at < %(now)s THEN 'late'
        WHEN due_at < %(tonight)s THEN 'today'
        WHEN due_at < %(then)s THEN 'next'
        ELSE 'later'
    END AS due,
    state = ANY(%(running)s) AND due_at >= %(now)s AND due_at < %(sunday)s AS week,
    dossier.assigned_to_id IS NOT NULL AND dossier.assigned_to_id <> %(account)s::uuid AS theirs,
    {having} AS wanted,
    state = %(new)s AND receive_by < %(now)s IS TRUE AS overlooked,
    count(*)
FROM dossiers_dossier dossier
WHERE dossier.agency = ANY(%(agencies)s) AND state = ANY(%(open)s)
GROUP BY 1, 2, 3, 4, 5, 6, 7
) heap ON heap.agency = agency.code
WHERE agency.code = ANY(%(agencies)s)
ORDER BY agency.code
"""
# Planning costs more than counting; where nothing was chosen beside the deadline, nothing is asked about it.
PLAIN = HEAPS.format(beside=BESIDE, having="true")
CHOSEN = HEAPS.format(beside=BESIDE, having=HAVING.format(wanted="%(wanted)s::jsonb"))
# What is the same all day stands in the words, so that one plan serves all: whoever looks up plans, and not values, must see
# which rows an index for open dossiers holds, and of how many agencies.
STATES = {"open": OPEN, "paused": PAUSED, "running": RUNNING}
STATE = {"new": State.NEW, "fee": State.FEE, "supplement": State.SUPPLEMENT}
FEW = 5


@lru_cache(maxsize=2 * FEW + 2)
def worded(agencies: int, *, is_chosen: bool) -> str:
    """The statement for so many agencies; many are one list of unknown length."""
    said = CHOSEN if is_chosen else PLAIN
    if agencies <= FEW:
        places = ", ".join(f"%(agency{place})s" for place in range(agencies))
        said = said.replace("= ANY(%(agencies)s)", f"IN ({places})")
    for name, states in STATES.items():
        said = said.replace(f"= ANY(%({name})s)", f"IN ({', '.join(map(str, sorted(map(int, states))))})")
    for name, state in STATE.items():
        said = said.replace(f"%({name})s", str(int(state)))
    return said


@dataclass(frozen=True)
class Heap:
    """So many open dossiers of an agency with the same holders and the same time left."""

    agency: str
    turns: frozenset[str]
    due: str
    count: int
    # Due between now and Sunday night; given to another colleague; with all that was chosen beside the deadline; new, and
    # not received in time.
    is_this_week: bool = False
    is_theirs: bool = False
    is_wanted: bool = True
    is_overlooked: bool = False

    @property
    def is_running(self) -> bool:
        return self.due not in {"paused", "new"}

    def lies_with(self, actor: Actor) -> bool:
        """Whether it is this officer's turn."""
        if self.is_theirs:
            return False
        if self.due == "new":
            return actor.holds("receiver", at=self.agency)
        roles = self.turns.intersection(ACTING)
        return self.is_running and any(actor.holds(role, at=self.agency) for role in roles)

    def is_under(self, pill: str) -> bool:
        if pill == "sign":
            return self.is_running and "chair" in self.turns
        if pill == "week":
            return self.is_this_week
        return pill in {"all", self.due}


@dataclass(frozen=True)
class Saved:
    """A filter the officer has saved, and how many open dossiers it finds now."""

    id: int
    name: str
    wanted: Mapping[str, str]
    count: int


@dataclass(frozen=True)
class Lent:
    """A post that is lent today, by this officer or to them: who is away, who stands in, until when."""

    absent: str
    stand_in: str
    until: date


@dataclass(frozen=True)
class Counts:
    """The agencies by name, their open dossiers in heaps, the saved filters, and the names of what was chosen.

    Beside it how many notices are unread, how many other agencies wait for an opinion, how many drafts for this officer, how
    many supplements have not come by their last day, and who stands in for whom.
    """

    agencies: Sequence[Agency]
    heaps: Sequence[Heap]
    saved: Sequence[Saved]
    procedure: str
    person: str
    unread: int
    questions: int
    drafts: int
    unanswered: int
    lent: Sequence[Lent]


class Counted(NamedTuple):
    """A row of what is counted: an agency, one heap of its dossiers, and beside the first what is no heap."""

    code: str
    name_vi: str
    name_en: str
    short_name: str
    turns: list[str] | None
    due: str
    week: bool | None
    theirs: bool
    wanted: bool
    overlooked: bool
    number: int | None
    beside: str | None


def counts(codes: Sequence[str], days: Days, *, by: Actor, wanted: Mapping[str, str]) -> Counts:
    """All that the work list counts; one query."""
    with prepared() as cursor:
        statement = worded(min(len(codes), FEW + 1), is_chosen=bool(wanted))
        cursor.execute(statement, asked(codes, days, by, wanted))
        rows = [Counted(*row) for row in cursor.fetchall()]
    agencies = {
        row.code: Agency(row.code, row.name_vi, row.name_en, short_name=row.short_name) for row in rows
    }
    beside = json.loads(next((row.beside for row in rows if row.beside), "{}"))
    return Counts(
        list(agencies.values()),
        [
            Heap(
                row.code,
                frozenset(row.turns or ()),
                row.due,
                row.number,
                bool(row.week),
                row.theirs,
                row.wanted,
                row.overlooked,
            )
            for row in rows
            if row.number
        ],
        [Saved(*one) for one in beside.get("saved", ())],
        beside.get("procedure") or "",
        beside.get("person") or "",
        beside.get("unread", 0),
        beside.get("questions", 0),
        beside.get("drafts", 0),
        beside.get("unanswered", 0),
        [Lent(absent, to, date.fromisoformat(until)) for absent, to, until in beside.get("lent", ())],
    )


def asked(codes: Sequence[str], days: Days, by: Actor, wanted: Mapping[str, str]) -> dict[str, Any]:
    """What the query is given."""
    held = sorted((grant.place, grant.role) for grant in by.grants if grant.role in ACTING)
    return {
        "agencies": list(codes),
        **{f"agency{place}": code for place, code in enumerate(codes)},
        "places": [place for place, _role in held],
        "roles": [role for _place, role in held],
        "heads": [grant.place for grant in by.grants if grant.role in HEADS],
        "account": by.urn.removeprefix("person:"),
        "wanted": json.dumps(wanted),
        "now": days.now,
        "today": timezone.localdate(days.now),
        "tonight": days.tonight,
        "then": days.then,
        "sunday": days.sunday,
    }


def counted(heaps: Iterable[Heap]) -> int:
    return sum(heap.count for heap in heaps)

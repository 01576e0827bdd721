"""Take over the states agencies tell of: in bulk, in any order, any number of times."""

import uuid
from collections.abc import Collection, Sequence
from typing import Annotated, Any, Literal

from django.db import connection
from django.utils.translation import gettext as _
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from motcua.journal.actions import record, record_many
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.organisations.heirs import follows_from, pairs
from motcua.tracking.events import AgencyChanged, RatingTaken, StateTaken
from motcua.tracking.models import Rating


class Told(BaseModel):
    """One state of one dossier, as its agency told it: the body of the message `dossier.state`."""

    model_config = ConfigDict(frozen=True)

    dossier: uuid.UUID
    code: Annotated[str, Field(max_length=60)]
    procedure: Annotated[str, Field(max_length=20)]
    agency: Annotated[str, Field(max_length=35)]
    channel: Annotated[int, Field(ge=1, le=3)]
    state: Annotated[int, Field(ge=1, le=10)]
    step: Annotated[str, Field(max_length=40)]
    at: AwareDatetime
    due_at: Annotated[AwareDatetime | None, BeforeValidator(lambda text: text or None)]
    on_time: bool
    # Agencies that handled it before a reorganisation.
    formerly: Sequence[str] = ()
    # Between two agencies it is filed once, and nobody turned it away: `out` of the one it left, `in` at the one it went to.
    forwarded: Literal["", "out", "in"] = ""


type Answer = Annotated[int, Field(ge=1, le=3)]


class Rated(BaseModel):
    """What an applicant answered, as the agency told it: the body of the message `dossier.rating`."""

    model_config = ConfigDict(frozen=True)

    dossier: uuid.UUID
    code: Annotated[str, Field(max_length=60)]
    procedure: Annotated[str, Field(max_length=20)]
    agency: Annotated[str, Field(max_length=35)]
    channel: Annotated[int, Field(ge=1, le=3)]
    at: AwareDatetime
    overall: Answer
    convenience: Answer
    timeliness: Answer
    attitude: Answer


BATCH = TypeAdapter(Sequence[Told])

# One statement, in whatever order things come in: passages are a set, the mirror shows the latest of them, ties broken by
# state and step. All parts see the tables as they were before, so `held` speaks of what was known until now; its rows are
# locked in the order of their keys, so that two workers cannot wait for each other. The batch comes as one JSON text: that is
# half the work of arrays. A dossier is strange if another agency told of it first. One that left for another agency was not
# refused: should it come back and be refused then, that is the first time. While it is away it stands nowhere here (0), so
# where it `stood` is not always the state it was in.
TAKE = """
WITH told AS (
    SELECT DISTINCT ON (dossier, state, step, at) *, agency <> first_value(agency) OVER own AS strange
    FROM json_to_recordset(%s) AS t (dossier uuid, code text, procedure text, agency text, channel int,
        state int, step text, at timestamptz, due_at timestamptz, on_time bool, forwarded text)
    WINDOW own AS (PARTITION BY dossier ORDER BY at)
    ORDER BY dossier, state, step, at
), held AS MATERIALIZED (
    SELECT dossier, agency, state, step, changed_at, seen, CASE WHEN is_away THEN 0 ELSE state END AS stood
    FROM tracking_tracked
    WHERE dossier = ANY(%s::uuid[]) ORDER BY dossier FOR UPDATE
), passed AS (
    INSERT INTO tracking_passage (dossier, state, step, at)
    SELECT dossier, state, step, at FROM told ON CONFLICT DO NOTHING RETURNING dossier, state, step, at
), shown AS (
    INSERT INTO tracking_tracked AS t
        (dossier, code, procedure, agency, channel, state, step, due_at, on_time, changed_at, is_away, first_at, seen)
    SELECT DISTINCT ON (dossier) dossier, code, procedure, agency, channel, state, step, due_at, on_time, at,
        forwarded = 'out', min(at) OVER own, bit_or(CASE forwarded WHEN 'out' THEN 0 ELSE 1 << state END) OVER own
    FROM told WINDOW own AS (PARTITION BY dossier) ORDER BY dossier, at DESC, state DESC, step DESC
    ON CONFLICT (dossier) DO UPDATE SET
        first_at = least(t.first_at, excluded.first_at),
        seen = t.seen | excluded.seen,
        (code, state, step, due_at, on_time, changed_at, is_away) = (
            SELECT code, state, step, due_at, on_time, changed_at, is_away FROM (
                SELECT t.code, t.state, t.step, t.due_at, t.on_time, t.changed_at, t.is_away, 0 AS place
                UNION ALL
                SELECT excluded.code, excluded.state, excluded.step, excluded.due_at, excluded.on_time,
                    excluded.changed_at, excluded.is_away, 1
            ) AS both_of_them ORDER BY changed_at DESC, state DESC, step DESC, place LIMIT 1
        )
    WHERE (excluded.changed_at, excluded.state, excluded.step) > (t.changed_at, t.state, t.step)
        OR excluded.first_at < t.first_at OR t.seen | excluded.seen <> t.seen
), placed AS (
    SELECT told.*, held.agency AS owner, coalesce(held.state, 0) AS known, coalesce(held.seen, 0) AS seen,
        coalesce(held.stood, 0) AS stood, CASE told.forwarded WHEN 'out' THEN 0 ELSE told.state END AS stands,
        held.dossier IS NULL
            OR (told.at, told.state, told.step) > (held.changed_at, held.state, held.step) AS newer
    FROM passed JOIN told USING (dossier, state, step, at) LEFT JOIN held USING (dossier)
)
SELECT dossier, code, procedure, agency, channel, state,
    CASE WHEN newer THEN
        coalesce(lag(state) OVER (PARTITION BY dossier, newer ORDER BY at, state, step), known)
    ELSE state END AS was,
    CASE WHEN newer THEN
        coalesce(lag(stands) OVER (PARTITION BY dossier, newer ORDER BY at, state, step), stood)
    ELSE stands END AS stood,
    step, at, due_at, on_time,
    seen & (1 << state) = 0
        AND row_number() OVER (PARTITION BY dossier, state, forwarded = 'out' ORDER BY at, step) = 1 AS first,
    forwarded, strange OR agency <> owner AS strange
FROM placed ORDER BY placed.at, dossier, placed.state, placed.step
"""


@action(who=system)
def take_states(batch: Sequence[Told], *, by: Actor) -> int:
    """The mirror takes over a batch of states; return how many were news. What came before is recorded, but nothing moves back.

    Raises `Invalid` if an agency speaks of a dossier that is another's.
    """
    if not batch:
        return 0
    # The dossiers are named apart, so that the planner knows how many they are and goes by the index.
    dossiers = list({str(told.dossier) for told in batch})
    take_heirs(batch, dossiers, by=by)
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [BATCH.dump_json(batch).decode(), dossiers])
        news = cursor.fetchall()
    record_many([as_event(row) for row in news], by=by)
    return len(news)


@action(who=system)
def take_rating(rated: Rated, *, by: Actor) -> None:
    """What an applicant answered is on record for who counts; of one dossier only the first answer."""
    _row, is_first = Rating.objects.get_or_create(dossier=rated.dossier)
    if is_first:
        facts = rated.model_dump(mode="json", exclude={"dossier"})
        record(RatingTaken(**facts), about=f"dossier:{rated.dossier}", by=by)


# A state told again with no other between is one stay: it began when it was told of first. Of stays at steps nothing is said.
# The mirror's rows are locked as in `TAKE`; what is left last is the state it shows, since that moment.
SAID_AGAIN = """
WITH held AS MATERIALIZED (
    SELECT dossier FROM tracking_tracked WHERE dossier = ANY(%s::uuid[]) ORDER BY dossier FOR UPDATE
), told AS (
    SELECT p.*, step = '' AND lag(state) OVER way IS NOT DISTINCT FROM state AND lag(step) OVER way = step AS again
    FROM tracking_passage p JOIN held USING (dossier)
    WINDOW way AS (PARTITION BY dossier ORDER BY at, state, step)
), gone AS (
    DELETE FROM tracking_passage p USING told
    WHERE told.again AND (p.dossier, p.state, p.step, p.at) = (told.dossier, told.state, told.step, told.at)
)
UPDATE tracking_tracked t SET changed_at = last.at FROM (
    SELECT dossier, max(at) AS at FROM told WHERE NOT coalesce(again, false) GROUP BY dossier
) AS last WHERE t.dossier = last.dossier AND t.changed_at <> last.at
"""


@action(who=system)
def join_stays(dossiers: Collection[uuid.UUID], *, by: Actor) -> None:
    """Of dossiers whose state is told twice, as it stands and as what happened, each stay has one beginning: the earlier."""
    if dossiers:
        with connection.cursor() as cursor:
            cursor.execute(SAID_AGAIN, [sorted(map(str, dossiers))])


# Who tells of a dossier now, and who the mirror says handles it, where these differ; locked as in `TAKE`.
HANDED_ON = """
WITH held AS MATERIALIZED (
    SELECT dossier, code, procedure, agency, channel, CASE WHEN is_away THEN 0 ELSE state END AS state
    FROM tracking_tracked WHERE dossier = ANY(%s::uuid[]) ORDER BY dossier FOR UPDATE
)
SELECT held.dossier, held.code, held.procedure, held.agency, held.channel, held.state, told.agency, told.at
FROM held JOIN unnest(%s::uuid[], %s::text[], %s::timestamptz[]) AS told (dossier, agency, at) USING (dossier)
WHERE held.agency <> told.agency
"""
HAND_ON = """
UPDATE tracking_tracked t SET agency = m.agency FROM unnest(%s::uuid[], %s::text[]) AS m (dossier, agency)
WHERE t.dossier = m.dossier
"""


def take_heirs(batch: Sequence[Told], dossiers: Sequence[str], *, by: Actor) -> None:
    """Note for each dossier that an heir of its agency tells of now whose it is; who is no heir is left to be refused."""
    claims = [told for told in batch if told.formerly]
    if not claims:
        return
    with connection.cursor() as cursor:
        columns: list[list[Any]] = [
            [one.dossier for one in claims],
            [one.agency for one in claims],
            [one.at for one in claims],
        ]
        cursor.execute(HANDED_ON, [list(dossiers), *columns])
        rows = cursor.fetchall()
        former = {one.dossier: one.formerly for one in claims}
        heirs = pairs({row[3] for row in rows}.union(*former.values()))
        moved = {row[0]: row for row in rows if follows_from(row[3], row[6], former[row[0]], heirs)}
        if moved:
            cursor.execute(HAND_ON, [list(moved), [row[6] for row in moved.values()]])
    record_many([(changed(row), f"dossier:{row[0]}") for row in moved.values()], by=by)


def changed(row: tuple[Any, ...]) -> AgencyChanged:
    _dossier, code, procedure, was, channel, state, agency, at = row
    return AgencyChanged(code, procedure, was, agency, channel, state, at.isoformat())


def as_event(row: tuple[Any, ...]) -> tuple[StateTaken, str]:
    """One row of news as the event and the name of what it is about."""
    (
        dossier,
        code,
        procedure,
        agency,
        channel,
        state,
        was,
        stood,
        step,
        at,
        due_at,
        on_time,
        first,
        forwarded,
        strange,
    ) = row
    if strange:
        raise Invalid(_("Another agency handles dossier %(dossier)s.") % {"dossier": dossier})
    due = due_at.isoformat() if due_at else ""
    event = StateTaken(
        code,
        procedure,
        agency,
        channel,
        state,
        was,
        step,
        at.isoformat(),
        due,
        on_time=on_time,
        first=first,
        forwarded=forwarded,
        stood=stood,
    )
    return event, f"dossier:{dossier}"

"""Take over the states agencies tell of: in bulk, in any order, any number of times."""

import uuid
from collections.abc import Collection, Sequence
from typing import Annotated, Any, Literal

from django.db import connection
from django.utils.translation import gettext as _
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from motcua.journal.actions import as_text, record, record_many
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.lib.statements import prepared
from motcua.organisations.heirs import follows_from, pairs
from motcua.tracking import sql
from motcua.tracking.events import AgencyChanged, RatingTaken, ReportRecounted
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
    formerly: tuple[str, ...] = ()
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


BATCH = TypeAdapter(list[Told])


@action(who=system)
def take_states(batch: Sequence[Told], *, by: Actor) -> int:
    """The mirror takes over a batch of states; return how many were news. What came before is recorded, but nothing moves back.

    Raises `Invalid` if an agency speaks of a dossier that is another's.
    """
    if not batch:
        return 0
    take_heirs(batch, by=by)
    with prepared() as cursor:
        cursor.execute(sql.take(), [BATCH.dump_json(list(batch)).decode(), as_text(by.as_json())])
        [(news, strange)] = cursor.fetchall()
    if strange:
        raise Invalid(_("Another agency handles dossier %(dossier)s.") % {"dossier": strange})
    return int(news)


@action(who=system)
def take_rating(rated: Rated, *, by: Actor) -> None:
    """What an applicant answered is on record for who counts; of one dossier only the first answer."""
    _row, is_first = Rating.objects.get_or_create(dossier=rated.dossier)
    if is_first:
        facts = rated.model_dump(mode="json", exclude={"dossier"})
        record(RatingTaken(**facts), about=f"dossier:{rated.dossier}", by=by)


@action(who=system)
def join_stays(dossiers: Collection[uuid.UUID], *, by: Actor) -> None:
    """Of dossiers whose state is told twice, as it stands and as what happened, each stay has one beginning: the earlier."""
    if dossiers:
        with connection.cursor() as cursor:
            cursor.execute(sql.SAID_AGAIN, [sorted(map(str, dossiers))])


@action(who=system)
def recount(tables: Collection[str], *, mend: bool, by: Actor) -> ReportRecounted:
    """The report's counts are compared with all dossiers counted anew, and put right if that is asked for."""
    counts = differing = 0
    with connection.cursor() as cursor:
        cursor.execute(sql.ROOM)
        for table in tables:
            cursor.execute(sql.FIND[table])
            cursor.execute(sql.FOUND[table])
            [(held, wrong)] = cursor.fetchall()
            if mend and wrong:
                cursor.execute(sql.MEND[table])
            cursor.execute(sql.DROP[table])
            counts, differing = counts + held, differing + wrong
    recounted = ReportRecounted(counts, differing, mended=mend and differing > 0)
    record(recounted, about="numbers:report", by=by)
    return recounted


def take_heirs(batch: Sequence[Told], *, by: Actor) -> None:
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
        cursor.execute(sql.HANDED_ON, [list({one.dossier for one in batch}), *columns])
        rows = cursor.fetchall()
        former = {one.dossier: one.formerly for one in claims}
        heirs = pairs({row[3] for row in rows}.union(*former.values()))
        moved = {row[0]: row for row in rows if follows_from(row[3], row[6], former[row[0]], heirs)}
        if moved:
            cursor.execute(sql.HAND_ON, [list(moved), list(moved), [row[6] for row in moved.values()]])
    record_many([(changed(row), f"dossier:{row[0]}") for row in moved.values()], by=by)


def changed(row: tuple[Any, ...]) -> AgencyChanged:
    _dossier, code, procedure, was, channel, state, agency, at = row
    return AgencyChanged(code, procedure, was, agency, channel, state, at.isoformat())

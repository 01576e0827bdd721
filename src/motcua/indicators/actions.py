"""Let the numbers follow the journal; count them anew."""

from collections.abc import Sequence

from django.db import connection
from django.utils.translation import gettext as _

from motcua.indicators import sql
from motcua.indicators.events import NumbersRecounted, PeriodDeclared
from motcua.indicators.models import Declaration
from motcua.indicators.rules import head
from motcua.journal.actions import record
from motcua.journal.models import Entry, Follower
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system

NAME = "indicators"
COUNTED = ("tracking.StateTaken", "tracking.AgencyChanged", "tracking.RatingTaken")


@action(who=system)
def count(entries: Sequence[Entry], *, by: Actor) -> None:
    """What the next entries of the journal say is added to the numbers."""
    told = [entry.pk for entry in entries if entry.event in COUNTED]
    if told:
        with connection.cursor() as cursor:
            cursor.execute(sql.ADD, [told] * 3)


@action(who=system)
def recount(follower: Follower, *, by: Actor) -> NumbersRecounted:
    """All numbers are counted anew, up to where they have followed the journal, and replaced where they differ."""
    numbers = differing = 0
    with connection.cursor() as cursor:
        both, ratings = sql.GATHER_ALL
        cursor.execute(both, [follower.place] * 2)
        cursor.execute(ratings, [follower.place])
        for table in sql.TABLES:
            cursor.execute(sql.DIFFERING.format(**table))
            held, wrong = cursor.fetchone() or (0, 0)
            if wrong:
                cursor.execute(sql.REPLACE.format(**table))
            numbers, differing = numbers + held, differing + wrong
        cursor.execute(sql.DROP_GATHERED)
    recounted = NumbersRecounted(follower.place, numbers, differing)
    record(recounted, about="numbers:country", by=by)
    return recounted


@action(who=head)
def declare(declaration: Declaration, *, by: Actor) -> Declaration:
    """The head of the agency declares what only people know of a period; a later declaration takes the place of an earlier."""
    if declaration.petitions_on_time > declaration.petitions:
        raise Invalid(_("No more petitions can be in time than were received."), field="petitions_on_time")
    said = {
        name: getattr(declaration, name)
        for name in ("notice_board", "electronic", "petitions", "petitions_on_time", "dragging", "complaints")
    }
    known, _is_new = Declaration.objects.update_or_create(
        agency=declaration.agency, year=declaration.year, quarter=declaration.quarter, defaults=said
    )
    facts = said | {"complaints": " ".join(declaration.complaints)}
    record(PeriodDeclared(known.agency, known.year, known.quarter, **facts), about=known, by=by)
    return known

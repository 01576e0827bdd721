"""Make the past: draw the stories, then live them through side by side, moment by moment."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from django.utils import timezone, translation

from motcua.demo.history.apart import apart
from motcua.demo.history.clock import standing, told
from motcua.demo.history.desk import Desk, settle
from motcua.demo.history.people import OFFICERS
from motcua.demo.history.plots import PACES, SHARES, Plot, plots
from motcua.demo.history.stories import Story
from motcua.demo.history.together import Meet, side_by_side
from motcua.demo.people import PEOPLE, Person
from motcua.demo.seeding import settle as settle_person
from motcua.dossiers import actions
from motcua.exchange.actions.sending import LIFETIME
from motcua.exchange.models import Outbox
from motcua.lib import blobs
from motcua.lib.actors import Actor
from motcua.organisations.models import Agency
from motcua.people import actions as people
from motcua.people.models import Account, actor_of
from motcua.procedures.models import Version

DAYS = 92
DEMO = Actor.system("demo")

ALL = tuple(PACES)

type Share = tuple[str, ...]
type Tell = Callable[[int], None]
type Entry = tuple[datetime, int, Iterator[datetime]]


def make(*, dossiers: int, tell: Tell, days: int = DAYS) -> int:
    """So many dossiers over so many days until yesterday; the same seed and day give the same past. Returns moments lived."""
    begins, ends = span(days)
    those = plots(dossiers, begins.date(), ends.date())
    with blobs.together():  # no file of the past waits for the disk
        return relive(those, begins=begins, until=ends, tell=tell, shares=SHARES)


def relive(
    those: Sequence[Plot], *, begins: datetime, until: datetime, tell: Tell, shares: Sequence[Share] = (ALL,)
) -> int:
    """Live these plots under a clock that stands where they are, each share in a process; return moments lived."""

    def lived_by(share: Share) -> Callable[[Meet], int]:
        mine = [one for one in those if one.agency in share]
        return lambda meet: live(mine, begins=begins, until=until, tell=tell, meet=meet)

    with translation.override("vi"), told():
        with standing(begins):
            for officer in OFFICERS:
                settle_person(officer)
        lived = side_by_side([lived_by(share) for share in shares])
    send_now()
    return lived


def send_now() -> None:
    """What other nodes have not been told leaves today: of words three months old the exchange has long despaired."""
    now = timezone.now()
    Outbox.objects.update(created=now, expires=now + LIFETIME)


def span(days: int) -> tuple[datetime, datetime]:
    """From so many days ago to the end of yesterday."""
    today = timezone.localdate()
    begins = datetime.combine(today - timedelta(days=days), datetime.min.time(), UTC)
    return begins, datetime.combine(today, datetime.min.time(), UTC) - timedelta(hours=7)


def live(those: Sequence[Plot], *, begins: datetime, until: datetime, tell: Tell, meet: Meet) -> int:
    """Whatever happens next happens next, whoever's story it is; each morning who holds a dossier is warned."""
    with apart(), standing(begins) as clock:
        lives = stories(those)
        waiting: list[Entry] = [(one.start, place, one.told()) for place, one in enumerate(lives)]
        heapq.heapify(waiting)
        lived, morning = 0, begins

        def warn() -> None:
            clock.put(morning)
            actions.warn_all(DEMO)
            settle()
            tell(int((morning - begins) / (until - begins) * 100))

        while morning < until:
            meet(warn)
            morning += timedelta(days=1)
            while waiting and waiting[0][0] < min(morning, until):
                at, place, story = heapq.heappop(waiting)
                clock.put(at)
                lived += 1
                following = next(story, None)
                settle()
                if following:
                    heapq.heappush(waiting, (following, place, story))
        return lived


def stories(those: Sequence[Plot]) -> list[Story]:
    """The plots, with the desks and procedures they need."""
    desks = manned()
    versions = {version.code: version for version in Version.objects.in_force(timezone.localdate())}
    return [
        Story(
            plot=one,
            version=versions[one.procedure],
            desk=desks[one.agency],
            asked=desks.get(one.asks),
            chance=Random(one.chance),  # noqa: S311 — a past anyone can draw again, no secret
        )
        for one in those
    ]


def manned() -> dict[str, Desk]:
    """The desks with their officers, old and new."""
    names = dict(Agency.objects.values_list("code", "name_vi"))
    found = {}
    for code, (_weight, _online, pace) in PACES.items():
        officers: dict[str, list[Actor]] = {}
        for person in (*PEOPLE, *OFFICERS):
            for agency, role, _vi, _en in person.posts:
                if agency == code:
                    officers.setdefault(role, []).append(actor_of(Account.objects.get(pk=person.account)))
        found[code] = Desk(code, names[code], officers, pace, open_account)
    return found


def open_account(person: Person) -> Account:
    """An account without a password and without mail: its owner is only told in the inbox."""
    opened = people.open_account(
        Account(pk=person.account, username=person.number, name=person.name), by=DEMO, password=None
    )
    people.confirm_identity(opened, by=DEMO)
    return opened

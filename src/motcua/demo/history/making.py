"""Make the past: draw the stories, then live them through side by side, moment by moment."""

import heapq
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

from django.utils import timezone, translation

from motcua.demo.history.clock import Clock, standing
from motcua.demo.history.desk import Desk
from motcua.demo.history.people import OFFICERS, People
from motcua.demo.history.stories import Story
from motcua.demo.nodes import BAC_HA, CAM_DUONG, SA_PA, TA_VAN
from motcua.demo.people import PEOPLE, Person
from motcua.demo.seeding import settle as settle_person
from motcua.dossiers import actions
from motcua.lib.actors import Actor
from motcua.organisations.models import Agency, calendar_for
from motcua.people import actions as people
from motcua.people.models import Account, actor_of
from motcua.procedures.models import Version

SEED, DAYS = 20260101, 92
DEMO = Actor.system("demo")

# Agency: its share of the work, the share filed online, and its pace: the middle of the share of the legal time it takes,
# as a logarithm.
PACES = {
    SA_PA: (34, 0.45, -0.55),
    BAC_HA: (24, 0.25, -0.25),
    TA_VAN: (14, 0.15, -0.45),
    CAM_DUONG: (20, 0.5, -0.7),
    "H38": (8, 0.6, -0.4),
}

# What people come for, and how often. Only what an agency finishes by itself: registers keep their own past.
COMMUNE = {
    "2.000815": 30,
    "1.004873": 12,
    "1.010041": 12,
    "1.004194": 9,
    "1.004222": 8,
    "2.000908": 6,
    "1.000656": 5,
    "1.000894": 5,
    "1.010038": 4,
    "1.013314": 4,
    "1.002211": 2,
    "2.002080": 1,
}
PROVINCE = {
    "1.000426": 3,
    "1.003915": 2,
    "1.013830": 3,
    "1.000390": 2,
    "2.001410": 3,
    "1.002153": 2,
    "1.009284": 1,
}

type Tell = Callable[[int], None]
type Entry = tuple[datetime, int, Iterator[datetime]]


def make(*, dossiers: int, tell: Tell, days: int = DAYS) -> int:
    """So many dossiers over so many days until yesterday; the same seed and day give the same past. Returns moments lived."""
    today = timezone.localdate()
    begins = datetime.combine(today - timedelta(days=days), datetime.min.time(), UTC)
    ends = datetime.combine(today, datetime.min.time(), UTC) - timedelta(hours=7)
    with translation.override("vi"), standing(begins) as clock:
        return live(drawn(dossiers, begins.date(), ends.date()), clock, until=ends, tell=tell)


def live(stories: list[Story], clock: Clock, *, until: datetime, tell: Tell) -> int:
    """Whatever happens next happens next, whoever's story it is."""
    waiting: list[Entry] = [(one.start, place, one.told()) for place, one in enumerate(stories)]
    heapq.heapify(waiting)
    lived, warned, span = 0, clock.moment.date(), until - clock.moment
    while waiting and waiting[0][0] < until:
        at, place, story = heapq.heappop(waiting)
        if at.date() > warned:
            warned = at.date()
            actions.warn_all(DEMO)
            tell(int((at - until + span) / span * 100))
        clock.put(at)
        lived += 1
        following = next(story, None)
        stories[place].desk.settle()
        if following:
            heapq.heappush(waiting, (following, place, story))
    return lived


def drawn(dossiers: int, first: date, last: date) -> list[Story]:
    """Who comes when, for what."""
    chance, desks = Random(SEED), manned()  # noqa: S311 — a past anyone can draw again, no secret
    versions = {version.code: version for version in Version.objects.in_force(timezone.localdate())}
    people_there = People(chance)
    found = []
    for number in range(dossiers):
        code = chance.choices(list(PACES), weights=[weight for weight, _o, _p in PACES.values()])[0]
        wanted = PROVINCE if code == "H38" else COMMUNE
        [procedure] = chance.choices(list(wanted), weights=list(wanted.values()))
        found.append(
            Story(
                id=UUID(int=chance.getrandbits(128), version=4),
                version=versions[procedure],
                desk=desks[code],
                person=people_there.applicant(code),
                chance=Random(SEED + number),  # noqa: S311 — as above
                start=moment(code, chance, first, last),
            )
        )
    return found


def moment(agency: str, chance: Random, first: date, last: date) -> datetime:
    """Within the hours of a working day; more on Mondays than on Fridays."""
    calendar = calendar_for(agency)
    while True:
        day = first + timedelta(days=chance.randrange((last - first).days))
        if calendar.is_working_day(day) and chance.random() < 1 - 0.1 * day.weekday():
            return calendar.add(calendar.opens(day), chance.uniform(0.1, calendar.hours_per_day - 0.3))


def manned() -> dict[str, Desk]:
    """The desks with their officers, old and new."""
    for officer in OFFICERS:
        settle_person(officer)
    names = dict(Agency.objects.values_list("code", "name_vi"))
    found = {}
    for code, (weight, online, pace) in PACES.items():
        officers: dict[str, list[Actor]] = {}
        for person in (*PEOPLE, *OFFICERS):
            for agency, role, _vi, _en in person.posts:
                if agency == code:
                    officers.setdefault(role, []).append(actor_of(Account.objects.get(pk=person.account)))
        found[code] = Desk(code, names[code], officers, weight, online, pace, open_account)
    return found


def open_account(person: Person) -> Account:
    """An account without a password and without mail: its owner is only told in the inbox."""
    opened = people.open_account(
        Account(pk=person.account, username=person.number, name=person.name), by=DEMO, password=None
    )
    people.confirm_identity(opened, by=DEMO)
    return opened

"""What is laid down of each dossier before anything happens: who comes when, for what, and what befalls it on the way."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from motcua.demo.history.people import People
from motcua.demo.nodes import BAC_HA, CAM_DUONG, SA_PA, TA_VAN
from motcua.demo.people import Person
from motcua.organisations.models import calendar_for

SEED = 20260101

# Agency: its share of the work, the share filed online, and its pace: the middle of the share of the legal time it takes,
# as a logarithm.
PACES = {
    SA_PA: (34, 0.45, -0.55),
    BAC_HA: (24, 0.25, -0.25),
    TA_VAN: (14, 0.15, -0.45),
    CAM_DUONG: (20, 0.5, -0.7),
    "H38": (8, 0.6, -0.4),
}
# Agencies whose past is lived in one process, about half of the work each; they ask each other alone.
SHARES = ((SA_PA, TA_VAN), (BAC_HA, CAM_DUONG, "H38"))

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

BY_AGENT = 0.12  # of those who file online have somebody do it for them
ASKED_ABOUT = 0.06  # of all dossiers another agency is asked what it thinks
# One is left lying in every past, so that something is late whatever was drawn: brought so many days before its end.
FORGOTTEN, FORGOTTEN_FOR = "1.004873", 20
PAYS = {"vietqr": 60, "gateway": 34, "never": 6}


@dataclass(frozen=True)
class Plot:
    """One dossier's fate, as far as it is drawn beforehand; `chance` is the seed of what is drawn on the way."""

    id: UUID
    chance: int
    agency: str
    procedure: str
    person: Person
    start: datetime
    is_online: bool
    # Who files it for them, by a mandate.
    agent: Person | None
    # How the fee is paid, if there is one and it was filed online.
    pays: str
    # The agency whose opinion is asked; empty for none.
    asks: str
    # From 0 to 1: the higher, the sooner they complain.
    temper: float
    # Received, and then nobody looks at it again.
    is_forgotten: bool = False


def plots(dossiers: int, first: date, last: date, *, seed: int = SEED) -> list[Plot]:
    """Who comes when, for what; the same seed and days give the same plots."""
    chance = Random(seed)  # noqa: S311 — a past anyone can draw again, no secret
    people_there = People(chance)
    *drawn, one = [plot(number, people_there, chance, first, last) for number in range(dossiers)]
    return [*drawn, forgotten(one, people_there.applicant(SA_PA), last)]


def forgotten(one: Plot, person: Person, last: date) -> Plot:
    """The same dossier, brought to the counter of Sa Pa and left lying there."""
    calendar = calendar_for(SA_PA)
    day = calendar.next_working_day(last - timedelta(days=FORGOTTEN_FOR))
    return replace(
        one,
        agency=SA_PA,
        procedure=FORGOTTEN,
        person=person,
        agent=None,
        asks="",
        is_online=False,
        start=calendar.add(calendar.opens(day), 1.0),
        is_forgotten=True,
    )


def plot(number: int, people_there: People, chance: Random, first: date, last: date) -> Plot:
    [agency] = chance.choices(list(PACES), weights=[weight for weight, _online, _pace in PACES.values()])
    wanted = PROVINCE if agency == "H38" else COMMUNE
    [procedure] = chance.choices(list(wanted), weights=list(wanted.values()))
    person, is_online = people_there.applicant(agency), chance.random() < PACES[agency][1]
    agent = people_there.applicant(agency) if is_online and chance.random() < BY_AGENT else None
    others = [code for share in SHARES if agency in share for code in share if code != agency]
    return Plot(
        id=UUID(int=chance.getrandbits(128), version=4),
        chance=SEED + number,
        agency=agency,
        procedure=procedure,
        person=person,
        start=moment(agency, chance, first, last),
        is_online=is_online,
        agent=agent if agent != person else None,
        pays=chance.choices(list(PAYS), weights=list(PAYS.values()))[0],
        asks=chance.choice(others) if chance.random() < ASKED_ABOUT else "",
        temper=chance.random(),
    )


def moment(agency: str, chance: Random, first: date, last: date) -> datetime:
    """Within the hours of a working day; more on Mondays than on Fridays."""
    calendar = calendar_for(agency)
    while True:
        day = first + timedelta(days=chance.randrange((last - first).days))
        if calendar.is_working_day(day) and chance.random() < 1 - 0.1 * day.weekday():
            return calendar.add(calendar.opens(day), chance.uniform(0.1, calendar.hours_per_day - 0.3))

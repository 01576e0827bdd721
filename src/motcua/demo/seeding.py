"""Fill a new node of the demo country, by the same actions anyone would use."""

from datetime import date

from django.core.management import call_command

from motcua.demo.nodes import NODES, SA_PA
from motcua.demo.people import PASSWORD, PEOPLE, Person
from motcua.lib.actors import Actor
from motcua.organisations import actions as organisations
from motcua.organisations.models import Agency
from motcua.people import actions as people
from motcua.people.models import Account
from motcua.queues import actions as queues
from motcua.queues.models import Offer, Queue
from motcua.registers.population import actions as population
from motcua.registers.population.models import Person as Registered
from motcua.registers.population.records import PersonRecord
from motcua.registers.records import Basis, Ground, Sex

DEMO = Actor.system("demo")
SINCE = date(2025, 7, 1)
QUEUES = {
    "A": ("Hộ tịch, chứng thực", "Civil status, certification"),
    "B": ("Cư trú, bảo hiểm", "Residence, insurance"),
    "C": ("Đất đai, xây dựng, việc khác", "Land, building, other matters"),
}


def seed_common() -> None:
    """What every node has alike: places, agencies, holidays, procedures."""
    call_command("organisations", "load", verbosity=0)
    call_command("procedures", "load", verbosity=0)


def seed(node: str) -> None:
    """What one node has for itself: the accounts of its people, their posts, and the records of its register."""
    for person in PEOPLE:
        if person.node == node:
            settle(person)
        elif node == NODES[0].name:
            open_account(person)
    if node == "laocai":
        open_queues()
    if node == "congan":
        for person in PEOPLE:
            if person.born_on and person.is_registered:
                enter(person)


def open_queues() -> None:
    """The queues before the counters of Sa Pa, which also takes appointments."""
    for letter, (vietnamese, english) in QUEUES.items():
        queues.open_queue(Queue(agency=SA_PA, letter=letter, name_vi=vietnamese, name_en=english), by=DEMO)
    queues.set_offer(Offer(agency=SA_PA), by=DEMO)


def settle(person: Person) -> None:
    """Give a person an account and their posts."""
    account = open_account(person, password=PASSWORD)
    for agency, role, title_vi, title_en in person.posts:
        post = organisations.open_post(
            Agency.objects.get(code=agency), by=DEMO, role=role, title_vi=title_vi, title_en=title_en
        )
        people.appoint(post, by=DEMO, account=account, since=SINCE)


def open_account(person: Person, *, password: str | None = None) -> Account:
    """An account with the person's level of identity; officers have one at the national portal as well, to sign in with."""
    account = people.open_account(
        Account(
            pk=person.account,
            username=person.number,
            name=person.name,
            email=person.email,
            phone=person.phone,
        ),
        by=DEMO,
        password=password,
    )
    if person.is_confirmed:
        people.confirm_identity(account, by=DEMO)
    return account


def enter(person: Person) -> None:
    """Enter a person into the population register."""
    population.record_person(
        Registered(number=person.number, occasion=f"demo:{person.key}"),
        by=DEMO,
        known=PersonRecord(
            full_name=person.name,
            sex=Sex(person.sex),
            born_on=date.fromisoformat(person.born_on),
            home_town="Xã Tả Van, tỉnh Lào Cai",
            residence=person.address,
            residence_unit=person.unit,
        ),
        basis=Basis(Ground.TAKEOVER, "demo", "G01"),
    )

"""Fill a new node of the demo country, by the same actions anyone would use."""

from datetime import date

from django.core.management import call_command

from motcua.demo.nodes import NODES, SA_PA
from motcua.demo.people import BY_KEY, PASSWORD, PEOPLE, Person
from motcua.lib.actors import Actor
from motcua.organisations import actions as organisations
from motcua.organisations.models import Agency
from motcua.people import actions as people
from motcua.people.models import Account
from motcua.queues import actions as queues
from motcua.queues.models import Offer, Queue
from motcua.registers.business import actions as business
from motcua.registers.business.models import Enterprise
from motcua.registers.business.records import EnterpriseRecord
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

# Code, who speaks for it, name, address, trade, capital; no tax office has the number 00.
BUSINESSES = (
    (
        "0001234561",
        "doi",
        "Công ty TNHH Hoa Ban",
        "Số 12, tổ 5, phường Sa Pa, tỉnh Lào Cai",
        "Dịch vụ lưu trú ngắn ngày",
        2_000_000_000,
    ),
    (
        BY_KEY["suoi"].number,
        "suoi",
        "Hộ kinh doanh Suối Mơ",
        "Tổ 3, phường Sa Pa, tỉnh Lào Cai",
        "Bán lẻ tạp hóa",
        80_000_000,
    ),
)


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
    own = {"laocai": open_queues, "congan": enter_people, "bhxh": enter_businesses}
    if node in own:
        own[node]()


def enter_people() -> None:
    """The citizens of the demo whom the population register knows."""
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


def enter_businesses() -> None:
    """A company whose representative is Đồi, and the household business of Suối; invented, like their codes."""
    for code, key, name, address, trade, capital in BUSINESSES:
        owner = BY_KEY[key]
        business.record_enterprise(
            Enterprise(code=code, occasion=f"demo:{code}", registered_at="H38", registered_on=SINCE),
            by=DEMO,
            known=EnterpriseRecord(
                name=name,
                address=address,
                representative_name=owner.name,
                representative_number=owner.number,
                trade=trade,
                capital=capital,
            ),
            basis=Basis(Ground.TAKEOVER, "demo", "G12"),
        )


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

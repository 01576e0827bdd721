"""The world of the tests: a piece of the demo country, brought to a state by the real road."""

import io
from copy import copy as twin
from datetime import date, timedelta
from functools import cache
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from PIL import Image

from motcua.demo.nodes import BAC_HA, SA_PA, TA_VAN
from motcua.demo.people import BY_KEY, PEOPLE, Person
from motcua.documents.authority import Authority, Keyring
from motcua.dossiers import actions
from motcua.dossiers.models import Application, Dossier
from motcua.lib.actors import Actor
from motcua.lib.blobs import Store
from motcua.mandates import actions as mandates
from motcua.mandates.models import Claim, Kind, Mandate
from motcua.organisations import actions as organisations
from motcua.organisations.holidays import days_of
from motcua.organisations.models import Agency, CalendarDay, Post
from motcua.payments import actions as payments
from motcua.payments.models import Charge
from motcua.people import actions as people
from motcua.people.models import Account, Appointment, actor_of
from motcua.procedures import actions as procedures
from motcua.procedures.loading import catalogue_files, load
from motcua.procedures.models import Version
from motcua.registers.business import actions as register
from motcua.registers.business.models import Enterprise
from motcua.registers.business.records import EnterpriseRecord
from motcua.registers.civil import actions as civil
from motcua.registers.civil.models import Birth
from motcua.registers.civil.records import BirthRecord
from motcua.registers.population import actions as population
from motcua.registers.population.models import Person as Registered
from motcua.registers.population.records import PersonRecord
from motcua.registers.records import Basis, Ground, Sex
from tests.post import settle
from tests.remembered import remembered

SYSTEM = Actor.system("tests")
SINCE = date(2025, 7, 1)
BIRTH = "2.000986"

AGENCIES = {
    "G01": "Bộ Công an",
    "G15": "Bộ Tư pháp",
    "G22": "Văn phòng Chính phủ",
    "G24": "Bảo hiểm xã hội Việt Nam",
    "G12": "Bộ Tài chính",
    "H38": "Ủy ban nhân dân tỉnh Lào Cai",
    SA_PA: "Ủy ban nhân dân phường Sa Pa",
    BAC_HA: "Ủy ban nhân dân xã Bắc Hà",
}
# Also those that come into the story only when agencies are reorganised.
ELSEWHERE = {TA_VAN: "Ủy ban nhân dân xã Tả Van"}

ANSWERS = {
    "relation": "mother",
    "applicant_phone": "0912345678",
    "child_surname": "Lý",
    "child_middle_name": "Hạ",
    "child_given_name": "An",
    "child_sex": "female",
    "child_born_at": "Bệnh viện đa khoa khu vực Sa Pa",
    "child_born_in": "Phường Sa Pa, tỉnh Lào Cai",
    "child_home_town": "Xã Tả Van, tỉnh Lào Cai",
    "child_ethnicity": "Kinh",
    "child_nationality": "Việt Nam",
    "mother_known": "true",
    "mother_number": BY_KEY["may"].number,
    "mother_name": BY_KEY["may"].name,
    "mother_birth_year": "1996",
    "mother_ethnicity": "Kinh",
    "mother_nationality": "Việt Nam",
    "mother_residence": BY_KEY["may"].address,
    "father_known": "true",
    "father_number": BY_KEY["suoi"].number,
    "father_name": BY_KEY["suoi"].name,
    "father_birth_year": "1994",
    "father_ethnicity": "Kinh",
    "father_nationality": "Việt Nam",
    "father_residence": BY_KEY["suoi"].address,
    "lives_with": "mother",
    "household_number": BY_KEY["may"].number,
    "child_address": BY_KEY["may"].address,
    "clinic": "Trạm Y tế phường Sa Pa",
}


def agency(code: str = SA_PA) -> Agency:
    """An agency, with those above it."""
    found = Agency.objects.filter(code=code).first()
    if found is None:
        above = above_of(code)
        found = as_agency(code, {above: agency(above)} if above else {})
        found.save(force_insert=True)
    return found


def as_agency(code: str, known: dict[str, Agency]) -> Agency:
    """An agency of the story, below one that is known."""
    parent, name = known.get(above_of(code)), called(code)
    return Agency(
        code=code,
        name_vi=name,
        name_en=name,
        short_name=name.replace("Ủy ban nhân dân", "UBND"),
        abbreviation="UBND",
        level=level_of(code),
        parent=parent,
        unit_code={"H38": "15"}.get(code, code.rpartition(".")[2] if parent else ""),
        valid_from=SINCE,
    )


def above_of(code: str) -> str:
    """The code of the agency above, empty at the top."""
    return code.rpartition(".")[0]


def level_of(code: str) -> int:
    return code.count(".") + 1


def called(code: str) -> str:
    """What an agency is called."""
    return {**ELSEWHERE, **AGENCIES}[code]


def country() -> None:
    """All the agencies of the story, and the holidays of this year and the next."""
    known = {one.code: one for one in Agency.objects.filter(code__in=AGENCIES)}
    for level in (1, 2):
        fresh = [as_agency(code, known) for code in AGENCIES if code not in known and level_of(code) == level]
        Agency.objects.bulk_create(fresh)
        known |= {one.code: one for one in fresh}
    if not CalendarDay.objects.exists():
        CalendarDay.objects.bulk_create(CalendarDay(**day) for day in holidays(timezone.localdate().year))


@cache
def holidays(year: int) -> tuple[dict, ...]:
    """The decided days of a year and the next, read once."""
    days = [*days_of(year), *days_of(year + 1)]
    fields = ("date", "works", "name_vi", "name_en", "source")
    return tuple({name: getattr(day, name) for name in fields} for day in days)


OPENED: dict[Person, Account] = {}  # as the actions left them


def account(person: Person | str) -> Account:
    """The account of one of the demo's people, with their posts: made by the actions once, then put back."""
    known = BY_KEY[person] if isinstance(person, str) else person
    found = Account.objects.filter(username=known.number).first()
    if found:
        return found
    if known not in OPENED:
        OPENED[known] = twin(opened := open_account(known))
        return opened
    (opened,) = Account.objects.bulk_create([twin(OPENED[known])])
    if known.posts:
        since = {"account": opened, "valid_from": SINCE}
        Appointment.objects.bulk_create(Appointment(post=post(*place), **since) for place in known.posts)
    return opened


def open_accounts() -> None:
    """Every account once, so that no test is the first; a person whose agency is not in the story stays outside."""
    for known in PEOPLE:
        if all(code in {**ELSEWHERE, **AGENCIES} for code, *_rest in known.posts):
            account(known)


def open_account(known: Person) -> Account:
    """A new account of one of the demo's people, by its actions."""
    opened = people.open_account(
        Account(pk=known.account, username=known.number, name=known.name, email=known.email), by=SYSTEM
    )
    if known.is_confirmed:
        people.confirm_identity(opened, by=SYSTEM)
    for code, role, title_vi, title_en in known.posts:
        place = organisations.open_post(
            agency(code), by=SYSTEM, role=role, title_vi=title_vi, title_en=title_en
        )
        people.appoint(place, by=SYSTEM, account=opened, since=SINCE)
    return opened


def post(code: str, role: str, title_vi: str, title_en: str) -> Post:
    """A post of an agency, put back."""
    known = Post(agency=agency(code), role=role, title_vi=title_vi, title_en=title_en)
    found = Post.objects.filter(agency=known.agency, role=role, title_vi=title_vi).first()
    return found or Post.objects.bulk_create([known])[0]


def signed_in(key: Person | str) -> Client:
    """A browser in which one of the demo's people has signed in."""
    client = Client()
    sign_in(client, key)
    return client


def sign_in(client: Client, key: Person | Account | str) -> None:
    """Somebody signs in: what Django's own way leaves behind, in one statement."""
    who = key if isinstance(key, Account) else account(key)
    data = {
        SESSION_KEY: str(who.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: who.get_session_auth_hash(),
    }
    visit = Session(session_key=uuid4().hex, expire_date=timezone.now() + timedelta(hours=12))
    visit.session_data = Session.objects.encode(data)
    Session.objects.bulk_create([visit])
    client.cookies[settings.SESSION_COOKIE_NAME] = visit.session_key


def actor(key: Person | str) -> Actor:
    """One of the demo's people, acting."""
    return actor_of(account(key))


def citizen(key: str = "may") -> Actor:
    """A citizen, also known to the population register if the demo says so."""
    person = BY_KEY[key]
    if person.is_registered and person.born_on:
        registered(key)
    return actor(key)


# Posts at Sa Pa that nobody holds in the demo country.
CLERK = Person("thu", "Ma Thị Thư", "000193009911", "laocai", "Văn thư phường Sa Pa", "Records clerk of Sa Pa", ((SA_PA, "clerk", "Văn thư", "Records clerk"),))  # fmt: skip
AUDITOR = Person("soi", "Nông Thị Soi", "000181009922", "laocai", "Thanh tra phường Sa Pa", "Auditor of Sa Pa", ((SA_PA, "auditor", "Thanh tra viên", "Auditor"),))  # fmt: skip
# Who holds each post at Sa Pa; a test sees that no role of the law is forgotten.
OFFICERS: dict[str, Person | str] = {
    "receiver": "suong",
    "registrar": "lam",
    "specialist": "dua",
    "chair": "lua",
    "deputy": "thac",
    "clerk": CLERK,
    "administrator": "thong",
    "auditor": AUDITOR,
}


def officer(role: str = "registrar") -> Actor:
    """Sa Pa's officer of a role."""
    return actor(OFFICERS[role])


def registered(key: str) -> None:
    """Enter a person into the population register, once."""
    person = BY_KEY[key]
    if not Registered.objects.filter(number=person.number).exists():
        population.record_person(
            Registered(number=person.number, occasion=f"demo:{key}"),
            by=SYSTEM,
            known=PersonRecord(
                full_name=person.name,
                sex=Sex(person.sex),
                born_on=date.fromisoformat(person.born_on),
                home_town="Xã Tả Van, tỉnh Lào Cai",
                residence=person.address,
            ),
            basis=Basis(Ground.TAKEOVER, "demo", "G01"),
        )


def birth(number: str, *, mother: str = "may", name: str = "An") -> None:
    """A child born on 4 May 2020 whose birth stands in the book of Sa Pa."""
    who = {"name": BY_KEY[mother].name, "number": BY_KEY[mother].number}
    declared = BirthRecord("Lý", name, Sex.FEMALE, date(2020, 5, 4), "Sa Pa", middle_name="Hạ", mother=who)
    taken = civil.take(Birth(occasion=number, agency=SA_PA), by=SYSTEM, declared=declared)
    basis = Basis(Ground.TAKEOVER, "demo", "G15")
    civil.complete(taken, by=SYSTEM, personal_number=number, basis=basis)


@cache
def definition(code: str):
    """A procedure of the catalogue, read once."""
    return next(load(path) for path in catalogue_files() if path.stem == code)


def procedure(code: str = BIRTH) -> Version:
    """A published procedure."""
    return procedures.publish(definition(code), by=SYSTEM)


BUSINESS = "0001234561"


def mandate(
    principal: str = "may",
    agent: str = "suoi",
    *,
    at: str = "accepted",
    procedures: tuple[str, ...] = (),
    fields: tuple[str, ...] = (),
    days: int = 30,
) -> Mandate:
    """A mandate one of the demo's people has written for another: offered → accepted."""
    by, today = citizen(principal), timezone.localdate()
    offered = mandates.offer(
        Mandate(
            kind=Kind.PROXY,
            principal_number=BY_KEY[principal].number,
            principal_name=BY_KEY[principal].name,
            agent=account(agent),
            given_by=account(principal),
            procedures=list(procedures),
            fields=list(fields),
            valid_until=today + timedelta(days=days),
        ),
        by=by,
    )
    if at == "accepted":
        mandates.accept(offered, by=citizen(agent))
    return offered


def business(key: str = "doi") -> Mandate:
    """One of the demo's people as the legal representative of a business, confirmed by an agency."""
    held = mandates.claim(
        Mandate(
            kind=Kind.REPRESENTATIVE,
            principal_number=BUSINESS,
            principal_name="Công ty TNHH Hoa Ban",
            agent=account(key),
            given_by=account(key),
            agency=SA_PA,
            paper={"name": "dang-ky.png", "media": "image/png", "size": 1, "digest": blob_of_picture()},
        ),
        by=actor(key),
    )
    mandates.confirm(held, by=SYSTEM, proof={"agency": AGENCIES[SA_PA], "officer": "Phạm Thu Sương"})
    return held


def enterprise(code: str = BUSINESS, key: str = "doi", **known: object) -> None:
    """A business in the register of enterprises, for which one of the demo's people speaks."""
    told = {
        "name": "Công ty TNHH Hoa Ban",
        "address": "Phường Sa Pa, tỉnh Lào Cai",
        "representative_name": BY_KEY[key].name,
        "representative_number": BY_KEY[key].number,
        "trade": "Lưu trú",
        **known,
    }
    register.record_enterprise(
        Enterprise(code=code, occasion=f"demo:{code}", registered_at="H38", registered_on=SINCE),
        by=SYSTEM,
        known=EnterpriseRecord(**told),
        basis=Basis(Ground.TAKEOVER, "demo", "G12"),
    )


def registered_business(key: str = "doi") -> Mandate:
    """A business that stands in the register, and its representative, confirmed by an agency."""
    enterprise(key=key)
    return business(key)


def claim() -> Claim:
    """A representation an officer of Sa Pa is to look at."""
    found = Claim(
        pk=uuid4(),
        number="ĐD-2026-000009",
        kind=Kind.PARENT,
        agency=SA_PA,
        origin="G22",
        principal_number="000120005551",
        principal_name="Lý Khánh Vy",
        born_on=date(2020, 5, 4),
        agent_number=BY_KEY["may"].number,
        agent_name=BY_KEY["may"].name,
        paper={
            "name": "khai-sinh.png",
            "media": "image/png",
            "size": len(picture()),
            "digest": blob_of_picture(),
        },
    )
    mandates.take_claim(found, by=SYSTEM)
    return found


def blob_of_picture() -> str:
    """The digest of a stored picture."""
    return Store(settings.FILES).put([picture()]).digest


def keys() -> None:
    """Seals of the agencies and signatures of those who sign."""
    authority = Authority.founded("Chứng thực thử")
    ring = Keyring(settings.KEYS)
    ring.trust("tests", authority.credential.certificate)
    for code, name in AGENCIES.items():
        ring.keep_seal(code, authority.seal(name, code))
    for key in ("suong", "lam", "lua", "thac", "ban"):
        person = BY_KEY[key]
        agency, _role, title, _english = person.posts[0]
        ring.keep_person(
            f"person:{person.account}", authority.person(person.name, title=title, agency=AGENCIES[agency])
        )


def picture() -> bytes:
    """A small true PNG: the photographed certificate of live birth."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(file, "PNG")
    return file.getvalue()


def paper(application: Application, *, by: Actor, name: str = "birth_notice") -> None:
    """Attach the certificate of live birth."""
    content = picture()
    blob = Store(settings.FILES).put([content])
    actions.attach(
        application,
        by=by,
        paper=name,
        name="giay-chung-sinh.png",
        media="image/png",
        size=blob.size,
        digest=blob.digest,
    )


@remembered
def application(key: str = "may", *, at: str = "draft", agency_code: str = SA_PA) -> Application:
    """An application for the birth group: `draft`, `filled`, or `sent`."""
    by = citizen(key)
    agency(agency_code)
    begun = actions.begin(
        procedure(), by=by, case="lien_thong", agency=agency_code, agency_name=called(agency_code)
    )
    if at == "draft":
        return begun
    fill_in(begun, by=by)
    paper(begun, by=by)
    if at == "sent":
        actions.send(begun, by=by)
    return begun


def fill_in(begun: Application, *, by: Actor, **changes: str) -> None:
    """Answer every page of the form."""
    answers = {**ANSWERS, "child_born_on": timezone.localdate().isoformat(), **changes}
    known = begun.version.definition
    for group in known.groups_for(begun.case, begun.answers):
        typed = {one.id: answers.get(one.id, default(one)) for one in group.fields}
        actions.fill(begun, by=by, group=group.id, answers=typed)


def default(field) -> str:
    """A fitting answer for a question the story does not care about."""
    return field.choices[0].value if field.choices else ""


@remembered
def dossier(key: str = "may", *, at: str = "arrived", agency_code: str = SA_PA) -> Dossier:
    """A dossier at the agency: arrived → accepted → proposed → registered (all other agencies have answered) → signed."""
    country()
    registered("suoi")
    sent = application(key, at="sent", agency_code=agency_code)
    settle()
    found = Dossier.objects.get(pk=sent.pk)
    roads = ("arrived", "accepted", "proposed", "registered", "signed")
    for stop in roads[1 : roads.index(at) + 1]:
        ROADS[stop](found)
    found.refresh_from_db()
    return found


def accept(found: Dossier) -> None:
    actions.accept(found, by=officer("receiver"))
    settle()


def propose(found: Dossier) -> None:
    actions.propose(found, by=officer("registrar"), opinion="Đủ điều kiện đăng ký khai sinh.")


def sign(found: Dossier) -> None:
    keys()
    actions.sign(found, by=officer("chair"))
    settle()


ROADS = {"accepted": accept, "proposed": propose, "registered": lambda found: settle(), "signed": sign}


COPY = "2.000635"


@remembered
def copy(*, at: str = "accepted", copies: int = 1, times: int = 1) -> Dossier:
    """A dossier with a fee, a copy of a birth certificate: accepted (to be paid) → paid → proposed → signed.

    Only on the way to the end somebody's birth has been registered; else the register has nothing to answer.
    """
    country()
    is_whole = at in {"proposed", "signed"}
    child = dossier(at="signed").results["register"]["personal_number"] if is_whole else BY_KEY["may"].number
    by = citizen("may")
    begun = actions.begin(procedure(COPY), by=by, case="birth", agency=SA_PA, agency_name=AGENCIES[SA_PA])
    answers = {
        "applicant_name": BY_KEY["may"].name,
        "applicant_number": BY_KEY["may"].number,
        "applicant_born_on": BY_KEY["may"].born_on,
        "applicant_residence": BY_KEY["may"].address,
        "applicant_phone": "0912345678",
        "birth_number": child,
        "copies": str(copies),
    }
    for group in begun.version.definition.groups_for(begun.case, begun.answers):
        typed = {one.id: answers.get(one.id, default(one)) for one in group.fields}
        actions.fill(begun, by=by, group=group.id, answers=typed)
    actions.send(begun, by=by)
    settle(times)
    found = Dossier.objects.get(pk=begun.pk)
    actions.accept(found, by=officer("receiver"))
    settle(times)
    roads = ("paid", "proposed", "signed")
    for stop in roads[: roads.index(at) + 1] if at in roads else ():
        {"paid": pay, "proposed": propose, "signed": sign}[stop](found)
    found.refresh_from_db()
    return found


def pay(found: Dossier) -> None:
    charge = Charge.objects.about(found)[0]
    payments.take_cash(charge, by=officer("receiver"), amount=charge.open)
    settle()

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from motcua.lib.actors import Actor, Grant
from motcua.registers.business import actions, codes, services
from motcua.registers.business.models import Enterprise, EnterpriseVersion, enterprise_on
from motcua.registers.business.records import EnterpriseRecord
from motcua.registers.population.models import Reading
from motcua.registers.records import Basis, Ground
from motcua.registers.services import SERVICES, Needs
from tests.racing import meanwhile
from tests.registers.conftest import FATHER, MOTHER, SETUP

COMPANY = "0001234561"
TAKEOVER = Basis(Ground.TAKEOVER, "CSDL 2025", "G12")
FOUNDED = date(2025, 8, 1)
RECORD = EnterpriseRecord(
    name="Công ty TNHH Hoa Ban",
    address="Phường Sa Pa, tỉnh Lào Cai",
    representative_name="Vàng A Páo",
    representative_number=FATHER,
    trade="Lưu trú",
    capital=2_000_000_000,
)
DECLARED = {
    "owner_number": MOTHER,
    "name": "Hộ kinh doanh Bản Vền",
    "address": "Thôn Bản Vền, xã Bát Xát, tỉnh Lào Cai",
    "trade": "Bán lẻ tạp hóa",
    "capital": 50_000_000,
    "agency": "H38.02683",
}
OWNER = {"full_name": "Trần Hạ Mây", "born_on": "1994-03-08", "is_alive": True}


def company(code: str = COMPANY, kind: str = "", **changes) -> Enterprise:
    return actions.record_enterprise(
        Enterprise(
            code=code, kind=kind, occasion=f"takeover:{code}", registered_at="H38", registered_on=FOUNDED
        ),
        by=SETUP,
        known=replace(RECORD, **changes),
        basis=TAKEOVER,
    )


def registered(asked, **declared) -> dict:
    """A household business registered by its dossier, the population register having said who the owner is."""
    assert isinstance(services.register_household(DECLARED | declared, asked), Needs)
    return services.complete(DECLARED | declared, asked, OWNER)


def test_the_services_of_the_register(db):
    offered = {name: service.reads for name, service in SERVICES.items() if name.startswith("business.")}
    assert offered == {
        "business.enterprise": True,
        "business.representative": True,
        "business.readings": True,
        "business.register_household": False,
        "business.change_household": False,
        "business.pause_household": False,
        "business.end_household": False,
    }


def test_a_household_business_is_registered_under_its_owners_number_and_by_their_name(country, asked):
    needs = services.register_household(DECLARED, asked)
    assert (needs.service, needs.to, needs.params) == (
        "population.person",
        "G01",
        {"personal_number": MOTHER},
    )
    told = services.complete(DECLARED, asked, OWNER)
    assert told == {
        "code": MOTHER,
        "kind": "household",
        "name": "Hộ kinh doanh Bản Vền",
        "address": "Thôn Bản Vền, xã Bát Xát, tỉnh Lào Cai",
        "representative_name": "Trần Hạ Mây",
        "trade": "Bán lẻ tạp hóa",
        "capital": 50_000_000,
        "is_active": True,
        "is_paused": False,
        "registered_on": timezone.localdate().isoformat(),
        "registered_at": "H38.02683",
    }
    assert services.register_household(DECLARED, asked) == services.complete(DECLARED, asked, OWNER) == told
    entry = Entry.objects.of("business.HouseholdRegistered").get()
    assert (entry.about, entry.facts["reference"]) == (Enterprise.objects.get().urn, asked.dossier)
    assert MOTHER not in str(entry.facts)


def test_one_person_has_one_household_business_in_the_whole_country(country, asked):
    registered(asked)
    with pytest.raises(Invalid) as refusal:
        services.register_household(DECLARED, replace(asked, dossier="second"))
    assert (str(refusal.value)[:29], "Bản Vền" in str(refusal.value)) == (
        "Người này đã có hộ kinh doanh",
        False,
    )
    assert Reading.objects.of(MOTHER).filter(service="business.register_household").count() == 2


def test_an_owner_whose_business_has_ended_registers_again_and_only_an_active_one_changes(country, asked):
    registered(asked)
    Enterprise.objects.update(registered_on=FOUNDED)
    EnterpriseVersion.objects.update(valid_from=FOUNDED)
    held = enterprise_on(MOTHER)
    closed = replace(held.record, is_active=False)
    actions.change(held.subject, by=SETUP, held=closed, since=timezone.localdate(), basis=TAKEOVER)
    with pytest.raises(Invalid, match="đã chấm dứt hoạt động"):
        services.change_household({"owner_number": MOTHER, "trade": "Khác"}, asked)
    again = replace(asked, dossier="second")
    told = registered(again, name="Hộ kinh doanh Bản Vền mới")
    assert (told["name"], told["is_active"]) == ("Hộ kinh doanh Bản Vền mới", True)
    assert services.register_household(DECLARED, again) == told
    assert (Enterprise.objects.count(), enterprise_on(MOTHER, FOUNDED).name) == (1, "Hộ kinh doanh Bản Vền")


def pause_of(first, days):
    """A pause of so many days, as asked for."""
    last = first + timedelta(days=days - 1)
    return {"paused_from": first.isoformat(), "paused_until": last.isoformat()}


def paused(first, last):
    """Whether it rests on the day before the first, on both, and on the day after the last."""
    days = (first - timedelta(days=1), first, last, last + timedelta(days=1))
    return [enterprise_on(MOTHER, day).is_paused for day in days]


def test_a_pause_ends_by_itself_or_earlier_and_a_change_meanwhile_does_not_prolong_it(country, asked):
    registered(asked)
    Enterprise.objects.update(registered_on=FOUNDED)
    EnterpriseVersion.objects.update(valid_from=FOUNDED)
    today = timezone.localdate()
    last = today + timedelta(days=40)
    wanted = {"owner_number": MOTHER, "paused_from": today.isoformat(), "paused_until": last.isoformat()}
    for _time in range(2):
        assert services.pause_household(wanted, replace(asked, dossier="p"))["is_paused"] is True
    assert (paused(today, last), Entry.objects.of("business.EnterpriseChanged").count()) == (
        [False, True, True, False],
        1,
    )
    services.change_household({"owner_number": MOTHER, "trade": "Ăn uống"}, replace(asked, dossier="c"))
    assert paused(today, last) == [False, True, True, False]
    assert {enterprise_on(MOTHER, last + timedelta(days=days)).trade for days in (0, 1)} == {"Ăn uống"}
    on = today + timedelta(days=10)
    for _time in range(2):
        again = {"owner_number": MOTHER, "resumed_on": on.isoformat()}
        services.pause_household(again, replace(asked, dossier="r"))
    assert paused(today, on - timedelta(days=1)) == [False, True, True, False]
    for more, field in (
        ({"resumed_on": on.isoformat()}, "resumed_on"),
        ({"paused_from": last.isoformat(), "paused_until": on.isoformat()}, "paused_until"),
        (pause_of(today, 29), "paused_until"),
    ):
        with pytest.raises(Invalid) as refusal:
            services.pause_household({"owner_number": MOTHER, **more}, asked)
        assert refusal.value.field == field
    later = today + timedelta(days=50)
    services.pause_household({"owner_number": MOTHER, **pause_of(later, 30)}, replace(asked, dossier="q"))
    assert paused(later, later + timedelta(days=29)) == [False, True, True, False]
    for _time in range(2):
        services.pause_household(
            {"owner_number": MOTHER, "resumed_on": last.isoformat()}, replace(asked, dossier="b")
        )
    assert paused(later, later + timedelta(days=29)) == [False] * 4
    for _time in range(2):
        ended = {"owner_number": MOTHER, "ended_on": today.isoformat()}
        assert services.end_household(ended, replace(asked, dossier="e"))["is_active"] is False
    with pytest.raises(Invalid, match="đã chấm dứt hoạt động"):
        services.pause_household(wanted, asked)


def test_an_announced_end_stands_and_neither_a_pause_nor_a_second_end_moves_it(country, asked):
    registered(asked)
    today = timezone.localdate()
    end = today + timedelta(days=40)

    def ends(day):
        wanted = {"owner_number": MOTHER, "ended_on": day.isoformat()}
        return services.end_household(wanted, replace(asked, dossier=f"e{day}"))

    ends(end)
    for beyond in (lambda: ends(end + timedelta(days=90)), lambda: ends(today)):
        with pytest.raises(Invalid, match=f"từ ngày {end:%d/%m/%Y}") as refusal:
            beyond()
        assert refusal.value.field == "ended_on"
    for first, days in ((today, 41), (end, 30)):
        with pytest.raises(Invalid, match=f"từ ngày {end:%d/%m/%Y}") as refusal:
            services.pause_household({"owner_number": MOTHER, **pause_of(first, days)}, asked)
        assert refusal.value.field == "paused_until"
    services.pause_household({"owner_number": MOTHER, **pause_of(today, 40)}, replace(asked, dossier="p"))
    assert ends(end)["is_active"] is False
    days = [enterprise_on(MOTHER, end + timedelta(days=days)).is_active for days in (-1, 0, 200)]
    assert (days, Entry.objects.of("business.EnterpriseChanged").count()) == ([True, False, False], 2)


@pytest.mark.django_db(transaction=True)
def test_of_two_ends_at_once_the_first_stands(asked):
    registered(asked)
    today = timezone.localdate()

    def ends(day):
        with transaction.atomic():
            wanted = {"owner_number": MOTHER, "ended_on": day.isoformat()}
            services.end_household(wanted, replace(asked, dossier=f"e{day}"))

    with pytest.raises(Invalid), meanwhile(lambda: ends(today + timedelta(days=9))):
        ends(today)
    assert [enterprise_on(MOTHER, today + timedelta(days=days)).is_active for days in (0, 9)] == [
        False,
        False,
    ]
    assert Entry.objects.of("business.EnterpriseChanged").count() == 1


def test_a_company_is_not_changed_by_the_form_of_household_businesses(country, asked):
    company()
    for said in ({"name": "Công ty của tôi"}, {}):
        with pytest.raises(Invalid, match="không có mã số này"):
            services.change_household({"owner_number": COMPANY, **said}, asked)
    assert (enterprise_on(COMPANY).record, Reading.objects.count()) == (RECORD, 0)


@pytest.mark.django_db(transaction=True)
def test_two_dossiers_of_one_person_at_once_register_one_business():
    def register(occasion: str) -> str:
        try:
            actions.register_household(
                Enterprise(occasion=occasion, registered_at="H38"), by=SETUP, declared=RECORD, basis=TAKEOVER
            )
        except Invalid as refusal:
            return str(refusal)[:24]
        finally:
            connection.close()
        return "registered"

    with ThreadPoolExecutor(2) as pool:
        ends = sorted(pool.map(register, ["first", "second"]))
    assert (ends, Enterprise.objects.count()) == (["Người này đã có hộ kinh ", "registered"], 1)


@pytest.mark.parametrize(
    ("declared", "owner", "field"),
    [
        ({"name": " – "}, {}, "name"),
        ({"address": " "}, {}, "address"),
        ({"capital": -1}, {}, "capital"),
        ({}, {"born_on": (timezone.localdate() - timedelta(days=17 * 365)).isoformat()}, "owner_number"),
        ({}, {"is_alive": False}, "owner_number"),
    ],
)
def test_what_cannot_be_registered_is_refused_with_its_field(country, asked, declared, owner, field):
    with pytest.raises(Invalid) as refusal:
        services.complete(DECLARED | declared, asked, OWNER | owner)
    assert (refusal.value.field, Enterprise.objects.count()) == (field, 0)


def test_what_changes_stands_beside_what_was_and_the_same_again_changes_nothing(country, asked):
    registered(asked)
    Enterprise.objects.update(registered_on=FOUNDED)
    EnterpriseVersion.objects.update(valid_from=FOUNDED)
    for _time in range(2):
        told = services.change_household({"owner_number": MOTHER, "trade": "Bán lẻ, ăn uống"}, asked)
    assert (told["trade"], told["name"]) == ("Bán lẻ, ăn uống", "Hộ kinh doanh Bản Vền")
    assert Reading.objects.of(MOTHER).filter(service="business.change_household").count() == 2
    assert enterprise_on(MOTHER, FOUNDED).trade == "Bán lẻ tạp hóa"
    assert Entry.objects.of("business.EnterpriseChanged").count() == 1
    with pytest.raises(Invalid, match="không có mã số này"):
        services.change_household({"owner_number": FATHER, "trade": "Khác"}, asked)
    held = enterprise_on(MOTHER)
    for changes, field in (({"since": date(2020, 1, 1)}, "since"), ({"to": FATHER}, "representative_number")):
        with pytest.raises(Invalid) as refusal:
            actions.change(
                held.subject,
                by=SETUP,
                held=replace(held.record, representative_number=changes.get("to", MOTHER)),
                since=changes.get("since", timezone.localdate()),
                basis=TAKEOVER,
            )
        assert refusal.value.field == field


def test_an_enterprise_is_told_without_its_representatives_number_and_the_reading_is_logged(country, asked):
    assert company() == company(name="Khác")
    told = services.enterprise({"code": "000 123 4561"}, asked)
    assert (told["name"], told["representative_name"]) == ("Công ty TNHH Hoa Ban", "Vàng A Páo")
    assert FATHER not in str(told)
    shown = services.readings({"code": COMPANY}, asked)["readings"]
    assert [row["service"] for row in shown] == ["business.readings", "business.enterprise"]
    assert Reading.objects.filter(subject=COMPANY).count() == 2


def test_only_who_speaks_for_it_learns_so(country, asked):
    company()
    company(code="0001234561-001", is_active=False)
    assert services.representative({"code": COMPANY, "personal_number": FATHER}, asked) == {
        "name": "Công ty TNHH Hoa Ban",
        "code": COMPANY,
    }
    for code, number in ((COMPANY, MOTHER), ("0001234561-001", FATHER), ("0001234579", FATHER)):
        with pytest.raises(Invalid, match="không ghi bạn là người đại diện"):
            services.representative({"code": code, "personal_number": number}, asked)


def test_codes_of_real_offices_and_demo_codes_are_told_apart(db):
    assert codes.checked("0100233488") == "0100233488"
    assert codes.checked(COMPANY, demo=True) == COMPANY
    for code in (COMPANY, MOTHER):
        with pytest.raises(Invalid):
            codes.checked(code)


def test_the_database_holds_the_form_of_a_code_to_its_kind(country, asked):
    company(kind="cooperative", name="Hợp tác xã chè Bản Liền")
    spoken = services.representative({"code": COMPANY, "personal_number": FATHER}, asked)
    told = services.enterprise({"code": COMPANY}, asked)
    assert (told["kind"], spoken["name"]) == ("cooperative", "Hợp tác xã chè Bản Liền")
    assert company(MOTHER, kind="cooperative").kind == "household"
    with pytest.raises(IntegrityError), transaction.atomic():
        Enterprise.objects.update(kind="household")


def test_only_the_keeper_changes_the_register(country):
    entered = company()
    keeper = Actor("person:1", grants=frozenset({Grant("registrar", "G12")}))
    held = replace(RECORD, trade="Lưu trú, ăn uống")
    actions.change(entered, by=keeper, held=held, since=timezone.localdate(), basis=TAKEOVER)
    with pytest.raises(Refused):
        actions.change(entered, by=Actor("person:2"), held=RECORD, since=timezone.localdate(), basis=TAKEOVER)

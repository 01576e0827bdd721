from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from motcua.lib.actors import Actor
from motcua.registers.insurance import actions, services
from motcua.registers.insurance.models import Card, CardVersion, card_of
from motcua.registers.insurance.records import CardRecord, is_under_six, last_day
from motcua.registers.population.models import Reading
from motcua.registers.records import Basis, Ground, Sex
from motcua.registers.services import SERVICES
from tests.registers.conftest import SETUP

TODAY = timezone.localdate()
BORN = TODAY - timedelta(days=18)
NUMBER = f"0003{BORN:%y}000042"
CHILD = {
    "personal_number": NUMBER,
    "full_name": "Vàng Hạ Vy",
    "born_on": BORN.isoformat(),
    "sex": "female",
    "address": "Thôn Bản Vền, xã Bát Xát, tỉnh Lào Cai",
    "clinic": "Trạm Y tế xã Bát Xát",
    "dossier": "H38.02683-261120-0001",
}


@pytest.mark.parametrize(
    ("born_on", "ends"),
    [
        (date(2026, 9, 29), date(2032, 9, 30)),
        (date(2026, 9, 30), date(2032, 9, 30)),
        (date(2026, 10, 1), date(2032, 10, 31)),
        (date(2026, 11, 2), date(2032, 11, 30)),
        (date(2026, 12, 31), date(2032, 12, 31)),
        (date(2026, 1, 1), date(2032, 9, 30)),
        (date(2024, 2, 29), date(2030, 9, 30)),
    ],
)
def test_how_long_the_card_of_a_child_holds(born_on, ends):
    assert last_day(born_on) == ends


@given(some.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_a_card_holds_for_72_months_until_school_begins_or_the_month_ends(born_on):
    ends = last_day(born_on)
    assert not is_under_six(born_on, ends + timedelta(days=1))
    assert (ends.year, ends.month) == (born_on.year + 6, max(9, born_on.month))
    assert (ends + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("born_on", "on", "answer"),
    [
        (date(2020, 11, 20), date(2026, 11, 19), True),
        (date(2020, 11, 20), date(2026, 11, 20), False),
        (date(2020, 2, 29), date(2026, 2, 28), True),
        (date(2020, 2, 29), date(2026, 3, 1), False),
        (date(2026, 11, 20), date(2026, 11, 20), True),
    ],
)
def test_six_years_are_seventy_two_months(born_on, on, answer):
    assert is_under_six(born_on, on) is answer


def test_the_services_of_the_register(db):
    offered = {name: service.reads for name, service in SERVICES.items() if name.startswith("insurance.")}
    assert offered == {
        "insurance.issue_child_card": False,
        "insurance.card": True,
        "insurance.readings": True,
    }


def test_a_child_gets_a_card_from_birth_on(country, asked):
    told = services.issue_child_card(CHILD, asked)
    assert told == {
        "card_number": "TE1151500000001",
        "insurance_code": "1500000001",
        "valid_from": BORN.isoformat(),
        "valid_until": last_day(BORN).isoformat(),
    }
    entry = Entry.objects.of("insurance.CardIssued").get()
    assert entry.about == Card.objects.get().urn
    assert entry.facts == {
        "valid_from": BORN.isoformat(),
        "valid_to": last_day(BORN).isoformat(),
        "ground": "dossier",
        "reference": "H38.02683-261120-0001",
        "agency": "H38.02683",
    }


def test_one_dossier_gets_one_card(country, asked):
    assert services.issue_child_card(CHILD, asked) == services.issue_child_card(CHILD, asked)
    assert (Card.objects.count(), CardVersion.objects.count()) == (1, 1)


def test_the_next_child_gets_the_next_code(country, asked):
    services.issue_child_card(CHILD, asked)
    sibling = CHILD | {"personal_number": f"0002{BORN:%y}000007", "full_name": "Vàng Hạ Vinh", "sex": "male"}
    told = services.issue_child_card(sibling, replace(asked, dossier="second"))
    assert told["card_number"] == "TE1151500000002"


def test_a_child_does_not_get_a_second_card(country, asked):
    services.issue_child_card(CHILD, asked)
    with pytest.raises(Invalid) as refusal:
        services.issue_child_card(CHILD, replace(asked, dossier="second"))
    assert str(refusal.value) == (
        f"Trẻ đã có thẻ bảo hiểm y tế số TE1151500000001, có giá trị đến {last_day(BORN):%d/%m/%Y}."
    )


SIX = TODAY.replace(year=TODAY.year - 6, day=1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"born_on": SIX.isoformat(), "personal_number": f"0003{SIX:%y}000001"}, "born_on"),
        ({"born_on": (TODAY + timedelta(days=1)).isoformat()}, "born_on"),
        ({"born_on": BORN.replace(year=BORN.year - 1, day=1).isoformat()}, "born_on"),
        ({"clinic": " "}, "clinic"),
        ({"full_name": "?"}, "full_name"),
        ({"personal_number": "12"}, "personal_number"),
        ({"address": None}, "address"),
    ],
)
def test_a_card_that_cannot_be_is_refused_with_its_field(country, asked, changes, field):
    with pytest.raises(Invalid) as refusal:
        services.issue_child_card(CHILD | changes, asked)
    assert refusal.value.field == field
    assert Card.objects.count() == 0


@pytest.mark.parametrize("asker", ["G15", "H99"])
def test_cards_are_asked_for_from_a_province(country, asked, asker):
    with pytest.raises(Invalid):
        services.issue_child_card(CHILD, replace(asked, asker=asker))


def test_a_card_is_read_and_the_reading_logged(country, asked):
    issued = services.issue_child_card(CHILD, asked)
    told = services.card({"personal_number": NUMBER}, asked)
    assert told == issued | {
        "full_name": "Vàng Hạ Vy",
        "sex": "female",
        "born_on": BORN.isoformat(),
        "address": "Thôn Bản Vền, xã Bát Xát, tỉnh Lào Cai",
        "clinic": "Trạm Y tế xã Bát Xát",
    }
    assert Reading.objects.get().service == "insurance.card"
    shown = services.readings({"personal_number": NUMBER}, asked)["readings"]
    assert [row["service"] for row in shown] == ["insurance.readings", "insurance.card"]


def test_no_card_no_answer(country, asked):
    with pytest.raises(Invalid) as refusal:
        services.card({"personal_number": NUMBER}, asked)
    assert refusal.value.field == "personal_number"


DECISION = Basis(Ground.DECISION, "12/BHXH", "G24")


def test_a_child_moves_to_another_clinic(country, asked):
    services.issue_child_card(CHILD, asked)
    card = Card.objects.get()
    actions.move_clinic(card, by=SETUP, clinic="Trạm Y tế phường Sa Pa", since=TODAY, basis=DECISION)
    assert card_of(NUMBER, TODAY - timedelta(days=1)).clinic == "Trạm Y tế xã Bát Xát"
    held = card_of(NUMBER)
    assert (held.clinic, held.valid_to) == ("Trạm Y tế phường Sa Pa", last_day(BORN))
    assert Entry.objects.of("insurance.CardChanged").count() == 1
    with pytest.raises(Invalid):
        actions.move_clinic(card, by=SETUP, clinic="x", since=BORN - timedelta(days=1), basis=DECISION)


def test_only_keepers_issue(country):
    card = Card(personal_number=NUMBER, occasion="x")
    printed = CardRecord("Vàng Hạ Vy", Sex.FEMALE, BORN, "Bát Xát", "Trạm Y tế xã Bát Xát")
    with pytest.raises(Refused):
        actions.issue(card, by=Actor("person:2"), printed=printed, province="15", basis=DECISION)

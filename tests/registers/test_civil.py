from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.lib.actors import Actor
from motcua.registers.civil import actions, services
from motcua.registers.civil.models import HOLD, Birth, BirthVersion, birth_of
from motcua.registers.population import services as population
from motcua.registers.population.models import Reading
from motcua.registers.records import Basis, Ground
from motcua.registers.services import SERVICES, Needs
from motcua.sharing import actions as sharing
from tests.registers.conftest import FATHER, KEEPER, MOTHER, SETUP, WIDOW

TODAY = timezone.localdate()
BORN = TODAY - timedelta(days=18)
DECLARED = {
    "surname": "Vàng",
    "middle_name": "Hạ",
    "given_name": "Vy",
    "sex": "female",
    "born_on": BORN.isoformat(),
    "born_at": "Trung tâm Y tế khu vực Bát Xát",
    "born_in": "Xã Bát Xát, tỉnh Lào Cai",
    "home_town": "Xã Bát Xát, tỉnh Lào Cai",
    "ethnicity": "Mông",
    "nationality": "Việt Nam",
    "mother_number": MOTHER,
    "mother_name": "Trần Hạ Mây",
    "mother_birth_year": 1994,
    "mother_ethnicity": "Kinh",
    "mother_nationality": "Việt Nam",
    "mother_residence": "Xã Bát Xát, tỉnh Lào Cai",
    "father_number": FATHER,
    "father_name": "Vàng A Páo",
    "father_birth_year": 1991,
    "father_ethnicity": "Mông",
    "father_nationality": "Việt Nam",
    "father_residence": None,
    "relation": "mother",
    "applicant_number": MOTHER,
    "dossier": "H38.02683-261120-0001",
    "agency": "H38.02683",
}
NUMBER = f"0003{BORN:%y}000042"


def register(asked, number: str = NUMBER, **changes):
    """Declare a birth and let the number come."""
    params = DECLARED | changes
    first = services.register_birth(params, asked)
    if not isinstance(first, Needs):
        return first
    return services.complete(params, asked, {"personal_number": number})


def other(asked, dossier: str = "H38.02683-261120-0002"):
    return replace(asked, dossier=dossier, request=dossier)


def test_the_services_of_the_register(db):
    offered = {name: service.reads for name, service in SERVICES.items() if name.startswith("civil.")}
    assert offered == {"civil.register_birth": False, "civil.birth": True, "civil.readings": True}
    assert list(SERVICES["civil.register_birth"].continuations) == ["complete"]


def test_a_birth_first_needs_a_number(country, asked):
    needs = services.register_birth(DECLARED, asked)
    assert needs == Needs(
        service="population.issue_number",
        params={
            "full_name": "Vàng Hạ Vy",
            "sex": "female",
            "born_on": BORN.isoformat(),
            "ethnicity": "Mông",
            "nationality": "Việt Nam",
            "home_town": "Xã Bát Xát, tỉnh Lào Cai",
            "mother_number": MOTHER,
            "father_number": FATHER,
            "place": "15",
        },
        to="G01",
        then="complete",
    )
    assert services.register_birth(DECLARED, asked) == needs
    assert Birth.objects.get().state == Birth.State.AWAITING


def test_what_is_needed_is_what_the_population_register_takes(country, asked):
    needs = services.register_birth(DECLARED, asked)
    answer = population.issue_number(needs.params, asked)
    told = services.complete(DECLARED, asked, answer)
    assert told["personal_number"] == answer["personal_number"]


def test_with_the_number_the_birth_is_in_the_book(country, asked):
    told = register(asked)
    assert told == {
        "birth": str(Birth.objects.get().pk),
        "certificate_number": f"1/{TODAY.year}",
        "book": f"01/{TODAY.year}",
        "registered_on": TODAY.isoformat(),
        "registered_at": "H38.02683",
        "personal_number": NUMBER,
        "full_name": "Vàng Hạ Vy",
    }
    assert [entry.event for entry in Entry.objects.about(Birth.objects.get())] == [
        "civil.BirthTaken",
        "civil.BirthRegistered",
    ]
    facts = Entry.objects.of("civil.BirthRegistered").get().facts
    assert facts == {
        "agency": "H38.02683",
        "dossier": "H38.02683-261120-0001",
        "book": f"01/{TODAY.year}",
        "number": 1,
    }


def test_one_dossier_registers_one_birth_however_often_it_comes(country, asked):
    told = register(asked)
    assert services.register_birth(DECLARED, asked) == told
    assert services.complete(DECLARED, asked, {"personal_number": f"0003{BORN:%y}000099"}) == told
    assert (Birth.objects.count(), BirthVersion.objects.count()) == (1, 1)


def test_numbers_run_on_within_the_book_of_each_agency(country, asked):
    register(asked)
    twin = register(other(asked), f"0003{BORN:%y}000043", given_name="Vân")
    elsewhere = register(other(asked, "x"), f"0003{BORN:%y}000044", given_name="Vinh", agency="H38.03006")
    assert [told["certificate_number"] for told in (twin, elsewhere)] == [
        f"2/{TODAY.year}",
        f"1/{TODAY.year}",
    ]


def test_the_same_child_is_not_registered_twice(country, asked):
    register(asked)
    with pytest.raises(Invalid) as refusal:
        services.register_birth(DECLARED | {"given_name": " VY "}, other(asked))
    assert str(refusal.value) == (
        f"Trẻ này đã được đăng ký khai sinh ngày {TODAY:%d/%m/%Y} tại UBND xã Bát Xát, số 1/{TODAY.year}."
    )


def test_a_child_being_registered_is_not_taken_twice(country, asked):
    services.register_birth(DECLARED, asked)
    with pytest.raises(Invalid, match="Trẻ này đang được đăng ký khai sinh tại UBND xã Bát Xát"):
        services.register_birth(DECLARED, other(asked))


def test_who_waited_too_long_gives_way(country, asked):
    services.register_birth(DECLARED, asked)
    Birth.objects.update(taken_at=timezone.now() - HOLD - timedelta(minutes=1))
    assert register(other(asked))["certificate_number"] == f"1/{TODAY.year}"
    assert Entry.objects.of("civil.BirthReleased").get().facts["dossier"] == asked.dossier
    with pytest.raises(Invalid, match="Hồ sơ khác đã đăng ký khai sinh cho trẻ này"):
        services.complete(DECLARED, asked, {"personal_number": NUMBER})


def test_a_child_of_unknown_parents_is_registered(country, asked):
    unknown = {key: None for key in DECLARED if key.startswith(("mother_", "father_"))}
    assert register(asked, **unknown)["full_name"] == "Vàng Hạ Vy"
    second = register(other(asked), f"0003{BORN:%y}000043", **unknown)
    assert second["certificate_number"] == f"2/{TODAY.year}"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"given_name": None}, "given_name"),
        ({"given_name": "Vy 2"}, "given_name"),
        ({"sex": "x"}, "sex"),
        ({"born_on": (TODAY + timedelta(days=1)).isoformat()}, "born_on"),
        ({"mother_number": "12"}, "mother_number"),
        ({"father_number": MOTHER}, "father_number"),
        ({"father_birth_year": BORN.year}, "father_birth_year"),
        ({"mother_name": "M4y"}, "mother_name"),
    ],
)
def test_a_declaration_that_cannot_be_is_refused_with_its_field(country, asked, changes, field):
    with pytest.raises(Invalid) as refusal:
        services.register_birth(DECLARED | changes, asked)
    assert refusal.value.field == field
    assert Birth.objects.count() == 0


def test_a_birth_is_read_with_both_parents_and_logged(country, asked):
    register(asked)
    told = services.birth({"personal_number": NUMBER}, asked)
    assert (told["full_name"], told["born_on"], told["certificate_number"]) == (
        "Vàng Hạ Vy",
        BORN.isoformat(),
        f"1/{TODAY.year}",
    )
    assert told["mother"] == {
        "name": "Trần Hạ Mây",
        "number": MOTHER,
        "birth_year": 1994,
        "ethnicity": "Kinh",
        "nationality": "Việt Nam",
        "residence": "Xã Bát Xát, tỉnh Lào Cai",
    }
    assert told["father"]["name"] == "Vàng A Páo"
    assert Reading.objects.get().service == "civil.birth"
    for who in (NUMBER, MOTHER, FATHER):
        assert services.birth({"personal_number": NUMBER, "told_to": who}, asked) == told
    with pytest.raises(Invalid, match="Chưa có đăng ký khai sinh"):
        sharing.read("civil.birth", {"personal_number": NUMBER, "told_to": WIDOW}, asked)
    assert Reading.objects.of(NUMBER).count() == 5
    shown = services.readings({"personal_number": NUMBER}, asked)["readings"]
    assert [row["service"] for row in shown] == ["civil.readings"] + 5 * ["civil.birth"]


def test_a_birth_no_one_registered(country, asked):
    with pytest.raises(Invalid) as refusal:
        services.birth({"personal_number": NUMBER}, asked)
    assert refusal.value.field == "personal_number"


# Corrections

DECISION = Basis(Ground.DECISION, "07/QĐ-UBND", "H38.02683")


def test_a_correction_holds_from_birth_and_what_was_written_stays_readable(country, asked):
    register(asked)
    written = birth_of(NUMBER)
    right = replace(written.record, given_name="Vi")
    actions.correct(written.subject, by=KEEPER, held=right, since=BORN, basis=DECISION)
    assert birth_of(NUMBER).record.full_name == "Vàng Hạ Vi"
    believed = BirthVersion.objects.known_at(written.recorded_at).get()
    assert believed.record.full_name == "Vàng Hạ Vy"
    assert Entry.objects.of("civil.BirthCorrected").get().facts == {
        "since": BORN.isoformat(),
        "ground": "decision",
        "reference": "07/QĐ-UBND",
        "agency": "H38.02683",
    }


def test_a_change_of_name_holds_from_its_day(country, asked):
    register(asked)
    entry = birth_of(NUMBER)
    changed = replace(entry.record, middle_name="Thị Hạ")
    actions.correct(entry.subject, by=KEEPER, held=changed, since=TODAY, basis=DECISION)
    assert birth_of(NUMBER, TODAY - timedelta(days=1)).record.full_name == "Vàng Hạ Vy"
    assert birth_of(NUMBER, TODAY).record.full_name == "Vàng Thị Hạ Vy"


def test_who_may_correct_and_when(country, asked):
    services.register_birth(DECLARED, asked)
    birth = Birth.objects.get()
    record = services._record(services.typed(services.Declaration, DECLARED), DECLARED)
    with pytest.raises(Refused):
        actions.correct(birth, by=Actor("person:2"), held=record, since=BORN, basis=DECISION)
    with pytest.raises(NotNow):
        actions.correct(birth, by=KEEPER, held=record, since=BORN, basis=DECISION)
    actions.complete(birth, by=SETUP, personal_number=NUMBER, basis=DECISION)
    with pytest.raises(Invalid) as refusal:
        actions.correct(birth, by=KEEPER, held=record, since=date(1990, 1, 1), basis=DECISION)
    assert refusal.value.field == "since"

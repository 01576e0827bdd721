from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, repeat

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from motcua.lib.actors import Actor, Grant
from motcua.registers.population import actions, services
from motcua.registers.population.models import Person, PersonVersion, Reading, person_on
from motcua.registers.population.records import PersonRecord
from motcua.registers.records import Basis, Ground, Sex
from motcua.registers.services import SERVICES
from motcua.sharing import actions as sharing
from tests.registers.conftest import FATHER, KEEPER, MOTHER, SETUP, TAKEOVER, person

BASIS = Basis(Ground.DOSSIER, "H38.02683-261120-0001", "H38.02683")
NEWBORN = PersonRecord(full_name="Vàng Hạ Vy", sex=Sex.FEMALE, born_on=date(2026, 11, 2))


def issue(occasion: str = "dossier-1", newborn: PersonRecord = NEWBORN, by: Actor = SETUP, **more) -> Person:
    return actions.issue_number(newborn, by=by, place="000", occasion=occasion, basis=BASIS, **more)


# Numbers


def test_a_newborn_gets_a_number_that_tells_place_sex_and_year(db):
    issued = issue(drawn=lambda: 42)
    assert issued.number == "000326000042"
    version = person_on(issued.number)
    assert (version.record, version.valid_from, version.basis) == (NEWBORN, date(2026, 11, 2), BASIS)


def test_a_number_taken_is_drawn_again(db):
    drawn = chain([7], [7, 7, 8], repeat(9)).__next__
    assert issue("first", drawn=drawn).number == "000326000007"
    assert issue("second", drawn=drawn).number == "000326000008"


def test_drawing_ends_when_no_number_is_free(db):
    issue("first", drawn=lambda: 7)
    with pytest.raises(Invalid, match="Chưa tìm được số định danh còn trống"):
        issue("second", drawn=lambda: 7)
    assert Person.objects.count() == 1


def test_one_occasion_gets_one_number(db):
    assert issue() == issue()
    assert Entry.objects.of("population.NumberIssued").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_occasion_gets_one_number_also_when_asked_twice_at_once():
    def ask() -> str:
        try:
            return issue().number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        given = {future.result() for future in [pool.submit(ask) for _ in range(8)]}
    assert given == {Person.objects.get().number}
    assert (PersonVersion.objects.count(), Entry.objects.of("population.NumberIssued").count()) == (1, 1)


def test_what_the_journal_says_of_a_number_names_no_one(db):
    issued = issue()
    entry = Entry.objects.of("population.NumberIssued").get()
    assert (entry.about, entry.facts) == (
        f"citizen:{issued.pk}",
        {"ground": "dossier", "reference": "H38.02683-261120-0001", "agency": "H38.02683"},
    )


@pytest.mark.parametrize(
    "by", [Actor("person:2"), Actor("person:3", grants=frozenset({Grant("registrar", "G15")}))]
)
def test_numbers_are_issued_by_keepers_only(db, by):
    with pytest.raises(Refused):
        issue(by=by)
    assert issue(by=KEEPER).number


# Persons


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"full_name": "Vy 2"}, "full_name"),
        ({"born_on": date(1899, 12, 31)}, "born_on"),
        ({"mother_number": "123"}, "mother_number"),
        ({"mother_number": MOTHER, "father_number": MOTHER}, "father_number"),
        ({"residence_unit": "99999"}, "residence_unit"),
        ({"residence_unit": "15"}, "residence_unit"),
    ],
)
def test_a_person_who_cannot_be_is_refused(country, changes, field):
    with pytest.raises(Invalid) as refusal:
        issue(newborn=replace(NEWBORN, **changes))
    assert refusal.value.field == field


def test_no_one_is_born_tomorrow(db):
    today = timezone.localdate()
    with pytest.raises(Invalid, match=f"Ngày sinh không thể sau hôm nay, {today:%d/%m/%Y}"):
        issue(newborn=replace(NEWBORN, born_on=today + timedelta(days=1)))


def test_taking_over_a_person_twice_leaves_them_as_they_are(mother):
    again = person(MOTHER, full_name="Trần Thị Khác")
    assert again == mother
    assert person_on(MOTHER).full_name == "Trần Hạ Mây"
    assert Entry.objects.of("population.PersonRecorded").count() == 1


def test_a_residence_is_registered_from_a_day_on(mother):
    since = date(2026, 11, 20)
    actions.register_residence(
        mother, by=KEEPER, residence="Tổ 5, phường Sa Pa", unit="03006", since=since, basis=BASIS
    )
    assert person_on(MOTHER, since - timedelta(days=1)).residence_unit == "02683"
    assert person_on(MOTHER, since).residence_unit == "03006"
    entry = Entry.objects.of("population.ResidenceRegistered").get()
    assert entry.about == mother.urn
    assert (entry.facts["unit"], entry.facts["since"]) == ("03006", "2026-11-20")


def test_registering_the_same_residence_again_changes_nothing(mother):
    held = person_on(MOTHER)
    same = {"residence": held.residence, "unit": held.residence_unit, "since": timezone.localdate()}
    assert actions.register_residence(mother, by=SETUP, basis=BASIS, **same) == held
    assert PersonVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"residence": " "}, "address"),
        ({"unit": "00001"}, "residence_unit"),
        ({"since": date(1994, 3, 7)}, "since"),
    ],
)
def test_a_residence_that_cannot_be_is_refused(mother, changes, field):
    given = {"residence": "Tổ 5", "unit": "03006", "since": date(2026, 11, 20)} | changes
    with pytest.raises(Invalid) as refusal:
        actions.register_residence(mother, by=SETUP, basis=BASIS, **given)
    assert refusal.value.field == field


def test_the_record_of_the_dead_is_locked(mother):
    dead = replace(person_on(MOTHER).record, is_alive=False)
    actions.correct(mother, by=KEEPER, held=dead, since=date(2026, 11, 1), basis=BASIS)
    with pytest.raises(Invalid, match="Người này đã mất"):
        actions.register_residence(
            mother, by=SETUP, residence="Tổ 5", unit="03006", since=date(2026, 11, 20), basis=BASIS
        )


def test_a_correction_is_journaled_and_keeps_what_was_held(mother):
    before = timezone.now()
    right = replace(person_on(MOTHER).record, ethnicity="Giáy")
    actions.correct(mother, by=KEEPER, held=right, since=date(1994, 3, 8), basis=BASIS)
    assert person_on(MOTHER).ethnicity == "Giáy"
    assert PersonVersion.objects.known_at(before).get().ethnicity == "Kinh"
    entry = Entry.objects.of("population.PersonCorrected").get()
    assert (entry.facts["since"], entry.facts["until"]) == ("1994-03-08", "")
    with pytest.raises(Invalid):
        actions.correct(
            mother, by=KEEPER, held=right, since=date(2026, 1, 2), until=date(2026, 1, 1), basis=BASIS
        )


# Services


def test_the_services_of_the_register(db):
    offered = {name: service.reads for name, service in SERVICES.items() if name.startswith("population.")}
    assert offered == {
        "population.person": True,
        "population.child": True,
        "population.kinship": True,
        "population.parents_address": True,
        "population.readings": True,
        "population.issue_number": False,
        "population.register_residence": False,
    }


def test_an_applicant_has_proven_only_what_is_theirs_to_know(mother, father, asked):
    child = issue(newborn=replace(NEWBORN, mother_number=MOTHER)).number
    tell, kin = services.person, services.kinship
    for told_to in ("", MOTHER, child):
        assert tell({"personal_number": child, "told_to": told_to}, asked)["full_name"] == "Vàng Hạ Vy"
    for one, other, relation in ((MOTHER, child, "child"), (child, MOTHER, "parent")):
        asks = {"personal_number": one, "relative_number": other, "told_to": one}
        assert kin(asks, asked)["relation"] == relation
    for wanted in (
        ("population.person", {"personal_number": child, "told_to": FATHER}),
        ("population.kinship", {"personal_number": FATHER, "relative_number": child, "told_to": FATHER}),
        ("population.kinship", {"personal_number": MOTHER, "relative_number": child, "told_to": FATHER}),
    ):
        with pytest.raises(Invalid):  # as the exchange asks: the refusal takes nothing out of the log
            sharing.read(*wanted, asked)
    readings = [
        Reading.objects.of(child).filter(service=f"population.{name}") for name in ("person", "kinship")
    ]
    assert [found.count() for found in readings] == [4, 4]


def test_a_person_is_told_with_the_names_forms_prefill_from(mother, asked):
    assert services.person({"personal_number": MOTHER}, asked) == {
        "personal_number": MOTHER,
        "full_name": "Trần Hạ Mây",
        "sex": "female",
        "born_on": "1994-03-08",
        "birth_year": 1994,
        "ethnicity": "Kinh",
        "nationality": "Việt Nam",
        "home_town": "Xã Bát Xát, tỉnh Lào Cai",
        "residence": "Thôn Bản Vền, xã Bát Xát, tỉnh Lào Cai",
        "residence_unit": "02683",
        "mother_number": "",
        "father_number": "",
        "is_alive": True,
    }


def test_every_reading_names_who_what_for_and_under_which_dossier(mother, asked):
    services.person({"personal_number": MOTHER}, asked)
    reading = Reading.objects.of(MOTHER).get()
    assert (reading.service, reading.agency, reading.reader, reading.reader_name) == (
        "population.person",
        "H38.02683",
        "person:7",
        "Lý Thị Dung",
    )
    assert (reading.purpose, reading.dossier) == ("Đăng ký khai sinh", "H38.02683-261120-0001")
    entry = Entry.objects.of("population.RegisterRead").get()
    assert MOTHER not in str(entry.facts) + entry.about


def test_the_person_sees_who_read(mother, asked):
    services.person({"personal_number": MOTHER}, asked)
    myself = replace(asked, asker="G22", purpose="Xem dữ liệu của mình", by=Actor("person:9", "Trần Hạ Mây"))
    shown = services.readings({"personal_number": MOTHER}, myself)["readings"]
    assert [(row["service"], row["agency_name"], row["reader"], row["purpose"]) for row in shown] == [
        ("population.readings", "G22", "Trần Hạ Mây", "Xem dữ liệu của mình"),
        ("population.person", "UBND xã Bát Xát", "Lý Thị Dung", "Đăng ký khai sinh"),
    ]


def test_readings_come_page_by_page_with_as_many_queries_for_one_as_for_many(
    mother, asked, django_assert_max_num_queries
):
    kept = {"subject": MOTHER, "service": "population.person", "agency": "H38.02683", "purpose": "Khai sinh"}
    with django_assert_max_num_queries(50) as few:
        services.readings({"personal_number": MOTHER}, asked)
    moment = timezone.now()  # all of them at once: then their numbers say which comes first
    Reading.objects.bulk_create(Reading(**kept, reader_name=str(place), at=moment) for place in range(45))
    with django_assert_max_num_queries(len(few)):
        page = services.readings({"personal_number": MOTHER}, asked)
    told = list(page["readings"])
    while page["next"]:
        page = services.readings({"personal_number": MOTHER, "upto": page["next"]}, asked)
        told += page["readings"]
    seen = [one["reader"] for one in told if one["reader"].isdecimal()]
    assert seen == [str(place) for place in reversed(range(45))]
    for place in ("x", "2026-11-20~1", f"{timezone.now().isoformat()}~-1"):
        with pytest.raises(Invalid):
            services.readings({"personal_number": MOTHER, "upto": place}, asked)


@pytest.mark.parametrize("number", [MOTHER, "000096000009"])
def test_a_question_on_the_spot_takes_few_statements_and_waits_for_no_disk(mother, asked, number):
    def ask():
        with suppress(Invalid):
            sharing.read("population.person", {"personal_number": number}, asked)

    ask()  # the question is worded once
    with CaptureQueriesContext(connection) as told:
        ask()
    counted = sum("SAVEPOINT" not in one["sql"] for one in told)
    # How it is kept, the reading, the record, the journal; of a no the first three are undone and three written anew.
    assert counted == (4 if number == MOTHER else 6)
    events = Entry.objects.order_by("-pk").values_list("event", flat=True)[:2]
    assert [*events] == ["sharing.DataRead", "population.RegisterRead"]
    assert Reading.objects.of(number).count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("off",)


def test_no_one_reads_without_a_purpose(mother, asked):
    with pytest.raises(Invalid) as refusal:
        services.person({"personal_number": MOTHER}, replace(asked, purpose=" "))
    assert refusal.value.field == "purpose"


def test_a_number_no_one_holds(country, asked):
    with pytest.raises(Invalid, match="không có người mang số định danh này"):
        services.person({"personal_number": FATHER}, asked)


def test_where_the_parents_live(mother, father, asked):
    told = services.parents_address({"mother_number": MOTHER, "father_number": FATHER}, asked)
    address = "Thôn Bản Vền, xã Bát Xát, tỉnh Lào Cai"
    assert told == {
        "mother": {"full_name": "Trần Hạ Mây", "residence": address, "residence_unit": "02683"},
        "father": {"full_name": "Vàng A Páo", "residence": address, "residence_unit": "02683"},
    }
    assert Reading.objects.count() == 2
    assert services.parents_address({"mother_number": None}, asked) == {}


def test_a_number_is_asked_for_once_a_dossier(country, asked):
    params = {"full_name": "Vàng Hạ Vy", "sex": "female", "born_on": "2026-11-02", "place": "15"}
    told = services.issue_number(params, asked)
    assert told == services.issue_number(params, replace(asked, request="request-2"))
    assert told["personal_number"].startswith("000326")


def test_outside_the_demo_the_number_begins_with_the_province(country, asked, settings):
    settings.DEMO = False
    params = {"full_name": "Vàng Hạ Vy", "sex": "female", "born_on": "2026-11-02", "place": "15"}
    assert services.issue_number(params, asked)["personal_number"].startswith("015326")


def test_a_child_joins_the_household_of_the_mother(mother, asked):
    child = issue()
    told = services.register_residence(
        {"personal_number": child.number, "household_of": MOTHER, "address": "nhà mẹ", "agreed_by": None},
        asked,
    )
    assert told == {
        "personal_number": child.number,
        "address": "Thôn Bản Vền, xã Bát Xát, tỉnh Lào Cai",
        "unit": "02683",
        "registered_on": timezone.localdate().isoformat(),
    }
    assert (
        services.register_residence({"personal_number": child.number, "household_of": MOTHER}, asked) == told
    )


def test_a_residence_at_an_address(country, asked):
    child = issue()
    told = services.register_residence(
        {"personal_number": child.number, "address": "Tổ 5, phường Sa Pa", "unit": "03006"}, asked
    )
    assert (told["address"], told["unit"]) == ("Tổ 5, phường Sa Pa", "03006")


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"personal_number": FATHER, "address": "Tổ 5"}, "personal_number"),
        ({"personal_number": MOTHER, "household_of": FATHER}, "household_of"),
    ],
)
def test_a_residence_for_or_with_someone_unknown(mother, asked, params, field):
    with pytest.raises(Invalid) as refusal:
        services.register_residence(params, asked)
    assert refusal.value.field == field


def test_a_change_without_a_dossier_rests_on_the_request(mother, asked):
    services.register_residence(
        {"personal_number": MOTHER, "address": "Tổ 5", "unit": "03006"}, replace(asked, dossier="")
    )
    assert person_on(MOTHER).basis == Basis(Ground.DOCUMENT, "request-1", "H38.02683")


def test_a_foreigner_taken_over_from_the_papers(country):
    taken = person("128199000001", nationality="Nhật Bản", born_on=date(1999, 1, 1))
    assert person_on(taken.number).basis == TAKEOVER


def test_questions_that_come_at_once_share_what_one_alone_pays_for(mother, father, asked):
    wanted = [
        ("population.person", {"personal_number": number}, replace(asked, request=f"0198-{number}"))
        for number in (MOTHER, FATHER, MOTHER)
    ]
    sharing.read_together(wanted)  # the questions are worded once
    with CaptureQueriesContext(connection) as told:
        answers = sharing.read_together(wanted)
    assert [one["personal_number"] for one in answers] == [MOTHER, FATHER, MOTHER]
    # How they are kept, the readings, the records and the journal, each once.
    assert sum("SAVEPOINT" not in one["sql"] for one in told) == 4
    assert [Reading.objects.of(number).count() for number in (MOTHER, FATHER)] == [4, 2]
    read = Entry.objects.of("sharing.DataRead").values_list("about", flat=True)
    assert sorted(read) == sorted(2 * [f"reading:0198-{number}" for number in (MOTHER, FATHER, MOTHER)])


def test_who_asks_at_once_with_others_is_told_no_more_than_alone(mother, father, asked):
    wanted = [
        ("population.person", {"personal_number": number, "told_to": MOTHER}, asked)
        for number in (MOTHER, FATHER)
    ]
    assert len(sharing.read_together(wanted[:1])) == 1
    with pytest.raises(Invalid):
        sharing.read_together(wanted)


def test_of_questions_that_come_at_once_a_no_leaves_nothing_of_any(mother, asked):
    wanted = [
        ("population.person", {"personal_number": number}, asked) for number in (MOTHER, "000096000009")
    ]
    with pytest.raises(Invalid):
        sharing.read_together(wanted)
    assert (Reading.objects.count(), Entry.objects.of("sharing.DataRead").count()) == (0, 0)
    for missing in ("population.nothing", "population.issue_number"):
        with pytest.raises(sharing.NoSuchService):
            sharing.read_together([(missing, {}, asked)])

"""What every register promises: nothing is overwritten, and each day has exactly one truth at each moment."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from motcua.lib.actions import Invalid
from motcua.registers import names
from motcua.registers.actions import enter
from motcua.registers.population.models import Person, PersonVersion
from motcua.registers.population.records import PersonRecord
from motcua.registers.records import Basis, Ground, Sex, typed, version_of

FIRST = date(2026, 1, 1)
DAYS = 12
BASIS = Basis(Ground.DECISION, "15/QĐ-UBND", "H38.02683")


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def put(person: Person, home: str, since: int, until: int | None, basis: Basis = BASIS) -> PersonVersion:
    record = PersonRecord(full_name="Trần Hạ Mây", sex=Sex.FEMALE, born_on=FIRST, residence=home)
    ends = None if until is None else day(until)
    return enter(version_of(PersonVersion, person, record, since=day(since), until=ends, basis=basis))


def truth(versions) -> dict[int, list[str]]:
    """What the register says of each day; the last one stands for all days after."""
    return {
        number: [version.residence for version in versions.valid_on(day(number))]
        for number in range(DAYS + 1)
    }


@pytest.fixture
def someone(db):
    return Person.objects.create(number="000194000001")


def test_a_change_ends_what_held_before(someone):
    put(someone, "Bát Xát", 0, None)
    put(someone, "Sa Pa", 5, None, Basis(Ground.DOSSIER, "H38.03006-261120-0001", "H38.03006"))
    rows = PersonVersion.objects.current().order_by("valid_from")
    assert [(row.residence, row.valid_from, row.valid_to, row.basis.reference) for row in rows] == [
        ("Bát Xát", day(0), day(4), "15/QĐ-UBND"),
        ("Sa Pa", day(5), None, "H38.03006-261120-0001"),
    ]


def test_a_correction_leaves_readable_what_was_believed(someone):
    wrong = put(someone, "Bát Sát", 0, None)
    right = put(someone, "Bát Xát", 0, None)
    held_then = PersonVersion.objects.known_at(wrong.recorded_at)
    assert [version.residence for version in held_then] == ["Bát Sát"]
    assert [version.residence for version in PersonVersion.objects.current()] == ["Bát Xát"]
    assert PersonVersion.objects.get(pk=wrong.pk).superseded_at == right.recorded_at


def test_a_span_in_the_middle_leaves_both_sides(someone):
    put(someone, "Bát Xát", 0, None)
    put(someone, "Sa Pa", 3, 5)
    rows = PersonVersion.objects.current().order_by("valid_from")
    assert [(row.residence, row.valid_from, row.valid_to) for row in rows] == [
        ("Bát Xát", day(0), day(2)),
        ("Sa Pa", day(3), day(5)),
        ("Bát Xát", day(6), None),
    ]


SPANS = some.tuples(some.integers(0, DAYS - 1), some.none() | some.integers(0, DAYS - 1)).map(
    lambda span: (span[0], None if span[1] is None else max(span))
)
CHANGES = some.lists(
    some.tuples(some.sampled_from(["Bát Xát", "Sa Pa", "Bắc Hà"]), SPANS), min_size=1, max_size=6
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES)
def test_each_day_has_one_truth_at_each_moment(someone, changes):
    PersonVersion.objects.all().delete()
    expected: dict[int, list[str]] = {number: [] for number in range(DAYS + 1)}
    believed = []
    for home, (since, until) in changes:
        entered = put(someone, home, since, until)
        last = DAYS if until is None else until
        expected = expected | {number: [home] for number in range(since, last + 1)}
        assert truth(PersonVersion.objects.current()) == expected
        believed.append((entered.recorded_at, expected))
    for moment, then in believed:
        assert truth(PersonVersion.objects.known_at(moment)) == then


def test_a_version_must_name_its_basis(someone):
    with pytest.raises(IntegrityError), transaction.atomic():
        put(someone, "Sa Pa", 0, None, Basis(Ground.DOSSIER, "", "H38.03006"))


def test_a_version_cannot_end_before_it_begins(someone):
    with pytest.raises(IntegrityError), transaction.atomic():
        put(someone, "Sa Pa", 5, 4)


def test_a_version_gives_back_its_record(someone):
    record = PersonRecord("Trần Hạ Mây", Sex.FEMALE, FIRST, residence="Sa Pa")
    version = enter(version_of(PersonVersion, someone, record, since=FIRST, basis=BASIS))
    assert (version.record, version.basis) == (record, BASIS)
    assert PersonVersion.objects.get(pk=version.pk).record == record


# What others send


@dataclass(frozen=True)
class Sent:
    name: str
    born_on: date
    sex: Sex = Sex.MALE
    year: int | None = None


def test_what_is_sent_becomes_typed():
    given = {"name": "Mây", "born_on": "2026-11-02", "sex": "female", "year": None, "other": 1}
    assert typed(Sent, given) == Sent("Mây", date(2026, 11, 2), Sex.FEMALE)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"born_on": "2026-11-02"}, "name"),
        ({"name": "Mây", "born_on": "02/11/2026"}, "born_on"),
        ({"name": "Mây", "born_on": "2026-11-02", "sex": "?"}, "sex"),
        ({"name": None, "born_on": "2026-11-02"}, "name"),
        ({"name": "Mây", "born_on": "2026-11-02", "year": "năm ngoái"}, "year"),
    ],
)
def test_what_is_malformed_is_named(given, field):
    with pytest.raises(Invalid, match=f"Thiếu hoặc chưa đúng dạng: “{field}”") as refusal:
        typed(Sent, given)
    assert refusal.value.field == field


# Names


def test_a_name_is_tidied_to_composed_letters_and_single_spaces():
    assert names.checked("  Tra\u0302\u0300n  Hạ Mây ", field="name") == "Trần Hạ Mây"


@pytest.mark.parametrize("name", ["H'Hen Niê", "Nguyễn Thị Minh-Châu", "Y Krông", "Đặng Ứng", "O’Brien"])
def test_names_of_all_our_peoples(name):
    assert names.checked(name, field="name") == name


@pytest.mark.parametrize("name", ["", "  ", "Mây 2", "Mây_Trần", "<b>Mây</b>", "Mây,Trần", "M" * 101])
def test_what_is_no_name(name):
    with pytest.raises(Invalid) as refusal:
        names.checked(name, field="given_name")
    assert refusal.value.field == "given_name"


def test_a_key_is_the_same_for_two_spellings():
    assert names.key("TRẦN hạ  mây") == names.key("Trần Hạ Mây")


def test_a_name_without_a_middle_part():
    assert names.joined("Vàng", "", "Páo") == "Vàng Páo"

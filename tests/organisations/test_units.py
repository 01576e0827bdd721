from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from motcua.lib.actors import Actor, Grant
from motcua.organisations import actions
from motcua.organisations.models import Unit, translated, unit_on
from motcua.organisations.rules import national_administrator

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
SETUP = Actor.system("organisations")
NATIONAL = Actor("person:1", grants=frozenset({Grant("administrator", "G22")}))


def count(day: date) -> dict[str, int]:
    return {level.name: Unit.objects.on(day).filter(level=level).count() for level in Unit.Level}


def test_63_provinces_become_34_and_districts_cease(units):
    assert count(BEFORE) == {"PROVINCE": 63, "DISTRICT": 696, "COMMUNE": 10035}
    assert count(AFTER) == {"PROVINCE": 34, "DISTRICT": 0, "COMMUNE": 3321}


def test_loading_is_recorded_once_and_never_repeated(units):
    assert units == 14138
    assert actions.load_units(actions.UNITS, by=SETUP) == 0
    facts = [entry.facts for entry in Entry.objects.of("organisations.UnitsLoaded")]
    assert [(fact["units"], fact["successions"]) for fact in facts] == [(14138, 10654)]


def test_only_the_system_loads(db):
    with pytest.raises(Refused):
        actions.load_units(actions.UNITS, by=NATIONAL)


MEANT = [
    ("10", BEFORE, "Tỉnh Lào Cai"),
    ("15", BEFORE, "Tỉnh Yên Bái"),
    ("15", AFTER, "Tỉnh Lào Cai"),
    ("24", BEFORE, "Tỉnh Bắc Giang"),
    ("24", AFTER, "Tỉnh Bắc Ninh"),
    ("80", BEFORE, "Tỉnh Long An"),
    ("80", AFTER, "Tỉnh Tây Ninh"),
    ("01", BEFORE, "Thành phố Hà Nội"),
    ("01", AFTER, "Thành phố Hà Nội"),
    ("02683", BEFORE, "Thị trấn Bát Xát"),
    ("02683", AFTER, "Xã Bát Xát"),
    ("082", BEFORE, "Huyện Bát Xát"),
]


def test_a_code_means_what_it_meant_on_the_day(units):
    assert [(code, day, str(unit_on(code, day))) for code, day, _name in MEANT] == MEANT


def test_a_retired_code_means_nothing_any_more(units):
    assert unit_on("10", AFTER) is None
    assert unit_on("082", AFTER) is None


def test_what_a_province_was_made_of(units):
    laocai = unit_on("15", AFTER)
    before = Unit.objects.predecessors_of(laocai)
    assert [str(unit) for unit in before] == ["Tỉnh Lào Cai", "Tỉnh Yên Bái"]


def test_what_a_commune_was_made_of(units):
    before = Unit.objects.predecessors_of(unit_on("02683", AFTER))
    assert [str(unit) for unit in before] == [
        "Thị trấn Bát Xát",
        "Xã Bản Vược",
        "Xã Bản Qua",
        "Xã Quang Kim",
        "Xã Phìn Ngan",
    ]


def test_a_divided_commune_has_its_main_successor_first(units):
    heirs = Unit.objects.successors_of(unit_on("00007", BEFORE))
    assert [(str(unit), unit.main) for unit in heirs] == [
        ("Phường Ngọc Hà", True),
        ("Phường Giảng Võ", False),
    ]


def test_a_unit_that_still_exists_has_no_successor(units):
    assert list(Unit.objects.successors_of(unit_on("01", AFTER))) == []


TRANSLATED = [
    ("10", BEFORE, AFTER, "15"),
    ("15", BEFORE, AFTER, "15"),
    ("15", AFTER, AFTER, "15"),
    ("27", BEFORE, AFTER, "24"),
    ("01", BEFORE, AFTER, "01"),
    ("10", BEFORE, BEFORE, "10"),
]


def test_an_old_code_is_translated(units):
    asked = [(code, since, day) for code, since, day, _now in TRANSLATED]
    assert [(*one, translated(*one).code) for one in asked] == TRANSLATED


def test_districts_have_no_successor_but_the_islands_do(units):
    assert translated("082", BEFORE, AFTER) is None
    assert str(translated("755", BEFORE, AFTER)) == "Đặc khu Côn Đảo"


def test_the_communes_of_lao_cai(units):
    communes = Unit.objects.on(AFTER).within("15")
    assert communes.count() == 99
    assert communes.filter(kind="Phường").count() == 10


def test_a_unit_reads_in_an_address(units):
    assert unit_on("02683", AFTER).inline == "xã Bát Xát"
    assert unit_on("01", AFTER).inline == "thành phố Hà Nội"


def test_a_province_may_become_a_city(units):
    """Quảng Ninh as it may be: same code, same name, another kind from a day on."""
    since = date(2026, 9, 1)
    actions.rename(unit_on("22", AFTER), by=NATIONAL, kind="Thành phố", name="Quảng Ninh", since=since)
    assert str(unit_on("22", date(2026, 8, 31))) == "Tỉnh Quảng Ninh"
    assert str(unit_on("22", since)) == "Thành phố Quảng Ninh"
    assert str(translated("22", BEFORE, since)) == "Thành phố Quảng Ninh"
    entry = Entry.objects.of("organisations.UnitRenamed").get()
    assert (entry.about, entry.facts) == (
        "unit:22@2026-09-01",
        {"code": "22", "kind": "Thành phố", "name": "Quảng Ninh", "since": "2026-09-01"},
    )


def test_renaming_is_for_the_national_administrator(units):
    local = Actor("person:2", grants=frozenset({Grant("administrator", "H49")}))
    unit = unit_on("22", AFTER)
    with pytest.raises(Refused):
        actions.rename(unit, by=local, kind="Thành phố", name="Quảng Ninh", since=date(2026, 9, 1))
    assert not national_administrator(local, unit)


def test_a_name_cannot_begin_before_the_present_one(units):
    with pytest.raises(Invalid) as refusal:
        actions.rename(unit_on("15", AFTER), by=SETUP, kind="Tỉnh", name="Hoàng Liên Sơn", since=AFTER)
    assert refusal.value.field == "since"


@pytest.mark.parametrize(
    "fields",
    [
        {"code": "1", "level": 1},
        {"code": "15", "level": 2, "parent_code": "01"},
        {"code": "02683", "level": 3, "parent_code": ""},
    ],
)
def test_the_database_knows_the_form_of_codes(db, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.create(kind="Tỉnh", name="Không Đâu", **fields)


def test_the_committed_files_are_what_the_package_gives(tmp_path, capsys):
    call_command("units", "build", to=tmp_path)
    assert capsys.readouterr().out == "units.tsv.xz: 14138\nsuccessions.tsv.xz: 10654\n"
    for file in (actions.UNITS, actions.SUCCESSIONS):
        assert (tmp_path / file.name).read_bytes() == file.read_bytes()

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils.translation import override

from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from motcua.lib.actors import Actor, Grant
from motcua.organisations import actions
from motcua.organisations.decisions import codes_above
from motcua.organisations.models import Agency, CalendarDay, Post, Unit
from motcua.organisations.names import TITLES

SETUP = Actor.system("organisations")


def administrator(code: str) -> Actor:
    return Actor(f"person:{code}", grants=frozenset({Grant("administrator", code)}))


def test_the_level_one_agencies_of_both_eras(agencies):
    assert agencies == 86
    day_before, day_after = date(2025, 2, 28), date(2025, 7, 1)
    provinces = Agency.objects.filter(code__startswith="H")
    assert provinces.in_force(day_before).count() == 63
    assert provinces.in_force(day_after).count() == 34
    ministries = Agency.objects.filter(code__startswith="G")
    assert ministries.in_force(day_before).count() == 23
    assert ministries.in_force(day_after).count() == 18


@pytest.mark.parametrize(
    ("code", "successor"),
    [("H63", "H38"), ("H09", "H29"), ("H02", "H05"), ("G14", "G06"), ("G13", "G10"), ("G04", "G17")],
)
def test_a_merged_agency_names_its_successor(agencies, code, successor):
    assert Agency.objects.get(code=code).successor_id == successor


def test_an_agency_has_its_name_in_the_language_spoken(agencies):
    agency = Agency.objects.get(code="G15")
    with override("vi"):
        assert str(agency) == "Bộ Tư pháp"
    with override("en"):
        assert str(agency) == "Ministry of Justice"


def test_loading_again_changes_nothing(agencies):
    assert actions.load_agencies(actions.AGENCIES, by=SETUP) == 0
    assert Entry.objects.of("organisations.AgenciesLoaded").count() == 1


def test_every_commune_of_lao_cai_is_an_agency(units, laocai):
    assert actions.found_communes(laocai, by=SETUP) == 99
    assert actions.found_communes(laocai, by=SETUP) == 0
    batxat = Agency.objects.get(code="H38.02683")
    assert (batxat.name_vi, batxat.name_en, batxat.short_name) == (
        "Ủy ban nhân dân xã Bát Xát",
        "People's Committee of Bát Xát Commune",
        "UBND xã Bát Xát",
    )
    assert (batxat.parent, batxat.level, batxat.valid_from) == (laocai, 2, date(2025, 7, 1))
    assert batxat.address == "Xã Bát Xát, tỉnh Lào Cai"
    assert str(batxat.unit) == "Xã Bát Xát"
    assert Agency.objects.get(code="H38.02647").name_vi == "Ủy ban nhân dân phường Lào Cai"
    assert Agency.objects.under("H38").count() == 100
    entry = Entry.objects.of("organisations.CommunesFounded").get()
    assert (entry.about, entry.facts) == ("agency:H38", {"province": "H38", "communes": 99})


def test_a_ministry_has_no_communes(agencies):
    with pytest.raises(Invalid):
        actions.found_communes(Agency.objects.get(code="G15"), by=SETUP)


def test_under_takes_groups_whole(db):
    for code in ("H38", "H38.1", "H38.1.2", "H38.12"):
        Agency.objects.create(code=code, name_vi=code, level=1)
    assert sorted(Agency.objects.under("H38.1").values_list("code", flat=True)) == ["H38.1", "H38.1.2"]


def test_codes_above_an_agency():
    assert codes_above("H38.02683.01") == ["H38.02683.01", "H38.02683", "H38"]


@pytest.mark.parametrize("code", ["h38", "Z01", "H3", "H38.", "H38..1", "000.00.15.H38", "H38.đ"])
def test_a_code_must_have_its_form(db, code):
    agency = Agency(code=code, name_vi="x", short_name="x", abbreviation="x", level=1)
    with pytest.raises(ValidationError):
        agency.clean_fields()
    with pytest.raises(IntegrityError), transaction.atomic():
        agency.save()


def test_an_agency_closes_with_a_successor(laocai):
    hagiang = Agency.objects.create(code="H99", name_vi="Thử", level=1)
    actions.close(hagiang, by=administrator("H99"), on=date(2026, 12, 31), successor=laocai)
    closed = Agency.objects.get(code="H99")
    assert (closed.valid_to, closed.successor) == (date(2026, 12, 31), laocai)
    assert closed.is_in_force(date(2026, 12, 31))
    assert not closed.is_in_force(date(2027, 1, 1))
    entry = Entry.objects.of("organisations.AgencyClosed").get()
    assert entry.facts == {"code": "H99", "valid_to": "2026-12-31", "successor": "H38"}


def test_a_successor_must_be_there(laocai):
    yenbai = Agency.objects.get(code="H63")
    with pytest.raises(Invalid) as refusal:
        actions.close(laocai, by=SETUP, on=date(2026, 12, 31), successor=yenbai)
    assert refusal.value.field == "successor"


def test_an_agency_cannot_end_before_it_began(laocai):
    with pytest.raises(Invalid) as refusal:
        actions.close(laocai, by=SETUP, on=date(1945, 9, 1))
    assert refusal.value.field == "on"


@pytest.mark.parametrize(
    ("code", "allowed"), [("H38.02683", True), ("H38", True), ("H63", False), ("H3", False)]
)
def test_an_administrator_governs_their_agency_and_those_below(units, laocai, code, allowed):
    actions.found_communes(laocai, by=SETUP)
    batxat = Agency.objects.get(code="H38.02683")
    if allowed:
        assert actions.open_post(batxat, by=administrator(code), role="receiver").agency == batxat
    else:
        with pytest.raises(Refused):
            actions.open_post(batxat, by=administrator(code), role="receiver")


def test_a_post_takes_the_usual_title_and_stays_when_opened_again(laocai):
    post = actions.open_post(laocai, by=SETUP, role="registrar")
    assert (post.title_vi, post.title_en) == ("Công chức tư pháp - hộ tịch", "Civil Status Officer")
    assert actions.open_post(laocai, by=SETUP, role="registrar") == post
    second = actions.open_post(
        laocai, by=SETUP, role="registrar", title_vi="Phó phòng", title_en="Deputy Head"
    )
    assert second != post
    assert Entry.objects.of("organisations.PostOpened").count() == 2


def test_a_post_reads_with_its_agency(laocai):
    post = actions.open_post(laocai, by=SETUP, role="clerk")
    with override("vi"):
        assert str(post) == "Văn thư, UBND tỉnh Lào Cai"


def test_the_list_of_roles_is_closed(laocai):
    roles = ["receiver", "registrar", "specialist", "chair", "deputy", "clerk", "administrator", "auditor"]
    assert Post.Role.values == roles
    with pytest.raises(Invalid) as refusal:
        actions.open_post(laocai, by=SETUP, role="king")
    assert refusal.value.field == "role"
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(agency=laocai, role="king", title_vi="Vua")


def test_one_command_loads_a_new_node(db, capsys):
    call_command("organisations", "load")
    assert (Unit.objects.count(), Agency.objects.count()) == (14138, 185)
    loaded = CalendarDay.objects.count()
    call_command("organisations", "load")
    assert CalendarDay.objects.count() == loaded
    assert capsys.readouterr().out.count("communes of H38: 99\n") == 1


def test_every_post_has_a_title_of_its_own():
    assert {role.value for role in Post.Role} == set(TITLES)

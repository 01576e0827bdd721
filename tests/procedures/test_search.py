"""Search: every service is found by its name, with or without diacritics and with a slip, best first."""

import datetime as dt
from functools import reduce
from operator import and_

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import assume, given
from hypothesis import strategies as st

from motcua.lib.actors import Actor
from motcua.procedures import bench
from motcua.procedures.actions import publish, take_over
from motcua.procedures.folding import fold
from motcua.procedures.loading import CATALOGUE, load
from motcua.procedures.models import Edition, Version
from motcua.procedures.search import current, ranking
from motcua.procedures.search.bitmaps import bitmap, first, most_shared, numbers
from motcua.procedures.search.index import Entry, Index, Occasion
from tests.procedures.samples import ON, portal

SYSTEM = Actor.system("tests")
NAMES = {
    "1.000001": "Thủ tục đăng ký khai sinh",
    "1.000002": "Thủ tục đăng ký khai sinh lưu động",
    "1.000003": "Thủ tục đăng ký lại khai sinh có yếu tố nước ngoài",
    "1.000004": "Cấp hộ chiếu phổ thông ở trong nước",
    "1.000005": "Cấp lại thẻ căn cước",
    "1.000006": "Thủ tục đăng ký kết hôn",
}


def entry(code, name, subjects="", *, agency="", **more):
    told = {
        "field": ("Hộ tịch", "Civil status"),
        "levels": ("commune",),
        "audience": ("citizen",),
        "online": "full",
        "is_offered": False,
        "is_online": False,
        "life_events": (),
    }
    heading = fold(name).removeprefix("thu tuc ")
    return Entry(int(code[-4:]), code, heading, fold(subjects), fold(agency), **told | more)


def codes_in(index, text):
    """The codes found, best first."""
    codes = list(index.by_code)
    return [codes[number] for number in ranking.search(index, text).page(0, 50, within=index.everything)]


@pytest.fixture(scope="module")
def index():
    return Index([entry(code, name, "Hộ tịch") for code, name in NAMES.items()])


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("đăng ký khai sinh", ["1.000001", "1.000002", "1.000003"]),
        ("dang ky khai sinh", ["1.000001", "1.000002", "1.000003"]),
        ("ĐĂNG KÍ KHAI SINH", ["1.000001", "1.000002", "1.000003"]),
        ("thủ tục khai sinh", ["1.000001", "1.000002", "1.000003"]),
        ("khia sinh", ["1.000001", "1.000002", "1.000003"]),
        ("khaisinh", ["1.000001", "1.000002", "1.000003"]),
        ("kh ai sinh", ["1.000001", "1.000002", "1.000003"]),
        ("dang kikhai sinh", ["1.000001", "1.000002", "1.000003"]),
        ("dang k ykhai sinh", ["1.000001", "1.000002", "1.000003"]),
        ("dang kibkhai sinh", ["1.000001", "1.000002", "1.000003"]),
        ("ho chieuu", ["1.000004"]),
        ("Tôi muốn làm hộ chiếu", ["1.000004"]),
        ("1.000005", ["1.000005"]),
        ("can cuoc", ["1.000005"]),
        ("kết hôn xyzt", ["1.000006"]),
        ("qqqq wwww", []),
        ("1.999999", []),
        ("khai & sinh | ! ( <-> ' :*", ["1.000001", "1.000002", "1.000003"]),
    ],
)
def test_search_forgives_what_people_type(index, text, codes):
    assert codes_in(index, text) == codes


def test_where_no_name_has_every_word_the_one_with_most_comes_first(index):
    assert codes_in(index, "hộ chiếu cho con mới sinh")[0] == "1.000004"


def test_an_empty_search_lists_all_by_name(index):
    assert codes_in(index, "  ") == ["1.000004", "1.000005", "1.000006", "1.000001", "1.000002", "1.000003"]


def test_name_comes_before_life_event_before_keywords_before_agency():
    entries = [
        entry("1.000001", "Sinh con"),
        entry("1.000002", "Sinh con thứ ba"),
        entry("1.000003", "Hỗ trợ phụ nữ khi sinh con"),
        entry("1.000004", "Con của người mẹ khi sinh"),
        entry("1.000005", "Đăng ký khai sinh"),
        entry("1.000006", "Cấp thẻ bảo hiểm y tế"),
        entry("1.000007", "Hưởng chế độ thai sản", "sinh con"),
        entry("1.000008", "Nghỉ việc", agency="Trung tâm hỗ trợ sinh con"),
        entry("1.000009", "Nuôi gấu trúc"),
    ]
    birth = Occasion("birth", ("co em be", "sinh con"), ("1.000006", "1.000005", "7.777777"))
    index = Index(entries, [birth])
    found = codes_in(index, "sinh con")
    assert found == [f"1.{number:06}" for number in (1, 2, 3, 4, 6, 5, 7, 8)]
    assert ranking.search(index, "tôi mới sinh con").occasions == ("birth",)


def test_the_life_event_stands_in_its_own_order_among_what_names_it():
    entries = [
        entry("1.000001", "Một", life_events=("x",)),
        entry("1.000002", "Hai"),
        entry("1.000003", "Ba"),
    ]
    index = Index(entries, [Occasion("x", ("viec x",), ("1.000003", "1.000002"))])
    assert codes_in(index, "việc x") == ["1.000003", "1.000002", "1.000001"]


def test_what_was_read_differently_is_said_as_the_name_spells_it(index):
    found = ranking.search(index, "Khia sinh")
    assert found.read_as("Khia sinh", NAMES["1.000001"]) == "khai sinh"
    joined = ranking.search(index, "làm khaisinh")
    assert joined.read_as("làm khaisinh", NAMES["1.000001"]) == "làm khai sinh"
    assert ranking.search(index, "khai sinh").read_as("khai sinh", NAMES["1.000001"]) == ""
    assert ranking.search(index, "kết hôn xyzt").left_out("kết hôn xyzt") == ["xyzt"]


def test_who_types_most_of_the_words_is_told_that_it_is_not_all(index):
    assert ranking.search(index, "khai sinh hộ chiếu").is_partial
    assert not ranking.search(index, "khai sinh").is_partial


SERVICES = [one.name.vi for one in bench.services(2000)]
LARGE = Index([entry(f"9.{number:06}", name) for number, name in enumerate(SERVICES)])
FOLDED = {fold(name) for name in SERVICES}
services = st.integers(0, len(SERVICES) - 1)


@given(services)
def test_every_service_is_found_first_by_its_own_name(number):
    for typed in (SERVICES[number], SERVICES[number].upper(), fold(SERVICES[number])):
        assert codes_in(LARGE, typed)[0] == f"9.{number:06}"


@given(services, st.data())
def test_every_service_is_found_with_one_slip(number, data):
    name = SERVICES[number]
    place = data.draw(st.integers(0, len(name) - 2))
    letter = data.draw(st.sampled_from("abcđeghiklmnôpqrstưvxy "))
    before, here, after = name[:place], name[place], name[place + 1 :]
    slipped = data.draw(
        st.sampled_from(
            [
                before + after,
                before + letter + here + after,
                before + letter + after,
                before + after[0] + here + after[1:],
            ]
        )
    )
    # Slips of the space bar have examples of their own. A slip may spell the name of another service; then that one is found.
    assume(slipped.count(" ") == name.count(" ") and " " not in name[place : place + 2])
    assume(fold(slipped) not in FOLDED - {fold(name)})
    assert f"9.{number:06}" in codes_in(LARGE, slipped)


@given(st.text())
def test_any_text_is_answered(text):
    ranking.search(LARGE, text).page(0, 20, within=LARGE.everything)


@given(st.sampled_from(["giấy phép", "cấp", "đăng ký hộ kinh doanh", "giay fep", ""]), st.integers(0, 90))
def test_pages_follow_each_other_without_gap_or_repetition(text, start):
    found = ranking.search(LARGE, text)
    whole = found.page(0, 2000, within=LARGE.everything)
    assert len(whole) == len(set(whole)) == found.everything.bit_count()
    assert found.page(start, start + 20, within=LARGE.everything) == whole[start : start + 20]


sets = st.sets(st.integers(0, 300))


@given(sets)
def test_a_bitmap_is_the_set_in_order(members):
    assert list(numbers(bitmap(members, 301))) == sorted(members)
    assert first(bitmap(members, 301), 3) == sorted(members)[:3]


@given(st.lists(sets, min_size=1, max_size=6), st.integers(1, 6))
def test_most_shared_are_those_in_most_of_the_sets(members, least):
    counted = {one: sum(one in some for some in members) for some in members for one in some}
    most = max(counted.values(), default=0)
    expected = {one for one, count in counted.items() if count == most} if most >= least else set()
    assert set(numbers(most_shared([bitmap(some, 301) for some in members], least=least))) == expected


@given(st.lists(sets, min_size=1, max_size=4))
def test_meeting_of_bitmaps_is_meeting_of_sets(members):
    assert set(numbers(reduce(and_, (bitmap(some, 301) for some in members)))) == set.intersection(*members)


def test_filters_count_who_level_and_how_far_online():
    index = Index(
        [
            entry("1.000001", "Một", audience=("citizen", "foreigner"), levels=("commune", "province")),
            entry("1.000002", "Hai", audience=("enterprise",), online="partial"),
            entry("1.000003", "Ba", audience=("cooperative", "citizen"), is_offered=True, is_online=True),
        ]
    )
    counted = {
        name: {value: bits.bit_count() for value, bits in values.items()}
        for name, values in index.facets.items()
    }
    assert counted == {
        "field": {"Hộ tịch": 3},
        "level": {"commune": 3, "province": 1},
        "who": {"person": 2, "business": 2},
        "online": {"full": 2, "partial": 1},
        "offered": {"1": 1},
        "owner": {"": 3},
    }
    assert (index.field_in("Hộ tịch", "en"), index.field_in("Hộ tịch", "vi")) == ("Civil status", "Hộ tịch")


@pytest.fixture
def catalogue(db):
    take_over([portal(code, name) for code, name in NAMES.items()], by=SYSTEM)


def found(text, on=ON):
    return codes_in(current.current(on), text)


def test_what_is_published_is_found_at_once_and_unchanged_the_index_costs_one_query(catalogue):
    assert found("gấu trúc") == []
    publish(portal("9.000001", "Nuôi gấu trúc"), by=SYSTEM)
    assert found("gấu trúc") == ["9.000001"]
    with CaptureQueriesContext(connection) as asked:
        found("gấu trúc")
    assert len(asked) == 1


def test_what_can_be_filed_here_comes_first(catalogue):
    publish(load(CATALOGUE / "1.001193.yaml"), by=SYSTEM)
    assert found("giấy khai sinh") == ["1.001193"]
    assert found("khai sinh")[0] == "1.001193"
    assert [version.code for version in Version.objects.offered()] == ["1.001193"]


def test_only_versions_of_the_day_are_found(catalogue):
    publish(portal("1.000004", "Cấp hộ chiếu gấu trúc", version="2026-12-01"), by=SYSTEM)
    later = dt.date(2026, 12, 1)
    passports = [
        [heading for heading in current.current(on).headings if "ho chieu" in heading] for on in (ON, later)
    ]
    assert passports == [["cap ho chieu pho thong o trong nuoc"], ["cap ho chieu gau truc"]]


def test_the_agency_a_procedure_names_is_found(db):
    publish(portal("9.000001", "Nuôi gấu trúc", agency={"vi": "Cục Thú y"}), by=SYSTEM)
    assert found("cuc thu y") == ["9.000001"]


def test_a_large_index_rests_while_the_catalogue_changes(catalogue, monkeypatch):
    monkeypatch.setattr(current, "LARGE", 1)
    monkeypatch.setattr(current, "REST", 1e9)
    shelf = current.Shelf()
    before = shelf.current(ON)
    publish(portal("9.000001", "Nuôi gấu trúc"), by=SYSTEM)
    assert shelf.current(ON) is before
    assert shelf.current(dt.date(2026, 12, 1)) is not before


def test_while_another_makes_the_index_the_one_before_serves(catalogue):
    shelf = current.Shelf()
    before = shelf.current(ON)
    publish(portal("9.000001", "Nuôi gấu trúc"), by=SYSTEM)
    with shelf.making:
        assert shelf.current(ON) is before
    assert shelf.current(ON) is not before


def test_every_change_of_version_or_agency_is_a_new_edition(catalogue):
    from tests import given as world

    stamps = [Edition.objects.get().stamp]
    publish(portal("9.000001", "Nuôi gấu trúc"), by=SYSTEM)
    stamps.append(Edition.objects.get().stamp)
    world.agency("H38")
    stamps.append(Edition.objects.get().stamp)
    publish(portal("9.000001", "Nuôi gấu trúc"), by=SYSTEM)
    assert (len(set(stamps)), str(Edition.objects.get())) == (3, str(stamps[-1]))

"""Finding a procedure, and what its page says."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.procedures import actions
from motcua.procedures.models import Edition, Procedure, Version
from motcua.procedures.schema import Definition
from tests import given

CODES = ("2.000986", "2.000815", "1.004222", "1.000656", "1.000894")


@pytest.fixture
def published(db):
    for code in CODES:
        given.procedure(code)
    return Client()


def found(page):
    return re.findall(r'card-title"><a href="/procedures/([^"/]+)/"', page.content.decode())


def imported(number, field="Đất đai"):
    """A procedure the national portal publishes and nobody can file here."""
    definition = Definition.from_content(
        {
            "code": f"3.{number:06}",
            "version": "2026-01-01",
            "source": "portal",
            "name": {"vi": f"Thủ tục thử số {number}"},
            "field": {"vi": field},
            "levels": ["province"],
            "online": {"kind": "none"},
            "audience": {"who": ["citizen"]},
            "process": {"vi": "Bước 1: Nộp hồ sơ.\nBước 2: Nhận kết quả."},
            "notes": {"thanh_phan_ho_so": "Đơn theo mẫu số 01"},
        }
    )
    return actions.publish(definition, by=given.SYSTEM)


@pytest.mark.parametrize("typed", ["khai sinh", "khai sinh ", "KHAI SINH", "khai sihn"])
def test_words_find_the_procedure_first(published, typed):
    assert found(published.get("/procedures/", {"q": typed}))[0] == "2.000986"


def test_a_procedure_code_finds_exactly_that_procedure(published):
    assert found(published.get("/procedures/", {"q": "2.000815"})) == ["2.000815"]


def test_the_code_of_a_dossier_leads_to_the_dossier(published):
    answer = published.get("/procedures/", {"q": "H38.03006-261116-0042"})
    assert (answer.status_code, answer["Location"]) == (302, "/tracking/?code=H38.03006-261116-0042")


def test_nothing_found_is_said_in_words(published):
    page = published.get("/procedures/", {"q": "zzzzqqqq"})
    assert (page.status_code, found(page), "Không tìm thấy" in page.content.decode()) == (200, [], True)


def test_fields_are_counted_and_narrow_the_list(published):
    for number in range(3):
        imported(number)
    page = published.get("/procedures/", {"q": "thủ tục"})
    everything = published.get("/procedures/")
    counts = {link.url: link.count for link in everything.context["fields"]}
    assert (counts["Đất đai"], sum(filter(None, counts.values()))) == (3, len(CODES) + 3)
    assert sorted(found(published.get("/procedures/", {"field": "Đất đai"}))) == [
        "3.000000",
        "3.000001",
        "3.000002",
    ]
    assert page.status_code == 200


def counts(page, name):
    """The counts of one filter, by the value it sends."""
    links = next(links for key, _heading, links in page.context["filters"] if key == name)
    return {link.url: link.count for link in links if link.url}


def test_each_filter_counts_what_it_would_leave_with_the_others_kept(published):
    for number in range(3):
        imported(number)
    page = published.get("/procedures/", {"level": "province"})
    assert counts(page, "level") == {"commune": 5, "province": 3, "other": 1}
    assert counts(page, "who") == {"person": 3}
    assert counts(page, "online") == {"none": 3}
    assert sorted(found(page)) == ["3.000000", "3.000001", "3.000002"]
    assert found(published.get("/procedures/", {"level": "province", "online": "full"})) == []


def test_a_word_read_otherwise_is_said(published):
    page = published.get("/procedures/", {"q": "kết hnôn"}).content.decode()
    assert "Không có thủ tục nào mang tên “kết hnôn”. Đây là kết quả cho “kết hôn”." in page
    assert (
        "xyzt"
        in published.get("/procedures/", {"q": "kết hôn xyzt"})
        .content.decode()
        .split("Đây là kết quả cho")[0]
    )
    assert "Đây là" not in published.get("/procedures/", {"q": "kết hôn"}).content.decode()


def found_agencies(client):
    """The agencies that are offered for “sa pa”."""
    return client.get("/procedures/", {"q": "sa pa"}).context["agencies"]


def test_an_agency_is_found_and_shows_what_is_filed_there(published):
    given.agency()
    imported(1)
    page = published.get("/procedures/", {"q": "sa pa"}).content.decode()
    [address] = re.findall(r'href="(\?agency=[^"]+)"', page)
    there = published.get(f"/procedures/{address}")
    assert "Nộp tại UBND phường Sa Pa" in there.content.decode()
    assert sorted(found(there)) == sorted(CODES)
    assert [(one.label, one.count) for one in found_agencies(published)] == [
        ("UBND phường Sa Pa", len(CODES))
    ]
    # What another province wrote for itself is not filed here; what ours did is.
    Procedure.objects.filter(code=CODES[0]).update(owner="H01")
    Procedure.objects.filter(code=CODES[1]).update(owner="H38")
    Edition.objects.update(stamp=uuid4())
    assert sorted(found(published.get(f"/procedures/{address}"))) == sorted(CODES[1:])
    assert [one.count for one in found_agencies(published)] == [len(CODES) - 1]


def test_an_agency_is_found_with_a_slip_in_a_word_of_its_name(published):
    given.country()
    typed = {"sa paa": ["H38.03006"], "phuong sa pq": ["H38.03006"], "lao cia": ["H38"], "bac xyz": []}
    typed |= {"đất": [], "khai sửa": []}  # words of procedures are no slips for Lào Cai and Sa Pa
    offered = {
        text: re.findall(
            r'href="\?agency=([^"]+)"', published.get("/procedures/", {"q": text}).content.decode()
        )
        for text in typed
    }
    assert offered == typed


def test_words_of_life_show_the_life_event(published):
    page = published.get("/procedures/", {"q": "mới sinh con"}).content.decode()
    assert 'href="/procedures/?life=birth"' in page


def test_what_is_filed_on_paper_alone_is_not_called_online(published):
    given.procedure("1.015027")
    said = {
        code: published.get("/procedures/", {"q": code}).content.decode() for code in ("1.015027", CODES[0])
    }
    assert [code for code, page in said.items() if "nộp trực tuyến được" in page] == [CODES[0]]


def test_only_what_can_be_filed_online_here_is_left_when_asked_so(published):
    imported(1)
    given.procedure("1.015027")  # on paper alone
    page = published.get("/procedures/", {"offered": "1"})
    assert sorted(found(page)) == sorted(CODES)
    assert page.context["offered"] == len(CODES)


@pytest.mark.parametrize("typed", ["' OR 1=1 --", "<script>", "\x00", "%", "a" * 5000, "&|!()", "  "])
def test_any_words_at_all_are_answered(published, typed):
    assert published.get("/procedures/", {"q": typed}).status_code == 200


@pytest.mark.parametrize("page", ["", "2", "-1", "x", "999"])
def test_any_page_number_is_answered(published, page):
    assert published.get("/procedures/", {"page": page}).status_code == 200


def test_a_search_asks_the_database_as_often_for_many_results_as_for_few(published):
    def queries():
        with CaptureQueriesContext(connection) as first:
            published.get("/procedures/", {"q": "thủ tục thử"})
        with CaptureQueriesContext(connection) as again:
            published.get("/procedures/", {"q": "thủ tục thử"})
        return len(first) <= 5, len(again)

    imported(0)
    assert queries() == (True, 2)
    for number in range(1, 101):
        imported(number)
    assert queries() == (True, 2)


def test_the_page_of_a_procedure_says_what_one_gets_and_where_it_goes(published):
    page = published.get("/procedures/2.000986/").content.decode()
    for said in (
        "Giấy khai sinh",
        "3 ngày làm việc",
        "Miễn phí",
        "Lấy từ Cơ sở dữ liệu quốc gia về dân cư.",
        "Bạn nộp",
        "63/2024/NĐ-CP",
        "Bắt đầu",
    ):
        assert said in page, said
    assert page.index("Bạn nhận được gì") < page.index("Ai làm được") < page.index(">Giấy tờ<")
    assert re.findall(r'href="(/procedures/2.000986/begin/[^"]*)"', page) == [
        "/procedures/2.000986/begin/?case=lien_thong"
    ]
    assert page.count('class="button big wide"') == 1


def test_every_procedure_of_the_catalogue_has_a_page_in_both_languages(db):
    from motcua.procedures.loading import catalogue_files

    client = Client()
    for path in catalogue_files():
        given.procedure(path.stem)
        for language in ("vi", "en"):
            page = client.get(f"/procedures/{path.stem}/", headers={"accept-language": language})
            assert (path.stem, language, page.status_code) == (path.stem, language, 200)


def test_a_procedure_that_cannot_be_filed_here_says_so_and_shows_its_source(published):
    imported(7)
    page = published.get("/procedures/3.000007/").content.decode()
    assert ("Chưa nộp trực tuyến được" in page, "Đơn theo mẫu số 01" in page, "/begin/" in page) == (
        True,
        True,
        False,
    )


def test_a_version_that_is_not_yet_in_force_is_not_shown(published):
    tomorrow = timezone.localdate() + timezone.timedelta(days=1)
    Version.objects.filter(procedure__code="2.000815").update(effective_from=tomorrow)
    assert published.get("/procedures/2.000815/").status_code == 404


@pytest.mark.parametrize("code", ["9.999999", "x", "2.000986x"])
def test_an_unknown_procedure_is_not_found(published, code):
    assert published.get(f"/procedures/{code}/").status_code == 404


def test_the_page_of_a_procedure_needs_few_queries(published):
    published.get("/procedures/2.000986/")
    with CaptureQueriesContext(connection) as asked:
        published.get("/procedures/2.000986/")
    assert len(asked) <= 4
    assert Procedure.objects.count() == len(CODES)


def test_a_procedure_says_whether_one_must_come(client, db):
    for code, says in (
        ("1.000656", "Làm trọn trên mạng: bạn không phải đến, không phải gửi giấy."),
        ("1.000894", "Hai bên nam, nữ phải có mặt"),
    ):
        given.procedure(code)
        assert says in client.get(f"/procedures/{code}/", headers={"accept-language": "vi"}).content.decode()


def test_where_cases_differ_all_of_them_stand_in_one_table(client, db):
    """What the law gives: a lost passport costs twice as much, a home of long ago takes three days."""
    for code, rows in (
        ("1.001456", {"320.000 đ": 2, "400.000 đ": 1, "160.000 đ": 4, "200.000 đ": 2}),
        ("1.010041", {"3 ngày làm việc": 1}),
    ):
        given.procedure(code)
        page = client.get(f"/procedures/{code}/", headers={"accept-language": "vi"}).content.decode()
        table = page[page.index('id="ways"') : page.index("</table>", page.index('id="ways"'))]
        assert {words: table.count(words) for words in rows} == rows
        assert table.count("Trường hợp của bạn") == 1

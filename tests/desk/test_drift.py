"""The drift report, and setting a value for one's own place."""

import pytest
from django.utils import timezone

from motcua.procedures.models import Overlay
from tests import given

TODAY = timezone.localdate


@pytest.fixture
def administrator(visitor):
    given.country()
    given.procedure("2.001263")
    return visitor("thong")


def typed(**changes):
    day = TODAY()
    return {
        "agency": given.SA_PA,
        "key": "fee",
        "value": "100.000",
        "case": "other",
        "decision": "12/2026/NQ-HĐND",
        "since_day": day.day,
        "since_month": day.month,
        "since_year": day.year,
        **changes,
    }


def test_a_value_is_set_and_stands_in_the_report(administrator):
    # Beside the boxes stands what holds everywhere, case by case.
    asked = administrator.get("/desk/drift/2.001263/set/")
    assert "400.000 đ" in asked.content.decode()
    answer = administrator.post("/desk/drift/2.001263/set/", typed())
    page = administrator.get("/desk/drift/", headers={"accept-language": "vi"}).content.decode()
    assert (answer.status_code, Overlay.objects.get().value) == (302, 100000)
    for said in ("400.000 đ", "100.000 đ", "12/2026/NQ-HĐND", "Hoàng Đức Thông"):
        assert page.count(said) == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"value": "500000"}, "Mức cả nước là 400000 đồng"),
        ({"key": "term", "value": "40", "case": ""}, "Luật cho tối đa 30"),
        ({"decision": ""}, "Nêu văn bản quyết định mức này."),
        ({"key": "holder", "step": "draft", "role": ""}, "Chỉ các bước thẩm định"),
        ({"key": "channel", "channel": "post"}, "Cách nộp này cả nước đã mở."),
    ],
)
def test_what_the_law_fixes_is_answered_in_words(administrator, changes, says):
    answer = administrator.post(
        "/desk/drift/2.001263/set/", typed(**changes), headers={"accept-language": "vi"}
    )
    assert (answer.status_code, Overlay.objects.count()) == (422, 0)
    assert says in answer.content.decode()


def test_offices_and_holders_are_set_by_name(administrator):
    for changes in (
        {"key": "office", "value": "Phòng Tư pháp", "case": ""},
        {"key": "holder", "step": "examine", "role": "registrar", "case": "", "value": ""},
    ):
        assert administrator.post("/desk/drift/2.001263/set/", typed(**changes)).status_code == 302
    assert {one.key: one.value for one in Overlay.objects.all()} == {
        "office": {"vi": "Phòng Tư pháp", "en": "Phòng Tư pháp"},
        "holder": "registrar",
    }


def test_a_value_of_another_place_can_neither_be_set_nor_ended(administrator, visitor):
    assert administrator.post("/desk/drift/2.001263/set/", typed(agency=given.BAC_HA)).status_code == 422
    administrator.post("/desk/drift/2.001263/set/", typed())
    pk = Overlay.objects.get().pk
    assert visitor("lua").post(f"/desk/drift/{pk}/end/", {}).status_code == 403
    assert Overlay.objects.get().effective_until is None


def test_a_value_ends(administrator):
    administrator.post("/desk/drift/2.001263/set/", typed())
    address, day = f"/desk/drift/{Overlay.objects.get().pk}/end/", TODAY()
    assert administrator.get(address).status_code == 200
    ends = {"on_day": day.day, "on_month": day.month, "on_year": day.year}
    assert administrator.post(address, ends).status_code == 302
    assert administrator.get("/desk/drift/").context["lines"] == []
    assert len(administrator.get("/desk/drift/?ended").context["lines"]) == 1
    assert administrator.post(address, ends).status_code == 422


def test_the_report_takes_as_many_queries_for_one_place_as_for_many(administrator, django_assert_num_queries):
    administrator.post("/desk/drift/2.001263/set/", typed())
    administrator.get("/desk/drift/")
    for case in ("other", "kin"):
        for channel in ("online", "direct"):
            administrator.post("/desk/drift/2.001263/set/", typed(case=case, channel=channel, value="0"))
    with django_assert_num_queries(8):
        administrator.get("/desk/drift/")


@pytest.mark.parametrize(("address", "opens"), [("/desk/drift/", True), ("/desk/drift/2.001263/set/", False)])
def test_who_looks_after_procedures_gets_in(administrator, visitor, address, opens):
    found = {
        key: visitor(key).get(address).status_code for key in ("", "may", "suong", "lam", "lua", "guong")
    }
    seen = 200 if opens else 403
    assert found == {"": 302, "may": 403, "suong": 403, "lam": 403, "lua": seen, "guong": seen}


def test_the_citizen_sees_where_it_differs(administrator, client):
    administrator.post("/desk/drift/2.001263/set/", typed())
    page = client.get("/procedures/2.001263/", headers={"accept-language": "vi"}).content.decode()
    assert page.count("Địa phương có quy định riêng") == 1
    assert page.count("12/2026/NQ-HĐND") == 1

"""How far procedures can be done online, as the desk shows it."""

import re

import pytest

from motcua.lib.actors import Actor
from motcua.procedures.actions import take_over
from tests import given
from tests.procedures.samples import portal

SYSTEM = Actor.system("tests")


@pytest.fixture
def administrator(visitor):
    for code in ("1.004873", "1.000894", "1.000656"):
        given.procedure(code)
    return visitor("thong")


def codes(page):
    return re.findall(r"/desk/readiness/(\d\.\d{6})/", page.content.decode())


def test_broken_promises_are_counted_and_listed(administrator):
    page = administrator.get("/desk/readiness/")
    counts = page.context["counts"]
    assert (counts["all"], counts["full"], counts["partial"], counts["claimed"]) == (3, 1, 2, 1)
    assert codes(administrator.get("/desk/readiness/?verdict=claimed")) == ["1.004873"]
    assert codes(administrator.get("/desk/readiness/?verdict=full")) == ["1.000656"]
    assert codes(administrator.get("/desk/readiness/?why=presence")) == ["1.000894"]
    assert codes(administrator.get("/desk/readiness/?verdict=x&why=y")) == [
        "1.000656",
        "1.000894",
        "1.004873",
    ]


def test_each_reason_comes_with_what_to_change(administrator):
    page = administrator.get("/desk/readiness/1.004873/").content.decode()
    assert page.count("Mức phí chưa là con số nên chưa thu trực tuyến được.") == 1
    assert page.count("mức do tỉnh quyết định thì để tỉnh ghi") == 1
    assert administrator.get("/desk/readiness/9.999999/").status_code == 404


def test_pages_follow_each_other_by_code(administrator, django_assert_max_num_queries):
    take_over([portal(f"9.{number:06}", f"Thủ tục {number}") for number in range(40)], by=SYSTEM)
    with django_assert_max_num_queries(8):
        first = administrator.get("/desk/readiness/?verdict=none")
    second = administrator.get(f"/desk/readiness/{first.context['next']}")
    assert (codes(first)[-1], codes(second)[0], second.context["next"]) == ("9.000029", "9.000030", "")


@pytest.mark.parametrize("address", ["/desk/readiness/", "/desk/readiness/1.004873/"])
def test_who_looks_after_procedures_gets_in(administrator, visitor, address):
    found = {
        key: visitor(key).get(address).status_code for key in ("", "may", "suong", "lam", "lua", "guong")
    }
    assert found == {"": 302, "may": 403, "suong": 403, "lam": 403, "lua": 200, "guong": 200}

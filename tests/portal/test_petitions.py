"""The question button under “My data”, the complaint on the dossier's page, and the desk that answers."""

import re
from html import unescape
from uuid import uuid4

import pytest

from motcua.petitions.models import Petition, Received
from tests import given, post
from tests.portal.test_my import READING, exchange  # noqa: F401 — a fixture

pytestmark = pytest.mark.django_db


def told(page):
    return unescape(" ".join(re.sub("<[^>]+>", " ", page.content.decode()).split()))


@pytest.fixture
def readings(exchange):  # noqa: F811
    """Sa Pa has read Mây's record."""
    given.country()
    exchange[1]["G01"] = (200, "application/json", {"readings": [READING]})


def test_a_reading_is_asked_about_and_the_answer_comes_back(visitor, readings):
    client = visitor("may")
    link = unescape(
        re.search(r'href="(/my/data/ask/population/\?at=[^"]+)"', client.get("/my/data/").content.decode())[1]
    )
    page = client.get(link)
    assert "Hỏi Ủy ban nhân dân phường Sa Pa" in told(page)
    form = page.context["form"]
    typed = {"key": str(uuid4()), "reading": form.initial["reading"], "text": ""}
    assert client.post("/my/data/ask/population/", typed).status_code == 422
    typed["text"] = "Ai đã đọc và để làm gì?"
    for _time in range(2):
        assert client.post("/my/data/ask/population/", typed).status_code == 302
    assert (
        client.post("/my/data/ask/population/", typed | {"reading": "x" + typed["reading"]}).status_code
        == 404
    )
    post.settle()
    received = Received.objects.get()
    desk = f"/desk/petitions/{received.pk}/"
    officer = visitor("lam")
    assert "Ai đã đọc và để làm gì?" in told(officer.get(desk))
    assert "1 người đang chờ trả lời" in told(officer.get("/desk/petitions/"))
    assert [visitor(key).get(desk).status_code for key in ("", "may", "thong", "man", "guong")] == [
        302,
        403,
        404,
        404,
        404,
    ]
    assert officer.post(desk, {"answer": ""}).status_code == 422
    assert officer.post(desk, {"answer": "Để đăng ký khai sinh cho cháu."}).status_code == 302
    post.settle()
    assert "Ủy ban nhân dân phường Sa Pa đã trả lời" in told(client.get("/my/data/"))


def test_a_reading_that_is_not_ones_own_cannot_be_asked_about(visitor, readings):
    for client, url in (
        (visitor("may"), "/my/data/ask/civil/?at=2026-11-18T08:32:00%2B00:00"),
        (visitor("may"), "/my/data/ask/population/?at=2020-01-01"),
        (visitor("may"), "/my/data/ask/land/?at=x"),
    ):
        assert client.get(url).status_code == 404


def test_a_complaint_goes_to_the_head_and_not_to_who_handles_the_dossier(visitor):
    dossier = given.dossier(at="accepted")
    for key in ("lua", "lam", "suong"):
        given.account(key)
    client, page = visitor("may"), f"/applications/{dossier.pk}/complain/"
    assert "Phản ánh về hồ sơ" in told(client.get(f"/applications/{dossier.pk}/"))
    assert [visitor(key).get(page).status_code for key in ("", "doi")] == [302, 404]
    typed = {"key": str(uuid4()), "text": "Tôi đã đến hai lần."}
    assert client.post(page, typed | {"text": ""}).status_code == 422
    for _time in range(2):
        assert client.post(page, typed).status_code == 302
    post.settle()
    assert "Chờ Ủy ban nhân dân phường Sa Pa trả lời" in told(client.get(f"/applications/{dossier.pk}/"))
    desk = f"/desk/petitions/{Petition.objects.get().pk}/"
    assert [visitor(key).get(desk).status_code for key in ("lam", "suong", "lua")] == [404, 404, 200]
    answer = {"answer": "Tôi đã nhắc bộ phận Một cửa."}
    unsaid = visitor("lua").post(desk, answer)
    assert (unsaid.status_code, "Hãy cho biết phản ánh đúng hay không đúng." in told(unsaid)) == (422, True)
    assert visitor("lua").post(desk, answer | {"upheld": "yes"}).status_code == 302
    assert "Phản ánh đúng" in told(visitor("lua").get(desk))
    post.settle()
    page = told(client.get(f"/applications/{dossier.pk}/"))
    assert ("Tôi đã nhắc bộ phận Một cửa." in page, "Cơ quan kết luận: phản ánh đúng." in page) == (
        True,
        True,
    )

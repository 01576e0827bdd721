"""One's own pages: nobody else's, all of one's own, and who has read one's data."""

import json
import re
import threading
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.dossiers.models import Application, Attachment
from motcua.lib.actors import Actor
from motcua.mandates import actions as mandates
from motcua.mandates.actions import Found
from motcua.mandates.models import Kind, Mandate
from motcua.notices import actions as notices
from motcua.notices.models import Notice
from motcua.notices.wording import wording
from motcua.petitions.models import Petition
from motcua.portal.readings import readings_of
from motcua.portal.represented import subject_of
from tests import given

PAGES = ["/my/", "/my/inbox/", "/my/papers/", "/my/data/"]
TOLD = wording("tests.told", subject="Hồ sơ số %(number)s đã tiếp nhận", body="Hẹn trả trong ngày.")


@pytest.fixture
def visitor(db):
    def visitor(key="may"):
        return given.signed_in(key)

    return visitor


def told(number, key="may", link="/my/"):
    return notices.tell(
        Notice(
            recipient=given.account(key),
            code=TOLD,
            parameters={"number": number},
            link=link,
            key=f"tests:{number}",
        ),
        by=Actor.system("tests"),
    )


def titles(page):
    return re.findall(r'card-title">(?:<a href="[^"]+">)?([^<]+)', page.content.decode())


def queries(client, path):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


@pytest.mark.parametrize("path", PAGES)
def test_who_is_not_signed_in_is_asked_to_sign_in(db, path):
    answer = Client().get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={path}")


@pytest.mark.parametrize("path", PAGES[:3])
def test_who_has_nothing_yet_is_told_so_kindly(visitor, path):
    page = visitor().get(path)
    assert (page.status_code, 'class="empty"' in page.content.decode()) == (200, True)


def test_ones_dossiers_are_listed_the_last_changed_first(visitor):
    given.application(at="sent")
    given.application()
    page = visitor().get("/my/")
    assert [title.split(" – ")[1] if " – " in title else "" for title in titles(page)] == ["", "Lý Hạ An"]
    assert (
        re.search("<h1>(.*?)</h1>", page.content.decode())[1]
        == "1 hồ sơ đang giải quyết, 1 bản nháp chưa nộp."
    )


def test_nobody_sees_anothers_dossiers_papers_or_messages(visitor):
    given.dossier(at="signed")
    told(1)
    assert [titles(visitor("suoi").get(path)) for path in PAGES[:3]] == [[], [], []]
    assert all(titles(visitor().get(path)) for path in PAGES[:3])


def test_the_result_comes_into_the_wallet_and_opens(visitor):
    given.dossier(at="signed")
    paper = Attachment.objects.get(kind="result")
    page = visitor().get("/my/papers/").content.decode()
    link = re.search(r'card-title"><a href="([^"]+)"', page)[1]
    assert paper.public_code in page
    client = visitor()
    assert (client.get(link).status_code, client.get(f"{link}file/").content[:5]) == (200, b"%PDF-")
    assert [visitor("suoi").get(one).status_code for one in (link, f"{link}file/")] == [404, 404]


def test_a_message_is_read_once_it_is_opened_and_leads_to_what_it_is_about(visitor):
    notice = told(1, link="/procedures/")
    client = visitor()
    assert "1 tin bạn chưa đọc" in client.get("/my/inbox/").content.decode()
    answer = client.post(f"/my/inbox/{notice.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, "/procedures/")
    assert "Bạn đã đọc hết" in client.get("/my/inbox/").content.decode()


def test_looking_at_the_list_reads_nothing(visitor):
    told(1)
    visitor().get("/my/inbox/")
    assert Notice.objects.unread().count() == 1


def test_everything_is_read_with_one_button_but_nobody_elses(visitor):
    told(1)
    told(2)
    told(3, "suoi")
    assert visitor().post("/my/inbox/read/").status_code == 302
    assert [notice.recipient.username for notice in Notice.objects.unread()] == [given.BY_KEY["suoi"].number]


def test_anothers_message_cannot_be_opened(visitor):
    notice = told(1)
    assert visitor("suoi").post(f"/my/inbox/{notice.pk}/").status_code == 404
    assert Notice.objects.unread().count() == 1


@pytest.mark.parametrize("path", ["/my/inbox/read/", "/my/inbox/00000000-0000-0000-0000-000000000000/"])
def test_reading_a_message_is_no_plain_link(visitor, path):
    assert visitor().get(path).status_code == 405


def test_the_list_of_dossiers_asks_as_often_for_thirty_as_for_one(visitor):
    client = visitor()
    given.application()
    queries(client, "/my/")
    one = queries(client, "/my/")
    first = Application.objects.get()
    Application.objects.bulk_create(
        Application(
            account=first.account,
            version=first.version,
            case=first.case,
            agency=first.agency,
            agency_name="x",
        )
        for _ in range(29)
    )
    assert (queries(client, "/my/"), one <= 12) == (one, True)


def test_messages_and_papers_ask_as_often_for_thirty_as_for_one(visitor):
    client = visitor()
    given.dossier(at="signed")
    told(0)
    for path in PAGES[1:3]:
        queries(client, path)
    one = [queries(client, path) for path in PAGES[1:3]]
    paper = Attachment.objects.get(kind="result")
    for number in range(1, 30):
        told(number)
        Attachment.objects.create(
            application=paper.application,
            kind="result",
            paper=f"p{number}",
            name=f"Giấy {number}",
            media="application/pdf",
            size=1,
            digest="0" * 64,
        )
    assert ([queries(client, path) for path in PAGES[1:3]], max(one) <= 12) == (one, True)


@pytest.fixture
def exchange(settings):
    """A stand-in for the exchange process of this node: answers calls as told, and remembers them."""
    asked, answers = [], {}

    class Exchange(BaseHTTPRequestHandler):
        def do_POST(self):
            wanted = json.loads(self.headers["motcua-call"])
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            asked.append((wanted["recipient"], body))
            status, kind, content = answers.get(
                wanted["recipient"], (502, "application/problem+json", {"detail": "x"})
            )
            sent = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Exchange)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.NODE = settings.NODE.model_copy(update={"exchange_port": server.server_port})
    yield asked, answers
    server.shutdown()
    server.server_close()


READING = {
    "at": datetime(2026, 11, 18, 8, 32, tzinfo=UTC).isoformat(),
    "service": "population.person",
    "agency": given.SA_PA,
    "agency_name": "Ủy ban nhân dân phường Sa Pa",
    "reader": "Đỗ Minh Lâm",
    "purpose": "Đăng ký khai sinh",
    "dossier": "H38.03006-261116-0042",
}


def test_who_read_what_and_why_is_told_register_by_register(visitor, exchange):
    _asked, answers = exchange
    answers["G01"] = (200, "application/json", {"readings": [READING]})
    answers["G15"] = answers["G12"] = (200, "application/json", {"readings": []})
    page = visitor().get("/my/data/").content.decode()
    rows = [
        re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", row)).strip()
        for row in re.findall("<tr>(.*?)</tr>", page, re.DOTALL)
    ]
    assert rows[1:] == [
        "18/11/2026, 15:32 Đỗ Minh Lâm Ủy ban nhân dân phường Sa Pa Họ tên, ngày sinh, quê quán, nơi cư trú Đăng ký khai sinh H38.03006-261116-0042 Hỏi vì sao Ủy ban nhân dân phường Sa Pa, 18/11/2026, 15:32"
    ]
    assert page.count("Chưa ai đọc dữ liệu của bạn ở đây.") == 2
    assert page.count('class="notice') == 1


def test_each_register_is_asked_for_ones_own_number_only(visitor, exchange):
    asked, _answers = exchange
    visitor().get("/my/data/")
    number = given.BY_KEY["may"].number
    assert sorted((to, body["service"], body["params"]) for to, body in asked) == [
        ("G01", "population.readings", {"personal_number": number}),
        ("G12", "business.readings", {"code": number}),
        ("G15", "civil.readings", {"personal_number": number}),
        ("G24", "insurance.readings", {"personal_number": number}),
    ]
    asked.clear()
    held = given.business("may")
    page = visitor().get(f"/my/data/?of={held.pk}").content.decode()
    [(to, body)] = asked
    assert (to, body["service"], body["params"]) == ("G12", "business.readings", {"code": given.BUSINESS})
    assert (held.number in body["purpose"], "Ai đã đọc dữ liệu của Công ty TNHH Hoa Ban" in page) == (
        True,
        True,
    )
    assert visitor("suoi").get(f"/my/data/?of={held.pk}").status_code == 404


def test_registers_that_do_not_answer_do_not_break_the_page(visitor, settings):
    settings.NODE = settings.NODE.model_copy(update={"exchange_port": 1})
    page = visitor().get("/my/data/")
    assert (page.status_code, page.content.decode().count("Lúc này chưa trả lời.")) == (200, 4)


def test_what_the_registers_said_stays_with_the_visit_for_a_minute_or_until_one_does_something(
    visitor, exchange
):
    asked, answers = exchange
    for code in ("G01", "G12", "G15"):
        answers[code] = (200, "application/json", {"readings": [READING], "next": ""})
    client = visitor()
    held = given.business("may")

    def who(client, path="/my/data/"):
        """Who is asked at this look."""
        asked.clear()
        page = client.get(path)
        assert (page.status_code, "Thông tin do các cơ sở dữ liệu trả lời lúc" in page.content.decode()) == (
            200,
            True,
        )
        return sorted(to for to, _body in asked)

    everybody = ["G01", "G12", "G15", "G24"]
    assert who(client) == everybody
    assert who(client) == ["G24"]  # it did not answer the first time
    answers["G24"] = (422, "application/problem+json", {"detail": "nobody"})
    assert [who(client), who(client)] == [["G24"], []]
    assert [who(client, f"/my/data/?of={held.pk}"), who(client)] == [["G12"], []]
    assert who(visitor("suoi")) == who(visitor()) == everybody
    answer = client.post("/my/data/")
    assert (answer.status_code, answer["Location"], who(client)) == (302, "/my/data/", everybody)
    session = client.session
    for one in session["readings"].values():
        one["at"] = (timezone.now() - timedelta(seconds=61)).isoformat()
    session.save()
    assert [who(client), queries(client, "/my/data/") <= 12] == [everybody, True]
    # What another tab stored while the registers were asked is still there.
    client.post("/my/data/")
    visit, other = client.session, client.session
    assert visit.get("readings", {}) == {}
    other["typed"] = "elsewhere"
    other.save()
    subject = subject_of(given.account("may"), "", [])
    readings_of(subject, by=given.citizen("may"), visit=visit)
    assert (visit.modified, client.session["typed"], list(client.session["readings"])) == (
        False,
        "elsewhere",
        [""],
    )


def test_older_readings_are_on_the_next_page_of_their_register(visitor, exchange):
    asked, answers = exchange
    place = f"{READING['at']}~7"
    answers["G01"] = (200, "application/json", {"readings": [READING] * 20, "next": place})
    answers["G15"] = (200, "application/json", {"readings": [READING], "next": ""})
    page = visitor().get("/my/data/").content.decode()
    [address] = re.findall(r'href="([?]register=[^"]+)">Trang sau', page)
    asked.clear()
    page = visitor().get("/my/data/" + address.replace("&amp;", "&")).content.decode()
    number = given.BY_KEY["may"].number
    assert [(to, body["params"]) for to, body in asked] == [
        ("G01", {"personal_number": number, "upto": place})
    ]
    assert (page.count('id="register-'), "Trang đầu" in page) == (1, True)
    asked.clear()
    assert visitor().get("/my/data/?register=population&upto=rubbish").status_code == 200
    assert len(asked) == 4  # what is no place is the first page
    assert visitor().get(f"/my/data/?register=land&upto={place.replace('+', '%2B')}").status_code == 404


CHILD = "000120005551"


def whose(body):
    """Whose readings were asked for: a household business has its owner's number."""
    return body["params"].get("personal_number") or body["params"]["code"]


def parent(key="may", kind=Kind.PARENT):
    """Whose child an officer or a register has confirmed."""
    found = Found("Lý Khánh Vy", date(2020, 5, 4), "population.child", "")
    account = given.account(key)
    held = Mandate(kind=kind, principal_number=CHILD, agent=account, given_by=account)
    return mandates.claim(held, by=given.citizen(key), found=found)


def test_a_parent_sees_who_read_the_childs_data_and_asks_why(visitor, exchange):
    asked, answers = exchange
    held = parent()
    answers["G01"] = (200, "application/json", {"readings": [READING]})
    page = visitor().get("/my/data/").content.decode()
    assert f'href="/my/data/?of={held.pk}">Lý Khánh Vy</a>' in page
    asked.clear()
    page = visitor().get(f"/my/data/?of={held.pk}").content.decode()
    assert {whose(body) for _to, body in asked} == {CHILD}
    assert {body["purpose"] for _to, body in asked} == {
        f"Cha, mẹ hoặc người giám hộ xem ai đã đọc dữ liệu của con (đại diện, số {held.number})"
    }
    assert "Ai đã đọc dữ liệu của Lý Khánh Vy" in page
    address = re.search(r'href="(/my/data/ask/[^"]+)"', page)[1].replace("&amp;", "&")
    form = visitor().get(address).content.decode()
    sent = {name: re.search(f'name="{name}" value="([^"]+)"', form)[1] for name in ("key", "reading")}
    visitor().post("/my/data/ask/population/", sent | {"text": "Vì sao đọc dữ liệu của con tôi?"})
    about = Petition.objects.get().about
    assert (about["of"], about["number"], about["who"]) == ("Lý Khánh Vy", CHILD, "Đỗ Minh Lâm")


def test_without_such_a_mandate_in_force_there_is_no_page_of_a_child(visitor, exchange):
    asked, _answers = exchange
    held, proxy = parent(), given.mandate("suoi", "may")
    for key, one in (("doi", held), ("may", proxy)):
        assert visitor(key).get(f"/my/data/?of={one.pk}").status_code == 404
    mandates.revoke(held, by=given.actor("may"))
    assert visitor().get(f"/my/data/?of={held.pk}").status_code == 404
    assert visitor().get("/my/data/?of=rubbish").status_code == 404
    at = READING["at"].replace("+", "%2B")
    assert visitor().get(f"/my/data/ask/population/?at={at}&of={held.pk}").status_code == 404
    assert "Dữ liệu của" not in visitor().get("/my/data/").content.decode()
    assert {whose(body) for _to, body in asked} == {given.BY_KEY["may"].number}

"""Follow a dossier: the verdict, the way so far and to come, and what one can do about it."""

from datetime import UTC, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from motcua.dossiers import actions
from motcua.dossiers.models import Application, Attachment, Dossier
from motcua.exchange.models import Outbox
from motcua.lib.actors import Actor
from motcua.ui import words
from tests import given
from tests.post import settle

DOSSIERS = Actor.system("dossiers")
NAME = r"Liên thông thủ tục hành chính về đăng ký khai sinh\, đăng ký thường trú\, cấp thẻ bảo hiểm y tế cho trẻ em dưới 6 tuổi"
RATING = {"overall": "3", "convenience": "3", "timeliness": "2", "attitude": "3"}


def url(dossier, path=""):
    return f"/applications/{dossier.pk}/{path}"


def told(response):
    return [(moment.state, moment.title) for moment in response.context["moments"]]


def verdict(response):
    return response.context["verdict"]


REASON = "Ảnh giấy chứng sinh bị lóa, chụp lại giúp."


def supplement(dossier):
    actions.request_supplement(dossier, by=given.officer("registrar"), reason=REASON)
    settle()


def test_before_it_is_received_the_desk_has_it(visitor, db):
    dossier = given.dossier(at="arrived")
    response = visitor("may").get(url(dossier))
    assert verdict(response) == "Hồ sơ đã gửi. Cơ quan sẽ tiếp nhận."
    assert told(response)[:3] == [
        ("done", "Bạn nộp hồ sơ"),
        ("done", "Đã gửi đến cơ quan giải quyết"),
        ("now", "Bộ phận Một cửa đang kiểm tra hồ sơ của bạn có đủ giấy tờ không."),
    ]
    by = words.until(dossier.receive_by)
    assert response.context["lead"].startswith(
        "Bộ phận Một cửa sẽ tiếp nhận hoặc báo bạn phần còn thiếu: " + by
    )
    assert response.context["left"].until == f"Hẹn tiếp nhận {by}"
    Application.objects.update(receive_by=timezone.now() - timedelta(days=3))
    late = visitor("may").get(url(dossier))
    assert late.context["lead"].startswith("Lẽ ra hồ sơ phải được tiếp nhận ")
    assert (late.context["left"].state, late.content.decode().count("Hẹn trả")) == ("late", 0)


def test_after_the_one_new_date_nobody_promises_another(visitor, db):
    dossier, client = given.dossier(at="accepted"), visitor("may")
    Application.objects.update(due_at=timezone.now() - timedelta(days=1))
    assert "phải gửi thư" in client.get(url(dossier)).context["lead"]
    letter = Attachment(name="04.pdf", media="application/pdf", size=1, digest="0" * 64, paper="apology")
    letter.application_id, letter.kind = dossier.pk, Attachment.Kind.APOLOGY
    letter.save()
    assert client.get(url(dossier)).context["lead"] == (
        "Ngày hẹn mới cũng đã qua, chúng tôi rất xin lỗi. Bạn có thể phản ánh ở bên dưới; người đứng đầu cơ quan sẽ trả lời bạn."
    )


def test_once_received_steps_behind_are_done_and_those_ahead_are_named(visitor, db):
    dossier = given.dossier(at="accepted")
    response = visitor("may").get(url(dossier))
    assert told(response) == [
        ("done", "Bạn nộp hồ sơ"),
        ("done", "Đã gửi đến cơ quan giải quyết"),
        ("done", "Tiếp nhận hồ sơ"),
        ("now", "Công chức tư pháp - hộ tịch đang thẩm tra hồ sơ."),
        ("next", "Đăng ký khai sinh"),
        ("next", "Đăng ký thường trú"),
        ("next", "Cấp thẻ bảo hiểm y tế"),
        ("next", "Ký Giấy khai sinh"),
        ("next", "Trả kết quả"),
    ]
    text = response.content.decode()
    dossier.refresh_from_db()
    assert dossier.code in text
    assert response.context["left"].state in {"ok", "soon"}
    assert [letter.kind for letter in response.context["letters"]] == ["receipt"]


def test_at_the_end_the_result_can_be_fetched_and_the_service_rated(visitor, db):
    dossier = given.dossier(at="signed")
    client = visitor("may")
    response = client.get(url(dossier))
    assert verdict(response) == "Xong rồi: kết quả đã đến tay bạn."
    assert {state for state, _title in told(response)} == {"done"}
    (result,) = response.context["results"]
    paper = client.get(url(dossier, f"files/{result.pk}/"))
    assert paper.content.startswith(b"%PDF-")
    assert client.post(url(dossier, "rate/"), RATING).url == url(dossier)
    application = Application.objects.get(pk=dossier.pk)
    assert application.rating == {"overall": 3, "convenience": 3, "timeliness": 2, "attitude": 3}
    assert client.get(url(dossier)).context["rating"] is None


def test_a_rating_needs_all_four_answers(visitor, db):
    dossier = given.dossier(at="signed")
    response = visitor("may").post(url(dossier, "rate/"), {"overall": "3"})
    assert (response.status_code, sorted(response.context["form"].errors)) == (
        422,
        ["attitude", "convenience", "timeliness"],
    )


def test_what_is_missing_is_asked_for_on_the_page_and_sent_from_it(visitor, db):
    dossier = given.dossier(at="accepted")
    supplement(dossier)
    client = visitor("may")
    response = client.get(url(dossier))
    assert "Ảnh giấy chứng sinh bị lóa, chụp lại giúp." in response.content.decode()
    assert "now" not in {state for state, _title in told(response)}
    assert response.context["left"].state == "paused"
    file = SimpleUploadedFile("chup-lai.png", given.picture() + b" ")
    assert client.post(url(dossier, "papers/birth_notice/"), {"file": file}).url == url(dossier)
    assert client.post(url(dossier, "supply/"), {"note": "Tôi đã chụp lại."}).url == url(dossier)
    settle()
    assert Dossier.objects.get(pk=dossier.pk).papers.count() == 2
    assert ("done", "Bạn gửi phần bổ sung") in told(client.get(url(dossier)))


def test_answers_to_put_right_are_opened_from_the_desk_and_changed_on_the_page(visitor, db):
    dossier, client, desk = given.dossier(at="accepted"), visitor("may"), visitor("lam")
    place, page = f"/desk/dossiers/{dossier.pk}/", url(dossier, "form/insurance/")
    assert 'name="pages" value="insurance"' in desk.get(place).content.decode()
    assert desk.post(f"{place}supplement/", {"reason": REASON, "pages": ["insurance"]}).status_code == 302
    settle()
    shown = client.get(url(dossier))
    assert [(one.title, one.url, one.is_done) for one in shown.context["mend"]] == [
        ("Thẻ bảo hiểm y tế", page, True)
    ]
    assert client.get(url(dossier, "form/child/")).url == url(dossier)
    assert (client.get(page).status_code, client.post(page, {"clinic": ""}).status_code) == (200, 422)
    assert client.post(page, {"clinic": "Bệnh viện Sa Pa"}).url == url(dossier)
    client.post(url(dossier, "supply/"), {"note": ""})
    settle()
    assert client.get(page).url == url(dossier)
    found = desk.get(place)
    assert [(one.id, one.value) for one in found.context["before"]] == [("clinic", "Trạm Y tế phường Sa Pa")]
    assert "Bệnh viện Sa Pa" in found.content.decode()


def test_a_bad_file_is_refused_on_the_page_of_the_dossier(visitor, db):
    dossier = given.dossier(at="accepted")
    supplement(dossier)
    file = SimpleUploadedFile("chup-lai.exe", b"MZ" + bytes(100))
    response = visitor("may").post(url(dossier, "papers/birth_notice/"), {"file": file})
    assert response.status_code == 422
    assert [paper.id for paper in response.context["asked"] if paper.fault] == ["birth_notice"]


def test_taking_it_back_is_asked_once_and_confirmed_by_the_agency(visitor, db):
    dossier = given.dossier(at="accepted")
    client = visitor("may")
    for _time in range(2):
        assert client.post(url(dossier, "withdraw/"), {"reason": "Nộp nhầm"}).url == url(dossier)
    assert Outbox.objects.filter(kind="dossier.withdrawn").count() == 1
    asked = client.get(url(dossier))
    assert asked.context["withdrawal"] is None
    settle()
    assert verdict(client.get(url(dossier))) == "Bạn đã rút hồ sơ này."


def test_a_refusal_shows_its_reason(visitor, db):
    dossier = given.dossier(at="arrived")
    actions.refuse(dossier, by=given.officer("receiver"), reason="Bé đã được đăng ký ở xã Tả Van.")
    settle()
    response = visitor("may").get(url(dossier))
    assert ("late", "Không tiếp nhận; lý do ghi trong thông báo") in told(response)
    assert "Bé đã được đăng ký ở xã Tả Van." in response.content.decode()


def test_what_is_late_is_said_to_be_late(visitor, db):
    dossier = given.dossier(at="accepted")
    application = Application.objects.get(pk=dossier.pk)
    actions.learn(
        application,
        by=DOSSIERS,
        news={
            "state": 4,
            "code": application.code,
            "step": "examine",
            "holder": "Đỗ Minh Lâm",
            "reason": "",
            "due_at": (timezone.now() - timedelta(days=9)).isoformat(),
            "papers": [],
        },
    )
    response = visitor("may").get(url(dossier))
    assert (verdict(response), response.context["left"].state) == ("Hồ sơ trễ hẹn.", "late")
    assert response.context["lead"].startswith("Hồ sơ đang trễ.")


@pytest.mark.parametrize("key", ["doi", "lam", "suong"])
def test_nobody_else_follows_or_acts(visitor, db, key):
    dossier = given.dossier(at="accepted")
    client = visitor(key)
    assert client.get(url(dossier)).status_code == 404
    assert client.post(url(dossier, "withdraw/"), {}).status_code == 404
    assert client.post(url(dossier, "rate/"), RATING).status_code == 404


def test_following_takes_the_same_few_queries_however_much_has_happened(
    visitor, db, django_assert_max_num_queries
):
    client = visitor("may")
    early = given.dossier(at="arrived")
    client.get(url(early))
    with django_assert_max_num_queries(12) as few:
        client.get(url(early))
    application = Application.objects.get(pk=early.pk)
    for number in range(30):
        actions.learn(
            application,
            by=DOSSIERS,
            news={
                "state": 4 if number % 2 else 2,
                "code": "H38.03006-261116-0042",
                "step": "examine",
                "holder": "Đỗ Minh Lâm",
                "reason": "",
                "due_at": "",
                "papers": [],
            },
        )
    with django_assert_max_num_queries(len(few)):
        client.get(url(early))


def test_the_public_page_is_linked_where_there_is_one(visitor, db, settings):
    dossier = given.dossier(at="accepted")
    dossier.refresh_from_db()
    client = visitor("may")
    assert client.get(url(dossier)).context["tracking"] == f"/tracking/?code={dossier.code}"
    settings.NODE = settings.NODE.model_copy(update={"contexts": ("portal", "desk"), "tracking_url": ""})
    assert client.get(url(dossier)).context["tracking"] == ""


def test_the_promised_day_goes_into_ones_own_calendar(visitor, db):
    dossier = given.dossier(at="accepted")
    due = Application.objects.get().due_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    response = visitor("may").get(url(dossier, "calendar/"))
    text = response.content.decode()
    lines = text.replace("\r\n ", "").split("\r\n")  # unfolded (RFC 5545, 3.1)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert {len(line.encode()) <= 75 for line in text.split("\r\n")} == {True}
    assert f"DTSTART:{due}" in lines
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
    assert [line for line in lines if line.startswith("SUMMARY:")] == [
        f"SUMMARY:Hẹn trả kết quả: {NAME} – Lý Hạ An"
    ]


def test_where_nothing_is_promised_there_is_no_calendar(visitor, db):
    assert visitor("may").get(url(given.dossier(at="arrived"), "calendar/")).status_code == 404


def test_the_calendar_of_another_is_not_there(visitor, db):
    assert visitor("suoi").get(url(given.dossier(at="accepted"), "calendar/")).status_code == 404

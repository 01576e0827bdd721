"""A citizen books a time at the one-stop desk, changes it, gives it up; nobody else sees it."""

import re
from datetime import datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.mandates import actions as mandates
from motcua.notices.models import Notice
from motcua.organisations import actions as organisations
from motcua.organisations.models import CalendarDay
from motcua.queues import actions, asking
from motcua.queues.models import Booking, Offer, Place
from tests import given, post
from tests.line import Line

pytestmark = pytest.mark.django_db
BOOK = f"/procedures/{given.BIRTH}/appointment/"


def told(page):
    return unescape(" ".join(re.sub("<[^>]+>", " ", page.content.decode()).split()))


@pytest.fixture
def desk(monkeypatch, settings):
    """Sa Pa takes two persons each half hour, and answers as it would over the network."""
    given.country()
    given.procedure()
    actions.set_offer(Offer(agency=given.SA_PA, persons=2), by=given.SYSTEM)
    settings.NODE = settings.NODE.model_copy(update={"agencies": ("G22", "H38")})
    carried = Line()
    monkeypatch.setattr(asking, "call", carried.call)
    return carried


def times(page):
    return re.findall(r'value="(20[^"]+)"', page.content.decode())


def booked(client, *, place=-1, **whom):
    """Book one of the last times offered; return the address of the appointment."""
    page = client.get(BOOK, {"agency": given.SA_PA})
    last = client.get(BOOK + re.findall(r'href="(\?agency=[^"]+)"', unescape(page.content.decode()))[-1])
    typed = {"key": str(uuid4()), "begins_at": times(last)[place], **whom}
    answers = [client.post(f"{BOOK}?agency={given.SA_PA}", typed) for _time in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"] == f"/my/appointments/{typed['key']}/"
    return answers[0]["Location"]


def test_from_the_procedures_page_to_a_code_for_the_door(visitor, desk):
    client = visitor("may")
    assert "Muốn đến trực tiếp? Đặt lịch hẹn" in told(client.get(f"/procedures/{given.BIRTH}/"))
    assert "Chọn cơ quan, rồi bạn sẽ thấy" in told(client.get(BOOK))
    assert client.get(BOOK, {"agency": "Nơi không có"}).status_code == 422
    page = booked(client)
    waiting = client.get(page)
    assert ("Đang chờ cơ quan giữ giờ này" in told(waiting), waiting["Refresh"]) == (True, "3")
    post.settle()
    there, booking = client.get(page), Booking.objects.get()
    assert all(words in told(there) for words in ("Hẹn bạn", booking.code, "Đổi giờ hẹn", "phường Sa Pa"))
    assert ("<svg" in there.content.decode(), "Refresh" in there) == (True, False)
    assert "Lịch hẹn của bạn" in told(client.get("/my/"))
    diary = client.get(f"{page}calendar/").content.decode().replace("\r\n ", "")
    assert (f"UID:{booking.pk}@" in diary, booking.code in diary, "TRIGGER:-PT2H" in diary) == (True,) * 3
    again = client.post(
        f"{BOOK}?agency={given.SA_PA}",
        {"key": str(uuid4()), "begins_at": timezone.localtime(booking.begins_at).isoformat()},
    )
    assert (again.status_code, Booking.objects.count()) == (422, 1)
    assert "Bạn đã có lịch hẹn ở đó" in told(again)


def test_the_time_is_changed_and_given_up_and_lost_to_a_holiday(visitor, desk):
    client = visitor("may")
    page = booked(client)
    post.settle()
    choice = client.get(f"{page}time/")
    first = times(choice)[0]
    typed = {"key": str(uuid4()), "begins_at": first}
    assert client.post(f"{page}time/", typed | {"begins_at": "2020-01-01T00:00"}).status_code == 422
    assert client.post(f"{page}time/", typed).status_code == 302
    assert "Bạn muốn đổi sang" in told(client.get(page))
    post.settle()
    booking = Booking.objects.get()
    assert (
        booking.begins_at.isoformat()
        == datetime.fromisoformat(first).astimezone(booking.begins_at.tzinfo).isoformat()
    )
    off = CalendarDay(date=timezone.localdate(booking.begins_at), works=False, name_vi="Ngày hội")
    organisations.set_day(off, by=given.SYSTEM)
    post.settle()
    lost = client.get(page)
    assert "Cơ quan không còn làm việc vào giờ này" in told(lost)
    assert f"{BOOK}?agency={given.SA_PA}" in lost.content.decode()
    assert client.get(f"{page}time/").status_code == 302
    other = booked(client)
    post.settle()
    assert client.post(f"{other}cancel/").status_code == 302
    post.settle()
    assert "Bạn đã hủy lịch hẹn này" in told(client.get(other))
    assert client.get(f"{other}calendar/").status_code == 404
    assert set(Place.objects.values_list("state", flat=True)) == {"lost", "freed"}
    assert client.post(f"{other}cancel/").status_code == 302


def test_who_holds_a_mandate_comes_for_another_and_the_desk_knows_both(visitor, desk):
    mandate, client = given.mandate(), visitor("suoi")
    alone = told(visitor("may").get(BOOK, {"agency": given.SA_PA}))
    assert ("Bạn hẹn cho ai?" in alone, "số điện thoại của bạn" in alone) == (False, False)
    business = given.business("suoi")
    choice = told(client.get(BOOK, {"agency": given.SA_PA}))
    assert ("số điện thoại của bạn" in choice, business.principal_name in choice) == (True, True)
    page = booked(client, whom=str(mandate.pk))
    booked(client, whom="self")
    post.settle()
    assert "Thay cho Trần Hạ Mây" in told(client.get(page))
    assert told(client.get("/my/")).count("Trần Hạ Mây") == 1
    suoi, may = (given.BY_KEY[key] for key in ("suoi", "may"))
    hers, his = Place.objects.order_by("bringer")[::-1]
    assert (his.person_number, his.bringer) == (suoi.number, {})
    assert (hers.person_name, hers.person_number, hers.bringer["number"]) == (
        may.name,
        may.number,
        suoi.number,
    )
    assert hers.bringer["authority"].startswith(f"giấy ủy quyền số {mandate.number}")
    assert "số điện thoại của bạn" in told(client.get(f"{page}time/"))
    mandates.revoke(mandate, by=given.actor("may"))
    post.settle()
    assert set(Place.objects.values_list("state", "person_number")) == {
        ("freed", may.number),
        ("held", suoi.number),
    }
    assert "Lịch hẹn này đã hủy vì bạn không còn được đến thay" in told(client.get(page))
    form = {
        "key": str(uuid4()),
        "begins_at": times(client.get(BOOK, {"agency": given.SA_PA}))[0],
    }
    booked(client, whom=str(business.pk))
    post.settle()
    held = Place.objects.get(person_number=given.BUSINESS)
    assert (held.person_name, held.state, held.bringer["number"]) == (
        business.principal_name,
        "held",
        suoi.number,
    )
    late = client.post(f"{BOOK}?agency={given.SA_PA}", form | {"whom": str(mandate.pk)})
    assert (late.status_code, "đã chấm dứt" in told(late), Booking.objects.count()) == (422, True, 3)


def test_for_whom_somebody_comes_sees_it_and_may_cancel_it(visitor, desk):
    mandate, agent, principal = given.mandate(), visitor("suoi"), visitor("may")
    page = booked(agent, whom=str(mandate.pk))
    booked(agent, whom="self")  # his own matter is nothing to her
    assert "Lý Văn Suối đang đề nghị cơ quan giữ giờ này" in told(principal.get(page))
    post.settle()
    booking = Booking.objects.get(mandate=mandate)
    mine = told(principal.get("/my/"))
    assert mine.count(f"Lý Văn Suối đến thay Trần Hạ Mây, theo {mandate.number}") == 1
    seen = told(principal.get(page))
    assert (f"theo {mandate.number}" in mine, mandate.number in seen, "Hủy lịch hẹn" in seen) == (True,) * 3
    assert (booking.code in seen, "Đổi giờ hẹn" in seen) == (False, False)
    assert [principal.get(f"{page}{end}").status_code for end in ("time/", "calendar/")] == [302, 404]
    for _time in range(2):
        assert principal.post(f"{page}cancel/").status_code == 302
    post.settle()
    booking.refresh_from_db()
    assert (booking.state, booking.reason) == ("cancelled", "principal")
    assert Place.objects.get(pk=booking.pk).state == "freed"
    assert "Bạn đã hủy lịch hẹn này" in told(principal.get(page))
    assert "Trần Hạ Mây đã hủy lịch hẹn này" in told(agent.get(page))
    heard = Notice.objects.filter(about=booking.urn).order_by("sent_at", "pk")
    assert [(one.recipient.username, one.code) for one in heard] == [
        (given.BY_KEY["suoi"].number, "queues.booked"),
        (given.BY_KEY["may"].number, "queues.booked_for"),
        (given.BY_KEY["suoi"].number, "queues.recalled"),
    ]
    for key in ("doi", "man"):
        assert visitor(key).get(page).status_code == 404


def test_an_appointment_is_its_owners_alone(visitor, desk):
    page = booked(visitor("may"))
    post.settle()
    for key, status in (("", 302), ("doi", 404), ("suong", 404), ("man", 404)):
        other = visitor(key)
        assert [other.get(page + end).status_code for end in ("", "time/", "calendar/")] == [status] * 3, key
        assert other.post(f"{page}cancel/").status_code == status
    assert visitor().get(BOOK).status_code == 302
    assert (visitor("may").get(f"{page}cancel/").status_code, Booking.objects.get().state) == (405, "booked")


def test_a_desk_that_takes_none_is_silent_or_full_says_so(visitor, desk):
    client = visitor("may")
    assert "không nhận lịch hẹn" in told(client.get(BOOK, {"agency": given.BAC_HA}))
    desk.is_cut = True
    silent = client.get(BOOK, {"agency": given.SA_PA})
    assert (silent.status_code, "Chưa biết giờ nào còn trống" in told(silent)) == (200, True)
    desk.is_cut = False
    today = timezone.localdate()
    for ahead in range(16):
        organisations.set_day(
            CalendarDay(date=today + timedelta(days=ahead), works=False, name_vi="Nghỉ"), by=given.SYSTEM
        )
    assert "Hiện không còn giờ trống" in told(client.get(BOOK, {"agency": given.SA_PA}))


def test_the_list_asks_as_often_for_one_appointment_as_for_twenty(visitor, desk):
    client, asked = visitor("may"), []
    client.get("/my/")
    for count in (1, 20):
        for number in range(Booking.objects.count(), count):
            begins_at = timezone.now() + timedelta(days=1, hours=number)
            Booking.objects.create(
                account=given.account("may"), agency=given.SA_PA, agency_name="UBND", procedure=f"1.{number:06d}",
                name_vi="Việc", begins_at=begins_at, ends_at=begins_at + timedelta(minutes=30), state="booked",
            )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/my/")
        assert page.content.decode().count("/my/appointments/") == count
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 12

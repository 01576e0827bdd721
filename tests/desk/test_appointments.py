"""Appointments at the desk: who is expected, the code at the door, reception from ticket to receipt, how long it took."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.dossiers.models import Dossier
from motcua.queues import actions
from motcua.queues.figures import waiting
from motcua.queues.models import Booking, Offer, Place, Queue, Ticket
from tests import given, post
from tests.desk.test_counter import CARD, COPIES, COPY, take

pytestmark = pytest.mark.django_db
LIST, OFFER = "/desk/appointments/", "/desk/appointments/offer/"


def told(page):
    return unescape(" ".join(re.sub("<[^>]+>", " ", page.content.decode()).split()))


@pytest.fixture
def line_before_the_counters():
    """Sa Pa has a queue and takes appointments."""
    given.country()
    actions.set_offer(Offer(agency=given.SA_PA, persons=50), by=given.SYSTEM)
    return actions.open_queue(Queue(agency=given.SA_PA, letter="A", name_vi="Hộ tịch"), by=given.SYSTEM)


def expected(key="may", **changes):
    """Somebody is expected now; their booking stands where it was made. Whether the desk works now does not matter here."""
    known, now = given.BY_KEY[key], timezone.now().replace(microsecond=0)
    told = {
        "pk": uuid4(),
        "agency": given.SA_PA,
        "procedure": COPY,
        "name_vi": "Cấp bản sao trích lục hộ tịch",
        "begins_at": now,
        "ends_at": now + timedelta(minutes=30),
        "code": "ABC234",
    } | changes
    Booking.objects.create(account=given.account(key), agency_name="UBND", state="booked", **told)
    return Place.objects.create(
        origin="G22", person_name=known.name, person_number=known.number, seat=Place.objects.count(), **told
    )


def test_who_is_expected_is_the_receivers_and_what_is_offered_the_administrators(
    visitor, line_before_the_counters
):
    place = expected()
    for key, list_, offer in (
        ("", 302, 302),
        ("may", 403, 403),
        ("suong", 200, 403),
        ("lam", 200, 403),
        ("lua", 403, 403),
        ("thong", 302, 200),
    ):
        client = visitor(key)
        assert (client.get(LIST).status_code, client.get(OFFER).status_code) == (list_, offer), key
    stranger = visitor("man")
    assert "Trần Hạ Mây" not in told(stranger.get(LIST))
    assert stranger.post(f"{LIST}{place.pk}/welcome/").status_code == 404
    assert "Trần Hạ Mây" not in told(stranger.get(f"/desk/counter/?appointment={place.pk}"))
    assert visitor("thong").post(f"{LIST}{place.pk}/welcome/").status_code == 404
    client = visitor("suong")
    assert "Trần Hạ Mây" in told(client.get(LIST))
    assert client.get(f"{LIST}?day=2027-13-45").status_code == 200
    later = client.get(f"{LIST}?day=2027-03-15")
    assert ("Trần Hạ Mây" in told(later), "<h1>Thứ Hai, " in later.content.decode()) == (False, True)
    for _time in range(2):
        assert client.post(f"{LIST}{place.pk}/welcome/").status_code == 302
    post.settle()
    assert (Place.objects.get().state, Booking.objects.get().state) == ("come", "come")


def test_the_administrator_sets_it_and_what_does_not_hold_is_said_at_its_place(
    visitor, line_before_the_counters
):
    client = visitor("thong")
    typed = {
        "is_open": "on",
        "minutes": "20",
        "persons": "0",
        "days_ahead": "7",
        "late_minutes": "5",
        "queue": "",
    }
    wrong = client.post(OFFER, typed)
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["persons"])
    assert client.post(OFFER, typed | {"persons": "3"}).status_code == 302
    kept = Offer.objects.get()
    assert (kept.minutes, kept.persons, kept.days_ahead, kept.late_minutes, kept.is_open) == (
        20,
        3,
        7,
        5,
        True,
    )
    assert client.post(OFFER, typed | {"persons": "3", "is_open": ""}).status_code == 302
    assert Offer.objects.get().is_open is False


def test_from_the_code_at_the_door_to_the_receipt(visitor, line, line_before_the_counters):
    given.registered("may")
    given.procedure(COPY)
    kiosk = f"/queue/{Signer(salt='motcua.queue').sign(given.SA_PA)}/"
    door = Client(headers={"accept-language": "vi"})
    assert "Tôi có lịch hẹn" in told(door.get(kiosk))
    unknown = door.post(kiosk, {"code": "ZZZZZZ"})
    assert (unknown.status_code, "không có lịch hẹn nào mang mã này" in told(unknown)) == (422, True)
    place = expected()
    actions.draw(line_before_the_counters, by=given.SYSTEM)
    drawn = [door.post(kiosk, {"code": " abc 234"}) for _time in range(2)]
    assert ["A002" in told(one) for one in drawn] == [True, True]
    assert "0 người trước bạn" in told(drawn[0])
    client = visitor("suong")
    assert client.post("/desk/queue/", {"counter": "3"}).status_code == 302
    desk = client.get("/desk/queue/")
    ticket = Ticket.objects.get(number=2)
    assert (ticket.state, place.person_name in told(desk)) == ("called", True)
    link = f"/desk/counter/?ticket={ticket.pk}"
    assert link in desk.content.decode()
    suoi = {"name": "Lý Văn Suối", "number": given.BY_KEY["suoi"].number, "authority": "giấy ủy quyền số 1"}
    Place.objects.update(bringer=suoi)
    assert "Lý Văn Suối đến thay: giấy ủy quyền số 1" in told(client.get(LIST))
    start = client.get(link)
    known = start.context["form"].initial
    assert (known["who"], known["way"]) == (given.BY_KEY["may"].number, "proxy")
    typed = {
        "procedure": known["procedure"],
        "way": "proxy",
        "who": CARD,
        "case": "other",
    }
    address = client.post(link, typed)["Location"]
    shown = client.get(address).content.decode()
    assert [value in shown for value in suoi.values()] == [True] * 3
    done = take(client, address, **{f"by-{name}": value for name, value in suoi.items()})
    assert done.status_code == 302
    assert 'href="/desk/queue/">Mời người tiếp theo' in client.get(done["Location"]).content.decode()
    dossier = Dossier.objects.get()
    assert (dossier.filing["ticket"], Ticket.objects.get(number=2).state) == ("A002", "served")
    assert "A002" in told(client.get(f"/desk/dossiers/{dossier.pk}/"))
    post.settle()
    assert (Place.objects.get().state, Booking.objects.get().state) == ("come", "come")
    # Another dossier of the same person was brought with the same ticket; pressing twice closes nothing else.
    again = client.post(f"/desk/counter/?after={dossier.pk}", typed | {"way": "self"})["Location"]
    assert take(client, again, COPIES).status_code == 302
    assert [one.filing["ticket"] for one in Dossier.objects.all()] == ["A002", "A002"]
    assert list(Ticket.objects.order_by("number").values_list("state", flat=True)) == ["waiting", "served"]


def test_a_ticket_of_another_desk_or_not_called_begins_nothing(visitor, line, line_before_the_counters):
    ticket = actions.draw(line_before_the_counters, by=given.SYSTEM)
    link = f"/desk/counter/?ticket={ticket.pk}"
    assert "A001" not in told(visitor("suong").get(link))
    Ticket.objects.update(state="called")
    assert "A001" in told(visitor("suong").get(link))
    assert "A001" not in told(visitor("man").get(link))
    assert visitor("suong").get("/desk/counter/?ticket=x&appointment=y").status_code == 200


def test_the_head_sees_how_long_people_waited_and_were_served(visitor, line_before_the_counters):
    now = timezone.now()
    # Minutes from drawing to the call, and to the end; the third came early for an appointment five minutes later.
    for number, (drawn, called, ended, first) in enumerate(
        [(20, 10, 4, None), (30, 10, 0, None), (25, 10, None, 15)], start=1
    ):
        Ticket.objects.create(
            queue=line_before_the_counters,
            agency=given.SA_PA,
            number=number,
            state="called" if ended is None else "served",
            drawn_at=now - timedelta(minutes=drawn),
            called_at=now - timedelta(minutes=called),
            ended_at=None if ended is None else now - timedelta(minutes=ended),
            first_from=None if first is None else now - timedelta(minutes=first),
        )
    (found,) = waiting([given.SA_PA, given.BAC_HA], timezone.localdate())
    assert (found.called, round(found.waited, 2), found.waited_slow) == (3, 11.67, 18.0)
    assert (found.served, found.serving, found.serving_slow) == (2, 8.0, 9.6)
    page = visitor("lua").get("/desk/agency/", headers={"accept-language": "vi"})
    assert all(number in told(page) for number in ("Trước quầy hôm nay", "11,7", "18,0", "9,6"))
    assert waiting([given.SA_PA], timezone.localdate() - timedelta(days=1)) == []


def test_the_list_asks_as_often_for_one_person_as_for_thirty(visitor, line_before_the_counters):
    client, asked = visitor("suong"), []
    client.get(LIST)
    for count in (1, 30):
        for number in range(Place.objects.count(), count):
            expected(procedure=f"1.{number:06d}", code=f"C{number:05d}")
        with CaptureQueriesContext(connection) as queries:
            page = client.get(LIST)
        assert page.content.decode().count("?appointment=") == count
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 12

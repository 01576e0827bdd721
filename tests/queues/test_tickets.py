"""Tickets: numbered through the day, called once each, by whoever may."""

import threading

import pytest
from django.core.signing import Signer
from django.db import connection, transaction
from django.test import Client

from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.queues import actions
from motcua.queues.models import Queue, Ticket
from tests import given

KIOSK = given.SYSTEM


def queue(letter="A"):
    place = given.agency()
    return actions.open_queue(
        Queue(agency=place.code, letter=letter, name_vi="Hộ tịch, chứng thực", name_en="Civil status"),
        by=KIOSK,
    )


@pytest.mark.django_db
def test_numbers_count_through_the_day_of_the_agency_whichever_queue():
    first, second = queue("A"), queue("B")
    drawn = [actions.draw(one, by=KIOSK).label for one in (first, second, first)]
    assert drawn == ["A001", "B002", "A003"]


@pytest.mark.django_db
def test_the_first_who_came_is_called_first_and_the_one_before_has_been_served():
    line, place = queue(), given.agency()
    for _number in range(2):
        actions.draw(line, by=KIOSK)
    suong = given.officer("receiver")
    labels = [actions.call_next(place, by=suong, counter="1").label for _time in range(2)]
    assert labels == ["A001", "A002"]
    assert actions.call_next(place, by=suong, counter="1") is None
    assert list(Ticket.objects.order_by("number").values_list("state", flat=True)) == ["served", "served"]
    assert [
        entry.facts["label"] for entry in Entry.objects.of("queues.TicketCalled").order_by("id")
    ] == labels


@pytest.mark.django_db
def test_a_counter_may_call_only_some_queues():
    actions.draw(queue("A"), by=KIOSK)
    actions.draw(queue("B"), by=KIOSK)
    called = actions.call_next(given.agency(), by=given.officer("receiver"), counter="2", letters=["B"])
    assert called.label == "B002"


@pytest.mark.django_db
def test_only_the_agencys_own_officers_call_and_only_at_a_counter():
    actions.draw(queue(), by=KIOSK)
    for key in ("man", "may", "lua", "thong"):
        with pytest.raises(Refused):
            actions.call_next(given.agency(), by=given.actor(key), counter="1")
    with pytest.raises(Invalid):
        actions.call_next(given.agency(), by=given.officer("receiver"), counter=" ")


@pytest.mark.django_db
def test_who_does_not_come_is_gone_and_stays_so():
    actions.draw(queue(), by=KIOSK)
    suong = given.officer("receiver")
    ticket = actions.call_next(given.agency(), by=suong, counter="1")
    actions.miss(ticket, by=suong)
    with pytest.raises(NotNow):
        actions.serve(ticket, by=suong)
    assert ticket.state == Ticket.State.GONE


@pytest.mark.django_db
def test_each_letter_stands_once_and_only_the_administrator_opens_queues():
    queue("A")
    with pytest.raises(Invalid):
        queue("A")
    with pytest.raises(Refused):
        actions.open_queue(
            Queue(agency=given.SA_PA, letter="C", name_vi="Đất đai"), by=given.officer("receiver")
        )


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_never_call_the_same_ticket():
    line, place = queue(), given.agency()
    for _number in range(2):
        actions.draw(line, by=KIOSK)
    suong, lam = given.officer("receiver"), given.officer("registrar")
    has_called, may_end, labels = threading.Event(), threading.Event(), []

    def call():
        with transaction.atomic():
            labels.append(actions.call_next(place, by=suong, counter="1").label)
            has_called.set()
            may_end.wait(10)
        connection.close()

    other = threading.Thread(target=call)
    other.start()
    has_called.wait(10)
    labels.append(actions.call_next(place, by=lam, counter="2").label)
    may_end.set()
    other.join(10)
    assert labels == ["A001", "A002"]


# Pages


@pytest.fixture
def kiosk():
    return f"/queue/{Signer(salt='motcua.queue').sign(given.SA_PA)}/"


@pytest.mark.django_db
def test_the_machine_at_the_door_draws_with_one_press_and_without_signing_in(kiosk):
    queue("A")
    door = Client(headers={"accept-language": "vi"})
    assert "Hộ tịch, chứng thực" in door.get(kiosk).content.decode()
    drawn = door.post(kiosk, {"letter": "A"})
    assert "A001" in drawn.content.decode()
    assert drawn["Refresh"] == f"12; url={kiosk}"
    assert door.post(kiosk, {"letter": "Z"}).status_code == 404
    assert (door.get(f"/queue/{given.SA_PA}/").status_code, Ticket.objects.count()) == (404, 1)


@pytest.mark.django_db
def test_the_desk_calls_and_the_screen_of_the_waiting_room_shows_it():
    line = queue("A")
    actions.draw(line, by=KIOSK)
    desk = Client(headers={"accept-language": "vi"})
    given.sign_in(desk, "suong")
    assert "1 người đang chờ" in desk.get("/desk/queue/").content.decode()
    assert desk.post("/desk/queue/", {"counter": ""}).status_code == 422
    assert desk.post("/desk/queue/", {"counter": "3"}).status_code == 302
    assert "A001" in desk.get("/desk/queue/").content.decode()
    room = Client().get(f"/queue/{given.SA_PA}/screen/")
    page = room.content.decode()
    assert ("A001" in page, ">3</b>" in page, room["Refresh"]) == (True, True, "5")
    ticket = Ticket.objects.get()
    assert desk.post(f"/desk/queue/{ticket.pk}/served/").status_code == 302
    assert "A001" not in Client().get(f"/queue/{given.SA_PA}/screen/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "status"), [("", 302), ("may", 403), ("suong", 200), ("lua", 403), ("thong", 200), ("guong", 403)]
)
def test_the_queue_is_the_receivers_and_the_administrators(key, status):
    queue()
    client = given.signed_in(key) if key else Client()
    assert client.get("/desk/queue/").status_code == status


@pytest.mark.django_db
def test_another_agencys_officer_ends_no_ticket_here_and_the_administrator_opens_queues():
    ticket = actions.draw(queue(), by=KIOSK)
    Ticket.objects.update(state="called")
    stranger, keeper = Client(), Client()
    given.sign_in(stranger, "man")
    given.sign_in(keeper, "thong")
    assert stranger.post(f"/desk/queue/{ticket.pk}/gone/").status_code == 404
    assert keeper.post("/desk/queue/open/", {"letter": "B", "name_vi": "Đất đai"}).status_code == 302
    assert keeper.post("/desk/queue/open/", {"letter": "B", "name_vi": "Đất đai"}).status_code == 422
    assert list(Queue.objects.values_list("letter", flat=True)) == ["A", "B"]

"""Appointments a system of the agency books at its own desk: under the rules of every booking, and seen by nobody but it."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from motcua.api import actions as api
from motcua.api.models import Delivery, Subscription, actor_of
from motcua.api.scopes import Scope
from motcua.demo.nodes import BAC_HA, SA_PA
from motcua.exchange.models import Outbox
from motcua.journal.models import Entry
from motcua.lib.actions import Refused
from motcua.organisations import actions as organisations
from motcua.organisations.models import CalendarDay
from motcua.queues import actions
from motcua.queues.models import Offer, Place, Queue
from tests import given
from tests.api.test_door import problem
from tests.api.test_dossiers import MAY

PERSON = {"name": MAY.name, "number": MAY.number}


@pytest.fixture
def times(desk):
    """What Sa Pa's desk has free: one person each half hour."""
    actions.set_offer(Offer(agency=SA_PA, persons=1), by=given.SYSTEM)
    return [one["begins_at"] for one in desk.get("/free-times").json()["times"]]


def wish(begins_at, **changes):
    return {"person": PERSON, "procedure": given.COPY, "begins_at": begins_at} | changes


KINDS = ["appointment.booked", "appointment.moved", "appointment.cancelled"]


def test_a_system_books_a_free_time_moves_it_and_gives_it_back(desk, times, machine):
    first, second = times[-1], times[-2]
    elsewhere = machine(Scope.WEBHOOKS, agency=BAC_HA).client
    for client in (desk.client, elsewhere):
        Subscription.objects.create(client=client, url="https://noi.example.vn/", kinds=KINDS)
    made = [desk.post("/appointments", wish(first), key="book-it-once") for _time in range(2)]
    assert [one.status_code for one in made] == [201, 201]
    told = made[0].json()
    assert (made[1].json(), Place.objects.count(), told["state"]) == (told, 1, "booked")
    place = Place.objects.get()
    assert (str(place.pk), place.person_number, place.code) == (told["id"], MAY.number, told["code"])
    held = Entry.objects.about(place).of("queues.PlaceHeld").get()
    assert held.actor["urn"] == desk.client.urn
    day = timezone.localdate(datetime.fromisoformat(first)).isoformat()
    of_day = [one["begins_at"] for one in desk.get(f"/free-times?day={day}").json()["times"]]
    assert of_day == [one for one in times if one[:10] == day and one != first]
    address = f"/appointments/{told['id']}"
    assert desk.get(address).json() == told
    for _time in range(2):
        moved = desk.post(f"{address}/move", {"begins_at": second}, key="move-it-once").json()
    assert datetime.fromisoformat(moved["begins_at"]) == datetime.fromisoformat(second)
    assert moved["code"] == told["code"]
    assert [one["id"] for one in desk.get("/appointments?state=booked").json()["items"]] == [told["id"]]
    for _time in range(2):
        assert desk.post(f"{address}/cancel", {}, key="cancel-it-1").json()["state"] == "cancelled"
    problem(desk.post(f"{address}/cancel", {}), 409)
    problem(desk.post(f"{address}/move", {"begins_at": first}), 409)
    assert desk.get("/appointments?state=booked").json()["items"] == []
    assert second in [one["begins_at"] for one in desk.get("/free-times").json()["times"]]
    assert not Outbox.objects.exists()
    assert api.tell(list(Entry.objects.order_by("pk")), by=given.SYSTEM) == 3
    notices = list(Delivery.objects.order_by("entry"))
    assert [(one.subscription.client, one.kind) for one in notices] == [(desk.client, kind) for kind in KINDS]
    assert [datetime.fromisoformat(one.body["data"].pop("begins_at")) for one in notices] == [
        datetime.fromisoformat(at) for at in (first, second, second)
    ]
    assert notices[0].body["data"] == {
        "appointment": told["id"],
        "agency": SA_PA,
        "sequence": notices[0].entry,
    }


def test_a_time_is_booked_for_a_business_and_whoever_comes_for_it(desk, times):
    business = {"name": "Công ty TNHH Mây Sa Pa", "number": "0001234561"}
    comes = PERSON | {"authority": "Giám đốc"}
    wrong = (
        ({"person": business}, "#/comes"),
        ({"person": business | {"number": "0001234560"}, "comes": comes}, "#/person/number"),
    )
    for body, where in wrong:
        answer = desk.post("/appointments", wish(times[-1]) | body)
        assert problem(answer, 422)["errors"][0]["where"] == where
    made = desk.post("/appointments", wish(times[-1]) | {"person": business, "comes": comes})
    place = Place.objects.get()
    assert (made.status_code, made.json()["person_name"]) == (201, business["name"])
    assert (place.person_number, place.bringer) == (business["number"], {**comes, "phone": ""})


def test_what_cannot_be_given_is_told_with_the_place_and_changes_nothing(desk, times):
    one, other, free = times[-1], times[-2], times[-3]
    address = f"/appointments/{desk.post('/appointments', wish(one)).json()['id']}"
    someone = {"person": {"name": "Lý Văn Suối", "number": "000084000102"}}
    desk.post("/appointments", wish(other, **someone))
    began = (timezone.now() - timedelta(minutes=1)).isoformat()
    odd = (datetime.fromisoformat(free) + timedelta(minutes=1)).isoformat()
    new = {"person": {"name": "Giàng A Páo", "number": "000090000103"}}
    for body, where in (
        (wish(other, **new), "#/begins_at"),
        (wish(odd, **new), "#/begins_at"),
        (wish(began, **new), "#/begins_at"),
        (wish(free), "#/person"),
        (wish(free, procedure="9.999999"), "#/procedure"),
        (wish(free, person={"name": "X", "number": "1"}), "#/person/number"),
    ):
        assert problem(desk.post("/appointments", body), 422)["errors"][0]["where"] == where
    problem(desk.post(f"{address}/move", {"begins_at": other}), 422)
    assert Place.objects.held().count() == 2
    begun = Place.objects.get(pk=UUID(address[-36:]))
    Place.objects.filter(pk=begun.pk).update(begins_at=timezone.now() - timedelta(minutes=1))
    for deed, body in (("cancel", {}), ("move", {"begins_at": free})):
        assert problem(desk.post(f"{address}/{deed}", body), 422)["errors"][0]["where"] == "#/begins_at"
    Offer.objects.update(is_open=False)
    assert desk.get("/free-times").json() == {"agency": SA_PA, "is_open": False, "times": []}
    problem(desk.post("/appointments", wish(free, **new)), 422)


def test_only_who_booked_sees_and_changes_it_and_the_desk_receives_who_comes(desk, times, machine):
    told = desk.post("/appointments", wish(times[-1])).json()
    address, place = f"/appointments/{told['id']}", Place.objects.get()
    portals = Place.objects.create(
        agency=SA_PA, origin="G22", seat=9, begins_at=place.begins_at, ends_at=place.ends_at, procedure="x"
    )
    for stranger in (machine(Scope.APPOINTMENTS), machine(Scope.APPOINTMENTS, agency=BAC_HA)):
        assert stranger.get("/appointments").json()["items"] == []
        problem(stranger.get(address), 404)
        problem(stranger.post(f"{address}/cancel", {}), 404)
        problem(stranger.post(f"{address}/move", {"begins_at": times[0]}), 404)
        with pytest.raises(Refused):
            actions.free(place, by=actor_of(stranger.client, Scope.APPOINTMENTS))
    problem(desk.get(f"/appointments/{portals.pk}"), 404)
    mine = actor_of(desk.client, Scope.APPOINTMENTS)
    for deed in (actions.free, lambda one, by: actions.shift(one, by=by, begins_at=timezone.now())):
        with pytest.raises(Refused):
            deed(portals, by=mine)
    for key in ("man", "may", "thong", "lua"):
        with pytest.raises(Refused):
            actions.reserve(Offer.objects.get(), by=given.actor(key), place=Place(pk=portals.pk))
    actions.open_queue(Queue(agency=SA_PA, letter="A", name_vi="Hộ tịch"), by=given.SYSTEM)
    now = timezone.now()
    Place.objects.filter(pk=place.pk).update(begins_at=now, ends_at=now + timedelta(minutes=30))
    place.refresh_from_db()
    assert actions.check_in(place, by=given.SYSTEM).label == "A001"
    assert desk.get(address).json()["state"] == "come"
    later = desk.post("/appointments", wish(times[-2])).json()
    day = timezone.localdate(datetime.fromisoformat(later["begins_at"]))
    organisations.set_day(
        CalendarDay(date=day, agency=given.agency(), works=False, name_vi="Ngày hội"), by=given.SYSTEM
    )
    actions.follow_calendar(SA_PA, by=given.SYSTEM)
    assert desk.get(f"/appointments/{later['id']}").json()["state"] == "lost"
    assert {one.correlation for one in Outbox.objects.all()} == {str(portals.pk)}

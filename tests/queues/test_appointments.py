"""Appointments: times of the working calendar, never given once too often, kept or lost, told to whoever booked."""

import threading
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given as examples
from hypothesis import strategies as st

from motcua.demo.nodes import RIGHTS
from motcua.exchange.calls import ANSWERS
from motcua.exchange.directory import Right
from motcua.exchange.messages import HANDLERS
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.lib.actors import Actor, Grant
from motcua.lib.working_time import Calendar
from motcua.mandates import actions as mandates
from motcua.notices.models import Notice
from motcua.organisations import actions as organisations
from motcua.organisations.models import CalendarDay, OfficeHours, _decided
from motcua.queues import actions, asking
from motcua.queues.models import Booking, Offer, Place, Queue, Ticket
from motcua.queues.slots import is_worked, slots_on
from tests import given, post

NAME = "Đăng ký khai sinh"
# A Tuesday far from any holiday, two weeks or less after which everything below happens.
MONDAY = datetime(2027, 3, 15, 8, tzinfo=Calendar().zone)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def today(monkeypatch):
    """Sets the clock; it stands still until it is set again."""

    def set_clock(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_clock(MONDAY)
    # What is decided about working time is kept by when it was decided: here the clock stands still.
    _decided.cache_clear()
    return set_clock


def offer(**changes):
    """Sa Pa takes one person each half hour, unless said otherwise."""
    given.agency()
    return actions.set_offer(
        Offer(**{"agency": given.SA_PA, "minutes": 30, "persons": 1} | changes), by=given.SYSTEM
    )


def wish(begins_at=TUESDAY, key="may", procedure=given.BIRTH, **changes):
    told = {
        "account": given.account(key),
        "agency": given.SA_PA,
        "agency_name": given.AGENCIES[given.SA_PA],
        "procedure": procedure,
        "name_vi": NAME,
        "begins_at": begins_at,
        "ends_at": begins_at + timedelta(minutes=30),
    }
    return Booking(**told | changes)


def booked(*about, key="may", **changes):
    """Asked for and answered, whatever the answer."""
    booking = actions.book(wish(*about, key=key, **changes), by=given.actor(key))
    post.settle()
    booking.refresh_from_db()
    return booking


def codes(key="may"):
    return list(
        Notice.objects.filter(recipient=given.account(key)).order_by("sent_at").values_list("code", flat=True)
    )


# Times


@examples(st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.integers(5, 240))
def test_times_follow_one_another_within_the_hours_worked(day, minutes):
    calendar = Calendar(days_off=frozenset({date(2027, 4, 30)}))
    times = list(slots_on(calendar, day, minutes))
    assert all(is_worked(calendar, *one) and one[1] - one[0] == timedelta(minutes=minutes) for one in times)
    assert all(one[1] <= other[0] for one, other in pairwise(times))
    assert bool(times) == calendar.is_working_day(day)


@pytest.mark.django_db
def test_times_are_those_of_the_agencys_own_hours_from_now_on(today):
    offer(days_ahead=1)
    organisations.set_hours(
        OfficeHours(
            agency=given.agency(), since=TUESDAY.date(), week=["08:00-09:30", *["13:00-14:10"] * 4, "", ""]
        ),
        by=given.SYSTEM,
    )
    today(MONDAY.replace(hour=16))
    assert [
        timezone.localtime(one.begins_at).strftime("%d %H:%M")
        for one in asking.read(asking.told(given.SA_PA)).slots
    ] == [
        "15 16:30",
        "16 13:00",
        "16 13:30",
    ]
    assert asking.read(asking.told(given.agency(given.BAC_HA).code)) == asking.Times(False, ())


@pytest.mark.django_db
def test_only_the_administrator_says_what_is_offered_and_within_bounds():
    offer()
    for key in ("suong", "man", "may", "lua"):
        with pytest.raises(Refused):
            actions.set_offer(Offer(agency=given.SA_PA, persons=2), by=given.actor(key))
    with pytest.raises(Invalid) as fault:
        actions.set_offer(Offer(agency=given.SA_PA, persons=0), by=given.officer("administrator"))
    assert fault.value.field == "persons"
    changed = actions.set_offer(Offer(agency=given.SA_PA, persons=3), by=given.officer("administrator"))
    assert (Offer.objects.get().persons, changed.pk) == (3, Offer.objects.get().pk)


# Booking


@pytest.mark.django_db
def test_a_time_is_asked_for_held_and_told_and_twice_it_is_once(today):
    offer()
    asked = wish()
    for _time in range(2):
        actions.book(asked, by=given.actor("may"))
    post.settle(times=2)
    booking, place = Booking.objects.get(), Place.objects.get()
    assert (booking.state, place.state, booking.code, place.person_number) == (
        "booked",
        "held",
        place.code,
        given.BY_KEY["may"].number,
    )
    assert codes() == ["queues.booked"]
    assert "08:00, 16/03/2027" in Notice.objects.get().subject
    for name in ("BookingAsked", "PlaceHeld", "BookingLearned"):
        assert Entry.objects.of(f"queues.{name}").count() == 1


@pytest.mark.django_db
def test_what_cannot_be_given_is_declined_and_says_why(today):
    offer()
    booked()
    full = booked(key="doi")
    odd = booked(TUESDAY + timedelta(minutes=5), key="doi")
    sunday = booked(TUESDAY + timedelta(days=5), key="doi")
    far = booked(TUESDAY + timedelta(days=21), key="doi")
    nowhere = booked(key="doi", agency=given.agency(given.BAC_HA).code)
    assert [(one.state, one.reason) for one in (full, odd, sunday, far, nowhere)] == [
        ("declined", "full"),
        ("declined", "not_offered"),
        ("declined", "not_offered"),
        ("declined", "not_offered"),
        ("declined", "closed"),
    ]
    assert (codes("doi"), Place.objects.count()) == (["queues.declined"] * 5, 1)
    with pytest.raises(Invalid):
        actions.book(wish(MONDAY), by=given.actor("may"))


@pytest.mark.django_db
def test_one_open_appointment_a_person_agency_and_procedure(today):
    offer(persons=5)
    booked()
    with pytest.raises(Invalid):
        actions.book(wish(TUESDAY + timedelta(hours=1)), by=given.actor("may"))
    assert booked(procedure=given.COPY).state == "booked"
    today(TUESDAY + timedelta(hours=3))
    assert booked(TUESDAY + timedelta(days=1), procedure=given.BIRTH).state == "declined"
    assert Booking.objects.filter(state="over").count() == 1
    actions.close_days(TUESDAY + timedelta(hours=12), by=given.SYSTEM)
    assert booked(TUESDAY + timedelta(days=1)).state == "booked"


@pytest.mark.django_db
def test_nobody_fills_a_desk_alone(today):
    offer(persons=50)
    states = [booked(procedure=f"1.00000{number}").state for number in range(6)]
    assert states == ["booked"] * 5 + ["declined"]
    assert (Booking.objects.get(state="declined").reason, booked(key="doi").state) == ("many", "booked")


@pytest.mark.django_db
def test_nobody_books_changes_or_cancels_for_another(today):
    offer()
    booking = booked()
    for key in ("doi", "suong", "thong", "man"):
        with pytest.raises(Refused):
            actions.book(wish(), by=given.actor(key))
        with pytest.raises(Refused):
            actions.change_time(booking, by=given.actor(key), begins_at=TUESDAY + timedelta(hours=1))
        with pytest.raises(Refused):
            actions.cancel(booking, by=given.actor(key))
    assert [Booking.objects.visible_to(given.actor(key)).count() for key in ("may", "doi", "suong")] == [
        1,
        0,
        0,
    ]
    assert [
        Place.objects.visible_to(given.actor(key)).count() for key in ("suong", "lam", "man", "thong", "may")
    ] == [
        1,
        1,
        0,
        0,
        0,
    ]
    heir = Grant("receiver", given.BAC_HA, follows=frozenset({booking.agency}))
    above = Grant("receiver", "H38")
    seen = [Place.objects.visible_to(Actor("person:x", "x", frozenset({one}))) for one in (heir, above)]
    assert [one.count() for one in seen] == [1, 0]


@pytest.mark.django_db
def test_another_time_is_held_before_the_first_is_let_go_until_it_begins(today):
    offer()
    booking, other = booked(), booked(TUESDAY + timedelta(minutes=30), key="doi")
    may = given.actor("may")
    actions.change_time(booking, by=may, begins_at=other.begins_at)
    with pytest.raises(Invalid):
        actions.change_time(booking, by=may, begins_at=TUESDAY + timedelta(hours=2))
    post.settle()
    booking.refresh_from_db()
    assert (booking.begins_at, booking.reason, booking.wanted_at) == (TUESDAY, "full", None)
    actions.change_time(booking, by=may, begins_at=TUESDAY + timedelta(hours=1))
    post.settle()
    booking.refresh_from_db()
    assert (booking.begins_at, booking.state) == (TUESDAY + timedelta(hours=1), "booked")
    assert Place.objects.held().get(pk=booking.pk).begins_at == booking.begins_at
    assert codes() == ["queues.booked", "queues.kept", "queues.booked"]
    assert booked(key="suoi").state == "booked"
    today(booking.begins_at)
    with pytest.raises(Invalid):
        actions.change_time(booking, by=may, begins_at=TUESDAY + timedelta(days=1))
    with pytest.raises(Invalid):
        actions.cancel(booking, by=may)


@pytest.mark.django_db
def test_what_is_cancelled_is_free_for_the_next_even_before_the_answer(today):
    offer()
    booking = actions.book(wish(), by=given.actor("may"))
    actions.cancel(booking, by=given.actor("may"))
    post.settle()
    booking.refresh_from_db()
    assert (booking.state, Place.objects.get().state) == ("cancelled", "freed")
    assert booked(key="doi").state == "booked"
    with pytest.raises(NotNow):
        actions.cancel(booking, by=given.actor("may"))


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["revoked", "lapsed"])
def test_an_appointment_in_anothers_stead_is_told_them_and_ends_with_the_mandate(today, ending):
    offer(persons=3)
    given.procedure()
    mandate, suoi = given.mandate(days=5), given.actor("suoi")
    later = TUESDAY + timedelta(days=7)
    with pytest.raises(Invalid) as refusal:
        actions.book(wish(key="suoi", mandate=mandate, begins_at=later), by=suoi)
    assert refusal.value.field == "begins_at"
    own, begun = booked(key="suoi"), booked(MONDAY + timedelta(minutes=30), key="suoi", mandate=mandate)
    today(begun.begins_at)
    for kind in (Booking, Place):
        kind.objects.filter(pk=begun.pk).update(procedure=given.COPY)
    dropped = booked(key="suoi", mandate=mandate)
    actions.cancel(dropped, by=suoi)
    post.settle()
    heard = Notice.objects.filter(about=dropped.urn).exclude(code="queues.booked")
    assert {(one.code, one.recipient) for one in heard} == {
        (f"queues.{what}", given.account("may")) for what in ("booked_for", "called_off")
    }
    booking = booked(key="suoi", mandate=mandate)
    told = Notice.objects.filter(recipient=given.account("may"), about=booking.urn)
    assert (booking.state, [one.code for one in told]) == ("booked", ["queues.booked_for"])
    assert told.get().subject.startswith("Lý Văn Suối hẹn đến")
    with pytest.raises(Invalid):
        actions.change_time(booking, by=suoi, begins_at=later)
    if ending == "revoked":
        mandates.revoke(mandate, by=given.actor("may"))
    else:
        mandates.lapse_of(mandate, by=given.SYSTEM, service="civil.child")
    with pytest.raises(Invalid) as refusal:
        actions.change_time(booking, by=suoi, begins_at=TUESDAY + timedelta(hours=1))
    assert refusal.value.field == "whom"
    post.settle(times=2)
    for one in (own, begun, booking):
        one.refresh_from_db()
    assert [one.state for one in (own, begun, booking)] == ["booked", "booked", "cancelled"]
    assert (booking.reason, Place.objects.get(pk=booking.pk).state) == ("mandate", "freed")
    for key in ("may", "suoi"):
        notices = Notice.objects.filter(recipient=given.account(key), about=booking.urn)
        assert [one.code for one in notices].count("queues.withdrawn") == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_never_get_a_time_more_often_than_it_may_be_given(today):
    three = offer(persons=3)
    ready = threading.Barrier(50, timeout=30)

    def ask(number):
        place = Place(
            pk=uuid4(),
            agency=given.SA_PA,
            origin="G22",
            procedure=given.BIRTH,
            name_vi=NAME,
            person_name="Người thử",
            person_number=f"0{number:011d}",
            begins_at=TUESDAY,
        )
        ready.wait()
        try:
            actions.hold(Offer.objects.get(pk=three.pk), by=given.SYSTEM, place=place)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(50)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    connection.ensure_connection()
    assert sorted(Place.objects.held().values_list("seat", flat=True)) == [0, 1, 2]
    assert Entry.objects.of("queues.PlaceDeclined").count() == 47


# The calendar changes


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["day", "hours", "end"])
def test_who_can_no_longer_be_received_is_told_and_may_choose_again(today, what):
    offer(persons=2)
    lost, kept = booked(), booked(TUESDAY + timedelta(days=1, hours=6), key="doi")
    here = given.agency()
    if what == "day":
        off = CalendarDay(date=TUESDAY.date(), agency=here, works=False, name_vi="Ngày hội")
        organisations.set_day(off, by=given.SYSTEM)
    elif what == "hours":
        afternoons = ["13:00-17:00"] * 5 + [""] * 2
        organisations.set_hours(
            OfficeHours(agency=here, since=MONDAY.date(), week=afternoons), by=given.SYSTEM
        )
    else:
        organisations.close(here, by=given.SYSTEM, on=MONDAY.date(), successor=given.agency(given.BAC_HA))
    post.settle(times=2)
    lost.refresh_from_db()
    kept.refresh_from_db()
    reason, other = ("ended", "lost") if what == "end" else ("calendar", "booked")
    assert (lost.state, lost.reason, kept.state) == ("lost", reason, other)
    assert codes() == ["queues.booked", "queues.lost"]
    assert Entry.objects.of("queues.PlaceLost").count() == (2 if what == "end" else 1)
    assert booked(TUESDAY + timedelta(days=1)).state == ("booked" if what == "day" else "declined")


@pytest.mark.django_db
def test_many_are_told_in_as_many_statements_as_one(today):
    offer(persons=50)
    booked()
    statements = []
    for count in (1, 30):
        for number in range(1, count):
            place = Place.objects.get(pk=Place.objects.values_list("pk", flat=True)[0])
            place.pk, place.seat = uuid4(), 10 + number
            place.person_number, place.code, place.state = f"0{number:011d}", f"C{number:05d}", "held"
            place.save(force_insert=True)
        CalendarDay.objects.create(date=TUESDAY.date(), works=False, name_vi="Nghỉ")
        with CaptureQueriesContext(connection) as asked:
            assert actions.follow_calendar("", by=given.SYSTEM) is None
        statements.append(len(asked))
        assert Place.objects.held().count() == 0
        CalendarDay.objects.all().delete()
    assert statements[0] == statements[1]


@pytest.mark.django_db
def test_who_did_not_come_is_noted_when_the_day_is_over(today):
    offer()
    missed, other = booked(), booked(TUESDAY + timedelta(days=1), key="doi")
    today(TUESDAY + timedelta(days=1))
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    assert [actions.close_days(midnight, by=given.SYSTEM) for _time in range(2)] == [1, 0]
    post.settle()
    missed.refresh_from_db()
    other.refresh_from_db()
    assert (missed.state, other.state) == ("unused", "booked")


@pytest.mark.parametrize("portal", ["G22", "H38"])
def test_the_portals_of_the_demo_country_may_ask_and_the_desks_may_answer(portal):
    def may(sender, kind, recipient):
        return any(Right(sender=s, kind=k, recipient=r).allows(sender, kind, recipient) for s, k, r in RIGHTS)

    kinds = [name for name in {**HANDLERS, **ANSWERS} if name.startswith("booking.")]
    assert sorted(kinds) == ["booking.asked", "booking.cancelled", "booking.news", "booking.times"]
    for kind in kinds:
        there = (given.SA_PA, kind, portal) if kind == "booking.news" else (portal, kind, given.SA_PA)
        assert may(*there), kind
    assert not may("G15", "booking.asked", given.SA_PA)


# At the door


def door():
    return actions.open_queue(Queue(agency=given.SA_PA, letter="A", name_vi="Hộ tịch"), by=given.SYSTEM)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("minutes", "now", "order"),
    [
        (-30, -6, ["A001", "A002", "A003"]),  # early: as any other, until five minutes before
        (-30, -5, ["A002", "A001", "A003"]),  # then first
        (10, 11, ["A002", "A001", "A003"]),  # ten minutes late is not too late
        (11, 12, ["A001", "A002", "A003"]),  # eleven are
    ],
)
def test_an_appointment_is_called_first_from_five_minutes_before_unless_one_comes_too_late(
    today, minutes, now, order
):
    offer(late_minutes=10)
    booking, line = booked(), door()
    today(TUESDAY + timedelta(minutes=minutes))
    actions.draw(line, by=given.SYSTEM)
    place = Place.objects.get(pk=booking.pk)
    tickets = [actions.check_in(place, by=given.SYSTEM) for _time in range(2)]
    actions.draw(line, by=given.SYSTEM)
    today(TUESDAY + timedelta(minutes=now))
    assert ([one.label for one in tickets], Ticket.objects.count()) == (["A002", "A002"], 3)
    suong = given.officer("receiver")
    assert [actions.call_next(given.agency(), by=suong, counter="1").label for _one in range(3)] == order
    post.settle()
    booking.refresh_from_db()
    assert (booking.state, codes()) == ("come", ["queues.booked"])


@pytest.mark.django_db
def test_an_appointment_opens_the_door_on_its_day_only_and_officers_welcome_their_own(today):
    offer()
    place = Place.objects.get(pk=booked().pk)
    with pytest.raises(Invalid):
        actions.check_in(place, by=given.SYSTEM)
    today(TUESDAY)
    with pytest.raises(Invalid):  # there is no queue here
        actions.check_in(place, by=given.SYSTEM)
    for key in ("man", "may", "thong", "lua"):
        with pytest.raises(Refused):
            actions.welcome(place, by=given.actor(key))
        with pytest.raises(Refused):
            actions.check_in(place, by=given.actor(key))
    actions.welcome(place, by=given.officer("receiver"))
    with pytest.raises(NotNow):
        actions.welcome(place, by=given.officer("receiver"))
    place.refresh_from_db()
    assert place.state == "come"

"""People shown at a counter: level 2, an account, a new password; brought to the node that keeps identities."""

import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings as configured
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from motcua.enrolments import actions, tasks
from motcua.enrolments.actions import Roll
from motcua.enrolments.models import Enrolment, Officer
from motcua.exchange.events import MessageDelivered, MessageRefused
from motcua.exchange.models import Outbox
from motcua.journal.actions import record
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from motcua.notices.models import Notice
from motcua.organisations.models import Agency, Post
from motcua.people import actions as people
from motcua.people.models import Account, Appointment
from tests import given, post

pytestmark = pytest.mark.django_db

NEW = "000191007777"


def shown(number=NEW, name="Hà Thị Ban", *, gives_password=True):
    return Enrolment(agency=given.SA_PA, number=number, name=name, gives_password=gives_password)


def show(*told, by=None, **more):
    return actions.show(shown(*told, **more), by=by or given.officer("receiver"))


def account(number=NEW):
    return Account.objects.get(username=number)


def signed_in(number, password):
    """A browser, and where it stands after signing in."""
    client = Client()
    answer = client.post(reverse("account_login"), {"login": number, "password": password})
    return client, answer


@pytest.fixture
def elsewhere(settings):
    """Identities are kept at another node; give `settings` back what they were to play that node."""
    before = settings.NODE
    settings.NODE = before.model_copy(update={"identity_issuer": "https://dinhdanh.example"})
    return before


def test_an_account_is_opened_at_the_counter_and_its_password_opens_only_the_page_to_choose_another():
    password = show()
    person = account()
    assert (person.name, person.assurance, check_password(password, person.password)) == (
        "Hà Thị Ban",
        2,
        True,
    )
    client, answer = signed_in(NEW, password)
    assert answer.status_code == 302
    choosing = reverse("account_change_password")
    for path in ("/", "/account/", "/my/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, choosing), path
    assert client.get(choosing).status_code == 200
    chosen = {"oldpassword": password, "password1": "nui-rung-sa-pa-2026", "password2": "nui-rung-sa-pa-2026"}
    assert client.post(choosing, chosen | {"next": "/account/"})["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert account().one_time_until is None
    assert signed_in(NEW, password)[1].status_code == 200  # refused: the page comes again
    assert signed_in(NEW, "nui-rung-sa-pa-2026")[1].status_code == 302


def test_a_one_time_password_lapses_after_three_days():
    password = show()
    Account.objects.update(one_time_until=timezone.now() - timedelta(minutes=1))
    answer = signed_in(NEW, password)[1]
    assert (answer.status_code, "đã hết hạn" in answer.content.decode()) == (200, True)


def test_who_has_an_account_gets_a_new_password_and_hears_of_it():
    lach = given.account("lach")
    password = show(lach.username, lach.name.upper())
    lach.refresh_from_db()
    assert (check_password(password, lach.password), lach.assurance) == (True, 2)
    post.settle()
    assert Notice.objects.get(recipient=lach).code == "enrolments.password_given"
    assert not Entry.objects.filter(facts__icontains=password).exists()


def test_who_lost_the_phone_too_signs_in_with_the_password_alone_and_every_session_ends(elsewhere, settings):
    """Told by a counter to the node that keeps identities."""
    lach, other = given.account("lach"), given.account("may")
    for one in (lach, other):
        Authenticator.objects.create(user=one, type=Authenticator.Type.TOTP, data={"secret": "x"})
    UserSession.objects.create(user=lach, ip="127.0.0.1", session_key="a" * 32)
    for lost in (False, True):
        enrolment = shown(lach.username, lach.name)
        enrolment.drops_second_step = lost
        password = actions.show(enrolment, by=given.officer("receiver"))
        there, settings.NODE = settings.NODE, elsewhere
        post.settle(times=2)
        opened = signed_in(lach.username, password)[1]
        settings.NODE = there
        place = opened["Location"] if opened.status_code == 302 else ""
        assert ("2fa" in place, opened.status_code) == (not lost, 302)
    assert not Authenticator.objects.filter(user=lach).exists()
    assert Authenticator.objects.filter(user=other).exists()
    assert not UserSession.objects.filter(session_key="a" * 32).exists()
    codes = Notice.objects.filter(recipient=lach).order_by("sent_at").values_list("code", flat=True)
    assert list(codes)[-1] == "enrolments.second_step_dropped"
    level = shown(lach.username, gives_password=False)
    level.drops_second_step = True
    actions.check(level)
    assert not level.drops_second_step


@pytest.mark.parametrize(
    ("number", "name", "why"),
    [
        (given.BY_KEY["lach"].number, "Tên Khác", "mang tên khác"),
        (given.BY_KEY["lua"].number, given.BY_KEY["lua"].name, "Cán bộ"),
        (NEW, "", "Nhập họ và tên"),
    ],
)
def test_no_password_is_given_for_another_name_an_officer_or_nobody(number, name, why):
    given.account("lach")
    given.account("lua")
    with pytest.raises(Invalid, match=why):
        show(number, name)
    assert not Account.objects.exclude(one_time_until=None).exists()


def test_only_a_receiver_of_the_counter_does_it_and_not_for_themselves():
    suong = given.account("suong")
    for by in (given.officer("registrar"), given.officer("chair"), given.actor("man"), given.actor("may")):
        with pytest.raises(Refused):
            show(by=by)
    with pytest.raises(Refused):
        show(suong.username, suong.name)


def test_written_down_twice_is_written_down_once():
    enrolment, by = shown(), given.officer("receiver")
    actions.show(enrolment, by=by)
    kept = account().password
    with pytest.raises(Invalid, match="đã được ghi"):
        actions.show(shown_again := Enrolment(**vars_of(enrolment)), by=by)
    assert (account().password, shown_again.pk) == (kept, enrolment.pk)


def vars_of(enrolment):
    return {one: getattr(enrolment, one) for one in ("id", "agency", "number", "name", "gives_password")}


def test_where_identities_are_kept_elsewhere_the_word_goes_there_without_the_password(elsewhere, settings):
    password = show()
    message = Outbox.objects.get()
    body = json.loads(bytes(message.body))
    assert (message.kind, message.sender, message.recipient) == ("identity.shown", given.SA_PA, "G22")
    assert password not in str(body)
    assert not Account.objects.filter(username=NEW).exists()
    settings.NODE = elsewhere
    post.settle(times=2)
    assert (account().assurance, check_password(password, account().password)) == (2, True)
    assert Entry.objects.filter(event="enrolments.EnrolmentKept").count() == 2
    assert signed_in(NEW, password)[1].status_code == 302


def test_level_two_confirmed_at_a_counter_reaches_the_node_that_keeps_identities(elsewhere, settings):
    lach = given.account("lach")
    show(lach.username, "", gives_password=False)
    Account.objects.filter(pk=lach.pk).update(assurance=1)  # as it still is over there
    settings.NODE = elsewhere
    post.settle()
    lach.refresh_from_db()
    assert (lach.assurance, lach.one_time_until) == (2, None)


def test_who_holds_a_post_at_another_node_gets_no_password_from_any_counter(elsewhere, settings):
    lach = given.account("lach")
    desk = Post.objects.get_or_create(agency=given.agency(), role="clerk", title_vi="Văn thư")[0]
    today = timezone.localdate()
    taken = people.appoint(desk, by=given.SYSTEM, account=lach, since=today - timedelta(days=9))
    post.run_jobs()
    told = Outbox.objects.get()
    assert (told.kind, told.sender, told.recipient) == ("identity.officer", given.SA_PA, "G22")
    settings.NODE = elsewhere
    post.settle(times=2)
    Appointment.objects.all().delete()  # which only the other node keeps
    with pytest.raises(Invalid, match="Cán bộ"):
        show(lach.username, lach.name)
    settings.NODE = elsewhere.model_copy(update={"identity_issuer": "https://dinhdanh.example"})
    taken.save(force_insert=True)
    people.end_appointment(taken, by=given.SYSTEM, on=today - timedelta(days=1))
    post.run_jobs()
    settings.NODE = elsewhere
    post.settle()
    assert show(lach.username, lach.name)


def appointed(who, *, days=9, agency=None):
    """Somebody has held a post there for some days."""
    desk = Post.objects.get_or_create(agency=agency or given.agency(), role="clerk", title_vi="Văn thư")[0]
    since = timezone.localdate() - timedelta(days=days)
    return people.appoint(desk, by=given.SYSTEM, account=given.account(who), since=since)


def at_sa_pa():
    """Who holds a post there, as it is known where identities are kept."""
    rows = Officer.objects.in_office().filter(agency=given.SA_PA).order_by("number")
    return list(rows.values_list("number", flat=True))


def test_every_night_all_officers_are_told_again_so_that_a_lost_message_is_healed(elsewhere, settings):
    lach, man = given.account("lach"), given.account("man")
    kept = settings.NODE
    settings.NODE = elsewhere  # while identities were kept here, nobody was told
    held = appointed("lach")
    post.settle()
    settings.NODE = kept
    tasks.officers(0)
    assert {(told.kind, told.recipient) for told in Outbox.objects.all()} == {("identity.officer", "G22")}
    settings.NODE = elsewhere
    post.settle(times=2)
    before = at_sa_pa()
    assert lach.username in before
    settings.NODE = kept
    people.end_appointment(held, by=given.SYSTEM, on=timezone.localdate() - timedelta(days=1))
    appointed("man", days=0)
    post.run_jobs()
    Outbox.objects.all().delete()  # and both messages are lost
    tasks.officers(0)
    settings.NODE = elsewhere
    entries = Entry.objects.filter(event="enrolments.OfficerKnown")
    count = entries.count()
    post.settle(times=2)
    assert at_sa_pa() == sorted({*before, man.username} - {lach.username})
    assert entries.count() == count + 2  # of those nothing has changed about, nothing is written


def test_an_agency_whose_last_officer_has_left_tells_that_nobody_holds_a_post_there(elsewhere, settings):
    appointed("lach")
    Officer.objects.create(number=NEW, agency=given.SA_PA)
    Officer.objects.create(number=NEW, agency="H01")  # of another node, which speaks for itself
    yesterday = timezone.localdate() - timedelta(days=1)
    Appointment.objects.filter(post__agency=given.SA_PA).update(valid_from=yesterday, valid_to=yesterday)
    tasks.officers(0)
    settings.NODE = elsewhere
    post.settle(times=2)
    assert at_sa_pa() == []
    assert [one.agency for one in Officer.objects.in_office()] == ["H01"]
    tasks.officers(0)
    assert not Outbox.objects.exists()  # where they are kept, nobody is told


def test_the_nightly_roll_asks_as_little_for_many_officers_and_agencies_as_for_few(
    elsewhere, settings, django_assert_num_queries
):
    Appointment.objects.exclude(post__agency=given.SA_PA).delete()
    appointed("lach")
    with CaptureQueriesContext(connection) as few:
        tasks.officers(0)
    told = {one.sender for one in Outbox.objects.all()}
    other = Agency.objects.exclude(code__in=told).first()
    settings.NODE = settings.NODE.model_copy(update={"agencies": [*elsewhere.agencies, other.code]})
    appointed("man")
    appointed("may", agency=other)
    Outbox.objects.all().delete()
    with django_assert_num_queries(len(few)):
        tasks.officers(0)
    assert {one.sender for one in Outbox.objects.all()} > told


def test_a_long_roll_is_taken_with_as_few_statements_as_a_short_one(db, django_assert_num_queries):
    with CaptureQueriesContext(connection) as few:
        actions.know_officers(Roll(given.SA_PA, {f"{1:012}": None}, is_whole=True), by=given.SYSTEM)
    many = {f"{number:012}": None for number in range(2, 32)}
    with django_assert_num_queries(len(few)):
        actions.know_officers(Roll(given.SA_PA, many, is_whole=True), by=given.SYSTEM)
    assert at_sa_pa() == sorted(many)  # who was left out holds no post any more


def refusals(body, settings):
    """What the node that keeps identities answers to a message."""
    post.REFUSED.clear()
    actions.exchange.send(
        actions.KIND, json.dumps(body).encode(), sender=given.SA_PA, recipient="G22", correlation="x"
    )
    post.settle()
    return [words for _kind, words in post.REFUSED]


def test_what_does_not_hold_is_refused_where_identities_are_kept(settings):
    until = (timezone.now() + timedelta(days=1)).isoformat()
    told = {"number": NEW, "name": "Hà Thị Ban", "password": make_password("x"), "until": until}
    for changes, why in [
        ({"password": "abc"}, "không đúng dạng"),
        ({"until": (timezone.now() - timedelta(days=1)).isoformat()}, "đã hết hạn"),
        ({"number": "12"}, "12 chữ số"),
        ({"password": "", "until": ""}, "chưa có tài khoản"),
    ]:
        (words,) = refusals(told | changes, settings)
        assert why in words
    settings.NODE = configured.NODE.model_copy(update={"identity_issuer": "https://dinhdanh.example"})
    (words,) = refusals(told, settings)
    assert "không quản lý" in words
    assert not Account.objects.filter(username=NEW).exists()


def test_the_counter_reads_what_became_of_it(elsewhere):
    show()
    enrolment = Enrolment.objects.get()
    facts = {
        "message": "m", "kind": actions.KIND, "sender": given.SA_PA, "recipient": "G22", "stream": "identity",
        "correlation": str(enrolment.pk),
    }  # fmt: skip
    states = []
    for event in (MessageDelivered(**facts), MessageRefused(**facts, reason="Tài khoản mang tên khác.")):
        record(event, about="message:m", by=given.SYSTEM)
        post.run_jobs()
        enrolment.refresh_from_db()
        states.append((enrolment.state, enrolment.reason))
    assert states == [("done", ""), ("refused", "Tài khoản mang tên khác.")]

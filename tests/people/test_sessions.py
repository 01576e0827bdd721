"""Where one is signed in, and signing out everywhere else."""

from datetime import timedelta

import pytest
from allauth.core.context import request_context
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.utils import timezone

from motcua.people import actions, tasks
from motcua.people.forms import AddKey
from motcua.people.models import SignOn
from motcua.people.templatetags.sign_in import device
from tests import given

pytestmark = pytest.mark.django_db
HERE = "/account/sessions/"
PASSWORD = "mot-cua-ai-cung-vao"
PHONE = (
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36"
)
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.fixture
def may():
    account = given.account("may")
    actions.give_password(account, by=given.SYSTEM, password=PASSWORD)
    return account


def enter(account, agent=LAPTOP):
    browser = Client(headers={"user-agent": agent})
    browser.post("/account/login/", {"login": account.username, "password": PASSWORD})
    return browser


def is_in(browser):
    return browser.get("/account/").status_code == 200


@pytest.mark.parametrize(
    ("host", "is_told"),
    [("127.0.0.1:8101", True), ("[::1]:8101", True), ("10.0.0.1", True), ("localhost", False)],
)
def test_who_came_by_an_address_of_digits_is_told_that_no_key_is_made_there(may, settings, host, is_told):
    settings.ALLOWED_HOSTS = ["*"]
    request = RequestFactory().get("/account/2fa/webauthn/add/", headers={"host": host})
    request.session = Client().session
    with request_context(request):
        name = AddKey(user=may).fields["name"]
    assert (bool(name.help_text), str(name.label)) == (is_told, "Tên bạn đặt cho khóa")


def test_each_device_is_listed_and_this_one_is_marked(may):
    phone = enter(may, PHONE)
    enter(may)
    html = phone.get(HERE).content.decode()
    assert [
        html.count(words) for words in ("Chrome trên Android", "Firefox trên Windows", "Thiết bị này")
    ] == [1, 1, 1]


def test_what_is_over_or_began_with_another_password_is_not_listed(may):
    phone, laptop = enter(may, PHONE), enter(may)
    Session.objects.filter(pk=laptop.session.session_key).update(expire_date=timezone.now())
    assert [phone.get(HERE).context[name] for name in ("session_count", "sessions")] == [
        1,
        [UserSession.objects.get(session_key=phone.session.session_key)],
    ]
    actions.give_password(may, by=given.SYSTEM, password=f"{PASSWORD}-khac")
    other = Client()
    given.sign_in(other, may)
    assert other.get(HERE).context["sessions"] == []


def test_signing_out_everywhere_else_leaves_only_this_device(may):
    phone, laptop = enter(may, PHONE), enter(may)
    answer = phone.post(HERE, follow=True)
    assert "Đã đăng xuất khỏi mọi nơi khác." in answer.content.decode()
    assert (is_in(phone), is_in(laptop), UserSession.objects.count()) == (True, False, 1)


def test_what_was_opened_from_a_session_that_ends_from_afar_ends_too(may):
    phone, laptop = enter(may, PHONE), enter(may)
    SignOn.objects.create(
        account=may,
        session_key=laptop.session.session_key,
        client="tinh",
        code_digest="d",
        level=2,
        authenticated_at=may.date_joined,
    )
    phone.post(HERE)
    assert SignOn.objects.open().count() == 0


def test_nobody_sees_or_ends_the_sessions_of_another(may):
    laptop = enter(may)
    other = Client()
    given.sign_in(other, "suoi")
    html = other.get(HERE).content.decode()
    other.post(HERE)
    assert ("Firefox" in html, is_in(laptop)) == (False, True)


def test_who_is_not_signed_in_is_asked_to_sign_in():
    assert Client().get(HERE)["Location"] == f"/account/login/?next={HERE}"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (PHONE, "Chrome trên Android"),
        (LAPTOP, "Firefox trên Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1",
            "Safari trên iPhone",
        ),
        ("curl/8.0", "Thiết bị không xác định"),
        ("", "Thiết bị không xác định"),
    ],
)
def test_a_device_is_called_by_its_browser_and_system(agent, name):
    assert device(agent) == name


def test_sessions_that_are_over_go_at_night_and_no_others(may):
    phone, laptop = enter(may, PHONE), enter(may)
    over = Session.objects.filter(session_key=phone.session.session_key)
    over.update(expire_date=timezone.now() - timedelta(seconds=1))
    UserSession.objects.update(created_at=timezone.now() - timedelta(days=2))
    # A browser is noted before its session is written.
    UserSession.objects.create(user=may, session_key="new", ip="::1", user_agent=PHONE)
    tasks.clear(0)
    kept = laptop.session.session_key
    assert [one.session_key for one in Session.objects.all()] == [kept]
    assert {one.session_key for one in UserSession.objects.all()} == {kept, "new"}
    assert is_in(laptop)
    assert actions.clear_sessions() == 0

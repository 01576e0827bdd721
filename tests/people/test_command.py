"""motcua user: what an operator types, and what it says when it cannot be done."""

import io
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from motcua.journal.models import Entry
from motcua.notices.models import Notice
from motcua.people.models import Account, Appointment, actor_of
from tests import given
from tests.post import run_jobs

pytestmark = pytest.mark.django_db
NUMBER, PASSWORD = "000190000017", "khong-de-doan-2026"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def user(*words, password=None, monkeypatch=None):
    """Run the command; return what it printed."""
    if password is not None:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        words = (*words, "--password-stdin")
    said = io.StringIO()
    call_command("user", *words, stdout=said)
    return said.getvalue()


@pytest.fixture
def binh(monkeypatch):
    user("add", NUMBER, "--name", "Trần Văn Bình", password=PASSWORD, monkeypatch=monkeypatch)
    given.agency()
    return Account.objects.get(username=NUMBER)


def test_an_account_is_opened_with_the_password_given(binh):
    assert (binh.name, binh.check_password(PASSWORD)) == ("Trần Văn Bình", True)
    assert list(Entry.objects.values_list("event", flat=True)) == ["people.AccountOpened"]


@pytest.mark.parametrize(
    ("number", "password", "words"),
    [
        ("12", PASSWORD, "A personal number has 12 digits."),
        (
            "000190000018",
            "short",
            "This password is too short. It must contain at least 10 characters.",
        ),
    ],
)
def test_an_account_that_does_not_hold_is_refused_in_words(monkeypatch, number, password, words):
    with pytest.raises(CommandError) as refusal:
        user("add", number, "--name", "Ai", password=password, monkeypatch=monkeypatch)
    assert (str(refusal.value), Account.objects.count()) == (words, 0)


def test_a_number_has_one_account(binh, monkeypatch):
    with pytest.raises(CommandError, match="already an account"):
        user("add", NUMBER, "--name", "Ai", password=PASSWORD, monkeypatch=monkeypatch)


def test_without_a_terminal_the_password_must_be_handed_in(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(CommandError, match="--password-stdin"):
        user("add", NUMBER, "--name", "Ai")


def test_a_new_password_replaces_the_old_one(binh, monkeypatch):
    user("password", NUMBER, password="mot-mat-khau-khac", monkeypatch=monkeypatch)
    binh.refresh_from_db()
    assert (binh.check_password(PASSWORD), binh.check_password("mot-mat-khau-khac")) == (False, True)
    assert Entry.objects.filter(event="people.PasswordGiven", about=binh.urn).count() == 1


def test_who_lost_the_second_step_signs_in_by_password_again_and_hears_of_it(binh):
    Authenticator.objects.create(user=binh, type=Authenticator.Type.TOTP, data={"secret": "x"})
    session = UserSession.objects.create(user=binh, ip="127.0.0.1", session_key="a" * 32)
    assert user("lost-device", NUMBER) == "Trần Văn Bình signs in by password alone now.\n"
    assert not Authenticator.objects.exists()
    assert not UserSession.objects.filter(pk=session.pk).exists()
    user("lost-device", NUMBER)  # there was nothing left to remove, nor to tell
    run_jobs()
    told = Notice.objects.get(recipient=binh)
    assert (told.subject, told.link) == ("The second step of your account was removed", "/account/")


def test_an_appointment_gives_the_role_at_the_agency(binh):
    user("appoint", NUMBER, "registrar", given.SA_PA, "--title", "Công chức hộ tịch")
    assert actor_of(binh).holds("registrar", at=given.SA_PA) is True
    assert Appointment.objects.get(account=binh).post.title_vi == "Công chức hộ tịch"


def test_an_appointment_may_begin_later(binh):
    tomorrow = timezone.localdate() + timedelta(days=1)
    user("appoint", NUMBER, "chair", given.SA_PA, "--since", tomorrow.isoformat())
    assert (actor_of(binh).grants, Appointment.objects.get().valid_from) == (frozenset(), tomorrow)


def test_nobody_is_appointed_twice_to_one_post(binh):
    user("appoint", NUMBER, "chair", given.SA_PA)
    with pytest.raises(CommandError, match="This person already holds this post"):
        user("appoint", NUMBER, "chair", given.SA_PA)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("000000000000", "chair", given.SA_PA), "no account with this personal number"),
        ((NUMBER, "chair", "H99"), "This node does not host H99"),
        ((NUMBER, "chair", given.BAC_HA), "not in the database yet"),
        ((NUMBER, "king", given.SA_PA), "invalid choice: 'king'"),
    ],
)
def test_an_appointment_that_cannot_be_made_says_why(binh, words, answer):
    with pytest.raises(CommandError, match=answer):
        user("appoint", *words)
    assert Appointment.objects.count() == 0


def test_an_appointment_ends_at_the_end_of_a_day(binh):
    yesterday = timezone.localdate() - timedelta(days=1)
    user("appoint", NUMBER, "clerk", given.SA_PA, "--since", "2025-07-01")
    user("end", NUMBER, "clerk", given.SA_PA, "--on", yesterday.isoformat())
    assert actor_of(binh).grants == frozenset()
    with pytest.raises(CommandError, match="holds no such post today"):
        user("end", NUMBER, "clerk", given.SA_PA)


def test_a_post_cannot_be_left_before_it_was_taken(binh):
    user("appoint", NUMBER, "clerk", given.SA_PA, "--since", "2025-07-01")
    with pytest.raises(CommandError, match="before it was taken"):
        user("end", NUMBER, "clerk", given.SA_PA, "--on", "2025-06-30")


def test_the_list_shows_who_holds_what(binh):
    user("appoint", NUMBER, "clerk", given.SA_PA)
    given.account("doi")
    everyone, at_sa_pa = user("list"), user("list", "--agency", given.SA_PA)
    assert ("Trần Văn Bình" in everyone, "Ngô Văn Đồi" in everyone) == (True, True)
    assert ("Trần Văn Bình" in at_sa_pa, "Ngô Văn Đồi" in at_sa_pa) == (True, False)

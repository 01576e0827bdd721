"""Where a person is told: named by them, confirmed by a code that was sent there, taken away again, chosen."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from motcua.notices import actions
from motcua.notices.channels import Mail
from motcua.notices.models import Contact, Notice
from motcua.notices.texts import Text
from motcua.people.models import Account
from tests import given, post

pytestmark = pytest.mark.django_db

NEW = "ban@motcua.invalid"
PAGE = "/account/contact/"


@pytest.fixture
def lach():
    """Somebody nobody can reach yet."""
    account = given.account("lach")
    Account.objects.filter(pk=account.pk).update(email="", phone="")
    account.refresh_from_db()
    return account


@pytest.fixture
def browser(lach):
    client = Client()
    given.sign_in(client, lach)
    return client


def ask(account, channel="mail", value=NEW):
    return actions.ask_contact(Contact(account=account, channel=channel, value=value), by=given.actor("lach"))


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06}"


def test_an_address_counts_once_the_code_sent_there_was_typed(browser, lach):
    answer = browser.post(f"{PAGE}mail/ask/", {"mail-value": f" {NEW} ", "next": "/my/"})
    post.settle(times=2)
    (letter,) = mail.outbox
    asked = Contact.objects.get()
    lach.refresh_from_db()
    assert (letter.to, asked.code in letter.body, lach.email) == ([NEW], True, "")
    assert answer["Location"] == f"{PAGE}{asked.pk}/?next=%2Fmy%2F"
    assert browser.post(f"{PAGE}{asked.pk}/", {"code": wrong(asked.code)}).status_code == 422
    answer = browser.post(
        f"{PAGE}{asked.pk}/", {"code": f"{asked.code[:3]} {asked.code[3:]}", "next": "/my/"}
    )
    lach.refresh_from_db()
    assert (answer["Location"], lach.email) == ("/my/", NEW)
    assert NEW in browser.get(PAGE).content.decode()
    said = str(list(Entry.objects.values_list("facts", flat=True)))
    assert (NEW in said, asked.code in said) == (False, False)
    browser.post(f"{PAGE}mail/remove/")
    lach.refresh_from_db()
    assert lach.email == ""


def test_a_number_is_confirmed_by_text_message(lach):
    asked = ask(lach, "text", "+84 912 345 678")
    post.settle()
    (sent,) = settings.TEXTS.glob("*.txt")
    assert (asked.value, asked.code in sent.read_text()) == ("0912345678", True)
    assert actions.confirm_contact(asked, by=given.actor("lach"), code=asked.code)
    lach.refresh_from_db()
    assert lach.phone == "0912345678"


def test_five_wrong_codes_are_enough_and_a_code_lapses(lach):
    asked, by = ask(lach), given.actor("lach")
    assert [actions.confirm_contact(asked, by=by, code=wrong(asked.code)) for _time in range(5)] == [
        False
    ] * 5
    with pytest.raises(Invalid, match="mã khác"):
        actions.confirm_contact(asked, by=by, code=asked.code)
    late = ask(lach)
    Contact.objects.filter(pk=late.pk).update(asked_at=timezone.now() - timedelta(minutes=16))
    with pytest.raises(Invalid, match="mã khác"):
        actions.confirm_contact(late, by=by, code=late.code)


def test_nobody_asks_for_codes_without_end_or_for_others(lach):
    for _time in range(Contact.MOST_AN_HOUR):
        asked = ask(lach)
    with pytest.raises(Invalid, match="một giờ"):
        ask(lach)
    may = given.actor("may")
    with pytest.raises(Refused):
        actions.confirm_contact(asked, by=may, code=asked.code)
    with pytest.raises(Refused):
        actions.choose_channels(lach, by=may, mail=False, text=False)
    stranger = Client()
    given.sign_in(stranger, "may")
    assert stranger.get(f"{PAGE}{asked.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("channel", "value"),
    [("mail", "khong-phai-thu"), ("text", "12345"), ("text", "091234567x"), ("mail", "")],
)
def test_what_is_no_address_or_number_is_said_beside_the_field(browser, channel, value):
    answer = browser.post(f"{PAGE}{channel}/ask/", {f"{channel}-value": value})
    assert (answer.status_code, Contact.objects.exists()) == (422, False)
    assert browser.post(f"{PAGE}fax/ask/").status_code == 404


def test_one_is_told_only_by_the_ways_one_chose(browser, lach):
    Account.objects.filter(pk=lach.pk).update(email=NEW, phone="0912345678")
    ways = []
    for chosen in ({"mail": "on", "text": "on"}, {"text": "on"}, {}):
        assert browser.post(f"{PAGE}channels/", chosen).status_code == 302
        notice = Notice(recipient=Account.objects.get(pk=lach.pk), code="mandates.revoked")
        ways.append((Mail().reaches(notice), Text().reaches(notice)))
    assert ways == [(True, True), (False, True), (False, False)]
    assert Entry.objects.filter(event="notices.ChannelsChosen").count() == 2

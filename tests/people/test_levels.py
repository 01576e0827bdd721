"""Levels of electronic identity: one until shown in person, two from then on."""

import io

import pytest
from django.core.management import call_command
from django.utils import translation

from motcua.journal.models import Entry
from motcua.lib.actions import ACTIONS, Refused
from motcua.people import actions
from motcua.people.models import Account
from tests import given

pytestmark = pytest.mark.django_db


@pytest.fixture
def lach():
    return given.account("lach")


def level(account):
    return Account.objects.get(pk=account.pk).assurance


def confirmations():
    return Entry.objects.filter(event="people.IdentityConfirmed").count()


def test_an_account_is_of_level_one_until_its_owner_comes_with_their_card(lach):
    before = level(lach)
    actions.confirm_identity(lach, by=given.officer("receiver"))
    assert (before, level(lach), confirmations()) == (1, 2, 1)


def test_who_is_confirmed_stays_so_and_is_written_down_once(lach):
    receiver = given.officer("receiver")
    actions.confirm_identity(lach, by=receiver)
    written = confirmations()
    actions.confirm_identity(lach, by=receiver)
    assert confirmations() == written


@pytest.mark.parametrize("key", ["registrar", "chair", "administrator"])
def test_only_a_receiver_sees_people_and_their_cards(lach, key):
    with pytest.raises(Refused, match="người tiếp nhận"):
        actions.confirm_identity(lach, by=given.officer(key))
    assert level(lach) == 1


def test_a_citizen_confirms_nobody_not_even_themselves(lach):
    for someone in (given.actor("lach"), given.actor("may")):
        with pytest.raises(Refused):
            actions.confirm_identity(lach, by=someone)


def test_a_receiver_cannot_confirm_themselves():
    suong = given.account("suong")
    Account.objects.filter(pk=suong.pk).update(assurance=1)
    assert ACTIONS["people.confirm_identity"].who(given.officer("receiver"), suong) is False


def test_the_operator_confirms_from_the_terminal(lach):
    said = io.StringIO()
    with translation.override("en"):
        call_command("user", "confirm", lach.username, stdout=said)
    assert (said.getvalue(), level(lach)) == (f"{lach.name} now has an identity of level 2.\n", 2)

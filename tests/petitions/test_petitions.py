"""A question or a complaint: sent once, seen by who answers, answered in time, told to both."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from motcua.dossiers.models import Application
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.notices.models import Notice
from motcua.organisations.models import calendar_for
from motcua.petitions import actions
from motcua.petitions.models import Kind, Petition, Received
from tests import given, post
from tests.racing import meanwhile

pytestmark = pytest.mark.django_db

READING = {"what": "Họ tên", "purpose": "Đăng ký khai sinh", "dossier": "", "who": "Đỗ Minh Lâm"}
EVERYONE = ("may", "suong", "lam", "lua", "thong", "man", "che", "guong")


def written(kind=Kind.QUESTION, key="may", **changes):
    told = {
        "kind": kind,
        "account": given.account(key),
        "agency": given.SA_PA,
        "agency_name": given.AGENCIES[given.SA_PA],
        "about": READING if kind == Kind.QUESTION else {"code": "", "procedure": "x"},
        "text": "Vì sao đọc dữ liệu của tôi?",
    }
    return Petition(**told | changes)


def complaint(**changes):
    return written(Kind.COMPLAINT, application=given.application(at="sent"), text="Hồ sơ chậm.", **changes)


def arrived(make=written):
    """At Sa Pa, whose people are all there."""
    given.country()
    for key in EVERYONE:
        given.account(key)
    petition = actions.petition(make(), by=given.actor("may"))
    post.settle()
    return petition, Received.objects.get()


@pytest.mark.parametrize(
    ("make", "days", "seen_by"),
    [(written, 5, ["suong", "lam", "lua"]), (complaint, 10, ["lua"])],
)
def test_each_is_seen_and_answered_by_those_it_is_for_and_by_nobody_else(make, days, seen_by):
    petition, received = arrived(make)
    assert petition.due_at == calendar_for(given.SA_PA).add_days(petition.sent_at, days) == received.due_at
    seen = [key for key in EVERYONE if Received.objects.visible_to(given.actor(key)).exists()]
    told = {one.recipient.username for one in Notice.objects.filter(code__endswith="_arrived")}
    assert (seen, told) == (seen_by, {given.BY_KEY[key].number for key in seen_by})
    for key in set(EVERYONE) - set(seen_by):
        with pytest.raises(Refused):
            actions.reply(received, by=given.actor(key), answer="Không.")
    received.refresh_from_db()
    upheld = True if received.kind == Kind.COMPLAINT else None
    with pytest.raises(Invalid):  # of a complaint it must be said, and of nothing else
        actions.reply(received, by=given.actor(seen_by[-1]), answer="Vâng.", upheld=None if upheld else False)
    received.refresh_from_db()
    said = " Để đăng ký khai sinh. "
    actions.reply(received, by=given.actor(seen_by[-1]), answer=said, upheld=upheld)
    post.settle(times=2)
    petition.refresh_from_db()
    assert (petition.answer, petition.answered_by, petition.is_answered, petition.upheld) == (
        "Để đăng ký khai sinh.",
        given.BY_KEY["lua"].name,
        True,
        upheld,
    )
    assert Entry.objects.of("petitions.PetitionAnswered").get().facts["upheld"] is upheld
    with pytest.raises(IntegrityError), transaction.atomic():
        Received.objects.update(upheld=True, kind=Kind.QUESTION)
    assert Notice.objects.filter(recipient=given.account("may"), code__endswith="_answered").count() == 1
    with pytest.raises(NotNow):
        actions.reply(received, by=given.actor(seen_by[-1]), answer="Nữa.")


def test_what_is_sent_or_arrives_twice_is_there_once():
    given.country()
    again = written()
    for _time in range(2):
        actions.petition(written(pk=again.pk), by=given.actor("may"))
    post.settle(times=2)
    assert (Petition.objects.count(), Received.objects.count()) == (1, 1)
    assert Entry.objects.of("petitions.PetitionArrived").count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_sent_twice_at_once_is_there_once():
    given.country()
    again, by = written(), given.actor("may")
    with meanwhile(lambda: actions.petition(written(pk=again.pk), by=by)):
        actions.petition(again, by=by)
    assert (Petition.objects.count(), Entry.objects.of("petitions.PetitionFiled").count()) == (1, 1)


@pytest.mark.parametrize("text", ["", "  ", "x" * 4001])
def test_words_there_must_be_and_not_too_many(text):
    with pytest.raises(Invalid):
        actions.petition(written(text=text), by=given.actor("may"))
    assert Petition.objects.count() == 0


def test_nobody_writes_in_anothers_name_or_about_anothers_dossier():
    with pytest.raises(Refused):
        actions.petition(written(), by=given.actor("doi"))
    with pytest.raises(Refused):
        actions.petition(complaint(account=given.account("doi")), by=given.actor("doi"))


def test_who_acts_by_a_mandate_complains_as_long_as_it_holds():
    mandate = given.mandate()
    sent = given.application("suoi")
    Application.objects.filter(pk=sent.pk).update(mandate=mandate)
    sent.refresh_from_db()
    about = {"application": sent, "text": "Chậm."}
    actions.petition(written(Kind.COMPLAINT, "suoi", **about), by=given.actor("suoi"))
    actions.petition(written(Kind.COMPLAINT, "may", **about), by=given.actor("may"))
    type(mandate).objects.update(valid_from="2025-01-01", valid_until="2025-12-31")
    about["application"] = Application.objects.get()
    with pytest.raises(Refused):
        actions.petition(written(Kind.COMPLAINT, "suoi", **about), by=given.actor("suoi"))


def test_an_officer_does_not_answer_their_own_question():
    given.country()
    actions.petition(written(key="lam"), by=given.actor("lam"))
    post.settle()
    with pytest.raises(Refused):
        actions.reply(Received.objects.get(), by=given.actor("lam"), answer="Tự trả lời.")


def test_an_answer_after_the_day_is_late_and_from_another_agency_counts_for_nothing():
    petition, received = arrived()
    Received.objects.update(due_at=timezone.now() - timedelta(days=1))
    Petition.objects.update(agency=given.BAC_HA)
    received.refresh_from_db()
    assert received.is_late
    actions.reply(received, by=given.actor("lam"), answer="Đây.")
    post.settle()
    petition.refresh_from_db()
    assert (petition.is_answered, Entry.objects.of("petitions.PetitionAnswered").get().facts["on_time"]) == (
        False,
        False,
    )


def test_the_database_keeps_a_complaint_about_nothing_out():
    empty = written(Kind.COMPLAINT, due_at=timezone.now(), pk=uuid4())
    with pytest.raises(IntegrityError), transaction.atomic():
        empty.save()

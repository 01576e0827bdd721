"""Documents that go by e-mail: signed, sent once or again, and what the mail servers say of them."""

import subprocess
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.urls import reverse
from django.utils import timezone

from motcua.dispatches import actions, tasks
from motcua.dispatches.answering import answered
from motcua.dispatches.mails.taking import take
from motcua.dispatches.models import Delivery, Incoming, ReceivedMail, SentMail
from motcua.dispatches.statistics import Period
from motcua.documents.edxml.reading import read
from motcua.documents.models import keyring, store
from motcua.exchange.models import Outbox
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.notices.models import Notice
from tests import given
from tests.dispatches.conftest import issued, signed
from tests.dispatches.mailing import ADDRESS, COOP, OURS, E, keep, mailed, parts_of, report
from tests.full import journal_full
from tests.post import settle


def test_it_leaves_as_a_mail_that_openssl_verifies_with_words_pdf_and_edxml(server, settings, tmp_path):
    letter, mail = mailed()
    (came,) = server.taken
    assert (mail.state, Outbox.objects.count()) == ("sent", 0)
    assert came.raw == store().read(mail.message)
    assert "NOTIFY=SUCCESS" in came.receiver
    assert f"<{OURS}> RET=HDRS ENVID={mail.pk}" in came.sender
    whole, (text, pdf, edxml) = parts_of(came.raw)
    assert (whole["To"], whole["Message-ID"], whole.get_param("micalg")) == (
        ADDRESS,
        mail.message_id,
        "sha-256",
    )
    assert (letter.number in whole["Subject"], letter.subject in whole["Subject"]) == (True, True)
    assert all(
        word in text.get_content() for word in (letter.number, letter.subject, pdf.get_filename(), "edXML")
    )
    assert pdf.get_payload(decode=True) == store().read(letter.files[0]["digest"])
    assert read(edxml.get_payload(decode=True)).message.header.document_id == letter.document_id
    root = tmp_path / "root.pem"
    root.write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in keyring().trusted()))
    (tmp_path / "mail.eml").write_bytes(came.raw)

    def verified(name):
        asked = [
            "openssl",
            "cms",
            "-verify",
            "-in",
            str(tmp_path / name),
            "-CAfile",
            str(root),
            "-out",
            "/dev/null",
        ]
        return subprocess.run(asked, capture_output=True, check=False).returncode == 0

    assert verified("mail.eml")
    (tmp_path / "other.eml").write_bytes(
        came.raw.replace(b"Content-Type: text/plain", b"Content-Type: text/other")
    )
    assert not verified("other.eml")


def test_connected_receivers_get_it_by_the_exchange_and_only_the_others_by_mail(server):
    keep()
    letter = signed(receivers=[given.BAC_HA, E])
    actions.issue(letter, by=given.officer("clerk"))
    assert [row.recipient for row in Outbox.objects.all()] == [given.BAC_HA]
    assert SentMail.objects.get().delivery.agency == E
    assert {one.agency: one.agency_name for one in Delivery.objects.all()}[E] == COOP


def test_an_agency_of_the_list_without_a_node_is_written_to_and_a_connected_one_is_refused(settings):
    with pytest.raises(Invalid, match=r"reach this agency|tự đến"):
        keep(name=given.BAC_HA)
    others = tuple(code for code in settings.NODE.agencies if code != given.BAC_HA)
    settings.NODE = settings.NODE.model_copy(update={"agencies": others})
    assert keep(name=given.BAC_HA).code == given.BAC_HA
    issued(receivers=[given.BAC_HA])
    assert (SentMail.objects.count(), Incoming.objects.count()) == (1, 0)


def test_a_state_secret_and_what_is_too_large_are_refused_before_anything_leaves(settings):
    keep()
    letter = signed(receivers=[E, given.BAC_HA])
    settings.NODE = settings.NODE.model_copy(update={"letters_megabytes": 0})
    with pytest.raises(Invalid, match="MB"):
        actions.issue(letter, by=given.officer("clerk"))
    settings.NODE = settings.NODE.model_copy(update={"letters_megabytes": 20})
    letter.refresh_from_db()
    actions.classify(letter, by=given.officer("clerk"), degree=2)
    with pytest.raises(NotNow):
        actions.issue(letter, by=given.officer("clerk"))
    assert (SentMail.objects.count(), Outbox.objects.count(), Delivery.objects.count()) == (0, 0, 0)


def test_what_is_classified_before_it_is_sent_is_not_sent_and_not_sent_again(server):
    keep()
    letter = issued(receivers=[E])
    actions.classify(letter, by=given.officer("clerk"), degree=2)
    mail = SentMail.objects.get()
    tasks.send_mail(mail=str(mail.pk))
    mail.refresh_from_db()
    assert (mail.state, server.taken) == ("failed", [])
    with pytest.raises(NotNow):
        actions.send_again(mail, by=given.officer("clerk"))


def test_without_an_address_of_the_node_nothing_leaves(settings):
    keep()
    settings.NODE = settings.NODE.model_copy(update={"letters_address": ""})
    with pytest.raises(NotNow, match="letters_address"):
        issued(receivers=[E])


def test_a_server_that_is_away_is_asked_again_with_growing_pauses_and_at_last_the_clerk_is_told(server):
    given.account(given.CLERK)
    server.says = "451 4.7.1 try later"
    letter, mail = mailed()
    assert (mail.state, mail.attempts, mail.trouble) == ("waiting", 1, "451 4.7.1 try later")
    page = given.signed_in(given.CLERK).get(reverse("desk:outgoing_one", args=[letter.pk]))
    assert "451 4.7.1 try later" in page.content.decode()
    for _time in range(19):
        tasks.send_mail(mail=str(mail.pk))
    mail.refresh_from_db()
    server.says = ""  # by which the clerk is told, too
    settle()
    assert (mail.state, mail.attempts) == ("failed", 20)
    assert [one.code for one in Notice.objects.all()] == ["dispatches.mail_failed"]


def test_a_refusal_is_the_last_word_until_the_clerk_sends_it_to_another_address(server):
    server.says = "550 5.1.1 no such user"
    _letter, mail = mailed()
    assert (mail.state, mail.trouble) == ("refused", "550 5.1.1 no such user")
    listed = given.signed_in(given.CLERK).get(reverse("desk:outgoing")).content.decode()
    assert f"{COOP}: Máy chủ thư của nơi nhận từ chối" in listed
    server.says = ""
    keep(address="vanphong@muonghoa.test")
    clerk = given.signed_in(given.CLERK)
    clerk.post(reverse("desk:send_mail_again", args=[mail.pk]))
    again = SentMail.objects.exclude(pk=mail.pk).get()
    tasks.send_mail(mail=str(again.pk))
    (came,) = server.taken
    whole, _parts = parts_of(came.raw)
    assert (whole["To"], whole["Message-ID"]) == ("vanphong@muonghoa.test", again.message_id)
    assert [len(whole.get_all(name)) for name in ("To", "From", "Subject", "Date", "Message-ID")] == [1] * 5
    first = store().read(mail.message).partition(b"\r\n\r\n")[2]
    assert came.raw.partition(b"\r\n\r\n")[2] == first
    with pytest.raises(NotNow):
        actions.send_again(again, by=given.officer("clerk"))


def test_killed_between_sending_and_noting_it_is_the_same_mail_again(server):
    _letter, mail = mailed()
    SentMail.objects.update(state="waiting")
    tasks.send_mail(mail=str(mail.pk))
    first, second = server.taken
    assert first.raw == second.raw
    tasks.send_mail(mail=str(mail.pk))
    assert len(server.taken) == 2


def test_what_cannot_be_noted_is_not_sent_again_and_again(server):
    """The journal finds no room on a full disk; the mail leaves when there is some."""
    _letter, mail = mailed()
    SentMail.objects.update(state="waiting")
    with journal_full():
        tasks.send_mail(mail=str(mail.pk))
    assert len(server.taken) == 1
    tasks.send_mail(mail=str(mail.pk))
    assert (len(server.taken), SentMail.objects.get().state) == (2, "sent")


def test_a_receiver_outside_stands_by_name_among_the_tasks(server):
    letter, _mail = mailed(answer_by=timezone.localdate() + timedelta(days=9))
    today = timezone.localdate()
    (line,) = answered([letter.agency], Period.read("", today), today)
    assert (line.code, line.name) == (E, COOP)
    page = given.signed_in("niem").get(reverse("desk:owed_answers"), {"receiver": E})
    assert [one.about.agency for one in page.context["tasks"]] == [E]
    assert COOP in page.content.decode()
    page = given.signed_in("niem").get(reverse("desk:owed_answers"), {"receiver": "E.0"})
    assert page.context["tasks"] == []


def test_a_recall_goes_the_same_way(server):
    letter, mail = mailed()
    actions.recall(letter, by=given.officer("clerk"), reason="Sai số liệu")
    recall = SentMail.objects.exclude(pk=mail.pk).get()
    _whole, (text, edxml) = parts_of(store().read(recall.message))
    assert ("Sai số liệu" in text.get_content(), read(edxml.get_payload(decode=True)).message.purpose) == (
        True,
        1,
    )


def test_only_clerk_and_administrator_keep_addresses():
    for role in ("chair", "specialist"):
        with pytest.raises(Refused):
            keep(by=given.officer(role))
    assert keep(by=given.actor("thong")).code == E


@pytest.mark.parametrize(
    ("action", "state"),
    [("delivered", "delivered"), ("failed", "refused"), ("delayed", "sent"), ("relayed", "sent")],
)
def test_what_a_mail_server_reports_stands_with_the_document(server, action, state):
    _letter, mail = mailed()
    take(report(mail, action))
    mail.refresh_from_db()
    assert (mail.state, Incoming.objects.count(), ReceivedMail.objects.get().state) == (state, 0, "noted")


def test_a_report_may_name_the_mail_by_its_envelope_alone(server):
    _letter, mail = mailed()
    take(report(mail, "delivered", names=False, envelope=f"Original-Envelope-Id: {mail.pk}\r\n"))
    mail.refresh_from_db()
    assert mail.state == "delivered"


def test_a_report_of_what_was_not_sent_from_here_lies_aside_and_is_answered_by_nothing(server):
    _letter, mail = mailed()
    take(report(mail, "failed", names=False))
    mail.refresh_from_db()
    assert (mail.state, ReceivedMail.objects.get().reason, SentMail.objects.count()) == ("sent", "report", 1)

"""Mails that come: an answer becomes a document; what is wrong with a mail is said, and nothing in it is believed."""

from email import message_from_bytes
from email.policy import SMTP

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from motcua.dispatches import actions, tasks
from motcua.dispatches.mails.taking import take
from motcua.dispatches.models import Incoming, ReceivedMail, SentMail
from motcua.dispatches.printing import printed
from motcua.documents.edxml.message import Code, Document, Header, Organ, ResponseFor
from motcua.documents.edxml.reading import read
from motcua.documents.edxml.writing import write
from motcua.documents.models import keyring, store
from motcua.documents.smime import signed as smime
from motcua.exchange.models import Outbox
from motcua.journal.models import Entry
from tests import given
from tests.dispatches.conftest import signed
from tests.dispatches.mail_servers import Mailbox
from tests.dispatches.mailing import ADDRESS, COOP, E, codes, keep, mailed, reply


@pytest.fixture
def pdf_of_theirs():
    return printed(signed(receivers=[given.BAC_HA]), given.agency(given.SA_PA))


def test_an_answer_becomes_an_incoming_document_linked_to_ours(server, pdf_of_theirs):
    letter, mail = mailed()
    raw = reply(mail, files=[("../../Danh sách.pdf", pdf_of_theirs)]).as_bytes()
    came = take(raw).incoming
    assert (came.agency, came.sender, came.sender_name, came.mail) == (given.SA_PA, E, COOP, ADDRESS)
    assert (came.state, came.responds_to, came.subject) == ("arrived", letter, "Trả lời: cử cán bộ dự họp")
    assert [one["name"] for one in came.files] == ["noi-dung-thu.txt", "Danh sách.pdf", "thu-goc.eml"]
    assert store().read(came.files[1]["digest"]) == pdf_of_theirs
    assert store().read(came.files[2]["digest"]) == raw
    assert codes(came) == ["mail", "mail_name", "mail_unsigned"]
    assert came.kind_name == "Thư điện tử"
    assert read(store().read(came.message)).message.header.responses[0].document_id == letter.document_id
    actions.register(came, by=given.officer("clerk"))
    assert not Outbox.objects.exists()  # nobody there reads states
    page = given.signed_in(given.CLERK).get(reverse("desk:incoming_one", args=[came.pk])).content.decode()
    assert ADDRESS in page
    assert reverse("desk:outgoing_one", args=[letter.pk]) in page


def test_the_same_mail_twice_is_one_however_it_came(server):
    _letter, mail = mailed()
    raw = reply(mail).as_bytes()
    take(raw)
    take(b"Received: from xa by tinh; hom nay\r\n" + raw.replace(b"\r\n", b"\n"))
    assert (Incoming.objects.count(), ReceivedMail.objects.count()) == (1, 1)
    take(reply(mail, text="Thư khác").as_bytes())
    assert Incoming.objects.count() == 2


def test_an_answer_is_found_by_the_number_in_its_edxml_but_only_from_whom_it_was_sent_to(server):
    letter, _mail = mailed()
    said = Header(
        sender=Organ(organ_id="X", name="X"),
        receivers=(Organ(organ_id=given.SA_PA, name="Sa Pa"),),
        document_id="X,2026,1",
        code=Code(number="7", notation="CV-HTX"),
        subject="Cử người",
        responses=(ResponseFor(organ_id=given.SA_PA, document_id=letter.document_id),),
    )
    file = ("tra-loi.edxml", write(Document(header=said)))
    came = take(reply(None, files=[file]).as_bytes()).incoming
    assert (came.number, came.subject, came.responds_to) == ("7/CV-HTX", "Cử người", letter)
    other = take(reply(None, files=[file], sender="ke-la@xa.test", message_id="<2@xa>").as_bytes())
    assert (other.state, other.reason, other.incoming) == ("aside", "address", None)


def test_a_mail_bears_a_verdict_on_its_signature(server):
    _letter, mail = mailed()
    inner = reply(None)
    for name in ("From", "To", "Subject", "Message-ID", "MIME-Version"):
        del inner[name]
    body = smime(inner.as_bytes(), keyring().seal(given.BAC_HA), at=timezone.now())

    def verdict(number, content):
        head = f"From: {ADDRESS}\r\nMessage-ID: <{number}@x>\r\nIn-Reply-To: {mail.message_id}\r\nMIME-Version: 1.0\r\n"
        return codes(take(head.encode() + content).incoming)[-1]

    assert verdict(1, body) == "mail_signed"
    assert verdict(2, body.replace(b"\r\n", b"\n")) == "mail_signed"
    assert verdict(3, body.replace(b"charset=", b"Charset=", 1)) == "mail_altered"
    for one in (keyring().root / "trusted").glob("*.pem"):
        one.unlink()
    assert verdict(4, body + b"\r\n") == "mail_untrusted"


HOSTILE = {
    "unknown": reply(None).as_bytes(),
    "auto": reply(None, Auto_Submitted="auto-replied").as_bytes(),
    "encrypted": b"From: a@b\r\nMessage-ID: <e@b>\r\nContent-Type: application/pkcs7-mime\r\n\r\nMIIB",
    "large": b"From: a@b\r\nMessage-ID: <l@b>\r\n\r\n" + b"x" * (1024 * 1024 + 1),
    "parts": b"From: a@b\r\nMessage-ID: <p@b>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\n\r\nx\r\n" * 300,
    "unreadable": b"From: a@b\r\nMessage-ID: <u@b>\r\n"
    + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (one, one) for one in range(3000)
    ),
}


@pytest.mark.parametrize("reason", HOSTILE)
def test_what_becomes_no_document_by_itself_lies_aside_with_its_reason(settings, reason):
    settings.NODE = settings.NODE.model_copy(update={"letters_megabytes": 1, "agency": given.SA_PA})
    mail = take(HOSTILE[reason])
    assert (mail.state, mail.reason, mail.agency, bool(mail.message)) == (
        "aside",
        reason,
        given.SA_PA,
        reason != "large",
    )
    assert (Incoming.objects.count(), SentMail.objects.count()) == (0, 0)
    page = given.signed_in(given.CLERK).get(reverse("desk:mails")).content.decode()
    assert mail.why in page


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0" * 1000,
        b"rubbish",
        b"From: =?utf-8?b?////?= <a@@b>\r\nSubject: =?x-unknown?q?=FF?=\r\n\r\n\xff\xfe",
        b'From: a@b, c@d\r\nContent-Type: text/plain; charset="\xe1"\r\n\r\nx',
        b"Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nx\r\n--b--",
        b"Content-Type: message/rfc822\r\n\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny",
    ],
)
def test_no_mail_breaks_anything(raw):
    assert take(raw).state in {"aside", "noted"}
    assert take(raw).pk == ReceivedMail.objects.get().pk


def test_html_broken_encodings_nested_mails_and_programs_are_said_in_words(server):
    _letter, mail = mailed()
    page = reply(mail, message_id="<h@x>")
    page.set_content(
        "<html><head><style>p{}</style></head><p>Xin <b>chào</b><script>x()</script></p></html>",
        subtype="html",
    )
    came = take(page.as_bytes()).incoming
    assert store().read(came.files[0]["digest"]).decode() == "Xin chào"
    assert "mail_html" in codes(came)
    raw = reply(mail, message_id="<c@x>").as_bytes().replace(b'charset="utf-8"', b'charset="x-la"')
    assert "mail_encoding" in codes(take(raw).incoming)
    nested = reply(mail, message_id="<n@x>", files=[("chay.exe", b"MZ\0\0")])
    nested.add_attachment(reply(None))
    came = take(nested.as_bytes()).incoming
    assert {"mail_nested", "program"} <= set(codes(came))
    assert [one.get("fault") for one in came.files] == [None, "program", None, "program"]


def test_a_state_secret_that_comes_by_mail_is_not_kept_and_is_answered_with_why(server):
    _letter, mail = mailed()
    raw = reply(mail)
    raw.replace_header("Subject", "(MẬT) Danh sách")
    came = take(raw.as_bytes())
    assert (came.state, came.reason, came.message, came.subject, came.text, came.names) == (
        *("aside", "secret", "", "", ""),
        [],
    )
    assert Entry.objects.of("dispatches.SecretCame").count() == 1
    assert SentMail.objects.exclude(pk=mail.pk).get().address == ADDRESS
    assert not Incoming.objects.exists()


def test_a_refused_answer_is_refused_by_mail(server):
    _letter, mail = mailed()
    came = take(reply(mail).as_bytes()).incoming
    actions.refuse(came, by=given.officer("clerk"), reason="Không có chữ ký số")
    back = SentMail.objects.exclude(pk=mail.pk).get()
    assert (back.address, back.delivery) == (ADDRESS, None)
    text, _signature = message_from_bytes(store().read(back.message), policy=SMTP).get_payload()
    assert "Không có chữ ký số" in text.get_content()


def test_the_clerk_takes_in_what_lay_aside_and_names_what_it_answers(server, settings):
    settings.NODE = settings.NODE.model_copy(update={"agency": given.SA_PA})
    letter, _mail = mailed()
    first, second = take(reply(None).as_bytes()), take(reply(None, message_id="<2@x>").as_bytes())
    clerk = given.signed_in(given.CLERK)
    assert (
        clerk.post(reverse("desk:decide_mail", args=[first.pk, "take_in"]), {"number": "99/X"}).status_code
        == 422
    )
    clerk.post(reverse("desk:decide_mail", args=[first.pk, "take_in"]), {"number": letter.number})
    came = Incoming.objects.get()
    assert (came.responds_to, came.sender, came.sender_name) == (letter, E, COOP)
    clerk.post(reverse("desk:decide_mail", args=[second.pk, "dismiss"]))
    assert [one.state for one in ReceivedMail.objects.order_by("at")] == ["taken", "dismissed"]
    assert reply(None)["Subject"] not in clerk.get(reverse("desk:mails")).content.decode()


def test_other_officers_see_no_mails():
    for key in ("dua", "thong"):
        assert given.signed_in(key).get(reverse("desk:mails")).status_code == 403


def test_a_mail_server_hands_mails_to_the_command(server, tmp_path, capsys):
    _letter, mail = mailed()
    file = tmp_path / "mail.eml"
    file.write_bytes(reply(mail).as_bytes())
    call_command("mail", str(file))
    assert Incoming.objects.count() == 1
    assert str(file) in capsys.readouterr().out


def test_a_mailbox_is_asked_and_each_mail_taken_once(server, settings, caplog):
    _letter, mail = mailed()
    box = Mailbox([reply(mail).as_bytes(), reply(None, message_id="<2@x>").as_bytes()])
    address = f"imap://vanthu:mat-khau@127.0.0.1:{box.listening.port}/INBOX"
    settings.NODE = settings.NODE.model_copy(update={"letters_box": address})
    for _time in range(2):
        tasks.fetch(0)
    assert (Incoming.objects.count(), ReceivedMail.objects.count(), box.seen) == (1, 2, {1, 2})
    settings.NODE = settings.NODE.model_copy(update={"letters_box": address.replace("mat-khau", "sai")})
    tasks.fetch(0)
    assert "mailbox" in caplog.text
    assert "sai" not in caplog.text
    box.close()


def test_pages_ask_as_often_for_one_as_for_many(server, settings):
    settings.NODE = settings.NODE.model_copy(update={"agency": given.SA_PA})
    letter, mail = mailed()
    pages = [
        reverse("desk:mails"),
        reverse("desk:correspondents"),
        reverse("desk:outgoing_one", args=[letter.pk]),
    ]
    clerk = given.signed_in(given.CLERK)

    def asked():
        numbers = []
        for page in pages:
            clerk.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert clerk.get(page).status_code == 200
            numbers.append(len(queries))
        return numbers

    take(reply(None).as_bytes())
    few = asked()
    for number in range(10):
        take(reply(None, message_id=f"<{number}@x>").as_bytes())
        keep(name=f"{COOP} {number}")
        SentMail(agency=given.SA_PA, delivery=mail.delivery, address=ADDRESS, message=mail.message).save()
    assert asked() == few

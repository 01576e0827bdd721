"""Mails as others write them, and a letter of ours that left as one."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from motcua.dispatches import actions, tasks
from motcua.dispatches.models import Correspondent, SentMail
from motcua.dispatches.models.mails import outside
from tests import given
from tests.dispatches.conftest import issued

COOP, ADDRESS, OURS = "Hợp tác xã Mường Hoa", "htx@muonghoa.test", "van-thu@motcua.invalid"
E = outside(COOP)


def keep(name=COOP, address=ADDRESS, by=None):
    one = Correspondent(agency=given.SA_PA, name=name, address=address)
    return actions.keep_correspondent(one, by=by or given.officer("clerk"))


def mailed(**changes):
    """A letter that left by e-mail, and the mail."""
    keep()
    letter = issued(**{"receivers": [E]} | changes)
    mail = SentMail.objects.get(delivery__outgoing=letter)
    tasks.send_mail(mail=str(mail.pk))
    mail.refresh_from_db()
    return letter, mail


def reply(to, text="Kính gửi, chúng tôi cử ông A.", sender=ADDRESS, files=(), **head):
    """A mail as a mail program writes it."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = f"Hợp tác xã <{sender}>", OURS, "Trả lời: cử cán bộ dự họp"
    mail["Message-ID"] = head.pop("message_id", "<tra-loi-1@muonghoa.test>")
    if to:
        mail["In-Reply-To"] = to.message_id
    for name, value in head.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    for name, content in files:
        mail.add_attachment(content, "application", "octet-stream", filename=name)
    return mail


def report(mail, action, why="550 5.1.1 no such user", *, names=True, envelope=""):
    """What a mail server tells of a mail (RFC 3464)."""
    head = f"Message-ID: {mail.message_id}\r\n" if names else "Message-ID: <la@la>\r\n"
    return (
        "From: <>\r\nTo: van-thu@motcua.invalid\r\nMessage-ID: <dsn-1@xa>\r\nSubject: Delivery Status\r\nAuto-Submitted: auto-replied\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThe mail.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; xa\r\n{envelope}\r\nFinal-Recipient: rfc822; {ADDRESS}\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        f"Diagnostic-Code: smtp; {why}\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{head}\r\n--b--\r\n"
    ).encode()


def codes(document):
    return [one["code"] for one in document.warnings]


def parts_of(raw):
    whole = message_from_bytes(raw, _class=EmailMessage, policy=SMTP)
    content, _signature = whole.get_payload()
    return whole, list(content.iter_parts())

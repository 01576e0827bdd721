"""The way of a mail to the mail server: by Django's mailer, asking the servers on its way to say what becomes of it (RFC 3461)."""

import smtplib
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.smtp import EmailBackend

from motcua.dispatches.models import SentMail

NOTIFY = "NOTIFY=SUCCESS,FAILURE,DELAY"
# What these replies say is about us, not about the mail: it is tried again.
ABOUT_US = {530, 534, 535, 538}


class RefusedError(Exception):
    """The server does not take this one mail, and never will; the message is what it said."""


class NotNowError(Exception):
    """It could not be sent this time; the message says why."""


@dataclass(frozen=True)
class Wire:
    """The mail as it goes over the wire."""

    raw: bytes
    head: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.head[name]

    def as_bytes(self) -> bytes:
        return self.raw


class Ready(EmailMessage):
    """A mail that is signed already: no mailer may write it anew."""

    def __init__(self, mail: SentMail, raw: bytes) -> None:
        super().__init__(to=[mail.address], from_email=settings.NODE.letters_address)
        self.wire = Wire(raw, {"Message-ID": mail.message_id})

    def message(self, *, policy: object = None) -> Wire:  # type: ignore[override]
        return self.wire


def send(mail: SentMail, raw: bytes) -> None:
    """Hand it to the mail server. Raises RefusedError, NotNowError."""
    mailer = mailers.default
    try:
        if not isinstance(mailer, EmailBackend):
            mailer.send_messages([Ready(mail, raw)])
            return
        mailer.open()
        try:
            assert mailer.connection is not None  # noqa: S101 — it is open
            hand_over(mailer.connection, mail, raw)
        finally:
            mailer.close()
    except smtplib.SMTPRecipientsRefused as fault:
        (code, words) = next(iter(fault.recipients.values()))
        raise verdict(code, words) from fault
    except smtplib.SMTPResponseException as fault:
        raise verdict(fault.smtp_code, fault.smtp_error) from fault
    except OSError as fault:
        raise NotNowError(f"{type(fault).__name__}: {fault}") from fault


def hand_over(server: smtplib.SMTP, mail: SentMail, raw: bytes) -> None:
    server.ehlo_or_helo_if_needed()
    asks = server.has_extn("dsn")
    server.sendmail(
        settings.NODE.letters_address,
        [mail.address],
        raw,
        mail_options=["RET=HDRS", f"ENVID={mail.pk}"] if asks else [],
        rcpt_options=[NOTIFY] if asks else [],
    )


def verdict(code: int, words: bytes | str) -> RefusedError | NotNowError:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    text = f"{code} {' '.join(said.split())}"
    return RefusedError(text) if 500 <= code < 600 and code not in ABOUT_US else NotNowError(text)

"""Ways a notice goes out besides the inbox: e-mail, text messages, and one that only remembers, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from motcua.notices.models import Contact, Notice, Outgoing
from motcua.notices.texts import Text, gateway, plain


class Channel(Protocol):
    """A way out; `send` raises whatever hinders it and is then tried again later."""

    name: str

    def reaches(self, notice: Notice | Outgoing) -> bool: ...

    def send(self, notice: Notice | Outgoing) -> None: ...


@dataclass
class Mail:
    """E-mail, in Vietnamese, to those who gave an address."""

    name: str = "mail"

    def reaches(self, notice: Notice | Outgoing) -> bool:
        return bool(notice.address and notice.recipient.wants_mail)

    def send(self, notice: Notice | Outgoing) -> None:
        # One identifier for ever: should a crash fall between sending and noting it, mail servers see the same letter.
        identifier = f"<{notice.pk}@{settings.NODE.name}.motcua>"
        with override("vi"):
            EmailMessage(
                subject=notice.subject,
                body=letter(notice),
                to=[notice.address],
                headers={"Message-ID": identifier, "Auto-Submitted": "auto-generated"},
            ).send()


def letter(notice: Notice | Outgoing) -> str:
    """Return the text of the e-mail."""
    parts = [_("Dear %(name)s,") % {"name": notice.recipient.name}, notice.body]
    if notice.link:
        parts.append(_("See: %(address)s") % {"address": f"{settings.NODE.web_url}{notice.link}"})
    parts.append(_("This letter was sent by the system; please do not reply to it."))
    return "\n\n".join(parts) + "\n"


def send_code(contact: Contact) -> None:
    """The code goes to the address or number; raises whatever hinders it."""
    with override("vi"):
        said = _("%(code)s is your code to confirm this contact at %(node)s. Good for 15 minutes.") % {
            "code": contact.code,
            "node": settings.NODE.title_vi,
        }
        if contact.channel == Contact.Channel.TEXT:
            way = gateway()
            if way is None:
                raise ConnectionError("No gateway for text messages is set any more (node.toml, sms).")
            way.send(contact.value, plain(said), once=str(contact.pk))
            return
        identifier = f"<{contact.pk}@{settings.NODE.name}.motcua>"
        EmailMessage(
            subject=_("Your code: %(code)s") % {"code": contact.code},
            body=said + "\n\n" + _("If it was not you who asked, do nothing.") + "\n",
            to=[contact.value],
            headers={"Message-ID": identifier, "Auto-Submitted": "auto-generated"},
        ).send()


@dataclass
class Memory:
    """Remembers what it was given; may be told to fail a number of times first."""

    name: str = "memory"
    failures: int = 0
    sent: list[UUID] = field(default_factory=list)

    def reaches(self, notice: Notice | Outgoing) -> bool:
        return notice.recipient.is_active

    def send(self, notice: Notice | Outgoing) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("The channel is down.")
        self.sent.append(notice.pk)


_channels: dict[str, Channel] = {"mail": Mail(), "text": Text()}


def channels() -> dict[str, Channel]:
    """Return the channels in use, by name."""
    return _channels


@contextmanager
def only(*used: Channel) -> Iterator[None]:
    """Use these channels and no others, for a while."""
    before = dict(_channels)
    _channels.clear()
    _channels.update({channel.name: channel for channel in used})
    try:
        yield
    finally:
        _channels.clear()
        _channels.update(before)

"""E-mails as files, for a node without a mail server: one `.eml` a letter, which any mail program opens."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage as Letter
from email.policy import default
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

NAME = re.compile(r"^[0-9a-f]{32}$")


class EmailBackend(BaseEmailBackend):
    """Django's way to send: each message becomes a file named after its Message-ID, so repeating it adds none."""

    def __init__(self, *, file_path: str, **options: Any) -> None:
        super().__init__(**options)
        self.folder = Path(file_path)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            content = message.message()
            name = sha256(str(content["Message-ID"]).encode()).hexdigest()[:32]
            fresh = self.folder / f"{name}.eml.new"
            fresh.write_bytes(content.as_bytes())
            fresh.replace(self.folder / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class Sent:
    """A letter that lies in the folder."""

    name: str
    to: str
    subject: str
    text: str
    at: datetime


def letters() -> list[Sent]:
    """Return the letters of this node, newest first."""
    files = sorted(settings.MAIL.glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True)
    return [_read(file) for file in files]


def letter(name: str) -> Sent | None:
    """Return one letter by its name, if there is such a one."""
    file = settings.MAIL / f"{name}.eml"
    return _read(file) if NAME.match(name) and file.exists() else None


def _read(file: Path) -> Sent:
    content = message_from_bytes(file.read_bytes(), _class=Letter, policy=default)
    body = content.get_body(("plain",))
    return Sent(
        name=file.stem,
        to=str(content["To"]),
        subject=str(content["Subject"]),
        text=body.get_content() if body else "",
        at=datetime.fromtimestamp(file.stat().st_mtime, UTC),
    )

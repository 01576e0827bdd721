"""Text messages: short, in letters every telephone and network knows, handed to whoever sends them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx
from django.conf import settings
from django.utils.translation import override

from motcua.lib.letters import bare
from motcua.notices.models import Notice, Outgoing
from motcua.notices.wording import WORDINGS

# GSM 03.38: 160 letters in one message, 153 in each part of a longer one; three parts are what a person reads.
ONE, PART, MOST_PARTS = 160, 153, 3
PATIENCE = 10.0
SIGNS = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "..."})


class Gateway(Protocol):
    """Who sends text messages; raises whatever hinders it. The same `once` is sent once, however often it is asked."""

    def send(self, number: str, text: str, *, once: str) -> None: ...


@dataclass(frozen=True)
class Folder:
    """Writes messages into a folder: for the demo, and for modems that watch one."""

    folder: Path

    def send(self, number: str, text: str, *, once: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f".{once}"
        draft.write_text(f"To: {number}\n\n{text}\n", "utf-8")
        draft.rename(self.folder / f"{once}.txt")


@dataclass(frozen=True)
class Service:
    """A provider of text messages over HTTP: JSON with number, text and identifier, a bearer token, and any 2xx means taken."""

    url: str
    token: str

    def send(self, number: str, text: str, *, once: str) -> None:
        answer = httpx.post(
            self.url,
            content=json.dumps({"id": once, "to": number, "text": text}),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "Idempotency-Key": once,
            },
            timeout=PATIENCE,
        )
        answer.raise_for_status()


@dataclass
class Text:
    """The channel: urgent notices only, to those who gave a number, at nodes that have a gateway."""

    name: str = "text"

    def reaches(self, notice: Notice | Outgoing) -> bool:
        words = WORDINGS.get(notice.code)
        wants = notice.recipient.wants_text
        return bool(words and words.is_urgent and notice.number and wants and gateway())

    def send(self, notice: Notice | Outgoing) -> None:
        way = gateway()
        if way is None:
            raise ConnectionError("No gateway for text messages is set any more (node.toml, sms).")
        way.send(notice.number, message(notice), once=str(notice.pk))


def gateway() -> Gateway | None:
    """The node's: an address, `folder` for files in its home, or none."""
    where = settings.NODE.sms
    if where == "folder":
        return Folder(settings.TEXTS)
    return Service(where, (settings.KEYS / "sms.key").read_text("utf-8").strip()) if where else None


def message(notice: Notice | Outgoing) -> str:
    """Subject and address, without diacritics: with them a message holds 70 letters instead of 160."""
    with override("vi"):
        subject = plain(notice.subject)
    link = f" {settings.NODE.web_url}{notice.link}" if notice.link else ""
    room = PART * MOST_PARTS - len(link)
    return f"{subject[:room]}{link}"


def plain(text: str) -> str:
    """Vietnamese in the letters of GSM 03.38; what has none becomes a question mark."""
    return " ".join(bare(text).translate(SIGNS).encode("ascii", "replace").decode().split())


def parts(text: str) -> int:
    """How many messages a network makes of it."""
    return 1 if len(text) <= ONE else -(-len(text) // PART)

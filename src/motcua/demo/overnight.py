"""Documents an agency writes, signs, seals and sends in one go, as they lie before a clerk in the morning."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from motcua.demo.load import actor
from motcua.dispatches import actions
from motcua.dispatches.actions.sending import in_order, send
from motcua.dispatches.messages import document_of
from motcua.dispatches.models import Outgoing
from motcua.documents.models import store
from motcua.organisations.models import Agency

# Who writes and seals, who signs, and in which post, by agency.
PEOPLE = {"G22": ("tem", "ban", "PHÓ CHỦ NHIỆM"), "H38": ("phong", "que", "PHÓ CHỦ TỊCH")}
TEXT = "Đề nghị quý cơ quan tổ chức thực hiện và báo cáo kết quả bằng văn bản.\nTrân trọng."
SCRIPT = b"<html><script>alert(1)</script></html>"


@dataclass(frozen=True)
class Letter:
    """What is sent to whom, and what is not as with any other: a file with a program, sent twice, asked back at once."""

    agency: str
    to: str
    subject: str
    urgency: int = 0
    has_program: bool = False
    comes_twice: bool = False
    recalled: str = ""


def send_all(letters: Sequence[Letter]) -> list[str]:
    """At the node of the senders: the numbers they were given."""
    return [send_one(letter) for letter in letters]


def send_one(letter: Letter) -> str:
    """Written, signed, sealed and sent by the people whose posts these are."""
    writer, head, position = PEOPLE[letter.agency]
    clerk = actor(writer)
    document = Outgoing(
        agency=letter.agency,
        kind="letter",
        subject=letter.subject,
        text=TEXT,
        receivers=[letter.to],
        urgency=letter.urgency,
    )
    if letter.has_program:
        blob = store().put([SCRIPT])
        file = {"name": "bao-cao.pdf", "media": "text/html", "size": blob.size, "digest": blob.digest}
        document.files = [file]
    actions.draft(document, by=clerk)
    actions.submit(document, by=clerk)
    actions.sign(document, by=actor(head), position=position)
    actions.issue(document, by=clerk)
    if letter.comes_twice:
        send_again(document)
    if letter.recalled:
        actions.recall(document, by=clerk, reason=letter.recalled)
    return document.number


def send_again(document: Outgoing) -> None:
    """As a system does that heard of no receipt: the same document in another message."""
    agency = Agency.objects.get(pk=document.agency)
    with transaction.atomic():
        send(document_of(document, in_order(document.receivers, document.agency), agency), document)

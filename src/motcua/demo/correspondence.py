"""Many documents at once, for measuring: what a clerk, a head and a receiver do with each; and a million to search."""

import io
import random
from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import connection
from pyhanko.pdf_utils.generic import ArrayObject, NumberObject, StreamObject
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from motcua.demo.load import actor
from motcua.dispatches import actions
from motcua.dispatches.models import Delivery, Incoming, Outgoing, Wording
from motcua.lib.letters import bare
from motcua.lib.waiting import until

TIMES = 50
FROM, TO = "G22", "H38"
WRITER, SIGNER, CLERK = "tem", "ban", "phong"
TEXT = "Đề nghị quý cơ quan thực hiện kế hoạch năm và báo cáo kết quả bằng văn bản.\nTrân trọng."
TASKS = (
    "Báo cáo",
    "Rà soát",
    "Kế hoạch",
    "Hướng dẫn",
    "Kiểm tra",
    "Thẩm định",
    "Góp ý",
    "Đôn đốc",
    "Tổng kết",
    "Công khai",
)
MATTERS = (
    "thủ tục hành chính",
    "phòng chống thiên tai",
    "đất đai",
    "tiêm chủng",
    "chuyển đổi số",
    "ngân sách",
    "hộ tịch",
    "trật tự xây dựng",
    "bảo hiểm y tế",
    "tuyển sinh",
)
PLACES = ("phường Sa Pa", "xã Bắc Hà", "xã Tả Van", "phường Cam Đường")
SUBJECTS = tuple(f"{task} {matter} tại {place}" for task in TASKS for matter in MATTERS for place in PLACES)
# Copies of what came in, each under its own number of the year and with its own word.
COPIES = """
INSERT INTO dispatches_incoming ({names})
SELECT {values} FROM originals o JOIN dispatches_incoming s ON s.id = o.id, generate_series(%(first)s, %(last)s) n
"""
WORDS = """
INSERT INTO dispatches_wording (incoming_id, words)
SELECT md5(o.id::text || ':' || n)::uuid, w.words || array_to_tsvector(ARRAY['bs' || (n * o.many + o.place)])
FROM originals o JOIN dispatches_wording w ON w.incoming_id = o.id, generate_series(%(first)s, %(last)s) n
"""
ORIGINALS = """
CREATE TEMPORARY TABLE originals AS
SELECT i.id, row_number() OVER () AS place, count(*) OVER () AS many
FROM dispatches_incoming i JOIN dispatches_wording w ON w.incoming_id = i.id
"""
OWN = {
    "id": "md5(s.id::text || ':' || n)::uuid",
    "serial": "1000000 + n * o.many + o.place",
    "document_id": "s.document_id || '/' || n",
    "arrived_at": "s.arrived_at - n * interval '1 hour'",
}


def issue(first: int, last: int, size: int) -> None:
    """At the sender's node: documents with a PDF of so many bytes each, drafted, signed, sealed, sent."""
    writer, head = actor(WRITER), actor(SIGNER)
    for number in range(first, last):
        subject = f"{SUBJECTS[number % len(SUBJECTS)]}, đợt {number}"
        letter = Outgoing(agency=FROM, kind="letter", subject=subject, text=TEXT, receivers=[TO])
        actions.draft(letter, by=writer)
        actions.enclose(letter, by=writer, name=f"phu-luc-{number}.pdf", content=appendix(number, size))
        actions.submit(letter, by=writer)
        actions.sign(letter, by=head, position="PHÓ CHỦ NHIỆM")
        actions.issue(letter, by=writer)


def appendix(number: int, size: int) -> bytes:
    """A PDF of about so many bytes that no other document has."""
    file, pdf = io.BytesIO(), PdfFileWriter()
    weight = random.Random(number).randbytes(size // 2).hex()  # noqa: S311 — only weight
    page = pdf.add_object(StreamObject(stream_data=f"% {weight}\n".encode()))
    pdf.insert_page(PageObject(contents=page, media_box=ArrayObject(map(NumberObject, (0, 0, 595, 842)))))
    pdf.write(file)
    return file.getvalue()


def wait_for(there: Callable[[], int], wanted: int, patience: float) -> None:
    """Until so many are there."""
    in_vain = TimeoutError(f"Only {there():,} of {wanted:,} after {patience:g} seconds.")
    until(lambda: there() >= wanted, patience=patience, pause=0.25, otherwise=lambda: in_vain)


def arrived() -> int:
    """At the receiver's node: how many have come."""
    return Incoming.objects.filter(agency=TO, sender=FROM).count()


def unregistered() -> list[str]:
    """At the receiver's node: what its clerk has before them."""
    waiting = Incoming.objects.filter(agency=TO, sender=FROM, state=Incoming.State.ARRIVED)
    return [str(pk) for pk in waiting.order_by("arrived_at").values_list("pk", flat=True)]


def register(pks: Iterable[str]) -> None:
    """At the receiver's node: the clerk enters each in the register of the year, which tells the sender so."""
    clerk = actor(CLERK)
    for pk in pks:
        actions.register(Incoming.objects.get(pk=UUID(pk)), by=clerk)


def standing(state: str) -> int:
    """At the sender's node: of how many documents the receiver has told that state."""
    return Delivery.objects.filter(agency=TO, state=state).count()


def multiply(target: int, say: Callable[[int], None], *, batch: int = 100) -> None:
    """At the receiver's node: copy what came in, with its words, until so many can be searched."""
    names = columns()
    values = ", ".join(OWN.get(name, f's."{name}"') for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        cursor.execute(ORIGINALS)
        cursor.execute("SELECT count(*) FROM originals")
        rounds = -(-target // cursor.fetchone()[0]) - 1
        for first in range(1, rounds + 1, batch):
            span = {"first": first, "last": min(first + batch - 1, rounds)}
            cursor.execute(COPIES.format(names=listed, values=values), span)
            cursor.execute(WORDS, span)
            say(100 * span["last"] // rounds)
        cursor.execute("VACUUM ANALYZE dispatches_incoming, dispatches_wording")


def searchable() -> int:
    """At the receiver's node: how many documents are found by their words."""
    return Wording.objects.exclude(incoming=None).count()


def columns() -> list[str]:
    """All that a document that came in is stored with."""
    return [str(field.column) for field in Incoming._meta.concrete_fields]


def searches(of: int) -> dict[str, list[str]]:
    """What officers type: words of a subject, the same without marks, and a word that one document alone has."""
    chance = random.Random(7)  # noqa: S311 — the same questions each time
    some = [" ".join(chance.sample(chance.choice(SUBJECTS).split(), 4)) for _time in range(TIMES)]
    return {
        "four words of a subject": some,
        "the same without diacritics": [bare(text) for text in some],
        "a word of one document": [f"bs{chance.randrange(of)}" for _time in range(TIMES)],
    }

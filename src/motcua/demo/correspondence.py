"""Many documents at once, for measuring: what a clerk, a head and a receiver do with each; and a million to search."""

import io
import random
from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import connection
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from motcua.demo.load import actor
from motcua.dispatches import actions
from motcua.dispatches.models import Delivery, Incoming, Outgoing, Wording
from motcua.lib.letters import bare
from motcua.lib.waiting import until

TIMES = 200
WIDTH = 400  # points of a row of a scanned page
FROM, TO = "G22", "H38"
WRITER, SIGNER, CLERK = "tem", "ban", "phong"
# A page of text, as letters are long; each letter has its own choice and order of it.
SENTENCES = (
    "Thực hiện chương trình công tác năm, cơ quan đã giao nhiệm vụ cho từng đơn vị và định kỳ kiểm tra tiến độ thực hiện.",
    "Qua rà soát, một số nhiệm vụ được giao chưa hoàn thành đúng thời hạn, chất lượng tham mưu còn hạn chế.",
    "Nguyên nhân chủ yếu là công tác phối hợp giữa các đơn vị chưa chặt chẽ, việc cung cấp số liệu còn chậm.",
    "Đề nghị quý cơ quan chỉ đạo các phòng, ban chuyên môn khẩn trương rà soát, tổng hợp và gửi báo cáo bằng văn bản.",
    "Báo cáo nêu rõ kết quả đạt được, tồn tại, khó khăn, vướng mắc, nguyên nhân và đề xuất, kiến nghị cụ thể.",
    "Kinh phí thực hiện được bố trí từ nguồn ngân sách địa phương và các nguồn huy động hợp pháp khác theo quy định.",
    "Các hộ gia đình thuộc diện di dời được hỗ trợ chỗ ở tạm, lương thực, nước sạch và chăm sóc y tế ban đầu.",
    "Tăng cường tuyên truyền trên hệ thống truyền thanh cơ sở, niêm yết công khai tại trụ sở và nhà văn hóa thôn, tổ dân phố.",
    "Trung tâm Phục vụ hành chính công bố trí đủ công chức tiếp nhận, hướng dẫn người dân nộp hồ sơ trực tuyến.",
    "Cơ sở dữ liệu hộ tịch, đất đai, bảo hiểm phải được cập nhật đầy đủ, kịp thời, bảo đảm đúng, đủ, sạch, sống.",
    "Thanh tra tỉnh chủ trì kiểm tra đột xuất việc chấp hành kỷ luật, kỷ cương hành chính tại các địa phương.",
    "Những trường hợp chậm trễ, đùn đẩy trách nhiệm phải được kiểm điểm, xử lý nghiêm theo quy định của pháp luật.",
    "Sở Tài chính thẩm định dự toán, tham mưu phân bổ kinh phí trước khi trình Hội đồng nhân dân xem xét, quyết định.",
    "Công an phối hợp lực lượng dân quân tuần tra, bảo đảm an ninh, trật tự trong thời gian diễn ra lễ hội.",
    "Ngành giáo dục chuẩn bị cơ sở vật chất, đội ngũ giáo viên, sách giáo khoa cho năm học mới.",
    "Trạm y tế tổ chức tiêm bổ sung vắc xin cho trẻ em dưới năm tuổi, phụ nữ mang thai và người cao tuổi.",
    "Ủy ban nhân dân các xã, phường chịu trách nhiệm trước Chủ tịch Ủy ban nhân dân tỉnh về kết quả thực hiện.",
    "Hạ tầng số, trang thiết bị và đường truyền phải được duy trì ổn định, có phương án dự phòng khi xảy ra sự cố.",
    "Đơn thư khiếu nại, tố cáo, kiến nghị, phản ánh của công dân phải được tiếp nhận, phân loại và giải quyết đúng hạn.",
    "Mọi vướng mắc trong quá trình thực hiện, đề nghị phản ánh về cơ quan chủ trì để tổng hợp, hướng dẫn giải quyết.",
)
PARAGRAPHS = 10
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
        letter = Outgoing(agency=FROM, kind="letter", subject=subject, text=text(number), receivers=[TO])
        actions.draft(letter, by=writer)
        actions.enclose(letter, by=writer, name=f"phu-luc-{number}.pdf", content=appendix(number, size))
        actions.submit(letter, by=writer)
        actions.sign(letter, by=head, position="PHÓ CHỦ NHIỆM")
        actions.issue(letter, by=writer)


def text(number: int) -> str:
    """What one letter says: some two hundred and fifty words."""
    chance = random.Random(number)  # noqa: S311 — only words
    return "\n".join([*chance.sample(SENTENCES, PARAGRAPHS), "Trân trọng."])


def appendix(number: int, size: int) -> bytes:
    """A page as it comes from a scanner: a PDF of about so many bytes that no other document has."""
    file, pdf = io.BytesIO(), PdfFileWriter()
    rows = size // WIDTH
    weight = random.Random(number).randbytes(rows * WIDTH)  # noqa: S311 — only weight
    scan = pdf.add_object(StreamObject(dict_data=grey(WIDTH, rows), stream_data=weight))
    page = pdf.add_object(StreamObject(stream_data=b"595 0 0 842 0 0 cm /Scan Do"))
    shown = DictionaryObject({NameObject("/XObject"): DictionaryObject({NameObject("/Scan"): scan})})
    size_of_page = ArrayObject(map(NumberObject, (0, 0, 595, 842)))
    pdf.insert_page(PageObject(contents=page, media_box=size_of_page, resources=shown))
    pdf.write(file)
    return file.getvalue()


def grey(width: int, height: int) -> dict[NameObject, PdfObject]:
    """A picture with a byte for each of its points."""
    return {
        NameObject("/Type"): NameObject("/XObject"),
        NameObject("/Subtype"): NameObject("/Image"),
        NameObject("/Width"): NumberObject(width),
        NameObject("/Height"): NumberObject(height),
        NameObject("/ColorSpace"): NameObject("/DeviceGray"),
        NameObject("/BitsPerComponent"): NumberObject(8),
    }


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

"""Anyone checks a paper: what is genuine is called so, what is not is never, and nothing about a person is told."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.documents import actions
from motcua.documents.edxml.message import Attachment as Enclosed
from motcua.documents.edxml.message import Code, Header, Organ, Trace, Traces
from motcua.documents.edxml.message import Document as Message
from motcua.documents.edxml.signatures import sign as sign_message
from motcua.documents.edxml.writing import write
from motcua.documents.models import Document, keyring
from motcua.dossiers.models import Attachment
from tests import given
from tests.documents import samples


@pytest.fixture
def certificate(db):
    """A signed birth certificate of the node."""
    given.dossier(at="signed")
    return Document.objects.get(kind="birth")


def upload(content, name="giay.pdf"):
    return Client().post("/verify/", {"file": SimpleUploadedFile(name, content)})


def verdict(page):
    """Tag, heading, and each check with its mark."""
    html = page.content.decode()
    box = html.split('class="signature')[1].split("</div>\n    <p")[0] if 'class="signature' in html else ""
    tag = re.search(r'<p class="tag (\w*)">(.*?)</p><h1>(.*?)</h1>', box)
    marks = re.findall(r'<li class="(\w*)">.*?<b>(.*?)</b>', box, re.DOTALL)
    return (*(tag.groups() if tag else ()), [(state or "good", title) for state, title in marks])


GOOD = [
    ("good", "Do đúng cơ quan cấp"),
    ("good", "Nội dung còn nguyên"),
    ("good", "Ký khi chứng thư còn hạn"),
]


def test_the_address_in_the_qr_code_says_the_paper_is_genuine(certificate):
    path = certificate.check_url.partition("//")[2].partition("/")[2]
    page = Client().get(f"/{path}")
    assert page.status_code == 200
    assert verdict(page) == ("ok", "Hợp lệ", "Giấy tờ thật", [*GOOD, ("good", "Chưa bị thu hồi")])


def test_a_stranger_learns_no_name_and_no_number(certificate):
    page = Client().get(f"/verify/{certificate.code}/").content.decode()
    assert certificate.holder not in page
    assert "•" in page
    assert re.findall(r"\b\d{12}\b", page) == []


def test_a_code_typed_any_way_leads_to_the_paper(certificate):
    for typed in (
        certificate.code,
        certificate.code.lower(),
        certificate.code.replace("-", " "),
        certificate.code.replace("-", ""),
    ):
        answer = Client().get("/verify/", {"code": typed})
        assert (answer.status_code, answer["Location"]) == (302, f"/verify/{certificate.code}/")
    assert Client().get(f"/verify/{certificate.code.lower()}/")["Location"] == f"/verify/{certificate.code}/"


@pytest.mark.parametrize(
    "typed", ["", "x", "000196004821", "K7QD-22MX", "K7QD-22MX-0R9A-5T3É", "\x00", "../../etc"]
)
def test_what_cannot_be_a_code_is_told_so(db, typed):
    page = Client().get("/verify/", {"code": typed})
    assert (page.status_code, "field-error" in page.content.decode()) == (422, True)


def test_a_code_nobody_issued_is_not_found_and_not_called_forged(db):
    page = Client().get("/verify/K7QD-22MX-0R9A-5T3E/")
    assert (page.status_code, "mỗi cơ quan trả lời cho giấy tờ mình cấp" in page.content.decode()) == (
        404,
        True,
    )


def test_the_file_one_was_sent_is_known_again(certificate):
    assert verdict(upload(certificate.content())) == (
        "ok",
        "Hợp lệ",
        "Giấy tờ thật",
        [*GOOD, ("good", "Chưa bị thu hồi")],
    )


def test_a_changed_file_is_called_changed(certificate):
    content = certificate.content()
    place = content.index(b"stream") + 40
    forged = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    state, tag, title, marks = verdict(upload(forged))
    assert (state, tag, title) == ("late", "Không hợp lệ", "Nội dung đã bị sửa sau khi ký")
    assert ("bad", "Nội dung còn nguyên") in marks


def test_a_file_signed_by_someone_unknown_is_not_believed(db):
    assert verdict(upload(samples.SEALED))[:3] == ("late", "Không hợp lệ", "Không rõ ai đã ký")


def test_a_file_issued_elsewhere_under_a_trusted_authority_holds_without_a_word_on_recall(db):
    keyring().trust("elsewhere", samples.ROOTS[0])
    state, tag, title, marks = verdict(upload(samples.SEALED))
    assert (state, tag, title, marks) == ("ok", "Chữ ký hợp lệ", "Mọi chữ ký trên tệp đều hợp lệ", GOOD)


def test_an_unsigned_file_proves_nothing(db):
    assert verdict(upload(samples.PAPER)) == ("late", "Không hợp lệ", "Tệp không có chữ ký số", [])


def test_a_form_of_the_desk_is_on_record_though_nobody_signs_it(db):
    dossier = given.dossier(at="accepted")
    receipt = Document.objects.about(dossier).get(kind="receipt")
    expected = ("ok", "Có trong sổ", "Giấy này do cơ quan lập", [])
    assert verdict(Client().get(f"/verify/{receipt.code}/")) == expected
    assert verdict(upload(receipt.content())) == expected
    changed = receipt.content().replace(b"%%EOF", b"%%EOF ")
    assert verdict(upload(changed)) == ("late", "Không hợp lệ", "Tệp không có chữ ký số", [])
    Document.objects.filter(pk=receipt.pk).update(kind="certificate")
    assert verdict(Client().get(f"/verify/{receipt.code}/"))[0] == "late"


def test_a_form_of_the_desk_bears_the_agencys_seal_where_the_node_keeps_it(db):
    dossier = given.dossier()
    given.keys()
    given.accept(dossier)
    receipt = Document.objects.about(dossier).get(kind="receipt")
    assert Attachment.objects.get(kind="receipt").digest == receipt.digest  # sealed before it went to her
    page = Client().get(f"/verify/{receipt.code}/")
    assert verdict(page) == ("ok", "Hợp lệ", "Giấy tờ thật", [*GOOD, ("good", "Chưa bị thu hồi")])
    signer = re.search(r"Dấu của.*?<dd.*?>(.*?)<", page.content.decode(), re.DOTALL)
    assert signer[1].strip() == given.AGENCIES[given.SA_PA]
    desk = Client()
    given.sign_in(desk, "suong")
    assert desk.get(f"/desk/dossiers/{dossier.pk}/documents/{receipt.pk}/").content == receipt.content()


@pytest.mark.parametrize("rubbish", [b"x", b"\x00" * 100, b"<html>", b"\xff\xd8\xff\xe0", b"PK\x03\x04"])
def test_rubbish_is_answered_in_words(db, rubbish):
    page = upload(rubbish)
    assert (page.status_code, verdict(page)[:3]) == (200, ("late", "Không hợp lệ", "Đây không phải tệp PDF"))


def test_a_broken_pdf_is_answered_in_words(db):
    assert verdict(upload(b"%PDF-1.7\n" + b"\x00" * 50))[2] in {
        "Không đọc được tệp",
        "Tệp không có chữ ký số",
    }


def test_without_a_file_one_is_asked_for_it(db):
    page = Client().post("/verify/", {})
    assert (page.status_code, "Hãy chọn tệp PDF hoặc edXML bạn nhận được." in page.content.decode()) == (
        422,
        True,
    )


def test_a_recalled_paper_is_called_recalled(certificate):
    actions.revoke(certificate, by=given.officer("chair"), reason="Ghi sai tên.")
    state, tag, title, marks = verdict(Client().get(f"/verify/{certificate.code}/"))
    assert (state, tag, title, marks[-1]) == (
        "late",
        "Không hợp lệ",
        "Giấy tờ này đã bị thu hồi",
        ("bad", "Chưa bị thu hồi"),
    )


def test_an_upload_is_kept_nowhere(certificate, settings):
    def kept():
        return sorted(path for path in settings.FILES.rglob("*") if path.is_file()), Document.objects.count()

    before = kept()
    upload(samples.SEALED)
    upload(b"x")
    assert kept() == before


def test_checking_a_paper_needs_few_queries(certificate):
    client = Client()
    client.get(f"/verify/{certificate.code}/")
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/verify/{certificate.code}/")
    assert len(asked) <= 4


def test_a_page_for_everyone_sets_no_cookie_on_who_only_reads(certificate):
    assert dict(Client().get(f"/verify/{certificate.code}/").cookies) == {}
    assert io.BytesIO(certificate.content()).read(5) == b"%PDF-"


def test_a_file_whose_signatures_break_a_rule_of_form_says_which(db):
    keyring().trust("elsewhere", samples.ROOTS[0])
    page = upload(samples.SIGNED).content.decode()
    assert "Thiếu chữ ký số của cơ quan; chỉ có chữ ký số cá nhân." in page
    assert "Nghị định 30/2020/NĐ-CP, Điều 5" in page
    assert "thể hiện đúng Nghị định" in upload(samples.SEALED).content.decode()


def message():
    """A message of the axis with one signed PDF in it."""
    files = (Enclosed(content_id="f1", name="01-UBND.pdf", content=samples.SIGNED),)
    return write(
        Message(
            header=Header(
                sender=Organ(organ_id=samples.CODE, name=samples.AGENCY),
                receivers=(Organ(organ_id="H38.15", name="Xã Bắc Hà"),),
                document_id="H38.12,2026/11/20,01/UBND",
                code=Code(number="01", notation="UBND"),
                subject="Cử cán bộ dự họp",
            ),
            traces=Traces(hops=(Trace(organ_id=samples.CODE, at=samples.NOW),)),
            attachments=files,
        )
    )


def test_a_message_of_the_axis_says_who_signed_it_and_what_is_in_it(db):
    keyring().trust("elsewhere", samples.ROOTS[0])
    page = upload(sign_message(message(), samples.SEAL), "vb.edxml")
    assert verdict(page)[:3] == ("ok", "Chữ ký hợp lệ", "Mọi chữ ký trên tệp đều hợp lệ")
    html = page.content.decode()
    assert all(words in html for words in ("01/UBND", "Cử cán bộ dự họp", "01-UBND.pdf", "Phạm Quốc Khánh"))
    assert "Thiếu chữ ký số của cơ quan" in html


def test_a_message_nobody_known_signed_or_nobody_at_all_is_not_believed(db):
    signed = sign_message(message(), samples.SEAL)
    assert verdict(upload(signed, "vb.edxml"))[:3] == ("late", "Không hợp lệ", "Không rõ ai đã ký")
    assert verdict(upload(message(), "vb.edxml"))[2] == "Tệp không có chữ ký số"


def test_a_changed_message_is_called_changed_and_a_broken_one_says_where(db):
    keyring().trust("elsewhere", samples.ROOTS[0])
    signed = sign_message(message(), samples.SEAL)
    changed = signed.replace("Cử cán bộ dự họp".encode(), "Cử cán bộ đi họp".encode())
    assert verdict(upload(changed, "vb.edxml"))[2] == "Nội dung đã bị sửa sau khi ký"
    broken = upload(signed[:2000], "vb.edxml")
    assert verdict(broken)[2] == "Không đọc được văn bản điện tử"


def test_a_message_with_entities_is_refused_in_words(db):
    bomb = b'<?xml version="1.0"?><!DOCTYPE edXML [<!ENTITY a "aaaa">]><edXML>&a;</edXML>'
    assert verdict(upload(bomb, "vb.edxml"))[2] == "Không đọc được văn bản điện tử"

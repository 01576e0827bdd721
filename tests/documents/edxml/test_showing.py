"""motcua documents edxml show: what a file says in an officer's words, or why it is refused."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from motcua.documents.edxml import message as m
from motcua.documents.edxml.shape import elements
from motcua.documents.edxml.showing import LABELS
from tests.documents.edxml.test_reading import SAMPLES

PARTS = [
    part for part in vars(m).values() if isinstance(part, type) and hasattr(part, "__dataclass_fields__")
]


def test_every_element_has_a_name_in_an_officers_words_and_none_is_left_over() -> None:
    named = {shape.within or shape.name for part in PARTS for _, shape in elements(part)}
    assert set(LABELS) == named


def shown(file: str) -> list[str]:
    said = StringIO()
    with override("vi"):
        call_command("documents", "edxml", "show", str(SAMPLES / file), stdout=said)
    return said.getvalue().splitlines()


def test_a_state_is_shown() -> None:
    assert shown("status_acceptance_03.edxml") == [
        "Trạng thái văn bản: 03, đã vào sổ văn bản đến",
        "  Bên gửi",
        "    Mã định danh: 000.00.00.H41",
        "    Cơ quan chủ quản: UBND Tỉnh Nghệ An",
        "    Cơ quan: UBND Tỉnh Nghệ An",
        "    Địa chỉ: Số 03, đường Trường Thi, Thành phố Vinh, Tỉnh Nghệ An, Việt Nam",
        "    Thư điện tử: nghean@gov.vn",
        "    Số điện thoại: 0383 840418",
        "    Fax: 0383 843049",
        "    Trang thông tin: www.nghean.vn",
        "  Về văn bản",
        "    Mã định danh: 000.00.00.G22",
        "    Số, ký hiệu: 7816/VPCP-TTĐT",
        "    Ngày ban hành: 30/09/2015",
        "    Định danh văn bản: 000.00.00.G22,2015/09/30,7816/VPCP-TTĐT",
        "  Cán bộ liên hệ",
        "    Phòng, ban: Phong hanh chinh",
        "    Cán bộ: Nguyen thi ngoc tram",
        "    Thư điện tử: ngoctram@nghean.vn",
        "    Điện thoại di động: 84912000001",
        "  Mã trạng thái: 03 (đã vào sổ văn bản đến)",
        "  Diễn giải: Văn thư cơ - Phòng Văn thư - Lưu trữ: Tiếp nhận văn bản điện tử, vào sổ văn bản đến của đơn vị",
        "  Thời điểm: 11:08:36 20/09/2015",
        "Chữ ký số: không có.",
    ]


def test_a_document_is_shown_with_its_files_and_every_warning() -> None:
    said = shown("edoc_update.edxml")
    assert said[0] == "Văn bản: cập nhật"
    assert said[-4:] == [
        "  Tệp: 1896_QD-TTg_m_294779.doc, 388347 byte",
        "Chữ ký số: không kiểm tra được.",
        "Lưu ý: edXMLHeader/Signature: Không kiểm tra được chữ ký số: chữ ký không thuộc không gian tên của chữ ký XML.",
        "Lưu ý: AttachmentEncoded/Attachment[1]: Tệp mang tên “1896_QD-TTg_m_294779.doc”, nhưng trong gói zip là “3ed3cc90-1dcb-4382-9725-1de9cd899790.edxml”.",
    ]


def test_what_is_refused_says_why_and_where(tmp_path: Path) -> None:
    file = tmp_path / "x.edxml"
    file.write_bytes((SAMPLES / "status.edxml").read_bytes().replace(b">01<", b">99<"))
    with override("vi"), pytest.raises(CommandError) as refused:
        call_command("documents", "edxml", "show", str(file))
    assert (
        str(refused.value)
        == "Từ chối đọc thông điệp này. MessageHeader/StatusCode: “99” không phải là mã trạng thái văn bản."
    )


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with override("vi"), pytest.raises(CommandError, match=r"^Không mở được tệp: "):
        call_command("documents", "edxml", "show", str(tmp_path / "none.edxml"))

"""Papers: they say what was entered, look as the law wants, and are PDF/A."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.sign.fields import enumerate_sig_fields

from motcua.documents import press
from motcua.lib import qr
from tests.documents import reading, samples

PAPERS = {
    "receipt": samples.receipt(own="https://laocai.example/receipt/?code=H38.03006-261116-0042"),
    "supplement": samples.supplement(),
    "refusal": samples.refusal(),
    "stop": samples.stop(),
    "register": samples.register(),
    "birth": samples.birth(),
    "certificate": samples.certificate(),
}


@pytest.fixture(scope="module", params=PAPERS)
def printed(request):
    paper = PAPERS[request.param]
    return paper, press.print_paper(paper, at=samples.NOW)


def test_every_paper_declares_pdf_a_2b(printed):
    marks = re.findall(r'pdfaid:(part|conformance)(?:="|>)(\w+)', reading.metadata(printed[1]))
    assert sorted(marks) == [("conformance", "B"), ("part", "2")]


def test_every_paper_is_at_least_pdf_1_4_with_an_output_intent(printed):
    reader = reading.opened(printed[1])
    assert reader.input_version >= (1, 4)
    assert str(reader.root["/OutputIntents"][0]["/S"]) == "/GTS_PDFA1"


def test_every_font_is_ours_and_embedded(printed):
    fonts = reading.fonts(printed[1])
    assert fonts
    assert all(fonts.values())
    assert {re.sub(r"/\w{6}\+|-\w+$", "", name) for name in fonts} == {"LiberationSerif"}


def test_receipts_are_a5_and_certificates_a4(printed):
    paper, pdf = printed
    a4 = [0, 0, 210, 297]
    wanted = {"birth": a4, "certificate": a4, "register": [0, 0, 297, 210]}.get(
        paper.template, [0, 0, 148, 210]
    )
    assert reading.media_box(pdf) == wanted


def test_every_paper_bears_the_nation_and_the_agency(printed):
    text = reading.text(printed[1])
    assert "CỘNGHÒAXÃHỘICHỦNGHĨAVIỆTNAM" in text
    assert "Độclập-Tựdo-Hạnhphúc" in text
    assert "ỦYBANNHÂNDÂNPHƯỜNGHOASEN" in text


def test_every_value_entered_stands_on_the_paper(printed):
    paper, pdf = printed
    text = reading.text(pdf).casefold()
    data = press.entered(paper)
    del data["check"]["qr"], data["check"]["url"]
    if paper.template == "receipt":
        del data["own"], data["own_qr"]
    if paper.template not in {"birth", "register"}:
        del data["check"]["code"]
    if paper.template != "birth":
        del data["on"]
    hidden = {samples.APPLICANT.number} if paper.template == "supplement" else set()
    missing = [value for value in values(data) if value not in hidden and tight(value) not in text]
    assert missing == []


def test_the_certificate_has_the_fields_of_the_law():
    labels = [
        "Họ, chữ đệm, tên:", "Ngày, tháng, năm sinh:", "Ghi bằng chữ:", "Giới tính:", "Dân tộc:", "Quốc tịch:", "Nơi sinh:",
        "Quê quán:", "Số định danh cá nhân:", "Họ, chữ đệm, tên người mẹ:", "Họ, chữ đệm, tên người cha:",
        "Họ, chữ đệm, tên người đi khai sinh:", "Nơi đăng ký khai sinh:", "Ngày, tháng, năm đăng ký:", "Quyển số:",
    ]  # fmt: skip
    text = reading.text(samples.PAPER)
    assert [label for label in labels if label.replace(" ", "") not in text] == []


def test_an_undeclared_father_leaves_dotted_lines():
    assert "ngườicha:......" in reading.text(samples.PAPER)


def test_one_paper_fits_one_page(printed):
    assert len(reading.pages(reading.opened(printed[1]))) == 1


def test_a_long_register_repeats_its_head_on_every_page():
    pdf = press.print_paper(samples.register(60), at=samples.NOW)
    pages = len(reading.pages(reading.opened(pdf)))
    assert pages > 1
    assert reading.text(pdf).count("Mãhồsơ") == pages
    assert f"Trang{pages}/{pages}" in reading.text(pdf)


def test_a_long_list_of_papers_runs_on_to_a_second_page():
    many = samples.receipt(papers=tuple(f"Giấy tờ thứ {number}" for number in range(60)))
    pdf = press.print_paper(many, at=samples.NOW)
    assert len(reading.pages(reading.opened(pdf))) == 2
    assert "Giấytờthứ59" in reading.text(pdf)
    assert "Khôngcầntàikhoản" not in reading.text(pdf)


def test_a_receipt_of_the_counter_says_by_a_code_of_its_own_where_to_add_withdraw_complain_and_rate():
    paper = PAPERS["receipt"]
    assert "quétmãnàyđểbổsung,rúthồsơ,gửiphảnánhvàđánhgiá" in reading.text(
        press.print_paper(paper, at=samples.NOW)
    )
    assert press.entered(paper)["own_qr"] == qr.svg(paper.own)


def test_a_receipt_says_what_is_still_to_be_paid_and_how_on_the_same_page():
    fee = {"fee": "16.000 đồng, chưa nộp; mã nộp tiền MC0TEST000", "pay": "https://laocai.example/pay/1/"}
    paper = samples.receipt(own=PAPERS["receipt"].own, pay_code="000201", **fee)
    pdf = press.print_paper(paper, at=samples.NOW)
    assert len(reading.pages(reading.opened(pdf))) == 1
    assert "mãnộptiềnMC0TEST000" in reading.text(pdf)
    assert press.entered(paper)["pay_qr"] == qr.svg("000201")


@pytest.mark.parametrize(
    ("paper", "fields"),
    [
        ("receipt", ["signer"]),
        ("supplement", ["signer"]),
        ("refusal", ["signer"]),
        ("stop", ["signer"]),
        ("register", ["signer"]),
        ("birth", ["signer", "seal"]),
    ],
)
def test_papers_leave_room_for_their_signatures(paper, fields):
    pdf = press.print_paper(PAPERS[paper], at=samples.NOW)
    assert [name for name, _value, _field in enumerate_sig_fields(reading.opened(pdf))] == fields


def test_the_seal_covers_the_left_third_of_the_personal_signature():
    fields = {
        name: [float(edge) for edge in field.get_object()["/Rect"]]
        for name, _value, field in enumerate_sig_fields(reading.opened(samples.PAPER))
    }
    (left, bottom, right, top), seal = fields["signer"], fields["seal"]
    assert abs((seal[2] - left) / (right - left) - 1 / 3) < 0.01
    assert seal[0] < left
    assert abs((seal[1] + seal[3]) / 2 - (bottom + top) / 2) < 1


@settings(max_examples=15, deadline=None)
@given(st.text(alphabet=st.sampled_from("#$@*_`\\\"<>[](){}=-+/~%&;:'^|ăƯế1a "), min_size=1, max_size=40))
def test_what_people_type_is_never_read_as_markup(typed):
    pdf = press.print_paper(samples.birth(child=samples.child("A" + typed + "Z")), at=samples.NOW)
    assert tight("A" + typed + "Z") in reading.text(pdf).casefold()


def test_letters_typed_in_parts_are_put_together():
    parts = unicodedata.normalize("NFD", "Nguyễn Thị Lượng Ở Huế")
    pdf = press.print_paper(samples.receipt(officer=parts), at=samples.NOW)
    assert "NguyễnThịLượngỞHuế" in reading.text(pdf)


def test_every_vietnamese_letter_prints():
    letters = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"
    pdf = press.print_paper(samples.receipt(officer=letters + letters.upper()), at=samples.NOW)
    assert letters + letters.upper() in reading.text(pdf)


def test_a_letter_the_typeface_lacks_stops_the_press():
    with pytest.raises(press.Unprintable):
        press.print_paper(samples.birth(child=samples.child("李安")), at=samples.NOW)


def test_the_seal_is_drawn_on_nothing_and_in_red():
    image = press.picture("seal", {"agency": samples.AGENCY})
    pixels = reading.pixels(image)
    assert pixels.getpixel((2, 2))[3] == 0
    red, green, blue, alpha = pixels.getpixel((pixels.width // 2, pixels.height // 2))
    assert (red > 200, green < 40, blue < 60, alpha) == (True, True, True, 255)


@pytest.mark.parametrize("agency", ["A", "Bộ Tư pháp", "Ủy ban nhân dân xã Bát Xát tỉnh Lào Cai " * 3])
def test_any_name_goes_round_the_seal(agency):
    image = reading.pixels(press.picture("seal", {"agency": agency}))
    assert abs(image.width / 300 * 25.4 - 36) < 0.2


def values(data):
    """Every text entered, however deep."""
    if isinstance(data, dict):
        return [found for inner in data.values() for found in values(inner)]
    if isinstance(data, list):
        return [found for inner in data for found in values(inner)]
    return [data] if data else []


def tight(text):
    return text.replace(" ", "").casefold()

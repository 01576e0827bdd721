"""The promise to the mother: found, filled in, sent, followed and received on a small telephone, with no script at all."""

import re

import pytest

NAME = "Liên thông thủ tục hành chính về đăng ký khai sinh, đăng ký thường trú, cấp thẻ bảo hiểm y tế cho trẻ em dưới 6 tuổi"
REGISTER, ACCOUNT = "Từ Cơ sở dữ liệu quốc gia về dân cư", "Từ tài khoản của bạn"
STORY = {
    "home": "Bạn cần làm việc gì?",
    "found": "Kết quả cho “dang ky khai sinh”",
    "procedure": NAME,
    "begin": "Bạn nộp ở đâu?",
    "form: relation": "Bạn là ai của bé?",
    "form: child": "Bé",
    "form: birthplace": "Nơi bé sinh ra",
    "form: origin": "Quê quán, dân tộc, quốc tịch của bé",
    "form: mother": "Mẹ của bé",
    "form: father": "Cha của bé",
    "form: home": "Nơi bé sẽ thường trú",
    "form: insurance": "Thẻ bảo hiểm y tế",
    "form: receiving": "Nhận kết quả",
    "refused file": "Giấy tờ",
    "papers": "Giấy tờ",
    "check": "Xem lại trước khi nộp",
    "sent": "Hồ sơ đã gửi. Cơ quan sẽ tiếp nhận.",
    "dossier to receive": f"{NAME}: Trần Hạ Mây",
    "work list": "Việc hôm nay",
    "received": "Hồ sơ đã được tiếp nhận. Đồng hồ đang chạy.",
    "dossier to examine": f"{NAME}: Trần Hạ Mây",
    "examined": "Hồ sơ đang được giải quyết.",
    "dossier to sign": f"{NAME}: Trần Hạ Mây",
    "signed": f"{NAME}: Trần Hạ Mây",
    "result": "Xong rồi: kết quả đã đến tay bạn.",
    "rated": "Xong rồi: kết quả đã đến tay bạn.",
}


def test_a_mother_gets_a_birth_certificate_without_a_script(birth):
    assert {name: seen.heading for name, seen in birth.seen.items()} == STORY
    assert birth.certificate[:5] == b"%PDF-"


@pytest.mark.parametrize("name", STORY)
def test_each_page_of_the_story_is_accessible_and_fits_the_screen(birth, name):
    assert birth.seen[name].faults == []


def test_what_the_state_knows_is_there_and_says_where_from(birth):
    known = {group: fields for group, (fields, _sources) in birth.filled.items() if fields}
    assert known == {
        "relation": ["applicant_phone"],
        "origin": ["child_home_town", "child_ethnicity", "child_nationality"],
        "mother": [
            "mother_known",
            "mother_number",
            "mother_name",
            "mother_birth_year",
            "mother_ethnicity",
            "mother_nationality",
            "mother_residence",
        ],
        "home": ["child_address"],
    }
    said = {
        group: {re.sub(r", \d\d/\d\d, \d+:\d\d$", "", words) for words in sources}
        for group, (_fields, sources) in birth.filled.items()
        if sources
    }
    assert said == {"relation": {ACCOUNT}, "origin": {REGISTER}, "mother": {REGISTER}, "home": {REGISTER}}


def test_a_file_that_is_no_picture_is_refused_in_words(birth):
    assert birth.refusal == ["Không nhận loại tệp này. Gửi tệp PDF, JPG hoặc PNG."]


def test_the_browser_complains_of_nothing_but_the_refused_file(birth):
    complaints = [words for walker in birth.people.values() for words in walker.complaints]
    assert [words for words in complaints if "status of 404" not in words] == [
        "Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"
    ]


def test_the_mother_sees_who_has_read_her_record(birth):
    mother = birth.enter("may")
    mother.open("/my/data/")
    rows = mother.texts("section[aria-labelledby=register-1] tbody tr")
    read = [row for row in rows if birth.code in row]
    assert [re.sub(r"^[\d/]+, [\d:]+ | Hỏi vì sao .*$", "", row) for row in read] == [
        f"Trần Hạ Mây Văn phòng Chính phủ Họ tên, ngày sinh, quê quán, nơi cư trú {NAME} {birth.code}"
    ]


def test_anyone_follows_the_dossier_by_its_code_and_learns_no_name(birth):
    anyone = birth.anyone("vpcp")
    anyone.open("/tracking/")
    anyone.page.get_by_label("Mã hồ sơ").fill(birth.code.lower())
    anyone.press("Tra cứu")
    assert (anyone.heading, "Mây" in anyone.text) == ("Hồ sơ đã trả kết quả", False)


def test_anyone_verifies_the_certificate_by_the_code_printed_on_it(birth):
    anyone = birth.anyone("laocai")
    anyone.open("/verify/")
    anyone.page.get_by_label("Mã kiểm tra").fill(birth.printed_code.lower())
    anyone.press("Kiểm tra mã")
    assert (anyone.heading, "Mây" in anyone.text) == ("Giấy tờ thật", False)


def test_anyone_verifies_the_certificate_by_its_file(birth):
    changed = bytearray(birth.certificate)
    changed[len(changed) // 3] ^= 1
    anyone, verdicts = birth.anyone("laocai"), []
    for file in (birth.certificate, bytes(changed)):
        anyone.open("/verify/")
        anyone.give("giay-khai-sinh.pdf", file, "application/pdf")
        anyone.press("Kiểm tra tệp")
        verdicts.append((anyone.heading, birth.looker.faults(anyone.page)))
    assert verdicts == [("Giấy tờ thật", []), ("Nội dung đã bị sửa sau khi ký", [])]


def test_the_country_counts_the_dossier(birth):
    anyone = birth.anyone("vpcp")
    anyone.wait_at("/numbers/", "h1:has-text('100,0%')")
    assert anyone.heading == "100,0% hồ sơ được giải quyết đúng hẹn"

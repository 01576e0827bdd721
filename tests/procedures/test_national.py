"""The national portal's records: what is certain is taken, the rest stays the portal's own text."""

import json
from pathlib import Path

import pytest

from motcua.procedures.national import services, tables
from motcua.procedures.national.records import Unusable, read
from motcua.procedures.schema import Term
from motcua.procedures.unread import Work, work_left
from motcua.procedures.vocabulary import Audience, Channel, Level, OnlineKind, Unit
from motcua.procedures.words import WORK
from tests.procedures.samples import ON, portal

SAMPLES = Path(__file__).parent / "data" / "portal.jsonl"
REAL = Path(__file__).parents[3] / "shared" / "data" / "procedures.jsonl.xz"


@pytest.fixture(scope="module")
def dragons():
    return [read(json.loads(line), ON) for line in SAMPLES.read_text("utf-8").splitlines()]


def test_a_record_understood_in_full_leaves_no_raw_text(dragons):
    assert dragons[0].raw == {}
    assert dragons[0].levels == (Level.PROVINCE, Level.COMMUNE)
    assert dragons[0].notes == {"loai_thu_tuc": "Loại khác", "co_quan_phoi_hop": "Sở Thú y"}
    assert dragons[0].agency.vi == "Ủy ban nhân dân xã"
    assert dragons[0].conditions is None
    assert not dragons[0].is_offered


def test_labels_with_commas_are_not_split(dragons):
    assert dragons[0].audience.who == (Audience.CITIZEN, Audience.CIVIL_SERVANT, Audience.ORGANISATION)


def test_time_and_fee_differ_by_the_way_of_filing(dragons):
    dragon = dragons[0]
    assert dragon.channels == (Channel.ONLINE, Channel.DIRECT, Channel.POST)
    assert [dragon.fee_for(None, channel).amount for channel in dragon.channels] == [10000, 20000, 0]
    terms = [dragon.term_for(None, channel) for channel in dragon.channels]
    assert [(term.value, term.unit) for term in terms] == [
        (7, Unit.WORKING_DAYS),
        (7, Unit.WORKING_DAYS),
        (10, Unit.DAYS),
    ]
    assert dragon.fee_for(None, Channel.DIRECT).note.vi == "Nộp tại quầy."
    assert dragon.online.kind is OnlineKind.UNKNOWN


def test_each_case_has_its_papers(dragons):
    assert [(case.id, case.name.vi) for case in dragons[0].cases] == [
        ("case_1", "Rồng lửa"),
        ("case_2", "Rồng nước"),
    ]
    assert [
        (paper.name.vi, paper.originals, paper.copies, paper.template)
        for paper in dragons[0].papers_for("case_1")
    ] == [
        ("Đơn đề nghị (Mẫu số 01)", 1, 0, "Mau01.docx"),
        ("Sổ tiêm chủng của rồng", 0, 1, ""),
    ]
    assert [paper.name.vi for paper in dragons[0].papers_for("case_2")] == ["Giấy xác nhận biết bơi"]


def test_legal_bases_and_results_are_told_apart(dragons):
    assert [(basis.number, basis.title) for basis in dragons[0].legal_basis] == [
        ("1/2024/QH15", "Luật Nuôi rồng năm 2024"),
        ("02/2025/TT-BTC", "Thông tư số 02/2025/TT-BTC ngày 01/01/2025 của Bộ Tài chính"),
        ("60/2014/QH13", "Luật 60/2014/QH13"),
    ]
    assert [(result.code, result.name.vi) for result in dragons[0].results] == [
        ("KQ.H38.000001", "Giấy phép nuôi rồng"),
        ("KQ.H38.000002", "Thẻ rồng"),
    ]


def test_what_is_not_certain_is_kept_as_the_portal_wrote_it(dragons):
    assert dragons[1].raw.keys() == {
        "cap_thuc_hien",
        "doi_tuong_thuc_hien",
        "cach_thuc_thuc_hien",
        "thanh_phan_ho_so",
        "can_cu_phap_ly",
        "ket_qua_xu_ly",
    }
    assert dragons[1].audience.who == (Audience.FOREIGNER, Audience.RESIDENT_FOREIGNER)
    assert dragons[1].papers == dragons[1].legal_basis == dragons[1].results == ()
    assert dragons[1].process is None


def test_a_number_without_its_unit_is_no_term(dragons):
    assert dragons[1].term_for(None, Channel.DIRECT) == Term(channels=(Channel.DIRECT,), raw="5")
    assert dragons[1].term_for(None, Channel.ONLINE).unit is None


def test_free_with_a_remark_is_not_taken_for_free(dragons):
    assert dragons[1].fee_for(None, Channel.DIRECT).amount is None


@pytest.mark.parametrize(
    ("row", "amount", "is_sure"),
    [
        ("Miễn phí", 0, True),
        ("Miễn phíNộp trực tiếp", 0, True),
        ("8,000 VNĐ", 8000, True),
        ("1,200,000 Việt Nam Đồng(/hồ sơ)", 1200000, True),
        ("150 VNĐ(150.000 đồng/lần/thẻ.)", None, False),
        ("10 USD(/bản)", None, False),
        ("Theo quy định", None, False),
    ],
)
def test_a_fee_is_read_only_where_it_can_be_believed(row, amount, is_sure):
    fee, sure = tables.fee_of(Channel.DIRECT, row)
    assert (fee.amount, sure) == (amount, is_sure)


def test_no_information_is_no_fee_unless_something_is_said():
    assert tables.fee_of(Channel.DIRECT, "Không có thông tin") == (None, True)
    assert tables.fee_of(Channel.DIRECT, "Không có thông tinTheo Nghị quyết")[0].note.vi == "Theo Nghị quyết"


HEAD = "--" + tables.PAPERS_HEAD


@pytest.mark.parametrize(
    ("text", "papers", "left"),
    [
        (HEAD + "Tờ khai1 bản chínhẢnh2 bản chính,1 bản sao", [("Tờ khai", 1, 0), ("Ảnh", 2, 1)], ""),
        (HEAD + "Kèm 1 bản chính giấy cũ1 bản sao", [("Kèm 1 bản chính giấy cũ", 0, 1)], ""),
        (HEAD + "Ảnh 4x612 bản chính", [("Ảnh 4x", None, 0)], "612 bản chính"),
        (HEAD + "Mẫu năm 20241 bản chính", [], "Mẫu năm 20241 bản chính"),
        (HEAD + "Đơn1 bản chínhcòn gì nữa", [], "Đơn1 bản chínhcòn gì nữa"),
        ("Không có bảng", [], "Không có bảng"),
    ],
)
def test_papers_are_counted_where_the_count_stands_alone(text, papers, left):
    asked = tables.papers(text)
    assert asked.left_over == left
    assert [(paper.name.vi, paper.originals, paper.copies) for paper in asked.papers] == papers


def test_one_heading_alone_introduces_and_a_section_is_no_case():
    alone = tables.papers("Hồ sơ gồm:" + tables.PAPERS_HEAD + "Đơn1 bản chính")
    intro = tables.papers("Nộp một bộ" + tables.PAPERS_HEAD + "Đơn1 bản chính")
    for asked, section in ((alone, "Hồ sơ gồm"), (intro, "Nộp một bộ")):
        assert asked.cases == {}
        assert [(paper.section.vi, paper.cases) for paper in asked.papers] == [(section, ())]


def test_a_title_that_swallowed_another_is_left_to_the_reader():
    text = "Luật Cư trúThông tư lạ 99/XYZNghị định123/2015/NĐ-CP"
    assert tables.legal_basis(text) == ((), "Luật Cư trúThông tư lạ 99/XYZ")


def test_a_mention_in_a_title_is_not_the_number():
    text = "Hướng dẫn Nghị định 123/2015/NĐ-CP và Luật 60/2014/QH13, sửa đổi04/2020/TT-BTP"
    [basis] = tables.legal_basis(text)[0]
    assert (basis.number, basis.title) == (
        "04/2020/TT-BTP",
        "Hướng dẫn Nghị định 123/2015/NĐ-CP và Luật 60/2014/QH13, sửa đổi",
    )


def test_a_number_cell_that_begins_with_its_kind_is_cut_there():
    text = "Quy định của Bộ Tư phápThông tư số 03/2023/TT-BTPLuật Hộ tịch60/2014/QH13"
    assert [(basis.number, basis.title) for basis in tables.legal_basis(text)[0]] == [
        ("03/2023/TT-BTP", "Quy định của Bộ Tư pháp"),
        ("60/2014/QH13", "Luật Hộ tịch"),
    ]


@pytest.mark.parametrize("record", [{"ma_thu_tuc": "12"}, {"ma_thu_tuc": "1.000001"}, {}])
def test_a_record_without_code_or_name_is_unusable(record):
    with pytest.raises(Unusable):
        read(record, ON)


@pytest.mark.parametrize(
    ("raw", "more", "left"),
    [
        ({}, {}, []),
        ({"thanh_phan_ho_so": "…"}, {}, ["papers"]),
        ({"cach_thuc_thuc_hien": "…"}, {}, ["ways"]),
        ({"cach_thuc_thuc_hien": "…"}, {"fees": [{"raw": "tùy"}]}, ["fee"]),
        ({"cach_thuc_thuc_hien": "…"}, {"terms": [{"raw": "7"}], "fees": [{"amount": 0}]}, ["term"]),
        (
            {"cach_thuc_thuc_hien": "…", "can_cu_phap_ly": "…"},
            {"terms": [{"raw": "7"}], "fees": [{"raw": "tùy"}]},
            ["fee", "term", "basis"],
        ),
    ],
)
def test_what_was_not_understood_is_a_kind_of_work(raw, more, left):
    assert work_left(portal("9.000009", "Thủ tục", raw=raw, **more)) == left


def test_every_kind_of_work_has_its_words():
    assert set(WORK) == set(Work)


WAY = {"KENH": "1", "THOIGIAN": [{"THOIGIANGIAIQUYET": 5, "DONVITINH": "Ngày làm việc"}]}


def answer(**changes):
    """What LayThuTuc tells of a procedure."""
    told = {"MATTHC": "1.000001", "TENTTHC": "Cấp giấy phép nuôi rồng", "CACHTHUCTHUCHIEN": [WAY]}
    return services.read(told | changes, ON)


def test_an_answer_of_the_portal_is_read_field_by_field():
    read = answer(LINHVUCTHUCHIEN=[{"TENLINHVUC": "Rồng"}], YEUCAU="Không có", COQUANTHUCHIEN=None)
    assert (read.field.vi, read.conditions, read.agency, read.raw) == ("Rồng", None, None, {})
    assert [(one.value, one.unit) for one in read.terms] == [(5, Unit.WORKING_DAYS)]
    fee = {"SOTIEN": "1,500,000", "DONVI": "Đồng", "MOTA": "mỗi con"}
    hung = answer(CACHTHUCTHUCHIEN=[WAY | {"THOIGIAN": [{**WAY["THOIGIAN"][0], "PHILEPHI": [fee]}]}])
    beside = answer(CACHTHUCTHUCHIEN=[WAY | {"PHILEPHI": [fee]}])
    assert hung.fees == beside.fees
    assert (hung.fees[0].amount, hung.fees[0].note.vi, hung.raw) == (1_500_000, "mỗi con", {})


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({"CACHTHUCTHUCHIEN": [{"KENH": "9"}]}, [Work.WAYS]),
        ({"CACHTHUCTHUCHIEN": [WAY | {"THOIGIAN": [{"THOIGIANGIAIQUYET": "vài"}]}]}, [Work.TERM]),
        ({"CACHTHUCTHUCHIEN": [WAY | {"PHILEPHI": [{"MOTA": "theo HĐND"}]}]}, [Work.FEE]),
        ({"CACHTHUCTHUCHIEN": [WAY | {"PHILEPHI": [{"SOTIEN": "10", "DONVI": "USD"}]}]}, [Work.FEE]),
        ({"THANHPHANHOSO": [{"GIAYTO": [{"TENGIAYTO": "Tờ khai", "SOBANCHINH": "một"}]}]}, [Work.PAPERS]),
        ({"KETQUATHUCHIEN": [{"TENKETQUA": "Giấy phép"}]}, [Work.RESULT]),
        ({"CANCUPHAPLY": [{"TENVANBAN": "Luật Rồng"}]}, [Work.BASIS]),
        ({"CAPTHUCHIEN": [{"TENCAP": "Cấp huyện"}]}, [Work.LEVEL]),
        ({"DOITUONGTHUCHIEN": [{"TENDOITUONG": "Rồng"}]}, [Work.AUDIENCE]),
    ],
)
def test_what_an_answer_leaves_open_is_a_kind_of_work(changes, left):
    assert work_left(answer(**changes)) == left


def test_a_paper_of_some_cases_is_one_paper_and_one_heading_is_no_case():
    form, birth = ({"TENGIAYTO": name, "SOBANCHINH": "1", "SOBANSAO": "0"} for name in ("Tờ khai", "Giấy"))
    blocks = [
        {"TRUONGHOP": "Rồng lửa", "GIAYTO": [form, birth]},
        {"TRUONGHOP": "Rồng nước", "GIAYTO": [form]},
    ]
    read = answer(THANHPHANHOSO=blocks)
    assert [(one.name.vi, one.cases) for one in read.papers] == [("Tờ khai", ()), ("Giấy", ("case_1",))]
    alone = answer(THANHPHANHOSO=blocks[:1])
    assert ([*alone.cases], {one.section.vi for one in alone.papers}) == ([], {"Rồng lửa"})


@pytest.mark.parametrize("changes", [{"MATTHC": ""}, {"MATTHC": "x"}, {"TENTTHC": " "}, {"CANCUPHAPLY": 7}])
def test_an_answer_without_code_name_or_shape_is_unusable(changes):
    with pytest.raises(Unusable):
        answer(**changes)

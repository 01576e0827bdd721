"""Messages of other systems: read where the meaning is certain, with a warning; refused with place and reason where not."""

import base64
import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from motcua.documents.edxml.message import Document, Purpose, State, Status
from motcua.documents.edxml.reading import Reading, read
from motcua.documents.edxml.signatures import Standing
from motcua.documents.edxml.trees import MOST_PREFIXES, PARSER, UnreadableError, undeclared_in

SAMPLES = Path(__file__).parent / "samples"
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
UPDATE = (SAMPLES / "edoc_update.edxml").read_bytes()
# The same message with a short file in place of the long one.
SHORT = re.sub(
    rb"(<edXML:ContentTransferEncoded[^>]*>)[^<]*",
    rb"\1" + base64.b64encode(b"%PDF-1.7 a short file"),
    UPDATE.replace(b"application/zip", b"application/pdf"),
)
STATUS = (SAMPLES / "status.edxml").read_bytes()


def document(raw: bytes) -> Document:
    message = read(raw).message
    assert isinstance(message, Document)
    return message


def warnings(reading: Reading) -> list[tuple[str, str]]:
    return [(warned.place, str(warned.words)) for warned in reading.warnings]


def refusal(raw: bytes) -> tuple[str, str]:
    with pytest.raises(UnreadableError) as refused:
        read(raw)
    return refused.value.place, str(refused.value.words)


BROKEN_SIGNATURE = (
    "edXMLHeader/Signature",
    "The signature cannot be checked: it is not in the namespace of XML signatures.",
)


def test_the_sample_of_an_update_is_read_with_the_right_meaning() -> None:
    reading = read(UPDATE)
    message = reading.message
    assert isinstance(message, Document)
    header, business = message.header, message.traces.business
    assert message.purpose is Purpose.UPDATE
    assert (header.sender.organ_id, header.sender.name) == ("000.00.00.G22", "Văn phòng Chính phủ")
    assert [receiver.organ_id for receiver in header.receivers] == [
        "000.00.00.H41",
        "000.00.00.H14",
        "000.00.00.G17",
    ]
    assert header.document_id == "000.00.00.G22,2015/09/30,7816/VPCP-TTĐT"
    assert (header.code.number, header.code.notation) == ("7816", "VPCP-TTĐT")
    assert (header.promulgation.place, header.promulgation.on) == ("Hà Nội", date(2018, 9, 28))
    assert (header.type.type, header.type.detail, header.type.name) == (1, 0, "Công văn")
    assert header.particulars.appendixes == ("Công văn về việc kết nối, liên thông phần mềm quản lý văn bản",)
    assert header.places == ("Cac bo va co quan ngang bo", "Uy ban nhan dan cac tinh, TP")
    assert [(hop.organ_id, hop.at) for hop in message.traces.hops] == [
        ("000.00.00.G22", datetime(2018, 9, 28, tzinfo=VIETNAM))
    ]
    assert business.document_id == "000.00.00.G22,2014/02/30,7806/VPCP-TTĐT"
    assert (business.reason, business.paper) == ("Cập nhật văn bản điện tử", False)
    assert (business.change.content, business.change.receivers) == (True, True)
    assert [(one.organ_id, one.type) for one in business.change.list] == [
        ("000.00.00.H41", 0),
        ("000.00.00.H14", 1),
    ]
    assert business.staff.department == "Văn thư văn phòng"
    assert [(file.content_id, file.name, len(file.content)) for file in message.attachments] == [
        ("209", "1896_QD-TTg_m_294779.doc", 388_347)
    ]
    assert reading.signed.standing is Standing.UNVERIFIABLE
    assert warnings(reading) == [
        BROKEN_SIGNATURE,
        (
            "AttachmentEncoded/Attachment[1]",
            "The file is called “1896_QD-TTg_m_294779.doc”, in its zip “3ed3cc90-1dcb-4382-9725-1de9cd899790.edxml”.",
        ),
    ]


@pytest.mark.parametrize(
    ("file", "state", "on"),
    [
        ("status", State.ARRIVED, datetime(2018, 9, 28, 17, 25, 11, tzinfo=VIETNAM)),
        ("status_inbox_01", State.ARRIVED, datetime(2015, 9, 20, 11, 8, 36, tzinfo=VIETNAM)),
        ("status_rejection_02", State.REFUSED, datetime(2015, 9, 20, 11, 8, 36, tzinfo=VIETNAM)),
        ("status_acceptance_03", State.REGISTERED, datetime(2015, 9, 20, 11, 8, 36, tzinfo=VIETNAM)),
        ("status_assignment_04", State.ASSIGNED, datetime(2015, 9, 20, 11, 8, 36, tzinfo=VIETNAM)),
        ("status_processing_05", State.IN_PROGRESS, datetime(2015, 9, 20, 11, 8, 36, tzinfo=VIETNAM)),
        ("status_finish_06", State.DONE, datetime(2015, 9, 20, 11, 8, 36, tzinfo=VIETNAM)),
    ],
)
def test_the_samples_of_states_are_read_with_the_right_meaning(file: str, state: State, on: datetime) -> None:
    reading = read((SAMPLES / f"{file}.edxml").read_bytes())
    message = reading.message
    assert isinstance(message, Status)
    assert (message.state, message.header.at) == (state, on)
    assert message.header.sender.organ_id == "000.00.00.H41"
    assert message.header.response.document_id == "000.00.00.G22,2015/09/30,7816/VPCP-TTĐT"
    assert message.header.response.code == "7816/VPCP-TTĐT"
    assert warnings(reading) == []


# ---- read with a warning -------------------------------------------------------------------------------------------------


def test_what_stands_before_and_after_the_message_is_left_out() -> None:
    reading = read(b"\xef\xbb\xbf1212" + STATUS.strip() + b"\0\0 tail")
    assert reading.message == read(STATUS).message
    assert warnings(reading) == [
        ("", "“1212” stands before the message and was left out."),
        ("", "“\0\0 tail” stands after the message and was left out."),
    ]


def test_prefixes_without_a_declaration_mean_what_they_always_mean() -> None:
    raw = SHORT.replace(b"<edXML:Reference>", b'<edXML:Reference xlink:href="">')
    raw = raw.replace(b"<AttachmentEncoded>", b"<edXML:AttachmentEncoded>").replace(
        b"</AttachmentEncoded>", b"</edXML:AttachmentEncoded>"
    )
    reading = read(raw)
    assert reading.message == read(SHORT).message
    assert warnings(reading)[:2] == [
        ("", "The prefix “edXML” is nowhere declared."),
        ("", "The prefix “xlink” is nowhere declared."),
    ]


def test_what_else_the_parser_remarks_does_not_keep_a_prefix_from_being_declared() -> None:
    raw = SHORT.replace(b"<edXML:Reference>", b'<edXML:Reference xmlns="relative" xlink:href="">')
    assert read(raw).message == read(SHORT).message


def test_prefixes_without_a_declaration_are_told_of_at_once() -> None:
    """However many they are, the file is read twice and not once for each."""
    names = {f"p{number}" for number in range(MOST_PREFIXES)}
    parser = etree.XMLParser(**PARSER)
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(
            "".join(["<all>", *(f"<{name}:a {name}:b=''/>" for name in names), "</all>"]), parser
        )
    assert undeclared_in(parser) == names


def test_what_one_file_lacks_is_not_said_of_the_next() -> None:
    lacking = SHORT.replace(b"<edXML:Reference>", b'<edXML:Reference other:href="">')
    assert ("", "The prefix “other” is nowhere declared.") in warnings(read(lacking))
    raw = SHORT.replace(b"<edXML:Reference>", b'<edXML:Reference xlink:href="">')
    assert ("", "The prefix “other” is nowhere declared.") not in warnings(read(raw))


@pytest.mark.parametrize("prefix", [b"edXML", b"ns0", b"x"])
def test_prefixes_may_be_called_as_they_like(prefix: bytes) -> None:
    raw = SHORT.replace(b"edXML:", prefix + b":").replace(b"xmlns:edXML=", b"xmlns:" + prefix + b"=")
    assert read(raw).message == read(SHORT).message


def test_an_impossible_day_is_none_and_is_named() -> None:
    raw = SHORT.replace(b"2018/09/28</edXML:PromulgationDate>", b"2018/02/30</edXML:PromulgationDate>")
    reading = read(raw)
    assert document(raw).header.promulgation.on is None
    assert (
        "MessageHeader/PromulgationInfo/PromulgationDate",
        "“2018/02/30” is not a day of the calendar (year/month/day) and was left out.",
    ) in warnings(reading)


def test_empty_parts_say_nothing() -> None:
    raw = SHORT.replace(
        b"<edXML:SteeringType>",
        b"<edXML:ResponseFor><edXML:OrganId></edXML:OrganId><edXML:Code/></edXML:ResponseFor><edXML:SteeringType>",
    )
    assert document(raw).header == document(SHORT).header
    assert ("MessageHeader/ResponseFor", "This part is empty.") in warnings(read(raw))


def test_the_order_of_elements_does_not_matter() -> None:
    identifier = b"<edXML:DocumentId>000.00.00.G22,2015/09/30,7816/VPCP-TT\xc4\x90T</edXML:DocumentId>"
    assert identifier in SHORT
    raw = SHORT.replace(identifier, b"").replace(
        b"</edXML:MessageHeader>", identifier + b"</edXML:MessageHeader>"
    )
    business = re.search(rb"<edXML:Bussiness>.*</edXML:Bussiness>", raw, re.DOTALL).group()
    raw = raw.replace(business, b"").replace(b"<edXML:TraceHeader>", business + b"<edXML:TraceHeader>")
    assert read(raw).message == read(SHORT).message


def test_the_word_cid_may_be_missing() -> None:
    raw = SHORT.replace(b"<ContentId>cid:209", b"<ContentId>209")
    assert raw != SHORT
    assert read(raw).message == read(SHORT).message


def test_a_message_in_utf_16_says_the_same() -> None:
    words = STATUS.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert read(words.encode("utf-16")).message == read(STATUS).message


def test_unknown_elements_are_left_out_and_named() -> None:
    raw = SHORT.replace(b"<edXML:SteeringType>", b"<edXML:TaskCode>1</edXML:TaskCode><edXML:SteeringType>")
    assert read(raw).message == read(SHORT).message
    assert ("MessageHeader/TaskCode", "This element is not known and was left out.") in warnings(read(raw))


def test_an_attachment_named_but_not_there_is_named() -> None:
    raw = re.sub(rb"<AttachmentEncoded>.*</AttachmentEncoded>", b"", SHORT, flags=re.DOTALL)
    assert document(raw).attachments == ()
    assert ("edXMLBody/edXMLManifest", "The attachment “209” is named, but is not there.") in warnings(
        read(raw)
    )


# ---- files in zips -----------------------------------------------------------------------------------------------------


def zipped(**files: bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return into.getvalue()


def with_file(content: bytes, *, kind: bytes = b"application/zip", name: bytes = b"report.xlsx") -> bytes:
    raw = SHORT.replace(b"application/pdf", kind).replace(b"1896_QD-TTg_m_294779.doc", name)
    return re.sub(rb"(<edXML:ContentTransferEncoded[^>]*>)[^<]*", rb"\1" + base64.b64encode(content), raw)


def test_a_file_in_a_zip_of_its_own_is_the_file() -> None:
    assert document(with_file(zipped(abc__xlsx=b"sums"))).attachments[0].content == b"sums"


def test_all_files_together_are_no_larger_than_a_message_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("motcua.documents.edxml.reading.ALL_TOGETHER", 1000)
    one = with_file(zipped(abc__xlsx=b"0" * 700))
    assert len(document(one).attachments[0].content) == 700
    found = re.search(rb"<(\w+:)?Attachment(?:\s[^>]*)?>.*?</(\w+:)?Attachment>", one, re.DOTALL)
    assert found
    assert "all together" in refusal(one.replace(found[0], found[0] * 2))[1]


def test_a_zip_of_several_files_stays_a_zip() -> None:
    several = zipped(a__txt=b"a", b__txt=b"b")
    assert document(with_file(several, name=b"all.zip")).attachments[0].content == several


def test_somebodys_own_zip_of_one_file_stays_a_zip() -> None:
    own = zipped(a__txt=b"a")
    assert document(with_file(own, name=b"own.zip")).attachments[0].content == own
    assert document(with_file(zipped(x__zip=own), name=b"own.zip")).attachments[0].content == own


def test_what_is_called_a_zip_and_is_none_is_taken_as_it_is() -> None:
    reading = read(with_file(b"no zip at all"))
    assert reading.message.attachments[0].content == b"no zip at all"
    assert (
        "AttachmentEncoded/Attachment[1]",
        "The attachment is called a zip file and is none; it was taken as it is.",
    ) in warnings(reading)


# ---- refused ---------------------------------------------------------------------------------------------------------------

ENTITIES = b'<!DOCTYPE edXML [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "raw",
    [
        STATUS.replace(b"?>", b"?>" + ENTITIES, 1),
        STATUS.replace(b"?>", b'?><!DOCTYPE edXML SYSTEM "file:///etc/passwd">', 1),
        STATUS.replace(b"?>", b"?><!-- <edXML -->" + ENTITIES, 1),
        STATUS.replace(b"?>", b"?>" + ENTITIES.lower(), 1),
        STATUS.decode()
        .replace('encoding="UTF-8"?>', 'encoding="UTF-16"?>' + ENTITIES.decode())
        .encode("utf-16"),
    ],
)
def test_document_types_and_entities_are_refused(raw: bytes) -> None:
    assert refusal(raw) == ("", "The file declares a document type or entities; a message may not.")


def test_letters_in_which_entities_could_hide_are_refused() -> None:
    raw = STATUS.replace(b'encoding="UTF-8"', b'encoding="UTF-7"')
    assert refusal(raw) == ("", "The file's letters cannot be read: they are in no known encoding.")


@pytest.mark.parametrize("raw", [b"", b"hello", b"\0" * 5000, b"x" * 2000 + STATUS])
def test_what_is_no_message_is_refused(raw: bytes) -> None:
    assert refusal(raw) == ("", "This is not an edXML message: no element begins in it.")


def test_a_message_that_ends_in_the_middle_is_refused_with_line_and_column() -> None:
    place, words = refusal(STATUS[:900] + b">")
    assert place == ""
    assert re.fullmatch(r"The file is not XML from line \d+, column \d+ on\.", words)


def test_a_message_made_to_be_a_burden_is_refused() -> None:
    deep = STATUS.replace(b"<edXML:StaffInfo>", b"<edXML:StaffInfo>" + b"<a>" * 60 + b"</a>" * 60)
    wide = STATUS.replace(b"<edXML:StaffInfo>", b"<edXML:StaffInfo>" + b"<a/>" * 30_000)
    assert [refusal(raw)[1] for raw in (deep, wide)] == [
        "The file is nested deeper, or has more elements, than a message can have."
    ] * 2


@pytest.mark.parametrize(
    ("taken", "put", "place", "words"),
    [
        (
            rb"<edXML:StatusCode>01",
            b"<edXML:StatusCode>07",
            "MessageHeader/StatusCode",
            "“07” is no state of a document.",
        ),
        (
            rb"(?s)<edXML:From>.*</edXML:From>",
            b"",
            "MessageHeader/From",
            "It is not said whose state this is.",
        ),
        (
            rb"(?s)<edXML:ResponseFor>.*</edXML:ResponseFor>",
            b"",
            "MessageHeader/ResponseFor",
            "It is not said of which document this is the state.",
        ),
        (
            rb"<edXML:StatusCode>01",
            b"<edXML:StatusCode>02</edXML:StatusCode><edXML:StatusCode>01",
            "MessageHeader/StatusCode",
            "This stands more than once and says different things.",
        ),
        (
            rb"(?s)<edXML:MessageHeader>.*</edXML:MessageHeader>",
            b"",
            "edXMLHeader/MessageHeader",
            "This part is missing.",
        ),
    ],
)
def test_a_state_that_leaves_open_what_it_means_is_refused(
    taken: bytes, put: bytes, place: str, words: str
) -> None:
    raw = re.sub(taken, put, STATUS)
    assert raw != STATUS
    assert refusal(raw) == (place, words)


@pytest.mark.parametrize(
    ("taken", "put", "place"),
    [
        (rb"(?s)<edXML:From>.*</edXML:From>", b"", "MessageHeader/From"),
        (rb"(?s)<edXML:To>.*</edXML:To>", b"", "MessageHeader/To"),
        (rb"(?s)<edXML:DocumentId>000.00.00.G22,2015.*?</edXML:Code>", b"", "MessageHeader/DocumentId"),
        (
            rb"<edXML:BussinessDocType>2",
            b"<edXML:BussinessDocType>9",
            "TraceHeaderList/Bussiness/BussinessDocType",
        ),
        (rb"(?s)(<edXML:MessageHeader>.*</edXML:MessageHeader>)", rb"\1\1", "edXMLHeader/MessageHeader"),
        (
            rb"<AttachmentName>[^<]*",
            rb"<AttachmentName>../../etc/passwd",
            "AttachmentEncoded/Attachment[1]/AttachmentName",
        ),
        (
            rb"<AttachmentName>[^<]*",
            rb"<AttachmentName>C:\\x.pdf",
            "AttachmentEncoded/Attachment[1]/AttachmentName",
        ),
        (
            rb"(<edXML:ContentTransferEncoded[^>]*>)[^<]*",
            rb"\1${file}",
            "AttachmentEncoded/Attachment[1]/ContentTransferEncoded",
        ),
    ],
)
def test_a_document_that_leaves_open_what_it_means_is_refused(taken: bytes, put: bytes, place: str) -> None:
    raw = re.sub(taken, put, SHORT)
    assert raw != SHORT
    assert refusal(raw)[0] == place


def test_a_zip_that_swells_or_leads_elsewhere_or_is_damaged_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("motcua.documents.edxml.attachments.LARGEST", 1000)
    place = "AttachmentEncoded/Attachment[1]"
    assert refusal(with_file(zipped(x__xlsx=b"0" * 1001))) == (
        place,
        "The attachment is larger than 200 MB once unpacked.",
    )
    assert document(with_file(zipped(x__xlsx=b"0" * 1000))).attachments[0].content == b"0" * 1000
    assert refusal(with_file(zipped(**{"../x": b"0"})))[0] == f"{place}/AttachmentName"
    assert refusal(with_file(zipped(x__xlsx=b"0" * 100)[:-30])) == (
        place,
        "The zip file of this attachment is damaged or locked.",
    )

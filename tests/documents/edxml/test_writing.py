"""Messages we write: every field comes back, every rule is kept, and others can check the signature."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from motcua.documents.authority import Authority, Credential
from motcua.documents.edxml import message as m
from motcua.documents.edxml.reading import read
from motcua.documents.edxml.shape import Element, Kind, elements
from motcua.documents.edxml.signatures import DSIG, Standing, sign
from motcua.documents.edxml.trees import QCVN, UnreadableError
from motcua.documents.edxml.writing import UnwritableError, write
from tests.documents.edxml.test_reading import SHORT, STATUS, refusal

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
DOCUMENT = read(SHORT).message
LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\u2028\u2029\x85")


def words(longest: int = 0) -> st.SearchStrategy[str]:
    return st.text(LETTERS, max_size=min(longest or 40, 40)).map(lambda said: said.strip())


def one(shape: Element) -> st.SearchStrategy:
    match shape.kind:
        case Kind.TEXT:
            return words(shape.longest)
        case Kind.NUMBER:
            return st.integers(0, 10**shape.longest - 1)
        case Kind.FLAG:
            return st.booleans()
        case Kind.DAY:
            return st.dates(date(1945, 9, 2), date(2999, 12, 31))
        case Kind.MOMENT:
            return st.datetimes(datetime(1976, 1, 1), datetime(2999, 12, 31)).map(  # noqa: DTZ001
                lambda at: at.replace(microsecond=0, tzinfo=VIETNAM)
            )
        case Kind.PART:
            return part(shape.part)


def part(kind: type) -> st.SearchStrategy:
    """Any part that says something: what says nothing is not written."""
    fields = {}
    for name, shape in elements(kind):
        if shape.many:
            fields[name] = st.lists(one(shape).filter(bool), max_size=3).map(tuple)
        elif shape.kind is Kind.TEXT:
            fields[name] = one(shape)
        else:
            fields[name] = st.none() | one(shape)
    return st.builds(kind, **fields).filter(lambda held: held != kind())


NAMES = st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=20)
ATTACHMENTS = st.lists(
    st.builds(
        m.Attachment,
        content_id=st.uuids().map(str),
        name=st.builds(
            lambda name, end: f"{name}.{end}", NAMES, st.sampled_from(["pdf", "docx", "xlsx", "jpg", "zip"])
        ),
        description=words(),
        content=st.binary(max_size=200),
    ),
    max_size=3,
).map(tuple)


@st.composite
def documents(draw: st.DrawFn) -> m.Document:
    sender, receiver = m.Organ(organ_id="G22"), m.Organ(organ_id="H38.15")
    header = draw(part(m.Header))
    header = replace(
        header,
        sender=header.sender if header.sender and header.sender.organ_id else sender,
        receivers=(*header.receivers, receiver),
        document_id=header.document_id or "G22,2026/11/20,1/VPCP-KSTT",
    )
    traces = draw(part(m.Traces))
    if traces.business and (traces.business.purpose or 0) > 3:
        traces = replace(traces, business=replace(traces.business, purpose=None, reason="why"))
    return m.Document(header=header, traces=traces, attachments=draw(ATTACHMENTS))


@st.composite
def states(draw: st.DrawFn) -> m.Status:
    header = draw(part(m.StatusHeader))
    return m.Status(
        header=replace(
            header,
            sender=m.Organ(organ_id="H38.15"),
            response=m.ResponseFor(organ_id="G22", document_id="1"),
            code=draw(st.sampled_from(m.State)).value,
        )
    )


@given(message=documents() | states())
def test_every_field_comes_back(message: m.Message) -> None:
    reading = read(write(message))
    assert reading.message == message
    assert reading.warnings == ()


@given(message=documents())
def test_the_same_message_is_always_the_same_file(message: m.Document) -> None:
    assert write(message) == write(message)


def test_a_message_is_written_in_the_order_and_with_the_prefix_of_the_official_samples() -> None:
    written = etree.fromstring(write(DOCUMENT))
    sample = etree.fromstring(SHORT)
    for signature in sample.iter(f"{{{QCVN}}}Signature"):
        signature.getparent().remove(signature)
        break
    assert [
        (one.prefix, one.tag)
        for one in written.iter(f"{{{QCVN}}}MessageHeader", f"{{{QCVN}}}Bussiness", f"{{{QCVN}}}To")
    ] == [
        (one.prefix, one.tag)
        for one in sample.iter(f"{{{QCVN}}}MessageHeader", f"{{{QCVN}}}Bussiness", f"{{{QCVN}}}To")
    ]
    head = f".//{{{QCVN}}}MessageHeader"
    assert [child.tag for child in written.find(head)] == [child.tag for child in sample.find(head)]


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        ({"subject": "x" * 501}, "MessageHeader/Subject", "This is longer than 500 characters."),
        (
            {"subject": " x"},
            "MessageHeader/Subject",
            "This begins or ends with a blank, or has signs that cannot be sent.",
        ),
        (
            {"subject": "a\x01b"},
            "MessageHeader/Subject",
            "This begins or ends with a blank, or has signs that cannot be sent.",
        ),
        ({"steering": 12}, "MessageHeader/SteeringType", "This is longer than 1 characters."),
        ({"sender": None}, "MessageHeader/From", "It is not said who sends this document."),
        ({"receivers": ()}, "MessageHeader/To", "It is not said who is to receive this document."),
        (
            {"code": m.Code(number="123456789012")},
            "MessageHeader/Code/CodeNumber",
            "This is longer than 11 characters.",
        ),
    ],
)
def test_what_breaks_a_rule_is_not_written(change: dict[str, object], place: str, said: str) -> None:
    with pytest.raises(UnwritableError) as refused:
        write(replace(DOCUMENT, header=replace(DOCUMENT.header, **change)))
    assert (refused.value.place, str(refused.value.words)) == (place, said)


def test_a_file_whose_name_leads_elsewhere_is_not_written() -> None:
    with pytest.raises(UnwritableError):
        write(replace(DOCUMENT, attachments=(m.Attachment(content_id="1", name="../x.pdf"),)))


# ---- signatures ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seal() -> Credential:
    return Authority.founded("Thử nghiệm").seal("Văn phòng Chính phủ", "G22")


def test_a_signed_message_says_by_whom_and_reads_the_same(seal: Credential) -> None:
    reading = read(sign(write(DOCUMENT), seal))
    assert reading.message == DOCUMENT
    assert (reading.signed.standing, reading.signed.who) == (Standing.HOLDS, "Văn phòng Chính phủ")
    assert reading.signed.certificate == seal.certificate
    assert reading.warnings == ()


def test_a_signed_state_holds_too(seal: Credential) -> None:
    status = read(STATUS).message
    assert read(sign(write(status), seal)).message == status


@pytest.mark.parametrize(
    ("taken", "put"),
    [
        (rb"7816</edXML:CodeNumber>", b"7817</edXML:CodeNumber>"),
        (rb"<edXML:SteeringType>1</edXML:SteeringType>", b""),
        (rb'edXMLManifest version="1.0"', b'edXMLManifest version="1.1"'),
        (rb"DigestValue>....", b"DigestValue>AAAA"),
        (rb"SignatureValue>....", b"SignatureValue>AAAA"),
    ],
)
def test_a_message_changed_after_it_was_signed_is_refused(seal: Credential, taken: bytes, put: bytes) -> None:
    signed = sign(write(DOCUMENT), seal)
    changed = re.sub(taken, put, signed, count=1)
    assert changed != signed
    assert refusal(changed) == ("edXMLHeader/Signature", "The message is no longer what was signed.")


def test_a_message_wrapped_around_a_signed_one_is_not_taken_for_signed(seal: Credential) -> None:
    signed = etree.fromstring(sign(write(DOCUMENT), seal))
    forged = etree.fromstring(write(replace(DOCUMENT, header=replace(DOCUMENT.header, subject="Giả mạo"))))
    head = forged.find(f".//{{{QCVN}}}edXMLHeader")
    signature = signed.find(f".//{{{DSIG}}}Signature")
    # The signature moved, and the message it belongs to carried along as an object within it.
    head.append(signature)
    etree.SubElement(signature, f"{{{DSIG}}}Object").append(signed)
    signature.find(f".//{{{DSIG}}}Reference").set("URI", "#signed")
    signed.set("Id", "signed")
    reading = read(etree.tostring(forged))
    assert reading.signed.standing is Standing.UNVERIFIABLE
    assert reading.message.header.subject == "Giả mạo"


def test_two_signatures_are_refused(seal: Credential) -> None:
    assert refusal(
        re.sub(rb"(?s)(<ds:Signature .*</ds:Signature>)", rb"\1\1", sign(write(DOCUMENT), seal))
    ) == (
        "edXMLHeader/Signature",
        "The message bears more than one signature.",
    )


@pytest.mark.skipif(not shutil.which("xmlsec1"), reason="needs xmlsec1, which .ci/run installs")
def test_xmlsec1_agrees(seal: Credential, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    certificate, good, bad = tmp_path / "seal.pem", tmp_path / "good.xml", tmp_path / "bad.xml"
    certificate.write_bytes(seal.certificate.public_bytes(Encoding.PEM))
    good.write_bytes(sign(write(DOCUMENT), seal))
    bad.write_bytes(good.read_bytes().replace(b"7816</edXML:CodeNumber>", b"7817</edXML:CodeNumber>"))
    said = [
        subprocess.run(
            ["xmlsec1", "--verify", "--pubkey-cert-pem", certificate, file], capture_output=True, check=False
        ).returncode
        for file in (good, bad)
    ]
    assert said == [0, 1]


def test_an_old_signature_with_sha_1_is_read_and_said(seal: Credential) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec
    from signxml import SignatureMethod, XMLSigner

    class Old(XMLSigner):
        def check_deprecated_methods(self) -> None:
            """Others still sign so."""

    assert isinstance(seal.key, ec.EllipticCurvePrivateKey)
    root = etree.fromstring(write(DOCUMENT))
    etree.SubElement(root.find(f".//{{{QCVN}}}edXMLHeader"), f"{{{DSIG}}}Signature", nsmap={"ds": DSIG}).set(
        "Id", "placeholder"
    )
    signer = Old(signature_algorithm=SignatureMethod.ECDSA_SHA1, digest_algorithm="sha1")
    reading = read(etree.tostring(signer.sign(root, key=seal.key, cert=[seal.certificate])))
    assert reading.signed.standing is Standing.HOLDS
    assert [warned.words for warned in reading.warnings] == [
        "The signature uses SHA-1, which is no longer safe."
    ]


@given(place=st.integers(0), bit=st.integers(0, 7))
def test_one_bit_changed_anywhere_changes_nothing_that_counts(place: int, bit: int) -> None:
    signed = SIGNED[0]
    raw = bytearray(signed)
    raw[place % len(raw)] ^= 1 << bit
    try:
        reading = read(bytes(raw))
    except UnreadableError:
        return
    assert reading.message == DOCUMENT or reading.signed.standing is not Standing.HOLDS


SIGNED = [sign(write(DOCUMENT), Authority.founded("Thử nghiệm").seal("Văn phòng Chính phủ", "G22"))]
assert UTC

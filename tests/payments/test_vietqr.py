"""VietQR: read back by a parser written from the specification, and from the picture by another program."""

import io

import pytest
import segno
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as some

from motcua.lib import qr
from motcua.payments.vietqr import BankAccount, checksum, payload, plain

ACCOUNT = BankAccount("970436", "0011001932418", "UBND PHUONG SA PA")
# Published with an open-source generator of such codes (github.com/thanhtinhpas1/vietqr-parser).
PUBLISHED = "00020001021238570010A00000072701270006970436011308810004580860208QRIBFTTA53037045802VN6304CD60"


def slow_crc(data):
    """CRC-16/CCITT-FALSE bit by bit, as its definition says."""
    register = 0xFFFF
    for byte in data:
        for place in range(7, -1, -1):
            carry = (register >> 15) ^ (byte >> place & 1)
            register = (register << 1 & 0xFFFF) ^ (0x1021 if carry else 0)
    return f"{register:04X}"


def parsed(text):
    """EMVCo data objects: two digits of tag, two of length, the value."""
    fields = {}
    while text:
        tag, length = text[:2], int(text[2:4])
        assert tag not in fields
        fields[tag], rest = text[4 : 4 + length], text[4 + length :]
        assert len(fields[tag]) == length
        text = rest
    return fields


def read(text):
    assert text[-8:-4] == "6304"
    assert slow_crc(text[:-4].encode()) == text[-4:]
    fields = parsed(text)
    merchant = parsed(fields["38"])
    return fields, merchant, parsed(merchant["01"]), parsed(fields["62"])


def test_the_checksum_is_the_published_one():
    assert slow_crc(PUBLISHED[:-4].encode()) == checksum(PUBLISHED[:-4]) == "CD60"


@settings(max_examples=50, deadline=None)
@for_all(some.integers(1, 9_999_999_999_999), some.from_regex(r"[0-9A-Z]{1,25}", fullmatch=True))
def test_a_transfer_says_account_amount_and_purpose(amount, purpose):
    fields, merchant, beneficiary, additional = read(payload(ACCOUNT, amount=amount, purpose=purpose))
    assert {name: fields[name] for name in ("00", "01", "53", "54", "58")} == {
        "00": "01",
        "01": "12",
        "53": "704",
        "54": str(amount),
        "58": "VN",
    }
    assert (merchant["00"], merchant["02"]) == ("A000000727", "QRIBFTTA")
    assert beneficiary == {"00": "970436", "01": "0011001932418"}
    assert additional == {"08": purpose}


def test_another_program_reads_the_picture():
    zxingcpp = pytest.importorskip("zxingcpp")
    from PIL import Image

    text = payload(ACCOUNT, amount=16000, purpose="MC7KQ2M9TD")
    picture = io.BytesIO()
    qr.code(text).save(picture, kind="png", scale=4, border=4)
    (found,) = zxingcpp.read_barcodes(Image.open(picture).convert("L"))
    assert found.text == text


def test_the_page_draws_the_code_of_exactly_this_text():
    text = payload(ACCOUNT, amount=16000, purpose="MC7KQ2M9TD")
    assert qr.code(text).matrix == segno.make(text, error="m", micro=False).matrix


@pytest.mark.parametrize(
    ("amount", "purpose"), [(0, "MC1"), (-1, "MC1"), (10**13, "MC1"), (1, ""), (1, "x" * 26), (1, "phí")]
)
def test_what_a_bank_would_not_carry_is_not_drawn(amount, purpose):
    with pytest.raises(ValueError):
        payload(ACCOUNT, amount=amount, purpose=purpose)


@pytest.mark.parametrize(
    ("text", "fault"),
    [("970 1 A", "six digits"), ("970436 00-11 A", "19 letters"), ("970436 0011", "holder")],
)
def test_an_account_that_is_none_is_named(text, fault):
    with pytest.raises(ValueError, match=fault):
        BankAccount.read(text)


def test_words_are_carried_without_marks():
    assert plain("Nộp lệ phí: Đăng ký (MC-1)") == "Nop le phi Dang ky MC1"

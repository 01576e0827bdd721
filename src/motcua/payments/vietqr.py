"""VietQR: the payload of a transfer's QR code (EMVCo merchant-presented mode, profile of Napas for transfers to an account)."""

import binascii
import re
from dataclasses import dataclass

from motcua.lib.letters import bare

GUID = "A000000727"  # Napas' application identifier
TO_ACCOUNT = "QRIBFTTA"
DYNAMIC = "12"  # one amount, one use
DONG, COUNTRY = "704", "VN"
PURPOSE_LENGTH = 25
MOST = 9_999_999_999_999  # 13 characters of amount (EMVCo ID 54)


@dataclass(frozen=True)
class BankAccount:
    """Where transfers go: the bank's six-digit number at Napas, the account, its holder as the bank writes it."""

    bank: str
    number: str
    holder: str

    @classmethod
    def read(cls, text: str) -> "BankAccount":
        """`970436 0011001932418 UBND TINH LAO CAI`; raises ValueError saying what is wrong."""
        bank, number, holder = (*text.split(maxsplit=2), "", "", "")[:3]
        if not re.fullmatch(r"\d{6}", bank):
            raise ValueError("the bank's number has six digits")
        if not re.fullmatch(r"[0-9A-Za-z]{1,19}", number):
            raise ValueError("the account has up to 19 letters and digits")
        if not holder:
            raise ValueError("the holder's name is missing")
        return cls(bank, number, holder)


def payload(account: BankAccount, *, amount: int, purpose: str) -> str:
    """What the QR code says: to this account, `amount` đồng, with this purpose (letters and digits, at most 25).

    Raises ValueError for an amount that is none, or a purpose that banks would cut.
    """
    if not 0 < amount <= MOST:
        raise ValueError(amount)
    if plain(purpose) != purpose or not 0 < len(purpose) <= PURPOSE_LENGTH:
        raise ValueError(purpose)
    beneficiary = field("00", account.bank) + field("01", account.number)
    merchant = field("00", GUID) + field("01", beneficiary) + field("02", TO_ACCOUNT)
    body = (
        field("00", "01")
        + field("01", DYNAMIC)
        + field("38", merchant)
        + field("53", DONG)
        + field("54", str(amount))
        + field("58", COUNTRY)
        + field("62", field("08", purpose))
        + "6304"  # the checksum covers its own head
    )
    return body + checksum(body)


def field(tag: str, value: str) -> str:
    """Tag, length in two digits, value."""
    if not 0 < len(value) <= 99:
        raise ValueError(value)
    return f"{tag}{len(value):02}{value}"


def checksum(text: str) -> str:
    """CRC-16/CCITT with polynomial 0x1021 and start 0xFFFF, as four hexadecimal digits (EMVCo 4.7.3)."""
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def plain(text: str) -> str:
    """The text as banks carry it: no marks, no signs but spaces."""
    letters = "".join(sign for sign in bare(text) if sign.isascii() and (sign.isalnum() or sign == " "))
    return " ".join(letters.split())

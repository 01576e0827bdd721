"""The people, agencies and papers of these tests; all invented."""

from datetime import UTC, date, datetime, timedelta

from asn1crypto import keys, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import CertificateBuilder, ExtendedKeyUsage, Name, NameAttribute, random_serial_number
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper as TimeStamper

from motcua.documents import press, signing
from motcua.documents.authority import Authority, Validity
from motcua.documents.papers import (
    Applicant,
    BirthCertificate,
    Certificate,
    Check,
    Child,
    Declarant,
    Dossier,
    Office,
    Parent,
    Receipt,
    Refusal,
    Register,
    RegisterLine,
    Signatory,
    StopNotice,
    SupplementRequest,
)

NOW = datetime(2026, 11, 20, 7, 5, tzinfo=UTC)
DAY = date(2026, 11, 20)
AGENCY, CODE = "Ủy ban nhân dân phường Hoa Sen", "H38.12"
DESK = Office(AGENCY, desk="Trung tâm Phục vụ hành chính công", place="Hoa Sen")
DOSSIER = Dossier("H38.12-261120-0001", "Đăng ký khai sinh")
APPLICANT = Applicant(
    "Trần Hạ Mây", "000196000821", "Tổ 3, phường Hoa Sen", "0900 000 000", "hamay@example.vn"
)
TRACKING = Check("https://dvc.example/tracking/H38.12-261120-0001/", "dvc.example/tracking")
VERIFY = Check(
    "https://laocai.example/verify/7KQ2-M9TD-XH4P-8WRE/", "laocai.example/verify", "7KQ2-M9TD-XH4P-8WRE"
)


def birth(**changes):
    values = {
        "office": Office(AGENCY, place="Hoa Sen"),
        "number": "124/2026",
        "book": "01/2026",
        "on": DAY,
        "child": child(),
        "declarant": Declarant("Trần Hạ Mây", "Thẻ căn cước số 000196000821"),
        "registered_at": AGENCY,
        "signer": Signatory("Chủ tịch", "Phạm Quốc Khánh"),
        "check": VERIFY,
        "mother": Parent("Trần Hạ Mây", "1996", "Kinh", "Việt Nam", "Tổ 3, phường Hoa Sen"),
    }
    return BirthCertificate(**values | changes)


def certificate(**changes):
    values = {
        "office": Office(AGENCY, place="Hoa Sen"),
        "number": DOSSIER.code,
        "on": DAY,
        "name": "Giấy xác nhận tình trạng hôn nhân",
        "dossier": DOSSIER,
        "applicant": APPLICANT,
        "facts": (("Hiện nay", "Chưa kết hôn lần nào"), ("Mục đích", "Để kết hôn")),
        "basis": ("Luật Hộ tịch (60/2014/QH13)",),
        "signer": Signatory("Chủ tịch", "Phạm Quốc Khánh"),
        "check": VERIFY,
    }
    return Certificate(**values | changes)


def child(name="Lê An Nhiên"):
    return Child(
        name,
        date(2026, 11, 9),
        "Nữ",
        "Kinh",
        "Việt Nam",
        "Bệnh viện Hoa Sen",
        "Phường Hoa Sen",
        "010326000123",
    )


def receipt(**changes):
    values = {
        "office": DESK,
        "number": "0001/BPTNTKQ",
        "on": DAY,
        "dossier": DOSSIER,
        "applicant": APPLICANT,
        "papers": ("Tờ khai", "Giấy chứng sinh"),
        "term": "01 ngày làm việc",
        "received": NOW,
        "due": NOW + timedelta(days=1),
        "collect": "Ví giấy tờ",
        "officer": "Nguyễn Thị Lan",
        "check": TRACKING,
    }
    return Receipt(**values | changes)


def supplement():
    return SupplementRequest(
        DESK, "0002/PBS-BPTNTKQ", DAY, DOSSIER, APPLICANT, ("Ảnh giấy chứng sinh rõ nét",), "Ảnh bị mờ",
        "bà Nguyễn Thị Lan", "Nguyễn Thị Lan", TRACKING, phone="0214 000 000", until=date(2026, 11, 25),
    )  # fmt: skip


def refusal():
    return Refusal(
        DESK,
        "0003/PTC-BPTNTKQ",
        DAY,
        DOSSIER,
        APPLICANT,
        ("Trẻ đã được đăng ký khai sinh",),
        "Nguyễn Thị Lan",
        TRACKING,
    )


def stop():
    return StopNotice(
        DESK, "0004/TBD-BPTNTKQ", DAY, DOSSIER, APPLICANT, date(2026, 11, 18), ("Không đủ điều kiện",), "Nguyễn Thị Lan", TRACKING
    )  # fmt: skip


def register(count=1):
    lines = (
        RegisterLine(
            str(place), f"H38.12-261120-{place:04d}", "Đăng ký khai sinh", "Trần Hạ Mây", "Tổ 3, phường Hoa Sen; 0900 000 000",
            AGENCY, "20/11/2026", "23/11/2026", "", "Trực tiếp",
        )
        for place in range(1, count + 1)
    )  # fmt: skip
    office = Office(AGENCY, desk=DESK.desk, place=DESK.place)
    return Register(office, "1/STD-BPTNTKQ", DAY, DAY, DAY, tuple(lines), "Nguyễn Thị Lan", VERIFY)


AUTHORITY = Authority.founded(
    "Tổ chức chứng thực thử", validity=Validity(NOW - timedelta(days=900), NOW + timedelta(days=900))
)
LASTING = Validity(NOW - timedelta(days=30), NOW + timedelta(days=30))
CHAIR = AUTHORITY.person("Phạm Quốc Khánh", title="Chủ tịch", agency=AGENCY, validity=LASTING)
SEAL = AUTHORITY.seal(AGENCY, CODE, validity=LASTING)
ROOTS = [AUTHORITY.credential.certificate]

PAPER = press.print_paper(birth(), at=NOW)
SIGNED = signing.sign_personal(PAPER, CHAIR, at=NOW)
SEALED = signing.sign_seal(SIGNED, SEAL, at=NOW)


def stamper(kind=TimeStamper):
    """A time-stamping service under the same authority, whose clock is a minute ahead of the signer's."""
    key = rsa.generate_private_key(65537, 2048)
    certificate = (
        CertificateBuilder()
        .subject_name(Name([NameAttribute(NameOID.COMMON_NAME, "Cấp dấu thời gian thử")]))
        .issuer_name(ROOTS[0].subject)
        .public_key(key.public_key())
        .serial_number(random_serial_number())
        .not_valid_before(LASTING.start)
        .not_valid_after(LASTING.end)
        .add_extension(ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(AUTHORITY.credential.key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return kind(
        x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        keys.PrivateKeyInfo.load(private),
        fixed_dt=NOW + timedelta(minutes=1),
    )

"""Signatures for the long term: stamped by a real authority (`openssl ts`), with the lists of revoked certificates; completed later where it was silent."""

from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from motcua.documents import lasting, signing
from motcua.documents.actions import DOCUMENTS, note_basic
from motcua.documents.authority import Authority, Validity
from motcua.documents.inquiries import verify_pdf
from motcua.documents.levels import Level
from motcua.documents.models import Basic, keyring, newest, store
from motcua.documents.verification import Fault
from tests.documents import samples
from tests.exchange.authority import TimeAuthority

pytestmark = pytest.mark.django_db
# Of today, as the authority's clock is: those of the other tests have a day of their own.
ISSUER = Authority.founded("Tổ chức chứng thực của hôm nay")
SEAL = ISSUER.seal(samples.AGENCY, samples.CODE)
ROOT = ISSUER.credential.certificate


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return TimeAuthority(tmp_path_factory.mktemp("time") / "authority")


@pytest.fixture
def wanting(settings, tmp_path, authority):
    """A node that wants lasting signatures, trusts the authorities of these tests and asks at the addresses given."""
    settings.KEYS = tmp_path / "keys"
    keyring().trust("root", ROOT)
    for name in ("timestamps", "revocation"):
        (settings.KEYS / name).mkdir()
    (settings.KEYS / "timestamps" / "national.pem").write_bytes(authority.ca.read_bytes())
    (settings.KEYS / "revocation" / "root.crl").write_bytes(revoking())

    def asks(*addresses, **changes):
        told = {"timestamp_authorities": addresses, "lasting_signatures": True} | changes
        settings.NODE = settings.NODE.model_copy(update=told)
        return settings.KEYS / "revocation"

    return asks


def revoking(*certificates, by=ISSUER, now=None, at=None, until=timedelta(days=30)):
    """The root's list of revoked certificates."""
    now = now or datetime.now(UTC)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(by.credential.certificate.subject)
        .last_update(now - timedelta(minutes=1))
        .next_update(now + until)
    )
    for one in certificates:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(one.serial_number)
            .revocation_date(at or now - timedelta(hours=1))
            .build()
        )
    return builder.sign(by.credential.key, hashes.SHA256()).public_bytes(Encoding.DER)


def signed(stamper=None, *, by=SEAL):
    return signing.sign_corner(samples.PAPER, by, ["Số: 1/UBND"], at=datetime.now(UTC), timestamper=stamper)


def levels(digest):
    answer = verify_pdf(store().read(digest))
    return [one.level for one in answer.signatures], answer.stands


def test_it_is_off_unless_the_node_says_so(wanting):
    wanting(lasting_signatures=False)
    assert levels(lasting.kept(signed).digest) == ([Level.BASIC], True)
    assert not Basic.objects.exists()


def test_a_signature_has_its_time_stamp_and_the_lists(wanting, authority):
    with authority.open() as address:
        wanting(address)
        assert levels(lasting.kept(signed).digest) == ([Level.LASTING], True)
    assert not Basic.objects.exists()


def test_where_no_authority_answers_it_is_basic_and_completed_later(wanting, authority):
    wanting("http://127.0.0.1:9/tsr")
    digest = lasting.kept(signed).digest
    assert levels(digest) == ([Level.BASIC], True)
    assert (lasting.complete_waiting(), newest(digest)) == (0, digest)
    with authority.open() as address:
        wanting(address)
        assert lasting.complete_waiting() == 1
        assert lasting.complete_waiting() == 0
    assert store().read(newest(digest)).startswith(store().read(digest))
    assert levels(newest(digest)) == ([Level.LASTING], True)


@pytest.mark.parametrize("lists", ["missing", "outdated"])
def test_without_a_list_in_force_it_has_its_stamp_and_waits_for_the_list(wanting, authority, lists):
    with authority.open() as address:
        folder = wanting(address)
        (folder / "root.crl").unlink()
        if lists == "outdated":
            (folder / "root.crl").write_bytes(revoking(until=timedelta(seconds=-1)))
        (folder / "rubbish.crl").write_bytes(b"rubbish")
        digest = lasting.kept(signed).digest
        assert levels(digest) == ([Level.TIMED], True)
        (folder / "root.crl").write_bytes(revoking())
        assert lasting.complete_waiting() == 1
        assert levels(newest(digest)) == ([Level.LASTING], True)


def test_one_that_waits_for_a_list_holds_up_no_other(wanting, authority):
    stranger = Authority.founded("Tổ chức khác").seal("Cơ quan khác", "H99.1")
    with authority.open() as address:
        wanting(address)
        lasting.kept(lambda stamper: signed(stamper, by=stranger))
        note_basic(Basic(digest=store().put([signed()]).digest, why="x"), by=DOCUMENTS)
        assert lasting.complete_waiting() == 1
    assert [bool(one.completed) for one in Basic.objects.order_by("since")] == [False, True]


def test_a_file_that_cannot_be_read_holds_up_no_other(wanting, authority):
    with authority.open() as address:
        wanting(address)
        spoilt, sound = store().put([b"spoilt"]), store().put([signed()])
        for blob in (spoilt, sound):
            note_basic(Basic(digest=blob.digest, why="x"), by=DOCUMENTS)
        (file,) = store().root.rglob(f"*{spoilt.digest[-20:]}")
        file.chmod(0o600)
        file.write_bytes(b"spoilT")
        assert lasting.complete_waiting() == 1
    assert [bool(one.completed) for one in Basic.objects.order_by("since")] == [False, True]


def test_years_later_without_any_network_it_is_checked_as_before(wanting):
    """Certificate and list have long run out; only the authority of time is still known."""
    then = datetime(2015, 6, 1, 8, tzinfo=UTC)
    issuer = Authority.founded("Xưa", validity=Validity(then - timedelta(days=99), then + timedelta(days=99)))
    seal = issuer.seal(
        samples.AGENCY, samples.CODE, validity=Validity(then - timedelta(days=9), then + timedelta(days=9))
    )
    folder = wanting("http://127.0.0.1:9/tsr")
    keyring().trust("old", issuer.credential.certificate)
    clock = stamper_of(then, folder.parent / "timestamps" / "old.pem")
    (folder / "old.crl").write_bytes(revoking(by=issuer, now=then, until=timedelta(days=2)))
    made = signing.sign_corner(samples.PAPER, seal, ["Số: 1/UBND"], at=then, timestamper=clock)
    kept = lasting.proven(made, then)
    (folder / "old.crl").unlink()
    (answer,) = verify_pdf(kept).signatures
    assert (answer.level, answer.at, answer.stands) == (Level.LASTING, then, True)
    (answer,) = verify_pdf(made).signatures
    assert answer.level == Level.TIMED
    (folder / "old.crl").write_bytes(
        revoking(seal.certificate, by=issuer, now=then, at=then - timedelta(hours=1), until=timedelta(days=2))
    )
    assert verify_pdf(lasting.proven(made, then)).verdict.every_fault == (Fault.REVOKED,)


def stamper_of(then, file):
    """An authority of time whose clock stands still; its certificate lasts much longer than those of signers."""
    own = Authority.founded(
        "Cấp dấu thời gian", validity=Validity(then - timedelta(days=9), datetime(2100, 1, 1, tzinfo=UTC))
    )
    key = rsa.generate_private_key(65537, 2048)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Dấu thời gian")]))
        .issuer_name(own.credential.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(then - timedelta(days=1))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(own.credential.key, hashes.SHA256())
    )
    file.write_bytes(own.credential.certificate.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(
        asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        keys.PrivateKeyInfo.load(private),
        fixed_dt=then,
    )


def test_a_time_stamp_alone_is_the_level_between(wanting, authority):
    with authority.open() as address:
        wanting(address)
        blob = store().put([signed(lasting.Stamper())])
    assert levels(blob.digest) == ([Level.TIMED], True)


def test_what_a_revoked_certificate_signed_does_not_stand(wanting, authority):
    with authority.open() as address:
        folder = wanting(address)
        (folder / "root.crl").write_bytes(revoking(SEAL.certificate))
        answer = verify_pdf(store().read(lasting.kept(signed).digest))
    assert answer.verdict.every_fault == (Fault.REVOKED,)


def test_what_was_signed_before_the_certificate_was_revoked_stands(wanting, authority):
    with authority.open() as address:
        folder = wanting(address)
        late = datetime.now(UTC) + timedelta(minutes=5)
        (folder / "root.crl").write_bytes(revoking(SEAL.certificate, at=late))
        assert levels(lasting.kept(signed).digest) == ([Level.LASTING], True)


def test_a_time_stamp_of_a_stranger_is_none(wanting, authority, tmp_path):
    with TimeAuthority(tmp_path / "stranger").open() as address:
        wanting(address)
        assert levels(lasting.kept(signed).digest) == ([Level.BASIC], True)
    assert "not of an authority trusted" in Basic.objects.get().why

"""Certificates and where they are kept."""

import stat
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from motcua.documents.authority import Authority, Credential, Keyring
from tests.documents import samples


def test_a_credential_survives_its_file():
    read = Credential.from_pem(samples.CHAIR.pem())
    assert (read.certificate, read.key.private_numbers()) == (
        samples.CHAIR.certificate,
        samples.CHAIR.key.private_numbers(),
    )


def test_a_key_that_is_not_the_certificates_is_refused():
    certificate = samples.CHAIR.pem().partition(b"-----BEGIN PRIVATE KEY")[0]
    key = b"-----BEGIN PRIVATE KEY" + samples.SEAL.pem().partition(b"-----BEGIN PRIVATE KEY")[2]
    with pytest.raises(ValueError, match="not that of the certificate"):
        Credential.from_pem(certificate + key)


def test_a_seal_names_its_agency_and_a_person_their_office():
    assert subject(samples.SEAL) == {
        NameOID.COUNTRY_NAME: "VN",
        NameOID.COMMON_NAME: samples.AGENCY,
        NameOID.ORGANIZATION_NAME: samples.AGENCY,
        NameOID.ORGANIZATION_IDENTIFIER: samples.CODE,
    }
    assert subject(samples.CHAIR) == {
        NameOID.COUNTRY_NAME: "VN",
        NameOID.COMMON_NAME: "Phạm Quốc Khánh",
        NameOID.TITLE: "Chủ tịch",
        NameOID.ORGANIZATION_NAME: samples.AGENCY,
    }


def test_certificates_are_for_signing_and_only_the_root_issues():
    usage = samples.CHAIR.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    root = samples.AUTHORITY.credential.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.content_commitment, usage.key_cert_sign) == (True, False)
    assert (root.content_commitment, root.key_cert_sign) == (False, True)


def test_the_root_vouches_for_what_it_issued_and_no_other_root_does():
    samples.CHAIR.certificate.verify_directly_issued_by(samples.AUTHORITY.credential.certificate)
    with pytest.raises(ValueError, match="does not match certificate issuer"):
        samples.CHAIR.certificate.verify_directly_issued_by(Authority.founded("Khác").credential.certificate)


def test_a_new_certificate_is_valid_at_once_for_years():
    certificate = Authority.founded("A").person("B", title="C", agency="D").certificate
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc > timedelta(days=4 * 365)


def test_the_keyring_gives_back_what_it_keeps_and_only_its_owner_can_read_it(tmp_path):
    ring = Keyring(tmp_path)
    ring.keep_seal("H38.12", samples.SEAL)
    ring.keep_person("person:6f9619ff-8b86-d011-b42d-00cf4fc964ff", samples.CHAIR)
    ring.trust("demo", samples.ROOTS[0])
    assert ring.seal("H38.12").certificate == samples.SEAL.certificate
    assert ring.person("person:6f9619ff-8b86-d011-b42d-00cf4fc964ff").certificate == samples.CHAIR.certificate
    assert ring.trusted() == tuple(samples.ROOTS)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*.pem")}
    assert modes == {0o600}


@pytest.mark.parametrize("name", ["H99", "", "../trusted/demo", "a/b", "ấ", ".."])
def test_a_seal_that_is_not_kept_is_a_key_error(tmp_path, name):
    with pytest.raises(KeyError):
        Keyring(tmp_path).seal(name)


def subject(credential):
    return {part.oid: part.value for part in credential.certificate.subject}

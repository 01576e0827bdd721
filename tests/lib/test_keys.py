import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, utils
from hypothesis import given
from hypothesis import strategies as st

from motcua.lib import keys
from motcua.lib.keys import FileKey, MemoryKey

KEY = MemoryKey()


def pem_of(key):
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


@given(st.binary(max_size=300))
def test_what_was_signed_is_verified(text):
    assert keys.verify(KEY.public_pem, KEY.sign(text), text)


@given(st.binary(min_size=1, max_size=100), st.data())
def test_a_flipped_bit_in_text_or_signature_is_found(text, data):
    parts = [bytearray(KEY.sign(text)), bytearray(text)]
    part = data.draw(st.sampled_from(parts))
    bit = data.draw(st.integers(0, len(part) * 8 - 1))
    part[bit // 8] ^= 1 << bit % 8
    assert not keys.verify(KEY.public_pem, bytes(parts[0]), bytes(parts[1]))


@given(st.binary(max_size=80))
def test_rubbish_is_no_signature(rubbish):
    assert not keys.verify(KEY.public_pem, rubbish, b"text")


def test_a_signature_can_be_checked_by_anyone_with_the_public_key():
    signature = KEY.sign(b"text")
    public = serialization.load_pem_public_key(KEY.public_pem.encode())
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(utils.encode_dss_signature(r, s), b"text", ec.ECDSA(hashes.SHA256()))


def test_another_key_does_not_verify():
    assert not keys.verify(MemoryKey().public_pem, KEY.sign(b"text"), b"text")


def test_a_key_keeps_its_name_and_its_signature_across_a_file(tmp_path):
    made = FileKey.load_or_generate(tmp_path / "keys" / "node.pem")
    again = FileKey.load_or_generate(tmp_path / "keys" / "node.pem")
    assert (made.key_id, made.public_pem) == (again.key_id, again.public_pem)
    assert keys.verify(made.public_pem, again.sign(b"text"), b"text")


def test_only_the_owner_can_read_the_file(tmp_path):
    FileKey.generate().save(tmp_path / "node.pem")
    assert (tmp_path / "node.pem").stat().st_mode & 0o777 == 0o600


def test_a_key_is_never_written_over_another(tmp_path):
    FileKey.generate().save(tmp_path / "node.pem")
    with pytest.raises(FileExistsError):
        FileKey.generate().save(tmp_path / "node.pem")


def test_the_name_of_a_key_is_short_and_safe_in_an_address():
    assert len(KEY.key_id) == 22
    assert set(KEY.key_id) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(
    "private", [ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP384R1())]
)
def test_keys_of_another_kind_are_refused(private):
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(ValueError, match="not one on the curve P-256"):
        FileKey.from_pem(pem)
    with pytest.raises(ValueError, match="not one on the curve P-256"):
        keys.verify(pem_of(private.public_key()), bytes(64), b"text")


def test_an_rsa_key_is_refused():
    public = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    with pytest.raises(ValueError, match="not one on the curve P-256"):
        keys.public_key(pem_of(public))

"""Keys in a token (SoftHSM2): they sign like keys from a file, for PDF and for messages, and never come out."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.documents import samples
from tests.documents.edxml.test_writing import DOCUMENT

from motcua.documents import signing
from motcua.documents.authority import Keyring
from motcua.documents.edxml.reading import read
from motcua.documents.edxml.signatures import Standing, sign
from motcua.documents.edxml.writing import write
from motcua.documents.verification import verify
from motcua.lib.actions import NotNow
from motcua.lib.pkcs11 import Token, TokenFault, token

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
MODULE = os.environ.get("SOFTHSM2_MODULE") or next((one for one in MODULES if Path(one).exists()), "")
TOOL = os.environ.get("SOFTHSM2_UTIL") or shutil.which("softhsm2-util") or ""
PIN, LABEL, OTHER = "4711", "motcua", "second"

pytestmark = pytest.mark.skipif(
    not (MODULE and TOOL), reason="softhsm2 is not installed (.ci/run installs it)"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A token with the key of the sample agency, and a keyring that has its certificate alone."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    key = samples.SEAL.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(key)
    put_pin(folder / "token.pin", PIN)
    (folder / "seals").mkdir()
    alone = samples.SEAL.certificate.public_bytes(serialization.Encoding.PEM)
    (folder / "seals" / f"{samples.CODE}.pem").write_bytes(alone)
    for label in (LABEL, OTHER):
        tool("--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "47110000")
        named = ("--token", label, "--label", samples.CODE, "--id", "01", "--pin", PIN)
        tool("--import", folder / "key.pem", *named)
    return folder


def put_pin(file, pin):
    file.write_text(f"{pin}\n")
    file.chmod(0o600)


def tool(*arguments):
    subprocess.run([TOOL, *arguments, "--module", MODULE], check=True, capture_output=True)


@pytest.fixture
def seal(folder):
    held = token(MODULE, LABEL, folder / "token.pin")
    return Keyring(folder, token=held).seal(samples.CODE)


def test_it_signs_a_pdf_like_a_key_from_a_file(seal):
    signed = signing.sign_corner(samples.PAPER, seal, ["Số: 1/UBND"], at=samples.NOW)
    verdict = verify(signed, samples.ROOTS)
    assert ([one.who for one in verdict.signatures], verdict.stands) == ([samples.AGENCY], True)


def test_it_signs_a_message_as_well(seal):
    assert read(sign(write(DOCUMENT), seal)).signed.standing is Standing.HOLDS


def test_it_signs_again_and_again(seal):
    for said in (b"one", b"two"):
        seal.certificate.public_key().verify(
            seal.key.sign(said, ec.ECDSA(hashes.SHA256())), said, ec.ECDSA(hashes.SHA256())
        )


def test_it_does_not_come_out(seal):
    for ask in (seal.key.private_numbers, seal.pem):
        with pytest.raises(TokenFault):
            ask()


def test_another_token_and_another_key_are_not_there(folder, seal, caplog):
    with pytest.raises(TokenFault, match="no token khac"):
        Token(MODULE, "khac", folder / "token.pin")
    seal.key.label = "khac"
    with pytest.raises(NotNow):
        seal.key.sign(b"x", ec.ECDSA(hashes.SHA256()))
    assert "holds 0 keys khac" in caplog.text


def test_a_pin_is_neither_said_nor_tried_again_once_it_was_refused(folder, tmp_path, caplog):
    put_pin(tmp_path / "token.pin", "0815")
    key = Keyring(folder, token=token(MODULE, OTHER, tmp_path / "token.pin")).seal(samples.CODE).key
    for _again in range(5):  # a token of this kind would be locked by then
        with pytest.raises(NotNow) as refused:
            key.sign(b"x", ec.ECDSA(hashes.SHA256()))
        assert "0815" not in str(refused.value)
    assert [word in caplog.text for word in ("the PIN is wrong", "was refused before", "0815")] == [
        True,
        True,
        False,
    ]
    put_pin(tmp_path / "token.pin", PIN)
    assert key.sign(b"x", ec.ECDSA(hashes.SHA256()))


def test_a_pin_others_can_read_is_not_used(folder, tmp_path):
    put_pin(tmp_path / "token.pin", PIN)
    (tmp_path / "token.pin").chmod(0o644)
    with pytest.raises(TokenFault, match="chmod 600"):
        Token(MODULE, LABEL, tmp_path / "token.pin")
    with pytest.raises(TokenFault, match="cannot be read"):
        Token(MODULE, LABEL, tmp_path / "none.pin")


def test_what_is_no_module_is_said_so(tmp_path):
    with pytest.raises(TokenFault, match="no PKCS#11 module"):
        Token(str(tmp_path / "nichts.so"), LABEL, tmp_path / "token.pin")

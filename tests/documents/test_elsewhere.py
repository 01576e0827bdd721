"""A signature by a key that lies elsewhere, and whether a file that comes back is the one that was given out."""

import io
from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from django.utils import timezone
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from motcua.documents import elsewhere, press, signing
from motcua.documents.authority import Authority, Validity
from motcua.documents.comparing import keywords, only_signed
from motcua.documents.declaration import KEYWORD, Declaration, DeclaredPage
from motcua.documents.intake import pages_of
from motcua.documents.papers import Check, Office
from motcua.documents.signing import CannotSign
from motcua.documents.verification import Fault, verify

AUTHORITY = Authority.founded("Chứng thực thử")
ROOTS = [AUTHORITY.credential.certificate]
NAME, NUMBER = "Trần Hạ Mây", "000196004821"
PRINT = "0123456789abcdef" * 4


def form(answers=3, fingerprint=PRINT):
    return Declaration(
        office=Office(agency="Ủy ban nhân dân phường Sa Pa"),
        on=date(2026, 11, 22),
        name="Đăng ký thành lập hộ kinh doanh",
        code="1.001612",
        case="Một cá nhân làm chủ",
        pages=(DeclaredPage("Hộ kinh doanh", (("Tên hộ kinh doanh", "Quán #chợ *Mây*"),) * answers),),
        applicant=NAME,
        filed_by="",
        fingerprint=fingerprint,
        check=Check(url="https://x.invalid/verify/", shown="x.invalid"),
    )


@pytest.fixture(scope="module")
def base():
    return press.print_paper(form(), at=timezone.now())


@pytest.fixture(scope="module")
def person():
    return AUTHORITY.subscriber(NAME, f"CCCD:{NUMBER}")


def sign(credential, digest):
    return credential.key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))


def signed(base, person, *, by=None, at=None, digest=None):
    prepared = elsewhere.prepare(base, person.certificate, name=NAME, at=at or timezone.now())
    return elsewhere.finish(prepared, person.certificate, sign(by or person, digest or prepared.digest))


def test_the_form_is_pdf_a_and_grows_over_pages():
    long = press.print_paper(form(answers=200), at=timezone.now())
    assert (b"pdfaid" in long, pages_of(long) > 2, signing.places(long)) == (True, True, {signing.PERSON})


def test_a_signature_made_elsewhere_stands_and_names_its_owner(base, person):
    at = timezone.now().replace(microsecond=0)
    verdict = verify(signed(base, person, at=at), ROOTS)
    found = verdict.signatures[0]
    assert (verdict.stands, found.who, found.number, found.at) == (True, NAME, NUMBER, at)


def test_a_signature_of_something_else_or_by_another_key_does_not_stand(base, person):
    other = AUTHORITY.subscriber("Ngô Văn Đồi", "CCCD:000071002654")
    for bad in (signed(base, person, digest=bytes(32)), signed(base, person, by=other)):
        assert verify(bad, ROOTS).every_fault == (Fault.ALTERED,)


def test_a_form_is_signed_in_its_place_once(base, person):
    whole = signed(base, person)
    with pytest.raises(CannotSign):
        elsewhere.prepare(whole, person.certificate, name=NAME, at=timezone.now())
    prepared = elsewhere.prepare(base, person.certificate, name=NAME, at=timezone.now())
    with pytest.raises(CannotSign):
        elsewhere.finish(prepared, person.certificate, bytes(9000))


def test_a_certificate_that_had_run_out_is_seen(base):
    over = Validity.lasting(timedelta(days=30), start=timezone.now() - timedelta(days=60))
    old = AUTHORITY.subscriber(NAME, f"CCCD:{NUMBER}", validity=over)
    assert Fault.OUTSIDE_VALIDITY in verify(signed(base, old), ROOTS).every_fault


def test_a_token_of_ones_own_adds_nothing_but_a_signature(base, person):
    drawing = press.picture("stamp", {"lines": ["Ký bởi"]})
    own = signing.sign_in(base, person, signing.PERSON, drawing, at=timezone.now())
    elsewhere_too = signing.sign_seal(base, AUTHORITY.seal("Hoa Ban", "0001234561"), at=timezone.now())
    assert (only_signed(base, own), only_signed(base, elsewhere_too)) == (True, True)


def test_what_was_changed_before_or_after_signing_is_not_the_same_file(base, person):
    """A changed page under a sound signature is the case no signature shows."""
    writer = IncrementalPdfFileWriter(io.BytesIO(base))
    page = writer.find_page_for_modification(0)[0]
    page.get_object()["/Rotate"] = generic.NumberObject(180)
    writer.mark_update(page)
    changed = io.BytesIO()
    writer.write(changed)
    forged = signed(changed.getvalue(), person)
    assert verify(forged, ROOTS).stands
    another = press.print_paper(form(answers=4), at=timezone.now())
    files = (
        forged,
        signed(another, person),
        base[:-9] + b"x" * 9,
        b"",
        b"%PDF-1.7",
        signed(base, person)[:-5],
    )
    assert [only_signed(base, file) for file in files] == [False] * 6


def test_the_fingerprint_stands_under_the_signature(base, person):
    whole = signed(base, person)
    assert (keywords(whole, KEYWORD), keywords(b"%PDF-", KEYWORD)) == ({PRINT}, set())

"""Documents: kept, made, signed, recalled, each by those who may, each in the journal; and what the public learns."""

import io
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import IntegrityError, transaction
from django.utils import translation
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from motcua.documents import actions, inquiries
from motcua.documents.authority import Authority, Validity
from motcua.documents.binding import bound
from motcua.documents.models import Document, keyring, new_code, read_code, store
from motcua.documents.papers import Check
from motcua.documents.serving import handed_out
from motcua.documents.verification import Fault
from motcua.journal.models import Entry
from motcua.lib.actions import ACTIONS, Invalid, NotNow, Refused, may
from motcua.lib.actors import Actor, Grant, anonymous
from motcua.lib.signs import SIGNS
from tests.documents import reading, samples
from tests.racing import meanwhile

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("dossiers")
MOTHER = Actor("person:00000000-0000-4000-8000-000000000001", "Trần Hạ Mây")
NEIGHBOUR = Actor("person:00000000-0000-4000-8000-000000000002", "Vàng Thị Sương")


def officer(role, number=9, place=samples.CODE):
    return Actor(f"person:00000000-0000-4000-8000-00000000000{number}", role, frozenset({Grant(role, place)}))


CHAIR, RECEIVER, ELSEWHERE = officer("chair"), officer("receiver", 8), officer("chair", 7, "H38.99")


@pytest.fixture
def keys(node_home):
    authority, ring = Authority.founded("Tổ chức chứng thực thử"), keyring()
    ring.trust("test", authority.credential.certificate)
    ring.keep_seal(samples.CODE, authority.seal(samples.AGENCY, samples.CODE))
    ring.keep_person(CHAIR.urn, authority.person("Phạm Quốc Khánh", title="Chủ tịch", agency=samples.AGENCY))
    ring.keep_person(
        RECEIVER.urn, authority.person("Nguyễn Thị Lan", title="Công chức", agency=samples.AGENCY)
    )
    return ring


def new(**fields):
    return Document(
        **{"about": "dossier:1", "agency": samples.CODE, "owner": MOTHER.urn, "holder": "Lê An Nhiên"}
        | fields
    )


def upload(by=MOTHER, **fields):
    document = new(**{"title": "../giấy chứng sinh.pdf", "agency": ""} | fields)
    return actions.keep(document, by=by, file=io.BytesIO(samples.PAPER))


def made(by=SYSTEM):
    document = new()
    return actions.make(document, by=by, paper=samples.birth(check=document.verification))


def facts(document):
    return [(entry.event, entry.facts) for entry in Entry.objects.about(document)]


def test_an_upload_is_kept_and_recorded():
    document = Document.objects.get(pk=upload().pk)
    assert (document.kind, document.state, document.media, document.size, document.pages, document.title) == (
        "upload", "kept", "application/pdf", len(samples.PAPER), 1, "giấy chứng sinh.pdf",
    )  # fmt: skip
    assert document.content() == samples.PAPER
    assert facts(document) == [
        (
            "documents.DocumentKept",
            {
                "document": str(document.pk),
                "media": "application/pdf",
                "digest": document.digest,
                "size": document.size,
            },
        )
    ]


@pytest.mark.parametrize("by", [NEIGHBOUR, anonymous, RECEIVER])
def test_nobody_keeps_a_file_in_anothers_name(by):
    with pytest.raises(Refused):
        upload(by=by)
    assert not Document.objects.exists()


@pytest.mark.parametrize("by", [RECEIVER, SYSTEM])
def test_the_desk_and_the_system_keep_files_for_the_agency(by):
    assert upload(by=by, agency=samples.CODE, owner="").state == "kept"


def test_a_file_is_not_kept_without_an_owner_by_nobody():
    with pytest.raises(Refused):
        upload(by=anonymous, owner=anonymous.urn)


def test_an_unfit_file_is_refused_and_nothing_recorded():
    with pytest.raises(Invalid):
        actions.keep(new(title="x"), by=MOTHER, file=io.BytesIO(b"MZ"))
    assert (Document.objects.count(), Entry.objects.count()) == (0, 0)


def test_a_paper_is_made_with_the_code_that_leads_to_it():
    document = made()
    assert (document.kind, document.state, document.media, document.signatures) == (
        "birth",
        "made",
        "application/pdf",
        [],
    )
    assert document.verification == Check(document.check_url, "127.0.0.1:8000/verify", document.code)
    assert document.check_url == f"http://127.0.0.1:8000/verify/{document.code}/"
    assert facts(document) == [
        (
            "documents.DocumentMade",
            {
                "document": str(document.pk),
                "kind": "birth",
                "digest": document.digest,
                "agency": samples.CODE,
            },
        )
    ]


@pytest.mark.parametrize("by", [MOTHER, anonymous, ELSEWHERE, officer("auditor")])
def test_only_officers_of_the_agency_make_its_papers(by):
    with pytest.raises(Refused):
        made(by=by)


def test_a_name_that_cannot_be_printed_is_said_so():
    document = new()
    paper = samples.birth(check=document.verification, child=samples.child("李安"))
    with pytest.raises(Invalid):
        actions.make(document, by=SYSTEM, paper=paper)


def test_the_chair_signs_and_the_agency_seals(keys):
    document = made()
    before = document.digest
    actions.sign(document, by=CHAIR)
    document.refresh_from_db()
    assert document.is_signed
    assert document.digest != before
    assert [(one["role"], one["who"], one["faults"]) for one in document.signatures] == [
        ("personal", "Phạm Quốc Khánh", []),
        ("seal", samples.AGENCY, []),
    ]
    assert document.content().startswith(store().read(before))
    assert facts(document)[-1] == (
        "documents.DocumentSigned",
        {
            "document": str(document.pk), "kind": "birth", "digest": document.digest,
            "agency": samples.CODE, "sealed": True,
        },
    )  # fmt: skip


def test_the_desk_signs_its_receipt_without_a_seal(keys):
    document = new()
    actions.make(document, by=RECEIVER, paper=samples.receipt())
    actions.sign(document, by=RECEIVER)
    assert [one["role"] for one in document.signatures] == ["personal"]
    assert facts(document)[-1][1]["sealed"] is False


@pytest.mark.parametrize("by", [RECEIVER, ELSEWHERE, MOTHER, SYSTEM, anonymous])
def test_only_the_chair_of_the_agency_signs_its_certificates(by, keys):
    document = made()
    with pytest.raises(Refused):
        actions.sign(document, by=by)
    assert not may(by, "documents.sign", document)
    assert may(CHAIR, "documents.sign", document)


def test_the_chair_does_not_sign_the_desks_forms(keys):
    document = new()
    actions.make(document, by=RECEIVER, paper=samples.refusal())
    with pytest.raises(Refused):
        actions.sign(document, by=CHAIR)


def test_nothing_is_signed_twice(keys):
    document = actions.sign(made(), by=CHAIR)
    with pytest.raises(NotNow):
        actions.sign(document, by=CHAIR)


def test_uploads_are_not_signed(keys):
    with pytest.raises(Refused):
        actions.sign(upload(agency=samples.CODE), by=CHAIR)


def test_a_chair_without_a_certificate_is_told_whom_to_ask(keys):
    with pytest.raises(NotNow), transaction.atomic():
        actions.sign(made(), by=officer("chair", 5))


def test_without_the_agencys_seal_nothing_is_signed(keys):
    document = made()
    (keys.root / "seals" / f"{samples.CODE}.pem").unlink()
    with pytest.raises(NotNow):
        actions.sign(document, by=CHAIR)
    document.refresh_from_db()
    assert (document.state, document.signatures) == ("made", [])


def test_a_recalled_paper_says_when_and_why(keys):
    document = actions.sign(made(), by=CHAIR)
    actions.revoke(document, by=CHAIR, reason=" Sai tên đệm ")
    document.refresh_from_db()
    assert (document.state, document.reason) == ("revoked", "Sai tên đệm")
    assert datetime.now(UTC) - document.revoked_at < timedelta(minutes=1)
    assert facts(document)[-1] == (
        "documents.DocumentRevoked",
        {"document": str(document.pk), "kind": "birth", "agency": samples.CODE, "reason": "Sai tên đệm"},
    )


def test_recalling_needs_a_reason_and_the_head_of_the_agency():
    document = made()
    with pytest.raises(Invalid) as refused:
        actions.revoke(document, by=CHAIR, reason=" ")
    assert refused.value.field == "reason"
    for by in (RECEIVER, ELSEWHERE, MOTHER, SYSTEM):
        with pytest.raises(Refused):
            actions.revoke(document, by=by, reason="x")


def test_a_recalled_paper_stays_recalled(keys):
    document = actions.revoke(made(), by=CHAIR, reason="x")
    with pytest.raises(NotNow):
        actions.sign(document, by=CHAIR)
    with pytest.raises(NotNow):
        actions.revoke(document, by=CHAIR, reason="x")


def test_everyone_sees_their_own_and_officers_their_agencys():
    mine, theirs = upload(), upload(owner=NEIGHBOUR.urn, by=NEIGHBOUR)
    ours = made()

    def seen(actor):
        return set(Document.objects.visible_to(actor))

    assert seen(MOTHER) == {mine, ours}
    assert seen(NEIGHBOUR) == {theirs}
    assert seen(RECEIVER) == {ours}
    assert seen(officer("auditor")) == set()
    assert seen(ELSEWHERE) == seen(anonymous) == set()
    assert seen(SYSTEM) == {mine, theirs, ours}


def test_documents_about_a_dossier_come_in_their_order():
    first, second = upload(), made()
    upload(about="dossier:2")
    assert list(Document.objects.about("dossier:1")) == [first, second]
    assert list(Document.objects.about("dossier:1").issued()) == [second]


def test_the_name_of_a_saved_file_says_nothing_about_a_person():
    document = upload()
    assert document.file_name == f"upload-{document.code}.pdf"


@pytest.mark.parametrize(
    "fields",
    [
        {"digest": "x" * 64},
        {"kind": "poem"},
        {"state": "new"},
        {"kind": "birth", "state": "kept"},
        {"kind": "birth", "state": "made", "agency": ""},
        {"state": "revoked", "kind": "birth"},
    ],
)
def test_the_database_refuses_documents_that_cannot_be(fields):
    values = {
        "kind": "upload",
        "state": "kept",
        "digest": "a" * 64,
        "size": 1,
        "title": "x",
        "media": "image/png",
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.create(**{"about": "dossier:1", "agency": samples.CODE} | values | fields)


def test_a_signed_paper_answers_for_its_code_and_shows_no_name(keys):
    document = actions.sign(made(), by=CHAIR)
    with translation.override("en"):
        answer = inquiries.verify_code(document.code.lower().replace("-", " "))
    assert answer.stands
    assert [one.who for one in answer.signatures] == ["Phạm Quốc Khánh", samples.AGENCY]
    summary = answer.summary
    assert (summary.code, summary.kind, summary.agency, summary.holder, summary.state_words, summary.is_revoked) == (
        document.code, "Birth certificate", samples.CODE, "L• A• N••••", "Signed", False,
    )  # fmt: skip
    assert "Nhiên" not in str(summary)


def test_a_recalled_paper_no_longer_stands(keys):
    document = actions.sign(made(), by=CHAIR)
    actions.revoke(document, by=CHAIR, reason="x")
    answer = inquiries.verify_code(document.code)
    assert (answer.stands, answer.verdict.stands, answer.summary.is_revoked) == (False, True, True)


def test_an_unsigned_paper_does_not_stand():
    assert inquiries.verify_code(made().code).verdict.faults == (Fault.UNSIGNED,)


@pytest.mark.parametrize("damage", ["bent", "lost"])
def test_a_paper_whose_file_is_damaged_does_not_stand(damage, keys):
    document = actions.sign(made(), by=CHAIR)
    path = store().path(document.digest)
    path.write_bytes(b"bent") if damage == "bent" else path.unlink()
    assert inquiries.verify_code(document.code).verdict.faults == (Fault.BROKEN,)


@pytest.mark.parametrize("typed", ["", "7KQ2", "7KQ2-M9TD-XH4P-8WRE", "x" * 500, "7KQ2-M9TD-XH4P-8WR\0"])
def test_an_unknown_code_has_no_answer(typed):
    assert inquiries.verify_code(typed) is None


def test_an_uploaded_papers_code_opens_nothing():
    assert inquiries.verify_code(upload().code) is None


def test_a_file_in_hand_is_answered_by_its_signatures_and_its_digest(keys):
    document = actions.sign(made(), by=CHAIR)
    answer = inquiries.verify_upload(document.content())
    assert (answer.stands, answer.summary.code) == (True, document.code)
    assert answer.words == []


def test_a_changed_file_is_not_ours_and_does_not_stand(keys):
    document = actions.sign(made(), by=CHAIR)
    forged = document.content().replace(b"%PDF-1.7", b"%PDF-1.6", 1)
    answer = inquiries.verify_upload(forged)
    assert (answer.stands, answer.summary) == (False, None)
    assert Fault.ALTERED in answer.verdict.every_fault


def test_a_recalled_file_in_hand_does_not_stand(keys):
    document = actions.sign(made(), by=CHAIR)
    actions.revoke(document, by=CHAIR, reason="x")
    assert not inquiries.verify_upload(document.content()).stands


def test_a_file_of_another_node_stands_by_its_signatures_alone(keys):
    keyring().trust("other", samples.ROOTS[0])
    answer = inquiries.verify_upload(samples.SEALED)
    assert (answer.stands, answer.summary) == (True, None)


def test_codes_are_drawn_from_eighty_bits_and_read_back():
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(read_code(code.lower()) == code for code in codes)
    assert {sign for code in codes for sign in code} == set(SIGNS) | {"-"}


def test_look_alike_letters_are_read_as_what_was_meant():
    assert read_code("oil0-OIL1-abcd efgh") == "0110-0111-ABCD-EFGH"


def test_names_are_masked_to_their_first_letters():
    assert [inquiries.masked(name) for name in ("Lê An Nhiên", "Ý", "")] == ["L• A• N••••", "Ý", ""]


def test_everything_that_can_be_done_is_declared():
    assert {name for name in ACTIONS if name.startswith("documents.")} == {
        "documents.complete", "documents.discard_loose", "documents.keep", "documents.make", "documents.note_basic", "documents.note_loose", "documents.sign", "documents.revoke", "documents.hand_out", "documents.seal",
    }  # fmt: skip


# The agency's seal on forms of the one-stop desk


def form():
    return actions.make(new(), by=RECEIVER, paper=samples.receipt())


def test_a_form_is_sealed_when_it_first_leaves_and_is_the_same_for_ever(keys):
    document = form()
    unsealed, again = document.digest, Document.objects.get(pk=document.pk)
    assert (document.awaits_seal, document.state, bool(document.signatures)) == (True, "made", False)
    assert inquiries.verify_code(document.code).is_on_record
    with pytest.raises(Refused):
        actions.hand_out(document, by=RECEIVER)
    first = handed_out(document).content
    assert handed_out(again).content == first  # whoever read it before it was sealed gets the same file
    assert handed_out(Document.objects.get(pk=document.pk)).content == first
    assert sha256(first).hexdigest() == again.digest != unsealed
    # Sealed or not, many are printed in one go; whose seal it is stands there in words.
    together = bound([again, form()])
    assert together.startswith(b"%PDF-2.0")
    in_words = reading.text(together)
    assert (in_words.count("Thờigianký:"), samples.AGENCY.replace(" ", "") in in_words) == (1, True)
    assert first.startswith(store().read(unsealed))
    (embedded,) = PdfFileReader(io.BytesIO(first)).embedded_signatures
    root = x509.Certificate.load(keys.trusted()[0].public_bytes(Encoding.DER))
    status = validate_pdf_signature(embedded, ValidationContext(trust_roots=[root]))
    assert (status.bottom_line, status.coverage) == (True, SignatureCoverageLevel.ENTIRE_FILE)
    answer = inquiries.verify_code(document.code)
    assert (answer.stands, answer.is_on_record, answer.summary.state) == (True, False, "signed")
    assert [(one.who, one.is_seal) for one in answer.signatures] == [(samples.AGENCY, True)]
    assert inquiries.verify_upload(first).stands
    assert [name for name, _facts in facts(document)] == [
        "documents.DocumentMade",
        "documents.DocumentSigned",
    ]


@pytest.mark.parametrize("when", ["later", "gone", "expired"])
def test_a_form_that_left_without_a_seal_never_gets_one(keys, when):
    path = keys.root / "seals" / f"{samples.CODE}.pem"
    kept = path.read_bytes()
    if when == "later":
        path.unlink()
    document = form()
    if when == "later":
        path.write_bytes(kept)
    elif when == "gone":
        path.unlink()
    else:
        over = Validity(samples.NOW - timedelta(days=9), samples.NOW - timedelta(days=8))
        keys.keep_seal(samples.CODE, samples.AUTHORITY.seal(samples.AGENCY, samples.CODE, validity=over))
    first = handed_out(document).content
    path.write_bytes(kept)
    assert handed_out(Document.objects.get(pk=document.pk)).content == first
    answer = inquiries.verify_code(document.code)
    assert (answer.stands, answer.is_on_record, answer.summary.state_words) == (
        False,
        True,
        "Có trong sổ, không ký số",
    )


@pytest.mark.django_db(transaction=True)
def test_two_who_open_a_form_at_once_get_one_file(keys):
    kept, got = form().pk, []

    def download():
        got.append(handed_out(Document.objects.get(pk=kept)).content)

    with meanwhile(download, download):
        Document.objects.select_for_update().get(pk=kept)
    assert (len(got), len(set(got))) == (2, 1)
    assert Entry.objects.of("documents.DocumentSigned").count() == 1

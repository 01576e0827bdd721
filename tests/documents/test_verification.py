"""Verification: what stands, stands; every way of cheating is found; rubbish gets an answer."""

import io
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from motcua.documents import handwriting, signing, verification
from motcua.documents.authority import Authority, Validity
from motcua.documents.verification import WORDS, Fault, Signature, Verdict, verify
from tests.documents import reading, samples

STRANGER = Authority.founded("Tổ chức lạ")
CONTAINER = samples.SEALED.rindex(b"/Contents <") + len(b"/Contents <")


def judged(pdf, roots=samples.ROOTS):
    return verify(pdf, roots).every_fault


def test_a_signed_and_sealed_paper_stands():
    verdict = verify(samples.SEALED, samples.ROOTS)
    assert verdict.stands
    assert verdict.words == []
    assert [
        (one.intact, one.whole, one.trusted, one.in_time, one.stands, one.timestamped)
        for one in verdict.signatures
    ] == [(True, True, True, True, True, False)] * 2


def test_of_what_was_made_here_the_verdict_is_the_same():
    assert verify(samples.SEALED, samples.ROOTS, made_here=True) == verify(samples.SEALED, samples.ROOTS)
    changed = samples.SEALED.replace(b"Hoa Sen", b"Hoa Sem", 1)
    assert verify(changed, samples.ROOTS, made_here=True) == verify(changed, samples.ROOTS)
    assert verify(changed, samples.ROOTS, made_here=True).every_fault == (Fault.ALTERED,)


def test_a_paper_signed_by_the_person_alone_stands():
    assert verify(samples.SIGNED, samples.ROOTS).stands


@settings(max_examples=40, deadline=None)
@given(place=st.integers(0, len(samples.SEALED) - 1), change=st.integers(1, 255))
@example(place=0, change=1)
@example(place=len(samples.SEALED) - 1, change=1)
@example(place=CONTAINER - 1, change=1)
@example(place=CONTAINER + 46, change=1)  # the version of the container
@example(place=CONTAINER + 82, change=2)  # parameters of its digest algorithm, which nothing else reads
@example(place=CONTAINER + 30, change=1)
@example(place=samples.SEALED.index(b">", CONTAINER) - 1, change=1)  # its padding
def test_one_changed_byte_anywhere_is_found(place, change):
    forged = bytearray(samples.SEALED)
    forged[place] ^= change
    assert not verify(bytes(forged), samples.ROOTS).stands


def test_the_case_of_the_digits_cannot_be_changed():
    letter = next(
        place
        for place in range(CONTAINER, len(samples.SEALED))
        if samples.SEALED[place : place + 1] in b"ABCDEF"
    )
    forged = bytearray(samples.SEALED)
    forged[letter] ^= 0x20
    assert judged(bytes(forged)) == (Fault.ALTERED,)


@settings(max_examples=15, deadline=None)
@given(place=st.integers(0, len(samples.SEALED)), added=st.binary(min_size=1, max_size=30))
def test_bytes_put_in_anywhere_are_found(place, added):
    assert not verify(samples.SEALED[:place] + added + samples.SEALED[place:], samples.ROOTS).stands


@settings(max_examples=15, deadline=None)
@given(end=st.integers(0, len(samples.SEALED) - 1))
def test_a_file_cut_short_is_a_shorter_truth_or_none(end):
    verdict = verify(samples.SEALED[:end], samples.ROOTS)
    assert not verdict.stands or samples.SEALED[:end].rstrip() == samples.SIGNED.rstrip()


def test_a_changed_name_is_found_by_both_signatures():
    forged = samples.SEALED.replace(b"/Type", b"/Tipe", 1)
    assert [Fault.ALTERED in one.faults for one in verify(forged, samples.ROOTS).signatures] in (
        [True, True],
        [],
    )


def test_a_certificate_expired_before_signing_does_not_count():
    past = Validity(samples.NOW - timedelta(days=30), samples.NOW - timedelta(days=1))
    old = samples.AUTHORITY.person("Cũ", title="Chủ tịch", agency="A", validity=past)
    assert judged(signing.sign_personal(samples.PAPER, old, at=samples.NOW)) == (Fault.OUTSIDE_VALIDITY,)


def test_a_certificate_not_yet_valid_at_signing_does_not_count():
    later = Validity(samples.NOW + timedelta(days=1), samples.NOW + timedelta(days=30))
    new = samples.AUTHORITY.person("Mới", title="Chủ tịch", agency="A", validity=later)
    assert judged(signing.sign_personal(samples.PAPER, new, at=samples.NOW)) == (Fault.OUTSIDE_VALIDITY,)


def test_a_certificate_that_expired_since_still_counts():
    past = Validity(samples.NOW - timedelta(days=30), samples.NOW - timedelta(days=1))
    old = samples.AUTHORITY.person("Cũ", title="Chủ tịch", agency="A", validity=past)
    assert judged(signing.sign_personal(samples.PAPER, old, at=samples.NOW - timedelta(days=2))) == ()


def test_a_foreign_certificate_does_not_count():
    stranger = STRANGER.person("Phạm Quốc Khánh", title="Chủ tịch", agency=samples.AGENCY)
    at = stranger.certificate.not_valid_before_utc + timedelta(hours=1)
    assert judged(signing.sign_personal(samples.PAPER, stranger, at=at)) == (Fault.UNTRUSTED,)


def test_a_root_of_the_same_name_is_not_the_root():
    impostor = Authority.founded("Tổ chức chứng thực thử", validity=samples.LASTING)
    forged = impostor.person(
        "Phạm Quốc Khánh", title="Chủ tịch", agency=samples.AGENCY, validity=samples.LASTING
    )
    assert Fault.UNTRUSTED in judged(signing.sign_personal(samples.PAPER, forged, at=samples.NOW))


def test_a_personal_certificate_cannot_issue_others():
    puppet = Authority(samples.CHAIR).seal(samples.AGENCY, samples.CODE, validity=samples.LASTING)
    assert Fault.UNTRUSTED in judged(signing.sign_seal(samples.SIGNED, puppet, at=samples.NOW))


def test_nothing_is_trusted_where_nobody_is():
    assert judged(samples.SEALED, []) == (Fault.UNTRUSTED,)


def test_an_unsigned_paper_says_so():
    assert judged(samples.PAPER) == (Fault.UNSIGNED,)


def test_content_drawn_over_a_signed_page_is_found():
    writer = IncrementalPdfFileWriter(io.BytesIO(samples.SEALED))
    writer.add_stream_to_page(0, writer.add_object(generic.StreamObject(stream_data=b"0 0 200 200 re f")))
    verdict = verify(_written(writer), samples.ROOTS)
    assert [one.faults for one in verdict.signatures] == [(Fault.EXTENDED,), (Fault.EXTENDED,)]
    assert [(one.intact, one.whole) for one in verdict.signatures] == [(True, False), (True, False)]


def test_a_note_laid_over_a_signed_page_is_found():
    writer = IncrementalPdfFileWriter(io.BytesIO(samples.SEALED))
    page = writer.find_page_for_modification(0)[0]
    box = generic.ArrayObject([generic.NumberObject(edge) for edge in (0, 0, 300, 300)])
    note = {
        pdf_name("/Type"): pdf_name("/Annot"),
        pdf_name("/Subtype"): pdf_name("/Square"),
        pdf_name("/Rect"): box,
    }
    writer.register_annotation(page, writer.add_object(generic.DictionaryObject(note)))
    assert judged(_written(writer)) == (Fault.EXTENDED,)


def test_a_form_field_filled_in_after_signing_is_found():
    writer = IncrementalPdfFileWriter(io.BytesIO(samples.PAPER))
    form = writer.root["/AcroForm"]
    entry = {pdf_name("/FT"): pdf_name("/Tx"), pdf_name("/T"): generic.pdf_string("amount")}
    form["/Fields"].append(writer.add_object(generic.DictionaryObject(entry)))
    writer.update_container(form)
    signed = signing.sign_personal(_written(writer), samples.CHAIR, at=samples.NOW)
    assert judged(signed) == ()
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    field = writer.root["/AcroForm"]["/Fields"][-1]
    field["/V"] = generic.pdf_string("1.000.000 đồng")
    writer.update_container(field)
    assert judged(_written(writer)) == (Fault.EXTENDED,)


@pytest.mark.parametrize("pdf", [samples.SIGNED, samples.SEALED])
@pytest.mark.parametrize("tail", [b"\n", b"\0", b"%", b"%%EOF\n", b"startxref\n0\n%%EOF"])
def test_a_tail_is_found(pdf, tail):
    assert not verify(pdf + tail, samples.ROOTS).stands


def test_a_third_signature_is_no_fault_of_the_first_two():
    writer = IncrementalPdfFileWriter(io.BytesIO(samples.SEALED))
    append_signature_field(writer, SigFieldSpec("signer2", on_page=0, box=(10, 10, 110, 60)))
    third = _signed_as(_written(writer), "signer2")
    assert [one.faults for one in verify(third, samples.ROOTS).signatures] == [(), (), ()]


def test_a_page_of_another_file_does_not_carry_the_signature_with_it():
    copy = copy_into_new_writer(reading.opened(samples.SEALED))
    assert not verify(_written(copy), samples.ROOTS).stands


def test_a_locked_file_says_so():
    writer = copy_into_new_writer(reading.opened(samples.PAPER))
    writer.encrypt("password")
    assert judged(_written(writer)) == (Fault.ENCRYPTED,)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
@example(b"")
@example(b"GIF89a")
def test_any_bytes_get_an_answer(rubbish):
    assert judged(rubbish) in {(Fault.NOT_PDF,), (Fault.BROKEN,)}
    assert judged(b"%PDF-1.7\n" + rubbish) == (Fault.BROKEN,)


def test_a_huge_file_is_not_even_opened(monkeypatch):
    monkeypatch.setattr(verification, "LARGEST", 1000)
    assert judged(samples.SEALED) == (Fault.TOO_LARGE,)


def test_a_broken_signature_does_not_hide_its_sound_neighbour():
    at = samples.SEALED.index(b"/Contents <") + len(b"/Contents <")
    forged = samples.SEALED[:at] + b"ff" * 20 + samples.SEALED[at + 40 :]
    assert {one.faults for one in verify(forged, samples.ROOTS).signatures} == {
        (Fault.UNREADABLE,),
        (Fault.ALTERED,),
    }


def test_a_time_stamp_of_another_signature_is_found():
    class Mistaken(samples.TimeStamper):
        async def async_timestamp(self, message_digest, md_algorithm):
            return await super().async_timestamp(message_digest[::-1], md_algorithm)

    signed = signing.sign_personal(
        samples.PAPER, samples.CHAIR, at=samples.NOW, timestamper=samples.stamper(Mistaken)
    )
    assert judged(signed) == (Fault.UNSTAMPED,)


def test_every_fault_has_its_words():
    assert set(WORDS) == set(Fault)
    assert len({str(fault.words) for fault in Fault}) == len(Fault)


def test_faults_are_named_once():
    twice = Verdict((Signature(faults=(Fault.ALTERED,)), Signature(faults=(Fault.ALTERED, Fault.UNTRUSTED))))
    assert twice.words == [Fault.ALTERED.words, Fault.UNTRUSTED.words]


def test_a_signature_can_be_kept_as_json():
    (first, _second) = verify(samples.SEALED, samples.ROOTS).signatures
    assert first.as_json() == {
        "who": "Phạm Quốc Khánh",
        "number": "",
        "title": "Chủ tịch",
        "organisation": samples.AGENCY,
        "code": "",
        "role": "personal",
        "at": samples.NOW.isoformat(),
        "timestamped": False,
        "intact": True,
        "whole": True,
        "trusted": True,
        "in_time": True,
        "level": "B-B",
        "faults": [],
    }


def _written(writer):
    done = io.BytesIO()
    writer.write(done)
    return done.getvalue()


def _signed_as(pdf, field):
    return signing.sign_in(pdf, samples.CHAIR, field, handwriting.signature("Khánh"), at=samples.NOW)

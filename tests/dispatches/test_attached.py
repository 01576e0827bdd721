"""A document made in a word processor goes out as it is: numbered, dated and signed where it leaves room."""

import pytest

from motcua.dispatches import actions
from motcua.dispatches.models import Outgoing
from motcua.documents.formalities import breaches
from motcua.documents.lettering import rows
from motcua.documents.models import keyring, store
from motcua.documents.verification import verify
from motcua.lib.actions import Invalid, Refused
from tests import given
from tests.dispatches.conftest import issued, there, today, written
from tests.documents import reading
from tests.documents.word_processor import saved


def paper(**changes):
    year = today().year
    values = {
        "number": f"Số: #h(14mm)/{given.agency().abbreviation}",
        "day": f"ngày #h(9mm) tháng #h(9mm) năm {year}",
        "signer": given.officer("chair").name,
    }
    return saved(**values | changes)


def enclosed(content=None, *, letter=None, name="vb.pdf", is_paper=True):
    letter = letter or written(text="")
    return actions.enclose(
        letter, by=given.officer("specialist"), name=name, content=content or paper(), is_paper=is_paper
    )


def words(file):
    pdf = store().read(file["digest"])
    return "".join(row.words for row in rows(reading.opened(pdf)))


def out(letter):
    letter = actions.submit(letter, by=given.officer("specialist"))
    letter = actions.sign(letter, by=given.officer("chair"), position="Chủ tịch")
    return actions.issue(letter, by=given.officer("clerk"))


def test_it_is_numbered_dated_and_signed_where_it_leaves_room():
    letter = out(enclosed())
    day = today()
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    said = words(letter.files[0])
    assert f"Số:01/{given.agency().abbreviation}" in said
    assert f"ngày{day.day:02}tháng{month}năm{day.year}" in said
    pdf = store().read(letter.files[0]["digest"])
    assert [one.role for one in verify(pdf, keyring().trusted()).signatures] == ["personal", "seal"]
    assert verify(pdf, keyring().trusted()).stands
    assert breaches(pdf) == ()
    assert [file["name"] for file in letter.files] == [f"{letter.number.replace('/', '-')}.pdf"]


def test_what_is_appended_bears_the_agencys_words_in_its_corner():
    letter = enclosed(letter=enclosed(), content=saved(), name="phu-luc.pdf", is_paper=False)
    letter = out(letter)
    assert [file["name"] for file in letter.files][1:] == ["phu-luc.pdf"]
    pdf = store().read(letter.files[1]["digest"])
    assert [one.role for one in verify(pdf, keyring().trusted()).signatures] == ["seal"]
    assert breaches(pdf) == ()


def test_it_arrives_with_who_signed_it_and_no_fault():
    letter = enclosed()
    out(letter)
    from tests.post import settle

    settle()
    assert there().files[0]["check"] == {"signed": ["personal", "seal"], "faults": [], "breaches": []}


def test_a_file_that_bears_a_seal_already_goes_out_with_two():
    first = out(enclosed(letter=enclosed(), content=saved(), name="phu-luc.pdf", is_paper=False))
    borne = store().read(first.files[1]["digest"])
    letter = out(enclosed(letter=enclosed(), content=borne, name="kem-theo.pdf", is_paper=False))
    found = verify(store().read(letter.files[1]["digest"]), keyring().trusted())
    assert [(one.role, one.faults) for one in found.signatures] == [("seal", ())] * 2


def test_another_notation_than_the_registers_is_refused():
    with pytest.raises(Invalid, match="QĐ-XYZ"):
        enclosed(paper(number="Số: #h(14mm)/QĐ-XYZ"))


def test_without_room_for_the_number_it_is_refused_and_nothing_is_kept():
    with pytest.raises(Invalid, match="Số 17 đã ghi sẵn"):
        enclosed(paper(number="Số: 17/UBND"))
    assert Outgoing.objects.get().files == []


def test_whose_name_is_not_on_it_cannot_sign_it_and_no_number_is_used_up():
    letter = actions.submit(enclosed(paper(signer="Người khác")), by=given.officer("specialist"))
    with pytest.raises(Invalid, match="không đứng riêng một dòng"):
        actions.sign(letter, by=given.officer("chair"), position="Chủ tịch")
    other = issued()
    assert other.serial == 1


@pytest.mark.parametrize("content", [b"", b"rubbish", b"%PDF-1.7 broken", given.picture()])
def test_rubbish_is_no_document(content):
    with pytest.raises(Invalid):
        enclosed(content or b" ")


def test_only_who_drafts_it_changes_its_files_and_only_a_draft():
    letter = enclosed()
    with pytest.raises(Refused):
        actions.enclose(letter, by=given.officer("chair"), name="a.pdf", content=paper())
    letter = actions.take_out(letter, by=given.officer("specialist"), number=0)
    assert letter.files == []
    with pytest.raises(Invalid):
        actions.take_out(letter, by=given.officer("specialist"), number=0)
    with pytest.raises(Invalid, match="đính kèm"):
        actions.submit(letter, by=given.officer("specialist"))


def test_the_same_file_is_appended_once():
    appendix = saved()
    letter = enclosed(content=appendix, is_paper=False)
    with pytest.raises(Invalid):
        enclosed(letter=letter, content=appendix, is_paper=False)

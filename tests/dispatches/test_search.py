"""Documents are found by any word of their register and files, with and without diacritics, by who may see them."""

import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given as drawn
from hypothesis import strategies as st

from motcua.dispatches import actions, reactions
from motcua.dispatches.models import Incoming, Outgoing, wording
from motcua.dispatches.models.wording import Wording
from motcua.dispatches.wording import MOST_BYTES, both, query_of, words_of
from motcua.documents.models import store
from motcua.documents.texts import text_of
from tests import given
from tests.dispatches.conftest import CLERK, issued, there, written
from tests.post import settle


def docx(*paragraphs, extra=""):
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{one}</w:t></w:r></w:p>" for one in paragraphs)
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr(
            "word/document.xml", f'{extra}<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>'
        )
    return into.getvalue()


def found(key, typed):
    page = given.signed_in(key).get(reverse("desk:document_search"), {"q": typed})
    assert page.status_code == 200
    return [*page.context.get("came", []), *page.context.get("went", [])]


def test_of_a_draft_the_words_that_stand_are_read_once(monkeypatch):
    """Files take long to read: what was written anew or signed meanwhile is read by what follows alone."""
    read, index = [], actions.index

    def reading(document, *, by):
        read.append((document.version, document.state))
        index(document, by=by)

    monkeypatch.setattr(reactions.actions, "index", reading)
    draft = written()
    actions.redraft(draft, by=given.officer("specialist"), text="Nội dung sửa.")
    settle()
    assert read == [(2, "draft")]
    actions.redraft(draft, by=given.officer("specialist"), text="Mai tháo đập.")
    actions.submit(draft, by=given.officer("specialist"))
    actions.sign(draft, by=given.officer("chair"), position="Chủ tịch")
    settle()
    assert read[1:] == [(3, "signed")]
    assert len(found("dua", "tháo đập")) == 1


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("dự họp", True),
        ("du hop", True),
        ("HỌP cử", True),
        ("kế hoạch năm", True),  # only in the text of the PDF
        ("ke hoach nam", True),
        ("dụ họp", False),  # other marks are another word
        ("họp bão", False),
        ("01/UBND", True),
        ("Sa Pa", True),
        ("!!!", None),
        ("", None),
    ],
)
def test_words_are_found_with_and_without_diacritics(typed, is_found):
    issued()
    page = given.signed_in(CLERK).get(reverse("desk:document_search"), {"q": typed})
    if is_found is None:
        assert not page.context["asked"]
    else:
        assert [one.pk for one in page.context["came"]] == ([there().pk] if is_found else [])


def test_the_words_of_a_docx_are_found():
    blob = store().put([docx("Phụ lục thống kê", "Hồ chứa nước")])
    file = {"name": "a.docx", "media": "application/octet-stream", "size": blob.size, "digest": blob.digest}
    issued(files=[file])
    assert found(CLERK, "hồ chứa nước") == [there()]


def test_others_documents_are_not_found():
    issued()
    draft = written(subject="Chuyện riêng phường")
    settle()
    assert found(CLERK, "chuyện riêng") == []
    assert found("dua", "chuyện riêng") == [draft]
    assert given.signed_in("may").get(reverse("desk:document_search")).status_code == 403


def test_what_was_signed_is_found_by_its_number_and_once():
    letter = issued()
    settle(times=2)
    assert found("dua", letter.number) == [letter]
    assert Wording.objects.count() == 2
    actions.index(letter, by=given.SYSTEM)
    assert Wording.objects.count() == 2


@pytest.mark.parametrize("few", [0, 1, wording.FEW])
def test_few_and_many_are_found_alike_the_newest_first(monkeypatch, few):
    """Few are taken from the index, of many the newest are looked at until there are enough."""
    monkeypatch.setattr(wording, "FEW", few)
    for subject in ("Họp giao ban", "Họp tổng kết", "Họp đột xuất về đê"):
        issued(subject=subject)
    newest = [*Incoming.objects.order_by("-arrived_at")]
    assert [one.subject for one in found(CLERK, "họp")] == [one.subject for one in newest]
    assert [one.subject for one in found(CLERK, "hop dot xuat")] == ["Họp đột xuất về đê"]
    assert found(CLERK, "họp báo") == []
    sent = [one.subject for one in found("dua", "họp")]
    assert sent == [one.subject for one in Outgoing.objects.order_by("-drafted_at")]


def test_it_asks_as_often_for_one_as_for_more():
    def asked():
        visitor = given.signed_in(CLERK)
        visitor.get(reverse("desk:document_search"), {"q": "họp"})
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(reverse("desk:document_search"), {"q": "họp"}).status_code == 200
        return len(queries)

    issued()
    few = asked()
    for _each in range(5):
        issued()
    assert (Incoming.objects.count(), asked()) == (6, few)


def test_the_index_answers_and_not_every_row():
    query = Wording.objects.extra(where=["words @@ %s::tsquery"], params=[query_of("họp", [given.SA_PA])])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "words_of_dispatches" in query.values("pk").order_by().explain()


@drawn(st.text(max_size=60))
def test_any_text_makes_a_query_the_database_reads(typed):
    query = query_of(typed, ["H38", "x'y\\"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_to_tsvector(%s::text[]) @@ %s::tsquery", [[*both(typed), "@H38"], query or "'x'"]
        )
        assert cursor.fetchone()[0] is bool(query)


@drawn(st.binary(max_size=400))
def test_any_bytes_have_a_text_or_none(content):
    assert isinstance(text_of(content), str)
    assert isinstance(text_of(b"%PDF-1.7 " + content), str)
    assert isinstance(text_of(b"PK" + content), str)


def test_a_docx_that_declares_entities_has_no_words():
    bomb = docx("&a;", extra='<!DOCTYPE x [<!ENTITY a "hồ">]>')
    assert text_of(bomb) == ""
    assert text_of(docx("hồ")) == "hồ"


def test_of_a_document_with_too_many_words_its_number_and_agency_are_still_found():
    many = " ".join(f"{number:05}{'ố' * 50}" for number in range(30_000))
    kept = words_of("H38", ["17/UBND", many], [])
    assert {"@H38", "17", "ubnd"} <= set(kept)
    assert sum(len(word.encode()) for word in kept) <= MOST_BYTES

"""The desk's pages: from the draft to the answer, by forms alone."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from motcua.dispatches.models import Incoming, Outgoing
from motcua.documents.models import store
from tests import given
from tests.dispatches.conftest import CLERK, HEAD, TEXT, issued, there, today, written
from tests.dispatches.test_attached import paper
from tests.post import settle


def decide(key, document, verb, **typed):
    kind = "incoming" if isinstance(document, Incoming) else "outgoing"
    return given.signed_in(key).post(reverse(f"desk:decide_{kind}", args=[document.pk, verb]), typed)


def test_a_letter_is_written_signed_and_sent_by_forms_alone():
    page = given.signed_in("dua").post(
        reverse("desk:write_document"),
        {
            "kind": "letter",
            "subject": "V/v họp",
            "text": TEXT,
            "receivers": "Ủy ban nhân dân xã Bắc Hà",
            "urgency": "1",
        },
    )
    letter = Outgoing.objects.get()
    assert page.url == reverse("desk:outgoing_one", args=[letter.pk])
    assert (letter.receivers, letter.urgency, letter.state) == ([given.BAC_HA], 1, "draft")
    decide("dua", letter, "submit")
    decide("lua", letter, "sign", position="Chủ tịch")
    decide(given.CLERK, letter, "issue")
    settle()
    letter.refresh_from_db()
    assert letter.state == "issued"
    assert there().subject == "họp"
    shown = given.signed_in("dua").get(reverse("desk:outgoing_one", args=[letter.pk])).content.decode()
    assert "Đã đến, văn thư chưa xử lý" in shown


def test_a_document_made_elsewhere_is_attached_and_taken_out_by_forms_alone():
    letter = written(text="")
    answer = decide("dua", letter, "enclose", file=SimpleUploadedFile("vb.pdf", paper()), is_paper="on")
    assert answer.url == reverse("desk:outgoing_one", args=[letter.pk])
    letter.refresh_from_db()
    assert [(one["name"], one["is_paper"]) for one in letter.files] == [("vb.pdf", True)]
    page = given.signed_in("dua").get(answer.url).content.decode()
    assert "Văn bản chính" in page
    refused = decide(
        "dua", letter, "enclose", file=SimpleUploadedFile("x.pdf", paper(number="Số: 17/UBND")), is_paper="on"
    )
    assert (refused.status_code, "Số 17 đã ghi sẵn" in refused.content.decode()) == (422, True)
    assert decide("dua", letter, "enclose").status_code == 422
    decide("dua", letter, "take_out", number="0")
    letter.refresh_from_db()
    assert letter.files == []


def test_what_is_wrong_with_a_letter_is_said_at_its_field():
    page = given.signed_in("dua").post(
        reverse("desk:write_document"),
        {"kind": "letter", "subject": "", "text": "", "receivers": "Sở Không Có"},
    )
    assert page.status_code == 422
    assert sorted(page.context["form"].errors) == ["receivers", "subject"]
    assert not Outgoing.objects.exists()


def test_what_came_is_entered_assigned_and_done_by_forms_alone():
    issued()
    decide(CLERK, there(), "register")
    man = given.account("man")
    refused = decide(HEAD, there(), "assign", to=str(man.pk), instruction="")
    assert refused.status_code == 422
    decide(HEAD, there(), "assign", to=str(man.pk), instruction="Cử cán bộ dự họp.", days="3")
    assert (there().holder_name, there().state) == (man.name, "assigned")
    assert there().due_at is not None
    decide("man", there(), "begin")
    decide("man", there(), "finish")
    settle()
    assert there().state == "done"
    assert Outgoing.objects.get().deliveries.get().state == "06"


def test_the_file_and_the_message_can_be_opened():
    issued()
    visitor = given.signed_in(CLERK)
    pdf = visitor.get(reverse("desk:incoming_file", args=[there().pk, 0]))
    message = visitor.get(reverse("desk:incoming_file", args=[there().pk, 1]))
    assert pdf.content.startswith(b"%PDF")
    assert message.content.startswith(b"<?xml")
    assert visitor.get(reverse("desk:incoming_file", args=[there().pk, 2])).status_code == 404


def test_what_could_run_is_kept_and_not_handed_out_and_said_in_the_readers_language():
    script = store().put([b"<html><script>alert(1)</script></html>"])
    issued(
        files=[{"name": "bao-cao.pdf", "media": "text/html", "size": script.size, "digest": script.digest}]
    )
    kept = there()
    assert [(file["media"], file.get("fault")) for file in kept.files] == [
        ("application/pdf", None),
        ("application/octet-stream", "program"),
    ]
    page = given.signed_in(CLERK).get(reverse("desk:incoming_one", args=[kept.pk]))
    assert "Tệp “bao-cao.pdf” chứa chương trình chạy được" in page.content.decode()
    assert given.signed_in(CLERK).get(reverse("desk:incoming_file", args=[kept.pk, 1])).status_code == 404
    with override("en"):
        assert [str(fault) for fault in kept.warned] == [
            "The file “bao-cao.pdf” holds a program; it is kept and not handed out."
        ]


def test_the_clerk_says_how_documents_are_numbered():
    clerk = given.signed_in(given.CLERK)
    assert "chung một dãy số" in clerk.get(reverse("desk:numbering")).content.decode()
    assert clerk.post(reverse("desk:numbering"), {"is_by_kind": "1"}).url == reverse("desk:outgoing")
    assert "một dãy số riêng, bắt đầu" in clerk.get(reverse("desk:numbering")).content.decode()
    assert clerk.post(reverse("desk:numbering"), {"is_by_kind": "x"}).status_code == 422


def test_an_answer_is_begun_from_what_came():
    letter = issued()
    form = (
        given.signed_in(CLERK).get(reverse("desk:write_document") + f"?answers={there().pk}").context["form"]
    )
    assert form.initial == {"receivers": given.SA_PA, "subject": f"Trả lời văn bản số {letter.number}"}


def test_documents_of_others_stay_closed():
    letter = issued()
    assert given.signed_in("man").get(reverse("desk:outgoing_one", args=[letter.pk])).status_code == 404
    assert given.signed_in("dua").get(reverse("desk:incoming_one", args=[there().pk])).status_code == 404
    assert given.signed_in("may").get(reverse("desk:incoming_one", args=[there().pk])).status_code == 403


def test_lists_ask_as_often_for_one_as_for_more():
    def asked(key, name):
        visitor = given.signed_in(key)
        visitor.get(reverse(f"desk:{name}"))
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(reverse(f"desk:{name}")).status_code == 200
        return len(queries)

    pages = [
        (CLERK, "incoming"), (CLERK, "assigned_tasks"), ("dua", "outgoing"), (given.CLERK, "outgoing"), (given.CLERK, "given_tasks"),
        (given.CLERK, "owed_answers"),
    ]  # fmt: skip
    issued(answer_by=today())
    written()
    few = [asked(key, name) for key, name in pages]
    for _each in range(5):
        issued(answer_by=today())
        written()
    assert [asked(key, name) for key, name in pages] == few

"""The papers of an application: taken by their content, refused in words, seen by their owner alone."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from motcua.documents import intake
from motcua.documents.models import store
from motcua.dossiers import actions
from motcua.dossiers.actions.submitting import as_paper
from motcua.dossiers.models import Application, Attachment
from motcua.dossiers.questions import missing
from motcua.dossiers.states import Reuse
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid
from motcua.procedures.going_online import is_online
from motcua.procedures.models import Overlay
from motcua.procedures.offered import DIFFERENCES
from tests import given
from tests.documents import reading

HEIC = b"\x00\x00\x00\x18ftypheic" + bytes(64)


@pytest.fixture
def draft(db):
    given.country()
    return given.application("may")


def send(client, application, content, name, *, paper="birth_notice"):
    file = SimpleUploadedFile(name, content)
    return client.post(f"/applications/{application.pk}/papers/{paper}/", {"file": file})


def pdf():
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(file, "PDF")
    return file.getvalue()


def jpeg():
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(file, "JPEG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "media"),
    [
        (pdf(), "giay-chung-sinh.pdf", "application/pdf"),
        (jpeg(), "anh.jpg", "image/jpeg"),
        (given.picture(), "anh.dat", "image/png"),
    ],
)
def test_a_file_is_taken_for_what_it_is(visitor, draft, content, name, media):
    response = send(visitor("may"), draft, content, name)
    held = draft.attachments.get()
    assert (response.url, held.name, held.media, held.size) == (
        f"/applications/{draft.pk}/papers/",
        name,
        media,
        len(content),
    )


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"MZ\x90\x00" + bytes(200), "giay-chung-sinh.pdf", "Không nhận loại tệp này"),
        (HEIC, "IMG_0417.heic", "HEIC"),
        (b"", "anh.png", "rỗng"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words_beside_the_paper(visitor, draft, content, name, said):
    response = send(visitor("may"), draft, content, name)
    faults = {paper.id: paper.fault for paper in response.context["papers"] if paper.fault}
    assert (response.status_code, list(faults)) == (422, ["birth_notice"])
    assert said in faults["birth_notice"]
    assert draft.attachments.count() == 0


def test_a_file_too_large_is_refused_with_its_size(visitor, draft):
    response = send(visitor("may"), draft, b"%PDF-1.7" + bytes(intake.LARGEST), "to.pdf")
    assert response.status_code == 422
    assert "10" in response.context["faults"]["birth_notice"]
    assert draft.attachments.count() == 0


def test_no_file_is_no_paper(visitor, draft):
    response = visitor("may").post(f"/applications/{draft.pk}/papers/birth_notice/", {})
    assert (response.status_code, response.context["faults"]) == (
        422,
        {"birth_notice": "Chọn tệp trước đã."},
    )


def test_a_paper_nobody_asked_for_is_refused(visitor, draft):
    assert send(visitor("may"), draft, pdf(), "a.pdf", paper="love_letter").status_code == 422
    assert draft.attachments.count() == 0


def test_papers_the_state_has_need_not_be_sent(visitor, draft):
    papers = {
        paper.id: paper for paper in visitor("may").get(f"/applications/{draft.pk}/papers/").context["papers"]
    }
    assert [(id_, paper.takes_files) for id_, paper in papers.items()] == [
        ("birth_notice", True),
        ("agreement", True),
        ("identity", False),
    ]
    assert papers["identity"].line.hint == "Lấy từ Cơ sở dữ liệu quốc gia về dân cư."


def test_every_required_paper_of_every_procedure_can_be_given(visitor, db):
    """A paper that must be there to send, and that the page does not take, would be a door without a handle."""
    from motcua.procedures.loading import catalogue_files

    given.country()
    client, missing = visitor("may"), []
    for path in catalogue_files():
        version = given.procedure(path.stem)
        case = version.definition.cases[0].id if version.definition.cases else ""
        if not is_online(version.definition):
            assert client.get(f"/procedures/{path.stem}/begin/").status_code == 404
            assert (
                f"/procedures/{path.stem}/begin/"
                not in client.get(f"/procedures/{path.stem}/").content.decode()
            )
            with pytest.raises(Invalid):
                actions.begin(version, by=given.actor("may"), case=case, agency="H38", agency_name="Lào Cai")
            open_at_last(version)
            assert client.get(f"/procedures/{path.stem}/begin/").status_code == 200
            continue
        draft = actions.begin(version, by=given.actor("may"), case=case, agency="H38", agency_name="Lào Cai")
        response = client.get(f"/applications/{draft.pk}/papers/")
        if not any(paper.upload for paper in version.definition.papers_for(case, "online")):
            assert response["Location"] == f"/applications/{draft.pk}/check/"
            continue
        takes = {paper.id for paper in response.context["papers"] if paper.takes_files}
        needs = {
            paper.id
            for paper in version.definition.papers_for(case, "online")
            if paper.required and paper.upload
        }
        missing += [(path.stem, id_) for id_ in needs - takes]
    assert missing == []


def open_at_last(version):
    """The online way is opened by a place that comes after many others that say other things."""
    said = {"decision": "12/QĐ-UBND", "effective_from": timezone.localdate(), "procedure": version.procedure}
    others = [
        Overlay(agency_id="G15", key="fee", channel="direct", step=str(n), value=n, **said)
        for n in range(DIFFERENCES)
    ]
    opens = Overlay(agency_id="H38", key="channel", channel="online", **said)
    Overlay.objects.bulk_create([*others, opens])


def test_a_file_is_taken_out_again(visitor, draft):
    client = visitor("may")
    send(client, draft, pdf(), "nham.pdf")
    held = draft.attachments.get()
    response = client.post(f"/applications/{draft.pk}/files/{held.pk}/remove/")
    assert (response.url, draft.attachments.count()) == (f"/applications/{draft.pk}/papers/", 0)


def test_what_was_sent_stays(visitor, db):
    given.country()
    sent = given.application("may", at="sent")
    held = sent.attachments.get()
    visitor("may").post(f"/applications/{sent.pk}/files/{held.pk}/remove/")
    assert Attachment.objects.filter(pk=held.pk).exists()


def test_a_picture_is_shown_and_a_pdf_saved_and_neither_can_do_anything(visitor, draft):
    client = visitor("may")
    send(client, draft, jpeg(), "anh.jpg")
    send(client, draft, pdf(), "giay.pdf")
    heads = {}
    for held in draft.attachments.all():
        response = client.get(f"/applications/{draft.pk}/files/{held.pk}/")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"].startswith("sandbox")
        heads[held.media] = response.headers["Content-Disposition"]
        assert response.content
    assert heads == {
        "image/jpeg": 'inline; filename="anh.jpg"',
        "application/pdf": 'attachment; filename="giay.pdf"',
    }


@pytest.mark.parametrize("key", ["doi", "lam"])
def test_files_of_others_do_not_exist(visitor, draft, key):
    owner = visitor("may")
    send(owner, draft, pdf(), "giay.pdf")
    held = draft.attachments.get()
    stranger = visitor(key)
    assert stranger.get(f"/applications/{draft.pk}/files/{held.pk}/").status_code == 404
    assert stranger.post(f"/applications/{draft.pk}/files/{held.pk}/remove/").status_code == 404
    assert send(stranger, draft, jpeg(), "cua-toi.jpg").status_code == 404
    assert draft.attachments.count() == 1


def test_a_file_is_not_reached_through_another_application(visitor, draft):
    client = visitor("may")
    send(client, draft, pdf(), "giay.pdf")
    other = given.application("doi")
    held = draft.attachments.get()
    assert visitor("doi").get(f"/applications/{other.pk}/files/{held.pk}/").status_code == 404


def test_the_page_of_papers_takes_as_many_queries_for_one_file_as_for_twenty(
    visitor, draft, django_assert_max_num_queries
):
    client, url = visitor("may"), f"/applications/{draft.pk}/papers/"
    given.paper(draft, by=given.actor("may"))
    client.get(url)
    with django_assert_max_num_queries(12) as few:
        client.get(url)
    Attachment.objects.bulk_create(
        Attachment(
            application=draft,
            paper="birth_notice",
            name=str(n),
            media="image/png",
            size=1,
            digest=f"{n:064x}",
        )
        for n in range(20)
    )
    with django_assert_max_num_queries(len(few)):
        client.get(url)
    assert Application.objects.count() == 1


PASSPORT, CHILD = "1.001456", "000320000042"


@pytest.fixture
def passport(db):
    """A passport Mây begins to apply for, for a child of hers whose birth the register holds."""
    given.country()
    by = given.citizen("may")
    begun = actions.begin(
        given.procedure(PASSPORT), by=by, case="child", agency="H38", agency_name="UBND tỉnh"
    )
    given.birth(CHILD)
    told = {"child_number": CHILD, "child_name": "Lý Hạ An", "child_born_on": "2020-05-04"}
    actions.fill(begun, by=by, group="child", answers=told)
    return begun


def test_a_birth_is_read_with_consent_in_place_of_the_certificate(visitor, passport, line):
    client, papers = visitor("may"), f"/applications/{passport.pk}/papers/"
    page = client.get(papers).content.decode()
    assert "Đồng ý, đọc giúp tôi" in page
    assert (line.asked, "Bản sao Giấy khai sinh hoặc trích lục khai sinh" in missing(passport)) == ([], True)
    assert client.post(f"{papers}birth_certificate/register/").url == papers
    held = passport.attachments.get()
    assert (held.paper, held.reuse, held.media) == ("birth_certificate", Reuse.REGISTER, "application/pdf")
    said = reading.text(store().read(held.digest))
    assert all(
        word in said
        for word in ("LýHạAn", "04/05/2020", "TrầnHạMây", "Số Giấy khai sinh: 1/".replace(" ", ""))
    )
    assert "Bản sao Giấy khai sinh hoặc trích lục khai sinh" not in missing(passport)
    [(_kind, _sender, to, body)] = line.asked
    assert (to, body["service"], body["dossier"]) == ("G15", "civil.birth", str(passport.pk))
    events = list(Entry.objects.filter(about=passport.urn).values_list("event", flat=True))
    assert events[-2:] == ["dossiers.ReadingAllowed", "dossiers.PaperProven"]
    page = client.get(papers).content.decode()
    assert ("Đồng ý, đọc giúp tôi" in page, "Đọc từ cơ sở dữ liệu" in page) == (False, True)
    sent = as_paper(held)
    assert (sent["copy"], sent["reuse"]) == ("register", 4)
    # Another child, another birth: what was read proves nothing any more.
    other = {"child_number": "000320000050", "child_name": "Bé", "child_born_on": "2020-05-04"}
    actions.fill(passport, by=given.actor("may"), group="child", answers=other)
    assert not passport.attachments.exists()


def test_what_the_form_lets_a_register_prove_is_read_under_the_one_consent(visitor, db, line):
    given.country()
    given.agency("H38")
    given.registered("may")
    given.procedure(PASSPORT)
    given.birth(CHILD)
    client, begin = visitor("may"), f"/procedures/{PASSPORT}/begin/"
    assert "Cơ sở dữ liệu hộ tịch điện tử" in client.get(begin).content.decode()
    client.post(begin, {"agency": "H38", "case": "child", "may_read": "on"})
    begun, by = Application.objects.get(), given.actor("may")
    child = {"child_number": CHILD, "child_name": "Lý Hạ An", "child_born_on": "2020-05-04"}
    known = {"applicant_phone": "0912345678", **child, "chip": "false", "reason": "first"}
    for group in begun.definition.groups_for(begun.case, begun.answers):
        typed = {one.id: known.get(one.id, begun.answers.get(one.id) or "") for one in group.fields}
        if group.id != "receiving":
            actions.fill(begun, by=by, group=group.id, answers=typed)

    def leave():
        """The last page of the form is sent again; which registers were asked by it, and what lies in the dossier."""
        before = len(line.asked)
        answer = client.post(f"/applications/{begun.pk}/form/receiving/", {"receive_by": "electronic"})
        assert answer.url == f"/applications/{begun.pk}/papers/"
        read = list(begun.attachments.filter(paper="birth_certificate").values_list("reuse", flat=True))
        return [body["service"] for _kind, _sender, _to, body in line.asked[before:]], read

    line.is_cut = True
    assert leave()[1] == []
    line.is_cut = False
    assert leave() == ([], [])  # not again by itself: the page of papers offers it
    assert "Đồng ý, đọc giúp tôi" in client.get(f"/applications/{begun.pk}/papers/").content.decode()
    given.birth("000320000059", name="Bình")
    begun.refresh_from_db()
    actions.fill(begun, by=by, group="child", answers=child | {"child_number": "000320000059"})
    assert leave() == (["civil.birth"], [Reuse.REGISTER])
    assert leave() == ([], [Reuse.REGISTER])


@pytest.mark.parametrize("why", ["stranger", "silent"])
def test_what_the_register_does_not_say_is_given_as_a_paper(visitor, passport, line, why):
    client, papers = visitor("may"), f"/applications/{passport.pk}/papers/"
    line.is_cut = why == "silent"
    if why == "stranger":
        given.birth("000320000059", mother="suoi", name="Bình")
        told = {"child_number": "000320000059", "child_name": "Lý Hạ Bình", "child_born_on": "2020-05-04"}
        actions.fill(passport, by=given.actor("may"), group="child", answers=told)
    page = client.post(f"{papers}birth_certificate/register/", follow=True).content.decode()
    said = {"silent": "lúc này chưa trả lời", "stranger": "Chưa có đăng ký khai sinh nào"}[why]
    assert (said in page, passport.attachments.exists()) == (True, False)
    assert client.post(f"{papers}photo/register/").status_code == 404
    assert visitor("doi").post(f"{papers}birth_certificate/register/").status_code == 404

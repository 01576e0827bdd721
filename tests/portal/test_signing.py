"""The pages of signing a form: asked for, confirmed at the service, or by one's own token; nobody else's business."""

import re
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from motcua.documents import signing
from motcua.documents.verification import verify
from motcua.dossiers import actions
from motcua.dossiers.declaration import Fact, Facts
from motcua.dossiers.models import Dossier, FormSignature
from motcua.dossiers.signed_form import alone, judged, standing_of
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from tests import given, post, signing_service
from tests.dossiers.test_signed_form import by_token, form

pytestmark = pytest.mark.django_db

MAY = given.BY_KEY["may"]


@pytest.fixture
def authority(settings, db):
    with signing_service.answering(settings, "may", "suoi") as founded:
        yield founded


def told(page):
    return " ".join(re.sub("<[^>]+>", " ", page.content.decode()).split())


def test_a_form_is_signed_at_the_service_and_the_officer_sees_by_whom(authority, visitor, settings):
    application, client = form(), visitor("may")
    here = f"/applications/{application.pk}/"
    page = told(client.get(f"{here}check/"))
    assert ("Ký bằng dịch vụ ký số từ xa" in page, "Nộp hồ sơ" in page) == (True, False)
    assert client.post(f"{here}sign/start/").url == f"{here}check/#signature"
    waiting = FormSignature.objects.get()
    assert waiting.page in client.get(f"{here}check/").content.decode()
    confirm = urlsplit(waiting.page).path
    assert client.post(confirm, {"pin": "1234", "manner": "good"}).status_code == 422
    settings.ALLOWED_HOSTS = ["*"]
    back = client.post(confirm, {"pin": "000000", "manner": "good"}).url
    client.get(urlsplit(back).path)
    page = told(client.get(f"{here}check/"))
    assert (f"Người ký: {MAY.name}" in page, "Nộp hồ sơ" in page) == (True, True)
    file = client.get(f"{here}sign/form.pdf")
    assert verify(file.content, [authority.credential.certificate]).stands
    client.post(f"{here}send/")
    assert "Tờ khai có chữ ký số của bạn" in told(client.get(here))
    post.settle()
    dossier = Dossier.objects.get()
    officer = visitor("suong").get(f"/desk/dossiers/{dossier.pk}/")
    assert re.search(f"Tờ khai đã ký số Người ký: {MAY.name}", told(officer))
    paper = dossier.papers.get(paper="signed_form")
    assert visitor("suong").get(f"/desk/dossiers/{dossier.pk}/papers/{paper.pk}/").content == file.content


def test_a_changed_answer_is_told_and_a_refusal_too(authority, visitor):
    application, client = form(), visitor("may")
    here = f"/applications/{application.pk}/"
    client.post(f"{here}sign/start/")
    confirm = urlsplit(FormSignature.objects.get().page).path
    assert "vẫn đang chờ" in told(client.post(f"{here}sign/look/", follow=True))
    client.post(confirm, {"pin": "000000", "manner": "refused"})
    assert "Bạn đã từ chối ký" in told(client.post(f"{here}sign/look/", follow=True))
    own = authority.subscriber(MAY.name, f"CCCD:{MAY.number}")
    client.post(
        f"{here}sign/upload/", {"file": SimpleUploadedFile("x.pdf", by_token(application, own).read())}
    )
    application.refresh_from_db()
    group = next(one for one in application.definition.form if one.id == "business")
    answers = {one.id: str(application.answers[one.id]) for one in group.fields}
    actions.fill(application, by=given.actor("may"), group="business", answers=answers | {"trade": "Bán xe"})
    assert "Chữ ký không còn giá trị" in told(client.get(f"{here}check/"))


def test_ones_own_token_and_what_is_wrong_with_a_file(authority, visitor, django_assert_max_num_queries):
    application, client = form(), visitor("may")
    here = f"/applications/{application.pk}/"
    client.post(f"{here}sign/print/")
    own = authority.subscriber(MAY.name, f"CCCD:{MAY.number}")
    wrong = client.post(f"{here}sign/upload/", {"file": SimpleUploadedFile("x.png", given.picture())})
    assert (wrong.status_code, "Đây không phải tờ khai bạn đã tải về" in told(wrong)) == (422, True)
    assert client.post(f"{here}sign/upload/").status_code == 422
    right = SimpleUploadedFile("x.pdf", by_token(application, own).read())
    assert client.post(f"{here}sign/upload/", {"file": right}).status_code == 302
    with django_assert_max_num_queries(12):
        assert "Tờ khai đã được ký số" in told(client.get(f"{here}check/"))


def test_others_find_no_such_page_and_without_a_service_there_is_the_token(authority, visitor, settings):
    application = form()
    here = f"/applications/{application.pk}/sign/"
    posts, gets = ("start/", "look/", "print/", "upload/"), ("back/", "form.pdf")
    for key in ("suoi", "suong", "lua", "guong"):
        other = visitor(key)
        assert [other.post(here + end).status_code for end in posts] == [404] * 4
        assert [other.get(here + end).status_code for end in gets] == [404] * 2
    stranger = visitor()
    assert {stranger.post(here + end).status_code for end in posts} == {302}
    settings.NODE = settings.NODE.model_copy(update={"signing_url": ""})
    page = visitor("may").get(f"/applications/{application.pk}/check/").content.decode()
    assert ("sign/start/" in page, "sign/print/" in page) == (False, True)
    assert visitor("may").post(f"{here}start/").status_code == 404
    assert visitor("may").get(f"{here}form.pdf").status_code == 404


@pytest.fixture
def listed(authority):
    """Three drafts of one list, none signed."""
    by = given.actor("may")
    batch = actions.open_batch(form(), by=by)
    actions.enter_rows(batch, by=by, rows=[{"business_name": f"Quán {place}"} for place in (1, 2, 3)])
    return batch


def test_a_list_is_signed_once_and_a_changed_draft_again(
    listed, visitor, settings, django_assert_max_num_queries
):
    client, here = visitor("may"), f"/my/lists/{listed.pk}/"
    drafts = list(listed.applications.order_by("row"))
    chosen = {"chosen": [str(one.pk) for one in drafts]}
    assert "3 bản nháp phải ký trước khi nộp" in told(client.get(here))
    assert client.post(f"{here}send/", chosen).status_code == 422
    for manner, words in (
        ("refused", "Bạn đã từ chối ký"),
        ("other", "Dịch vụ ký số đã dùng chứng thư số khác, không phải của bạn"),
        ("good", "Đã ký danh sách"),
    ):
        client.post(f"{here}sign/start/", chosen)
        waiting = FormSignature.objects.live().get(batch=listed)
        assert waiting.page in client.get(here).content.decode()
        assert "vẫn đang chờ" in told(client.post(f"{here}sign/look/", follow=True))
        client.post(urlsplit(waiting.page).path, {"pin": "000000", "manner": manner})
        assert words in told(client.get(f"{here}sign/back/", follow=True))
        assert FormSignature.objects.signed().filter(batch=None).count() == 3 * (manner == "good")
    assert FormSignature.objects.exclude(file="").values("file").distinct().count() == 1
    second = drafts[1]
    put_anew(second, "Bán xe")
    page = client.get(here)
    with django_assert_max_num_queries(12):
        page = client.get(here)
    assert "1 bản nháp phải ký trước khi nộp" in told(page)
    client.post(f"{here}sign/print/", chosen)
    assert list(FormSignature.objects.live().get(batch=listed).rows) == [str(second.pk)]
    assert not Entry.objects.about(listed).of("dossiers.FormSignatureVoided").exists()
    client.post(f"{here}send/", {"chosen": chosen["chosen"][::2]})
    post.settle()
    (paper, other) = [one.papers.get(paper="signed_form") for one in Dossier.objects.all()]
    assert (paper.verdict["stands"], other.verdict["stands"], paper.digest == other.digest) == (
        True,
        True,
        True,
    )
    Dossier.objects.filter(pk=paper.dossier_id).update(answers={**paper.dossier.answers, "trade": "Bán vàng"})
    paper.dossier.refresh_from_db()
    assert judged(paper.dossier, paper)["is_same"] is False


def test_what_is_asked_alike_on_two_pages_bears_its_page_on_a_list():
    names = [
        Fact("a", "Họ tên", "Vàng"),
        Fact("b", "Họ tên", "Lý"),
        Fact("c", "Số", "1"),
        Fact("d", "Số", "2"),
    ]
    pages = [Facts("mother", "Mẹ", names[::2]), Facts("father", "Cha", names[1::2])]
    assert [one.label for one in alone(pages, {("d", "2")})] == ["Mẹ: Họ tên", "Số", "Cha: Họ tên"]


def put_anew(draft, trade):
    """One answer of a draft becomes another."""
    group = next(one for one in draft.definition.form if one.id == "business")
    answers = {one.id: str(draft.answers[one.id]) for one in group.fields}
    actions.fill(draft, by=given.actor("may"), group="business", answers=answers | {"trade": trade})


def test_a_list_is_signed_with_ones_own_token_and_what_changed_meanwhile_is_left_out(
    listed, authority, visitor
):
    client, here, by = visitor("may"), f"/my/lists/{listed.pk}/", given.actor("may")
    drafts = list(listed.applications.order_by("row"))
    client.post(f"{here}sign/print/", {"chosen": [one.pk for one in drafts]})
    base = client.get(f"{here}sign/form.pdf").content
    actions.discard(drafts[0], by=by)
    own = authority.subscriber(MAY.name, f"CCCD:{MAY.number}")
    wrong = client.post(f"{here}sign/upload/", {"file": SimpleUploadedFile("x.png", given.picture())})
    assert wrong.status_code == 422
    signed = SimpleUploadedFile("x.pdf", signing.sign_personal(base, own, at=timezone.now()))
    assert client.post(f"{here}sign/upload/", {"file": signed}).status_code == 302
    assert set(standing_of(drafts[1:])) == {one.pk for one in drafts[1:]}
    with pytest.raises(Invalid):
        actions.print_list(listed, by=by, chosen=[one.pk for one in drafts])
    put_anew(drafts[1], "Bán xe")
    client.post(f"{here}sign/print/", {"chosen": [drafts[1].pk]})
    base = client.get(f"{here}sign/form.pdf").content
    put_anew(drafts[1], "Bán vàng")
    signed = SimpleUploadedFile("x.pdf", signing.sign_personal(base, own, at=timezone.now()))
    late = client.post(f"{here}sign/upload/", {"file": signed})
    assert (late.status_code, "có câu trả lời vừa sửa" in told(late)) == (422, True)
    with pytest.raises(Refused):
        actions.print_list(listed, by=given.actor("suoi"), chosen=[])
    assert visitor("suoi").get(f"{here}sign/form.pdf").status_code == 404

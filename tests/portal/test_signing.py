"""The pages of signing a form: asked for, confirmed at the service, or by one's own token; nobody else's business."""

import re
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from motcua.documents.verification import verify
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier, FormSignature
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

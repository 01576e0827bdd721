"""Procedures written in the browser: versions, their difference, the draft, the preview, four eyes."""

import re

import pytest
from django.utils import timezone

from motcua.procedures import actions
from motcua.procedures.models import Draft, Version
from motcua.procedures.writing import written
from tests import given

CODE = "1.004873"
VIETNAMESE = {"accept-language": "vi"}


@pytest.fixture
def version(db):
    return given.procedure(CODE)


@pytest.fixture
def draft(version):
    return actions.revise(version, by=given.actor("soan"))


def text_of(draft, old, new):
    text = written(draft.definition)
    assert old in text
    return text.replace(old, new, 1)


def saved(client, draft, old="keywords: [", new="keywords: [độc thân, "):
    return client.post(
        f"/desk/drafts/{draft.pk}/write/", {"text": text_of(draft, old, new)}, headers=VIETNAMESE
    )


def test_the_next_version_goes_its_whole_way_in_the_browser(version, visitor):
    writer, second = visitor("soan"), visitor("duyet")
    begun = writer.post(f"/desk/procedures/{CODE}/revise/")
    draft = Draft.objects.get()
    assert begun["Location"] == f"/desk/drafts/{draft.pk}/"
    assert saved(writer, draft).status_code == 302
    page = writer.get(f"/desk/drafts/{draft.pk}/", headers=VIETNAMESE).content.decode()
    assert page.count("độc thân, giấy độc thân") == 1
    writer.post(f"/desk/drafts/{draft.pk}/propose/", {"note": "Thêm từ khóa tìm kiếm."})
    assert "/approve/" not in writer.get(f"/desk/drafts/{draft.pk}/").content.decode()
    assert writer.post(f"/desk/drafts/{draft.pk}/approve/").status_code == 403
    assert second.post(f"/desk/drafts/{draft.pk}/approve/").status_code == 302
    newest = Version.objects.in_force(timezone.localdate()).get()
    assert (newest.approved_by, newest.definition.keywords[0]) == ("Lương Văn Duyệt", "độc thân")
    history = second.get(f"/desk/procedures/{CODE}/", headers=VIETNAMESE).content.decode()
    assert "Lương Văn Duyệt</td>" in history
    compared = re.search(r'href="(/desk/procedures/[^"]+/compare/[^"]+)"', history)[1]
    assert second.get(compared).content.decode().count("độc thân, giấy độc thân") == 1


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("levels: [commune]", "levels: [district]", "Dòng 6, levels[1]"),
        ("levels: [commune]", "levels: [commune", "YAML"),
        ("code: '1.004873'", "code: '1.004874'", "Mã thủ tục không thay đổi."),
        ("pattern: verify", "pattern: dance", "pattern"),
    ],
)
def test_what_has_no_shape_is_answered_line_by_line_and_kept_in_the_form(draft, visitor, old, new, says):
    answer = saved(visitor("soan"), draft, old, new)
    page = answer.content.decode()
    assert (answer.status_code, says in page, new.replace("'", "&#x27;") in page) == (422, True, True)
    draft.refresh_from_db()
    assert draft.definition == draft.base.definition.model_copy(update={"version": draft.definition.version})


def test_what_cannot_be_proven_is_listed_and_not_proposed(draft, visitor):
    writer = visitor("soan")
    assert saved(writer, draft, "hours: 12", "hours: 120").status_code == 302
    page = writer.get(f"/desk/drafts/{draft.pk}/", headers=VIETNAMESE).content.decode()
    assert "phải sửa trước khi trình duyệt" in page
    assert "/propose/" not in page
    answer = writer.post(f"/desk/drafts/{draft.pk}/propose/", {"note": "Chậm hơn."})
    assert (answer.status_code, Draft.objects.get().state) == (422, "draft")


def test_the_preview_shows_form_picture_and_facts(draft, visitor, django_assert_max_num_queries):
    writer = visitor("soan")
    writer.get("/desk/procedures/")
    with django_assert_max_num_queries(12):
        page = writer.get(f"/desk/drafts/{draft.pk}/preview/", headers=VIETNAMESE).content.decode()
    for said in ("Giấy xác nhận tình trạng hôn nhân", "3 ngày làm việc", "Ký kết quả"):
        assert said in page
    assert (
        "Hiện nay bạn"
        in writer.get(
            f"/desk/drafts/{draft.pk}/preview/form/?page=status", headers=VIETNAMESE
        ).content.decode()
    )


def test_files_come_down_as_they_would_be_kept(draft, version, visitor):
    reader = visitor("duyet")
    drafted = reader.get(f"/desk/drafts/{draft.pk}/file/")
    kept = reader.get(f"/desk/procedures/{CODE}/files/{version.pk}/")
    assert drafted.content.decode() == written(draft.definition)
    assert kept.content.decode() == written(version.definition)
    assert kept["Content-Disposition"] == f'attachment; filename="{CODE}.yaml"'


def test_a_draft_is_sent_back_with_a_reason_or_given_up(draft, visitor):
    writer, second = visitor("soan"), visitor("duyet")
    writer.post(f"/desk/drafts/{draft.pk}/propose/", {"note": "Thử."})
    assert second.post(f"/desk/drafts/{draft.pk}/send_back/", {"reason": ""}).status_code == 422
    assert second.post(f"/desk/drafts/{draft.pk}/send_back/", {"reason": "Thiếu căn cứ."}).status_code == 302
    page = writer.get(f"/desk/drafts/{draft.pk}/").content.decode()
    assert page.count("Thiếu căn cứ.") == 1
    writer.post(f"/desk/drafts/{draft.pk}/discard/")
    assert Draft.objects.get().state == "discarded"


@pytest.mark.parametrize(
    "address",
    [
        "/desk/procedures/",
        f"/desk/procedures/{CODE}/",
        "/desk/drafts/{draft}/",
        "/desk/drafts/{draft}/preview/",
        "/desk/drafts/{draft}/write/",
        "/desk/drafts/{draft}/file/",
    ],
)
def test_who_looks_after_procedures_reads_and_nobody_else(draft, visitor, address):
    page = address.format(draft=draft.pk)
    found = {key: visitor(key).get(page).status_code for key in ("", "may", "suong", "lua", "thong", "soan")}
    assert found == {"": 302, "may": 403, "suong": 403, "lua": 200, "thong": 200, "soan": 200}


@pytest.mark.parametrize("key", ["lua", "thong", "guong"])
def test_who_only_reads_cannot_write(draft, visitor, key):
    client = visitor(key)
    assert client.post(f"/desk/procedures/{CODE}/revise/").status_code == 403
    assert saved(client, draft).status_code == 403
    for verb in ("propose", "discard"):
        assert client.post(f"/desk/drafts/{draft.pk}/{verb}/", {"note": "!"}).status_code == 403


def test_what_does_not_exist_leads_back(visitor, version):
    reader = visitor("soan")
    assert reader.get("/desk/procedures/9.999999/")["Location"] == "/desk/procedures/"
    assert reader.post("/desk/procedures/9.999999/revise/").status_code == 404
    assert reader.get(f"/desk/procedures/{CODE}/files/0/").status_code == 404

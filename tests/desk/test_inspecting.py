"""What an inspection of a sample found stands with the dossier: who looked, what it came to, in a sentence."""

import pytest
from django.utils import timezone

from motcua.dossiers import actions
from motcua.dossiers.inspections import Outcome
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from tests import given

VIETNAMESE = {"accept-language": "vi"}
TYPED = {"found": "lacking", "finding": "Thiếu chữ ký ở trang 2 của tờ khai."}


@pytest.fixture
def ended(accepted):
    (dossier,) = accepted(8)
    type(dossier).objects.filter(pk=dossier.pk).update(state=10, ended_at=timezone.now())
    dossier.refresh_from_db()
    return dossier


def test_what_was_found_stands_in_the_sample_and_in_the_story(visitor, ended):
    head, quarter = visitor("lua"), "seed=84213&size=10"
    sample = head.get(f"/desk/agency/indicators/sample/?{quarter}")
    ((_drawn, _name, nothing),) = sample.context["drawn"]
    address = f"/desk/dossiers/{ended.pk}/inspect/?{sample.context['sample']}"
    assert (nothing, address.replace("&", "&amp;") in sample.content.decode()) == (None, True)
    refused = head.post(address, TYPED | {"finding": " "}, headers=VIETNAMESE)
    assert (refused.status_code, refused.context["form"].errors["finding"]) == (
        422,
        ["Ghi kết quả kiểm tra."],
    )
    assert head.post(address, TYPED | {"found": "perfect"}).status_code == 422
    back = head.post(address, TYPED)
    assert back.url == f"/desk/agency/indicators/sample/?{sample.context['sample']}"
    page = head.get(back.url, headers=VIETNAMESE)
    ((_drawn, _name, found),) = page.context["drawn"]
    assert (found.words, found.finding, found.tag) == (
        "Cơ bản đúng, còn thiếu sót nhỏ",
        TYPED["finding"],
        "soon",
    )
    told = visitor("lam").get(f"/desk/dossiers/{ended.pk}/", headers=VIETNAMESE).content.decode()
    assert ("kiểm tra hồ sơ: Cơ bản đúng" in told, TYPED["finding"] in told) == (True, True)
    # Looked at again, both stand, and the sample shows the later one.
    head.post(address, {"found": "sound", "finding": "Đã bổ sung chữ ký."})
    ((_drawn, _name, found),) = head.get(back.url).context["drawn"]
    assert (found.tag, Entry.objects.of("dossiers.DossierInspected").count()) == ("ok", 2)


def test_only_the_head_and_auditors_inspect_and_only_what_has_ended(visitor, ended, accepted):
    for key, status in (("lam", 403), ("suong", 403), ("man", 404), ("", 302)):
        assert visitor(key).post(f"/desk/dossiers/{ended.pk}/inspect/", TYPED).status_code == status
    head = given.officer("chair")
    with pytest.raises(NotNow):
        actions.inspect(accepted(8)[0], by=head, **TYPED)
    for wrong in ({"found": "x"}, {"finding": ""}):
        with pytest.raises(Invalid):
            actions.inspect(ended, by=head, **TYPED | wrong)
    type(ended).objects.filter(pk=ended.pk).update(applicant_number=given.BY_KEY["lua"].number)
    ended.refresh_from_db()
    with pytest.raises(Refused):
        actions.inspect(ended, by=head, **TYPED)
    assert Entry.objects.of("dossiers.DossierInspected").count() == 0
    assert set(Outcome.values) == {"sound", "lacking", "wrong"}

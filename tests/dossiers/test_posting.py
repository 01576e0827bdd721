"""Results by post: an address of today's map, a list at the desk, a number the applicant learns."""

from datetime import date

import pytest
from django.utils import timezone, translation

from motcua.dossiers import actions
from motcua.dossiers.models import Application, Dossier
from motcua.dossiers.postings import Posting, postage
from motcua.dossiers.states import State
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused, may
from motcua.notices.models import Notice
from motcua.notices.wording import WORDINGS
from motcua.organisations.models import Unit
from motcua.portal.standing import tag
from motcua.portal.story import lead, verdict
from motcua.procedures.answers import clean
from tests import given
from tests.dossiers.test_certified import ANSWERS, CERTIFY, brought, scanned, signed
from tests.post import settle

TO = {
    "receive_by": "post",
    "receive_name": "Trần Hạ Mây",
    "receive_phone": "0912 345 678",
    "receive_province": "Tỉnh Lào Cai",
    "receive_commune": "sa pa",
    "receive_address": "Tổ 3, đường Mường Hoa",
}


@pytest.fixture
def units(db):
    """Lào Cai with its ward, and another province."""
    since = date(2025, 7, 1)
    for code, level, kind, name, parent in (
        ("15", 1, "Tỉnh", "Lào Cai", ""),
        ("01", 1, "Thành phố", "Hà Nội", ""),
        ("03006", 3, "Phường", "Sa Pa", "15"),
        ("00070", 3, "Phường", "Hoàn Kiếm", "01"),
    ):
        Unit.objects.create(
            code=code, level=level, kind=kind, name=name, parent_code=parent, valid_from=since
        )


def receiving():
    return next(group for group in given.definition(CERTIFY).form if group.id == "receiving")


def faults(**changes):
    return clean(receiving(), TO | changes, earlier={}, on=date(2026, 11, 20)).faults


def to_be_posted(**changes):
    """A certified copy signed at Sa Pa that goes by post."""
    before = dict(ANSWERS)
    try:
        ANSWERS.update(TO | changes)
        dossier = brought(scanned())
    finally:
        ANSWERS.clear()
        ANSWERS.update(before)
    signed(dossier)
    dossier.refresh_from_db()
    return dossier


@pytest.mark.parametrize("commune", ["Sa Pa", "phường sa pa", "SA PA", "Phuong Sa Pa"])
def test_a_commune_is_understood_with_or_without_its_kind_and_marks(units, commune):
    assert faults(receive_commune=commune) == {}


def test_a_commune_of_another_province_or_of_yesterday_is_refused_where_it_stands(units):
    assert list(faults(receive_commune="Hoàn Kiếm")) == ["receive_commune"]
    assert list(faults(receive_province="Tỉnh Yên Bái")) == ["receive_province"]
    assert faults(receive_by="electronic", receive_commune="Hoàn Kiếm") == {}


def test_the_postman_takes_less_within_the_province(units):
    given.country()
    day = date(2026, 11, 20)
    within, beyond = (
        postage(place, agency=given.SA_PA, on=day) for place in ("Tỉnh Lào Cai", "Thành phố Hà Nội")
    )
    assert (0 < within < beyond, postage("Tỉnh Lào Cai", agency=given.SA_PA, on=date(2020, 1, 1))) == (
        True,
        0,
    )


def test_a_result_waits_for_the_post_and_goes_under_a_number_once(units):
    dossier, lam = to_be_posted(), given.officer("receiver")
    posting = Posting.objects.get(dossier=dossier)
    assert (posting.commune, posting.lines[-1], posting.phone) == (
        "Phường Sa Pa",
        "Tỉnh Lào Cai",
        "0912345678",
    )
    for wrong in ("", "???"):
        with pytest.raises(Invalid):
            actions.consign(posting, by=lam, waybill=wrong)
    with pytest.raises(Refused):
        actions.consign(posting, by=given.citizen("may"), waybill="EA1")
    posting.refresh_from_db()
    actions.consign(posting, by=lam, waybill="ea 123 456 789 vn")
    dossier.refresh_from_db()
    assert (posting.waybill, dossier.state, dossier.filing["handed_to"]) == (
        "EA123456789VN",
        State.RETURNED,
        "Bưu chính EA123456789VN",
    )
    with pytest.raises(NotNow):
        actions.consign(posting, by=lam, waybill="EA2")
    assert Entry.objects.of("dossiers.ResultPosted").get().facts["waybill"] == "EA123456789VN"
    other = Posting.objects.get(dossier=to_be_posted())
    with pytest.raises(Invalid):
        actions.consign(other, by=lam, waybill="EA123456789VN")


def test_a_paper_asked_for_at_the_counter_waits_there_until_it_is_handed_over(db, client):
    found = given.dossier(at="registered")
    answers = found.answers | {"receive_by": "counter"}
    Dossier.objects.filter(pk=found.pk).update(answers=answers)
    Application.objects.filter(pk=found.pk).update(answers=answers)
    given.sign(Dossier.objects.get(pk=found.pk))
    application, now = Application.objects.get(pk=found.pk), timezone.now()
    with translation.override("vi"):
        said = verdict(application), tag(application)[0], lead(application, now=now)
        told = Notice.objects.get(code="dossiers.waits").body
    assert (application.state, *said[:2]) == (
        State.DONE,
        "Đã có kết quả, bản giấy chờ bạn ở Bộ phận Một cửa.",
        "soon",
    )
    assert (said[2][:24], told[:24]) == ("Bạn mang thẻ căn cước đế", "Mời bạn mang thẻ căn cướ")
    assert application.attachments.filter(kind="result").exists()
    assert WORDINGS["dossiers.waits"].is_urgent
    assert not Notice.objects.filter(code="dossiers.returned").exists()
    waiting = Dossier.objects.to_hand_over().get()
    assert may(given.officer("receiver"), "dossiers.hand_over", waiting)
    given.sign_in(client, "suong")
    pages = [client.get("/desk/collect/", {"q": text}) for text in ("tran ha", "khong ai", "a\0b", "x" * 900)]
    assert [page.content.decode().count(f'href="/desk/dossiers/{found.pk}/"') for page in pages] == [
        1,
        0,
        0,
        0,
    ]
    actions.hand_over(waiting, by=given.officer("receiver"))
    settle()
    application.refresh_from_db()
    assert (application.state, Dossier.objects.to_hand_over().count()) == (State.RETURNED, 0)
    assert Notice.objects.filter(code="dossiers.returned").count() == 1


def test_whoever_filed_online_is_told_the_number(units):
    found = given.dossier(at="registered")
    Dossier.objects.filter(pk=found.pk).update(answers=found.answers | TO)
    given.sign(Dossier.objects.get(pk=found.pk))
    actions.consign(Posting.objects.get(), by=given.officer("receiver"), waybill="EA9VN")
    settle()
    assert Application.objects.get(pk=found.pk).waybill == "EA9VN"
    assert "EA9VN" in Notice.objects.get(code="dossiers.posted").body

"""Acting for others at the portal: the pages of mandates, and applying for whom one may."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.dossiers.models import Application
from motcua.dossiers.questions import missing
from motcua.dossiers.states import State
from motcua.exchange import calls
from motcua.mandates import actions
from motcua.mandates.models import Claim, Kind, Mandate
from motcua.notices.models import Notice
from motcua.people.models import Account
from motcua.registers.business.models import EnterpriseVersion
from motcua.registers.population.models import Reading
from tests import given, post

BEGIN = "/procedures/2.000986/begin/"
PAGES = ("/my/mandates/", "/my/mandates/new/", "/my/mandates/child/", "/my/mandates/business/")


@pytest.fixture
def country(db):
    given.country()
    return given.procedure()


def told(page):
    return " ".join(re.sub("<[^>]+>", " ", page.content.decode()).split())


def letter(**changes):
    """What Mây types to let Suối act for her."""
    today = timezone.localdate()
    return {
        "key": str(uuid4()),
        "number": "000 094 002177",
        "name": "ly van suoi",
        "scope": "procedures",
        "procedures": "2.000986",
        "valid_from_day": today.day,
        "valid_from_month": today.month,
        "valid_from_year": today.year,
        "valid_until_day": 31,
        "valid_until_month": 12,
        "valid_until_year": today.year + 1,
    } | changes


def photo():
    return SimpleUploadedFile("giay.png", given.picture(), "image/png")


def test_strangers_sign_in_first(visitor):
    assert [visitor().get(page).status_code for page in PAGES] == [302] * 4


def test_a_mandate_is_written_accepted_and_ended_on_the_pages(visitor, country):
    given.account("suoi")
    may, suoi, doi = visitor("may"), visitor("suoi"), visitor("doi")
    typed = letter()
    page = may.post("/my/mandates/new/", typed).url
    assert may.post("/my/mandates/new/", typed).url == page
    mandate = Mandate.objects.get()
    assert (mandate.procedures, mandate.agent.name) == (["2.000986"], "Lý Văn Suối")
    assert "đang chờ bạn" in told(suoi.get("/my/mandates/"))
    assert [client.get(page).status_code for client in (may, suoi, doi)] == [200, 200, 404]
    assert [client.post(f"{page}accept/").status_code for client in (doi, may, suoi)] == [404, 403, 302]
    assert suoi.post(f"{page}accept/").status_code == 409
    assert "Lý Văn Suối nộp thay Trần Hạ Mây" in told(may.get("/my/mandates/"))
    assert may.post(f"{page}revoke/").status_code == 302
    mandate.refresh_from_db()
    assert mandate.state == Mandate.State.REVOKED
    assert "Đã chấm dứt" in told(suoi.get(page))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "12"}, "number"),
        ({"name": "Lý Văn Khác"}, "name"),
        ({"number": "000094009999"}, "name"),
        ({"procedures": ""}, "procedures"),
        ({"procedures": "2.000986, 9.999999"}, "procedures"),
        ({"scope": "fields"}, "fields_of_work"),
        ({"valid_until_year": 2020}, "valid_until"),
        ({"number": "000196004821", "name": "Trần Hạ Mây"}, "number"),
    ],
)
def test_what_does_not_hold_is_said_at_its_field_and_nothing_is_written(visitor, country, changes, field):
    given.account("suoi")
    answer = visitor("may").post("/my/mandates/new/", letter(**changes))
    assert (answer.status_code, list(answer.context["form"].errors), Mandate.objects.count()) == (
        422,
        [field],
        0,
    )


def test_for_whom_is_the_first_question_of_who_holds_mandates(visitor, country, line):
    mandate = given.mandate()
    assert "whom" not in visitor("may").get(BEGIN).context["form"].fields
    suoi = visitor("suoi")
    form = suoi.get(BEGIN).context["form"]
    assert next(iter(form.fields)) == "whom"
    assert [value for value, _words in form.fields["whom"].widget.choices] == ["self", str(mandate.pk)]
    assert suoi.post(BEGIN, {"agency": given.SA_PA}).status_code == 422
    assert suoi.post(BEGIN, {"agency": given.SA_PA, "whom": "self", "may_read": "on"}).status_code == 302
    assert Application.objects.get().mandate is None


def test_the_principals_record_is_read_and_the_reading_names_the_mandate(visitor, country, line):
    mandate = given.mandate()
    client = visitor("suoi")
    client.post(BEGIN, {"agency": given.SA_PA, "whom": str(mandate.pk), "may_read": "on"})
    application = Application.objects.get()
    reading = Reading.objects.get()
    assert (reading.subject, reading.reader_name) == (given.BY_KEY["may"].number, "Lý Văn Suối")
    assert reading.purpose.endswith(f"(nộp thay, số {mandate.number})")
    assert (reading.dossier, len(reading.purpose) <= 200) == (str(application.pk), True)
    assert application.sources["child_home_town"]["service"] == "population.person"
    page = told(client.get(f"/applications/{application.pk}/check/"))
    assert f"Nộp thay cho Trần Hạ Mây Ủy quyền của cá nhân, {mandate.number}" in page


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (
            lambda one: Mandate.objects.filter(pk=one.pk).update(procedures=["2.000635"]),
            "không bao gồm thủ tục",
        ),
        (
            lambda one: Mandate.objects.filter(pk=one.pk).update(
                valid_from="2025-01-01", valid_until="2025-12-31"
            ),
            "đã hết hiệu lực từ sau ngày 31/12/2025",
        ),
        (lambda one: actions.revoke(one, by=given.actor("may")), "đã chấm dứt"),
    ],
)
def test_a_mandate_that_does_not_allow_it_is_refused_with_the_reason(visitor, country, line, spoil, says):
    mandate = given.mandate()
    client = visitor("suoi")
    client.post(BEGIN, {"agency": given.SA_PA, "whom": str(mandate.pk), "may_read": "on"})
    draft = Application.objects.get()
    spoil(mandate)
    answer = client.post(BEGIN, {"agency": given.SA_PA, "whom": str(mandate.pk), "may_read": "on"})
    assert (answer.status_code, says in answer.context["form"].errors["whom"][0]) == (422, True)
    sent = client.post(f"/applications/{draft.pk}/send/")
    assert (sent.status_code, says in told(sent) or "ủy quyền" in told(sent)) == (403, True)
    draft.refresh_from_db()
    assert (Application.objects.count(), draft.state) == (1, 0)


def test_anothers_mandate_is_no_choice(visitor, country):
    mandate = given.mandate()
    given.mandate("may", "doi")
    answer = visitor("doi").post(BEGIN, {"agency": given.SA_PA, "whom": str(mandate.pk), "may_read": "on"})
    assert answer.context["form"].errors["whom"] == ["Bạn không có ủy quyền nào như vậy."]


def test_both_follow_the_dossier_and_its_page_names_both(visitor, country):
    mandate = given.mandate()
    begun = given.application("suoi")
    Application.objects.filter(pk=begun.pk).update(mandate=mandate)
    begun.refresh_from_db()
    given.fill_in(begun, by=given.actor("suoi"))
    page = f"/applications/{begun.pk}/check/"
    pages = [visitor(key).get(page).status_code for key in ("suoi", "may", "doi")]
    assert pages == [200, 200, 404]
    words = f"Hồ sơ của Trần Hạ Mây, Lý Văn Suối nộp thay theo số {mandate.number}."
    assert [words in told(visitor(key).get("/my/")) for key in ("suoi", "may", "doi")] == [True, True, False]


def test_a_business_applies_under_its_code_and_no_persons_record_is_read(visitor, country, line):
    held = given.business("doi")
    client = visitor("doi")
    client.post(BEGIN, {"agency": given.SA_PA, "whom": str(held.pk), "may_read": "on"})
    assert (Application.objects.get().principal_number, line.asked) == (given.BUSINESS, [])


@pytest.mark.parametrize("may_read", [True, False])
def test_what_the_register_says_of_a_business_is_neither_typed_nor_brought(visitor, country, line, may_read):
    given.procedure("2.001478")
    given.agency("H38")
    held, client = given.registered_business("doi"), visitor("doi")
    address = "/procedures/2.001478/begin/"
    Account.objects.filter(username=given.BY_KEY["doi"].number).update(phone="0900000007")
    shown = client.get(address).content.decode()
    assert "Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp" in shown
    client.post(address, {"agency": "H38", "whom": str(held.pk)} | ({"may_read": "on"} if may_read else {}))
    application = Application.objects.get()
    known = [application.answers.get(f"organisation_{part}") for part in ("name", "code", "representative")]
    papers = list(application.attachments.values_list("paper", "reuse"))
    lacks = "Bản sao giấy chứng nhận đăng ký doanh nghiệp hoặc giấy tờ thành lập" in missing(application)
    doi = given.BY_KEY["doi"]
    files = [application.answers.get(f"applicant_{part}") for part in ("name", "number", "phone")]
    assert files == [
        doi.name,
        doi.number,
        "0900000007",
    ]  # told by the account, and no register of persons is asked
    if not may_read:
        assert (known, papers, lacks, line.asked) == ([None] * 3, [], True, [])
        return
    assert known == ["Công ty TNHH Hoa Ban", given.BUSINESS, "Ngô Văn Đồi"]
    assert (papers, lacks) == ([("registration", 4)], False)
    page = client.get(f"/applications/{application.pk}/form/organisation/").content.decode()
    assert "Từ Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp, " in page
    assert "Từ tài khoản của bạn" in page
    [(_kind, _sender, to, body)] = line.asked
    assert (to, body["params"], held.number in body["purpose"]) == ("G12", {"code": given.BUSINESS}, True)
    assert Reading.objects.get().subject == given.BUSINESS


def test_the_owner_of_a_household_business_changes_only_what_changes(visitor, country, line):
    given.procedure("2.000720")
    given.registered("suoi")
    suoi = given.BY_KEY["suoi"]
    given.enterprise(suoi.number, "suoi", name="Hộ kinh doanh Suối Mơ", capital=80_000_000)
    client = visitor("suoi")
    client.post("/procedures/2.000720/begin/", {"agency": given.SA_PA, "may_read": "on"})
    application = Application.objects.get()
    names = ("applicant_name", "business_name", "trade", "capital")
    told = [application.answers.get(name) for name in names]
    assert told == [suoi.name, "Hộ kinh doanh Suối Mơ", "Lưu trú", 80_000_000]
    assert list(application.attachments.values_list("paper", flat=True)) == ["certificate"]
    assert [to for _kind, _sender, to, _body in line.asked] == ["G01", "G12"]


def test_the_register_of_enterprises_proves_who_represents_a_business(visitor, country, line):
    given.enterprise()
    typed = {"key": str(uuid4()), "code": given.BUSINESS}
    stranger = visitor("suoi").post("/my/mandates/business/", typed)
    assert (stranger.status_code, 'href="?paper"' in stranger.content.decode()) == (422, True)
    assert not Mandate.objects.exists()
    page = visitor("doi").post("/my/mandates/business/", typed, follow=True)
    held = Mandate.objects.get()
    assert (held.kind, held.is_in_force, held.principal_name) == (
        "representative",
        True,
        "Công ty TNHH Hoa Ban",
    )
    assert (held.proof["service"], "Đang có hiệu lực" in told(page)) == ("business.representative", True)
    assert "Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp" in told(page)
    assert {to for _kind, _sender, to, _body in line.asked} == {"G12"}
    line.is_cut = True
    assert visitor("doi").post("/my/mandates/business/", typed | {"key": str(uuid4())}).status_code == 422


def test_who_represents_a_business_sends_the_paper_to_an_agency(visitor, country):
    client = visitor("doi")
    typed = {"key": str(uuid4()), "code": "0001234562", "name": "Công ty TNHH Hoa Ban", "agency": given.SA_PA}
    refused = client.post("/my/mandates/business/?paper", typed | {"file": photo()})
    assert list(refused.context["form"].errors) == ["code"]
    typed["code"] = "000 123 4561"
    page = client.post("/my/mandates/business/?paper", typed | {"file": photo()}).url
    post.settle()
    assert (Claim.objects.get().principal_number, "Chờ cơ quan xác nhận" in told(client.get(page))) == (
        given.BUSINESS,
        True,
    )
    officer = visitor("suong")
    claim = f"/desk/mandates/{Claim.objects.get().pk}/"
    assert officer.get(f"{claim}paper/").status_code == 200
    assert officer.post(claim, {"reason": ""}).status_code == 422
    assert officer.post(claim).status_code == 302
    post.settle()
    assert Mandate.objects.in_force().get().kind == Kind.REPRESENTATIVE
    assert "Công ty TNHH Hoa Ban" in told(client.get("/my/mandates/new/"))


def test_a_parent_the_register_does_not_name_sends_the_paper(visitor, country, line):
    client = visitor("may")
    typed = {"key": str(uuid4()), "number": "000120005551"}
    answer = client.post("/my/mandates/child/", typed)
    assert (answer.status_code, "Hãy gửi giấy khai sinh" in told(answer), Mandate.objects.count()) == (
        422,
        True,
        0,
    )
    born = {"born_on_day": 4, "born_on_month": 5, "born_on_year": 2020}
    paper = typed | born | {"name": "Lý Khánh Vy", "agency": given.SA_PA, "file": photo()}
    assert client.post("/my/mandates/child/?paper", paper).status_code == 302
    assert Mandate.objects.get().state == Mandate.State.CLAIMED


def test_the_list_asks_as_often_for_thirty_as_for_one(visitor, country):
    given.mandate()
    client = visitor("suoi")

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/my/mandates/").status_code == 200
        return len(asked)

    queries()
    one = queries()
    for number in range(29):
        copy = Mandate.objects.get(number__endswith="-000001")
        copy.pk, copy.number, copy._state.adding = uuid4(), f"UQ-{number}", True
        copy.save()
    assert (queries(), one <= 12) == (one, True)


@pytest.fixture
def director(visitor, country, line):
    """Who speaks for a business by the register, and a colleague who may file for it."""
    given.enterprise()
    typed = {"key": str(uuid4()), "code": given.BUSINESS}
    visitor("doi").post("/my/mandates/business/", typed)
    staff = Mandate(
        kind="staff",
        principal_number=given.BUSINESS,
        principal_name="Công ty TNHH Hoa Ban",
        agent=given.account("suoi"),
        given_by=given.account("doi"),
        valid_until=timezone.localdate() + timedelta(days=30),
    )
    given.registered("suoi")
    actions.offer(staff, by=given.actor("doi"))
    actions.accept(staff, by=given.actor("suoi"))
    return Mandate.objects.get(kind="representative")


def filled_for(mandate, key):
    """A draft for the business with everything filled in."""
    draft = given.application(key, at="filled")
    Application.objects.filter(pk=draft.pk).update(mandate=mandate)
    return draft


def test_who_speaks_for_a_business_is_asked_about_again_when_something_is_sent(visitor, director, line):
    held, staff = director, Mandate.objects.get(kind="staff")
    own, colleagues = filled_for(held, "doi"), filled_for(staff, "suoi")
    # A register that does not answer, answers with a fault or takes the question for a wrong one, has not said no.
    faults = (
        calls.Broken("The service failed; the fault was logged there."),
        calls.Failed("A question holds at most 65536 bytes."),
    )
    for (key, draft), line.fails in zip((("doi", own), ("suoi", colleagues)), faults, strict=True):
        page = visitor(key).post(f"/applications/{draft.pk}/send/", follow=True)
        assert (page.redirect_chain[-1][0], "lúc này chưa trả lời" in told(page)) == (
            f"/applications/{draft.pk}/check/",
            True,
        )
    assert set(Mandate.objects.values_list("state", flat=True)) == {"in_force"}
    line.fails = None
    # What is not complete is not asked about: each asking stands among the readings of who is represented.
    own.attachments.all().delete()
    before = len(line.asked)
    page = visitor("doi").post(f"/applications/{own.pk}/send/", follow=True)
    assert ("Chưa đủ" in told(page), len(line.asked)) == (True, before)
    given.paper(own, by=given.actor("doi"))
    visitor("doi").post(f"/applications/{own.pk}/send/")
    assert Application.objects.get(pk=own.pk).sent_at is not None
    # Another speaks for it now: what the colleague holds ends with what the director held, and both are told.
    EnterpriseVersion.objects.update(representative_number=given.BY_KEY["may"].number)
    page = visitor("suoi").post(f"/applications/{colleagues.pk}/send/", follow=True)
    assert ("không còn ghi" in told(page), page.redirect_chain[-1][0]) == (True, "/my/mandates/")
    assert set(Mandate.objects.values_list("state", flat=True)) == {"revoked"}
    assert Application.objects.get(pk=colleagues.pk).sent_at is None
    post.settle()
    notices = Notice.objects.filter(code="mandates.lapsed").values_list("recipient__name", "about")
    assert sorted(notices) == sorted(
        [("Ngô Văn Đồi", held.urn), ("Ngô Văn Đồi", staff.urn), (given.BY_KEY["suoi"].name, staff.urn)]
    )


def test_what_is_added_goes_only_if_the_register_still_says_so(visitor, director, line):
    draft = filled_for(director, "doi")
    Application.objects.filter(pk=draft.pk).update(state=State.SUPPLEMENT, sent_at=timezone.now())
    # No right to ask is no answer either; trying again would not help.
    line.fails = calls.Denied("There is no right to ask.")
    page = visitor("doi").post(f"/applications/{draft.pk}/supply/", {"note": "Đã chụp lại."})
    assert (page.status_code, "chưa được phép hỏi" in told(page), "Đã chụp lại." in told(page)) == (
        422,
        True,
        True,
    )
    line.fails = None
    EnterpriseVersion.objects.update(representative_number=given.BY_KEY["may"].number)
    page = visitor("doi").post(f"/applications/{draft.pk}/supply/", follow=True)
    assert ("không còn ghi" in told(page), page.redirect_chain[-1][0]) == (True, "/my/mandates/")
    assert Application.objects.get(pk=draft.pk).supplied_at is None
    assert set(Mandate.objects.values_list("state", flat=True)) == {"revoked"}

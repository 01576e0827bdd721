"""The wording of a result: versions that stay, a look at the paper, initials by another, and what the head signs."""

import pytest

from motcua.documents.models import Document
from motcua.dossiers import actions, issued, papers
from motcua.dossiers.models import Dossier, ResultDraft
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.organisations import actions as organisations
from motcua.people import actions as people
from tests import given

TYPED = {"granted": "Xác nhận chưa đăng ký kết hôn", "terms": "Có giá trị 6 tháng.\n\nDùng để kết hôn."}


def draft(
    dossier,
    *,
    by="registrar",
    granted=TYPED["granted"],
    facts=(("Họ tên", "Lưu Thị Sim"),),
    terms=TYPED["terms"],
):
    return actions.draft_result(dossier, by=given.officer(by), granted=granted, facts=facts, terms=terms)


def test_each_wording_is_a_version_and_the_same_again_is_not(verifying):
    first = draft(verifying)
    assert draft(verifying) == first
    second = draft(verifying, terms="")
    assert [(one.number, one.terms) for one in verifying.drafts.all()] == [
        (2, ""),
        (1, "Có giá trị 6 tháng.\nDùng để kết hôn."),
    ]
    assert (second.author, Entry.objects.of("dossiers.ResultDrafted").count()) == (given.account("lam"), 2)
    with pytest.raises(Invalid):
        draft(verifying, granted=" ")


def test_a_result_says_what_is_certified_not_who_applied_nor_how_it_is_fetched(verifying, visitor):
    verifying.answers = {
        "applicant_name": "Lưu Thị Sim",
        "applicant_number": "000071002654",
        "applicant_phone": "0000123456",
        "marital_status": "never_married",
        "ended_by": "Của ai khác",
        "receive_by": "electronic",
        "receive_name": "Lưu Thị Sim",
    }
    verifying.contact |= {"phone": "0000123456"}
    verifying.save(update_fields=["answers", "contact"])
    document = Document(agency=verifying.agency, about=verifying.urn)
    paper = papers.certificate(verifying, given.officer("chair"), document.verification)
    assert paper.facts == (("Hiện nay bạn", "Chưa kết hôn lần nào"),)
    assert (paper.office.desk, paper.applicant.name, paper.applicant.phone) == ("", "Lưu Thị Sim", "")
    # What was filled in for a question that was never asked is nobody's answer.
    shown = visitor("lam").get(f"/desk/dossiers/{verifying.pk}/", headers={"accept-language": "vi"})
    assert [fact.id for page in shown.context["facts"] for fact in page.facts] == [
        "applicant_name",
        "applicant_number",
        "applicant_phone",
        "marital_status",
        "receive_by",
    ]


def test_who_words_and_who_initials(verifying):
    for by in ("receiver", "chair", "deputy", "administrator"):
        with pytest.raises(Refused):
            draft(verifying, by=by)
    first = draft(verifying)
    for key in ("lam", "suong", "lua", "man", "may"):
        with pytest.raises(Refused):
            actions.initial_result(first, by=given.actor(key))
    for _time in range(2):
        actions.initial_result(first, by=given.officer("deputy"))
    assert Entry.objects.of("dossiers.ResultInitialled").count() == 1
    draft(verifying, terms="Khác.")
    with pytest.raises(NotNow):
        actions.initial_result(ResultDraft.objects.get(pk=first.pk), by=given.officer("deputy"))


def test_a_form_of_the_law_is_not_worded_by_hand(visitor, accepted):
    (birth,) = accepted(8)
    with pytest.raises(Invalid):
        draft(birth)
    assert visitor("lam").get(f"/desk/dossiers/{birth.pk}/result/").status_code == 404


def test_what_was_worded_is_what_is_signed(verifying):
    given.keys()
    draft(verifying)
    actions.initial_result(verifying.drafts.get(), by=given.officer("deputy"))
    lam = given.officer("registrar")
    actions.complete(verifying, by=lam, key="verify", note="Đúng như khai.")
    dossier = Dossier.objects.get(pk=verifying.pk)
    actions.propose(dossier, by=lam, opinion="Đủ điều kiện.")
    document = Document(agency=dossier.agency, about=dossier.urn)
    paper, _files = issued.result_of(dossier, signer=given.officer("chair"), check=document.verification)
    assert (paper.granted, paper.facts, paper.terms, paper.initials) == (
        TYPED["granted"],
        (("Họ tên", "Lưu Thị Sim"),),
        ("Có giá trị 6 tháng.", "Dùng để kết hôn."),
        "Lò Văn Thác",
    )
    actions.sign(dossier, by=given.officer("chair"))
    with pytest.raises(NotNow):
        draft(dossier, terms="Sau khi ký.")


def proposed(dossier):
    """A worded result, ready to be signed but for the initials."""
    given.keys()
    lam = given.officer("registrar")
    draft(dossier)
    actions.complete(dossier, by=lam, key="verify", note="Đúng như khai.")
    actions.propose(dossier, by=lam, opinion="Đủ điều kiện.")
    return Dossier.objects.get(pk=dossier.pk)


def test_where_somebody_can_initial_it_the_signature_waits_for_them(visitor, verifying):
    given.account("thac")
    dossier, lua = proposed(verifying), visitor("lua")
    address, able = f"/desk/dossiers/{dossier.pk}/", "Người có thể ký nháy: Lò Văn Thác."
    page = lua.get(address).content.decode()
    assert (able in page, f'action="{address}sign/"' in page) == (True, False)
    with pytest.raises(NotNow, match=able):
        actions.sign(dossier, by=given.officer("chair"))
    assert able in lua.get(f"{address}result/").content.decode()
    actions.initial_result(dossier.drafts.get(), by=given.officer("deputy"))
    assert f'action="{address}sign/"' in lua.get(address).content.decode()
    actions.sign(Dossier.objects.get(), by=given.officer("chair"))
    assert Dossier.objects.get().has_ended


def test_where_nobody_else_can_initial_it_is_signed_without_and_the_page_says_so(visitor, verifying):
    dossier = proposed(verifying)
    post = organisations.open_post(given.agency(), by=given.SYSTEM, role="registrar")
    for key in ("lua", "doi"):
        people.appoint(post, by=given.SYSTEM, account=given.account(key), since=given.SINCE)
    Dossier.objects.update(applicant_number=given.BY_KEY["doi"].number)
    page = visitor("lua").get(f"/desk/dossiers/{dossier.pk}/result/").content.decode()
    assert "Cơ quan không có ai khác để ký nháy" in page
    actions.sign(Dossier.objects.get(), by=given.officer("chair"))
    assert Dossier.objects.get().has_ended


def test_wording_stays_as_it_was_proposed_until_it_is_sent_back(verifying):
    dossier = proposed(verifying)
    with pytest.raises(NotNow, match="Kết quả đã được đề xuất"):
        draft(dossier, terms="Khác.")
    actions.return_to_examiner(dossier, by=given.officer("chair"), reason="Sửa điều kiện.")
    assert draft(Dossier.objects.get(), terms="Khác.").number == 2


def test_from_the_fields_to_the_paper(visitor, verifying):
    address = f"/desk/dossiers/{verifying.pk}/result/"
    lam, thac = visitor("lam"), visitor("thac")
    assert "Soạn kết quả" in lam.get(f"/desk/dossiers/{verifying.pk}/").content.decode()
    assert lam.post(address, TYPED | {"granted": ""}).status_code == 422
    page = lam.post(address, TYPED, follow=True).content.decode()
    assert "Bản 1" in page
    assert "Ký nháy</button>" not in page
    file = thac.get(f"{address}1.pdf")
    assert (file.status_code, file.content[:5]) == (200, b"%PDF-")
    assert thac.post(address, TYPED).status_code == 403
    assert visitor("man").get(address).status_code == 404
    assert "Ký nháy</button>" in thac.get(address).content.decode()
    assert thac.post(f"{address}1/initial/").status_code == 302
    page = lam.get(f"/desk/dossiers/{verifying.pk}/").content.decode()
    assert "Lò Văn Thác ký nháy bản 1 của kết quả" in page
    assert not Document.objects.about(verifying).filter(kind="certificate").exists()

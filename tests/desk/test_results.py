"""The wording of a result: versions that stay, a look at the paper, initials by another, and what the head signs."""

import pytest

from motcua.documents.models import Document
from motcua.dossiers import actions, issued
from motcua.dossiers.models import Dossier, ResultDraft
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
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

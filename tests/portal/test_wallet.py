"""The wallet's pages: put in, correct, use with one click, keep what was sent; nobody else's."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.dossiers import actions as dossiers
from motcua.dossiers.models import Application
from motcua.dossiers.states import Reuse
from motcua.journal.models import Entry
from motcua.lib.actors import Actor
from motcua.portal.earlier import SERVICE
from motcua.wallets import actions
from motcua.wallets.models import Holding
from tests import given
from tests.wallets.test_wallet import held

WALLET = "/my/papers/"
TYPED = {"kind": "birth_notice", "name": "Giấy chứng sinh bé An", "issuer": "Bệnh viện Sa Pa"}


def file(content=None):
    return SimpleUploadedFile("anh.png", content or given.picture())


def queries(client, path):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_a_paper_is_put_in_corrected_and_taken_out(visitor):
    client = visitor("may")
    answer = client.post(f"{WALLET}add/", {**TYPED, "file": file()})
    kept = Holding.objects.get()
    assert (answer.status_code, answer.url) == (302, f"{WALLET}{kept.pk}/")
    today = timezone.localdate() + timedelta(days=10)
    day = {f"valid_until_{part}": getattr(today, part) for part in ("day", "month", "year")}
    assert client.post(answer.url, {**TYPED, "name": "Chứng sinh An", **day}).status_code == 302
    page = client.get(WALLET).content.decode()
    assert ("Chứng sinh An" in page, "Sắp hết hạn" in page) == (True, True)
    assert client.get(f"{answer.url}file/").content == given.picture()
    assert client.post(f"{answer.url}remove/").url == WALLET
    assert not Holding.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({**TYPED, "file": file(b"MZ" + bytes(80))}, "file"),
        (TYPED, "file"),
        ({"file": file()}, "kind"),
        (
            {
                **TYPED,
                "issued_on_day": "9",
                "issued_on_month": "13",
                "issued_on_year": "2026",
                "file": file(),
            },
            "issued_on",
        ),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_place(visitor, typed, field):
    answer = visitor("may").post(f"{WALLET}add/", typed)
    assert (answer.status_code, next(iter(answer.context["form"].errors))) == (422, field)
    assert not Holding.objects.exists()


def test_another_persons_paper_does_not_exist_for_citizen_or_officer(visitor):
    given.country()
    kept = actions.add(held(), by=given.citizen("may"))
    for key in ("suoi", "lam"):
        client = visitor(key)
        assert [client.get(f"{WALLET}{kept.pk}/{page}").status_code for page in ("", "file/")] == [404, 404]
        assert [client.post(f"{WALLET}{kept.pk}/{page}").status_code for page in ("", "remove/")] == [
            404,
            404,
        ]
    assert visitor().get(f"{WALLET}{kept.pk}/").status_code == 302
    draft = given.application("suoi")
    stolen = visitor("suoi").post(
        f"/applications/{draft.pk}/papers/birth_notice/wallet/", {"holding": kept.pk}
    )
    assert (stolen.status_code, draft.attachments.count()) == (404, 0)


def test_what_fits_is_offered_first_and_used_with_one_click(visitor):
    given.country()
    draft, may = given.application("may"), given.actor("may")
    kept = actions.add(held(), by=may)
    actions.add(held(content=b"x1", kind="degree"), by=may)
    actions.add(held(content=b"x2", valid_until=timezone.localdate() - timedelta(days=1)), by=may)
    client = visitor("may")
    papers = {one.id: one for one in client.get(f"/applications/{draft.pk}/papers/").context["papers"]}
    assert [line.holding for line in papers["birth_notice"].held] == [kept]
    answer = client.post(f"/applications/{draft.pk}/papers/birth_notice/wallet/", {"holding": kept.pk})
    page = client.get(answer.url)
    assert "Từ kho" in page.content.decode()
    assert [one.held for one in page.context["papers"] if one.id == "birth_notice"] == [[]]
    assert "đã dùng trong 1 hồ sơ" in client.get(WALLET).content.decode()


def test_after_sending_papers_can_be_kept_for_next_time(visitor):
    given.country()
    sent, client = given.application("may", at="sent"), visitor("may")
    path = f"/applications/{sent.pk}/"
    page = client.get(path)
    assert "Lưu các giấy tờ này để dùng lần sau?" in page.content.decode()
    client.post(f"{path}keep/", {"file": [one.pk for one in page.context["unkept"]]})
    assert [(one.kind, one.name) for one in Holding.objects.all()] == [
        ("birth_notice", "giay-chung-sinh.png")
    ]
    assert client.get(path).context["unkept"] == []
    # What was filed for one's own business goes into its wallet; of another's matter nothing is offered.
    held = given.business("may")
    Application.objects.filter(pk=sent.pk).update(mandate=held)
    client.post(f"{path}keep/", {"file": [one.pk for one in client.get(path).context["unkept"]]})
    assert Holding.objects.filter(owner=given.BUSINESS).count() == 1
    proxy = given.mandate("doi", "may")
    Application.objects.filter(pk=sent.pk).update(mandate=proxy)
    assert client.get(path).context["unkept"] == []


def test_the_wallet_asks_as_often_for_twenty_papers_as_for_one(visitor):
    given.country()
    client, may = visitor("may"), given.actor("may")
    draft = given.application("may")
    dossiers.reuse(draft, by=may, paper="birth_notice", holding=actions.add(held(), by=may))
    queries(client, WALLET)
    papers = f"/applications/{draft.pk}/papers/"
    one = queries(client, WALLET), queries(client, papers)
    Holding.objects.bulk_create(held(content=bytes([n])) for n in range(19))
    assert (queries(client, WALLET), queries(client, papers)) == one
    assert max(one) <= 12


@pytest.mark.parametrize("may_read", [True, False])
def test_an_earlier_result_is_handed_in_with_the_one_consent_and_can_be_taken_out(visitor, line, may_read):
    given.country()
    given.procedure()
    actions.receive(
        held(name="Giấy chứng sinh số 9", source=Holding.Source.RESULT), by=Actor.system("wallets")
    )
    client, begin = visitor("may"), "/procedures/2.000986/begin/"
    form = client.get(begin, headers={"accept-language": "vi"})
    assert form.content.decode().count("Giấy chứng sinh số 9") == 1
    told = form.context["form"]["told"].value()
    typed = {"agency": given.SA_PA, "told": told} | ({"may_read": "on"} if may_read else {})
    assert client.post(begin, typed).status_code == 302
    draft = Application.objects.get()
    kept = draft.attachments.filter(paper="birth_notice")
    assert [(one.name, one.reuse) for one in kept] == [("Giấy chứng sinh số 9", Reuse.RESULT)] * may_read
    said = Entry.objects.filter(about=draft.urn, event__startswith="dossiers.Reading")
    results = [entry.event for entry in said if entry.facts["service"] == SERVICE]
    assert results == ["dossiers.ReadingAllowed" if may_read else "dossiers.ReadingWithheld"]
    if may_read:
        taken = client.post(f"/applications/{draft.pk}/files/{kept.get().pk}/remove/")
        assert (taken.status_code, kept.all().exists()) == (302, False)
        client.post(f"/applications/{draft.pk}/register/", {"group": ""})
    # As before: it is asked for, and offered with one click.
    papers = {one.id: one for one in client.get(f"/applications/{draft.pk}/papers/").context["papers"]}
    assert (papers["birth_notice"].files, len(papers["birth_notice"].held)) == ([], 1)


def test_only_what_was_named_and_everybody_must_give_is_handed_in(visitor, line):
    given.country()
    given.procedure()
    for number, kind in enumerate(("birth_notice", "proxy")):
        holding = held(content=f"x{number}".encode(), kind=kind, source=Holding.Source.RESULT)
        actions.receive(holding, by=Actor.system("wallets"))
    client, begin = visitor("may"), "/procedures/2.000986/begin/"
    assert [one.paper.id for one in client.get(begin).context["form"].earlier] == ["birth_notice"]
    client.post(begin, {"agency": given.SA_PA, "may_read": "on"})
    assert not Application.objects.get().attachments.filter(paper="birth_notice").exists()

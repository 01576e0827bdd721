"""Whoever filed at a counter, by post or by a hired service does with the receipt what others do on a page of their own."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from motcua.desk import receipts
from motcua.desk.bearing import can
from motcua.desk.receipts import COOKIE
from motcua.documents.models import Document
from motcua.dossiers import actions
from motcua.dossiers.bearing import bearer_of, bears, opening_url, receipt_url, word_of
from motcua.dossiers.models import Brought, Dossier
from motcua.dossiers.papers import form_of
from motcua.dossiers.reaching import code_of
from motcua.dossiers.states import State
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.notices.models import Outgoing
from motcua.payments.models import Charge, Payment, Refund
from motcua.people.models import Account
from motcua.people.tries import MOST
from motcua.petitions import actions as petitions
from motcua.petitions.models import Received
from tests import given
from tests.documents import reading
from tests.post import settle

ACCOUNT = {"bank": "Ngân hàng Mẫu", "number": "0001 2345 6789", "holder": "TRAN HA MAY"}


@pytest.fixture
def brought(accepted):
    """Brought to Sa Pa's own counter and found wanting; the number on the receipt ends in 4821."""
    (dossier,) = accepted(99)
    Dossier.objects.filter(pk=dossier.pk).update(origin=dossier.agency, channel=3)
    dossier.refresh_from_db()
    actions.request_supplement(dossier, by=given.officer("receiver"), reason="Chụp lại giấy chứng sinh.")
    return dossier


def show(client, dossier, digits="4821", **more):
    return client.post("/receipt/", {"code": dossier.code or str(dossier.pk), "digits": digits}, **more)


def told():
    return set(Outgoing.objects.values_list("code", flat=True))


def test_nothing_is_seen_before_the_receipt_is_shown_and_no_person_is_named_after(brought, client):
    page = f"/receipt/{brought.pk}/"
    for answer in (client.get(page), client.post(f"{page}withdraw/"), client.post(f"{page}supply/")):
        assert (answer.status_code, "Chụp lại" in answer.content.decode()) == (403, False)
    path = form_of(brought, "receipt", number="1").own.partition("//")[2].partition("/")[2]
    assert f'value="{brought.code}"' in client.get(f"/{path}").content.decode()
    assert form_of(brought, "supplement", number="1").check.url == receipt_url(brought)
    wrong = [
        show(client, brought, "1234"),
        client.post("/receipt/", {"code": "H38.99999-261116-0042", "digits": "4821"}),
    ]
    assert {(one.status_code, str(one.context["form"].errors)) for one in wrong}.__len__() == 1
    assert not Entry.objects.of("dossiers.ReceiptShown").exists()
    assert show(client, brought)["Location"] == page
    seen = client.get(page)
    text = seen.content.decode()
    assert ("Chụp lại giấy chứng sinh." in text, "no-store" in seen["Cache-Control"]) == (True, True)
    assert [
        word for word in (brought.applicant_name, brought.applicant_number, "0912345678") if word in text
    ] == []
    client.post(f"{page}leave/")
    assert client.get(page).status_code == 403
    show(client, brought)
    session = client.session
    session[receipts.OPENED][str(brought.pk)]["until"] = (timezone.now() - timedelta(seconds=1)).isoformat()
    session.save()
    assert client.get(page).status_code == 403


def test_what_is_missing_is_sent_the_head_is_complained_to_and_the_dossier_taken_back(brought, client):
    page = f"/receipt/{brought.pk}/"
    show(client, brought)
    assert client.post(f"{page}supply/", {"note": " "}).status_code == 422
    for name, content, status in (("a.png", given.picture(), 302), ("b.pdf", b"no", 422)):
        answer = client.post(f"{page}papers/other/", {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == status
    assert (
        client.post(
            f"{page}papers/nothing/", {"file": SimpleUploadedFile("a.png", given.picture())}
        ).status_code
        == 404
    )
    assert brought.papers.count() == 0
    assert "a.png" in client.get(page).content.decode()
    assert client.post(f"{page}supply/", {"note": "Giấy mới."}).status_code == 302
    brought.refresh_from_db()
    assert (brought.state, brought.contact["note"], brought.papers.get().name) == (
        State.PROCESSING,
        "Giấy mới.",
        "a.png",
    )
    assert client.post(f"{page}supply/").status_code == 409

    complaint = {"text": "Gọi hai lần không ai nghe."}
    for _time in range(2):
        assert client.post(f"{page}complain/", complaint).status_code == 302
    with pytest.raises(Invalid):
        petitions.complain_by_receipt(Received(dossier=brought.pk, text="Nữa."), by=bearer_of(brought.pk))
    received = Received.objects.visible_to(given.officer("chair")).get()
    assert (received.asker_name, received.is_by_receipt) == (brought.applicant_name, True)
    petitions.reply(received, by=given.officer("chair"), answer="Xin lỗi bạn.", upheld=True)
    assert "Xin lỗi bạn." in client.get(page).content.decode()

    assert client.post(f"{page}withdraw/", {"reason": "Nộp nơi khác."}).status_code == 302
    brought.refresh_from_db()
    settle(times=2)
    assert (brought.state, brought.reason) == (State.WITHDRAWN, "Nộp nơi khác.")
    deeds = [Entry.objects.of(f"dossiers.Dossier{one}").get() for one in ("Supplied", "Withdrawn")]
    assert [one.actor["urn"] for one in deeds] == [bearer_of(brought.pk).urn] * 2
    assert told() == {f"dossiers.counter_{one}" for one in ("supplement", "supplied", "withdrawn")} | {
        f"petitions.{one}_by_receipt" for one in ("taken", "answered")
    }
    assert {one.link for one in Outgoing.objects.all()} == {f"/receipt/?code={brought.code}"}


def test_money_that_goes_back_goes_where_the_receipt_says_once(brought):
    by = bearer_of(brought.pk)
    with pytest.raises(Invalid):
        actions.direct_by_receipt(brought, by=by, **ACCOUNT)
    charge = Charge.objects.create(
        subject=brought.urn, payee=brought.agency, payer="x", what="x", amount=16000, code="MC0TEST"
    )
    payment = Payment.objects.create(
        charge=charge,
        payee=brought.agency,
        provider="vietqr",
        reference="FT1",
        amount=20000,
        paid_at=timezone.now(),
    )
    refund = Refund.objects.create(payment=payment, amount=4000, reason="Nộp thừa.")
    assert can(brought)["refund"]
    actions.direct_by_receipt(brought, by=by, **ACCOUNT)
    refund.refresh_from_db()
    assert ("TRAN HA MAY" in refund.account, can(brought)["refund"]) == (True, False)
    with pytest.raises(Invalid):
        actions.direct_by_receipt(brought, by=by, **ACCOUNT | {"holder": "KE GIAN"})
    settle()
    assert Outgoing.objects.get(code="dossiers.counter_account").parameters["ending"] == "6789"


def test_only_who_holds_this_receipt_acts_and_nobody_for_what_was_filed_online(brought):
    for by in (given.officer("receiver"), given.actor("may"), receipts.RECEIPT, bearer_of("0" * 32)):
        with pytest.raises(Refused):
            actions.withdraw_by_receipt(brought, by=by, reason="")
        with pytest.raises(Refused):
            petitions.complain_by_receipt(Received(dossier=brought.pk, text="x"), by=by)
    brought.asked_pages = ["mother"]  # put right on paper, at the counter
    brought.save()
    assert (can(brought)["supply"], code_of(brought, "")) == (False, "dossiers.counter_put_right")
    with pytest.raises(Invalid):
        actions.supply_by_receipt(brought, by=bearer_of(brought.pk), papers=[], note="")
    Dossier.objects.filter(pk=brought.pk).update(origin="G22")
    with pytest.raises(Refused):
        actions.supply_by_receipt(brought, by=bearer_of(brought.pk), papers=[], note="")
    assert actions.show_receipt(brought, by=receipts.RECEIPT, digits="4821") is False
    Dossier.objects.filter(pk=brought.pk).update(origin=brought.agency, state=State.RETURNED)
    with pytest.raises(NotNow):
        actions.withdraw_by_receipt(brought, by=bearer_of(brought.pk), reason="")


def test_many_addresses_together_have_no_more_tries_and_what_has_no_code_yet_goes_by_its_id(brought, client):
    by_id = {"code": str(brought.pk), "digits": "4821"}
    assert client.post("/receipt/", by_id).status_code == 302  # the paper was made before it had a code
    Dossier.objects.filter(pk=brought.pk).update(code=None, accepted_at=None)
    brought.refresh_from_db()
    assert show(client, brought).status_code == 302
    for number in range(MOST):
        show(client, brought, "1234", REMOTE_ADDR=f"10.0.0.{number}")
    refused = show(client, brought, REMOTE_ADDR="10.1.0.1")
    assert (refused.status_code, "thử lại vào ngày mai" in refused.content.decode()) == (422, True)


def test_a_business_is_known_by_its_telephone_for_anybody_can_look_up_its_code(brought):
    brought.applicant_number, brought.contact = given.BUSINESS, {"phone": "0912 345 678"}
    assert [bears(brought, digits) for digits in (given.BUSINESS[-4:], "5678")] == [False, True]
    brought.contact = {}
    assert (bears(brought, ""), receipt_url(brought)) == (False, "")


def test_the_receipt_bears_a_word_of_its_own_and_from_then_on_digits_open_nothing(brought, client):
    assert bears(brought, "4821")  # what was printed before has none
    actions.issue(brought, by=given.SYSTEM, form="receipt")
    brought.refresh_from_db()
    word = word_of(brought)
    assert (len(word), bears(brought, "4821"), bears(brought, f" {word[:4].lower()}-{word[4:]} ")) == (
        8,
        False,
        True,
    )
    actions.issue(brought, by=given.SYSTEM, form="supplement")
    brought.refresh_from_db()
    printed = [reading.text(one.content()) for one in Document.objects.about(brought)]
    assert [f"{word[:4]}-{word[4:]}" in one for one in printed] == [True, True]
    assert word not in receipt_url(brought)  # what messages bring along
    page = scanned(client, brought).content.decode()
    assert (f'value="{brought.code}"' in page, f'value="{word}"' in page) == (True, True)
    assert (show(client, brought).status_code, show(client, brought, word).status_code) == (422, 302)


def scanned(client, dossier):
    """The page the QR code on the receipt leads to."""
    return client.get(opening_url(dossier).removeprefix(settings.NODE.web_url), follow=True)


def test_the_word_leaves_the_address_at_once_is_shown_once_and_stands_in_no_log(brought, client, caplog):
    caplog.set_level("DEBUG")
    actions.issue(brought, by=given.SYSTEM, form="receipt")
    brought.refresh_from_db()
    word, address = word_of(brought), f"/receipt/?code={brought.code}"
    page = scanned(client, brought)
    assert (page.redirect_chain, page.headers["Referrer-Policy"]) == ([(address, 302)], "same-origin")
    assert f'value="{word}"' in page.content.decode()
    assert f'value="{word}"' not in client.get(address).content.decode()
    client.cookies[COOKIE] = word  # not signed by us: whoever sets it fills in nothing
    assert f'value="{word}"' not in client.get(address).content.decode()
    assert show(client, brought, "0000-0000").status_code == 422
    assert word not in caplog.text


def test_what_was_brought_to_a_counter_stands_among_ones_own_and_nobody_elses(arrived, visitor):
    online, dossier, business = arrived(3)
    given.procedure()
    Dossier.objects.exclude(pk=online.pk).update(origin=dossier.agency, channel=1)
    Dossier.objects.filter(pk=business.pk).update(applicant_number=given.BUSINESS)
    for one in (online, dossier, business):
        one.refresh_from_db()
        actions.accept(one, by=given.officer("receiver"))
    settle(times=3)
    assert [one.code for one in Brought.objects.all()] == [dossier.code]
    page = visitor("may").get("/my/").content.decode()
    assert (dossier.code in page, "Nộp tại quầy hoặc qua bưu chính" in page) == (True, True)
    assert dossier.code not in visitor("suoi").get("/my/").content.decode()
    Account.objects.filter(pk=given.account("may").pk).update(
        name="Tên Khác"
    )  # a number mistyped at the counter
    assert dossier.code not in visitor("may").get("/my/").content.decode()

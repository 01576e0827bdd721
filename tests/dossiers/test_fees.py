"""The fee of a dossier: asked for when it is received, paid in any way, waived, or no longer owed."""

import pytest
from django.utils import timezone

from motcua.documents.models import Document
from motcua.dossiers import actions
from motcua.dossiers.models import Application, Dossier, Segment
from motcua.dossiers.reactions import go_on
from motcua.dossiers.states import State
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.notices.models import Notice
from motcua.organisations.models import calendar_for
from motcua.payments import actions as payments
from motcua.payments.actions.receiving import Money
from motcua.payments.events import ChargeSettled
from motcua.payments.models import Charge, Refund
from tests import given
from tests.documents import reading
from tests.post import settle

pytestmark = pytest.mark.django_db


def seen(dossier):
    dossier.refresh_from_db()
    application = Application.objects.get(pk=dossier.pk)
    return dossier.state, application.state


def transferred(charge, amount, reference="FT1"):
    payments.read_statement(
        [Money("vietqr", reference, amount, timezone.now(), "statement", purpose=charge.code)],
        by=given.SYSTEM,
        provider="vietqr",
    )
    settle()


def paid(dossier):
    charge = Charge.objects.about(dossier).get()
    payments.take_cash(charge, by=given.officer("receiver"), amount=charge.open)
    settle()
    return charge


def test_receiving_asks_for_the_fee_and_stops_the_clock():
    dossier = given.copy(at="accepted", copies=3)
    assert seen(dossier) == (State.FEE, State.FEE)
    charge = Charge.objects.about(dossier).get()
    assert (charge.amount, charge.payee, charge.payer) == (24000, given.SA_PA, "Trần Hạ Mây")
    assert dossier.segments.get(ended_at=None).kind == Segment.Kind.PAUSED
    fee = Application.objects.get(pk=dossier.pk).fee
    assert (fee["open"], fee["code"], fee["state"]) == (24000, charge.code, "due")
    assert str(charge.pk) in fee["url"]
    assert Notice.objects.filter(code="dossiers.fee").count() == 1


def test_nobody_goes_on_before_the_fee_is_paid():
    dossier = given.copy(at="accepted")
    with pytest.raises(NotNow):
        actions.propose(dossier, by=given.officer("registrar"), opinion="Đủ.")


def test_paying_goes_on_and_gives_the_receipt():
    dossier = given.copy(at="accepted")
    charge = paid(dossier)
    assert seen(dossier) == (State.PROCESSING, State.PROCESSING)
    assert Document.objects.about(dossier).filter(kind="fee").count() == 1
    application = Application.objects.get(pk=dossier.pk)
    assert application.attachments.filter(kind="fee").count() == 1
    assert application.fee["state"] == "paid"
    assert Entry.objects.of("dossiers.FeePaid").get().facts["amount"] == charge.amount


def test_a_dossier_with_a_fee_goes_its_whole_way():
    dossier = given.copy(at="signed")
    assert seen(dossier) == (State.RETURNED, State.RETURNED)
    kinds = Application.objects.get(pk=dossier.pk).attachments.order_by("added_at")
    assert sorted(kinds.values_list("kind", flat=True)) == ["fee", "receipt", "result"]
    states = [entry.facts["state"] for entry in Entry.objects.of("dossiers.NewsLearned").order_by("id")]
    of_this = [state for place, state in enumerate(states) if place == 0 or states[place - 1] != state]
    assert of_this[-6:] == [1, 2, 6, 4, 9, 10]


def test_everything_twice_has_one_effect():
    dossier = given.copy(at="accepted", times=2)
    charge = Charge.objects.about(dossier).get()
    payments.take_cash(charge, by=given.officer("receiver"), amount=charge.open)
    settle(times=2)
    assert Document.objects.about(dossier).filter(kind="fee").count() == 1
    assert Entry.objects.of("dossiers.FeePaid").count() == 1


def test_the_clock_goes_on_where_it_stopped():
    dossier = given.copy(at="accepted")
    calendar, due = calendar_for(dossier.agency), dossier.due_at
    began = dossier.segments.get(kind="running").began_at
    stopped = dossier.segments.get(kind="paused")
    # Asked for an hour of work after the clock began, and paid today: what was left then is left now.
    Segment.objects.filter(pk=stopped.pk).update(began_at=calendar.add(began, 1.0))
    left = calendar.between(began, due) - 1.0
    paid(dossier)
    dossier.refresh_from_db()
    again = dossier.segments.get(ended_at=None)
    assert again.kind == Segment.Kind.RUNNING
    assert calendar.between(again.began_at, dossier.due_at) == pytest.approx(left)


def test_a_clock_that_had_not_begun_loses_nothing():
    dossier = given.copy(at="accepted")
    calendar = calendar_for(dossier.agency)
    whole = calendar.between(dossier.segments.get(kind="running").began_at, dossier.due_at)
    paid(dossier)
    dossier.refresh_from_db()
    again = dossier.segments.get(ended_at=None)
    assert calendar.between(again.began_at, dossier.due_at) == pytest.approx(whole, abs=0.1)


def test_a_part_is_told_and_the_rest_still_asked_for():
    dossier = given.copy(at="accepted", copies=2)
    transferred(Charge.objects.about(dossier).get(), 6000)
    assert seen(dossier) == (State.FEE, State.FEE)
    assert Application.objects.get(pk=dossier.pk).fee["open"] == 10000
    told = notice("dossiers.fee_part")
    assert ("đã nhận 6.000 đồng" in told, "còn phải nộp 10.000 đồng" in told) == (True, True)
    transferred(Charge.objects.about(dossier).get(), 4000, "FT2")
    assert Notice.objects.filter(code="dossiers.fee_part").count() == 2


def notice(code):
    """The one notice of this code, or the first, as it is read."""
    found = Notice.objects.filter(code=code).order_by("sent_at")[0]
    return f"{found.subject} {found.body}"


def test_who_paid_hears_what_is_owed_to_them_and_when_it_went_back(client):
    dossier = given.copy(at="accepted")
    charge = paid(dossier)
    transferred(charge, 9000)
    charge.refresh_from_db()
    payments.give_back(charge, by=given.officer("chair"), reason="Thu nhầm.")
    settle(times=2)
    told = notice("dossiers.refund_owed")
    assert ("9.000 đồng" in told, "Nộp thừa" in told, dossier.code in told) == (True, True, True)
    first, second = Refund.objects.order_by("pk")
    payments.make_refund(second, by=given.officer("chair"), reference="UNC-77")
    settle(times=2)
    assert ("8.000 đồng" in notice("dossiers.refund_made"), "UNC-77" in notice("dossiers.refund_made")) == (
        True,
        True,
    )
    codes = Notice.objects.filter(code__startswith="dossiers.refund").values_list("code", flat=True)
    assert sorted(codes) == ["dossiers.refund_made", "dossiers.refund_owed", "dossiers.refund_owed"]
    returns = Application.objects.get(pk=dossier.pk).fee["returns"]
    assert [(one["amount"], one["state"], one["reference"]) for one in returns] == [
        (9000, "owed", ""),
        (8000, "made", "UNC-77"),
    ]
    given.sign_in(client, "may")
    text = client.get(f"/applications/{dossier.pk}/").content.decode()
    assert ("Tiền hoàn lại cho bạn" in text, "Nộp thừa" in text, "UNC-77" in text) == (True, True, True)
    there = f"/applications/{dossier.pk}/refund/"
    account = {"bank": "Ngân hàng A", "number": "0000 1234 5678", "holder": "TRAN HA MAY"}
    assert client.post(there, account | {"number": "abc"}).status_code == 422
    assert client.post(there, account).status_code == 302
    settle()
    wanted = "Ngân hàng A, số tài khoản 000012345678, chủ tài khoản TRAN HA MAY"
    assert list(Refund.objects.order_by("pk").values_list("account", flat=True)) == [wanted, ""]
    assert "000012345678" in client.get(f"/applications/{dossier.pk}/").content.decode()
    assert "000012345678" not in str(list(Entry.objects.values_list("facts", flat=True)))
    transferred(charge, 5000, "FT9")  # what comes to be owed afterwards goes there, too
    assert Refund.objects.owed().last().account == wanted
    given.sign_in(client, "lua")
    assert "000012345678" in client.get("/desk/books/").content.decode()
    payments.make_refund(first, by=given.officer("chair"), reference="UNC-78")
    payments.make_refund(Refund.objects.owed().get(), by=given.officer("chair"), reference="UNC-79")
    settle()
    application = Application.objects.get(pk=dossier.pk)
    with pytest.raises(Invalid):
        actions.direct_refund(application, by=given.citizen("may"), **account)
    with pytest.raises(Refused):
        actions.direct_refund(application, by=given.citizen("lua"), **account)


def test_paying_twice_gives_one_receipt_and_one_refund():
    dossier = given.copy(at="accepted")
    charge = paid(dossier)
    transferred(charge, 8000)
    assert seen(dossier) == (State.PROCESSING, State.PROCESSING)
    assert Refund.objects.owed().get().amount == 8000
    assert Document.objects.about(dossier).filter(kind="fee").count() == 1


def test_money_after_withdrawal_is_to_be_returned():
    dossier = given.copy(at="accepted")
    actions.withdraw(Application.objects.get(pk=dossier.pk), by=given.citizen("may"))
    settle()
    assert seen(dossier) == (State.WITHDRAWN, State.WITHDRAWN)
    charge = Charge.objects.about(dossier).get()
    assert charge.state == Charge.State.CANCELLED
    transferred(charge, 8000)
    assert Refund.objects.owed().get().amount == 8000
    settle()
    assert "8.000 đồng" in notice("dossiers.refund_owed")


def test_a_fee_paid_in_the_moment_of_withdrawal_is_given_back():
    dossier = given.copy(at="accepted")
    charge = Charge.objects.about(dossier).get()
    payments.take_cash(charge, by=given.officer("receiver"), amount=8000)
    actions.give_back(dossier, by=given.SYSTEM, reason="Rút")
    settle()
    charge.refresh_from_db()
    assert charge.state == Charge.State.RETURNED
    assert Refund.objects.owed().get().amount == 8000


def test_an_officer_can_end_a_dossier_nobody_pays_for():
    dossier = given.copy(at="accepted")
    actions.stop(dossier, by=given.officer("registrar"), reason="Quá 30 ngày không nộp lệ phí.")
    assert dossier.state == State.STOPPED
    assert Charge.objects.about(dossier).get().state == Charge.State.CANCELLED


@pytest.mark.parametrize(("at", "after"), [("accepted", State.FEE), ("paid", State.PROCESSING)])
def test_work_taken_up_again_asks_for_a_fee_that_was_not_paid(at, after):
    dossier = given.copy(at=at)
    actions.stop(dossier, by=given.officer("registrar"), reason="Không đủ căn cứ.")
    actions.restart(dossier, by=given.officer("registrar"), reason="Đã có căn cứ.")
    settle()
    dossier.refresh_from_db()
    owed = Charge.State.DUE if at == "accepted" else Charge.State.PAID
    assert (dossier.state, Charge.objects.about(dossier)[0].state) == (after, owed)
    if at == "accepted":
        given.pay(dossier)
        dossier.refresh_from_db()
        assert dossier.state == State.PROCESSING


def test_an_officer_waives_the_fee_and_says_why():
    dossier = given.copy(at="accepted")
    with pytest.raises(Invalid):
        actions.waive_fee(dossier, by=given.officer("receiver"), reason=" ")
    dossier.refresh_from_db()
    actions.waive_fee(dossier, by=given.officer("receiver"), reason="Hộ nghèo, giấy chứng nhận số 12.")
    settle()
    assert seen(dossier) == (State.PROCESSING, State.PROCESSING)
    assert Charge.objects.about(dossier).get().state == Charge.State.CANCELLED
    assert Application.objects.get(pk=dossier.pk).fee["state"] == "cancelled"


def test_a_fee_already_paid_is_not_waived():
    dossier = given.copy(at="accepted")
    charge = Charge.objects.about(dossier).get()
    payments.take_cash(charge, by=given.officer("receiver"), amount=8000)
    with pytest.raises(NotNow):
        actions.waive_fee(dossier, by=given.officer("receiver"), reason="Hộ nghèo")


@pytest.mark.parametrize("key", ["lua", "man", "may", "thong", "guong"])
def test_only_the_desk_of_the_agency_waives(key):
    dossier = given.copy(at="accepted")
    with pytest.raises(Refused):
        actions.waive_fee(dossier, by=given.actor(key), reason="Hộ nghèo")


def residence(**answers):
    """A dossier for permanent residence (1.004222) as it arrives, online."""
    given.country()
    version = given.procedure("1.004222")
    return Dossier(
        version=version,
        case="own",
        channel=2,
        agency=given.SA_PA,
        origin="G22",
        applicant_name="Trần Hạ Mây",
        applicant_number="000196004821",
        answers=answers,
        sent_at=timezone.now(),
    )


def given_papers(*names):
    return [
        {"paper": name, "name": name, "media": "image/png", "size": 1, "digest": f"{number:064}"}
        for number, name in enumerate(names)
    ]


@pytest.mark.parametrize(
    ("answer", "papers", "channel", "amount"),
    [
        ("none", (), 2, 10000),
        ("none", (), 1, 20000),
        ("poor", (), 2, 10000),
        ("none", ("exemption_proof",), 2, 10000),
        ("poor", ("exemption_proof",), 2, 0),
        ("poor", ("exemption_proof",), 1, 0),
    ],
)
def test_an_exemption_holds_only_with_its_proof(answer, papers, channel, amount):
    dossier = residence(fee_exemption=answer)
    dossier.channel = channel
    actions.arrive(dossier, by=given.SYSTEM, papers=given_papers(*papers))
    actions.accept(dossier, by=given.officer("receiver"))
    dossier.refresh_from_db()
    charges = list(Charge.objects.about(dossier).values_list("amount", flat=True))
    assert charges == ([amount] if amount else [])
    assert dossier.state == (State.FEE if amount else State.ACCEPTED)
    waived = Entry.objects.of("dossiers.FeeWaived").values_list("facts__reason", flat=True)
    assert list(waived) == ([] if amount else ["Người thuộc hộ nghèo, 75/2022/TT-BTC, điều 4"])


def supplied(dossier, papers=(), **answers):
    """What was put right, or added, is here."""
    actions.request_supplement(dossier, by=given.officer("receiver"), reason="Sửa.", pages=["copy"])
    actions.resume(
        dossier, by=given.SYSTEM, papers=list(papers), note="", sent_at=timezone.now(), answers=answers
    )
    settle()
    dossier.refresh_from_db()


def owed_back():
    return list(Refund.objects.owed().values_list("amount", flat=True))


def test_a_fee_that_grew_after_a_supplement_is_asked_for_the_rest_and_one_that_fell_is_owed_back():
    grown, fallen, same = (given.copy(at="paid", copies=3) for _dossier in range(3))
    supplied(grown, copies=5)
    charge = Charge.objects.about(grown).get()
    assert (grown.state, charge.amount, charge.open) == (State.FEE, 40000, 16000)
    assert Application.objects.get(pk=grown.pk).fee["open"] == 16000
    assert Entry.objects.of("dossiers.FeeChanged").values_list("facts", flat=True).get() == {
        "code": grown.code,
        "was": 24000,
        "amount": 40000,
    }
    # What was settled before the fee grew does not let the work go on, even if it is told again.
    first = Entry.objects.of("payments.ChargeSettled").filter(facts__code=charge.code).get()
    go_on(ChargeSettled(**first.facts), first)
    assert seen(grown) == (State.FEE, State.FEE)
    given.pay(grown)
    assert seen(grown) == (State.PROCESSING, State.PROCESSING)
    receipts = Document.objects.about(grown).filter(kind="fee").order_by("made_at")
    assert ["16.000đồng" in reading.text(one.content()) for one in receipts] == [False, True]
    supplied(same, copies=3)
    assert (same.state, owed_back()) == (State.PROCESSING, [])
    supplied(fallen, copies=1)
    charge = Charge.objects.about(fallen).get()
    assert (fallen.state, charge.state, charge.amount, owed_back()) == (
        State.PROCESSING,
        Charge.State.PAID,
        8000,
        [16000],
    )
    assert "8.000 đ" in notice("dossiers.refund_owed")


def test_of_a_fee_that_grew_an_officer_waives_the_rest_and_what_was_settled_stays_paid():
    dossier = given.copy(at="paid", copies=3)
    supplied(dossier, copies=5)
    actions.waive_fee(dossier, by=given.officer("receiver"), reason="Bản thứ tư do cơ quan in hỏng.")
    settle()
    charge = Charge.objects.about(dossier).get()
    assert (charge.state, charge.amount, charge.paid) == (Charge.State.PAID, 24000, 24000)
    assert (seen(dossier), owed_back()) == ((State.PROCESSING, State.PROCESSING), [])
    assert Application.objects.get(pk=dossier.pk).fee["state"] == "paid"
    # Ended afterwards, what was paid goes back in full, and nothing that was waived.
    payments.give_back(charge, by=given.officer("chair"), reason="Thu nhầm.")
    assert owed_back() == [24000]


def test_what_was_paid_of_the_rest_before_it_was_waived_gets_a_receipt_of_its_own():
    dossier = given.copy(at="paid", copies=3)
    supplied(dossier, copies=5)
    transferred(Charge.objects.about(dossier).get(), 10000, "FT9")
    assert Document.objects.about(dossier).filter(kind="fee").count() == 1
    actions.waive_fee(dossier, by=given.officer("receiver"), reason="Bản thứ năm do cơ quan in hỏng.")
    settle()
    receipts = Document.objects.about(dossier).filter(kind="fee").order_by("made_at")
    assert ["10.000đồng" in reading.text(one.content()) for one in receipts] == [False, True]
    sent = Application.objects.get(pk=dossier.pk).attachments.filter(kind="fee")
    assert sent.count() == 2


def test_a_proof_that_came_with_the_supplement_exempts_and_what_an_officer_waived_stays_waived():
    dossier = residence(fee_exemption="poor")
    actions.arrive(dossier, by=given.SYSTEM, papers=[])
    actions.accept(dossier, by=given.officer("receiver"))
    given.pay(dossier)
    dossier.refresh_from_db()
    actions.request_supplement(dossier, by=given.officer("receiver"), reason="Thiếu giấy hộ nghèo.")
    # It came to the counter, was taken for no answer, and the dossier was ended and taken up again before anybody looked.
    (proof,) = given_papers("exemption_proof")
    actions.file_paper(dossier, by=given.officer("receiver"), paper=proof | {"copy": ""})
    Dossier.objects.filter(pk=dossier.pk).update(answer_by=timezone.now())
    for deed in (actions.stop, actions.restart):
        dossier.refresh_from_db()
        deed(dossier, by=given.officer("registrar"), reason="Chưa bổ sung.")
    actions.resume(dossier, by=given.SYSTEM, papers=[], note="", sent_at=timezone.now())
    settle()
    dossier.refresh_from_db()
    assert (dossier.state, owed_back()) == (State.PROCESSING, [10000])
    waived = given.copy(at="accepted")
    actions.waive_fee(waived, by=given.officer("receiver"), reason="Hộ nghèo, giấy chứng nhận số 12.")
    supplied(waived, copies=9)
    assert (waived.state, owed_back()) == (State.PROCESSING, [10000])


def test_a_calendar_that_changes_does_not_give_the_whole_term_again():
    dossier = given.copy(at="accepted")
    paid(dossier)
    dossier.refresh_from_db()
    due = dossier.due_at
    actions.follow_calendar(dossier.agency, by=given.SYSTEM)
    dossier.refresh_from_db()
    assert dossier.due_at == due

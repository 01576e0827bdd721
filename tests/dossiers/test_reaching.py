"""Who filed at a counter hears by mail and text message what concerns them, once, and nothing more."""

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from motcua.dossiers import actions
from motcua.dossiers.actions.telling import announce
from motcua.dossiers.models import Application, Dossier
from motcua.dossiers.papers import receipt
from motcua.dossiers.states import Channel, State
from motcua.exchange.models import Outbox
from motcua.journal.models import Entry
from motcua.notices.models import Notice, Outgoing
from motcua.payments.actions import raise_charge, read_statement
from motcua.payments.actions.receiving import Money
from motcua.payments.models import Charge
from motcua.procedures.fees import Owed
from motcua.procedures.schema import Fee
from tests import given
from tests.post import settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def brought():
    """Received at Sa Pa's own counter, with a number and an address on the form."""
    dossier = given.dossier(at="accepted")
    dossier.origin = dossier.agency
    dossier.contact = {"phone": "0912345678", "email": "may@noi.vn"}
    assert dossier.was_filed_here
    dossier.save()
    clear()
    Notice.objects.all().delete()
    return dossier


def clear():
    mail.outbox.clear()
    for file in settings.TEXTS.glob("*.txt"):
        file.unlink()


def texts():
    return sorted(file.read_text() for file in settings.TEXTS.glob("*.txt"))


def test_what_is_missing_is_told_by_mail_and_text_once(brought):
    actions.request_supplement(brought, by=given.officer("receiver"), reason="Chụp lại giấy chứng sinh.")
    settle(times=2)
    (letter,), (text,) = mail.outbox, texts()
    assert (letter.to, "Chụp lại giấy chứng sinh." in letter.body) == (["may@noi.vn"], True)
    assert text.startswith("To: 0912345678\n\nHo so ")
    assert ("can bo sung" in text, brought.code in text) == (True, True)
    told = Entry.objects.filter(event="notices.OutgoingSent", about=brought.urn)
    assert sorted(told.values_list("facts__channel", flat=True)) == ["mail", "text"]
    assert not Notice.objects.filter(about=brought.urn).exists()


def test_who_filed_online_is_told_at_the_number_and_address_on_the_form_before_those_of_the_account():
    dossier = given.dossier(at="accepted")
    assert (dossier.contact["phone"], dossier.contact["email"]) == ("0912345678", given.account("may").email)
    Application.objects.filter(pk=dossier.pk).update(
        answers=Application.objects.get(pk=dossier.pk).answers | {"applicant_email": "may@noi.vn"}
    )
    clear()
    actions.request_supplement(dossier, by=given.officer("receiver"), reason="Chụp lại giấy chứng sinh.")
    settle(times=2)
    ((letter,), (text,)) = mail.outbox, texts()
    assert letter.to == ["may@noi.vn"]
    assert text.startswith("To: 0912345678\n\n")
    assert text.endswith(f"/applications/{dossier.pk}/\n")


def test_work_that_is_stopped_again_is_told_again(brought):
    registrar = given.officer("registrar")
    for _time in range(2):
        actions.stop(brought, by=registrar, reason="Chưa đủ căn cứ.")
        settle(times=2)
        actions.restart(brought, by=registrar, reason="Đã có căn cứ.")
    assert Outgoing.objects.filter(code="dossiers.counter_stopped").count() == 2


@pytest.mark.parametrize(
    ("state", "why", "code"),
    [
        (State.DONE, "", "dossiers.counter_done"),
        (State.STOPPED, "", "dossiers.counter_stopped"),
        (State.PROCESSING, "extended", "dossiers.counter_extended"),
        (State.PROCESSING, "moved", "dossiers.moved"),
        (State.PROCESSING, "", None),
        (State.RETURNED, "", None),
    ],
)
def test_a_result_a_stop_and_another_date_are_told_and_what_concerns_nobody_is_not(brought, state, why, code):
    brought.state = state
    for _time in range(2):
        announce(brought, why=why, explained="Máy chủ bảo trì.")
    settle()
    assert list(Outgoing.objects.values_list("code", flat=True)) == ([code] if code else [])
    assert len(mail.outbox) == bool(code)
    assert "%(" not in "".join(texts() + [one.subject + one.body for one in mail.outbox])


def test_the_fee_its_part_and_what_goes_back_are_told_with_the_way_to_pay(brought):
    brought.channel = Channel.POST
    brought.save()
    actions.ask_fee(brought, by=given.SYSTEM, due=Owed(16000, Fee(amount=16000)))
    charge = Charge.objects.about(brought).get()
    announce(brought)  # form 01 goes out: nothing new
    settle()
    ((text,), (letter,)) = texts(), mail.outbox
    address = reverse("payments:pay", args=[charge.pk])
    assert ("16.000" in text, charge.code in text, address in text) == (True, True, True)
    assert (address in letter.body, "%(" in letter.body + text) == (True, False)
    for reference, amount in (("FT1", 6000), ("FT2", 11000)):
        money = Money("vietqr", reference, amount, timezone.now(), "statement", purpose=charge.code)
        read_statement([money], by=given.SYSTEM, provider="vietqr")
        settle(times=2)
    codes = ["dossiers.counter_fee", "dossiers.counter_fee", "dossiers.refund_owed"]
    assert list(Outgoing.objects.order_by("made_at").values_list("code", flat=True)) == codes
    settle()
    _first, rest, back = mail.outbox
    assert ("10.000 đồng" in rest.body, " 1.000 đồng" in back.body) == (True, True)


def test_who_pays_at_the_counter_before_the_message_has_gone_is_not_asked_for_money(brought):
    actions.ask_fee(brought, by=given.SYSTEM, due=Owed(16000, Fee(amount=16000)))
    actions.take_cash(brought, by=given.officer("receiver"), amount=16000)
    settle(times=2)
    assert (texts(), Dossier.objects.get(pk=brought.pk).state) == ([], State.PROCESSING)


def test_form_01_names_the_fee_that_waits_and_how_to_pay_it(brought):
    assert (receipt(brought, "1").fee, receipt(brought, "1").pay) == ("", "")
    charge = raise_charge(
        Charge(subject=brought.urn, payee=brought.agency, payer="Mây", what="Phí", amount=16000),
        by=given.SYSTEM,
    )
    form = receipt(brought, "1")
    assert form.fee == f"16.000 đồng, chưa nộp; mã nộp tiền {charge.code}"
    assert reverse("payments:pay", args=[charge.pk]) in form.pay


def test_who_left_no_number_or_waited_for_the_result_is_not_told(brought):
    Dossier.objects.filter(pk=brought.pk).update(contact={"phone": "", "address": "Sa Pa"})
    brought.refresh_from_db()
    brought.state = State.DONE
    announce(brought)
    brought.contact, brought.is_at_once = {"phone": "0912345678"}, True
    announce(brought)
    settle()
    assert (texts(), mail.outbox) == ([], [])


def test_who_filed_at_the_agency_s_own_portal_follows_it_there_and_is_not_told_to_come(brought):
    brought.contact |= {"page": "https://laocai.example/applications/1/"}
    brought.state = State.DONE
    announce(brought)
    kinds = set(Outbox.objects.filter(correlation=str(brought.pk)).values_list("kind", flat=True))
    assert (brought.was_filed_here, "dossier.news" in kinds, Outgoing.objects.count()) == (False, True, 0)

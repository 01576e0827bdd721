"""The gateway is asked about payments that never came back: by whom, and what each answer comes to."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from motcua.journal.models import Entry
from motcua.lib.actions import Refused
from motcua.payments import actions
from motcua.payments.actions.asking import Answer
from motcua.payments.actions.receiving import Money
from motcua.payments.gateway import ANSWER
from motcua.payments.models import Attempt, Charge, Payment
from motcua.payments.providers import the_gateway
from tests import given
from tests.payments.bank import AT, signature

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(minutes=30)


class Window:
    """The gateway's window for questions, on loopback: it answers by what it took, signed as published."""

    def __init__(self):
        self.took, self.says, self.change, self.status, self.forged = {}, {}, {}, 200, set()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def answer(self, asked):
        order = asked["vnp_TxnRef"]
        amount, code = self.took.get(order, (0, "91"))
        values = {
            "vnp_ResponseCode": "00" if amount else "91",
            "vnp_TmnCode": asked["vnp_TmnCode"],
            "vnp_TxnRef": order,
            "vnp_Amount": str(amount * 100),
            "vnp_PayDate": "20261120100000",
            "vnp_TransactionNo": f"77{order}",
            "vnp_TransactionStatus": code,
        } | self.says
        values["vnp_SecureHash"] = signature("|".join(values.get(name, "") for name in ANSWER))
        return values | self.change | ({"vnp_SecureHash": "00"} if order in self.forged else {})

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def handler(window):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(window.answer(asked)).encode()
            self.send_response(window.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words):
            """Tests are quiet."""

    return Handler


@pytest.fixture
def window(ways, settings):
    opened = Window()
    settings.NODE = settings.NODE.model_copy(update={"gateway_api": opened.url})
    yield opened
    opened.close()


@pytest.fixture
def tried(owed):
    """A charge somebody set out to pay twice, the second time half an hour ago."""
    charge = owed(8000)
    orders = [actions.attempt(charge, by=given.SYSTEM, provider="gateway").order for _time in range(2)]
    Attempt.objects.update(opened_at=timezone.now() - LONG_AGO)
    return charge, orders


def ask(charge, key="suong"):
    return actions.ask_gateway(charge, by=given.actor(key), provider=the_gateway(), address="127.0.0.1")


def test_money_the_gateway_took_is_booked_once_and_by_whom_it_was_asked_stands_in_the_journal(window, tried):
    charge, (first, second) = tried
    window.took = {first: (8000, "00")}
    assert ask(charge) == Answer.PAID
    charge.refresh_from_db()
    assert (charge.state, Payment.objects.get().source) == (Charge.State.PAID, "query")
    states = dict(charge.attempts.values_list("order", "state"))
    assert states == {first: "paid", second: "failed"}
    assert ask(charge) == Answer.NOTHING
    asked = Entry.objects.of("payments.GatewayAsked").order_by("pk")
    assert [(one.actor["name"], one.facts["answer"]) for one in asked] == [
        (given.BY_KEY["suong"].name, "not paid"),
        (given.BY_KEY["suong"].name, "paid"),
    ]
    assert Entry.objects.of("payments.ChargeSettled").count() == 1


UNDATED = {"vnp_PayDate": "", "vnp_TransactionNo": ""}


@pytest.mark.parametrize(
    ("took", "window_is", "comes_to"),
    [
        ((7000, "00"), {}, (Answer.OTHER_AMOUNT, {"open"})),
        ((8000, "02"), {}, (Answer.NOT_PAID, {"failed"})),
        ((8000, "01"), {"says": UNDATED}, (Answer.NOT_PAID, {"failed"})),
        ((8000, "00"), {"says": UNDATED}, (Answer.FORGED, {"open"})),
        ((8000, "00"), {"change": {"vnp_Amount": "100"}}, (Answer.FORGED, {"open"})),
        ((8000, "00"), {"status": 500}, (Answer.SILENT, {"open"})),
        # Asked too often: nothing is said of the order.
        ((8000, "00"), {"says": {"vnp_ResponseCode": "94"}}, (Answer.SILENT, {"open"})),
    ],
)
def test_each_other_answer_has_its_own_effect_and_books_nothing(window, tried, took, window_is, comes_to):
    charge, orders = tried
    vars(window).update(took=dict.fromkeys(orders, took), **window_is)
    answer = ask(charge)
    charge.refresh_from_db()
    assert (answer, set(charge.attempts.values_list("state", flat=True))) == comes_to
    assert charge.paid == 0
    assert {one.is_doubtful for one in Payment.objects.all()} <= {True}


def test_who_still_has_time_to_pay_is_left_alone(window, tried):
    charge, _orders = tried
    Attempt.objects.update(opened_at=timezone.now())
    assert ask(charge) == Answer.PENDING
    assert set(charge.attempts.values_list("state", flat=True)) == {"open"}


def test_a_bundle_whose_notice_never_came_is_asked_for_by_any_of_its_fees(window, owed):
    charges = [owed(8000, "dossier:1"), owed(16000, "dossier:2")]
    bundle = actions.bundle(charges, by=given.SYSTEM)
    order, wrong = (
        actions.attempt_together(bundle, by=given.SYSTEM, provider="gateway").order for _time in range(2)
    )
    Attempt.objects.update(opened_at=timezone.now() - LONG_AGO)
    window.took = {wrong: (23000, "00")}
    assert ask(charges[1]) == Answer.NOT_PAID
    doubtful = Payment.objects.unsettled().get()
    assert (doubtful.amount, doubtful.payee, doubtful.is_doubtful) == (23000, given.SA_PA, True)
    Attempt.objects.filter(order=order).update(state="open")
    window.took = {order: (24000, "00")}
    assert ask(charges[1]) == Answer.PAID
    assert set(Charge.objects.values_list("state", flat=True)) == {"paid"}


def test_the_node_itself_asks_for_what_never_came_back(window, tried, owed):
    charge, (_first, second) = tried
    other, fresh = owed(5000, "dossier:2"), owed(6000, "dossier:3")
    wrong, _young = (
        actions.attempt(one, by=given.SYSTEM, provider="gateway").order for one in (other, fresh)
    )
    Attempt.objects.exclude(charge=fresh).update(opened_at=timezone.now() - LONG_AGO)
    window.status = 500
    assert lost() == 0
    assert not Entry.objects.of("payments.GatewayAsked").exists()
    window.status, window.took = 200, {second: (8000, "00"), wrong: (4000, "00")}
    assert lost() == 3
    charge.refresh_from_db()
    assert (charge.state, Payment.objects.unsettled().get().order) == (Charge.State.PAID, wrong)
    assert lost() == 0  # in doubt: the statement has the last word
    assert Attempt.objects.get(charge=fresh).state == "open"


def test_what_is_known_already_is_asked_for_once_and_a_few_without_an_answer_keep_no_other_from_it(
    window, owed
):
    """Booked from the statement under the bank's own number, before the gateway was asked."""
    charges = [owed(8000, f"dossier:{place}") for place in range(5)]
    first, *mute, last = (actions.attempt(one, by=given.SYSTEM, provider="gateway").order for one in charges)
    Attempt.objects.update(opened_at=timezone.now() - LONG_AGO)
    window.took = {first: (8000, "00"), last: (8000, "00")}
    of_last = Money("gateway", f"77{last}", 8000, AT, "statement", purpose=charges[-1].code)
    actions.read_statement([of_last], by=given.SYSTEM, provider="gateway")
    assert Attempt.objects.get(order=last).state == "open"
    window.forged = set(mute)
    awaited = Attempt.objects.filter(order__in=[first, last], state="open")
    for _time in range(60):  # by chance the mute ones come first, one time in ten
        if awaited.exists():
            lost()
    assert lost() == 0
    assert dict(Attempt.objects.exclude(order__in=mute).values_list("order", "state")) == {
        first: "paid",
        last: "paid",
    }
    asked = [one.facts["order"] for one in Entry.objects.of("payments.GatewayAsked")]
    assert sorted(asked) == sorted([first, last])
    assert sorted(Charge.objects.values_list("paid", flat=True)) == [0, 0, 0, 8000, 8000]


def lost():
    return actions.ask_lost(by=given.SYSTEM, provider=the_gateway(), address="127.0.0.1")


@pytest.mark.parametrize("key", ["may", "man", "thong", "guong"])
def test_only_those_near_the_money_of_the_agency_ask(window, tried, key):
    with pytest.raises(Refused):
        ask(tried[0], key)
    assert not Entry.objects.of("payments.GatewayAsked").exists()

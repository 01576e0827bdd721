"""What stands at a desk already, so that a stranger's calls get past “there is no such thing”."""

from django.utils import timezone

from motcua.config.pairs import thought_up
from motcua.demo.nodes import SA_PA
from motcua.dossiers.models import Dossier
from motcua.dossiers.postings import Posting
from motcua.opinions.models import Question
from motcua.payments.models import Payment, Refund
from motcua.petitions.models import Kind
from motcua.queues import actions as queues
from motcua.queues.models import Offer, Queue
from tests import given
from tests.api.test_desk import CERTIFY, HOME, question, received
from tests.api.test_dossiers import IDENTITY, MAY, brought, copy

WAIVED, ASKED = {"reason": "Người có công."}, {"reason": "Thiếu bản sao."}
# Which of the dossiers lies at the examiner's desk with all it needs; others let a proposal be asked, and it is not their turn.
HANDLED = 4


def standing(desk):
    """For each name in an address or body what it may say truly."""
    lists(desk)
    lines = dossiers(desk)
    told = [desk.get(f"/dossiers/{pk}").json() for pk in lines]
    handled = told[HANDLED]
    # Money nobody knows comes only to whose the node is.
    unknown = Payment.objects.filter(charge=None) or Payment.objects.all()
    return {
        "dossier": {
            one["id"]: {*one["can"], one["state"]} - (set() if one is handled else {"propose"})
            for one in told
        },
        "question": [str(Question.objects.get().pk)],
        "petition": [str(received(Kind.QUESTION).pk)],
        "posting": [Posting.objects.get().pk],
        "payment": [str(one.pk) for one in unknown],
        "refund": [Refund.objects.get().pk],
        "appointment": [booked(desk)],
        "subscription": [subscribed(desk)],
        "ticket": [desk.post("/tickets", {"queue": "A"}).json()["number"]],
        "procedure": [given.COPY],
        "agency": [SA_PA],
        "code": [next(one["code"] for one in told if one["code"])],
        "said": fitting(told),
    }


def fitting(told):
    """What a body must say to be right here, by operation."""
    due = next(one["fee"]["code"] for one in told if one["fee"] and one["fee"]["state"] == "due")
    return {
        "bring_dossier": copy(),
        "match_payment": {"code": due},
    }


def lists(desk):
    """What does not come of a dossier."""
    question(2)
    queues.open_queue(Queue(agency=SA_PA, letter="A", name_vi="Hộ tịch"), by=given.SYSTEM)
    queues.set_offer(Offer(agency=SA_PA, persons=5), by=given.SYSTEM)


def dossiers(desk):
    """One of each state that a system may find; what each lets be done stands in its `can`."""
    for code in (HOME, CERTIFY):
        given.procedure(code)
    new, due, free, asked = (brought(desk, papers=[IDENTITY])["id"] for _time in range(4))
    handled, stopped, certified = (
        desk.post("/dossiers", thought_up(given.definition(code))).json()["id"]
        for code in (HOME, HOME, CERTIFY)
    )
    for pk in (due, free, handled, stopped, certified):
        desk.post(f"/dossiers/{pk}/accept", {})
    for pk in (free, certified):
        desk.post(f"/dossiers/{pk}/waive-fee", WAIVED)
    desk.post(f"/dossiers/{asked}/request-supplement", ASKED)
    desk.post(f"/dossiers/{stopped}/stop", {"reason": "Không liên hệ được."})
    to = {"name": MAY.name, "address": "Tổ 3", "commune": "Phường Sa Pa", "province": "Tỉnh Lào Cai"}
    Posting.objects.create(dossier=Dossier.objects.get(pk=handled), agency=SA_PA, postage=30000, **to)
    paid(desk, due)
    return [new, due, free, asked, handled, stopped, certified]


def paid(desk, due):
    """More than the fee of one more dossier, and money nobody knows: a refund that is owed, a payment to be matched."""
    more = brought(desk)["id"]
    desk.post(f"/dossiers/{more}/accept", {})
    code = desk.get(f"/dossiers/{more}").json()["fee"]["code"]
    now = timezone.now().isoformat()
    lines = [
        {"reference": "FT1", "amount": 20000, "at": now, "purpose": code},
        {"reference": "FT2", "amount": 5000, "at": now, "purpose": "nop phi"},
    ]
    desk.post("/statements", {"provider": "vietqr", "lines": lines})


def booked(desk):
    begins_at = desk.get("/free-times").json()["times"][-1]["begins_at"]
    person = {"name": MAY.name, "number": MAY.number}
    wish = {"person": person, "procedure": given.COPY, "begins_at": begins_at}
    return desk.post("/appointments", wish).json()["id"]


def subscribed(desk):
    wish = {"url": "https://khac.example.vn/tin", "kinds": ["dossier.finished"]}
    return desk.post("/subscriptions", wish).json()["id"]

"""Who gets through which door of the desk: every role, every page, every decision, from one table."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from motcua.desk.decisions import VERBS
from motcua.documents.models import Document
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.organisations.heirs import Heir
from motcua.organisations.models import calendar_for
from motcua.payments.models import Charge
from motcua.people.models import Appointment
from tests import given

# What the demo's people are to a dossier of Sa Pa.
PEOPLE = {
    "nobody": "",
    "citizen": "may",
    "receiver": "suong",
    "registrar": "lam",
    "chair": "lua",
    "administrator": "thong",
    "foreign officer": "man",
    "auditor of the province": "guong",
}
IN, NO, HIDDEN, OPEN, DONE, AWAY = "sign in", "refused", "hidden", "open", "done", "led on"
WAIT = "not their turn"

# nobody, citizen, receiver, registrar, chair, administrator, foreign officer, auditor
PAGES = {
    "/desk/": (IN, NO, OPEN, OPEN, OPEN, AWAY, OPEN, OPEN),
    "/desk/keys/": (IN, NO, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN),
    "/desk/help/": (IN, NO, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN),
    "/desk/help/officer/": (IN, NO, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN),
    "/desk/substitutions/": (IN, NO, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN),
    "/desk/notices/": (IN, NO, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN),
    "/desk/questions/": (IN, NO, OPEN, OPEN, OPEN, NO, OPEN, NO),
    "/desk/dossiers/{dossier}/ask/": (IN, NO, NO, OPEN, OPEN, HIDDEN, HIDDEN, HIDDEN),
    "/desk/identity/": (IN, NO, OPEN, NO, NO, NO, OPEN, NO),
    "/desk/filter/": (IN, NO, OPEN, OPEN, OPEN, NO, OPEN, OPEN),
    "/desk/bulk/?verb=accept": (IN, NO, OPEN, OPEN, HIDDEN, HIDDEN, OPEN, HIDDEN),
    "/desk/bulk/?verb=assign": (IN, NO, OPEN, OPEN, OPEN, HIDDEN, OPEN, HIDDEN),
    "/desk/agency/": (IN, NO, NO, NO, OPEN, NO, NO, OPEN),
    "/desk/agency/indicators/": (IN, NO, NO, NO, OPEN, NO, NO, OPEN),
    "/desk/agency/indicators/table.csv": (IN, NO, NO, NO, OPEN, NO, NO, OPEN),
    "/desk/agency/indicators/sheet.pdf": (IN, NO, NO, NO, OPEN, NO, NO, OPEN),
    "/desk/agency/indicators/sample/": (IN, NO, NO, NO, OPEN, NO, NO, OPEN),
    "/desk/calendar/": (IN, NO, NO, NO, NO, OPEN, NO, NO),
    "/overdue/": (OPEN,) * 8,
    "/rate/": (OPEN,) * 8,
    "/desk/dossiers/{dossier}/control-slip/": (IN, NO, OPEN, OPEN, OPEN, HIDDEN, HIDDEN, HIDDEN),
    "/desk/queue/": (IN, NO, OPEN, OPEN, NO, OPEN, OPEN, NO),
    "/desk/counter/": (IN, NO, OPEN, OPEN, NO, NO, OPEN, NO),
    "/desk/petitions/": (IN, NO, OPEN, OPEN, OPEN, NO, OPEN, OPEN),
    "/desk/mandates/": (IN, NO, OPEN, OPEN, NO, NO, OPEN, NO),
    "/desk/mandates/{claim}/": (IN, NO, OPEN, OPEN, NO, NO, HIDDEN, NO),
    "/desk/mandates/{claim}/paper/": (IN, NO, OPEN, OPEN, NO, NO, HIDDEN, NO),
    "/desk/people/": (IN, NO, NO, NO, NO, OPEN, NO, NO),
    "/desk/drift/": (IN, NO, NO, NO, OPEN, OPEN, NO, OPEN),
    "/desk/drift/2.000986/set/": (IN, NO, NO, NO, NO, OPEN, NO, NO),
    "/desk/procedures/": (IN, NO, NO, NO, OPEN, OPEN, NO, OPEN),
    "/desk/procedures/2.000986/": (IN, NO, NO, NO, OPEN, OPEN, NO, OPEN),
    "/desk/readiness/": (IN, NO, NO, NO, OPEN, OPEN, NO, OPEN),
    "/desk/readiness/2.000986/": (IN, NO, NO, NO, OPEN, OPEN, NO, OPEN),
    "/desk/people/{appointment}/end/": (IN, NO, NO, NO, NO, OPEN, NO, NO),
    "/desk/dossiers/{dossier}/": (IN, NO, OPEN, OPEN, OPEN, HIDDEN, HIDDEN, HIDDEN),
    "/desk/dossiers/{dossier}/papers/": (IN, NO, OPEN, OPEN, NO, HIDDEN, HIDDEN, HIDDEN),
    "/desk/dossiers/{dossier}/papers/{paper}/": (IN, NO, OPEN, OPEN, OPEN, HIDDEN, HIDDEN, HIDDEN),
    "/desk/dossiers/{dossier}/documents/{document}/": (IN, NO, OPEN, OPEN, OPEN, HIDDEN, HIDDEN, HIDDEN),
}
DECISIONS = {
    "accept": ("new", (IN, NO, DONE, DONE, NO, HIDDEN, HIDDEN, HIDDEN)),
    "refuse": ("new", (IN, NO, DONE, DONE, NO, HIDDEN, HIDDEN, HIDDEN)),
    "supplement": ("new", (IN, NO, DONE, DONE, NO, HIDDEN, HIDDEN, HIDDEN)),
    "propose": ("received", (IN, NO, NO, DONE, NO, HIDDEN, HIDDEN, HIDDEN)),
    "extend": ("signable", (IN, NO, NO, NO, DONE, HIDDEN, HIDDEN, HIDDEN)),
    "complete": ("verifying", (IN, NO, WAIT, DONE, WAIT, HIDDEN, HIDDEN, HIDDEN)),
    "return": ("to_sign", (IN, NO, WAIT, WAIT, DONE, HIDDEN, HIDDEN, HIDDEN)),
    "stop": ("received", (IN, NO, NO, DONE, NO, HIDDEN, HIDDEN, HIDDEN)),
    "restart": ("stopped", (IN, NO, NO, DONE, NO, HIDDEN, HIDDEN, HIDDEN)),
    "retry": ("refused", (IN, NO, NO, DONE, NO, HIDDEN, HIDDEN, HIDDEN)),
    "send_again": ("untaken", (IN, NO, DONE, DONE, DONE, HIDDEN, HIDDEN, HIDDEN)),
    "allot": ("unsettled", (IN, NO, DONE, DONE, NO, HIDDEN, HIDDEN, HIDDEN)),
    "forward": ("astray", (IN, NO, DONE, DONE, NO, HIDDEN, HIDDEN, HIDDEN)),
    "hand_over": ("finished", (IN, NO, DONE, DONE, NO, HIDDEN, HIDDEN, HIDDEN)),
    "withdraw": ("brought", (IN, NO, DONE, DONE, NO, HIDDEN, HIDDEN, HIDDEN)),
    "cash": ("unpaid", (IN, NO, DONE, DONE, NO, HIDDEN, HIDDEN, HIDDEN)),
    "waive": ("unpaid", (IN, NO, DONE, DONE, NO, HIDDEN, HIDDEN, HIDDEN)),
    "sign": ("to_sign", (IN, NO, NO, NO, DONE, HIDDEN, HIDDEN, HIDDEN)),
}
TYPED = {
    "amount": "8000",
    "to": given.SA_PA,
    "reason": "Thiếu giấy chứng sinh.",
    "opinion": "Đủ điều kiện.",
    "note": "Đúng như khai.",
}
KEYS = {"complete": "verify"}


@pytest.fixture
def new(arrived):
    return arrived(name="Lưu Thị Sim", number="000071002654")[0]


@pytest.fixture
def received(accepted):
    return accepted(8)[0]


@pytest.fixture
def stopped(received):
    actions.stop(received, by=given.officer("registrar"), reason="Không đủ căn cứ.")
    return received


@pytest.fixture
def untaken(stopped):
    """The agency above never heard that nothing is wanted of it any more."""
    told = {"message": "m", "kind": "dossier.recalled", "to": "H38", "reason": "Không tới được."}
    Dossier.objects.filter(pk=stopped.pk).update(filing={"untaken": [told]})
    stopped.steps.filter(pk=stopped.steps.last().pk).update(state="running", agency="H38", above=uuid4())
    return stopped


@pytest.fixture
def signable(received):
    given.keys()
    return received


@pytest.fixture
def brought(new):
    """Filed at Sa Pa's own counter."""
    Dossier.objects.filter(pk=new.pk).update(origin=new.agency)
    return new


@pytest.fixture
def astray(brought):
    """Filed at Sa Pa's counter, though it belongs to Bắc Hà."""
    Dossier.objects.filter(pk=brought.pk).update(forward_to=given.BAC_HA)
    return brought


@pytest.fixture
def unsettled(new):
    """Sent to Tả Van, which was divided between Sa Pa and Bắc Hà; nobody has said yet who handles it."""
    old = given.agency(given.TA_VAN)
    for code in (given.SA_PA, given.BAC_HA):
        Heir.objects.create(old=old, new=given.agency(code), on=given.SINCE, main=code == given.SA_PA)
    Dossier.objects.filter(pk=new.pk).update(divided=given.TA_VAN)
    return new


@pytest.fixture
def finished(accepted):
    """Filed at Sa Pa's counter; its result waits there."""
    (dossier,) = accepted(8, name="Lưu Thị Sim", number="000071002654")
    Dossier.objects.filter(pk=dossier.pk).update(origin=dossier.agency, state=9)
    return dossier


@pytest.fixture
def unpaid():
    return given.copy(at="accepted")


def outcome(answer, *, acted=DONE):
    """An answer in one word."""
    if answer.status_code == 302:
        return IN if "/login/" in answer["Location"] else acted
    return {200: OPEN, 403: NO, 404: HIDDEN, 409: WAIT}[answer.status_code]


def test_each_page_opens_only_for_its_roles(visitor):
    held = given.dossier(at="accepted")
    for key in filter(None, PEOPLE.values()):
        given.account(key)
    names = {
        "claim": given.claim().pk,
        "dossier": held.pk,
        "paper": held.papers.get().pk,
        "document": Document.objects.about(held).first().pk,
        "appointment": Appointment.objects.get(account__username=given.BY_KEY["lam"].number).pk,
    }
    people = [visitor(key) for key in PEOPLE.values()]
    found = {
        page: tuple(outcome(client.get(page.format(**names)), acted=AWAY) for client in people)
        for page in PAGES
    }
    assert found == PAGES


@pytest.mark.parametrize("verb", DECISIONS)
def test_each_decision_is_taken_only_by_its_roles(visitor, request, verb):
    state, expected = DECISIONS[verb]
    dossier = request.getfixturevalue(state)
    assert tuple(tried(visitor(key), dossier, verb) for key in PEOPLE.values()) == expected


def tried(client, dossier, verb):
    """What trying a decision comes to; whatever it did is undone. A decision not taken has left nothing behind."""
    with transaction.atomic():
        before = traces(dossier)
        found = outcome(
            client.post(
                f"/desk/dossiers/{dossier.pk}/{verb}/",
                TYPED | in_a_month() | {"key": KEYS.get(verb, "register")},
            )
        )
        assert (traces(dossier) != before) == (found == DONE)
        transaction.set_rollback(True)
    return found


def in_a_month():
    """A working day as it is typed, later than any of these dossiers is due."""
    day = calendar_for(given.SA_PA).on_or_after(timezone.localdate() + timedelta(days=30))
    return {"on_day": day.day, "on_month": day.month, "on_year": day.year}


def traces(dossier):
    """All that a decision changes."""
    return (
        Dossier.objects.filter(pk=dossier.pk).values().get(),
        list(dossier.steps.values_list("state", flat=True)),
        list(dossier.segments.values_list("kind", "ended_at")),
        list(Charge.objects.about(dossier).values_list("paid", "state")),
    )


def test_the_table_knows_every_decision():
    assert set(DECISIONS) == set(VERBS)


def test_an_officer_does_not_decide_about_their_own_dossier(visitor, arrived):
    (own,) = arrived(name="Phạm Thu Sương", number=given.BY_KEY["suong"].number)
    assert visitor("suong").post(f"/desk/dossiers/{own.pk}/accept/").status_code == 403
    page = visitor("suong").get(f"/desk/dossiers/{own.pk}/").content.decode()
    assert page.count("Đây là hồ sơ của chính bạn. Đồng nghiệp sẽ giải quyết.") == 1
    assert f"/desk/dossiers/{own.pk}/accept/" not in page


def test_the_door_closes_with_the_appointment(visitor, arrived):
    (dossier,) = arrived()
    given.account("lam")
    Appointment.objects.filter(account__username=given.BY_KEY["lam"].number).update(valid_to="2025-12-31")
    assert visitor("lam").get("/desk/").status_code == 403
    assert visitor("lam").get(f"/desk/dossiers/{dossier.pk}/").status_code == 403


@pytest.mark.parametrize("page", ["/desk/", "/desk/agency/", "/desk/dossiers/{pk}/"])
def test_reading_pages_take_no_posts(visitor, arrived, page):
    (dossier,) = arrived()
    assert visitor("lua").post(page.format(pk=dossier.pk)).status_code == 405


def test_a_dossier_nobody_has_is_not_found(visitor):
    assert visitor("lam").get("/desk/dossiers/00000000-0000-4000-8000-000000000000/").status_code == 404

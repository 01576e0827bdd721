"""Who gets through which door of the desk: every role, every page, every decision, from one table."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import Http404
from django.template import loader
from django.urls import resolve
from django.utils import timezone

from motcua.desk.decisions import VERBS
from motcua.documents.models import Document
from motcua.dossiers import actions
from motcua.dossiers.actions.steps import stand
from motcua.dossiers.models import Dossier
from motcua.dossiers.rules import reader
from motcua.lib.actions import ACTIONS, Refused
from motcua.lib.actors import anonymous
from motcua.organisations.heirs import Heir
from motcua.organisations.models import Post, calendar_for
from motcua.payments.models import Charge
from motcua.people.models import Appointment, actor_of
from tests import given
from tests.desk.conftest import Unsaid

# Every role there is has its letter here, and its holder at Sa Pa in `given`: a new role fails until it has both.
LETTERS = {
    "receiver": "R",
    "registrar": "G",
    "specialist": "S",
    "chair": "C",
    "deputy": "D",
    "clerk": "K",
    "administrator": "A",
    "auditor": "U",
}
# Who holds no post at Sa Pa: they work elsewhere, with the roles named, or nowhere.
STRANGERS = {"nobody": "", "citizen": "may", "foreign officer": "man", "auditor of the province": "guong"}
PEOPLE = {**STRANGERS, **given.OFFICERS}
IN, NO, HIDDEN, OPEN, DONE, AWAY = "sign in", "refused", "hidden", "open", "done", "led on"
WAIT = "not their turn"
ALL = "RGSCDKAU"

# For which roles a page opens, and what the others meet. Elsewhere's officers see their own agency there.
PAGES = {
    "/desk/keys/": (ALL, NO),
    "/desk/help/": (ALL, NO),
    "/desk/help/officer/": (ALL, NO),
    "/desk/substitutions/": (ALL, NO),
    "/desk/notices/": (ALL, NO),
    "/desk/": ("RGSCDKU", AWAY),
    "/desk/filter/": ("RGSCDKU", NO),
    "/desk/questions/": ("RGSCK", NO),
    "/desk/register/": ("RGSCDK", NO),
    "/desk/identity/": ("R", NO),
    "/desk/bulk/?verb=accept": ("RG", HIDDEN),
    "/desk/bulk/?verb=assign": ("RGSCK", HIDDEN),
    "/desk/documents/several/?verb=register": ("K", HIDDEN),
    "/desk/documents/several/?verb=assign": ("CD", HIDDEN),
    "/desk/documents/several/?verb=sign": ("CD", HIDDEN),
    "/desk/documents/several/?verb=issue": ("K", HIDDEN),
    "/desk/agency/": ("CU", NO),
    "/desk/agency/indicators/": ("CU", NO),
    "/desk/agency/indicators/table.csv": ("CU", NO),
    "/desk/agency/ratings.csv": ("CU", NO),
    "/desk/agency/indicators/sheet.pdf": ("CU", NO),
    "/desk/agency/indicators/sample/": ("CU", NO),
    "/desk/calendar/": ("A", NO),
    "/desk/queue/": ("RGA", NO),
    "/desk/counter/": ("RG", NO),
    "/desk/petitions/": ("RGSCDKU", NO),
    "/desk/mandates/": ("RG", NO),
    "/desk/people/": ("A", NO),
    "/desk/drift/": ("CAU", NO),
    "/desk/drift/2.000986/set/": ("A", NO),
    "/desk/procedures/": ("CAU", NO),
    "/desk/procedures/2.000986/": ("CAU", NO),
    "/desk/readiness/": ("CAU", NO),
    "/desk/readiness/2.000986/": ("CAU", NO),
    "/desk/people/{appointment}/end/": ("A", NO),
}
# Pages about one thing of Sa Pa, and the action whose rule they ask: whom it refuses is refused, and to whoever does not
# read the agency's dossiers there is nothing there.
ABOUT = {
    "/desk/dossiers/{dossier}/": "dossiers.open_letter",
    "/desk/dossiers/{dossier}/ask/": "dossiers.consult",
    "/desk/dossiers/{dossier}/control-slip/": "dossiers.number_slip",
    "/desk/dossiers/{dossier}/inspect/": "dossiers.inspect",
    "/desk/dossiers/{dossier}/papers/": "dossiers.file_paper",
    "/desk/dossiers/{dossier}/answers/": "dossiers.enter_answers",
    "/desk/dossiers/{dossier}/papers/{paper}/": "dossiers.open_paper",
    "/desk/dossiers/{dossier}/documents/{document}/": "dossiers.open_letter",
}
# In which state of a dossier each decision is tried, and whose it is; whom else the action's rule lets is not yet in turn.
DECISIONS = {
    "accept": ("new", "RG"),
    "refuse": ("new", "RG"),
    "supplement": ("new", "RG"),
    "propose": ("received", "G"),
    "extend": ("signable", "C"),
    "complete": ("verifying", "G"),
    "return": ("to_sign", "C"),
    "stop": ("received", "GS"),
    "restart": ("stopped", "GS"),
    "retry": ("refused", "GS"),
    "send_again": ("untaken", "RGSKC"),
    "allot": ("unsettled", "RG"),
    "forward": ("astray", "RG"),
    "hand_over": ("finished", "RG"),
    "withdraw": ("brought", "RG"),
    "cash": ("unpaid", "RG"),
    "waive": ("unpaid", "RG"),
    "sign": ("to_sign", "C"),
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
    last = stopped.steps.filter(pk=stopped.steps.last().pk)
    last.update(kind="above", state="running", agency="H38", above=uuid4())
    stand(stopped, list(stopped.steps.all()))
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


def test_every_role_has_its_column():
    assert set(LETTERS) == set(given.OFFICERS) == set(Post.Role)


@pytest.fixture
def knock(rf, db, monkeypatch):
    """Straight at the view, and no page is drawn: that would take all the time, and others look at the pages."""
    monkeypatch.setattr(loader, "render_to_string", lambda *_page, **_more: "")

    def knock(address, account, actor):
        request, found = rf.get(address), resolve(address.partition("?")[0])
        request.user, request.actor, request.session = account, actor, {}
        request._messages = Unsaid(request)
        try:
            return outcome(found.func(request, *found.args, **found.kwargs), acted=AWAY)
        except Http404:
            return HIDDEN
        except Refused:
            return NO

    return knock


def test_each_page_opens_only_for_its_roles(knock):
    held = given.dossier(at="accepted")
    accounts = {name: given.account(key) if key else AnonymousUser() for name, key in PEOPLE.items()}
    actors = {name: actor_of(one) if PEOPLE[name] else anonymous for name, one in accounts.items()}
    names = {
        "dossier": held.pk,
        "paper": held.papers.get().pk,
        "document": Document.objects.about(held).first().pk,
        "appointment": Appointment.objects.get(account=accounts["registrar"]).pk,
    }
    expected, found = {}, {}
    for page in (*PAGES, *ABOUT):
        address = page.format(**names)
        expected[page] = {name: seen(page, held, actor) for name, actor in actors.items()}
        found[page] = {name: knock(address, accounts[name], actor) for name, actor in actors.items()}
    assert found == expected


def seen(page, held, actor):
    """What someone meets at a page: by the table, and where it is about a dossier, by the rule of its action."""
    if not actor.grants:
        return IN if actor.is_anonymous else NO
    if page in ABOUT:
        return ruled(actor, held, ABOUT[page], OPEN)
    roles, otherwise = PAGES[page]
    return OPEN if roles_of(actor) & set(roles) else otherwise


def roles_of(actor):
    """The letters of the roles someone holds, wherever."""
    return {LETTERS[grant.role] for grant in actor.grants}


def ruled(actor, dossier, action, allowed):
    """What the rules say of someone in office: nothing is there, it is refused, or `allowed`."""
    if not reader(actor, dossier):
        return HIDDEN
    return allowed if ACTIONS[action].who(actor, dossier) else NO


@pytest.mark.parametrize("verb", DECISIONS)
def test_each_decision_is_taken_only_by_its_roles(visitor, request, verb, monkeypatch):
    state, roles = DECISIONS[verb]
    dossier = request.getfixturevalue(state)
    dossier.refresh_from_db()
    monkeypatch.setattr(loader, "render_to_string", lambda *_page, **_more: "")
    expected = {name: decided(key, dossier, verb, roles) for name, key in PEOPLE.items()}
    assert {name: tried(visitor(key), dossier, verb) for name, key in PEOPLE.items()} == expected


def decided(key, dossier, verb, roles):
    """What trying a decision should come to: by the rule of its action, and by the table where the rule lets them."""
    if not key:
        return IN
    actor = given.actor(key)
    if not actor.grants:
        return NO
    is_theirs = roles_of(actor) & set(roles) and actor.places == {given.SA_PA}
    return ruled(actor, dossier, VERBS[verb].action, DONE if is_theirs else WAIT)


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

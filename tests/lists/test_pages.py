"""Every list that is not measured beside its own tests: as many queries for a hundred rows as for one."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from motcua.desk.decisions import VERBS
from motcua.dossiers.models import Dossier, Transition
from motcua.dossiers.postings import Posting
from motcua.indicators.models import Standing
from motcua.mandates.models import Claim
from motcua.notices.models import Notice
from motcua.opinions.models import Question
from motcua.organisations.models import Agency, Post
from motcua.payments.models import Bundle, Charge, Item
from motcua.people.models import Account, Appointment, Substitution
from motcua.petitions.models import Received
from motcua.procedures.models import Draft, Procedure, Version
from motcua.procedures.polls import Poll
from motcua.procedures.service_lists import service_list
from motcua.queues.models import Queue
from motcua.reorganisations.models import Plan
from tests import given
from tests.browser.test_every_page import NO_PAGES, named
from tests.desk.conftest import visitor  # noqa: F401 — browsers of the demo's people
from tests.desk.test_imported import take
from tests.lists.rows import NUMBERS, row, rows

COUNTED = 100
# Most lists are turned by pages; so many lines at least are shown of them.
SHOWN = 25
LETTERS = list("ZYXWVUTSRQPONMLKJIHGFEDCBA")
BUNDLE = uuid4()
TESTS = Path(__file__).resolve().parents[1]


def officers(many, accounts=None):
    posts = given.officer("receiver") and Post.objects.filter(agency=given.SA_PA)
    said = {
        "account": (accounts or rows(Account, many)).pop,
        "valid_from": lambda: timezone.localdate() - timedelta(days=next(NUMBERS)),
    }
    return rows(Appointment, many, post=posts.first(), **said)


def substitutions(many):
    days = {"since": timezone.localdate(), "until": timezone.localdate()}
    who = {"appointment": officers(many).pop, "stand_in": rows(Account, many).pop}
    return rows(Substitution, many, **who, **days)


def transitions(many):
    place = Agency.objects.get(code=given.SA_PA)
    return rows(Transition, many, agency=place, old=versions(many).pop, new=versions(many).pop)


def imported(many):
    """So many more that a person has to read."""
    take(*(f"9.{next(NUMBERS):06}" for _n in range(many)))


def to_be_collected(many):
    """So many more results that wait at the counter."""
    base = given.procedure(given.BIRTH)
    return rows(Dossier, many, agency=given.SA_PA, version=base, state=9, ended_at=timezone.now())


def by_post(many):
    """So many results that wait for the post, and as many that went."""
    for state in (
        {},
        {"state": "sent", "sent_at": timezone.now(), "waybill": lambda: f"EA{next(NUMBERS)}VN"},
    ):
        dossiers = rows(Dossier, many, agency=given.SA_PA, version=given.procedure(given.BIRTH), state=9)
        rows(Posting, many, dossier=dossiers.pop, agency=given.SA_PA, **state)


def late(many):
    """So many more dossiers that should have been finished."""
    long_ago, base = timezone.now() - timedelta(days=9), given.procedure(given.BIRTH)
    about = {"agency": given.SA_PA, "version": base, "state": 4, "due_at": long_ago, "accepted_at": long_ago}
    return rows(Dossier, many, code=lambda: f"H38.03006-261001-{next(NUMBERS):04}", **about)


def versions(many):
    """So many more versions of one procedure, each for one day."""
    base, long_from_now = given.procedure(given.BIRTH), timezone.localdate() + timedelta(days=99_999)
    said = {
        "digest": lambda: uuid4().hex * 2,
        "effective_from": lambda: timezone.localdate() + timedelta(days=next(NUMBERS)),
        "effective_until": long_from_now,
    }
    made = rows(Version, many, procedure=base.procedure, content=base.content, **said)
    Version.objects.filter(effective_until=long_from_now).update(effective_until=F("effective_from"))
    return made


def services(many, like=given.BIRTH, called=None, **said):
    """So many more procedures that say what one says, in force from today."""
    base, today = given.procedure(like), timezone.localdate()
    told = {
        "content": base.content,
        "digest": base.digest,
        "effective_from": today,
        "is_offered": True,
        "is_online": True,
    }
    return rows(Version, many, procedure=rows(Procedure, many, code=called or number).pop, **(told | said))


def number():
    return f"8.{next(NUMBERS):06}"


def impractical(many):
    """So many more services that promise more than they keep."""
    return services(many, online="full", readiness="partial", hindrances=["presence"])


def decided(many):
    """Of the services of a list so many are known here, and have dossiers."""
    codes = [code for one in service_list("scheme06").services for code in one.codes][
        : 1 if many == 1 else None
    ]
    known = set(Procedure.objects.filter(code__in=codes).values_list("code", flat=True))
    new = [code for code in codes if code not in known]
    services(len(new), like="1.000656", called=new.pop, online="full", readiness="full")
    rows(
        Standing,
        many,
        agency=lambda: f"H99.{next(NUMBERS)}",
        procedure=codes[0],
        channel=2,
        state=9,
        number=2,
    )


def polls(many):
    counted = {"state": Poll.State.CLOSED, "answered": 1, "assented": 1, "closed_at": timezone.now()}
    return rows(Poll, many, procedure=given.procedure(given.BIRTH).procedure, **counted)


def drafts(many):
    base = given.procedure(given.BIRTH)
    return rows(Draft, many, base=base, content=base.content)


def owed_together(many):
    """So many more fees in one bundle."""
    bundle = Bundle.objects.first() or row(Bundle, pk=BUNDLE, payee=given.SA_PA)
    charges = rows(Charge, many, payee=given.SA_PA, amount=1000, code=lambda: f"P{next(NUMBERS):09}")
    rows(Item, many, bundle=bundle, charge=charges.pop, amount=1000)


def signed_in(many):
    """So many more devices on which one of them is signed in."""
    me = given.account("lam")
    said = {
        SESSION_KEY: str(me.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: me.get_session_auth_hash(),
    }
    lasting = {
        "session_data": Session.objects.encode(said),
        "expire_date": timezone.now() + timedelta(hours=1),
    }
    visits = rows(Session, many, session_key=lambda: uuid4().hex, **lasting)
    keys = [one.session_key for one in visits]
    rows(UserSession, many, user=me, ip="127.0.0.1", session_key=keys.pop)


# Who looks, at which list, and what rows of it are.
LISTS = {
    "desk:people": ("thong", (), officers),
    "desk:petitions": (
        "lam",
        (),
        lambda many: rows(Received, many, agency=given.SA_PA, kind=Received.Kind.QUESTION),
    ),
    "desk:collect": ("suong", (), to_be_collected),
    "desk:post": ("suong", (), by_post),
    "desk:mandates": ("suong", (), lambda many: rows(Claim, many, agency=given.SA_PA)),
    "desk:asked": ("lam", (), lambda many: rows(Question, many, agency=given.SA_PA)),
    "desk:inbox": (
        "lam",
        (),
        lambda many: rows(Notice, many, recipient=given.account("lam"), code="tests.of_lists"),
    ),
    "desk:procedures": ("thong", (), drafts),
    "desk:versions": ("thong", ("2.000986",), versions),
    "desk:polls": ("thong", ("2.000986",), polls),
    "desk:lists": ("soan", (), lambda many: services(many, like="1.004222")),
    "desk:readiness": ("thong", (), imported),
    "desk:reorganisations": ("xep", (), lambda many: rows(Plan, many, agency=Agency.objects.get(code="H38"))),
    "desk:queue": (
        "thong",
        (),
        lambda many: rows(Queue, min(many, 25), agency=given.SA_PA, letter=LETTERS.pop),
    ),
    "desk:substitutions": ("thong", (), substitutions),
    "desk:transitions": ("xep", (), transitions),
    "desk:overdue": ("", (), late),
    "desk:imported": ("soan", (), imported),
    "account_home": ("lam", (), lambda many: officers(many, [given.account("lam")] * many)),
    "usersessions_list": ("lam", (), signed_in),
    "indicators:unused": ("", (), impractical),
    "indicators:lists": ("", (), decided),
    "indicators:list": ("", ("scheme06",), decided),
    "indicators:levels": ("", (), imported),
    "payments:bundle": ("", (BUNDLE,), owed_together),
}
# Their lines are those of files of the program: what is known of them makes them no longer.
AS_LONG = {"indicators:lists", "indicators:list", "indicators:levels"}
# Measured beside their own tests.
MEASURED = {
    "api:systems api:system": "api/test_systems.py::test_the_pages_ask_as_often_for_one_as_for_many",
    "desk:folders desk:folder": "dispatches/test_folders.py::test_pages_ask_as_often_for_one_as_for_many",
    "desk:mails desk:correspondents": "dispatches/test_mail_answers.py::test_pages_ask_as_often_for_one_as_for_many",
    "desk:templates": "dispatches/test_templates.py::test_the_list_asks_as_often_for_one_as_for_many",
    "desk:draft_versions": "dispatches/test_drafts.py::test_pages_ask_as_often_for_one_version_as_for_many",
    "desk:incoming desk:outgoing desk:assigned_tasks desk:given_tasks desk:owed_answers": "dispatches/test_pages.py::test_lists_ask_as_often_for_one_as_for_more",
    "desk:several desk:several_of desk:several_done": "dispatches/test_several.py::test_pages_ask_as_often_for_one_as_for_many",
    "desk:document_search": "dispatches/test_search.py::test_it_asks_as_often_for_one_as_for_more",
    "desk:worklist": "desk/test_worklist.py::test_the_list_asks_as_much_for_one_row_as_for_thirty",
    "desk:agency": "desk/test_agency.py::test_the_page_asks_as_much_for_one_dossier_as_for_thirty",
    "desk:filter desk:indicators desk:inspection desk:bulk desk:bulk_of desk:bulk_done desk:signing desk:screen portal:batch portal:business portal:data payments:together": "lists/test_asked.py::test_what_is_asked_for_asks_as_often_for_many_as_for_few",
    "desk:sign_many": "desk/test_signing.py::test_the_list_asks_as_much_for_one_as_for_many",
    "desk:calendar": "desk/test_calendar.py::test_weighing_asks_as_much_for_one_dossier_as_for_thirty",
    "desk:books": "desk/test_books.py::test_the_books_cost_the_same_for_one_payment_and_many",
    "desk:appointments": "desk/test_appointments.py::test_the_list_asks_as_often_for_one_person_as_for_thirty",
    "desk:drift": "desk/test_drift.py::test_the_report_takes_as_many_queries_for_one_place_as_for_many",
    "indicators:national": "indicators/test_page.py::test_many_agencies_cost_as_many_queries_as_one",
    "oversight:timeline": "oversight/test_oversight.py::test_a_long_timeline_costs_as_many_queries_as_a_short_one",
    "oversight:integrity": "oversight/test_oversight.py::test_many_heads_cost_as_many_queries_as_one_and_are_paged",
    "oversight:peers": "oversight/test_oversight.py::test_many_nodes_cost_as_many_queries_as_one",
    "oversight:trial": "oversight/test_oversight.py::test_a_test_of_many_nodes_costs_as_many_queries_as_one_of_one",
    "tracking:overdue": "tracking/test_overdue.py::test_pages_follow_one_another_by_key_with_as_many_queries",
    "tracking:report": "tracking/test_report_page.py::test_many_places_cost_as_many_queries_as_one",
    "tracking:show": "tracking/test_page.py::test_a_long_way_costs_as_many_queries_as_a_short_one",
    "payments:back_bundle": "payments/test_bundles.py::test_anyone_with_the_addresses_pays_together_on_the_page",
    "portal:home": "portal/test_home.py::test_the_front_page_asks_the_database_as_often_for_many_dossiers_as_for_one",
    "portal:procedures": "portal/test_catalogue.py::test_a_search_asks_the_database_as_often_for_many_results_as_for_few",
    "portal:my": "portal/test_my.py::test_the_list_of_dossiers_asks_as_often_for_thirty_as_for_one",
    "portal:inbox portal:wallet": "portal/test_my.py::test_messages_and_papers_ask_as_often_for_thirty_as_for_one",
    "portal:favourites": "portal/test_favourites.py::test_many_favourites_need_no_more_queries_than_one",
    "portal:mandates": "portal/test_mandates.py::test_the_list_asks_as_often_for_thirty_as_for_one",
}
# About one thing, a form, or nothing of the database; what hangs on one dossier is counted beside its own page.
ONE = [
    "demo_sign_in",
    "demo_gateway",
    "demo_ledger",
    "demo_signing",
    "demo_mails",
    "demo_mail",
    "portal:procedure",
    "portal:book",
    "portal:guide",
    "portal:guide_answered",
    "portal:verify",
    "portal:verify_code",
    "portal:appointment",
    "portal:change_time",
    "portal:add_paper",
    "portal:holding",
    "portal:question",
    "portal:mandate_new",
    "portal:mandate_child",
    "portal:mandate_business",
    "portal:mandate",
    "portal:begin",
    "portal:application",
    "portal:papers",
    "portal:check",
    "portal:complain",
    "portal:answer",
    "api:page",
    "desk:identity",
    "desk:result",
    "desk:asked_one",
    "desk:inspect",
    "desk:ask",
    "desk:keys",
    "desk:help",
    "desk:guide",
    "desk:end",
    "desk:new_procedure",
    "desk:count_poll",
    "desk:compare",
    "desk:draft",
    "desk:write",
    "desk:questions",
    "desk:add_page",
    "desk:asked_page",
    "desk:add_question",
    "desk:asked_question",
    "desk:facts",
    "desk:draft_papers",
    "desk:add_asked_paper",
    "desk:asked_paper_of",
    "desk:ways",
    "desk:cases",
    "desk:add_case",
    "desk:asked_case",
    "desk:exemptions",
    "desk:add_exemption",
    "desk:exemption",
    "desk:page_when",
    "desk:asked_about",
    "desk:steps",
    "desk:add_step",
    "desk:steps_within",
    "desk:add_step_within",
    "desk:asked_step",
    "desk:preview",
    "desk:tried",
    "desk:localise",
    "desk:restore",
    "desk:readiness_of",
    "desk:begin_reorganisation",
    "desk:plan_reorganisation",
    "desk:reorganisation_part",
    "desk:reorganisation",
    "desk:rewrite",
    "desk:transition",
    "desk:dossier",
    "desk:rate",
    "desk:rated",
    "desk:petition",
    "desk:incoming_one",
    "desk:copy",
    "desk:take_paper",
    "desk:outgoing_one",
    "desk:redraft",
    "desk:open_folder",
    "desk:new_template",
    "desk:template",
    "desk:numbering",
    "desk:document_numbers",
    "desk:write_document",
    "desk:mandate",
    "desk:register",
    "desk:offer",
    "desk:kiosk",
    "desk:counter",
    "desk:ask_receipt",
    "desk:receipt",
    "desk:intake",
    "desk:taken",
    "desk:papers",
    "desk:answers",
    "tracking:ask",
    "payments:pay",
    "payments:back",
    "notices:contact",
    "notices:confirm",
    "idp:oidc:authorization",
    "idp:oidc:logout",
    "account_login",
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
    "identity_begin",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "ui:help",
    "ui:guide",
]


def test_every_page_is_counted_here_or_beside_its_own_tests_or_is_no_list():
    elsewhere = [name for names in MEASURED for name in names.split()]
    verbs = [f"desk:{verb}" for verb in VERBS]
    argued = [name for names in NO_PAGES.values() for name in names.split()]
    assert sorted([*LISTS, *elsewhere, *ONE, *verbs, *argued]) == sorted(set(named()))
    for place in MEASURED.values():
        file, _colons, name = place.partition("::")
        assert f"def {name}(" in (TESTS / file).read_text(), place


@pytest.mark.parametrize("page", LISTS)
def test_a_list_asks_as_often_for_many_as_for_one(visitor, page):  # noqa: F811
    given.country()
    given.procedure(given.BIRTH)
    who, args, more = LISTS[page]
    client, address, asked = visitor(who), reverse(page, args=args), []
    for many in (1, COUNTED):
        more(many)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            shown = client.get(address)
        assert shown.status_code == 200
        asked.append((len(queries), len(shown.content)))
    (few, short), (many, long) = asked
    assert (few, long > short + 20 * SHOWN or page in AS_LONG) == (many, True)
    assert many <= 12

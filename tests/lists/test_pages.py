"""Every list of the desk that is not measured beside its own tests: as many queries for thirty rows as for one."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from motcua.desk.decisions import VERBS
from motcua.dossiers.models import Dossier, Transition
from motcua.mandates.models import Claim
from motcua.notices.models import Notice
from motcua.opinions.models import Question
from motcua.organisations.models import Agency, Post
from motcua.people.models import Account, Appointment, Substitution
from motcua.petitions.models import Received
from motcua.procedures.models import Draft, Version
from motcua.procedures.polls import Poll
from motcua.queues.models import Queue
from motcua.reorganisations.models import Plan
from tests import given
from tests.browser.test_every_page import NO_PAGES, named
from tests.desk.conftest import visitor  # noqa: F401 — browsers of the demo's people
from tests.desk.test_imported import take
from tests.lists.rows import NUMBERS, row

COUNTED = 25
TESTS = Path(__file__).resolve().parents[1]


def officer(account=None):
    posts = given.officer("receiver") and Post.objects.filter(agency=given.SA_PA)
    since = timezone.localdate() - timedelta(days=next(NUMBERS))
    return row(Appointment, account=account or row(Account), post=posts.first(), valid_from=since)


def substitution():
    days = {"since": timezone.localdate(), "until": timezone.localdate()}
    return row(Substitution, appointment=officer(), stand_in=row(Account), **days)


def transition():
    place = Agency.objects.get(code=given.SA_PA)
    return row(Transition, agency=place, old=version(), new=version())


def imported():
    """One more that a person has to read."""
    take(f"9.{next(NUMBERS):06}")


def to_be_collected():
    """One more result that waits at the counter."""
    return row(
        Dossier, agency=given.SA_PA, version=given.procedure(given.BIRTH), state=9, ended_at=timezone.now()
    )


def late():
    """One more dossier that should have been finished."""
    long_ago, base = timezone.now() - timedelta(days=9), given.procedure(given.BIRTH)
    about = {"agency": given.SA_PA, "version": base, "state": 4, "due_at": long_ago, "accepted_at": long_ago}
    return row(Dossier, code=f"H38.03006-261001-{next(NUMBERS):04}", **about)


def version():
    base = given.procedure(given.BIRTH)
    since = timezone.localdate() + timedelta(days=next(NUMBERS))
    digest = uuid4().hex * 2
    return row(
        Version,
        procedure=base.procedure,
        content=base.content,
        digest=digest,
        effective_from=since,
        effective_until=since,
    )


def poll():
    counted = {"state": Poll.State.CLOSED, "answered": 1, "assented": 1, "closed_at": timezone.now()}
    return row(Poll, procedure=given.procedure(given.BIRTH).procedure, **counted)


# Who looks, at which list, and what one row of it is.
LISTS = {
    "desk:people": ("thong", (), officer),
    "desk:petitions": ("lam", (), lambda: row(Received, agency=given.SA_PA, kind=Received.Kind.QUESTION)),
    "desk:collect": ("suong", (), to_be_collected),
    "desk:mandates": ("suong", (), lambda: row(Claim, agency=given.SA_PA)),
    "desk:asked": ("lam", (), lambda: row(Question, agency=given.SA_PA)),
    "desk:inbox": ("lam", (), lambda: row(Notice, recipient=given.account("lam"), code="tests.of_lists")),
    "desk:procedures": (
        "thong",
        (),
        lambda: row(Draft, base=given.procedure(given.BIRTH), content=given.procedure(given.BIRTH).content),
    ),
    "desk:versions": ("thong", ("2.000986",), version),
    "desk:polls": ("thong", ("2.000986",), poll),
    "desk:reorganisations": ("xep", (), lambda: row(Plan, agency=Agency.objects.get(code="H38"))),
    "desk:queue": (
        "thong",
        (),
        lambda: row(Queue, agency=given.SA_PA, letter=chr(64 + Queue.objects.count() + 1)),
    ),
    "desk:substitutions": ("thong", (), substitution),
    "desk:transitions": ("xep", (), transition),
    "desk:overdue": ("", (), late),
    "desk:imported": ("soan", (), imported),
    "account_home": ("lam", (), lambda: officer(given.account("lam"))),
}
# Measured beside their own tests.
MEASURED = {
    "api:systems api:system": "api/test_systems.py::test_the_pages_ask_as_often_for_one_as_for_many",
    "desk:worklist": "desk/test_worklist.py::test_the_list_asks_as_much_for_one_row_as_for_thirty",
    "desk:agency": "desk/test_agency.py::test_the_page_asks_as_much_for_one_dossier_as_for_thirty",
    "desk:filter": "desk/test_filters.py::test_the_list_asks_as_much_with_filters_as_without",
    "desk:bulk desk:bulk_of desk:bulk_done": "desk/test_bulk.py::test_the_preview_asks_as_much_for_one_as_for_many",
    "desk:sign_many desk:signing": "desk/test_signing.py::test_the_list_asks_as_much_for_one_as_for_many",
    "desk:calendar": "desk/test_calendar.py::test_weighing_asks_as_much_for_one_dossier_as_for_thirty",
    "desk:books": "desk/test_books.py::test_the_books_cost_the_same_for_one_payment_and_many",
    "desk:appointments": "desk/test_appointments.py::test_the_list_asks_as_often_for_one_person_as_for_thirty",
    "desk:drift": "desk/test_drift.py::test_the_report_takes_as_many_queries_for_one_place_as_for_many",
    "desk:readiness": "desk/test_readiness.py::test_pages_follow_each_other_by_code",
    "desk:indicators desk:inspection": "indicators/test_nine.py::test_counting_takes_as_many_queries_for_one_as_for_many",
    "indicators:national": "indicators/test_page.py::test_many_agencies_cost_as_many_queries_as_one",
    "indicators:lists indicators:list": "indicators/test_services.py::test_the_lists_are_told_to_everyone",
    "indicators:unused": "indicators/test_services.py::test_each_is_listed_with_its_reason",
    "oversight:timeline": "oversight/test_oversight.py::test_a_long_timeline_costs_as_many_queries_as_a_short_one",
    "oversight:integrity": "oversight/test_oversight.py::test_many_heads_cost_as_many_queries_as_one_and_are_paged",
    "oversight:peers": "oversight/test_oversight.py::test_many_nodes_cost_as_many_queries_as_one",
    "tracking:overdue": "tracking/test_overdue.py::test_pages_follow_one_another_by_key_with_as_many_queries",
    "tracking:show": "tracking/test_page.py::test_a_long_way_costs_as_many_queries_as_a_short_one",
    "payments:together payments:bundle payments:back_bundle": "payments/test_bundles.py::test_anyone_with_the_addresses_pays_together_on_the_page",
    "portal:home": "portal/test_home.py::test_the_front_page_asks_the_database_as_often_for_many_dossiers_as_for_one",
    "portal:procedures": "portal/test_catalogue.py::test_a_search_asks_the_database_as_often_for_many_results_as_for_few",
    "portal:my": "portal/test_my.py::test_the_list_of_dossiers_asks_as_often_for_thirty_as_for_one",
    "portal:inbox portal:wallet": "portal/test_my.py::test_messages_and_papers_ask_as_often_for_thirty_as_for_one",
    "portal:favourites": "portal/test_favourites.py::test_many_favourites_need_no_more_queries_than_one",
    "portal:mandates": "portal/test_mandates.py::test_the_list_asks_as_often_for_thirty_as_for_one",
    "portal:batch portal:business": "dossiers/test_batches.py::test_thirty_cost_as_many_queries_as_one",
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
    "portal:data",
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
    "desk:steps",
    "desk:add_step",
    "desk:lists",
    "desk:steps_within",
    "desk:add_step_within",
    "desk:asked_step",
    "desk:preview",
    "desk:localise",
    "desk:restore",
    "desk:readiness_of",
    "desk:begin_reorganisation",
    "desk:reorganisation",
    "desk:rewrite",
    "desk:transition",
    "desk:dossier",
    "desk:rate",
    "desk:rated",
    "desk:petition",
    "desk:mandate",
    "desk:register",
    "desk:post",
    "desk:offer",
    "desk:kiosk",
    "desk:screen",
    "desk:counter",
    "desk:intake",
    "desk:taken",
    "desk:papers",
    "indicators:levels",
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
    "usersessions_list",
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
    for rows in (1, COUNTED):
        for _row in range(rows):
            more()
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            shown = client.get(address)
        assert shown.status_code == 200
        asked.append((len(queries), len(shown.content)))
    (few, short), (many, long) = asked
    assert (few, long > short + 20 * COUNTED) == (many, True)
    assert many <= 12

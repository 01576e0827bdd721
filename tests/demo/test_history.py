"""The past of the demo: real actions under an invented calendar, the same each time."""

from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.utils import timezone

from motcua.demo import seeding
from motcua.demo.history import answers, polls
from motcua.demo.history.making import relive, span
from motcua.demo.history.people import OFFICERS, People
from motcua.demo.history.plots import COMMUNE, PROVINCE, plots
from motcua.demo.nodes import NODES, SA_PA
from motcua.demo.people import PEOPLE
from motcua.documents.authority import Authority, Keyring, Validity
from motcua.dossiers.models import Dossier
from motcua.exchange.models import Outbox
from motcua.journal.models import Entry
from motcua.opinions.models import Question
from motcua.organisations.models import calendar_for
from motcua.payments.models import Payment
from motcua.people.models import Account
from motcua.petitions.models import Petition
from motcua.procedures.models import Version
from motcua.procedures.polls import Poll
from tests import given

pytestmark = pytest.mark.django_db

DEFAULT = "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef JOIN pg_attribute a ON a.attrelid = adrelid AND attnum = adnum WHERE adrelid = 'journal_entry'::regclass AND attname = 'at'"


@pytest.fixture
def province(settings, node_home):
    here = next(node for node in NODES if node.name == "laocai")
    bank = {"gateway_url": "http://127.0.0.1:9/", "gateway_api": "http://127.0.0.1:9/", "gateway_code": "MOTCUA01"}  # fmt: skip
    settings.NODE = settings.NODE.model_copy(
        update={**bank, "agency": here.agency, "agencies": here.agencies}
    )
    settings.KEYS.mkdir(exist_ok=True)
    (settings.KEYS / "gateway.key").write_bytes(b"a secret of the tests")
    seeding.seed_common()
    seeding.seed("laocai")
    authority = Authority.founded("Chứng thực thử")
    ring, since = Keyring(settings.KEYS), timezone.now() - timedelta(days=60)
    validity = Validity.lasting(timedelta(days=900), start=since)
    ring.trust("tests", authority.credential.certificate)
    for code in settings.NODE.agencies:
        ring.keep_seal(code, authority.seal(code, code, validity=validity))
    for person in (*PEOPLE, *OFFICERS):
        for agency, role, title, _english in person.posts:
            if role == "chair":
                mine = authority.person(person.name, title=title, agency=agency, validity=validity)
                ring.keep_person(f"person:{person.account}", mine)


def with_each(those):
    """A few of them, so that all that can befall a dossier befalls one: not the last days', which would not be over."""
    known = {version.code: version.definition for version in Version.objects.in_force(timezone.localdate())}
    costs = [one for one in those if any(fee.amount for fee in known[one.procedure].fees) and one.is_online]
    kinds = (
        lambda one: one.agent,
        lambda one: one.asks,
        lambda one: one.pays == "vietqr" and one in costs,
        lambda one: one.is_online and one.temper > 0.97 and one not in costs,
        lambda one: not one.is_online and one.agency == "H38",
        lambda one: one.is_online and one.agency == "H38",
        lambda one: one.is_forgotten,
    )
    early = sorted(those, key=lambda one: one.start)[: len(those) // 2]
    found = [one for kind in kinds for one in [one for one in early if kind(one)][:1]]
    # Some are refused before they come to pay.
    found += [one for one in early if one.pays == "gateway" and one in costs][:2]
    return list({one.id: one for one in found}.values())


def fill_in_all(on, monkeypatch):
    """Each form people come with, in each case, also by post: nobody has to try twice."""
    monkeypatch.setattr(answers, "TRIES", 1)
    asked = set()
    for version in Version.objects.in_force(timezone.localdate()).filter(
        procedure__code__in=[*COMMUNE, *PROVINCE]
    ):
        for case in [one.id for one in version.definition.cases] or [""]:
            for seed in range(4):
                chance = Random(seed)  # noqa: S311 — as the past itself
                person = People(chance).applicant(SA_PA)
                typed = answers.filled(version.definition, case, person, chance=chance, on=on)
                asked |= {str(page.get("receive_by")) for page in typed.values()}
    assert asked >= {"post", "counter"}


def test_the_past_is_drawn_by_its_seed_and_made_by_actions_at_their_times(province, settings, monkeypatch):
    begins, ends = span(30)
    fill_in_all(begins.date(), monkeypatch)
    those = plots(300, begins.date(), ends.date())
    assert plots(300, begins.date(), ends.date()) == those
    assert plots(300, begins.date(), ends.date(), seed=7) != those
    before, said = timezone.now(), []
    chosen = with_each(those)
    assert relive(chosen, begins=begins, until=ends, tell=said.append) > 15
    dossiers = Dossier.objects.all()
    assert dossiers.count() == len(chosen)
    assert len({dossier.agency for dossier in dossiers}) >= 3
    # What befalls a few: paid from home, filed by an agent, another agency asked, a complaint and its answer.
    assert set(Payment.objects.values_list("provider", flat=True)) >= {"vietqr", "gateway"}
    assert dossiers.filter(filing__way="proxy", channel=2).exists()
    assert Question.objects.filter(state="given").exists()
    assert Petition.objects.filter(state="answered").exists()
    assert dossiers.filter(rating__isnull=False).exists()
    # Everything happened then, and nothing is still on its way within the node.
    times = Entry.objects.filter(about__startswith="dossier:").values_list("at", flat=True)
    assert before - timedelta(days=31) < min(times) < max(times) < before
    assert not Outbox.objects.filter(recipient__in=settings.NODE.agencies).exists()
    # What the country is to hear leaves today; the exchange gives up on what is three days old.
    assert min(Outbox.objects.values_list("created", flat=True)) >= before
    came = [(dossier.agency, timezone.localdate(dossier.arrived_at)) for dossier in dossiers]
    assert all(calendar_for(agency).is_working_day(day) for agency, day in came), came
    assert dossiers.filter(ended_at__isnull=False).count() > 4
    assert Dossier.objects.open().overdue().filter(agency=SA_PA, code__isnull=False).exists()
    # Nobody in it is anybody.
    assert {number[:3] for number in Account.objects.values_list("username", flat=True)} == {"000"}
    assert {dossier.applicant_number[:3] for dossier in dossiers} == {"000"}
    # Time is time again.
    assert timezone.now() >= before
    assert said == sorted(said)
    with connection.cursor() as cursor:
        cursor.execute(DEFAULT)
        assert cursor.fetchone() == ("statement_timestamp()",)


def test_the_nation_asked_users_in_the_past_and_not_all_of_them_wanted_it():
    given.country()
    given.account(polls.ASKER)
    for one in polls.POLLS:
        given.procedure(one.code)
    before = timezone.now()
    assert polls.ask() == 3
    found = Poll.objects.order_by("document")
    assert [(one.procedure.code, one.state, one.is_assent) for one in found] == [
        ("1.004873", "closed", True),
        ("1.004194", "closed", True),
        ("2.000815", "closed", False),
    ]
    # Opened and counted on its days, by their names; nobody counted before the last day.
    assert all(one.ends_on < timezone.localdate(one.closed_at) for one in found)
    assert {timezone.localdate(one.opened_at) - one.begins_on for one in found} == {timedelta()}
    times = Entry.objects.of("procedures.PollOpened", "procedures.PollCounted").values_list("at", flat=True)
    assert (len(times), max(times) < before - timedelta(days=20)) == (6, True)
    assert timezone.now() >= before

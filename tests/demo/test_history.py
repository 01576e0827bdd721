"""The past of the demo: real actions under an invented calendar, the same each time."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from motcua.demo import seeding
from motcua.demo.history.making import make
from motcua.demo.history.people import OFFICERS
from motcua.demo.people import PEOPLE
from motcua.documents.authority import Authority, Keyring, Validity
from motcua.dossiers.models import Dossier
from motcua.exchange.models import Outbox
from motcua.journal.models import Entry
from motcua.organisations.models import calendar_for
from motcua.people.models import Account

pytestmark = pytest.mark.django_db

DEFAULT = "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef JOIN pg_attribute a ON a.attrelid = adrelid AND attnum = adnum WHERE adrelid = 'journal_entry'::regclass AND attname = 'at'"


@pytest.fixture
def province():
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


def test_the_past_is_made_by_actions_at_their_times(province):
    before, said = timezone.now(), []
    assert make(dossiers=10, days=30, tell=said.append) > 15
    dossiers = Dossier.objects.all()
    assert dossiers.count() == 10
    assert len({dossier.agency for dossier in dossiers}) >= 3
    # Everything happened then, and nothing is still on its way within the node.
    times = Entry.objects.filter(about__startswith="dossier:").values_list("at", flat=True)
    assert before - timedelta(days=31) < min(times) < max(times) < before
    assert not Outbox.objects.filter(recipient__in=settings.NODE.agencies).exists()
    came = [(dossier.agency, timezone.localdate(dossier.arrived_at)) for dossier in dossiers]
    assert all(calendar_for(agency).is_working_day(day) for agency, day in came), came
    assert dossiers.filter(ended_at__isnull=False).count() > 4
    # Nobody in it is anybody.
    assert {number[:3] for number in Account.objects.values_list("username", flat=True)} == {"000"}
    assert {dossier.applicant_number[:3] for dossier in dossiers} == {"000"}
    # Time is time again.
    assert timezone.now() >= before
    assert said == sorted(said)
    with connection.cursor() as cursor:
        cursor.execute(DEFAULT)
        assert cursor.fetchone() == ("statement_timestamp()",)

"""Browsers of the people of the story, and many dossiers at once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.lib.actors import Actor
from tests import given

DOSSIERS = Actor.system("dossiers")


@pytest.fixture
def visitor(db):
    """A browser in which one of the demo's people has signed in; nobody for an empty key."""

    def visitor(key=""):
        client = Client()
        if key:
            client.force_login(given.account(key))
        return client

    return visitor


@pytest.fixture
def arrived(db):
    """Dossiers as they arrive from another node; each a little later than the one before."""

    def arrived(count=1, *, agency=given.SA_PA, name="Trần Hạ Mây"):
        given.country()
        version, now = given.procedure(), timezone.now()
        made = [
            Dossier(
                version=version,
                case="lien_thong",
                channel=2,
                agency=agency,
                origin="G22",
                applicant_name=name,
                applicant_number="000196004821",
                contact={"email": "may@motcua.invalid", "phone": "0912345678"},
                answers=given.ANSWERS | {"mother_known": True, "child_born_on": "2026-11-02"},
                sent_at=now,
                arrived_at=now + timedelta(minutes=place),
            )
            for place in range(count)
        ]
        for dossier in made:
            actions.arrive(dossier, by=DOSSIERS, papers=[])
        return made

    return arrived

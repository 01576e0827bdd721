"""Places, agencies and holidays as a new node has them."""

import pytest

from motcua.lib.actors import Actor
from motcua.organisations import actions
from motcua.organisations.models import Agency

SETUP = Actor.system("organisations")


@pytest.fixture
def units(db):
    return actions.load_units(actions.UNITS, by=SETUP)


@pytest.fixture
def agencies(db):
    return actions.load_agencies(actions.AGENCIES, by=SETUP)


@pytest.fixture
def laocai(agencies):
    return Agency.objects.get(code="H38")

"""Every address of somebody's own things, tried by somebody else and by nobody: for them there is no such thing."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.urls import resolve
from django.utils import timezone

from motcua.dossiers import actions as dossiers
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.notices.models import Notice
from motcua.people.models import actor_of
from motcua.portal import urls
from motcua.queues.models import Booking
from motcua.wallets import actions as wallets
from tests import given
from tests.dossiers.test_batches import form
from tests.wallets.test_wallet import held

OWN = re.compile(r"<uuid:pk>")
SAMPLES = {"int": "7", "str": "khac", "slug": "khac", "path": "khac"}


@pytest.fixture
def things(db):
    """One of each kind, of Đồi: an application, a paper, a mandate, a list, a notice."""
    given.country()
    by, application = given.citizen("doi"), form()
    notice = Notice.objects.create(
        recipient=given.account("doi"), code="tests.told", link="/my/", key="tests:1"
    )
    return {
        "applications": application,
        "my/papers": wallets.add(held(owner=given.BY_KEY["doi"].number), by=by),
        "my/mandates": application.mandate,
        "my/lists": dossiers.open_batch(application, by=by),
        "my/inbox": notice,
        "my/appointments": Booking.objects.create(
            account=given.account("doi"),
            agency=given.SA_PA,
            procedure=given.COPY,
            begins_at=timezone.now(),
            ends_at=timezone.now(),
        ),
    }


def addresses(things):
    """Each address of one thing, with that thing in it."""
    for pattern in urls.urlpatterns:
        route = str(pattern.pattern)
        if OWN.search(route):
            thing = things[route.partition("/<uuid:pk>")[0]]
            filled = OWN.sub(str(thing.pk), route)
            yield pattern.name, "/" + re.sub(r"<(\w+):\w+>", lambda found: SAMPLES[found[1]], filled)


def knock(rf, address, user):
    """Straight at the view; what a refusal looks like is tested elsewhere."""
    found = resolve(address)
    for method in (rf.get, rf.post):
        request = method(address)
        request.user, request.session, request.actor = user, {}, actor_of(user)
        try:
            answer = found.func(request, *found.args, **found.kwargs)
        except Http404:
            return "none"
        except (Refused, NotNow, Invalid) as refused:
            return type(refused).__name__
        if answer.status_code != 405:
            return "sign in" if "/login/" in answer.headers.get("Location", "") else "there"
    raise AssertionError(address)


def test_nobody_else_finds_what_is_somebody_s(rf, things):
    stranger, nobody = given.account("may"), AnonymousUser()
    found = {
        name: (knock(rf, address, stranger), knock(rf, address, nobody))
        for name, address in addresses(things)
    }
    assert len(found) > 25
    assert found == dict.fromkeys(found, ("none", "sign in"))


def test_its_owner_finds_it(rf, things):
    owner = given.account("doi")
    pages = [f"/{where}/{thing.pk}/" for where, thing in things.items() if where != "my/inbox"]
    assert {knock(rf, page, owner) for page in pages} == {"there"}

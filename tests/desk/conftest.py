"""Browsers of the people of the story, and dossiers on the desks of Sa Pa."""

from datetime import timedelta

import pytest
from django.contrib.messages.storage.base import BaseStorage
from django.test import Client
from django.utils import timezone

from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.lib.actors import Actor
from motcua.sharing import asking
from tests import given
from tests.line import Line
from tests.remembered import remembered

DOSSIERS = Actor.system("dossiers")
NUMBER = "000196004821"


@pytest.fixture
def visitor(db):
    """A browser in which one of the demo's people has signed in; nobody for an empty key."""

    def visitor(key=""):
        return given.signed_in(key) if key else Client()

    return visitor


@pytest.fixture
def line(monkeypatch, db):
    """The population register answers as it would over the network."""
    carried = Line()
    monkeypatch.setattr(asking, "call", carried.call)
    return carried


@pytest.fixture
def arrived(db):
    """Dossiers as they arrive from another node, each a minute after the one before; nobody has looked at them yet."""

    return came


@remembered
def came(count=1, *, agency=given.SA_PA, name="Trần Hạ Mây", number=NUMBER, procedure=given.BIRTH):
    """Dossiers as another node has sent them."""
    given.country()
    version, now = given.procedure(procedure), timezone.now()
    made = [
        Dossier(
            version=version,
            case="lien_thong" if procedure == given.BIRTH else "",
            channel=2,
            agency=agency,
            origin="G22",
            applicant_name=name,
            applicant_number=number,
            contact={"email": "may@motcua.invalid", "phone": "0912345678"},
            answers=given.ANSWERS | {"mother_known": True, "child_born_on": "2026-11-02"}
            if procedure == given.BIRTH
            else {},
            sent_at=now,
            arrived_at=now + timedelta(minutes=place),
        )
        for place in range(count)
    ]
    for dossier in made:
        actions.arrive(dossier, by=DOSSIERS, papers=[])
    return made


@remembered
def received(count=1, **about):
    """The same, received."""
    made = came(count, **about)
    for dossier in made:
        actions.accept(dossier, by=given.officer("receiver"))
    return made


@pytest.fixture
def verifying(arrived):
    """A dossier about a marital status, whose facts the registrar verifies before examining it."""
    (dossier,) = arrived(procedure="1.004873", name="Lưu Thị Sim", number="000071002654")
    actions.accept(dossier, by=given.officer("receiver"))
    return dossier


@pytest.fixture
def accepted(db):
    """Dossiers Sa Pa has received, due as many hours from now as given."""

    def accepted(*hours, **about):
        made = received(len(hours), **about)
        for dossier, left in zip(made, hours, strict=True):
            dossier.due_at = timezone.now() + timedelta(hours=left)
            Dossier.objects.filter(pk=dossier.pk).update(due_at=dossier.due_at)
        return made

    return accepted


@pytest.fixture
def refused(accepted):
    """A dossier whose first request another agency has refused."""
    (dossier,) = accepted(8)
    actions.propose(dossier, by=given.officer("registrar"), opinion="Đủ điều kiện.")
    actions.refuse_step(dossier, by=DOSSIERS, key="register", reason="Số định danh của mẹ không khớp.")
    return dossier


@pytest.fixture
def to_sign(accepted):
    """A dossier all other agencies have finished with."""
    given.keys()
    (dossier,) = accepted(8)
    actions.propose(dossier, by=given.officer("registrar"), opinion="Đủ điều kiện.")
    done = {
        "register": {
            "personal_number": "000126000017",
            "full_name": "Lý Hạ An",
            "certificate_number": "1/2026",
            "registered_on": "2026-11-20",
        },
        "residence": {"registered_on": "2026-11-20", "address": "Tổ 3, phường Sa Pa"},
        "insurance": {"card_number": "TE1", "valid_from": "2026-11-20", "valid_until": "2032-11-20"},
    }
    for key, answer in done.items():
        actions.complete_step(dossier, by=DOSSIERS, key=key, answer=answer)
    return dossier


class Unsaid(BaseStorage):
    """Messages nobody reads."""

    def _get(self, *_: object, **_more: object):
        return [], True

    def _store(self, messages, response, *_: object, **_more: object):
        return []

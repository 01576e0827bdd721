"""Agencies of Lào Cai with their officers, dossiers on their desks, and the plans two administrators make of them."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.dossiers import actions as dossiers
from motcua.dossiers.models import Dossier
from motcua.exchange.messages import Message
from motcua.lib.actors import Actor
from motcua.organisations.models import Agency
from motcua.reorganisations import actions
from motcua.reorganisations.scheme import Scheme
from tests import given

DOSSIERS, MACHINE = Actor.system("dossiers"), Actor.system("reorganisations")
NUMBER = "000071002654"


@pytest.fixture
def communes(db):
    """Sa Pa, Tả Van and Bắc Hà with their officers, and the province's two administrators."""
    given.country()
    for key in ("suong", "lam", "lua", "pa", "dung", "man", "che", "xep", "chuan"):
        given.account(key)


@pytest.fixture
def lying(communes):
    """Dossiers at an agency: so many arrived, the first of them received by its own officer."""

    def lying(count=1, *, agency=given.TA_VAN, key="pa", **more):
        version, now = given.procedure(), timezone.now()
        made = [
            Dossier(
                version=version,
                case="lien_thong",
                channel=2,
                agency=agency,
                origin="G22",
                applicant_name="Lưu Thị Sim",
                applicant_number=NUMBER,
                answers={**given.ANSWERS, "child_born_on": "2026-11-02", **more},
                sent_at=now,
                arrived_at=now + timedelta(minutes=place),
            )
            for place in range(count)
        ]
        for dossier in made:
            dossiers.arrive(dossier, by=DOSSIERS, papers=[])
        if key:
            dossiers.accept(made[0], by=given.actor(key))
        return made

    return lying


def merger(**changes):
    """Tả Van goes into Sa Pa today; its chair's post ends with it."""
    content = {
        "title": "Nhập xã Tả Van vào phường Sa Pa",
        "decision": "Nghị quyết 12/NQ-HĐND",
        "on": timezone.localdate().isoformat(),
        "kind": "merge",
        "old": [{"code": given.TA_VAN, "into": given.SA_PA, "posts": [{"roles": ["chair"], "ends": True}]}],
        **changes,
    }
    return Scheme.from_content(content)


def approved(scheme):
    """The plan, written by one administrator and approved by the other."""
    plan = actions.write(Agency.objects.get(code="H38"), by=given.actor("xep"), scheme=scheme)
    actions.authorise(plan, by=given.actor("chuan"))
    return plan


def carried_out(scheme):
    """The same, after its day has come."""
    plan = approved(scheme)
    actions.carry_out(plan, by=MACHINE)
    plan.refresh_from_db()
    return plan


def message(body, *, sender, kind="dossier.state", created=None):
    """What another node tells this one."""
    return Message(
        id=uuid.uuid4(),
        kind=kind,
        sender=sender,
        recipient="G22",
        stream="",
        seq=0,
        correlation="",
        created=created or timezone.now(),
        content_type="application/json",
        attachments=(),
        body=json.dumps(body).encode(),
    )

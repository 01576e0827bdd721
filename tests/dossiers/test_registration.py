"""Household businesses: a finished registration stands in the register, and what changes is entered beside it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from motcua.dossiers import actions
from motcua.dossiers.actions.counter import Brought
from motcua.dossiers.models import Dossier, Step
from motcua.dossiers.states import Channel
from motcua.registers.business.models import Enterprise, EnterpriseVersion, enterprise_on
from motcua.registers.population.models import Reading
from tests import given
from tests.post import settle

REGISTER, CHANGE, PAUSE, END = "1.001612", "2.000720", "1.001570", "1.001266"
MAY = given.BY_KEY["may"]
ANSWERS = {
    "applicant_name": MAY.name,
    "applicant_number": MAY.number,
    "applicant_born_on": MAY.born_on,
    "applicant_residence": MAY.address,
    "applicant_phone": "0912345678",
    "business_name": "Hộ kinh doanh Quán Mây",
    "business_address": MAY.address,
    "trade": "Bán phở",
    "capital": "50000000",
    "workers": "2",
    "begins_on": timezone.localdate().isoformat(),
    "receive_by": "counter",
}
PAPERS = [
    {"paper": name, "name": name, "media": "", "size": 0, "digest": "", "copy": "original"}
    for name in ("identity", "certificate")
]


@pytest.fixture
def commune(db):
    given.country()
    given.registered("may")
    return given.account("dua")


def proposed(code=REGISTER, case="", **changes):
    """A dossier of Mây's at the counter of Sa Pa, received, paid, examined; the register has answered."""
    dossier = Dossier(
        version=given.procedure(code),
        case="person" if code == REGISTER else case,
        channel=Channel.DIRECT,
        agency=given.SA_PA,
        applicant_name=MAY.name,
        applicant_number=MAY.number,
        filing={"way": "self"},
        sent_at=timezone.now(),
    )
    brought = Brought(ANSWERS | changes, PAPERS)
    actions.receive(dossier, by=given.officer("receiver"), brought=brought)
    if code == REGISTER:
        given.pay(dossier)
    dossier.refresh_from_db()
    actions.propose(dossier, by=given.actor("dua"), opinion="Đủ điều kiện.")
    settle()
    dossier.refresh_from_db()
    return dossier


def test_a_finished_registration_stands_in_the_register_under_the_owners_number(commune):
    dossier = proposed()
    held = enterprise_on(MAY.number)
    assert (held.name, held.representative_name, held.trade, held.capital) == (
        "Hộ kinh doanh Quán Mây",
        MAY.name,
        "Bán phở",
        50_000_000,
    )
    assert (held.reference, held.agency, held.subject.registered_at) == (
        dossier.code,
        given.SA_PA,
        given.SA_PA,
    )
    assert (dossier.results["register"]["code"], dossier.turns) == (MAY.number, ["chair"])
    second = proposed()
    step = second.steps.get(key="register")
    assert (step.state, step.trouble[:29]) == (Step.State.REFUSED, "Người này đã có hộ kinh doanh")
    assert "Quán Mây" not in step.trouble
    read_for = Reading.objects.of(MAY.number).filter(service="business.register_household")
    assert list(read_for.values_list("dossier", flat=True)) == [second.code, dossier.code]
    assert Enterprise.objects.count() == 1


def test_what_changes_is_entered_and_what_was_stays_readable(commune):
    proposed()
    since = date(2025, 8, 1)
    Enterprise.objects.update(registered_on=since)
    EnterpriseVersion.objects.update(valid_from=since)
    changed = proposed(CHANGE, trade="Bán phở, cà phê")
    now, then = enterprise_on(MAY.number), enterprise_on(MAY.number, since)
    assert (now.trade, then.trade, now.name) == ("Bán phở, cà phê", "Bán phở", "Hộ kinh doanh Quán Mây")
    assert now.reference == changed.code


def test_it_is_paused_and_taken_up_again_and_ended_and_then_nothing_of_it_changes(commune):
    proposed()
    today = timezone.localdate()
    last = today + timedelta(days=60)
    proposed(PAUSE, "pause", paused_from=today.isoformat(), paused_until=last.isoformat())
    assert [enterprise_on(MAY.number, day).is_paused for day in (last, last + timedelta(days=1))] == [
        True,
        False,
    ]
    resumed = proposed(PAUSE, "resume", resumed_on=today.isoformat())
    assert (enterprise_on(MAY.number).is_paused, resumed.turns) == (False, ["chair"])
    ended = proposed(END, ended_on=today.isoformat())
    assert (enterprise_on(MAY.number).is_active, ended.results["register"]["is_active"]) == (False, False)
    step = proposed(CHANGE).steps.get(key="register")
    assert (step.state, step.trouble[:22]) == (Step.State.REFUSED, "Hộ kinh doanh này đã c")
    assert proposed(REGISTER).turns == ["chair"]

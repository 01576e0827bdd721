"""Overlays: what a place may set, what the law fixes, what a dossier keeps, and the drift report."""

import csv
import io
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given as always
from hypothesis import strategies as st

from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from motcua.lib.actors import Actor, Grant
from motcua.procedures import actions, patterns
from motcua.procedures.drift import differences
from motcua.procedures.loading import load
from motcua.procedures.localising import Key, Local, localised, refusal
from motcua.procedures.models import Overlay, Version
from motcua.procedures.polls import Poll
from motcua.procedures.proofs import faults, longest_path
from motcua.procedures.schema import Definition
from motcua.procedures.vocabulary import Channel
from tests import given
from tests.procedures.samples import MINIMAL, written

SYSTEM = Actor.system("tests")
TODAY = timezone.localdate
PROVINCE = Actor("person:1", "Quản trị tỉnh", frozenset({Grant("administrator", "H38")}))


@pytest.fixture(scope="module")
def definition(tmp_path_factory) -> Definition:
    content = load(written(tmp_path_factory.mktemp("sample"), MINIMAL)).as_content()
    cases = [{"id": name, "name": {"vi": name, "en": name}} for name in ("a", "b")]
    return Definition.from_content(
        content
        | {
            "cases": cases,
            "channels": ["online", "direct"],
            "fees": [{"amount": 50000}, {"amount": 20000, "channels": ["online"]}],
            "terms": [{"value": 5, "unit": "working_days"}],
            "pattern": "appraise",
            "steps": patterns.contents("appraise"),
            "results": [content["results"][0] | {"template": "certificate"}],
        }
    )


def test_a_fee_holds_for_the_part_it_names_and_no_other(definition):
    here = localised(definition, [Local(Key.FEE, 0, case="a", channel="online")])
    fees = {
        (case, channel): here.fee_for(case, channel).amount
        for case in ("a", "b")
        for channel in ("online", "direct")
    }
    assert fees == {
        ("a", "online"): 0,
        ("a", "direct"): 50000,
        ("b", "online"): 20000,
        ("b", "direct"): 50000,
    }


def test_the_nearer_place_wins(definition):
    here = localised(definition, [Local(Key.FEE, 10000), Local(Key.FEE, 5000, channel="direct")])
    assert (here.fee_for("a", "online").amount, here.fee_for("a", "direct").amount) == (10000, 5000)


@always(st.sampled_from(["", "a", "b"]), st.sampled_from(["", "online", "direct"]), st.integers(0, 20000))
def test_an_allowed_fee_is_never_more_than_the_nations(definition, case, channel, amount):
    local = Local(Key.FEE, amount, case=case, channel=channel)
    here = localised(definition, [local])
    assert refusal(definition, local) == ""
    for one in ("a", "b"):
        for way in ("online", "direct"):
            assert here.fee_for(one, way).amount <= definition.fee_for(one, way).amount


@always(st.integers(1, 5))
def test_a_shorter_term_shortens_the_steps_and_stays_provable(definition, days):
    local = Local(Key.TERM, days)
    here = localised(definition, [local])
    assert here.term_for("a", "online").value == days
    if refusal(definition, local) == "":
        assert longest_path(here.steps) <= days * 8
        assert [fault for fault in faults(here) if fault[0][0] in {"steps", "terms"}] == []


def test_an_office_a_holder_and_one_more_way_of_filing(definition):
    here = localised(
        definition,
        [
            Local(Key.OFFICE, {"vi": "Sở Tư pháp", "en": "Justice"}),
            Local(Key.HOLDER, "registrar", step="examine"),
            Local(Key.CHANNEL, channel="post"),
        ],
    )
    assert here.agency.vi == "Sở Tư pháp"
    assert here.step("examine").role == "registrar"
    assert here.channels[-1] == "post"
    assert (here.fee_for("a", "post").amount, here.term_for("b", "post").value) == (50000, 5)
    assert localised(here, [Local(Key.CHANNEL, channel="post")]) == here


@pytest.mark.parametrize(
    ("local", "says"),
    [
        (Local(Key.FEE, 60000), "The nation's fee is 20000 đồng"),
        (Local(Key.FEE, -1), "Write the fee as a whole number"),
        (Local(Key.FEE, "mười"), "Write the fee as a whole number"),
        (Local(Key.FEE, 0, case="c"), "The procedure has no such case"),
        (Local(Key.TERM, 6), "The law allows 5 at most. A place may be quicker, never slower."),
        (Local(Key.TERM, 0), "Write the term as a whole number."),
        (Local(Key.OFFICE, {"vi": " "}), "Write the name of the office."),
        (Local(Key.HOLDER, "registrar", step="sign"), "Only the examining steps"),
        (Local(Key.HOLDER, "chair", step="examine"), "Only the examining steps"),
        (Local(Key.HOLDER, "registrar", step="dance"), "The procedure has no such step."),
        (Local(Key.CHANNEL, channel="online"), "This way of filing is open in the whole country."),
        (Local(Key.CHANNEL, channel="pigeon"), "Choose the way of filing to open."),
    ],
)
def test_what_the_law_fixes_is_refused_in_words(definition, english, local, says):
    assert refusal(definition, local).startswith(says)


def test_a_fee_the_nation_leaves_to_the_province_may_be_any(definition):
    free = definition.model_copy(update={"fees": (definition.fees[0].model_copy(update={"amount": None}),)})
    assert refusal(free, Local(Key.FEE, 8000)) == ""


def test_a_term_without_a_unit_must_be_mended_first(definition, english):
    raw = definition.terms[0].model_copy(update={"value": None, "unit": None, "raw": "3"})
    unclear = definition.model_copy(update={"terms": (raw,)})
    assert refusal(unclear, Local(Key.TERM, 2)).startswith("The nation's term has no number")


# In the database


@pytest.fixture
def published(db, definition) -> Version:
    given.country()
    return actions.publish(definition, by=SYSTEM)


def overlay(
    published, value=10000, *, agency="H38", key="fee", since=None, decision="12/2026/NQ-HĐND", **part
):
    return Overlay(
        procedure=published.procedure,
        agency=given.agency(agency),
        key=key,
        value=value,
        decision=decision,
        effective_from=since or TODAY(),
        **part,
    )


def test_an_administrator_of_the_province_sets_a_value_for_it_and_its_communes(published):
    set_ = actions.localise(overlay(published), by=PROVINCE)
    [entry] = Entry.objects.of("procedures.OverlaySet")
    assert entry.facts == {"overlay": str(set_.pk), "code": "9.000001", "agency": "H38"}
    assert set_.set_by == "Quản trị tỉnh"
    assert published.at(given.SA_PA, TODAY()).fee_for("a", "online").amount == 10000
    assert published.at("H39.1", TODAY()) == published.definition
    actions.localise(overlay(published, 0, agency=given.SA_PA), by=PROVINCE)
    assert published.at(given.SA_PA, TODAY()).fee_for("a", "online").amount == 0
    assert published.at(given.BAC_HA, TODAY()).fee_for("a", "online").amount == 10000


@pytest.mark.parametrize(
    ("role", "place"), [("administrator", given.BAC_HA), ("chair", given.SA_PA), ("administrator", "H39")]
)
def test_nobody_sets_values_for_a_place_that_is_not_theirs(published, role, place):
    by = Actor("person:2", "Ai đó", frozenset({Grant(role, place)}))
    with pytest.raises(Refused):
        actions.localise(overlay(published, agency=given.SA_PA), by=by)
    assert Overlay.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"key": "papers"}, "key"),
        ({"decision": " "}, "decision"),
        ({"value": 60000}, "value"),
    ],
)
def test_what_does_not_hold_changes_nothing(published, changes, field):
    with pytest.raises(Invalid) as refused:
        actions.localise(overlay(published, **changes), by=PROVINCE)
    assert (refused.value.field, Overlay.objects.count()) == (field, 0)


def test_a_new_value_ends_the_one_before_and_none_overlap(published):
    old = actions.localise(overlay(published, since=TODAY() - timedelta(days=9)), by=PROVINCE)
    new = actions.localise(overlay(published, 5000), by=PROVINCE)
    old.refresh_from_db()
    assert (old.effective_until, new.effective_until) == (TODAY(), None)
    assert published.at("H38", TODAY() - timedelta(days=1)).fee_for("a", "online").amount == 10000
    with pytest.raises(Invalid):
        actions.localise(overlay(published, 1, since=TODAY() - timedelta(days=5)), by=PROVINCE)
    with pytest.raises(IntegrityError), transaction.atomic():
        overlay(published, 7).save()


def test_a_value_ends_and_the_nations_holds_again(published):
    set_ = actions.localise(overlay(published, since=TODAY() - timedelta(days=9)), by=PROVINCE)
    with pytest.raises(Invalid):
        actions.restore(set_, by=PROVINCE, on=TODAY() - timedelta(days=20))
    actions.restore(set_, by=PROVINCE, on=TODAY())
    assert published.at("H38", TODAY()) == published.definition
    with pytest.raises(Invalid):
        actions.restore(set_, by=PROVINCE, on=TODAY())
    assert Entry.objects.of("procedures.OverlayEnded").get().facts["on"] == TODAY().isoformat()


def test_the_report_says_national_local_since_and_decision(published, english, django_assert_num_queries):
    actions.localise(overlay(published, channel="online"), by=PROVINCE)
    actions.localise(overlay(published, 2, key="term"), by=PROVINCE)
    actions.localise(overlay(published, "registrar", key="holder", step="examine"), by=PROVINCE)
    rows = Overlay.objects.select_related("procedure", "agency").order_by("key")
    with django_assert_num_queries(2):
        found = list(differences(rows, TODAY()))
    assert [(one.what, one.part, one.national, one.local) for one in found] == [
        ("Fee", "Online", "20,000 đ", "10,000 đ"),
        ("Who holds a step", "Appraise the dossier", "Specialist", "Civil-status officer"),
        ("Term", "", "5 working days", "2 working days"),
    ]
    out = io.StringIO()
    call_command("procedures", "drift", "--csv", stdout=out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert ("H38", "10,000 đ", "12/2026/NQ-HĐND") in {
        (row["agency"], row["local"], row["decision"]) for row in rows
    }


def test_what_another_node_tells_is_kept_once(published):
    told = overlay(published)
    actions.keep_overlay(told, by=SYSTEM)
    again = overlay(published)
    again.pk, again.effective_until = told.pk, TODAY() + timedelta(days=3)
    actions.keep_overlay(again, by=SYSTEM)
    kept = Overlay.objects.get()
    assert (kept.value, kept.effective_until) == (10000, TODAY() + timedelta(days=3))


def test_a_place_opens_the_online_way_only_with_the_assent_of_its_users(definition, db, monkeypatch):
    node = settings.NODE.model_copy(update={"bank_account": "970499 0000000000019 KHO BAC THU"})
    monkeypatch.setattr(settings, "NODE", node)
    offline = definition.model_copy(
        update={"channels": (Channel.DIRECT,), "fees": definition.fees[:1], "code": "9.000003"}
    )
    version = actions.publish(offline, by=SYSTEM)
    opens = overlay(version, None, key="channel", channel="online")
    with pytest.raises(Invalid) as refused:
        actions.localise(opens, by=PROVINCE)
    assert (refused.value.field, Overlay.objects.exists()) == ("channel", False)
    today = TODAY()
    poll = Poll(
        procedure=version.procedure, question="?", whom="Hội", begins_on=today, ends_on=today, asked=9
    )
    asker = Actor("person:8", "Quản trị", frozenset({Grant("administrator", settings.NODE.national)}))
    actions.open_poll(poll, by=asker)
    actions.count_poll(poll, by=asker, answered=8, assented=6, document="Báo cáo 1")
    actions.localise(opens, by=PROVINCE)
    assert "online" in version.at("H38", today).channels

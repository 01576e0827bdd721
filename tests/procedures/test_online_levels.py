"""Levels 1 to 4, the whole service or a part of it: by the rules of the day, from what the procedure itself asks."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.lib.actors import Actor
from motcua.procedures.actions import publish, take_over
from motcua.procedures.loading import load
from motcua.procedures.models import Version
from motcua.procedures.online_levels import counted, rule_sets, rules_called, rules_on
from motcua.procedures.readiness import Hindrance
from tests.procedures.samples import ON, portal, written

SYSTEM = Actor.system("tests")


@pytest.mark.parametrize(
    ("day", "called"),
    [
        ((2009, 1, 1), "levels"),
        ((2019, 12, 31), "levels"),
        ((2022, 8, 14), "levels"),
        ((2022, 8, 15), "whole_or_part"),
        ((2026, 6, 30), "whole_or_part"),
        ((2026, 7, 1), "whole_by_default"),
    ],
)
def test_each_day_has_its_rules(day, called):
    assert rules_on(dt.date(*day)).id == called


@pytest.mark.parametrize(
    ("hindrances", "levels"),
    [
        ([], ["level_4", "whole", "whole"]),
        (["paper_result"], ["level_4", "whole", "part"]),
        (["fee_unknown"], ["level_3", "part", "part"]),
        (["site"], ["level_4", "part", "part"]),
        (["certified"], ["level_2", "part", "part"]),
        (["no_channel"], ["level_2", "information", "information"]),
        (["questions", "register"], ["level_4", "whole", "whole"]),
    ],
)
def test_what_keeps_it_back_decides_the_level(hindrances, levels):
    version = Version(readiness="full", hindrances=hindrances, has_forms=True)
    assert [rules.level_of(version).id for rules in rule_sets()] == levels


def test_without_a_form_to_download_it_is_only_information():
    bare = Version(readiness="none", hindrances=["no_channel"], has_forms=False)
    assert rules_on(dt.date(2019, 1, 1)).level_of(bare).id == "level_1"


@given(st.sets(st.sampled_from([str(one) for one in Hindrance])), st.booleans(), st.sampled_from(rule_sets()))
@settings(max_examples=60)
def test_one_hindrance_more_never_raises_the_level(hindrances, has_forms, rules):
    order = [level.id for level in rules.levels]
    level = rules.level_of(Version(readiness="x", hindrances=list(hindrances), has_forms=has_forms))
    for more in Hindrance:
        worse = Version(readiness="x", hindrances=[*hindrances, str(more)], has_forms=has_forms)
        assert order.index(rules.level_of(worse).id) >= order.index(level.id)


def test_counting_in_the_database_agrees_with_judging_each(db, tmp_path, django_assert_num_queries):
    publish(load(written(tmp_path)), by=SYSTEM)
    paper = {"papers": [{"id": "p", "name": {"vi": "Đơn"}, "template": "don.docx"}]}
    take_over([portal("9.000002", "Thủ tục hai"), portal("9.000003", "Thủ tục ba", **paper)], by=SYSTEM)
    versions = Version.objects.in_force(ON)
    for rules in rule_sets():
        with django_assert_num_queries(1):
            found = counted(versions, rules)
        each = [rules.level_of(version).id for version in versions]
        assert {one.level.id: one.number for one in found} == {
            level.id: each.count(level.id) for level in rules.levels
        }
    assert [(one.level.id, one.number, one.offered) for one in counted(versions, rules_called("levels"))] == [
        ("level_4", 1, 1),
        ("level_3", 0, 0),
        ("level_2", 1, 0),
        ("level_1", 1, 0),
    ]

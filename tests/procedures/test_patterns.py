"""The patterns: few machines, each proven when it is read."""

import pytest
from django.utils import translation

from motcua.procedures import loading, patterns, proofs, runs
from motcua.procedures.reading import Document, Faulty
from motcua.procedures.schema import Definition, Step
from tests.procedures.samples import written

SMALL = """\
name: {vi: Thử, en: Sample}
about: {vi: Để thử, en: For trial}
days: 2
steps:
  - {use: receive, hours: 1}
  - {use: examine, hours: 8, after: [receive]}
  - {use: sign, hours: 4, after: [examine]}
  - {use: deliver, after: [sign]}
"""


def doubts(tmp_path, old="", new=""):
    assert old in SMALL
    path = written(tmp_path, SMALL.replace(old, new, 1))
    with translation.override("en"):
        try:
            patterns.proven(Document.read(path, shown_as="p.yaml"))
        except Faulty as faulty:
            return [str(fault).partition(": ")[2] for fault in faulty.faults]
    return []


def test_there_are_seventeen_and_all_are_proven():
    assert len(patterns.names()) == 17
    for name in patterns.names():
        assert patterns.pattern(name).steps[0].id == "receive"


def test_a_sound_pattern_has_no_fault(tmp_path):
    assert doubts(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("days: 2", "days: 1", "days: the longest way takes 13 working hours, but only 8 are allowed"),
        ("{use: examine,", "{use: exams,", "steps: there is no “exams”; choose one of: appraise, archives"),
        ("after: [examine]", "after: [sign]", "steps[3].after: is never reached: steps wait for each other"),
        ("after: [receive]", "after: [nobody]", "steps[2].after: there is no step ['nobody']"),
        ("after: [examine]", "after: [receive]", "steps: must end in one step, but ends in deliver, examine"),
        (
            "hours: 4, after: [examine]",
            "hours: 4, after: [receive]",
            "steps[2]: the result would be signed without waiting for this step",
        ),
        ("{use: examine,", "{use: examine, role: null,", "steps[2]: a human step names its `role`"),
        ("hours: 1}", "hours: 1, verbs: [complete]}", "steps: must begin with one step in which the desk"),
        (
            "hours: 4, after",
            "verbs: [sign, propose], hours: 4, after",
            "steps[3]: needs one verb that leads on: accept, complete, propose or sign",
        ),
        (
            "use: examine, hours: 8,",
            "use: examine, hours: 8, verbs: [complete],",
            "steps[3]: has no step before it to return to",
        ),
        (
            "use: examine, hours: 8,",
            "use: examine, hours: 8, back: receive,",
            "steps[2]: has no step before it to return to",
        ),
        (
            "use: examine, hours: 8,",
            "use: lookup, id: examine, back: receive,",
            "steps[2]: `back` belongs to a step that people do",
        ),
        (
            "use: examine, hours: 8,",
            "use: consult, id: examine, hours: 8, verbs: [propose],",
            "steps[2]: a consultation ends with `complete`",
        ),
        (
            "use: examine, hours: 8,",
            "use: examine, hours: 8, kind: consult,",
            "steps[2]: `asks` says whom a step of kind consult or above asks, and belongs to no other",
        ),
        ("{use: sign,", "{use: draft, id: sign,", "steps: must have one step"),
    ],
)
def test_an_unsound_pattern_is_told_why(tmp_path, old, new, fault):
    assert any(said.startswith(fault) for said in doubts(tmp_path, old, new)), doubts(tmp_path, old, new)


def test_a_pattern_that_does_not_exist_is_not_found():
    with pytest.raises(KeyError):
        patterns.pattern("coin_toss")


def test_a_loop_back_leads_to_the_nearest_proposal_or_to_the_step_named():
    steps = patterns.pattern("consult_several").steps
    sign = next(step for step in steps if step.id == "sign")
    assert runs.goes_back_to(sign, steps) == "draft"
    named = sign.model_copy(update={"back": "appraise"})
    assert runs.goes_back_to(named, [*steps[:-2], named]) == "appraise"


@pytest.mark.parametrize(
    ("level", "named", "within", "found"),
    [
        ("commune", "", "", []),
        ("province", "", "", []),  # a department of it has it above
        ("ministry", "", "", [("steps", 2, "agency")]),
        ("ministry", "G09", "", [("steps", 2, "steps", 2, "agency")]),
        ("ministry", "G09", "G15", []),
    ],
)
def test_a_ministry_names_who_decides_above_it(tmp_path, level, named, within, found):
    def above(name, **more):
        steps = patterns.contents("decided_above")
        steps[2] |= {"agency": name, **more} if name else more
        return steps

    inner = {"steps": above(within), "hours": 90} if named else {}
    terms = [{"value": 30, "unit": "working_days"}]
    content = loading.load(written(tmp_path)).as_content()
    content |= {"steps": above(named, **inner), "levels": [level], "terms": terms, "results": []}
    places = [place for place, _says in proofs.step_faults(Definition.from_content(content))]
    assert places == found


def test_what_a_procedure_says_otherwise_than_its_pattern_can_be_told():
    steps = patterns.pattern("appraise").steps
    longer = (steps[0], steps[1].model_copy(update={"hours": 24.0}), *steps[2:])
    assert patterns.differences("appraise", longer) == {"examine": {"hours": 24.0}}
    assert patterns.differences("appraise", steps) == {}
    assert patterns.differences("appraise", steps[1:]) is None
    without = Step.model_validate(steps[0].model_dump() | {"verbs": ()})
    assert patterns.differences("appraise", (without, *steps[1:])) is None


def test_a_file_keeps_the_name_of_its_pattern():
    assert loading.load(loading.CATALOGUE / "1.004873.yaml").pattern == "verify"

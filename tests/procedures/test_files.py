"""Procedure files: read with the line of everything, filled in, validated, proven."""

import datetime as dt
import json

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from motcua.procedures import loading, writing
from motcua.procedures.json_schema import form_schema
from motcua.procedures.order import in_order
from motcua.procedures.reading import Document, Faulty, spelled
from motcua.procedures.schema import Definition, Step, Text
from motcua.procedures.vocabulary import Channel, FieldType, StepKind, Unit
from tests.procedures.samples import MINIMAL, bent, written


def faults(tmp_path, text):
    with translation.override("en"), pytest.raises(Faulty) as refused:
        loading.load(written(tmp_path, text), shown_as="sample.yaml")
    return [str(fault) for fault in refused.value.faults]


def test_a_good_file_is_a_definition(tmp_path):
    definition = loading.load(written(tmp_path))
    assert definition.code == "9.000001"
    assert definition.version == dt.date(2026, 7, 1)
    assert definition.cut_off_time == dt.time(15)
    assert definition.is_offered
    assert [step.id for step in definition.steps_for(None)] == ["receive", "ask", "sign", "deliver"]
    assert definition.step("ask").holder == "G01"
    assert definition.result("KQ.G15.999999").name.en == "Sample"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"9.000001"', "9.000001", "sample.yaml:1: code: must be text: put it in quotes"),
        ('"9.000001"', '"9.1"', r"sample.yaml:1: code: “9.1” is not of the form ^\d\.\d{6}$"),
        (
            "max: 20",
            "mux: 20",
            "sample.yaml:18: form[1].fields[1].mux: no such key: check its spelling, or take it out",
        ),
        (
            "levels: [commune]",
            "levels: [district]",
            (
                "sample.yaml:6: levels[1]: “district” is not known; choose one of:"
                " 'ministry', 'province', 'commune' or 'other'"
            ),
        ),
        ("levels: [commune]\n", "", "sample.yaml:1: levels: is missing: add it"),
        (
            "role: receiver",
            "agency: G01",
            (
                "sample.yaml:22: steps[1]: a human step names its `role`, a service step its `agency` and `service`,"
                " an automatic step none of them"
            ),
        ),
        (
            "kind: full",
            "kind: partial",
            "sample.yaml:7: online: a service that is only partly online must publish its reason: add `reason`",
        ),
        (
            "type: text, max",
            "type: choice, max",
            "sample.yaml:18: form[1].fields[1]: `choices` belong to a field of type choice, and to no other",
        ),
        (
            "max: 20",
            'pattern: "["',
            (
                "sample.yaml:18: form[1].fields[1]: the pattern is no regular expression: unterminated character set"
                " at position 0"
            ),
        ),
        (
            "form.name",
            "form.name + 1",
            (
                "sample.yaml:36: steps[2].inputs.name: “form.name + 1” is not of the form"
                r" ^(form\.[a-z0-9_]+|dossier\.(code|case|agency|submitted_on)|applicant\.(number|name)"
                r"|results\.[a-z0-9_]+\.[a-z0-9_]+|papers\.[a-z0-9_]+)$"
            ),
        ),
        (
            "decision:",
            "code: again\ndecision:",
            "sample.yaml:3: code: this key stands twice: keep one of them",
        ),
    ],
)
def test_a_misshapen_file_is_told_where_and_how_to_mend_it(tmp_path, old, new, fault):
    assert faults(tmp_path, bent(old, new)) == [fault]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("en: Sample licence", "en: ''", "sample.yaml:4: name.en: has no English: add `en`"),
        ("id: spouse", "id: name", "form[1].fields[1].id: “name” stands more than once: give each its own"),
        ("{id: photo,", "{id: photo, cases: [other],", "papers[1].cases: there is no case “other”"),
        (
            "{id: photo,",
            "{id: photo, unnecessary_if: land.right,",
            "papers[1].unnecessary_if: no register has a service “land.right” for this; choose one of: business.enterprise,",
        ),
        (
            "{id: photo,",
            "{id: photo, unnecessary_if: civil.register_birth,",
            "papers[1].unnecessary_if: no register has a service “civil.register_birth” for this",
        ),
        (
            "{id: photo,",
            "{id: photo, inputs: {code: form.nothing},",
            "papers[1].inputs: say with `unnecessary_if` which register they are for",
        ),
        (
            "{id: photo,",
            "{id: photo, unnecessary_if: civil.birth, inputs: {personal_number: form.nothing},",
            "papers[1].inputs.personal_number: the form does not ask “nothing”",
        ),
        ("max: 20", "prefill: land.right.owner", "no register has a service “land.right” for this"),
        (
            "service: population.person",
            "service: land.enter",
            "steps[2].service: no register has a service “land.enter”",
        ),
        (
            "field: married",
            "field: single",
            "form[1].fields[3].when: no question “single” is asked before this one",
        ),
        ("is: true", "is: sometimes", "form[1].fields[3].when: “married” can never be ['sometimes']"),
        ("type: yesno", "type: yesno, checks: [{rule: not_future}]", "“not_future” is a rule for dates"),
        ("max: 20", "checks: [{rule: min}]", "`value` must be a number for min_age"),
        ("max: 20", "checks: [{rule: different_from}]", "`value` must name a question"),
        (
            "max: 20",
            "checks: [{rule: different_from, value: who}]",
            "no question “who” is asked before this one",
        ),
        ("after: [ask]", "after: [asked]", "steps[4].after: there is no step ['asked']"),
        ("    verbs: [accept]\n", "", "steps[1]: a human step needs `verbs` and `hours`"),
        (
            "after: [receive]",
            "after: [deliver]",
            "steps[2].after: is never reached: steps wait for each other",
        ),
        ("after: [ask]", "after: [receive]", "steps: must end in one step, but ends in ask, deliver"),
        ("hours: 8", "hours: 19", "steps: the longest way takes 25 working hours, but only 24 are allowed"),
        (
            "terms: [{value: 3, unit: working_days}]",
            "terms: [{raw: soon}]",
            "terms: no term for filing “online”",
        ),
        ("form.name", "form.age", "steps[2].inputs.name: the form does not ask “age”"),
        ("papers.photo", "papers.scan", "steps[2].inputs.photo: no paper “scan” is asked for"),
        (
            "applicant.number",
            "results.deliver.number",
            "steps[2].inputs.personal_number: step “deliver” is not done before this one",
        ),
        ("issued_by: deliver", "issued_by: print", "results[1].issued_by: there is no step “print”"),
        ("fees: [{amount: 0}]", "fees: []", "fees: is missing: add it"),
        ("fees: [{amount: 0}]", "fees: [{amount: 0, channels: [post]}]", "fees: no fee for filing “online”"),
        ("decision: 1/QĐ-THU\n", "", "decision: is missing: add it"),
    ],
)
def test_what_cannot_work_is_proven_before_use(tmp_path, old, new, fault):
    assert any(fault in found for found in faults(tmp_path, bent(old, new)))


def test_a_term_in_calendar_days_is_shorter_than_it_looks(tmp_path):
    fault = faults(tmp_path, bent("value: 3, unit: working_days", "value: 1, unit: days"))
    assert fault == [
        "sample.yaml:21: steps: the longest way takes 14 working hours, but only 0 are allowed (case -, filing online)"
    ]


def test_text_that_is_no_yaml_is_a_fault_like_others(tmp_path):
    assert faults(tmp_path, "code: [") == [
        "sample.yaml:1: YAML: expected the node content, but found '<stream end>'"
    ]
    assert faults(tmp_path, "- code") == ["sample.yaml:1: YAML: write `key: value` lines"]


def steps_from(pattern, changes=""):
    before, _steps, rest = MINIMAL.partition("steps:\n")
    return f"{before}pattern: {pattern}\n{changes}results:\n{rest.partition('results:\n')[2]}"


def test_a_pattern_brings_the_steps_and_the_file_says_what_differs(tmp_path):
    text = steps_from("at_once", "steps:\n  examine: {hours: 3}\n")
    definition = loading.load(written(tmp_path, text))
    assert [(step.id, step.hours) for step in definition.steps] == [
        ("receive", 1),
        ("examine", 3),
        ("sign", 2),
        ("deliver", 0),
    ]


def test_a_file_says_what_differs_as_far_up_as_the_steps_go():
    definition = loading.load(loading.CATALOGUE / "1.015027.yaml")
    province = definition.step("above").steps
    ministry = province[2].steps
    assert [[(one.id, one.hours, one.agency) for one in steps] for steps in (province, ministry)] == [
        [("receive", 2, None), ("verify", 54, None), ("above", 240, "G01"), ("deliver", 0, None)],
        [("receive", 2, None), ("examine", 206, None), ("sign", 32, None), ("deliver", 0, None)],
    ]
    again = Document.parsed(writing.written(definition), shown_as="again.yaml")
    assert loading.shaped(again) == definition


def test_a_fault_in_a_changed_step_is_at_the_line_of_the_change(tmp_path):
    assert faults(tmp_path, steps_from("at_once", "steps:\n  examine: {hours: many}\n")) == [
        "sample.yaml:23: steps[2].hours: Input should be a valid number"
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            steps_from("at_once", "steps:\n  exam: {hours: 3}\n"),
            "sample.yaml:23: steps.exam: the pattern has no such step",
        ),
        (
            steps_from("at_once", "steps:\n  examine:\n    steps: {sign: {hours: 3}}\n"),
            "sample.yaml:24: steps.examine.steps.sign: the pattern has no such step",
        ),
        (
            steps_from("nothing"),
            (
                "sample.yaml:21: pattern: there is no “nothing”; choose one of: acknowledge, appraise, at_once, consult_agency,"
                " consult_several, council, decided_above, exam, interconnected, opinions, posting, register_check, registration, reissue,"
                " site_visit, two_levels, verify"
            ),
        ),
        (
            steps_from("at_once", "steps: [examine]\n"),
            "sample.yaml:22: steps: with a pattern, write `step id: what differs`",
        ),
    ],
)
def test_a_pattern_misused_is_a_fault(tmp_path, text, fault):
    assert faults(tmp_path, text) == [fault]


def test_common_questions_and_lists_are_taken_by_name(tmp_path):
    text = bent("form:\n", "form:\n  - use: receiving\n    title: {vi: Nhận, en: Receive}\n").replace(
        "type: text, max: 20", "type: choice, choices: ethnicities"
    )
    definition = loading.load(written(tmp_path, text))
    assert definition.form[0].id == "receiving"
    assert definition.form[0].title.en == "Receive"
    assert len(definition.fields_by_id["name"].choices) == 54


@pytest.mark.parametrize("path", loading.catalogue_files(), ids=lambda path: path.stem)
def test_each_file_of_the_catalogue_is_without_fault(path):
    assert loading.load(path).code == path.stem


def test_the_birth_group_is_one_form_three_agencies_and_three_papers():
    birth = loading.load(loading.CATALOGUE / "2.000986.yaml")
    term = birth.term_for("lien_thong", Channel.ONLINE)
    assert (term.value, term.unit, term.working_hours) == (3, Unit.WORKING_DAYS, 24)
    assert [(step.id, step.holder, step.after) for step in birth.steps_for("lien_thong")] == [
        ("receive", "receiver", ()),
        ("examine", "registrar", ("receive",)),
        ("register", "G15", ("examine",)),
        ("residence", "G01", ("register",)),
        ("insurance", "G24", ("register",)),
        ("sign", "chair", ("residence", "insurance")),
        ("deliver", "", ("sign",)),
    ]
    assert [result.code for result in birth.results] == ["KQ.G15.000031", "KQ.G01.000065", "KQ.G18.000047"]
    assert birth.fee_for("lien_thong", Channel.DIRECT).amount == 0


def test_the_birth_form_asks_what_the_law_wants_to_know():
    # Luật Hộ tịch 60/2014, điều 14.
    asked = loading.load(loading.CATALOGUE / "2.000986.yaml").fields_by_id.keys()
    child = {
        "surname",
        "middle_name",
        "given_name",
        "sex",
        "born_on",
        "born_in",
        "home_town",
        "ethnicity",
        "nationality",
    }
    parent = {"number", "name", "birth_year", "ethnicity", "nationality", "residence"}
    assert {f"child_{name}" for name in child} <= asked
    assert {f"{who}_{name}" for who in ("mother", "father") for name in parent} <= asked


@pytest.mark.parametrize("path", loading.catalogue_files(), ids=lambda path: path.stem)
def test_a_definition_survives_json_unchanged(path):
    definition = loading.load(path)
    assert Definition.from_content(json.loads(json.dumps(definition.as_content()))) == definition


texts = st.builds(Text, vi=st.text(min_size=1, max_size=20), en=st.text(max_size=20))


@given(texts, texts, st.sampled_from(sorted(Unit)), st.integers(0, 400))
def test_whatever_a_definition_says_it_says_after_the_round_trip(name, field, unit, value):
    definition = Definition.from_content(
        {
            "code": "1.000000",
            "version": "2026-01-01",
            "name": name.model_dump(),
            "field": field.model_dump(),
            "levels": ["commune"],
            "online": {"kind": "full"},
            "audience": {"who": ["citizen"]},
            "terms": [{"value": value, "unit": unit}],
        }
    )
    assert Definition.from_content(definition.as_content()) == definition


@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=8).flatmap(
        lambda waits: st.permutations(list(enumerate(waits)))
    )
)
def test_steps_come_after_what_they_wait_for_however_they_are_written(written_steps):
    steps = [
        Step(
            id=f"s{number}",
            name=Text(vi="x"),
            kind=StepKind.AUTOMATIC,
            after=tuple(f"s{n}" for n in range(max(0, number - wait), number)),
            citizen_reads=Text(vi="x"),
        )
        for number, wait in written_steps
    ]
    ordered = in_order(steps)
    assert sorted(step.id for step in ordered) == sorted(step.id for step in steps)
    for place, step in enumerate(ordered):
        assert {*step.after} <= {earlier.id for earlier in ordered[:place]}


def test_a_step_left_out_of_a_case_is_waited_past(tmp_path):
    text = bent("papers:", "cases: [{id: a, name: {vi: A, en: A}}, {id: b, name: {vi: B, en: B}}]\npapers:")
    definition = loading.load(written(tmp_path, text.replace("hours: 8", "hours: 8\n    cases: [a]")))
    assert [(step.id, step.after) for step in definition.steps_for("b")] == [
        ("receive", ()),
        ("sign", ("receive",)),
        ("deliver", ("sign",)),
    ]


def test_the_most_precise_line_wins(tmp_path):
    text = bent("fees: [{amount: 0}]", "fees: [{amount: 5000}, {amount: 1000, channels: [online]}]")
    definition = loading.load(written(tmp_path, text))
    assert definition.fee_for(None, Channel.ONLINE).amount == 1000
    assert definition.fee_for(None, Channel.POST).amount == 5000


def test_the_reader_gets_vietnamese_where_there_is_no_english():
    assert Text(vi="Họ").said_in("en") == "Họ"
    assert Text(vi="Họ", en="Surname").said_in("en-gb") == "Surname"
    assert Text(vi="Họ", en="Surname").said_in("vi") == "Họ"


def test_places_are_counted_from_one():
    assert spelled(("steps", 2, "hours")) == "steps[3].hours"
    assert spelled(()) == "-"


def test_a_document_knows_the_line_of_the_nearest_thing(tmp_path):
    document = Document.read(written(tmp_path))
    assert document.line_of(("steps", 1, "inputs", "name")) == 36
    assert document.line_of(("steps", 1, "nothing")) == document.line_of(("steps", 1))


def test_the_form_as_json_schema_requires_what_is_always_asked(tmp_path):
    schema = form_schema(loading.load(written(tmp_path)))
    assert schema["required"] == ["name", "married"]
    assert schema["properties"]["name"] == {"title": "Tên", "type": "string", "maxLength": 20}
    assert schema["allOf"] == [
        {
            "if": {"allOf": [{"properties": {"married": {"const": True}}, "required": ["married"]}]},
            "then": {"required": ["spouse"]},
            "else": {"properties": {"spouse": False}},
        }
    ]


def test_every_kind_of_question_has_its_schema():
    birth = form_schema(loading.load(loading.CATALOGUE / "2.000986.yaml"), "lien_thong")
    assert birth["properties"]["child_sex"]["oneOf"] == [
        {"const": "female", "title": "Nữ"},
        {"const": "male", "title": "Nam"},
    ]
    assert birth["properties"]["mother_birth_year"]["minimum"] == 1920
    passport = form_schema(loading.load(loading.CATALOGUE / "1.001456.yaml"), "adult")
    assert "child_number" not in passport["properties"]
    assert passport["properties"]["old_number"]["pattern"] == "^(?:[A-Z][0-9]{7,8})$"
    assert {*FieldType} == {field.type for field in every_field()} | {FieldType.LONG}


def every_field():
    return [field for path in loading.catalogue_files() for field in loading.load(path).fields_by_id.values()]

"""The process drawn, and what a service step hands over."""

from motcua.procedures.inputs import resolve
from motcua.procedures.loading import CATALOGUE, load
from motcua.procedures.picture import picture
from tests.procedures.samples import written

BIRTH = load(CATALOGUE / "2.000986.yaml")


def test_steps_that_need_not_wait_for_each_other_share_a_stage():
    drawn = picture(BIRTH, "lien_thong")
    assert [[box.id for box in stage.boxes] for stage in drawn.stages] == [
        ["receive"],
        ["examine"],
        ["register"],
        ["residence", "insurance"],
        ["sign"],
        ["deliver"],
    ]
    assert [stage.is_parallel for stage in drawn.stages] == [False, False, False, True, False, False]
    assert [box.lane for box in drawn.stages[3].boxes] == [0, 1]
    assert drawn.lanes == 2


def test_each_box_says_when_it_begins_and_ends_at_the_latest():
    drawn = picture(BIRTH, "lien_thong")
    assert [(box.id, box.starts, box.ends) for box in drawn.boxes] == [
        ("receive", 0, 1),
        ("examine", 1, 4),
        ("register", 4, 6),
        ("residence", 6, 22),
        ("insurance", 6, 22),
        ("sign", 22, 24),
        ("deliver", 24, 24),
    ]
    assert drawn.hours == 24


def test_inputs_are_looked_up_where_the_file_says(tmp_path):
    step = load(written(tmp_path)).step("ask")
    facts = {"applicant": {"number": "001"}, "form": {"name": "An"}, "papers": {}}
    assert resolve(step.inputs, facts) == {"personal_number": "001", "name": "An", "photo": None}


def test_an_answer_of_an_earlier_step_is_an_input_of_a_later_one():
    facts = {"results": {"register": {"personal_number": "001226000001"}}, "form": {"child_address": "Sa Pa"}}
    assert resolve(BIRTH.step("residence").inputs, facts) == {
        "personal_number": "001226000001",
        "household_of": None,
        "address": "Sa Pa",
        "dossier": None,
    }

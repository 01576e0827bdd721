"""The steps of a definition, changed without touching its file: hours and posts, one step, a new one, those decided above."""

import pytest
from django.utils import translation

from motcua.procedures import proofs, runs, step_editing
from motcua.procedures.loading import catalogue_files, load, shaped
from motcua.procedures.part_editing import Way, put_ways, ways
from motcua.procedures.picture import picture
from motcua.procedures.reading import Document, Faulty
from motcua.procedures.step_editing import add_step, put_pattern, put_step, put_steps, remove_step, step_of
from motcua.procedures.vocabulary import Unit
from motcua.procedures.writing import written
from tests.procedures import samples


@pytest.fixture(scope="module")
def appraised():
    """A procedure with the steps of a pattern: receive, examine, sign, deliver."""
    return of("1.013859", "appraise")


@pytest.fixture(scope="module")
def above():
    """The same decided above, with more time."""
    definition = of("1.013859", "decided_above")
    grid = {cell: Way(way.amount, 30, Unit.WORKING_DAYS) for cell, way in ways(definition).items()}
    return put_ways(definition, definition.channels, grid)


def of(code, pattern):
    found = load(next(path for path in catalogue_files() if path.stem == code))
    return put_pattern(found, pattern)


def read_back(definition):
    return shaped(Document.parsed(written(definition), shown_as=""))


def order(definition, *within):
    return {step.id: step.after for step in runs.part_of(definition, within).steps}


def test_steps_take_other_hours_or_another_pattern(tmp_path, appraised):
    definition = load(samples.written(tmp_path))
    longer = put_steps(
        definition, {"sign": {"hours": 6.5, "role": "chair"}, "ask": {"hours": 3.0, "role": "clerk"}}
    )
    assert {step.id: (step.hours, step.role) for step in longer.steps}["sign"] == (6.5, "chair")
    assert {step.id: (step.hours, step.role) for step in longer.steps}["ask"] == (3.0, None)
    assert put_pattern(appraised, "appraise") == appraised
    other = put_pattern(appraised, "at_once")
    assert (other.pattern, other.step("examine").role, other.results[0].issued_by) == (
        "at_once",
        "registrar",
        "sign",
    )
    with pytest.raises(Faulty):
        put_pattern(definition, "dance")


def test_a_step_is_added_after_another_or_beside_it_and_left_out_again(appraised):
    visited = add_step(appraised, "visit", use="visit", at="examine")
    assert order(visited) == order(appraised) | {"visit": ("examine",), "sign": ("visit",)}
    assert (visited.pattern, "pattern:" in written(visited)) == (None, False)
    asked = add_step(visited, "police", use="consult", at="visit", beside=True)
    assert order(asked) == order(visited) | {"police": ("examine",), "sign": ("visit", "police")}
    assert picture(asked).lanes == 2
    assert read_back(asked) == asked
    again = remove_step(remove_step(asked, ("police",)), ("visit",))
    assert again == appraised.model_copy(update={"pattern": None})
    unsigned = remove_step(appraised, ("sign",))
    assert (order(unsigned)["deliver"], unsigned.results[0].issued_by) == (("examine",), None)


def test_a_loop_back_is_written_and_ends_with_the_step_it_leads_to(appraised):
    longer = add_step(appraised, "visit", use="visit", at="receive")
    loop = put_step(longer, ("sign",), {"back": "visit"})
    assert (loop.step("sign").back, picture(loop).boxes[-2].back) == ("visit", "visit")
    assert read_back(loop) == loop
    assert remove_step(loop, ("visit",)).step("sign").back is None
    # What only says more than its pattern is still written by it.
    kept = put_step(appraised, ("sign",), {"back": "examine"})
    assert (kept.pattern, read_back(kept)) == ("appraise", kept)


def test_what_is_decided_above_has_another_pattern_or_steps_of_its_own(above):
    other = put_step(above, ("above",), {"process": "at_once", "hours": 8.0})
    assert step_editing.pattern_of(other.step("above").steps) == "at_once"
    assert "process: at_once" in written(other)
    own = add_step(other, "council", use="council", at="examine", within=("above",))
    own = put_step(own, ("above", "council"), {"hours": 24.0, "back": "examine"})
    assert order(own, "above")["sign"] == ("council",)
    assert (step_of(own, ("above", "council")).back, step_editing.pattern_of(own.step("above").steps)) == (
        "examine",
        "",
    )
    for one in (other, own):
        assert read_back(one) == one
    with translation.override("en"):
        faults = step_editing.faults_by_step(own)
    assert faults[("above",)] == [
        (("hours",), "the longest way above takes 31 working hours, but the step allows only 8")
    ]
    unsigned = step_editing.faults_by_step(put_step(own, ("above", "sign"), {"verbs": []}))
    assert ("above", "sign") in unsigned
    assert remove_step(own, ("above", "council")) == other
    assert put_pattern(own, "at_once", within=("above",)) == other


@pytest.mark.parametrize(
    "change",
    [
        lambda one: add_step(one, "sign", use="visit", at="examine"),
        lambda one: add_step(one, "more", use="dance", at="examine"),
        lambda one: add_step(one, "more", use="visit", at="nobody"),
        lambda one: remove_step(one, ("nobody",)),
        lambda one: put_step(one, ("sign",), {"process": "dance"}),
        lambda one: put_step(one, ("sign",), {"role": None}),
    ],
)
def test_what_has_no_shape_is_refused(appraised, change):
    with pytest.raises(Faulty):
        change(appraised)


def test_a_new_step_of_any_kind_can_be_published_as_it_comes(above):
    """But for what is there once in each procedure."""
    for use in step_editing.kinds_of_step().keys() - {"receive", "sign", "above"}:
        more = add_step(above, "one_more", use=use, at="verify")
        assert (use, list(proofs.blocking(more))) == (use, [])

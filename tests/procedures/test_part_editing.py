"""Facts, papers, time and fees of a definition, changed without touching its file."""

import datetime as dt
from itertools import product

import pytest
from hypothesis import given as always
from hypothesis import strategies as st

from motcua.procedures import part_editing, proofs
from motcua.procedures.loading import catalogue_files, load
from motcua.procedures.part_editing import Way
from motcua.procedures.reading import Faulty
from motcua.procedures.schema import Case, Text
from motcua.procedures.vocabulary import Channel, Unit
from tests.procedures.samples import written

NAME, FIELD = {"vi": "Cấp giấy thử"}, {"vi": "Thử nghiệm"}


@pytest.fixture
def definition(tmp_path):
    return load(written(tmp_path))


def of(code):
    return load(next(path for path in catalogue_files() if path.stem == code))


@pytest.mark.parametrize("pattern", ["appraise", "at_once", "site_visit", "two_levels", "council"])
def test_a_new_procedure_lacks_only_what_the_law_wants_of_it(pattern):
    begun = part_editing.blank(
        "1.999999", NAME, FIELD, level="commune", pattern=pattern, on=dt.date(2026, 11, 22)
    )
    lacks = {place for place, _says in proofs.blocking(begun)}
    assert lacks == {("decision",), ("legal_basis",)}
    assert begun.is_offered


def test_facts_change_and_the_rest_stays(definition):
    changes = {
        "name": {"vi": "Tên khác"},
        "decision": "9/QĐ-THU",
        "results": [("KQ.G15.999999", {"vi": "Giấy khác"}), ("KQ.2", {"vi": "Giấy nữa"})],
        "summary": None,
    }
    after = part_editing.put_facts(definition, changes)
    assert [(one.code, one.name.vi, one.issued_by) for one in after.results] == [
        ("KQ.G15.999999", "Giấy khác", "deliver"),
        ("KQ.2", "Giấy nữa", "sign"),
    ]
    same = {"name": definition.name, "decision": definition.decision, "results": definition.results}
    assert after.model_copy(update=same) == definition


def test_a_paper_is_added_changed_moved_and_taken_out(definition):
    one = part_editing.add_paper(definition, {"id": "lease", "name": {"vi": "Hợp đồng thuê"}, "copies": 1})
    one = part_editing.put_paper(one, "lease", {"required": False, "originals": 0})
    one = part_editing.move_paper(one, "lease", by=-5)
    assert [(paper.id, paper.required, paper.copies) for paper in one.papers] == [
        ("lease", False, 1),
        ("photo", True, 0),
    ]
    assert part_editing.remove_paper(one, "lease") == definition
    for change in (
        lambda: part_editing.add_paper(definition, {"id": "photo", "name": {"vi": "Ảnh"}}),
        lambda: part_editing.remove_paper(definition, "none"),
    ):
        with pytest.raises(Faulty):
            change()


@pytest.mark.parametrize("path", catalogue_files(), ids=lambda path: path.stem)
def test_what_is_not_changed_stays_as_it_is_written(path):
    definition = load(path)
    assert part_editing.put_ways(definition, definition.channels, part_editing.ways(definition)) == definition


ways = st.builds(
    Way,
    amount=st.none() | st.sampled_from([0, 10_000, 25_000]),
    value=st.sampled_from([1, 3, 15]),
    unit=st.sampled_from([Unit.WORKING_DAYS, Unit.DAYS]),
)


@always(data=st.data(), cases=st.lists(st.sampled_from(["a", "b", "c"]), max_size=3, unique=True))
def test_each_case_and_way_says_what_was_written_of_it(data, cases):
    base = of("1.004873").model_copy(
        update={"cases": tuple(Case(id=case, name=Text(vi=case)) for case in cases)}
    )
    channels = data.draw(st.lists(st.sampled_from(list(Channel)), min_size=1, unique=True))
    grid = {cell: data.draw(ways) for cell in product(cases or [None], Channel)}
    after = part_editing.put_ways(base, channels, grid)
    for (case, channel), way in grid.items():
        if channel in channels:
            fee, term = after.fee_for(case, channel), after.term_for(case, channel)
            assert (fee.amount, term.value, term.unit) == (way.amount, way.value, way.unit)
    assert list(after.channels) == channels


def test_what_holds_for_all_is_written_once(definition):
    grid = dict.fromkeys(part_editing.ways(definition), Way(5000, 4, Unit.WORKING_DAYS))
    after = part_editing.put_ways(definition, [Channel.ONLINE, Channel.DIRECT], grid)
    assert [line.model_dump(exclude_defaults=True) for line in (*after.fees, *after.terms)] == [
        {"amount": 5000},
        {"value": 4, "unit": Unit.WORKING_DAYS},
    ]
    grid[None, Channel.ONLINE] = Way(2000, 4, Unit.WORKING_DAYS)
    after = part_editing.put_ways(definition, [Channel.ONLINE, Channel.DIRECT], grid)
    assert [(line.amount, line.channels) for line in after.fees] == [
        (2000, (Channel.ONLINE,)),
        (5000, (Channel.DIRECT,)),
    ]

"""The cases of a definition are added, called otherwise, moved and taken out, and what holds in each is said of each."""

import pytest

from motcua.procedures import case_editing as editing
from motcua.procedures.difference import differences
from motcua.procedures.loading import catalogue_files, load, shaped
from motcua.procedures.part_editing import Way, ways
from motcua.procedures.proofs import blocking
from motcua.procedures.reading import Document, Faulty
from motcua.procedures.schema import Definition
from motcua.procedures.vocabulary import Unit
from motcua.procedures.writing import written

FILES = {path.stem: path for path in catalogue_files()}
WITH_CASES = [
    code for code, path in sorted(FILES.items()) if "\ncases:" in path.read_text("utf-8") and load(path).cases
]


def residence():
    """Into a home of one's own, of family, or a rented one."""
    return load(FILES["1.004222"])


def cases(definition):
    return [(one.id, one.name.vi) for one in definition.cases]


def read_again(definition):
    """What comes of the file of a definition."""
    return shaped(Document.parsed(written(definition), shown_as=""))


def test_a_case_is_added_called_otherwise_moved_and_taken_out():
    before = residence()
    first, *_others = cases(before)
    more = editing.add_case(before, {"vi": "Vào nhà công vụ", "en": "Into a house of office"})
    assert cases(more)[-1] == ("vao_nha_cong_vu", "Vào nhà công vụ")
    called = editing.rename_case(more, "own", {"vi": "Vào nhà của mình"})
    assert cases(called)[0] == ("own", "Vào nhà của mình")
    moved = editing.move_case(called, "vao_nha_cong_vu", by=-1)
    assert [id_ for id_, _name in cases(moved)] == ["own", "family", "vao_nha_cong_vu", "rented"]
    assert editing.move_case(moved, "own", by=-1) == moved
    assert editing.remove_case(more, "vao_nha_cong_vu") == before
    with pytest.raises(Faulty, match="vao_nha"):
        editing.remove_case(before, "vao_nha")
    with pytest.raises(Faulty) as twice:
        editing.add_case(before, {"vi": first[1]})
    assert twice.value.faults[0].field == "name_vi"


@pytest.mark.parametrize("code", WITH_CASES)
def test_whichever_case_is_taken_out_nothing_names_it_any_more(code):
    """Nor does anything that was for it alone begin to hold for all."""
    before = load(FILES[code])
    for case in before.cases:
        after = editing.remove_case(before, case.id)
        assert not [says for place, says in blocking(after) if "cases" in place]
        assert f"'{case.id}'" not in str([one.get("cases") for one in parts(after.as_content())])
        assert read_again(after) == after
        left = [one.id for one in after.cases]
        for other in left:
            assert {one.id for one in after.papers_for(other)} == {one.id for one in before.papers_for(other)}
            assert [one.id for one in after.steps_for(other)] == [one.id for one in before.steps_for(other)]
            for way in before.channels:
                assert said(after, other, way) == said(before, other, way)


def said(definition, case, way):
    fee, term = definition.fee_for(case, way), definition.term_for(case, way)
    return (fee and (fee.amount, fee.raw), term and (term.value, term.unit, term.raw))


def parts(content):
    """Everything in a definition that could be for some cases."""
    for value in content.values() if isinstance(content, dict) else content:
        if isinstance(value, dict):
            yield value
        if isinstance(value, dict | list):
            yield from parts(value)


def test_what_is_for_the_last_case_holds_always_without_it():
    only = Definition.from_content(
        residence().as_content()
        | {
            "cases": [{"id": "own", "name": {"vi": "Một"}}],
            "papers": [{"id": "p", "name": {"vi": "P"}, "cases": ["own"]}],
        }
        | {"fees": [{"amount": 5}], "terms": []}
    )
    assert editing.only_in(only, "own") == []
    after = editing.remove_case(only, "own")
    assert (after.cases, [one.cases for one in after.papers]) == ((), [()])


def test_what_holds_in_a_case_is_said_from_there():
    before = residence()
    papers = [one.id for one in before.papers_for("own")]
    assert editing.put_members(before, "own", {"papers": papers}) == before
    without = editing.put_members(before, "own", {"papers": papers[1:]})
    assert [one.id for one in without.papers_for("own")] == papers[1:]
    for other in ("family", "rented"):
        assert without.papers_for(other) == tuple(
            one if one.id != papers[0] else next(p for p in without.papers if p.id == papers[0])
            for one in before.papers_for(other)
        )
    back = editing.put_members(without, "own", {"papers": papers})
    assert [one.id for one in back.papers_for("own")] == papers
    with pytest.raises(Faulty) as nowhere:
        editing.put_members(before, "own", {"papers": []})
    (fault,) = nowhere.value.faults
    assert (fault.field, "Giấy tờ chứng minh chỗ ở hợp pháp" in fault.message) == ("papers", True)


def test_time_and_fee_of_one_case_leave_those_of_the_others_alone():
    before = residence()
    wanted = {channel: Way(7_000, 3, Unit.DAYS) for channel in before.channels}
    after = editing.put_way(before, "family", wanted)
    for (case, channel), way in ways(after).items():
        if channel in before.channels:
            assert way == (wanted[channel] if case == "family" else ways(before)[case, channel])
    assert editing.put_way(after, "family", wanted) == after


def test_the_difference_and_the_file_show_what_became_of_the_cases():
    before = residence()
    after = editing.remove_case(editing.add_case(before, {"vi": "Vào nhà công vụ"}), "rented")
    shown = {(one.section, one.place): (one.before, one.after) for one in differences(before, after)}
    by_place = {
        place: both
        for (_section, place), both in shown.items()
        if place in {"rented › name", "vao_nha_cong_vu › name"}
    }
    assert set(by_place) == {"rented › name", "vao_nha_cong_vu › name"}
    assert by_place["vao_nha_cong_vu › name"] == ("", "Vào nhà công vụ")
    turned = editing.move_case(before, "own", by=1)
    assert [one.after for one in differences(before, turned)] == ["family, own, rented"]
    assert read_again(after) == after

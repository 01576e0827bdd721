"""Questions are changed one at a time, and nothing else changes: the file comes out as it went in."""

import pytest

from motcua.procedures import form_editing
from motcua.procedures.loading import catalogue_files, load
from motcua.procedures.reading import Faulty
from motcua.procedures.writing import written as file_of
from tests.procedures.samples import written


@pytest.fixture
def definition(tmp_path):
    return load(written(tmp_path))


def ids(definition):
    return [(group.id, *(field.id for field in group.fields)) for group in definition.form]


@pytest.mark.parametrize("path", catalogue_files()[::6], ids=lambda path: path.stem)
def test_what_is_moved_and_moved_back_is_the_same_file(path):
    before = load(path)
    after = before
    for group in before.form:
        ways = [f"page.{group.id}", group.fields[0].id] if len(group.fields) > 1 else []
        for what in ways if group is not before.form[-1] else ways[1:]:
            after = form_editing.move(form_editing.move(after, what, by=1), what, by=-1)
    for field in before.fields_by_id.values():
        after = form_editing.put_field(after, field.id, {"required": field.required})
        text = form_editing.choices_as_text(field.choices)
        read = form_editing.choices_of_text(text) or None
        after = form_editing.put_field(after, field.id, {"choices": read})
    assert file_of(after) == file_of(before)


def test_questions_and_pages_are_added_moved_and_taken_out(definition):
    more = form_editing.add_field(
        definition, "you", {"id": "born", "label": {"vi": "Ngày sinh"}, "type": "date"}
    )
    assert ids(more) == [("you", "name", "married", "spouse", "born")]
    up = form_editing.move(more, "born", by=-2)
    assert ids(up) == [("you", "name", "born", "married", "spouse")]
    page = {"id": "home", "title": {"vi": "Nơi ở"}, "fields": [{"id": "place", "label": {"vi": "Nơi ở"}, "type": "place"}]}  # fmt: skip
    two = form_editing.move(form_editing.add_group(up, page), "page.home", by=-5)
    assert ids(two) == [("home", "place"), ("you", "name", "born", "married", "spouse")]
    back = form_editing.remove(form_editing.remove(two, "page.home"), "born")
    assert file_of(back) == file_of(definition)


def test_what_is_not_changed_stays(definition):
    changed = form_editing.put_field(definition, "spouse", {"label": {"vi": "Người phối ngẫu"}, "hint": None})
    field = changed.fields_by_id["spouse"]
    assert (field.label.vi, field.when) == ("Người phối ngẫu", definition.fields_by_id["spouse"].when)


@pytest.mark.parametrize(
    ("change", "where", "says"),
    [
        (lambda d: form_editing.put_field(d, "name", {"choices": [{"value": "a", "label": {"vi": "A"}}]}), "form[1].fields[1]", "choices"),
        (lambda d: form_editing.put_field(d, "name", {"type": "riddle"}), "form[1].fields[1].type", "riddle"),
        (lambda d: form_editing.put_group(d, "you", {"title": None}), "form[1].title", ""),
        (lambda d: form_editing.add_field(d, "you", {"id": "name", "label": {"vi": "T"}, "type": "text"}), "name", "name"),
        (lambda d: form_editing.add_group(d, {"id": "you", "title": {"vi": "T"}, "fields": []}), "form", "you"),
        (lambda d: form_editing.remove(d, "nobody"), "form", "nobody"),
        (lambda d: form_editing.move(d, "page.nobody", by=1), "form", "nobody"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_as_of_a_file(definition, change, where, says):
    with pytest.raises(Faulty) as refused:
        change(definition)
    (fault,) = refused.value.faults
    assert (fault.field, says in fault.message) == (where, True)


def test_the_last_question_of_a_page_goes_only_with_its_page(definition):
    one = form_editing.remove(form_editing.remove(definition, "spouse"), "married")
    with pytest.raises(Faulty):
        form_editing.remove(one, "name")
    assert ids(form_editing.remove(one, "page.you")) == []

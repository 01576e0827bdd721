"""The steps of a draft and what registers are handed are written in the browser, as in the file."""

from functools import partial

import pytest
from django.utils import translation

from motcua.desk.asking import FilledFrom, HeldTo, WhenAsked
from motcua.desk.exempting import AskedExemption
from motcua.desk.parts import AskedPaper, Facts
from motcua.desk.questioning import AskedPage
from motcua.desk.stepping import AskedStep, Steps
from motcua.desk.ways import Ways
from motcua.procedures import actions, form_editing, part_editing
from motcua.procedures.loading import catalogue_files, load
from motcua.procedures.models import Draft
from motcua.procedures.runs import part_of
from motcua.procedures.writing import written
from motcua.ui.forms import DateParts
from tests import given

VIETNAMESE = {"accept-language": "vi"}


def boxes(form):
    """What a browser sends of a form nobody touched."""
    held = {}
    for name, field in form.fields.items():
        value = form[name].value()
        if isinstance(field.widget, DateParts):
            parts = field.widget.decompress(value)
            held |= {f"{name}_{part}": one for part, one in zip(("day", "month", "year"), parts, strict=True)}
        else:
            held[name] = value.replace("\n", "\r\n") if isinstance(value, str) else value
    return {name: value for name, value in held.items() if value is not None and value is not False}


def steps_of(definition, within=()):
    for step in definition.steps:
        yield (*within, step.id)
        if step.steps:
            yield from steps_of(step, (*within, step.id))


def saved(form):
    """What a form changes that is saved as it was opened."""
    again = form(boxes(form()))
    assert again.is_valid(), again.errors
    return again.changes()


def untouched(definition):
    """What each form of a draft changes when it is saved as it was opened."""
    facts = saved(lambda typed=None: Facts(typed, initial=Facts.of(definition)))
    if part_editing.put_facts(definition, facts) != definition:
        yield "facts"
    for keys in [(), *(keys for keys in steps_of(definition) if part_of(definition, keys).steps)]:
        yield from saved(partial(Steps, definition=part_of(definition, keys)))
    for paper in definition.papers:
        yield from saved(partial(AskedPaper, definition=definition, known=paper))
    for keys in steps_of(definition):
        yield from saved(partial(AskedStep, definition=definition, keys=keys))
    yield from untouched_questions(definition)


def untouched_questions(definition):
    for known in definition.exemptions:
        yield from saved(partial(AskedExemption, definition=definition, known=known))
    ways = partial(Ways, definition=definition)
    typed = ways(boxes(ways()))
    if not typed.is_valid() or typed.cleaned_data["cut_off"] != definition.cut_off_time:
        yield "cut_off"
    for known in (*definition.form, *definition.fields_by_id.values()):
        yield from saved(partial(WhenAsked, definition=definition, known=known))
    for known in definition.fields_by_id.values():
        yield from saved(partial(FilledFrom, definition=definition, known=known))
        yield from saved(partial(HeldTo, definition=definition, known=known))
    for group in definition.form:
        page = saved(partial(AskedPage, initial=AskedPage.of(group)))
        if form_editing.put_group(definition, group.id, page) != definition:
            yield group.id


@pytest.mark.parametrize("path", catalogue_files(), ids=lambda path: path.stem)
def test_a_form_saved_as_it_was_opened_changes_nothing(path):
    with translation.override("vi"):
        assert list(untouched(load(path))) == []


def test_an_empty_box_of_originals_is_none_unless_nobody_knows_how_many():
    definition = load(next(path for path in catalogue_files() if path.stem == "1.004873"))
    for known, changes in ((1, {"originals": 0}), (0, {}), (None, {})):
        paper = definition.papers[0].model_copy(update={"originals": known})
        form = partial(AskedPaper, definition=definition, known=paper)
        again = form({name: value for name, value in boxes(form()).items() if name != "originals"})
        assert (again.is_valid(), again.changes()) == (True, changes)


@pytest.fixture
def draft(db):
    return actions.revise(given.procedure("1.004873"), by=given.actor("soan"))


def now(draft):
    return Draft.objects.get(pk=draft.pk).definition


def test_a_step_is_added_changed_sent_back_to_and_left_out_in_the_browser(
    draft, visitor, django_assert_max_num_queries
):
    writer, at = visitor("soan"), f"/desk/drafts/{draft.pk}/steps/"
    writer.get(at)
    with django_assert_max_num_queries(12):
        assert "Ký kết quả" in writer.get(at, headers=VIETNAMESE).content.decode()
    added = writer.post(f"{at}add/", {"use": "visit", "at": "verify"})
    assert added["Location"] == f"{at}visit/edit/"
    with django_assert_max_num_queries(12):
        page = writer.get(f"{at}visit/edit/", headers=VIETNAMESE)
    assert page.content.decode().count('class="timeline-title">Kiểm tra thực tế tại cơ sở') == 1
    typed = boxes(page.context["form"]) | {"hours": "4", "role": "clerk"}
    assert writer.post(f"{at}visit/edit/", typed, headers=VIETNAMESE)["Location"] == at
    sign = boxes(writer.get(f"{at}sign/edit/").context["form"]) | {"back": "visit"}
    assert writer.post(f"{at}sign/edit/", sign, headers=VIETNAMESE).status_code == 302
    assert (now(draft).step("visit").role, now(draft).step("sign").back) == ("clerk", "visit")
    assert "back: visit" in written(now(draft))
    assert "có thể trả về “Kiểm tra thực tế" in writer.get(at, headers=VIETNAMESE).content.decode()
    # What has no shape is said at its box; what cannot be proven is said at its step, and the draft leads there.
    typed["role"] = "king"
    assert writer.post(f"{at}visit/edit/", typed, headers=VIETNAMESE).status_code == 422
    refused = writer.post(f"{at}add/", {"id": "sign", "use": "visit", "at": "verify"}, headers=VIETNAMESE)
    assert refused.context["form"].errors["id"] == ["Đã có bước “sign”."]
    assert writer.post(f"{at}visit/edit/", typed | {"role": "clerk", "verbs": []}).status_code == 302
    listed = writer.get(f"/desk/drafts/{draft.pk}/", headers=VIETNAMESE).content.decode()
    assert f'href="{at}visit/edit/"' in listed
    assert writer.post(f"{at}visit/out/").status_code == 302
    assert [step.id for step in now(draft).steps] == [step.id for step in draft.definition.steps]
    lost = ("nobody/edit/", "sign.nobody/edit/", "nobody/within/", "./edit/", "./within/", "sign/within/")
    for page in (*lost, "sign/within/add/"):
        assert writer.get(f"{at}{page}").status_code == 404
    assert writer.post(f"{at}./out/").status_code == 404


def test_what_is_decided_above_is_written_step_by_step(draft, visitor):
    writer, at = visitor("soan"), f"/desk/drafts/{draft.pk}/steps/"
    assert writer.post(at, {"pattern": "decided_above"}).status_code == 302
    page = writer.get(f"{at}above/edit/", headers=VIETNAMESE)
    typed = boxes(page.context["form"]) | {"process": "at_once"}
    assert writer.post(f"{at}above/edit/", typed, headers=VIETNAMESE)["Location"] == at
    assert "process: at_once" in written(now(draft))
    inner = f"{at}above/within/"
    added = writer.post(f"{inner}add/", {"id": "council", "use": "council", "at": "examine"})
    assert added["Location"] == f"{at}above.council/edit/"
    page = writer.get(inner, headers=VIETNAMESE).content.decode()
    assert page.count("Hội đồng thẩm định họp</p>") == 1
    within = part_of(now(draft), ("above",)).steps
    typed = {f"hours.{one.id}": 1 for one in within} | {f"role.{one.id}": one.role for one in within}
    assert writer.post(inner, {key: value for key, value in typed.items() if value})["Location"] == inner
    assert sum(step.hours for step in now(draft).step("above").steps) == 4


def test_a_register_makes_a_paper_unnecessary_by_a_form(draft, visitor):
    writer, at = visitor("soan"), f"/desk/drafts/{draft.pk}/papers/"
    paper, asked = draft.definition.papers[0].id, next(iter(draft.definition.fields_by_id))
    inputs = {"personal_number": "applicant.number", "relative_number": f"form.{asked}"}

    def opened():
        page = writer.get(f"{at}{paper}/edit/", headers=VIETNAMESE)
        return page.context["form"]

    def save(**typed):
        return writer.post(f"{at}{paper}/edit/", boxes(opened()) | typed, headers=VIETNAMESE)

    again = save(unnecessary_if="population.kinship", kinds=["passport"])
    assert again["Location"] == f"{at}{paper}/edit/"
    assert opened().handing == ("personal_number", "relative_number")
    handed = {f"inputs.{name}": source for name, source in inputs.items()}
    assert save(**handed)["Location"] == at
    said = now(draft).papers[0]
    assert (said.unnecessary_if, said.kinds, said.inputs) == ("population.kinship", ("passport",), inputs)
    assert "unnecessary_if: population.kinship" in written(now(draft))
    assert save(**{"inputs.relative_number": "nowhere"}).status_code == 422
    assert save(unnecessary_if="").status_code == 302
    assert (now(draft).papers[0].unnecessary_if, now(draft).papers[0].inputs) == (None, {})


@pytest.mark.parametrize("key", ["", "may", "suong", "lua", "thong", "guong"])
def test_only_who_writes_the_procedure_changes_its_steps(draft, visitor, key):
    client, at = visitor(key), f"/desk/drafts/{draft.pk}/steps/"
    typed = {"id": "visit", "use": "visit", "at": "verify"}
    found = {client.post(f"{at}{where}", typed).status_code for where in ("add/", "sign/out/")}
    assert found == {302 if key == "" else 403}
    assert now(draft) == draft.definition

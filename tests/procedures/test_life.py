"""Life events: files that hold, guides that come to an end at a procedure of the catalogue."""

import pytest
from django.utils import translation

from motcua.procedures import life
from motcua.procedures.loading import CATALOGUE
from motcua.procedures.reading import Document, Faulty
from motcua.procedures.search import ranking
from motcua.procedures.search.index import Index
from motcua.procedures.vocabulary import LifeEvent
from tests.procedures.test_search import entry

SAMPLE = """\
order: 1
who: person
icon: child
name: {vi: Nuôi rồng, en: Keeping a dragon}
hint: {vi: Giấy phép., en: Permits.}
words: [có rồng]
procedures: ["1.001456"]
guide:
  - id: first
    ask: {vi: "Có chưa?", en: "Have you one?"}
    options:
      - {id: one, label: {vi: Có, en: "Yes"}, next: second}
      - {id: none, label: {vi: Chưa, en: "No"}, advice: {vi: Hãy đợi., en: Wait.}}
  - id: second
    ask: {vi: "Mấy tuổi?", en: "How old?"}
    options:
      - {id: young, label: {vi: Non, en: Young}, procedure: "1.001456", case: child}
      - {id: old, label: {vi: Già, en: Old}, procedure: "1.001456", case: adult}
"""


def written(folder, text=SAMPLE):
    path = folder / "dragon.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "next: second",
            "next: third",
            "dragon.yaml:12: guide[1].options[1].next: there is no such question further down",
        ),
        (
            "case: child",
            "case: egg",
            "dragon.yaml:17: guide[2].options[1].case: the procedure has no such case",
        ),
        (
            "id: none",
            "id: one",
            "dragon.yaml:13: guide[1].options[2].id: this answer stands twice: keep one of them",
        ),
        (
            "id: second\n",
            "id: first\n",
            "dragon.yaml:14: guide[2].id: this question stands twice: keep one of them",
        ),
        (
            "next: second",
            'procedure: "1.001456"',
            "dragon.yaml:14: guide[2].id: no answer leads to this question",
        ),
        (
            "next: second",
            "case: child",
            "dragon.yaml:12: guide[1].options[1]: Value error, an answer leads to one of",
        ),
        (
            "id: young,",
            "id: young, next: first,",
            "dragon.yaml:17: guide[2].options[1]: Value error, an answer leads to",
        ),
        ("next: second", "next: first, case: child", "`case` belongs to an answer with a `procedure`"),
        (
            "who: person",
            "who: dragon",
            "dragon.yaml:2: who: “dragon” is not known; choose one of: 'person' or 'business'",
        ),
        ("words: [có rồng]\n", "", "dragon.yaml:1: words: is missing: add it"),
        (
            "icon: child",
            "colour: red",
            "dragon.yaml:3: colour: no such key: check its spelling, or take it out",
        ),
        ('["1.001456"]', '["1001456"]', "dragon.yaml:7: procedures[1]: “1001456” is not of the form"),
    ],
)
def test_a_fault_names_file_line_and_field(tmp_path, old, new, fault):
    assert old in SAMPLE
    with translation.override("en"), pytest.raises(Faulty) as refused:
        life.load(written(tmp_path, SAMPLE.replace(old, new, 1)), shown_as="dragon.yaml")
    said = [str(one).replace("Value error, ", "") for one in refused.value.faults]
    assert [one for one in said if fault.replace("Value error, ", "") in one] != [], said


def test_a_good_file_is_a_life_event(tmp_path):
    event = life.load(written(tmp_path))
    assert (event.id, event.occasion.phrases) == ("dragon", ("nuoi rong", "keeping a dragon", "co rong"))
    assert event.question("second").option("old").case == "adult"
    assert event.question("second").option("egg") is None


def test_ours_hold_and_cover_the_moments_that_procedures_name():
    events = life.life_events()
    assert len(events) >= 15
    assert {event.who for event in events.values()} == {"person", "business"}
    assert {event.value for event in LifeEvent} <= events.keys()
    assert [event.order for event in events.values()] == sorted({event.order for event in events.values()})


def test_every_way_through_every_guide_ends():
    def ends(event, question):
        for option in question.options:
            yield from ends(event, event.question(option.next)) if option.next else [option]

    for event in life.life_events().values():
        for end in ends(event, event.guide[0]) if event.guide else ():
            assert bool(end.procedure) != bool(end.advice)


def test_where_there_is_a_choice_questions_lead_to_each_procedure_and_each_of_its_cases():
    """Of our own catalogue: what was imported beside it is listed below the questions all the same."""
    ours = {path.stem: Document.read(path).data for path in CATALOGUE.glob("*.yaml")}
    lost = {}
    for event in life.life_events().values():
        tagged = {code for code, content in ours.items() if event.id in content.get("life_events", ())}
        offered = tagged | (set(event.procedures) & ours.keys())
        led_to = {(one.procedure, one.case) for question in event.guide for one in question.options}
        wanted = {(code, None) for code in offered if len(offered) > 1}
        wanted -= {(code, None) for code, _case in led_to}
        vague = {end for end in led_to if end[0] in ours and not end[1] and life.cases_of(end[0])}
        if wanted | vague:
            lost[event.id] = sorted(wanted | vague)
    assert lost == {}


@pytest.mark.parametrize(
    ("typed", "event"),
    [
        ("sinh con", "birth"),
        ("mở quán ăn", "eatery"),
        ("mo quan an", "eatery"),
        ("tôi muốn mở quán cà phê", "eatery"),
        ("mất căn cước", "lost_papers"),
        ("lấy vợ", "marriage"),
        ("had a baby", "birth"),
    ],
)
def test_plain_words_call_the_life_event(typed, event):
    events = life.life_events().values()
    codes = sorted({code for one in events for code in one.procedures})
    index = Index([entry(code, "Một việc") for code in codes], [one.occasion for one in events])
    assert ranking.search(index, typed).occasions[:1] == (event,)


def test_the_folder_holds_nothing_else():
    assert {path.suffix for path in life.FOLDER.iterdir()} == {".yaml"}
    assert all(Document.read(path).data["order"] > 0 for path in life.files())

"""Components draw the markup of the face."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template, TemplateDoesNotExist, TemplateSyntaxError
from django.template.base import TextNode
from django.utils import translation

from motcua.ui import pictures, samples
from motcua.ui.context import Link, marked

TEMPLATES = Path(samples.__file__).parent / "templates"
COMPONENTS = sorted(path.stem for path in (TEMPLATES / "cotton").glob("*.html"))
CHECK = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="m5 12.5 4.5 4.5L19 7.5"/></svg>'


def test_there_is_no_thirty_first():
    assert len(COMPONENTS) <= 30


@pytest.mark.parametrize("name", COMPONENTS)
def test_each_is_shown_in_the_gallery(name):
    pages = (TEMPLATES / "ui/gallery.html").read_text() + (TEMPLATES / "ui/toast.html").read_text()
    assert re.search(rf"<c-{name}\b", pages), f"<c-{name}> is not shown on /ui/"


def test_every_icon_is_shown_in_the_gallery():
    drawn = re.findall(r"partialdef (\w+)", (TEMPLATES / "ui/icons.html").read_text())
    assert drawn == samples.ICONS


def test_an_icon_is_silent_unless_it_has_a_label(draw):
    assert draw('<c-icon name="check" />') == CHECK
    assert draw('<c-icon name="check" label="Xong" />') == CHECK.replace(
        'aria-hidden="true"', 'role="img" aria-label="Xong"'
    )


def test_an_unknown_icon_is_a_mistake(draw):
    with pytest.raises(TemplateDoesNotExist):
        draw('<c-icon name="dragon" />')


def test_a_button_is_a_button_a_link_or_a_form_of_its_own(draw):
    assert (
        draw('<c-button look="big">Nộp</c-button>') == '<button class="button big" type="submit">Nộp</button>'
    )
    assert (
        draw('<c-button href="/x/" look="quiet">Về</c-button>') == '<a class="button quiet" href="/x/">Về</a>'
    )
    posted = draw('<c-button post="/x/accept/" name="a" value="1">Nhận</c-button>')
    token = re.sub(r'value="\w{64}"', 'value="…"', posted)
    assert token == (
        '<form method="post" action="/x/accept/"><input type="hidden" name="csrfmiddlewaretoken" value="…">'
        '<button class="button" name="a" value="1">Nhận</button></form>'
    )


def test_what_is_passed_on_is_escaped_and_absent_values_are_left_out(draw):
    drawn = draw(
        '<c-button :title="title" :disabled="no" :form="none">x</c-button>',
        title='"><b>',
        no=False,
        none=None,
    )
    assert drawn == '<button class="button" type="submit" title="&quot;&gt;&lt;b&gt;">x</button>'


def test_words_of_people_are_escaped_in_components(draw):
    assert draw('<c-tag state="ok">{{ name }}</c-tag>', name="<i>") == '<span class="tag ok">&lt;i&gt;</span>'
    assert "&lt;i&gt;" in draw('<c-stat value="{{ name }}">x</c-stat>', name="<i>")
    assert "&lt;i&gt;" in draw('<c-stat :value="name">x</c-stat>', name="<i>")


def test_components_see_nothing_of_the_page_around_them(draw):
    assert draw("<c-tag>x</c-tag>", state="late") == '<span class="tag">x</span>'


def test_a_deadline_is_words_a_bar_and_a_promise(draw):
    drawn = draw('<c-deadline state="soon" words="Còn 3 giờ" :percent="used" until="Hẹn 17:00" />', used=79.5)
    assert drawn == (
        '<div class="deadline soon"><b>Còn 3 giờ</b><svg class="bar" aria-hidden="true">'
        '<rect width="79.5%" height="100%"/></svg><span>Hẹn 17:00</span></div>'
    )


def test_a_field_ties_hint_error_and_source_to_its_control(draw):
    drawn = draw('<c-field label="Tên" name="ten" hint="h" error="e" source="s" value="An" required />')
    assert '<label class="field-label" for="ten">Tên</label>' in drawn
    assert (
        '<input class="input" id="ten" name="ten" type="text" value="An"'
        ' aria-describedby="ten_helptext ten_error ten_source" aria-invalid="true" required>'
    ) in drawn


def test_a_select_marks_what_is_chosen(draw):
    drawn = draw(
        '<c-field label="Nơi" name="n" type="select" value="b" :options="options" />',
        options=[("a", "A"), ("b", "B")],
    )
    assert '<option value="a">A</option><option value="b" selected>B</option>' in drawn


def test_an_unlabelled_page_of_links_marks_the_nearest():
    links = [Link("Bàn", "/desk/"), Link("Hồ sơ", "/desk/dossiers/"), Link("Số liệu", "/numbers/")]
    assert [link.current for link in marked(links, "/desk/dossiers/H38/")] == [False, True, False]
    assert [link.current for link in marked(links, "/")] == [False, False, False]


def test_the_clock_lays_its_stretches_end_to_end():
    laid = pictures.segments([("chờ", "hold", 3), ("làm", "b", 1)])
    assert [(s.kind, s.start, s.width) for s in laid] == [("hold", 0.0, 75.0), ("b", 75.0, 25.0)]
    assert pictures.segments([]) == []


def test_a_component_is_given_no_more_than_its_page_writes(draw):
    inner = '<c-notice title="{{ words }}"><c-tag state="{{ state }}">{{ words }}</c-tag></c-notice>'
    drawn = draw(f"<c-disclose summary='{{{{ words }}}}'>{inner}</c-disclose>", words="<i>", state="ok")
    assert (drawn.count("&lt;i&gt;"), drawn.count('class="tag ok"'), "&amp;" in drawn) == (3, 1, False)


def test_a_variable_the_page_does_not_know_leaves_what_holds_without_it(draw):
    assert draw('<c-button :type="nothing">x</c-button>') == draw("<c-button>x</c-button>")


def test_what_no_component_understands_is_a_mistake(draw):
    for written in ("<c-tag state=ok>x</c-tag>", "<c-tag only>x</c-tag>", '<c-slot name="foot">x</c-slot>'):
        with pytest.raises(TemplateSyntaxError):
            draw(written)


def test_a_sentence_is_looked_up_once_in_each_language_and_says_it_in_each():
    page = Template('{% trans "Papers" %} {% trans word %} {% trans "Papers" as said %}{{ said }}')
    drawn = []
    for language in ("vi", "en", "vi"):
        with translation.override(language):
            drawn.append(page.render(Context({"word": "Path"})))
    assert drawn == ["Giấy tờ Đường dẫn Giấy tờ", "Papers Path Papers", "Giấy tờ Đường dẫn Giấy tờ"]
    [first, *others] = [node for node in page.nodelist if not isinstance(node, TextNode)]
    assert (type(first).__name__, any(isinstance(one, type(first)) for one in others)) == ("Sentence", False)
    assert first.said == {"vi": "Giấy tờ", "en": "Papers"}

"""Any Django form is drawn with the field of the face, and its errors lead to their fields."""

from datetime import date

import pytest
from django import forms

from motcua.ui.forms import DatePartsField

HOME = forms.ChoiceField(label="Nơi", choices=[("a", "A")], widget=forms.RadioSelect)


class Birth(forms.Form):
    name = forms.CharField(label="Tên", help_text="Theo giấy")
    born_on = DatePartsField(label="Ngày sinh")
    home = forms.ChoiceField(label="Nơi", choices=[("a", "A")], widget=forms.RadioSelect)
    sworn = forms.BooleanField(label="Cam đoan")
    note = forms.CharField(label="Ghi chú", required=False, widget=forms.Textarea)
    key = forms.CharField(widget=forms.HiddenInput, required=False)
    sources = {"name": "Từ giấy chứng sinh"}


@pytest.fixture
def wrong():
    return Birth({"name": "", "born_on_day": "31", "born_on_month": "11", "born_on_year": "2026"})


def test_a_field_says_its_hint_error_and_source(draw, wrong):
    drawn = draw("{{ form }}", form=wrong)
    assert '<p class="hint" id="id_name_helptext">Theo giấy</p>' in drawn
    assert '<p class="field-error" id="id_name_error">' in drawn
    assert '<p class="field-source" id="id_name_source">' in drawn
    assert (
        '<input type="text" name="name" required aria-invalid="true"'
        ' aria-describedby="id_name_helptext id_name_error id_name_source" class="input" id="id_name">'
    ) in drawn


def test_groups_are_fieldsets_with_a_legend(draw, wrong):
    drawn = draw("{{ form.home.as_field_group }}", form=wrong)
    assert '<fieldset class="field"' in drawn
    assert '<legend class="field-label">Nơi</legend>' in drawn
    assert '<label class="choice"><input type="radio" name="home" value="a"' in drawn


def test_only_the_optional_are_marked(draw):
    drawn = draw("{{ form }}", form=Birth())
    assert drawn.count("(không bắt buộc)") == 1
    assert 'for="id_note">Ghi chú <span class="hint">(không bắt buộc)</span></label>' in drawn


def test_hidden_fields_are_there_without_a_label(draw):
    assert draw("{{ form }}", form=Birth({"key": "k"})).endswith(
        '<input type="hidden" name="key" value="k" id="id_key">'
    )


def test_the_summary_counts_and_leads_to_each_field(draw, wrong):
    drawn = draw('<c-errors :form="form" />', form=wrong)
    assert "<h2>Còn 4 chỗ cần xem lại</h2>" in drawn
    assert '<a href="#id_name">Tên: Ô này chưa điền</a>' in drawn
    assert '<a href="#id_born_on_0">Ngày sinh: Không có ngày 31/11/2026</a>' in drawn
    assert '<a href="#id_home_0">' in drawn
    fields = draw("{{ form }}", form=wrong)
    assert [
        name for name in ("id_name", "id_born_on_0", "id_home_0", "id_sworn") if f'id="{name}"' not in fields
    ] == []


def test_there_is_no_summary_without_errors(draw):
    assert draw('<c-errors :form="form" />', form=Birth()) == ""


def test_a_date_is_typed_in_three_boxes():
    form = Birth(
        {
            "name": "An",
            "born_on_day": "9",
            "born_on_month": "11",
            "born_on_year": "2026",
            "home": "a",
            "sworn": "on",
        }
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born_on"] == date(2026, 11, 9)


def test_a_known_date_fills_its_three_boxes(draw):
    drawn = draw("{{ form.born_on }}", form=Birth(initial={"born_on": date(2026, 11, 9)}))
    assert [part in drawn for part in ('value="9"', 'value="11"', 'value="2026"')] == [True, True, True]


def test_a_date_may_be_left_out_where_it_is_optional():
    class Optional(forms.Form):
        on = DatePartsField(required=False)

    form = Optional({})
    assert form.is_valid()
    assert form.cleaned_data == {"on": None}

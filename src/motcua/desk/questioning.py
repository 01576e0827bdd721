"""The forms in which pages and questions of a draft are written, one at a time."""

from collections.abc import Container
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.procedures.form_editing import choices_as_text, choices_of_text
from motcua.procedures.naming import called
from motcua.procedures.schema import FormField, Group, Text
from motcua.procedures.vocabulary import FieldType

TYPES: dict[FieldType, Promise] = {
    FieldType.TEXT: _("A line of text"),
    FieldType.LONG: _("Several lines of text"),
    FieldType.DATE: _("A date"),
    FieldType.CHOICE: _("One of several choices"),
    FieldType.YESNO: _("Yes or no"),
    FieldType.NUMBER: _("A number"),
    FieldType.PLACE: _("A place"),
    FieldType.PROVINCE: _("A province or city"),
    FieldType.PERSONAL_NUMBER: _("A personal number"),
    FieldType.PHONE: _("A telephone number"),
    FieldType.EMAIL: _("An e-mail address"),
}


def text(vietnamese: str, english: str) -> dict[str, str] | None:
    """Both languages as a definition keeps them; None for nothing."""
    if not vietnamese:
        return None
    return {"vi": vietnamese} | ({"en": english} if english else {})


def halves(name: str, said: Text | None) -> dict[str, str]:
    """The same the other way: what the boxes of a text hold."""
    return {f"{name}_vi": said.vi if said else "", f"{name}_en": said.en if said else ""}


class Lines(forms.CharField):
    """A text of several lines as files keep it, whatever a browser sends between them."""

    widget = forms.Textarea

    def __init__(self, *, rows: int = 2, **options: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": rows}), **options)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value))


class Identified(forms.Form):
    """What is new has a name for files and conditions: as typed, or after the words people read of it."""

    words_from = ""

    id = forms.RegexField(
        r"^[a-z][a-z0-9_]*$",
        label=_("Name in the file"),
        help_text=_(
            "Only for who works with files. Left empty, it is made from what you wrote; it never changes afterwards."
        ),
        max_length=60,
        required=False,
        error_messages={"invalid": _("Small letters, digits and _, beginning with a letter.")},
    )

    def __init__(self, *args: Any, taken: Container[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.taken = taken
        self.fields["id"] = self.fields.pop("id")  # the last to be asked

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if "id" in typed:
            typed["id"] = typed["id"] or called(str(typed.get(self.words_from) or ""), self.taken)
        return typed


class AskedPage(forms.Form):
    """The title of a page, and what stands above its questions."""

    title_vi = forms.CharField(
        label=_("Title"), max_length=300, error_messages={"required": _("Write the title.")}
    )
    title_en = forms.CharField(label=_("Title in English"), max_length=300, required=False)
    intro_vi = Lines(label=_("Above the questions"), max_length=1000, required=False)
    intro_en = Lines(label=_("Above the questions, in English"), max_length=1000, required=False)

    def changes(self) -> dict[str, Any]:
        """What was typed, as the definition takes it."""
        typed = self.cleaned_data
        return {name: text(typed[f"{name}_vi"], typed[f"{name}_en"]) for name in ("title", "intro")}

    @staticmethod
    def of(group: Group) -> dict[str, Any]:
        return halves("title", group.title) | halves("intro", group.intro)


class AskedQuestion(forms.Form):
    """One question: what is asked, in which way it is answered."""

    label_vi = forms.CharField(
        label=_("Question"), max_length=300, error_messages={"required": _("Write the question.")}
    )
    label_en = forms.CharField(label=_("Question in English"), max_length=300, required=False)
    hint_vi = Lines(label=_("Help"), max_length=1000, required=False)
    hint_en = Lines(label=_("Help in English"), max_length=1000, required=False)
    type = forms.ChoiceField(
        label=_("Kind of answer"), choices=[(str(key), said) for key, said in TYPES.items()]
    )
    required = forms.BooleanField(label=_("Must be answered"), required=False)
    choices = Lines(
        label=_("Choices"),
        help_text=_(
            "Only for one of several choices. One a line, in Vietnamese; "
            "with English or a value of its own: value | Vietnamese | English."
        ),
        rows=6,
        max_length=20_000,
        required=False,
    )
    max = forms.IntegerField(label=_("Longest answer, in signs"), required=False, min_value=1)

    def changes(self) -> dict[str, Any]:
        """What was typed, as the definition takes it; a part that was left empty is taken away."""
        typed = self.cleaned_data
        # Choices left as they were are left as they are, also where a label holds a bar.
        same = typed["choices"] == self.initial.get("choices", "")
        choices = {} if same else {"choices": choices_of_text(typed["choices"]) or None}
        return choices | {
            "label": text(typed["label_vi"], typed["label_en"]),
            "hint": text(typed["hint_vi"], typed["hint_en"]),
            "type": typed["type"],
            "required": typed["required"],
            "max": typed["max"],
        }

    @staticmethod
    def of(field: FormField) -> dict[str, Any]:
        return (
            halves("label", field.label)
            | halves("hint", field.hint)
            | {
                "type": str(field.type),
                "required": field.required,
                "choices": choices_as_text(field.choices),
                "max": field.max,
            }
        )


class NewQuestion(Identified, AskedQuestion):
    """A question that is not there yet."""

    words_from = "label_vi"


class NewPage(Identified, AskedPage):
    """A page that is not there yet; its first question is a line of text, to be changed at once."""

    words_from = "title_vi"

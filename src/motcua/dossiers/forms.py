"""The questions of a procedure as fields of Django forms, for whoever asks them: the portal or the desk."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.declaration import said
from motcua.procedures.places import provinces
from motcua.procedures.schema import Answer, Condition, FormField, Group
from motcua.procedures.vocabulary import FieldType
from motcua.ui.forms import DatePartsField

MOST_RADIOS = 5
LONGEST = 2000


@dataclass
class Block:
    """Fields asked on one condition."""

    when: Condition | None
    hint: str = ""
    fields: list[BoundField] = made(default_factory=list)

    @property
    def follows_yes(self) -> bool:
        return self.when is not None and self.when.is_ is True


def blocks(form: forms.Form, group: Group) -> list[Block]:
    """The fields of a group in their order; those that depend on the same answer stand together."""
    found: list[Block] = []
    for question in group.fields:
        if question.id not in form.fields:
            continue
        if not found or found[-1].when != question.when:
            found.append(Block(question.when, depends(question.when, group)))
        found[-1].fields.append(form[question.id])
    return found


def asked_after(group: Group, answers: Mapping[str, Answer]) -> list[FormField]:
    """The questions of a page as it opens: not those an answer on an earlier page has closed."""
    here = {question.id for question in group.fields}
    return [one for one in group.fields if not one.when or one.when.field in here or one.when.holds(answers)]


def depends(when: Condition | None, group: Group) -> str:
    """The condition in words, where the question it depends on stands on the same page."""
    question = next((one for one in group.fields if when and one.id == when.field), None)
    if when is None or question is None:
        return ""
    if when.is_ is True:
        return str(_("If yes, please tell us:"))
    wanted = when.is_ if isinstance(when.is_, tuple) else (when.is_,)
    named = [fact.value for one in wanted if (fact := said(question, one))]
    return str(_("Only if you chose “%(answers)s” above:")) % {"answers": str(_("” or “")).join(named)}


def shown(question: FormField, value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return parse_date(str(value)) if question.type is FieldType.DATE and value else value


class Typeahead(forms.TextInput):
    """A text box with a list to choose from, which browsers search as one types."""

    template_name = "ui/widgets/typeahead.html"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false"})
        self.names = names

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        listed = {**(attrs or {}), "list": f"{name}-names"}
        return super().get_context(name, value, listed) | {"names": self.names}


def as_text(value: object) -> str:
    """An answer of a Django field as the procedure's rules read it."""
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def field_for(question: FormField) -> forms.Field:
    """A Django field that only takes what is typed; it never refuses."""
    language = get_language() or "vi"
    make = MAKERS.get(question.type, text)
    field = make(question)
    field.label = question.label.said_in(language)
    field.help_text = question.hint.said_in(language) if question.hint else ""
    field.required = question.required
    field.widget.is_required = False
    return lenient(field)


def lenient(field: forms.Field) -> forms.Field:
    """Whether an answer is needed is decided by the procedure; the mark “optional” is drawn from `required`."""
    validate = field.clean

    def clean(value: Any) -> Any:
        required, field.required = field.required, False
        try:
            return validate(value)
        finally:
            field.required = required

    field.clean = clean  # type: ignore[method-assign]
    return field


def text(question: FormField) -> forms.Field:
    return forms.CharField(max_length=question.max or LONGEST)


def long_text(question: FormField) -> forms.Field:
    return forms.CharField(max_length=question.max or LONGEST, widget=forms.Textarea({"rows": 4}))


def digits(question: FormField) -> forms.Field:
    return forms.CharField(
        max_length=20, widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})
    )


def phone(question: FormField) -> forms.Field:
    return forms.CharField(max_length=20, widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}))


def email(question: FormField) -> forms.Field:
    return forms.CharField(
        max_length=254, widget=forms.TextInput({"inputmode": "email", "autocomplete": "email"})
    )


def day(question: FormField) -> forms.Field:
    return DatePartsField(require_all_fields=False)


def choice(question: FormField) -> forms.Field:
    language = get_language() or "vi"
    offered = [(one.value, one.label.said_in(language)) for one in question.choices]
    if len(offered) <= MOST_RADIOS:
        return forms.ChoiceField(choices=offered, widget=forms.RadioSelect)
    return forms.ChoiceField(choices=[("", "…"), *offered])


def province(question: FormField) -> forms.Field:
    known = provinces(timezone.localdate())
    if not known:
        return text(question)
    return forms.ChoiceField(choices=[("", "…"), *((name, name) for name in known)])


def yesno(question: FormField) -> forms.Field:
    return forms.ChoiceField(choices=[("true", _("Yes")), ("false", _("No"))], widget=forms.RadioSelect)


MAKERS: dict[FieldType, Callable[[FormField], forms.Field]] = {
    FieldType.LONG: long_text,
    FieldType.DATE: day,
    FieldType.CHOICE: choice,
    FieldType.YESNO: yesno,
    FieldType.PROVINCE: province,
    FieldType.NUMBER: digits,
    FieldType.PERSONAL_NUMBER: digits,
    FieldType.PHONE: phone,
    FieldType.EMAIL: email,
}

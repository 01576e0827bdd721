"""The questions of a procedure as a Django form; what the answers must be is the procedure's business, not ours."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.states import Satisfaction
from motcua.procedures.schema import FormField, Group
from motcua.procedures.vocabulary import FieldType
from motcua.ui.forms import DatePartsField

MOST_RADIOS = 5
LONGEST = 2000


class Answers(forms.Form):
    """One page of a procedure's form."""

    def __init__(
        self, group: Group, *args: Any, sources: dict[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sources = sources or {}
        for question in group.fields:
            self.fields[question.id] = field_for(question)

    def typed(self) -> dict[str, str]:
        """What was typed, as text; dates in ISO form."""
        return {name: as_text(value) for name, value in self.cleaned_data.items()}

    def blame(self, faults: dict[str, str]) -> None:
        """Show at each field what is wrong with it."""
        for name, words in faults.items():
            self.add_error(name if name in self.fields else None, words)


class Beginning(forms.Form):
    """Which case it is, and which agency is to do it."""

    case = forms.ChoiceField(label=_("What do you want to do?"), widget=forms.RadioSelect)
    agency = forms.ChoiceField(
        label=_("Which commune should handle it?"),
        help_text=_("Usually the commune where you live."),
        error_messages={"required": _("Choose a commune.")},
    )

    def __init__(
        self, *args: Any, cases: list[tuple[str, str]], agencies: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        agency = self.fields["agency"]
        assert isinstance(agency, forms.ChoiceField)  # noqa: S101 — for the type checker
        agency.choices = agencies
        case = self.fields["case"]
        assert isinstance(case, forms.ChoiceField)  # noqa: S101 — as above
        case.choices = cases
        if len(cases) < 2:
            case.widget = forms.HiddenInput()
            case.required = False


class Upload(forms.Form):
    """A file for one paper."""

    file = forms.FileField(label=_("File"), error_messages={"required": _("Choose a file first.")})


class Supplement(forms.Form):
    """A word to the officer with what was missing."""

    note = forms.CharField(
        label=_("A word to the officer"),
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST,
        required=False,
    )


class Withdrawal(forms.Form):
    """Why a dossier is taken back; nobody has to say."""

    reason = forms.CharField(
        label=_("Why do you withdraw?"),
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST,
        required=False,
    )


class Rating(forms.Form):
    """The four questions of a rating."""

    overall = forms.TypedChoiceField(
        label=_("All in all"), choices=Satisfaction.choices, coerce=int, widget=forms.RadioSelect
    )
    convenience = forms.TypedChoiceField(
        label=_("How easy was it?"), choices=Satisfaction.choices, coerce=int, widget=forms.RadioSelect
    )
    timeliness = forms.TypedChoiceField(
        label=_("Was it on time?"), choices=Satisfaction.choices, coerce=int, widget=forms.RadioSelect
    )
    attitude = forms.TypedChoiceField(
        label=_("How were you treated?"), choices=Satisfaction.choices, coerce=int, widget=forms.RadioSelect
    )


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
    field.required = question.required and question.when is None
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


def yesno(question: FormField) -> forms.Field:
    return forms.ChoiceField(choices=[("true", _("Yes")), ("false", _("No"))], widget=forms.RadioSelect)


MAKERS: dict[FieldType, Callable[[FormField], forms.Field]] = {
    FieldType.LONG: long_text,
    FieldType.DATE: day,
    FieldType.CHOICE: choice,
    FieldType.YESNO: yesno,
    FieldType.NUMBER: digits,
    FieldType.PERSONAL_NUMBER: digits,
    FieldType.PHONE: phone,
    FieldType.EMAIL: email,
}

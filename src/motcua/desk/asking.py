"""The forms that say of a question when it is asked, from where it is filled in, and what its answer is held to."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from motcua.desk.handing import kept_order, said
from motcua.procedures.schema import Check, Condition, Definition, FormField, Group
from motcua.procedures.services import OF_ACCOUNT
from motcua.procedures.vocabulary import FieldType, RuleName
from motcua.sharing.registers import FACTS, name_of

type Asked = tuple[Group, FormField]

FROM_ACCOUNT: dict[str, Promise] = {
    "account.contact.phone": _("Telephone number"),
    "account.contact.email": _("E-mail address"),
}
# What fits a kind of answer, by the end of its name; a kind that is not named takes anything.
FITS: dict[FieldType, tuple[str, ...]] = {
    FieldType.DATE: ("_on",),
    FieldType.NUMBER: ("_year", "capital"),
    FieldType.PERSONAL_NUMBER: ("_number",),
    FieldType.PLACE: ("residence", "home_town", "address"),
    FieldType.CHOICE: ("sex", "ethnicity", "nationality"),
    FieldType.PHONE: ("phone",),
    FieldType.EMAIL: ("email",),
    FieldType.YESNO: (),
    FieldType.PROVINCE: (),
}


# Conditions


class AnswersOf(forms.CheckboxSelectMultiple):
    """The answers of earlier questions to tick, each question folded up until one looks."""

    template_name = "desk/widgets/answers_of.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["questions"] = [
            (question, answers, any(one["selected"] for one in answers))
            for question, answers, _number in widget["optgroups"]
        ]
        return context


class Conditioned(forms.Form):
    """A form with conditions: boxes to tick, all of one earlier question."""

    def put_condition(
        self, name: str, known: Condition | None, asked: Iterable[Asked], **options: Any
    ) -> None:
        """The answers on which it depends; what a file names besides can be seen, and stays."""
        groups = [
            (f"{said(group.title)} › {said(field.label)}", answers_to(field))
            for group, field in asked
            if field.type in {FieldType.YESNO, FieldType.CHOICE}
        ]
        ticked = keys_of(known)
        lost = [
            key for key in ticked if key not in {key for _name, answers in groups for key, _said in answers}
        ]
        if lost:
            groups.append((now_("As the file says"), [(key, key) for key in lost]))
        self.fields[name] = forms.MultipleChoiceField(
            choices=groups, initial=ticked, widget=AnswersOf(), **options
        )
        self.fields[name].known = known  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        for name, field in self.fields.items():
            if (
                isinstance(field.widget, AnswersOf)
                and len({one_of(key)[0] for key in typed.get(name, ())}) > 1
            ):
                self.add_error(name, _("Tick answers of one question only."))
        return typed

    def condition(self, name: str) -> dict[str, Any] | None:
        """What is ticked, as the definition says it; what was not touched comes out as it was."""
        known, ticked = self.fields[name].known, self.cleaned_data.get(name) or []  # type: ignore[attr-defined]
        if set(ticked) == set(keys_of(known)):
            return known.model_dump(mode="json", by_alias=True) if known else None
        wanted: list[str | bool] = [one_of(key)[1] for key in ticked]
        if set(wanted) <= {"true", "false"}:
            wanted = [value == "true" for value in wanted]
        is_ = wanted[0] if len(wanted) == 1 else wanted
        return {"field": one_of(ticked[0])[0], "is": is_} if wanted else None


def answers_to(field: FormField) -> list[tuple[str, str]]:
    """What can be answered, by question and answer."""
    if field.type is FieldType.YESNO:
        return [(f"{field.id}=true", now_("Yes")), (f"{field.id}=false", now_("No"))]
    return [(f"{field.id}={one.value}", said(one.label)) for one in field.choices]


def keys_of(known: Condition | None) -> list[str]:
    """The boxes a condition ticks."""
    if known is None:
        return []
    values = known.is_ if isinstance(known.is_, tuple) else (known.is_,)
    return [f"{known.field}={str(one).lower() if isinstance(one, bool) else one}" for one in values]


def one_of(key: str) -> tuple[str, str]:
    """The question and the answer of a box."""
    field, _is, value = key.partition("=")
    return field, value


def before(definition: Definition, id_: str = "") -> list[Asked]:
    """The questions asked before this one, or before a page (`page.ID`); all of them without a name."""
    found: list[Asked] = []
    for group in definition.form:
        if f"page.{group.id}" == id_:
            return found
        for field in group.fields:
            if field.id == id_:
                return found
            found.append((group, field))
    return found


def in_words(condition: Condition | None, definition: Definition) -> str:
    """“Only if …”; nothing where there is no condition."""
    if condition is None:
        return ""
    return now_("Only if “%(question)s” is answered “%(answers)s”") % said_of(condition, definition)


def said_of(condition: Condition, definition: Definition) -> dict[str, str]:
    """The question of a condition and its answers, as people read them."""
    field = definition.fields_by_id.get(condition.field)
    words = dict(answers_to(field)) if field else {}
    return {
        "question": said(field.label) if field else condition.field,
        "answers": now_("” or “").join(words.get(key, one_of(key)[1]) for key in keys_of(condition)),
    }


class WhenAsked(Conditioned):
    """On which answer a question is asked; a page also in which cases."""

    def __init__(self, typed: Any = None, *, definition: Definition, known: Group | FormField) -> None:
        super().__init__(typed)
        self.known = known
        is_page = isinstance(known, Group)
        if is_page and definition.cases:
            self.fields["cases"] = forms.MultipleChoiceField(
                label=_("Only in these cases"),
                choices=[(one.id, said(one.name)) for one in definition.cases],
                initial=list(known.cases) if isinstance(known, Group) else [],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        self.put_condition(
            "when",
            known.when,
            before(definition, f"page.{known.id}" if is_page else known.id),
            label=_("Asked only with one of these answers"),
            help_text=_("Tick answers of one earlier question. With nothing ticked everybody is asked."),
            required=False,
        )

    def changes(self) -> dict[str, Any]:
        """What was ticked otherwise than it was, as the definition takes it."""
        said_now: dict[str, Any] = {"when": self.condition("when")}
        if "cases" in self.fields and isinstance(self.known, Group):
            said_now["cases"] = kept_order(self.known.cases, self.cleaned_data["cases"]) or None
        first = self.known.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return {key: value for key, value in said_now.items() if value != first.get(key)}


# Filled in


class FilledFrom(Conditioned):
    """From where a question is filled in before anybody has to type."""

    prefill = forms.ChoiceField(
        label=_("Filled in from"),
        help_text=_("Who applies looks it over and can change it. Nothing is asked that the state knows."),
        required=False,
    )

    def __init__(self, typed: Any = None, *, definition: Definition, known: FormField) -> None:
        super().__init__(typed, initial={"prefill": known.prefill or ""})
        self.known = known
        self.fields["prefill"].choices = [("", _("the applicant writes it")), *sources(known)]  # type: ignore[attr-defined]
        self.put_condition(
            "prefill_when",
            known.prefill_when,
            before(definition, known.id),
            label=_("Filled in only with one of these answers"),
            help_text=_("Such as: the mother's name only if it is the mother who applies."),
            required=False,
        )

    def changes(self) -> dict[str, Any]:
        """What was chosen otherwise than it was; without a source there is no condition for it."""
        source = self.cleaned_data["prefill"] or None
        said_now = {"prefill": source, "prefill_when": self.condition("prefill_when") if source else None}
        first = self.known.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return {key: value for key, value in said_now.items() if value != first.get(key)}


def sources(known: FormField) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a question of this kind can be filled in with, by where it comes from; what the file names stays."""
    fits = FITS.get(known.type)
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, words in {**FACTS, **FROM_ACCOUNT}.items():
        if fits is None or name.endswith(fits):
            where = now_("The applicant's account") if name in OF_ACCOUNT else name_of(name)
            groups.setdefault(where, []).append((name, str(words)))
    if known.prefill and known.prefill not in {
        name for offered in groups.values() for name, _words in offered
    }:
        groups.setdefault(now_("As the file says"), []).append(
            (known.prefill, source_in_words(known.prefill))
        )
    return list(groups.items())


def source_in_words(prefill: str | None) -> str:
    """“National Population Database: Home town”; what has no words as it stands in the file."""
    if not prefill:
        return ""
    where = now_("The applicant's account") if prefill in OF_ACCOUNT else name_of(prefill)
    words = {**FACTS, **FROM_ACCOUNT}.get(prefill)
    return f"{where}: {words}" if words else prefill


# Held to

RULES: dict[RuleName, Any] = {
    RuleName.NOT_FUTURE: _("Not after today"),
    RuleName.NOT_PAST: _("Not before today"),
    RuleName.NOT_BEFORE: _("Not before the day answered to"),
    RuleName.WITHIN_DAYS: _("Within the last days, how many"),
    RuleName.MIN_AGE: _("Years of age, at least"),
    RuleName.MAX_AGE: _("Years of age, at most"),
    RuleName.MIN: _("At least"),
    RuleName.MAX: _("At most"),
    RuleName.DIFFERENT_FROM: _("Different from the answer to"),
    RuleName.COMMUNE_OF: _("A commune or ward of the province in"),
}
TICKED = {RuleName.NOT_FUTURE, RuleName.NOT_PAST}
# Rules that compare with an earlier answer: of which kind it must be, None for the same kind.
COMPARED = {
    RuleName.NOT_BEFORE: FieldType.DATE,
    RuleName.DIFFERENT_FROM: None,
    RuleName.COMMUNE_OF: FieldType.PROVINCE,
}
HELD: dict[FieldType, tuple[RuleName, ...]] = {
    FieldType.DATE: tuple(list(RULES)[:6]),
    FieldType.NUMBER: (RuleName.MIN, RuleName.MAX),
    FieldType.TEXT: (RuleName.DIFFERENT_FROM, RuleName.COMMUNE_OF),
    FieldType.PERSONAL_NUMBER: (RuleName.DIFFERENT_FROM,),
    FieldType.PHONE: (RuleName.DIFFERENT_FROM,),
}


class HeldTo(forms.Form):
    """What an answer is held to besides its kind: boxes for the rules that fit it, and those it has."""

    def __init__(self, typed: Any = None, *, definition: Definition, known: FormField) -> None:
        super().__init__(typed)
        self.known = known
        self.values = {check.rule: check.value for check in known.checks}
        fitting = (*HELD.get(known.type, ()), *self.values)
        asked = [field for _group, field in before(definition, known.id)]
        for rule in (rule for rule in RULES if rule in fitting):
            self.fields[rule] = self.box(rule, asked)
        if known.type is FieldType.TEXT or known.pattern:
            self.fields["pattern"] = forms.CharField(
                label=_("Written in this way"),
                help_text=_(
                    "As programmers write it: [A-Z][0-9]{7} is a capital letter and 7 digits. Say it in the help as well."
                ),
                initial=known.pattern,
                max_length=200,
                required=False,
                strip=False,
            )

    def box(self, rule: RuleName, asked: Sequence[FormField]) -> forms.Field:
        """The box of one rule."""
        value = self.values.get(rule)
        if rule in TICKED:
            return forms.BooleanField(label=RULES[rule], initial=rule in self.values, required=False)
        if rule in COMPARED:
            kind = COMPARED[rule] or self.known.type
            offered = [(one.id, said(one.label)) for one in asked if one.type is kind]
            lost = [(str(value), str(value))] if value and value not in dict(offered) else []
            return forms.ChoiceField(
                label=RULES[rule],
                choices=[("", _("no question")), *offered, *lost],
                initial=value or "",
                required=False,
            )
        return forms.IntegerField(label=RULES[rule], initial=value, required=False)

    def clean_pattern(self) -> str:
        pattern = str(self.cleaned_data["pattern"])
        try:
            re.compile(pattern)
        except re.error as fault:
            says = _("the pattern is no regular expression: %(fault)s") % {"fault": fault}
            raise forms.ValidationError(says) from fault
        return pattern

    def changes(self) -> dict[str, Any]:
        """What was written otherwise than it was: the rules that stay in their order, then new ones."""
        wanted: dict[RuleName, int | str | None] = {}
        for rule in (rule for rule in RULES if rule in self.fields):
            value = self.cleaned_data[rule]
            if value is not None and value is not False and value != "":
                wanted[rule] = None if rule in TICKED else value
        said_now: dict[str, Any] = {}
        if wanted != self.values:
            order = [*(rule for rule in self.values if rule in wanted), *wanted]
            said_now["checks"] = [held(rule, wanted[rule]) for rule in dict.fromkeys(order)] or None
        if "pattern" in self.fields and self.cleaned_data["pattern"] != self.known.pattern:
            said_now["pattern"] = self.cleaned_data["pattern"] or None
        return said_now


def held(rule: RuleName, value: int | str | None) -> dict[str, Any]:
    return Check(rule=rule, value=value).model_dump(mode="json", exclude_defaults=True)

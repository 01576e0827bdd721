"""From what someone typed to answers: each kind of question read, then held to its rules."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.procedures.places import commune_of, province_of, provinces
from motcua.procedures.schema import Answer, Check, FormField, Group
from motcua.procedures.vocabulary import FieldType, RuleName

YES, NO = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}


class Unreadable(Exception):
    """What was typed is no answer to this question; the message says what is expected."""


@dataclass
class Cleaned:
    """The answers of one page, and for each field that needs mending a sentence that says how."""

    values: dict[str, Answer] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        return not self.faults


def clean(
    group: Group, typed: Mapping[str, object], *, earlier: Mapping[str, Answer], on: dt.date
) -> Cleaned:
    """Read one page of the form, given the answers of the pages before it.

    Fields that are not asked get None, so that an answer once given and now hidden does not linger.
    Dates come out as ISO text, numbers as int, yes and no as bool, all else as text in Unicode NFC.
    """
    page = Cleaned()
    for question in group.fields:
        known = {**earlier, **page.values}
        page.values[question.id] = None
        if question.when is not None and not question.when.holds(known):
            continue
        try:
            page.values[question.id] = answer(question, typed.get(question.id), known, on)
        except Unreadable as fault:
            page.faults[question.id] = str(fault)
    return page


def answer(question: FormField, typed: object, known: Mapping[str, Answer], on: dt.date) -> Answer:
    """The answer to one question; raises `Unreadable`."""
    text = unicodedata.normalize("NFC", str(typed if typed is not None else "")).strip()
    if not text:
        if question.required:
            raise Unreadable(_("Answer this question."))
        return None
    if question.max and len(text) > question.max:
        raise Unreadable(_("Shorten this to %(count)d characters.") % {"count": question.max})
    if question.pattern and not re.fullmatch(question.pattern, text):
        raise Unreadable(_("This is not written as expected. Look at the hint above."))
    value = READERS[question.type](question, text)
    for check in question.checks:
        if fault := CHECKS[check.rule](Given(value, check, known, on)):
            raise Unreadable(fault)
    return value


def as_text(question: FormField, text: str) -> str:
    # Control characters have no place in a register; line breaks only in long answers.
    return "".join(c for c in text if c.isprintable() or (c == "\n" and question.type is FieldType.LONG))


def as_date(question: FormField, text: str) -> str:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"):
        try:
            return dt.datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 — a date has no zone
        except ValueError:
            continue
    raise Unreadable(_("Write the date as day/month/year, such as 27/03/2026."))


def as_choice(question: FormField, text: str) -> str:
    if text not in {choice.value for choice in question.choices}:
        raise Unreadable(_("Choose one of the answers."))
    return text


def as_yesno(question: FormField, text: str) -> bool:
    if text.lower() not in YES | NO:
        raise Unreadable(_("Choose yes or no."))
    return text.lower() in YES


def as_number(question: FormField, text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,15}", text):
        raise Unreadable(_("Write a whole number, in digits only."))
    return int(text)


def as_personal_number(question: FormField, text: str) -> str:
    digits = re.sub(r"[ .]", "", text)
    if not re.fullmatch(r"[0-9]{12}", digits):
        raise Unreadable(_("A personal number has 12 digits."))
    return digits


def as_phone(question: FormField, text: str) -> str:
    digits = re.sub(r"^(\+84|0084)", "0", re.sub(r"[ .()-]", "", text))
    if not re.fullmatch(r"0[0-9]{9,10}", digits):
        raise Unreadable(_("Write a phone number of 10 digits, such as 0912 345 678."))
    return digits


def as_email(question: FormField, text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise Unreadable(_("Write an e-mail address such as name@example.vn.")) from None
    return text


def as_province(question: FormField, text: str) -> str:
    known = provinces(timezone.localdate())
    if known and text not in known:
        raise Unreadable(_("Choose a province or city from the list."))
    return text


READERS: dict[FieldType, Callable[[FormField, str], Answer]] = {
    FieldType.TEXT: as_text,
    FieldType.LONG: as_text,
    FieldType.PLACE: as_text,
    FieldType.PROVINCE: as_province,
    FieldType.DATE: as_date,
    FieldType.CHOICE: as_choice,
    FieldType.YESNO: as_yesno,
    FieldType.NUMBER: as_number,
    FieldType.PERSONAL_NUMBER: as_personal_number,
    FieldType.PHONE: as_phone,
    FieldType.EMAIL: as_email,
}


@dataclass(frozen=True)
class Given:
    """An answer, the rule it is held to, the other answers, and the day."""

    value: Answer
    check: Check
    known: Mapping[str, Answer]
    on: dt.date

    @property
    def date(self) -> dt.date:
        return dt.date.fromisoformat(str(self.value))

    @property
    def bound(self) -> int:
        return int(self.check.value or 0)

    @property
    def other(self) -> Answer:
        return self.known.get(str(self.check.value))

    @property
    def age(self) -> int:
        """Full years on the day."""
        born = self.date
        return self.on.year - born.year - ((self.on.month, self.on.day) < (born.month, born.day))


def not_future(given: Given) -> str:
    return _("This day is still to come.") if given.date > given.on else ""


def not_past(given: Given) -> str:
    return _("This day is already over.") if given.date < given.on else ""


def min_age(given: Given) -> str:
    return _("The person must be at least %(age)d.") % {"age": given.bound} if given.age < given.bound else ""


def max_age(given: Given) -> str:
    return (
        _("The person must be %(age)d or younger.") % {"age": given.bound} if given.age > given.bound else ""
    )


def within_days(given: Given) -> str:
    late = given.on - given.date > dt.timedelta(days=given.bound)
    return _("This must lie within the last %(count)d days.") % {"count": given.bound} if late else ""


def not_before(given: Given) -> str:
    early = given.other is not None and given.date < dt.date.fromisoformat(str(given.other))
    return _("This day cannot come before the other one.") if early else ""


def different_from(given: Given) -> str:
    return _("This cannot be the same as above.") if given.value == given.other else ""


def commune_there(given: Given) -> str:
    """The commune must be one of the province's today; where the table of units was not loaded, anything goes."""
    province = str(given.other or "")
    if province_of(province, given.on) is None or commune_of(str(given.value), province, given.on):
        return ""
    return _("%(province)s has no commune or ward of this name today. Write its name after 1 July 2025.") % {
        "province": province
    }


def at_least(given: Given) -> str:
    low = int(given.value or 0) < given.bound
    return _("This must be %(bound)d or more.") % {"bound": given.bound} if low else ""


def at_most(given: Given) -> str:
    high = int(given.value or 0) > given.bound
    return _("This must be %(bound)d or less.") % {"bound": given.bound} if high else ""


CHECKS: dict[RuleName, Callable[[Given], str]] = {
    RuleName.NOT_FUTURE: not_future,
    RuleName.NOT_PAST: not_past,
    RuleName.MIN_AGE: min_age,
    RuleName.MAX_AGE: max_age,
    RuleName.WITHIN_DAYS: within_days,
    RuleName.NOT_BEFORE: not_before,
    RuleName.DIFFERENT_FROM: different_from,
    RuleName.COMMUNE_OF: commune_there,
    RuleName.MIN: at_least,
    RuleName.MAX: at_most,
}

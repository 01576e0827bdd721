"""When a question is asked and with what it is filled in beforehand, as boxes: answers to other questions, registers."""

from collections.abc import Iterable, Sequence

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from motcua.desk.handing import said
from motcua.procedures.schema import Condition, Definition, FormField
from motcua.procedures.vocabulary import FieldType
from motcua.sharing.registers import name_of

# A question with more choices than this is no question others depend on: provinces, peoples.
MOST = 12
# What is read at the beginning and may fill in an answer, as people call it.
FILLS: dict[str, Promise] = {
    "population.person.full_name": _("Full name"),
    "population.person.personal_number": _("Personal number"),
    "population.person.born_on": _("Date of birth"),
    "population.person.birth_year": _("Year of birth"),
    "population.person.sex": _("Sex"),
    "population.person.ethnicity": _("Ethnicity"),
    "population.person.nationality": _("Nationality"),
    "population.person.home_town": _("Home town"),
    "population.person.residence": _("Place of residence"),
    "business.enterprise.name": _("Name of the business"),
    "business.enterprise.code": _("Code of the business"),
    "business.enterprise.address": _("Its registered office"),
    "business.enterprise.representative_name": _("Its legal representative"),
    "business.enterprise.trade": _("Its line of business"),
    "business.enterprise.capital": _("Its capital"),
}
YES, NO = "true", "false"

type Option = tuple[str, str]


def fillings(known: str | None) -> list[Option]:
    """What a question may be filled in with; what the file says besides stays."""
    offered = [(key, f"{words} ({name_of(key.rpartition('.')[0])})") for key, words in FILLS.items()]
    other = [(known, known)] if known and known not in FILLS else []
    return [("", now_("nothing: people fill it in")), *offered, *other]


def answers(
    definition: Definition, known: Condition | None, *, but: str = ""
) -> list[tuple[str, list[Option]]]:
    """Every answer a question may depend on, by the question it answers; `but` is the question itself."""
    groups = [
        (said(field.label), options_of(field))
        for field in definition.fields_by_id.values()
        if field.id != but and (field.type is FieldType.YESNO or 0 < len(field.choices) <= MOST)
    ]
    offered = {key for _group, options in groups for key, _words in options}
    others = [(key, key) for key in chosen(known) if key not in offered]
    return [*groups, (now_("As the file says"), others)] if others else groups


def options_of(field: FormField) -> list[Option]:
    label = said(field.label)
    if field.type is FieldType.YESNO:
        return [
            (f"{field.id}={YES}", f"{label} {now_('Yes')}"),
            (f"{field.id}={NO}", f"{label} {now_('No')}"),
        ]
    language = get_language() or "vi"
    return [(f"{field.id}={one.value}", one.label.said_in(language)) for one in field.choices]


def chosen(condition: Condition | None) -> list[str]:
    """The boxes a condition ticks."""
    if condition is None:
        return []
    wanted = condition.is_ if isinstance(condition.is_, tuple) else (condition.is_,)
    return [f"{condition.field}={str(one).lower() if isinstance(one, bool) else one}" for one in wanted]


def condition_of(ticked: Sequence[str]) -> dict[str, object] | None:
    """The condition these boxes say; ValueError if they answer different questions."""
    if not ticked:
        return None
    pairs = [one.partition("=")[::2] for one in ticked]
    fields = {field for field, _value in pairs}
    if len(fields) > 1:
        raise ValueError(_("Choose answers to one question only."))
    return {"field": fields.pop(), "is": value_of([value for _field, value in pairs])}


def value_of(values: Iterable[str]) -> object:
    """One answer by itself, several as a list; yes and no are no words."""
    found = [value == YES if value in {YES, NO} else value for value in values]
    return found[0] if len(found) == 1 else found

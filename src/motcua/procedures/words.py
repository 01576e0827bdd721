"""The words of the closed vocabularies, as people who look after procedures read them."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from motcua.procedures.readiness import Hindrance
from motcua.procedures.schema import Term
from motcua.procedures.vocabulary import OnlineKind, Unit

VERDICTS: dict[str, Promise] = {
    OnlineKind.FULL: gettext_lazy("Fully online"),
    OnlineKind.PARTIAL: gettext_lazy("Partly online"),
    OnlineKind.NONE: gettext_lazy("Not online"),
    OnlineKind.UNKNOWN: gettext_lazy("Not said"),
}
HINDRANCES: dict[str, Promise] = {
    Hindrance.NO_CHANNEL: gettext_lazy("cannot be filed online"),
    Hindrance.NO_FORM: gettext_lazy("no electronic form"),
    Hindrance.PRESENCE: gettext_lazy("somebody must come"),
    Hindrance.SITE: gettext_lazy("inspected on site"),
    Hindrance.ORIGINAL: gettext_lazy("an original is shown"),
    Hindrance.CERTIFIED: gettext_lazy("a certified copy is asked for"),
    Hindrance.FEE_UNKNOWN: gettext_lazy("the fee is not a number"),
    Hindrance.NO_PAYMENT: gettext_lazy("no online payment"),
    Hindrance.PAPER_RESULT: gettext_lazy("the result is only on paper"),
    Hindrance.REGISTER: gettext_lazy("a register has this paper"),
    Hindrance.PAPER_FORM: gettext_lazy("a paper form beside the electronic one"),
    Hindrance.NO_TERM: gettext_lazy("no date can be promised"),
    Hindrance.QUESTIONS: gettext_lazy("many questions by hand"),
}


def term_in_words(term: Term | None) -> str:
    """“3 ngày làm việc”, “Trong ngày”, or what the source says."""
    if term is None:
        return ""
    if term.unit is Unit.AT_ONCE:
        return _("Within the day")
    if term.value is None:
        return term.raw
    counted = {
        Unit.WORKING_DAYS: ngettext("%(count)s working day", "%(count)s working days", term.value),
        Unit.DAYS: ngettext("%(count)s day", "%(count)s days", term.value),
        Unit.MONTHS: ngettext("%(count)s month", "%(count)s months", term.value),
        Unit.HOURS: ngettext("%(count)s hour", "%(count)s hours", term.value),
    }
    return counted[term.unit] % {"count": term.value} if term.unit else term.raw

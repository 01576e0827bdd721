"""The words of the closed vocabularies, as people who look after procedures read them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from motcua.procedures.readiness import Hindrance
from motcua.procedures.vocabulary import OnlineKind

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

"""The words of the closed vocabularies, as people who look after procedures read them."""

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from motcua.procedures.localising import Key
from motcua.procedures.readiness import Hindrance
from motcua.procedures.schema import Fee, Term
from motcua.procedures.unread import Work
from motcua.procedures.vocabulary import Audience, Channel, Level, OnlineKind, Signing, StepKind, Unit, Verb
from motcua.ui import words

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
CHANNELS: dict[Channel, Promise] = {
    Channel.ONLINE: gettext_lazy("Online"),
    Channel.DIRECT: gettext_lazy("At the counter"),
    Channel.POST: gettext_lazy("By post"),
}
SIGNINGS: dict[Signing, Promise] = {
    Signing.NONE: gettext_lazy("The form is not signed"),
    Signing.OPTIONAL: gettext_lazy("The applicant may sign the form electronically"),
    Signing.REQUIRED: gettext_lazy("The applicant must sign the form electronically"),
}
KINDS_OF_STEP: dict[StepKind, Promise] = {
    StepKind.CONSULT: gettext_lazy("an officer asks another agency"),
    StepKind.SERVICE: gettext_lazy("a register answers"),
    StepKind.AUTOMATIC: gettext_lazy("the system does it"),
}
VERBS: dict[Verb, Promise] = {
    Verb.ACCEPT: gettext_lazy("receive the dossier, and the clock starts"),
    Verb.SEND_BACK: gettext_lazy("give it back to be completed"),
    Verb.DECLINE: gettext_lazy("not receive it, with the reason"),
    Verb.PROPOSE: gettext_lazy("propose the result, and hand it on"),
    Verb.COMPLETE: gettext_lazy("finish the step, and hand it on"),
    Verb.ASK_SUPPLEMENT: gettext_lazy("ask the applicant for what is missing"),
    Verb.REFUSE: gettext_lazy("end it without a result"),
    Verb.SIGN: gettext_lazy("sign the result"),
    Verb.RETURN_TO_EXAMINER: gettext_lazy("send it back to who proposed it"),
    Verb.DELIVER: gettext_lazy("hand over the result"),
}
LEVELS: dict[Level, Promise] = {
    Level.COMMUNE: gettext_lazy("Commune or ward"),
    Level.PROVINCE: gettext_lazy("Province or city"),
    Level.MINISTRY: gettext_lazy("Ministry"),
    Level.OTHER: gettext_lazy("Another agency"),
}
AUDIENCES: dict[Audience, Promise] = {
    Audience.CITIZEN: gettext_lazy("Vietnamese citizens"),
    Audience.ENTERPRISE: gettext_lazy("enterprises"),
    Audience.VIETNAMESE_ENTERPRISE: gettext_lazy("Vietnamese enterprises"),
    Audience.FOREIGN_INVESTED_ENTERPRISE: gettext_lazy("enterprises with foreign investment"),
    Audience.COOPERATIVE: gettext_lazy("cooperatives"),
    Audience.ORGANISATION: gettext_lazy("organisations"),
    Audience.FOREIGN_ORGANISATION: gettext_lazy("foreign organisations"),
    Audience.FOREIGNER: gettext_lazy("foreigners"),
    Audience.RESIDENT_FOREIGNER: gettext_lazy("foreigners who live in Vietnam"),
    Audience.OVERSEAS_VIETNAMESE: gettext_lazy("Vietnamese who live abroad"),
    Audience.CIVIL_SERVANT: gettext_lazy("civil servants"),
    Audience.PARTY_MEMBER: gettext_lazy("Party members"),
    Audience.PARTY_ORGANISATION: gettext_lazy("Party organisations"),
}
KEYS: dict[str, Promise] = {
    Key.FEE: gettext_lazy("Fee"),
    Key.TERM: gettext_lazy("Term"),
    Key.OFFICE: gettext_lazy("Who handles it"),
    Key.HOLDER: gettext_lazy("Who holds a step"),
    Key.CHANNEL: gettext_lazy("One more way of filing"),
}
# Fields of the national portal, for text that stays as it is there.
RAW: dict[str, Promise] = {
    "cach_thuc_thuc_hien": gettext_lazy("Ways to file, time and fee"),
    "thanh_phan_ho_so": gettext_lazy("Papers"),
    "ket_qua_xu_ly": gettext_lazy("Result"),
    "can_cu_phap_ly": gettext_lazy("Legal basis"),
    "cap_thuc_hien": gettext_lazy("Level"),
    "doi_tuong_thuc_hien": gettext_lazy("Who may apply"),
    "dia_chi_tiep_nhan": gettext_lazy("Where it is received"),
    "co_quan_duoc_uy_quyen": gettext_lazy("Authorised agency"),
    "co_quan_phoi_hop": gettext_lazy("Agencies that take part"),
    "thu_tuc_lien_quan": gettext_lazy("Related procedures"),
    "loai_thu_tuc": gettext_lazy("Kind of procedure"),
}
WORK: dict[str, Promise] = {
    Work.FEE: gettext_lazy("Fee"),
    Work.TERM: gettext_lazy("Term"),
    Work.WAYS: gettext_lazy("Ways to file"),
    Work.PAPERS: gettext_lazy("Papers"),
    Work.RESULT: gettext_lazy("Result"),
    Work.BASIS: gettext_lazy("Legal basis"),
    Work.LEVEL: gettext_lazy("Level"),
    Work.AUDIENCE: gettext_lazy("Who may apply"),
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


def priced(fee: Fee | None) -> str:
    """“Miễn phí”, “10.000 đ”, or what the source says."""
    if fee is None:
        return ""
    if fee.amount is None:
        return fee.raw or (fee.note.said_in(get_language() or "vi") if fee.note else "")
    return words.money(fee.amount) if fee.amount else _("Free of charge")

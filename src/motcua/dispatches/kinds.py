"""The 29 kinds of administrative documents, and the letters of each in a notation (decree 30/2020, art. 7, annex III)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from motcua.organisations.models import Agency


class Kind(models.TextChoices):
    """What kind of document it is."""

    RESOLUTION = "resolution", _("Resolution")
    DECISION = "decision", _("Administrative decision")
    DIRECTIVE = "directive", _("Directive")
    REGULATION = "regulation", _("Regulation")
    RULE = "rule", _("Rule")
    COMMUNIQUE = "communique", _("Communiqué")
    NOTICE = "notice", _("Announcement")
    GUIDANCE = "guidance", _("Guidance")
    PROGRAMME = "programme", _("Programme")
    PLAN = "plan", _("Work plan")
    OPTION = "option", _("Plan of action")
    SCHEME = "scheme", _("Scheme")
    PROJECT = "project", _("Project")
    REPORT = "report", _("Report")
    MINUTES = "minutes", _("Minutes")
    SUBMISSION = "submission", _("Submission")
    CONTRACT = "contract", _("Contract")
    LETTER = "letter", _("Official letter")
    TELEGRAM = "telegram", _("Official telegram")
    MEMORANDUM = "memorandum", _("Memorandum")
    AGREEMENT = "agreement", _("Agreement")
    AUTHORISATION = "authorisation", _("Authorisation")
    INVITATION = "invitation", _("Invitation")
    INTRODUCTION = "introduction", _("Letter of introduction")
    LEAVE = "leave", _("Leave permit")
    DISPATCH_SLIP = "dispatch_slip", _("Dispatch slip")
    TRANSFER_SLIP = "transfer_slip", _("Transfer slip")
    NOTICE_SLIP = "notice_slip", _("Notice slip")
    COURTESY = "courtesy", _("Courtesy letter")


LETTERS: dict[str, str] = {
    Kind.RESOLUTION: "NQ",
    Kind.DECISION: "QĐ",
    Kind.DIRECTIVE: "CT",
    Kind.REGULATION: "QC",
    Kind.RULE: "QyĐ",
    Kind.COMMUNIQUE: "TC",
    Kind.NOTICE: "TB",
    Kind.GUIDANCE: "HD",
    Kind.PROGRAMME: "CTr",
    Kind.PLAN: "KH",
    Kind.OPTION: "PA",
    Kind.SCHEME: "ĐA",
    Kind.PROJECT: "DA",
    Kind.REPORT: "BC",
    Kind.MINUTES: "BB",
    Kind.SUBMISSION: "TTr",
    Kind.CONTRACT: "HĐ",
    Kind.TELEGRAM: "CĐ",
    Kind.MEMORANDUM: "BGN",
    Kind.AGREEMENT: "BTT",
    Kind.AUTHORISATION: "GUQ",
    Kind.INVITATION: "GM",
    Kind.INTRODUCTION: "GGT",
    Kind.LEAVE: "GNP",
    Kind.DISPATCH_SLIP: "PG",
    Kind.TRANSFER_SLIP: "PC",
    Kind.NOTICE_SLIP: "PB",
}
# Letters to others bear the agency alone, and the unit that wrote them.
BARE = frozenset({Kind.LETTER, Kind.COURTESY})


class Urgency(models.IntegerChoices):
    """How urgent it is, as edXML counts (decree 30/2020, annex I)."""

    NONE = 0, _("Not urgent")
    URGENT = 1, _("Urgent")
    VERY_URGENT = 2, _("Very urgent")
    EXPRESS = 3, _("Express")
    TIMED = 4, _("Express, by a fixed hour")


def kind_name(kind: str) -> str:
    """The kind as every document of the country calls it, whatever language the reader's screen speaks."""
    with override("vi"):
        return str(Kind(kind).label)


def notation(kind: str, agency: str, unit: str = "") -> str:
    """What stands behind the number: `QĐ-UBND`, or `VPCP-TTĐT` on a letter; `agency` and `unit` are abbreviations."""
    if kind in BARE:
        return f"{agency}-{unit}" if unit else agency
    return f"{LETTERS[kind]}-{agency}"


def place_of(agency: Agency) -> str:
    """Where the agency sits, for the line of the date; central bodies sit in the capital."""
    return agency.unit.name if agency.unit else "Hà Nội"

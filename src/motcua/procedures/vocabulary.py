"""The closed vocabularies of a procedure file: nothing else can be written, so nothing needs a script."""

from enum import StrEnum


class Level(StrEnum):
    """At which level of the state it is done (cấp thực hiện); the district level ended on 1 July 2025."""

    MINISTRY = "ministry"
    PROVINCE = "province"
    COMMUNE = "commune"
    OTHER = "other"


class OnlineKind(StrEnum):
    """How far it can be done online (NĐ 42/2022, NĐ 224/2026 art 14)."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"
    UNKNOWN = "unknown"


class Audience(StrEnum):
    """Who may apply: the national portal's own list (đối tượng thực hiện)."""

    CITIZEN = "citizen"
    ENTERPRISE = "enterprise"
    VIETNAMESE_ENTERPRISE = "vietnamese_enterprise"
    FOREIGN_INVESTED_ENTERPRISE = "foreign_invested_enterprise"
    COOPERATIVE = "cooperative"
    ORGANISATION = "organisation"
    FOREIGN_ORGANISATION = "foreign_organisation"
    FOREIGNER = "foreigner"
    RESIDENT_FOREIGNER = "resident_foreigner"
    OVERSEAS_VIETNAMESE = "overseas_vietnamese"
    CIVIL_SERVANT = "civil_servant"
    PARTY_MEMBER = "party_member"
    PARTY_ORGANISATION = "party_organisation"


class Channel(StrEnum):
    """The three ways of filing (NĐ 61/2018 art 16)."""

    DIRECT = "direct"
    ONLINE = "online"
    POST = "post"


class Unit(StrEnum):
    """What a term is counted in; each kind ends differently (Bộ luật Dân sự 91/2015 art 148)."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    MONTHS = "months"
    HOURS = "hours"
    AT_ONCE = "at_once"


class FieldType(StrEnum):
    """What kind of answer a question takes."""

    TEXT = "text"
    LONG = "long"
    DATE = "date"
    CHOICE = "choice"
    YESNO = "yesno"
    NUMBER = "number"
    PLACE = "place"
    PROVINCE = "province"
    PERSONAL_NUMBER = "personal_number"
    PHONE = "phone"
    EMAIL = "email"


class Signing(StrEnum):
    """Whether the applicant signs the form with a digital signature before it is sent (law on e-transactions 20/2023, art. 22)."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class RuleName(StrEnum):
    """What an answer can be held to, besides its type."""

    NOT_FUTURE = "not_future"
    NOT_PAST = "not_past"
    MIN_AGE = "min_age"
    MAX_AGE = "max_age"
    WITHIN_DAYS = "within_days"
    NOT_BEFORE = "not_before"
    DIFFERENT_FROM = "different_from"
    COMMUNE_OF = "commune_of"
    MIN = "min"
    MAX = "max"


class StepKind(StrEnum):
    """Who does a step: a person in a role, or who asks another body; another agency's register; the agency above; the system."""

    HUMAN = "human"
    CONSULT = "consult"
    SERVICE = "service"
    ABOVE = "above"
    AUTOMATIC = "automatic"

    @property
    def is_elsewhere(self) -> bool:
        """Whether another agency does it, in its own time."""
        return self in {StepKind.SERVICE, StepKind.ABOVE}


class Role(StrEnum):
    """The posts a human step can be given to."""

    RECEIVER = "receiver"
    REGISTRAR = "registrar"
    SPECIALIST = "specialist"
    CLERK = "clerk"
    CHAIR = "chair"


class Verb(StrEnum):
    """What the holder of a step can do with it."""

    ACCEPT = "accept"
    SEND_BACK = "send_back"
    DECLINE = "decline"
    PROPOSE = "propose"
    COMPLETE = "complete"
    ASK_SUPPLEMENT = "ask_supplement"
    REFUSE = "refuse"
    SIGN = "sign"
    RETURN_TO_EXAMINER = "return_to_examiner"
    DELIVER = "deliver"


class LifeEvent(StrEnum):
    """The moments of a life (or of an organisation) by which people look for a procedure."""

    BIRTH = "birth"
    CHILDHOOD = "childhood"
    MARRIAGE = "marriage"
    MOVING = "moving"
    WORK = "work"
    TRAVEL = "travel"
    VEHICLE = "vehicle"
    HOME = "home"
    PAPERS = "papers"
    JUSTICE = "justice"
    BUSINESS = "business"
    DEATH = "death"


class Source(StrEnum):
    """Where a version comes from: our own file, to be filed here, or the national portal, to be read."""

    FILE = "file"
    PORTAL = "portal"

"""What an import could not take apart, as kinds of work for a person: a fee to read, a term to complete, papers to list."""

from enum import StrEnum

from motcua.procedures.schema import Definition

WAYS = "cach_thuc_thuc_hien"


class Work(StrEnum):
    """The closed list of what is left to do by hand."""

    FEE = "fee"
    TERM = "term"
    WAYS = "ways"
    PAPERS = "papers"
    RESULT = "result"
    BASIS = "basis"
    LEVEL = "level"
    AUDIENCE = "audience"


FIELDS = {
    "thanh_phan_ho_so": Work.PAPERS,
    "ket_qua_xu_ly": Work.RESULT,
    "can_cu_phap_ly": Work.BASIS,
    "cap_thuc_hien": Work.LEVEL,
    "doi_tuong_thuc_hien": Work.AUDIENCE,
}


def work_left(definition: Definition) -> list[Work]:
    """The kinds of work a definition still needs, in the order of `Work`; none where all of its source was understood."""
    found = {work for key, work in FIELDS.items() if key in definition.raw}
    if WAYS in definition.raw:
        found |= of_ways(definition) or {Work.WAYS}
    return [work for work in Work if work in found]


def of_ways(definition: Definition) -> set[Work]:
    """The table of ways holds fee and time of each; which of the two was not understood."""
    fee = any(fee.amount is None for fee in definition.fees)
    term = any(term.unit is None for term in definition.terms)
    return ({Work.FEE} if fee else set()) | ({Work.TERM} if term else set())

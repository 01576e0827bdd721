"""By what somebody acts for somebody else, in words."""

from motcua.mandates.models import Kind, Mandate

BY = {
    Kind.PROXY: "giấy ủy quyền số {number}",
    Kind.STAFF: "giấy ủy quyền của doanh nghiệp số {number}",
    Kind.PARENT: "cha hoặc mẹ của người nộp, đại diện số {number}",
    Kind.REPRESENTATIVE: "người đại diện theo pháp luật, đại diện số {number}",
}


def in_words(mandate: Mandate) -> str:
    """By what somebody files for somebody else, as papers say it: always in Vietnamese."""
    since = f"hiệu lực từ {mandate.valid_from:%d/%m/%Y}"
    until = f" đến {mandate.valid_until:%d/%m/%Y}" if mandate.valid_until else ""
    return f"{BY[Kind(mandate.kind)].format(number=mandate.number)}, {since}{until}"

"""Plans to begin with: an empty one for one's own agencies, and those of real places, from the table of units."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.utils import timezone

from motcua.organisations.models import Agency, Unit, unit_on
from motcua.reorganisations.scheme import Scheme, written


def blank(codes: Sequence[str], on: date | None = None) -> str:
    """The file of a merger of the first two agencies this node hosts below these, to be written over."""
    hosted = [code for code in settings.NODE.agencies if any(code.startswith(f"{above}.") for above in codes)]
    old, into = (*hosted, "H00.00001", "H00.00002")[:2]
    content = {
        "title": "…",
        "decision": "…",
        "on": (on or timezone.localdate()).isoformat(),
        "kind": "merge",
        "old": [{"code": old, "into": into, "posts": [{"roles": ["chair"], "ends": True}]}],
    }
    return written(Scheme.from_content(content))


def real(agency: Agency) -> str:
    """The reorganisation from which a commune came, as the table of units tells it; nothing where it came from none."""
    unit = unit_on(agency.unit_code) if agency.unit_code else None
    if unit is None or agency.parent_id is None:
        return ""
    before = [one for one in Unit.objects.predecessors_of(unit) if one.code != unit.code]
    if not before:
        return ""
    names = ", ".join(one.inline for one in before)
    content = {
        "title": f"Sắp xếp {names} thành {unit.inline}"[:200],
        "decision": "Nghị quyết 202/2025/QH15",
        "on": unit.valid_from.isoformat(),
        "kind": "merge",
        "old": [{"code": f"{agency.parent_id}.{one.code}", "into": agency.code} for one in before],
    }
    return written(Scheme.from_content(content))

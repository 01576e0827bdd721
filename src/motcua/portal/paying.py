"""Fees that wait, taken together where they can be paid in one go: those of one agency, on its own node."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from motcua.dossiers.models import Application

MOST = 50


@dataclass(frozen=True)
class Together:
    """Several fees of one agency: how many, how much in all, and where they are paid in one go."""

    agency: str
    count: int
    total: int
    url: str


def together(applications: Iterable[Application]) -> list[Together]:
    """Where two fees or more wait at one agency; the address of each fee names its charge and its node."""
    waiting: dict[tuple[str, str], list[Application]] = defaultdict(list)
    for one in applications:
        if one.is_waiting_for_fee and one.fee and one.fee.get("open") and "/pay/" in one.fee.get("url", ""):
            waiting[one.agency, one.fee["url"].rpartition("/pay/")[0]].append(one)
    return [together_at(home, held[:MOST]) for (_agency, home), held in waiting.items() if len(held) > 1]


def together_at(home: str, held: list[Application]) -> Together:
    fees = [one.fee or {} for one in held]
    ids = [("of", fee["url"].rpartition("/pay/")[2].strip("/")) for fee in fees]
    total = sum(fee["open"] for fee in fees)
    return Together(held[0].agency_name, len(held), total, f"{home}/pay/together/?{urlencode(ids)}")

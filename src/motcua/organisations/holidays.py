"""Days off of a year in Viet Nam, and the Saturdays that are worked in exchange for bridge days."""

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from holidays import country_holidays

from motcua.organisations.models import CalendarDay

if TYPE_CHECKING:
    from collections.abc import Iterator

LAW: Final = "Bộ luật Lao động 45/2019, điều 112"
SWAP: Final = "Thủ tướng Chính phủ, hoán đổi ngày làm việc"
# The package names the day that is worked instead, and says it nowhere else.
INSTEAD_OF: Final = re.compile(r"thay cho ngày (\d{2}/\d{2}/\d{4})")


def days_of(year: int) -> "Iterator[CalendarDay]":
    """Yield the days off of the year, and with each bridge day the day worked in exchange for it."""
    english = country_holidays("VN", years=year, language="en_US")
    for day, name in sorted(country_holidays("VN", years=year, language="vi").items()):
        worked = instead_of(name)
        source = SWAP if worked else LAW
        yield CalendarDay(date=day, works=False, name_vi=name, name_en=english.get(day, ""), source=source)
        if worked:
            yield CalendarDay(
                date=worked,
                works=True,
                name_vi=f"Làm bù cho ngày nghỉ {day:%d/%m/%Y}",
                name_en=f"Worked in exchange for {day:%d/%m/%Y}",
                source=SWAP,
            )


def instead_of(name: str) -> date | None:
    """Read the working day out of the name of a bridge day."""
    found = INSTEAD_OF.search(name)
    return datetime.strptime(found[1], "%d/%m/%Y").date() if found else None  # noqa: DTZ007 - a day, no time

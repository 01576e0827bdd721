"""What shapes are made of: bases, texts and numbers as machines write them."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError


class Given(BaseModel):
    """What a machine sends: read strictly, and nothing that is not known here."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Asked(BaseModel):
    """The query of a call: texts, read as what they are to be."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shown(BaseModel):
    """What a machine is given."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# No database text holds a zero byte.
PLAIN = r"^[^\u0000]*$"
NUMBER = re.compile(r"0|[1-9][0-9]{0,5}", re.ASCII)


def whole_number(text: Any) -> Any:
    """A number as a query writes it: digits, no sign, no zeros before it."""
    if isinstance(text, str):
        return int(text) if NUMBER.fullmatch(text) else text + " "
    return text


def without_fraction(number: Any) -> Any:
    """JSON knows no whole numbers: 5.0 is 5."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def whole_or_text(text: Any) -> Any:
    """An identifier as a query writes it: digits, no sign, no zeros before it."""
    return int(text) if isinstance(text, str) and re.fullmatch(r"[1-9][0-9]{0,17}", text, re.ASCII) else text


def day(text: Any) -> Any:
    """A day as a query writes it: year-month-day, and no number of seconds."""
    return (
        text
        if isinstance(text, date) or re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(text))
        else f"{text}?"
    )


# What begins with 20 is one wherever it is written: a day more on both sides.
EARLIEST, LATEST = datetime(1999, 12, 31, tzinfo=UTC), datetime(2100, 1, 2, tzinfo=UTC)


def believable(at: datetime) -> datetime:
    """A moment of our times, in UTC: the database knows no clock that is a day ahead."""
    try:
        moment = at.astimezone(UTC)
    except OverflowError:
        moment = LATEST
    if not EARLIEST <= moment < LATEST:
        raise PydanticCustomError("moment_far_away", "Write a moment between 2000 and 2100.")
    return moment


Text = Annotated[str, StringConstraints(max_length=500, pattern=PLAIN)]
LongText = Annotated[str, StringConstraints(max_length=2000, pattern=PLAIN)]
# At least one sign that can be read.
Reason = Annotated[
    str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[^\u0000]*[!-~À-ỹ][^\u0000]*$")
]
Name = Annotated[
    str, StringConstraints(min_length=1, max_length=120, pattern=r"^[^\u0000]*[!-~À-ỹ][^\u0000]*$")
]
ProcedureCode = Annotated[str, StringConstraints(pattern=r"^[0-9]\.[0-9]{6}$")]
AgencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Y][0-9]{2}(\.[A-Z0-9]+)*$", max_length=35)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
PersonalNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Limit = Annotated[int, Field(ge=1, le=100), BeforeValidator(whole_number)]
StateCode = Annotated[int, Field(ge=1, le=10), BeforeValidator(whole_number)]
Amount = Annotated[int, Field(ge=1, le=10**12), BeforeValidator(without_fraction)]
Whole = Annotated[int, Field(ge=-(10**15), le=10**15), BeforeValidator(without_fraction)]
Serial = Annotated[int, Field(ge=1, le=10**18), BeforeValidator(whole_or_text)]
Instant = Annotated[
    AwareDatetime,
    AfterValidator(believable),
    Field(strict=False, json_schema_extra={"pattern": "^20[0-9]{2}-"}),
]
Day = Annotated[date, BeforeValidator(day)]


class Somewhere(Asked):
    """A question about one agency: the one named, of those where the machine acts; else its own, or in a list all of them."""

    agency: AgencyCode | None = None


class Here(Given):
    """What is done at one agency: the one named, of those where the machine acts; else its own."""

    agency: AgencyCode | None = None

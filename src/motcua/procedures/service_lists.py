"""Lists of services to bring online, as the Prime Minister decided them: one file a decision, in `online_lists/`."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Self

import yaml
from pydantic import Field, TypeAdapter, model_validator

from motcua.procedures.schema import Code, Id, Part, Text

FOLDER = Path(__file__).parent / "online_lists"


class Listed(Part):
    """One service of a list: what it is called there, who is responsible, and by which procedures it is done."""

    number: int = Field(gt=0)
    name: Text
    agency: str
    codes: tuple[Code, ...] = ()
    due_on: date | None = None


class Told(Part):
    """What somebody reported of the list on a day; kept beside what is counted here, never instead of it."""

    day: date
    done: int = Field(ge=0)
    source: str


class ServiceList(Part):
    """One decision: its number and day, how many services it names, and those whose names are known here."""

    id: Id
    decision: str
    decided_on: date | None = None
    name: Text
    total: int = Field(gt=0)
    due_on: date | None = None
    services: tuple[Listed, ...] = ()
    reported: tuple[Told, ...] = ()

    @model_validator(mode="after")
    def _counts_itself(self) -> Self:
        numbers = [service.number for service in self.services]
        if len(set(numbers)) < len(numbers) or any(number > self.total for number in numbers):
            raise ValueError("each service has its own number, none above `total`")
        if any(told.done > self.total for told in self.reported):
            raise ValueError("no report says that more is done than the list names")
        return self

    def due(self, service: Listed) -> date | None:
        """By when a service is to be online: its own day, or the day of the list."""
        return service.due_on or self.due_on


@cache
def service_lists() -> tuple[ServiceList, ...]:
    """Every list, the youngest first; those whose day is not known go by the day they were due."""
    adapter = TypeAdapter(ServiceList)
    read = [
        adapter.validate_python(yaml.safe_load(path.read_text("utf-8")), strict=False)
        for path in FOLDER.glob("*.yaml")
    ]
    return tuple(sorted(read, key=lambda one: one.decided_on or one.due_on or date.min, reverse=True))


def service_list(id_: str) -> ServiceList | None:
    """The list of this id, if there is one."""
    return next((one for one in service_lists() if one.id == id_), None)

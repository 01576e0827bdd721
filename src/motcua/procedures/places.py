"""Provinces and communes as answers: names from the dated table of administrative units, never a list of our own."""

import datetime as dt
from collections.abc import Iterable

from motcua.organisations.decisions import codes_above
from motcua.organisations.models import Unit
from motcua.procedures.folding import fold
from motcua.procedures.vocabulary import Level


def provinces(on: dt.date) -> list[str]:
    """The provinces and cities of a day, by their full names; empty where the table was not loaded."""
    return sorted((str(unit) for unit in Unit.objects.on(on).provinces()), key=fold)


def province_of(name: str, on: dt.date) -> Unit | None:
    """The province of this full name on a day."""
    return next((unit for unit in Unit.objects.on(on).provinces() if str(unit) == name), None)


def commune_of(name: str, province: str, on: dt.date) -> Unit | None:
    """The commune a person means, with or without its kind and its marks; None if that province has none of this name."""
    above, wanted = province_of(province, on), fold(name)
    if above is None or not wanted:
        return None
    there = Unit.objects.on(on).within(above.code).filter(level=Unit.Level.COMMUNE)
    meant = [unit for unit in there if wanted in {fold(str(unit)), fold(unit.name)}]
    return next((unit for unit in meant if fold(str(unit)) == wanted), meant[0] if meant else None)


def level_at(code: str, unit_code: str) -> Level:
    """The level of an agency of this code: a commune governs a place with a code of five digits, a province one of two."""
    if unit_code:
        return Level.COMMUNE if len(unit_code) == 5 else Level.PROVINCE
    return Level.PROVINCE if code.startswith("H") else Level.MINISTRY


def owners_for(agencies: Iterable[str]) -> list[str]:
    """Whose procedures are filed at these agencies: the nation's, their own and those of the agencies above them."""
    return ["", *sorted({code for agency in agencies for code in codes_above(agency)})]

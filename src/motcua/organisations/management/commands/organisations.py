"""motcua organisations load: places, agencies and the calendar of a new node."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from motcua.lib.actors import Actor
from motcua.organisations import actions
from motcua.organisations.models import Agency

FIRST_YEAR = 2016


class Command(BaseCommand):
    help = "Load places, state agencies and holidays; what is there already stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["load"])
        parser.add_argument("--communes-of", action="append", default=["H38"], metavar="CODE")

    def handle(self, *_args: Any, **options: Any) -> None:
        by = Actor.system("organisations")
        self.stdout.write(f"units: {actions.load_units(actions.UNITS, by=by)}")
        self.stdout.write(f"agencies: {actions.load_agencies(actions.AGENCIES, by=by)}")
        for province in Agency.objects.filter(code__in=options["communes_of"]):
            self.stdout.write(f"communes of {province.code}: {actions.found_communes(province, by=by)}")
        for year in range(FIRST_YEAR, date.today().year + 2):  # noqa: DTZ011 - any time zone will do for a range of years
            self.stdout.write(f"holidays {year}: {actions.load_holidays(year, by=by)}")

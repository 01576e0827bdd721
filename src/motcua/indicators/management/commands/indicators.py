"""motcua indicators show|recount: the numbers as they stand, or counted anew from the journal."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from motcua.indicators import actions
from motcua.indicators.questions import PERIODS, numbers
from motcua.journal.followers import catch_up
from motcua.journal.models import Follower
from motcua.lib.actors import Actor


class Command(BaseCommand):
    help = "Show the country's numbers, or count them anew from the journal and replace those that differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["show", "recount"])
        parser.add_argument("--days", type=int, choices=PERIODS, default=30)
        parser.add_argument(
            "--under", default="", metavar="CODE", help="Only this agency and those below it."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        {"show": self.show, "recount": self.recount}[options["what"]](options)

    def show(self, options: dict[str, Any]) -> None:
        shown = numbers(options["days"], under=options["under"])
        for kind, number in sorted(shown.sums.kinds.items()):
            self.stdout.write(f"{kind:14}{number:12}")
        for state, number in shown.standing.items():
            self.stdout.write(f"state {state.value:<8}{number:12}  {state.label}")

    def recount(self, options: dict[str, Any]) -> None:
        catch_up(actions.NAME)
        done = actions.recount(Follower.objects.get(name=actions.NAME), by=Actor.system("indicators"))
        self.stdout.write(
            _(
                "%(numbers)s numbers counted up to entry %(place)s; %(differing)s had been wrong and are put right."
            )
            % {"numbers": done.numbers, "place": done.place, "differing": done.differing}
        )

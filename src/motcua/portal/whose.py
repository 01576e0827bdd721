"""For whom one may apply: for oneself, and for whom one holds a mandate that allows it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.mandates.models import Mandate
from motcua.procedures.models import Version

ONESELF = "self"


@dataclass(frozen=True)
class Whose:
    """Whose matter a procedure may be, as someone begins to apply."""

    version: Version
    mandates: list[Mandate]

    def choices(self) -> list[tuple[str, str]]:
        """Oneself first; then everyone one may act for in this procedure today."""
        allowed = [one for one in self.mandates if not one.why_not(self.version)]
        others = [
            (str(one.pk), f"{one.principal_name} ({one.get_kind_display()}, {one.number})") for one in allowed
        ]
        return [(ONESELF, _("For myself")), *others]

    def chosen(self, answer: str) -> Mandate | None:
        """The mandate that was chosen. Raises Invalid, saying why it does not allow this."""
        if answer == ONESELF:
            return None
        mandate = next((one for one in self.mandates if str(one.pk) == answer), None)
        if mandate is None:
            raise Invalid(_("You hold no such mandate."), field="whom")
        if words := mandate.why_not(self.version):
            raise Invalid(words, field="whom")
        return mandate


def whose(version: Version, *, by: Actor) -> Whose:
    """All mandates someone holds, in force or not: what was refused must be told why."""
    held = Mandate.objects.held_by(by).exclude(state__in=[Mandate.State.DECLINED, Mandate.State.REFUSED])
    return Whose(version, list(held.order_by("principal_name", "number")))

"""Who may: a rule is a yes/no question about an actor and a subject; rules combine with &, | and ~ and carry their words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.lib.actors import Actor

type Question = Callable[[Actor, Any], bool]


@dataclass(frozen=True)
class Rule:
    """A question `ask(actor, subject)` and how it reads after the word “only”."""

    ask: Question
    words: Callable[[], str]
    # Of which rules it is made, if it is: one of `either` is enough, or all of `both` are needed. For the access matrix.
    either: tuple["Rule", ...] = ()
    both: tuple["Rule", ...] = ()

    @property
    def says(self) -> str:
        return self.words()

    def __call__(self, actor: Actor, subject: Any) -> bool:
        return self.ask(actor, subject)

    def __and__(self, other: "Rule") -> "Rule":
        return Rule(
            lambda actor, subject: self(actor, subject) and other(actor, subject),
            lambda: _("%(one)s, if %(other)s") % {"one": self.says, "other": other.says},
            both=(self, other),
        )

    def __or__(self, other: "Rule") -> "Rule":
        return Rule(
            lambda actor, subject: self(actor, subject) or other(actor, subject),
            lambda: _("%(one)s or %(other)s") % {"one": self.says, "other": other.says},
            either=(self, other),
        )

    def __invert__(self) -> "Rule":
        return Rule(
            lambda actor, subject: not self(actor, subject), lambda: _("not: %(one)s") % {"one": self.says}
        )


def rule(says: str | Promise) -> Callable[[Question], Rule]:
    """Make a rule of a predicate; `says` is a lazily translated noun phrase, such as “officers of the agency”."""
    return lambda ask: Rule(ask, lambda: str(says))


anyone = Rule(lambda actor, subject: True, lambda: str(gettext_lazy("anyone")))
system = Rule(lambda actor, subject: actor.is_system, lambda: str(gettext_lazy("the system itself")))
nobody = Rule(lambda actor, subject: False, lambda: str(gettext_lazy("nobody")))
